"""The web page of an issue."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from newsletter.bundled import templates_folder
from newsletter.config.publication import Author, Theme
from newsletter.errors import ConfigurationError
from newsletter.model import Directive, Figure, Image, ImageFile, PersonalField, Picture
from newsletter.render.letter import Neighbour, SectionPart, of_publication
from newsletter.render.page import load_page_theme, render_page
from newsletter.tokens import OPEN
from tests.render import letters
from tests.render.letters import bare_letter, link, p, section, text

VOID = {"meta", "link", "img", "br", "hr", "input", "source"}
BUNDLED = templates_folder() / "theme" / "page"


@pytest.fixture(scope="module")
def theme():
    return load_page_theme([BUNDLED], Theme())


@pytest.fixture(scope="module")
def page(theme):
    return render_page(letters.full_letter(), theme)


class Tree(HTMLParser):
    """Reads a page, and requires that every element is closed in order; keeps attributes and ids."""

    def __init__(self, page):
        super().__init__()
        self.open, self.elements = [], []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        assert tag in VOID

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


def meta(page, name):
    return [
        found.get("content") for found in Tree(page).all("meta") if name in (found.get("name"), found.get("property"))
    ]


def linked_data(page):
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[1])


# ── The whole page ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_element_is_closed_in_order_and_ids_are_unique(page):
    ids = [attributes["id"] for _, attributes in Tree(page).elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_there_is_one_h1_and_no_level_is_skipped(page):
    levels = [int(tag[1]) for tag, _ in Tree(page).elements if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    letter = letters.full_letter()
    items_only = render_page(replace(letter, parts=letter.parts[3:4]), load_page_theme([BUNDLED], Theme()))
    levels = [int(tag[1]) for tag, _ in Tree(items_only).elements if re.fullmatch("h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_page_has_no_script(page):
    assert [script["type"] for script in Tree(page).all("script")] == ["application/ld+json"]
    assert "javascript" not in page
    assert not re.search(r"\son\w+=", page)


def test_every_linked_anchor_exists(page):
    tree = Tree(page)
    ids = {attributes.get("id") for _, attributes in tree.elements}
    assert {a["href"][1:] for a in tree.all("a") if a["href"].startswith("#")} <= ids


def test_the_page_declares_its_language_and_direction(page, theme):
    assert Tree(page).all("html") == [{"lang": "en", "dir": "ltr"}]
    arabic = replace(letters.full_letter(), language=letters.words_of("ar"))
    assert Tree(render_page(arabic, theme)).all("html") == [{"lang": "ar", "dir": "rtl", "data-face": "arab"}]


def test_texts_of_the_front_matter_are_escaped(page):
    assert "<h1>The night of the &lt;high&gt; water</h1>" in page
    assert "<high>" not in page


def test_the_same_issue_gives_the_same_page(theme, page):
    assert render_page(letters.full_letter(), theme) == page


def test_an_empty_issue_gives_a_page(theme):
    page = render_page(bare_letter(), theme)
    Tree(page)
    assert "<h1>Bare</h1>" in page
    assert "footnotes" not in page
    assert "neighbours" not in page


def test_personal_fields_show_their_fallbacks_escaped(theme):
    letter = bare_letter(p("Dear ", PersonalField("name", "A & <B>"), " ", PersonalField("email"), "."))
    page = render_page(letter, theme)
    assert "Dear A &amp; &lt;B&gt; ." in page
    assert OPEN not in page


def test_a_field_without_a_fallback_shows_that_of_the_publication(theme):
    letter = bare_letter(p("In ", PersonalField("city"), ".", link("https://x.example/?c={{ city }}", "x")))
    letter = replace(letter, publication=replace(letter.publication, personal_fields={"city": "Gent & co"}))
    page = render_page(letter, theme)
    assert "In Gent &amp; co." in page
    assert 'href="https://x.example/?c=Gent%20%26%20co"' in page


def test_addresses_of_the_service_become_those_of_the_page_and_site(theme):
    letter = bare_letter(p(link("{{ view_in_browser_url }}", "view"), link("{{ unsubscribe_url }}", "leave")))
    page = render_page(letter, theme)
    assert '<a href="https://letters.example/bare/">view</a><a href="https://letters.example/">leave</a>' in page


def test_content_only_for_email_is_left_out(page):
    assert "You are reading this on a screen of your own." in page
    assert "Reply to this letter." not in page


def test_a_section_for_other_outputs_is_left_out(theme):
    hidden = section("Mail only", Directive("only", text("email"), blocks=(p("x"),)))
    assert "Mail only" not in render_page(bare_letter(parts=(SectionPart(hidden),)), theme)


# ── Addresses ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_addresses_of_files_are_relative_to_the_page(page):
    tree = Tree(page)
    assert {"rel": "stylesheet", "href": "../style.css"} in tree.all("link")
    assert [image["src"] for image in tree.all("img")] == ["cover.jpg", "barrier.jpg", "book.jpg", "jona.jpg"]
    assert tree.all("audio")[0]["src"] == "tide.mp3"


def test_links_to_neighbours_work_from_disk(page):
    links = [(found.get("rel"), found["href"]) for found in Tree(page).all("a") if found.get("rel") in ("prev", "next")]
    assert links == [("prev", "../a-dry-month/index.html"), ("next", "../after-the-water/index.html")]


def test_a_neighbour_on_another_site_keeps_its_address(theme):
    letter = replace(letters.full_letter(), previous=Neighbour("Old", "https://old.example/1"), following=None)
    assert 'rel="prev" href="https://old.example/1"' in render_page(letter, theme)


def test_links_to_other_issues_become_links_to_their_pages(theme):
    page = render_page(
        bare_letter(p(link("../2026-02-27-a-dry-month/index.md#rain", "x"), link("2026-01-31-y.md", "y"))), theme
    )
    assert 'href="../a-dry-month/index.html#rain"' in page
    assert 'href="../y/index.html"' in page


def test_pictures_have_sizes_and_only_the_first_loads_immediately(page):
    images = Tree(page).all("img")
    assert all(image["width"] and image["height"] and "alt" in image for image in images)
    assert [image.get("loading") for image in images] == [None, "lazy", "lazy", "lazy"]


@pytest.mark.parametrize(("width", "small"), [(120, True), (560, False)])
def test_a_small_picture_is_not_enlarged(theme, width, small):
    made = ImageFile("issues/a/a.png", "a-1234.png", width, 90, "image/png")
    letter = replace(bare_letter(Figure(Image("a.png", "A"))), images={"a.png": made})
    assert ('class="small"' in render_page(letter, theme)) is small


def test_a_picture_on_the_web_keeps_its_address(theme):
    page = render_page(bare_letter(Figure(Image("https://pictures.example/a.png", "A"))), theme)
    assert '<img src="https://pictures.example/a.png" alt="A" />' in page


# ── Metadata ──────────────────────────────────────────────────────────────────────────────────────────────


def test_feeds_are_announced(page):
    assert [found["href"] for found in Tree(page).all("link") if found["rel"] == "alternate"] == [
        "../feeds/rss.xml",
        "../feeds/atom.xml",
        "../feeds/feed.json",
    ]


def test_the_canonical_address_is_absolute(page):
    assert {"rel": "canonical", "href": letters.PAGE_URL} in Tree(page).all("link")


def test_open_graph_and_twitter_have_what_previews_show(page):
    assert meta(page, "og:title") == ["The night of the <high> water"]
    assert meta(page, "og:description") == meta(page, "description") == [letters.ISSUE.summary]
    assert meta(page, "og:image") == ["https://letters.example/tide-tables/cover.jpg"]
    assert meta(page, "og:image:alt") == ["A grey sea against a dyke"]
    assert meta(page, "twitter:card") == ["summary_large_image"]
    assert meta(page, "article:tag") == ["sea", "engineering"]


def test_without_a_cover_the_card_is_small(theme):
    page = render_page(bare_letter(), theme)
    assert meta(page, "twitter:card") == ["summary"]
    assert meta(page, "og:image") == []


def test_a_territory_makes_a_locale(theme):
    letter = letters.full_letter()
    dutch = replace(letter, issue=replace(letter.issue, language="nl-BE"), language=letters.words_of("nl-BE"))
    assert meta(render_page(dutch, theme), "og:locale") == ["nl_BE"]


def test_linked_data_describes_the_page(page):
    found = linked_data(page)
    assert found["@type"] == "NewsArticle"
    assert found["headline"] == "The night of the <high> water"
    assert found["datePublished"] == "2026-03-31T07:30:00+00:00"
    assert found["author"] == [
        {"@type": "Person", "name": "Jona Vermeer", "url": "https://jona.example/"},
        {"@type": "Person", "name": "Ruby O’Hara & Co"},
    ]


def test_linked_data_cannot_end_its_script(theme):
    hostile = "</script><script>alert(1)</script><!-- \u2028 &amp;"
    letter = letters.full_letter()
    letter = replace(letter, issue=replace(letter.issue, title=hostile, summary=hostile))
    page = render_page(letter, theme)
    assert linked_data(page)["headline"] == hostile
    assert page.count("<script") == 1
    Tree(page)


def test_a_draft_is_not_to_be_indexed(theme):
    letter = letters.full_letter()
    assert meta(render_page(replace(letter, issue=replace(letter.issue, draft=True)), theme), "robots") == ["noindex"]
    assert meta(render_page(letter, theme), "robots") == []


# ── The look ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_byline_links_to_authors_who_have_a_page(page):
    assert 'By <a rel="author" href="https://jona.example/">Jona Vermeer</a> and Ruby O’Hara &amp; Co ·' in page


def test_an_author_without_a_safe_page_is_not_linked(theme):
    letter = replace(letters.full_letter(), byline=(Author("x", "X", url="javascript:alert(1)"),))
    assert "By X ·" in render_page(letter, theme)


def test_a_recommendation_has_its_cover_beside_the_text(page):
    assert re.search(
        r'<section id="book-of-the-month" class="recommendation">.*?<div class="beside">\s*<figure>', page, re.DOTALL
    )


def test_the_round_up_and_numerals_are_marked(page):
    assert '<section class="item roundup" id="3-the-round-up">' in page
    assert '<h3><span class="numeral">1</span> <span><a href="https://news.example/gates">' in page


def test_a_logo_replaces_the_name(theme):
    letter = letters.full_letter()
    images = {
        **letter.images,
        of_publication("logo.svg"): ImageFile("logo.svg", "logo.svg", 120, 30, "image/svg+xml"),
        of_publication("dark.svg"): ImageFile("dark.svg", "dark.svg", 120, 30, "image/svg+xml"),
    }
    dressed = Theme(logo="logo.svg", logo_dark="dark.svg", logo_alt="Tide & Tables")
    letter = replace(letter, images=images, publication=replace(letter.publication, theme=dressed))
    page = render_page(letter, theme)
    assert '<source srcset="dark.svg" media="(prefers-color-scheme: dark)">' in page
    assert '<img src="logo.svg" alt="Tide &amp; Tables" width="120" height="30">' in page
    assert [image.get("loading") for image in Tree(page).all("img")][:2] == [None, None]


def test_a_cover_on_the_web_keeps_its_address(theme):
    letter = letters.full_letter()
    cover = Picture("https://pictures.example/c.jpg", "C", caption="Grey", credit="Mara")
    page = render_page(replace(letter, issue=replace(letter.issue, cover=cover)), theme)
    assert meta(page, "og:image") == ["https://pictures.example/c.jpg"]
    assert '<figcaption>Grey · <span class="credit">Mara</span></figcaption>' in page


def test_the_style_sheet_begins_with_the_tokens_of_look_and_publication(theme):
    light, dark = theme.stylesheet.split("/* The web", 1)[0].split("@media (prefers-color-scheme: dark)")
    assert "--accent: #a6341b;" in light
    assert "--size: 1.125rem; --leading: 1.611; --radius: 4px" in light
    assert "--accent: #f08a6c;" in dark
    dressed = load_page_theme([BUNDLED], letters.dark_theme()).stylesheet
    assert "--accent: #0b6e4f;" in dressed
    assert "--accent: #6fd3ae;" in dressed
    assert "--serif: Charter, Georgia, serif;" in dressed
    assert "--radius: 0px" in dressed
    plain = load_page_theme([BUNDLED], Theme(look="plain")).stylesheet
    assert "--card: #ffffff;" in plain
    assert plain.count("--ink: ") == 3, "by day, by night, on paper"


def test_the_style_sheet_uses_tokens_for_all_colours():
    """Only print has its own colours."""
    sheet = (BUNDLED / "style.css").read_text(encoding="utf-8")
    assert set(re.findall(r"#[0-9a-f]{3,6}\b", sheet[: sheet.index("@media print")])) <= {"#000"}, (
        "behind films, by night and day"
    )


@pytest.mark.parametrize("stack", ["a</style><script>", "a;}", "a{", "a\\3c", "a/*", "a\nb"])
def test_a_font_stack_cannot_close_its_style(stack):
    with pytest.raises(ConfigurationError, match="serif cannot be"):
        load_page_theme([BUNDLED], Theme(serif=stack))


def test_a_workspace_can_replace_single_templates(tmp_path):
    (tmp_path / "byline.html").write_text("<p>{{ letter.minutes }} minutes, {{ issue.title }}</p>")
    page = render_page(letters.full_letter(), load_page_theme([tmp_path, BUNDLED], Theme()))
    assert "<p>9 minutes, The night of the &lt;high&gt; water</p>" in page
    assert "masthead" in page


def test_a_workspace_can_replace_the_style_sheet(tmp_path):
    (tmp_path / "style.css").write_text("body { color: teal }")
    assert load_page_theme([tmp_path, BUNDLED], Theme()).stylesheet.endswith("}\nbody { color: teal }")


def test_a_template_cannot_leave_the_sandbox(tmp_path):
    (tmp_path / "byline.html").write_text("{{ letter.__class__.__mro__ }}")
    with pytest.raises(ConfigurationError, match=r"byline\.html"):
        render_page(letters.full_letter(), load_page_theme([tmp_path, BUNDLED], Theme()))


def test_an_unknown_name_in_a_template_is_an_error(tmp_path):
    (tmp_path / "byline.html").write_text("<p>\n{{ isue.title }}</p>")
    with pytest.raises(ConfigurationError) as caught:
        render_page(letters.full_letter(), load_page_theme([tmp_path, BUNDLED], Theme()))
    (found,) = caught.value.diagnostics
    assert found.path.endswith("byline.html")
    assert found.span.line == 2
    assert "isue" in found.message
