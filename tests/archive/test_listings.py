"""The indexes of the web archive: what has a page, what it is called, and what is made again."""

from __future__ import annotations

import re
import unicodedata
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.archive import listings
from newsletter.archive.site import site_pages
from newsletter.bundled import templates_folder
from newsletter.config.publication import SubscribeForm, Theme, WebSettings
from newsletter.model import PictureCredit, Published
from newsletter.render.indexes import index_address, index_key, index_slug
from newsletter.render.page import load_page_theme
from tests.render import letters

if TYPE_CHECKING:
    from newsletter.render.page import PageTheme


def issue(slug: str, day: int = 1, year: int = 2026, **more: object) -> Published:
    date = datetime(year, 1, day, tzinfo=UTC)
    url = f"https://letters.example/{slug}/"
    return Published(f"tag:{slug}", slug, url, slug.title(), date, date, language="en", **more)


@pytest.fixture(scope="module")
def theme() -> PageTheme:
    return load_page_theme([templates_folder() / "theme" / "page"], Theme())


@pytest.fixture
def site(theme):
    def made(*entries, web=None):
        publication = replace(letters.PUBLICATION, web=web or WebSettings())
        pages = site_pages(publication, entries, letters.english(), theme)
        return {page.path: page.render().decode() for page in pages}

    return made


def lines(page: str) -> list[tuple[str, str, str]]:
    return re.findall(r'<li><a href="([^"]*)">([^<]*)</a> <span>([^<]*)</span></li>', page)


def issues_in(page: str) -> list[str]:
    return re.findall(r'<h3><a href="[^"]*">([^<]*)</a></h3>', page)


def test_a_tag_an_author_and_a_year_have_a_page_each_newest_first(site):
    pages = site(issue("a", 1, tags=("sea",), authors=("Ann",)), issue("b", 2, tags=("sea",)), issue("c", 1, 2025))
    assert issues_in(pages["browse/tags/sea.html"]) == ["B", "A"]
    assert issues_in(pages["browse/authors/ann.html"]) == ["A"]
    assert issues_in(pages["browse/years/2025.html"]) == ["C"]
    assert lines(pages["browse/years/index.html"]) == [
        ("../../browse/years/2026.html", "2026", "2"),
        ("../../browse/years/2025.html", "2025", "1"),
    ]


def test_a_section_or_site_of_one_issue_is_a_line_that_leads_to_it(site):
    pages = site(
        issue("a", 1, sections=(("News", "news"), ("The hill", "the-hill")), sites=("once.example", "often.example")),
        issue("b", 2, sections=(("News", "news-of-may"),), sites=("often.example",)),
    )
    assert lines(pages["browse/sections/index.html"]) == [
        ("../../browse/sections/news.html", "News", "2"),
        ("../../a/index.html#the-hill", "The hill", "1"),
    ]
    assert 'href="../../b/index.html#news-of-may"' in pages["browse/sections/news.html"]
    assert issues_in(pages["browse/sites/often.example.html"]) == ["B", "A"]
    assert "browse/sites/once.example.html" not in pages


def test_names_that_differ_only_in_case_composition_or_spaces_are_one_with_the_first_spelling(site):
    tags = ("Café Life", unicodedata.normalize("NFD", "café-life"), "CAFÉ  LIFE")
    pages = site(*(issue(f"i{day}", day, tags=(tag,)) for day, tag in enumerate(tags, 1)))
    assert [name for _, name, _ in lines(pages["browse/tags/index.html"])] == ["Café Life"]


def test_a_long_index_has_several_pages(site, monkeypatch):
    monkeypatch.setattr(listings, "ON_A_PAGE", 2)
    pages = site(*(issue(f"i{day}", day, tags=("sea",)) for day in range(1, 6)))
    first, second, third = (pages[f"browse/tags/sea{page}.html"] for page in ("", "_2", "_3"))
    assert [issues_in(page) for page in (first, second, third)] == [["I5", "I4"], ["I3", "I2"], ["I1"]]
    assert 'rel="next" href="sea_2.html"' in first
    assert 'rel="prev" href="sea.html"' in second
    assert 'rel="prev" href="sea_2.html"' in third
    assert "Page 2 of 3" in second


def test_the_front_page_shows_whole_years_and_links_to_older_ones(site, monkeypatch):
    monkeypatch.setattr("newsletter.archive.site.WHOLE", 2)
    pages = site(*(issue(f"i{year}{day}", day, year) for year in (2024, 2025, 2026) for day in (1, 2)))
    assert issues_in(pages["index.html"]) == ["I20261"]
    assert lines(pages["index.html"]) == [
        ("browse/years/2025.html", "2025", "2 issues"),
        ("browse/years/2024.html", "2024", "2 issues"),
    ]


def test_all_credits_are_on_one_page_escaped(site):
    credit = PictureCredit("A <sea>", "Mara & Co", "https://mara.example/?a=1&b=2")
    page = site(issue("a", credits=(credit, PictureCredit("", "Bo"))), issue("b"))["browse/credits/index.html"]
    assert '<li>A &lt;sea&gt; — <a href="https://mara.example/?a=1&amp;b=2">Mara &amp; Co</a></li>' in page
    assert "<li>Bo</li>" in page
    assert "b/index.html" not in page


def test_the_sitemap_has_every_page_with_its_last_change(site):
    entries = (issue("a"), issue("b", canonical="https://elsewhere.example/b"), issue("ü&", 2))
    found = ET.fromstring(site(*entries)["sitemap.xml"])
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    places = [place.text for place in found.findall("s:url/s:loc", space)]
    assert places[0] == "https://letters.example/"
    assert "https://letters.example/a/" in places
    assert "https://letters.example/b/" not in places, "search engines are sent to its original"
    assert found.find("s:url/s:lastmod", space).text == "2026-01-02T00:00:00+00:00"


def test_robots_txt_names_the_sitemap_and_the_404_page_links_home(site):
    pages = site(issue("a"))
    assert "Sitemap: https://letters.example/sitemap.xml" in pages["robots.txt"]
    assert 'href="https://letters.example/style.css"' in pages["404.html"]
    assert '<meta name="robots" content="noindex">' in pages["404.html"]
    assert not re.search(r'(?:href|src)="(?!https://|#|mailto:)', pages["404.html"])


def test_an_archive_without_issues_has_its_pages(site):
    pages = site()
    assert "browse/all/index.html" in pages
    assert "browse/years/index.html" not in pages


def test_the_services_form_replaces_the_button(site):
    form = SubscribeForm("https://forms.example/?a=1&b=2", "EMAIL", {"list": '7"'})
    page = site(issue("a"), web=WebSettings(form=form))["index.html"]
    assert '<form class="subscribe-form" method="post" action="https://forms.example/?a=1&amp;b=2">' in page
    assert 'type="email" name="EMAIL"' in page
    assert '<input type="hidden" name="list" value="7&#34;">' in page


def test_the_licence_is_on_every_page(site):
    web = WebSettings(license="CC BY 4.0", license_url="https://cc.example/")
    for name, page in site(issue("a"), web=web).items():
        assert not name.endswith(".html") or 'rel="license" href="https://cc.example/"' in page, name


def test_search_is_included_only_if_it_is_configured(site):
    assert "search" not in "".join(site(issue("a")))
    pages = site(issue("a", tags=("sea",)), web=WebSettings(search="pagefind"))
    assert 'action="browse/search/index.html"' in pages["index.html"]
    assert '<a href="../../browse/tags/index.html">Tags</a>' in pages["browse/search/index.html"], "without script"


def test_the_data_of_a_page_changes_whenever_the_page_does(theme):
    def made(*entries):
        pages = site_pages(letters.PUBLICATION, entries, letters.english(), theme)
        return {page.path: page.made_from for page in pages}

    before = made(issue("a", tags=("sea",)), issue("b", 2, tags=("land",)))
    after = made(issue("a", tags=("sea",)), replace(issue("b", 2, tags=("land",)), title="Other"))
    changed = {path for path in before if before[path] != after[path]}
    assert changed == {"index.html", "browse/tags/land.html", "browse/years/2026.html"}


# ── Addresses ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("rivers", "rivers"),
        ("Flood defence", "flood-defence"),
        ("node.js", "node.js"),
        ("en.wikipedia.org", "en.wikipedia.org"),
        ("水", "水"),
    ],
)
def test_a_plain_name_is_its_own_address(name, slug):
    assert index_slug(name) == slug


@pytest.mark.parametrize(
    "name", ["C++", "C#", "con", "CON", "aux.c", "index", "..", ".", "🎉", "x" * 300, "a/b", "-", "_"]
)
def test_a_name_that_an_address_cannot_express_gets_a_hash(name):
    assert re.fullmatch(r"[\w-]{1,80}-[0-9a-f]{8}", index_slug(name))


@given(st.lists(st.text(min_size=1, max_size=12), min_size=2, max_size=20))
def test_two_names_share_a_page_only_if_all_file_systems_treat_them_as_one(names):
    named = [name for name in names if name.strip()]
    keys = {index_key(name) for name in named}
    kept = {unicodedata.normalize("NFC", index_address("tags", name)).casefold() for name in named}
    assert len(kept) == len(keys)


@given(st.text(min_size=1, max_size=40).filter(str.strip))
def test_an_address_stays_in_its_folder(name):
    slug = index_slug(name)
    assert slug
    assert not re.search(r'[/\\:*?"<>|\s]', slug)
    assert not slug.startswith(".")
    assert not slug.endswith((".", " "))
    assert len(slug.encode()) < 240
