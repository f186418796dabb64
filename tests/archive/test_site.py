"""The index of the web archive."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from newsletter.archive.site import render_index, site_assets
from newsletter.bundled import templates_folder
from newsletter.config.publication import Theme
from newsletter.model import ImageFile, Published
from newsletter.render.page import load_page_theme
from tests.render import letters

COVER = ImageFile("issues/a/cover.jpg", "cover-1a2b.jpg", 600, 400, "image/jpeg")


def issue(slug, year=2026, month=1, day=1, number=None, **more):
    date = datetime(year, month, day, tzinfo=UTC)
    url = f"https://letters.example/{slug}/"
    return Published(f"tag:{slug}", slug, url, slug.title(), date, date, number=number, language="en", **more)


@pytest.fixture(scope="module")
def theme():
    return load_page_theme([templates_folder() / "theme" / "page"], Theme())


@pytest.fixture
def index(theme):
    def render(*entries, **changes):
        return render_index(replace(letters.PUBLICATION, **changes), entries, letters.english(), theme)

    return render


def titles(page):
    """Of the newest issue, then of the others as they stand by year."""
    return re.findall(r'<h[23]><a href="[^"]*">([^<]*)</a></h[23]>', page)


def test_issues_are_grouped_by_year_newest_first_in_any_input_order(index):
    page = index(issue("b", 2025, 6), issue("a", 2024, 1), issue("d", 2026, 2), issue("c", 2026, 1))
    assert titles(page) == ["D", "C", "B", "A"]
    assert re.findall(r"<h2[^>]*><span>(\d+)</span>", page) == ["2026", "2025", "2024"]
    assert page.index('class="latest"') < page.index(">D</a>") < page.index(">2026</span>") < page.index(">C</a>")


def test_two_issues_at_the_same_time_are_ordered_by_number(index):
    assert titles(index(issue("a", number=1), issue("b", number=2))) == ["B", "A"]


def test_the_year_is_that_of_the_date_in_the_publications_time_zone(index):
    new_year = datetime(2026, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=2)))
    assert ">2026</span>" in index(replace(issue("a"), date=new_year), issue("b", 2027))


def test_an_issue_shows_number_date_title_standfirst_and_cover(index):
    page = index(
        issue("a", number=7, subtitle="Sub & title", summary="Summary", cover=COVER, cover_alt="A <sea>"),
        issue("b", 2027),
    )
    assert '<span aria-hidden="true">7</span><span class="unseen">No. 7</span>' in page
    assert '<time datetime="2026-01-01T00:00:00+00:00">' in page
    assert '<p class="standfirst">Sub &amp; title</p>' in page
    assert '<img class="cover" src="a/cover-1a2b.jpg" alt="A &lt;sea&gt;" width="600" height="400">' in page
    assert "Summary" not in page


def test_a_summary_replaces_a_missing_standfirst(index):
    assert '<p class="standfirst">Summary</p>' in index(issue("a", summary="Summary"))


def test_only_the_covers_on_the_first_screen_load_at_once(index):
    page = index(*(issue(f"i{day}", day=day, cover=COVER) for day in range(1, 9)))
    assert [("lazy" in cover) for cover in re.findall(r'<img class="cover"[^>]*>', page)] == [False] * 6 + [True] * 2


def test_addresses_are_relative_so_that_it_works_from_disk(index):
    page = index(issue("a", cover=COVER))
    assert 'href="a/index.html"' in page
    assert 'href="style.css"' in page
    assert 'href="feeds/rss.xml"' in page


def test_an_issue_in_another_language_declares_it(index):
    page = index(replace(issue("a"), language="zh"), issue("b"), replace(issue("c", 2027), language="zh"))
    assert page.count('<article class="latest" lang="zh" dir="ltr" data-face="hans">') == 1
    assert page.count('<article class="entry" lang="zh" dir="ltr" data-face="hans">') == 1
    assert page.count('<article class="entry">') == 1


def test_titles_are_escaped(index):
    assert "&lt;script&gt;" in index(replace(issue("a"), title="<script>"))


def test_an_empty_archive_has_a_friendly_message(index):
    page = index()
    assert f'<p class="none">{letters.english().words["no_issues"]}</p>' in page
    assert "<h1>Tide Tables</h1>" in page


def test_it_runs_no_script(index):
    assert "<script" not in index(issue("a"))


def test_the_index_takes_its_tokens_from_the_style_sheet(index, theme):
    assert "<style" not in index()
    assert theme.stylesheet.startswith(":root { --paper: ")


def test_the_same_issues_are_the_same_page_in_any_order(index):
    entries = [issue("a"), issue("b", 2025), issue("c", 2025, 3, number=4)]
    assert index(*entries) == index(*reversed(entries))


def test_every_page_needs_one_style_sheet_and_nothing_from_elsewhere(theme):
    assets = site_assets(theme)
    assert list(assets) == ["style.css"]
    sheet = assets["style.css"].decode()
    assert "url(" not in sheet
    assert "@import" not in sheet
    assert "prefers-color-scheme:dark" in sheet
    assert "@media print" in sheet
