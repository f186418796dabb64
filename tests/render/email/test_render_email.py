from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import quote

import pytest

from newsletter import tokens
from newsletter.config.publication import Author, Theme
from newsletter.house.format import ItemFormat, SectionFormat
from newsletter.markdown.parse import parse_fragment
from newsletter.markdown.sections import slug_of
from newsletter.model import (
    Directive,
    Figure,
    Image,
    ImageFile,
    Item,
    Link,
    List,
    Paragraph,
    Quotation,
    RawHtml,
    ReadingOptions,
    Section,
    Strong,
    Text,
    YamlDocument,
)
from newsletter.render.email import load_theme, render_email
from newsletter.render.email.inspection import find_faults, is_balanced
from newsletter.render.email.layout import Layout
from newsletter.render.email.writer import EmailLook, EmailWriter
from newsletter.render.letter import AuthorBox, Contents, ContentsEntry, Opening, Part, SectionPart, of_publication
from newsletter.render.page import load_page_theme, render_page
from tests.render.email.conftest import BUNDLED
from tests.render.letters import (
    FIGURE,
    IMAGES,
    PAGE_URL,
    PUBLICATION,
    bare_letter,
    bullets,
    full_letter,
    link,
    p,
    section,
    text,
    words_of,
)

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr"}


class Reader(HTMLParser):
    """Every element with its attributes, and whether each is closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.faults: list[str] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)

    def handle_data(self, data):
        if not {"style", "title"} & set(self.open):
            self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def html(theme) -> str:
    return render_email(full_letter(), theme)


@pytest.fixture(scope="module")
def read(html) -> Reader:
    return Reader(html)


def test_every_tag_is_closed_in_its_order(read):
    assert read.faults == []
    assert read.open == []


def test_conditional_comments_are_balanced_and_never_nested(html):
    depth = 0
    for mark in re.finditer(r"<!--\[if [^\]]+\]>|<!\[endif\]-->", html):
        depth += 1 if mark[0].startswith("<!--") else -1
        assert depth in {0, 1}
    assert depth == 0
    hidden = "".join(re.findall(r"<!--\[if mso \| IE\]>(.*?)<!\[endif\]-->", html, re.DOTALL))
    for tag in ("table", "tr", "td"):
        assert len(re.findall(f"<{tag}[ >]", hidden)) == hidden.count(f"</{tag}>")


def test_the_email_is_an_article_with_a_language(html, read):
    assert html.startswith("<!doctype html>")
    assert read.all("html")[0]["lang"] == "en"
    assert read.all("html")[0]["dir"] == "ltr"
    assert any(element.get("role") == "article" and element["lang"] == "en" for element in read.all("div"))


def test_the_email_has_one_h1_then_sections_then_items(read):
    levels = [int(tag[1]) for tag, _ in read.elements if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 2 for before, after in itertools.pairwise(levels))
    assert {2, 3, 4} <= set(levels)


def test_only_the_authors_tables_are_data_tables(read):
    roles = [table.get("role") for table in read.all("table")]
    assert roles.count(None) == 1
    assert set(roles) == {"presentation", None}


def test_pictures_have_alt_text_a_width_and_an_absolute_address(read):
    pictures = read.all("img")
    assert len(pictures) == 3
    for picture in pictures:
        assert "alt" in picture
        assert picture["src"].startswith("https://")
        assert int(picture["width"]) <= 560
        assert int(picture["height"]) > 0


def test_a_picture_fills_the_column_and_keeps_its_proportions(read):
    barrier = next(picture for picture in read.all("img") if "barrier" in picture["src"])
    assert (barrier["width"], barrier["height"]) == ("560", "373")
    assert barrier["src"] == f"{PAGE_URL}barrier.jpg"
    assert "height:auto" in barrier["style"]


def test_a_remote_picture_keeps_its_address_and_gets_a_width_for_outlook(theme):
    figure = Figure(Image("https://pictures.example/a.png?x=1&y=2", "A lock"))
    picture = Reader(render_email(bare_letter(figure), theme)).all("img")[0]
    assert picture["src"] == "https://pictures.example/a.png?x=1&y=2"
    assert picture["width"] == "560"
    assert "height" not in picture


def test_a_small_picture_is_not_enlarged(theme):
    small = {"s.png": ImageFile("s.png", "s.png", 300, 150, "image/png")}
    letter = bare_letter(Figure(Image("s.png", "A buoy")), images=small, picture_base=PAGE_URL)
    picture = Reader(render_email(letter, theme)).all("img")[0]
    assert (picture["width"], picture["height"]) == ("300", "150")
    assert "width:100%;max-width:300px" in picture["style"]


def test_figures_are_rendered_within_lists_and_quotations(theme):
    letter = bare_letter(bullets((p("See:"), FIGURE)), Quotation((FIGURE,)), images=IMAGES, picture_base=PAGE_URL)
    read = Reader(render_email(letter, theme))
    assert len(read.all("img")) == 2
    assert read.faults == []


def test_addresses_are_absolute_or_link_to_an_existing_anchor(read):
    ids = {attributes["id"] for _, attributes in read.elements if "id" in attributes}
    for anchor in read.all("a"):
        href = anchor["href"]
        if href.startswith("#"):
            assert href[1:] in ids
        else:
            assert href.startswith(("https://", "mailto:", tokens.OPEN))


def test_every_anchor_is_unique(read):
    ids = [attributes["id"] for _, attributes in read.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_the_contents_list_links_to_the_items(read):
    targets = [anchor["href"] for anchor in read.all("a") if anchor["href"].startswith("#1-")]
    assert targets == ["#1-gates-that-close-themselves"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("#nowhere", f"{PAGE_URL}#nowhere"),
        ("tide.mp3", f"{PAGE_URL}tide.mp3"),
        ("barrier.jpg", f"{PAGE_URL}barrier.jpg"),
        ("../2026-02-28-a-dry-month/index.md", "https://letters.example/a-dry-month/"),
        ("../2026-02-28-a-dry-month.md#wells", "https://letters.example/a-dry-month/#wells"),
        ("/about?x=1&y=2", "https://letters.example/about?x=1&y=2"),
        ("//cdn.example/x", "https://cdn.example/x"),
        ("mailto:a@b.example", "mailto:a@b.example"),
        (
            "https://x.example/?q={{ city | Ghent }}",
            f"https://x.example/?q={tokens.placeholder('city', 'Ghent', tokens.PART)}",
        ),
        ("{{ city }}", tokens.placeholder("city", place=tokens.WHOLE)),
    ],
)
def test_links_become_absolute_addresses_in_an_email(theme, written, expected):
    letter = replace(full_letter(), parts=(Opening((p(link(written, "there")),)),), footnotes=())
    found = re.search(r'<a href="([^"]*)"[^>]*>there</a>', render_email(letter, theme))
    assert found
    assert found[1].replace("&amp;", "&") == expected


def test_tokens_are_kept_as_placeholders(html):
    assert tokens.placeholder(tokens.VIEW_IN_BROWSER, PAGE_URL) in html
    assert html.count(tokens.placeholder(tokens.UNSUBSCRIBE)) == 1
    assert tokens.placeholder(tokens.PREFERENCES) in html
    assert tokens.placeholder("first_name", "reader") in html
    assert "@[" not in tokens.fill(html, lambda name, fallback: "")
    assert tokens.RESERVED.search(tokens.fill(html, lambda name, fallback: "")) is None


def test_the_footer_has_the_reason_and_the_sender(read):
    words = "".join(read.words)
    assert "You get this because you subscribed at letters.example." in words
    assert "Tide Tables, 1 Quay Street, 8400 Ostend, Belgium" in words


def test_the_preheader_is_hidden_and_padded(html):
    hidden = re.search(r'<body[^>]*><div style="display:none[^"]*">([^<]*)</div>', html)
    assert hidden
    assert hidden[1].startswith("The gates held on the night")
    assert len(hidden[1]) >= 150


def test_without_a_preheader_there_is_no_hidden_preview(theme):
    assert '<div style="display:none' not in render_email(bare_letter(p("Hello.")), theme)


def test_the_finished_email_has_dark_colours(html):
    assert '<meta name="color-scheme" content="light dark"' in html
    assert '<meta name="supported-color-schemes" content="light dark"' in html
    dark = html[html.index("@media (prefers-color-scheme:dark)") :]
    assert "#15171a!important" in dark
    assert re.search(r"\[data-ogsc\] \.t a[^{}]*\{color:#ebe7df!important\}", html)
    assert "[data-ogsb] .cd" in html


def test_thunderbird_gets_dark_mode_in_a_style_element_with_a_media_attribute(html):
    """It drops `@media`, and elements that it darkens lose their colours, except for nested rules."""
    dark = re.search(r'<style media="\(prefers-color-scheme:dark\)">([^<]*)</style>', html)
    assert dark
    outer, inner = dark[1].split("\n.moz-text-html{\n")
    assert outer == "html:has(.moz-text-html){background:#15171a!important}"
    rules = [rule.strip() for rule in inner.removesuffix("}").split("}") if rule.strip()]
    assert all(re.match(r"div& [^{}]+\{[^{}]+!important\Z", rule) for rule in rules)
    assert {".bd", ".cd", ".b", ".bt", ".q"} <= {re.split("[ ,{]", rule)[1] for rule in rules}


def test_thunderbird_gets_the_same_dark_rules_as_other_clients(html):
    def important_declarations(css: str) -> list[str]:
        return re.findall(r"\{([^{}]*!important)\}", css)

    media = re.search(r"@media \(prefers-color-scheme:dark\)\{(.*?)\}</style>", html, re.DOTALL)
    thunderbird = re.search(r'<style media="\(prefers-color-scheme:dark\)">(.*?)</style>', html, re.DOTALL)
    assert media
    assert thunderbird
    # In both, the background of a box is a `background` or a `background-color`.
    reported = [
        set(important_declarations(css.replace("background-color", "background"))) for css in (media[1], thunderbird[1])
    ]
    assert reported[0] == reported[1]


def test_quotations_keep_their_style_in_clients_that_restyle_blockquotes(html):
    """Evolution treats a blockquote as the quotation of a reply: it drops its style, and adds bars and a grey colour."""
    assert set(re.findall(r"<blockquote[^>]*>", html)) == {'<blockquote style="margin:0">'}
    assert re.search(r"\.q blockquote,\.b>blockquote\{[^}]*border:0!important;color:inherit!important\}", html)
    assert re.search(r'<td class="q" style="[^"]*font-style:italic"><blockquote', html)


def test_thunderbird_keeps_the_width_of_pictures(html):
    """It enlarges each picture without a link to the window, with its own `!important` rule."""
    widths = {int(width) for width in re.findall(r'<img [^>]*width="(\d+)"[^>]*;max-width:\1px', html)}
    assert widths
    declared = re.findall(r'\.moz-text-html img\[width="(\d+)"\]\{max-width:\1px!important\}', html)
    assert [int(width) for width in declared] == sorted(widths)


def test_unneeded_style_rules_are_left_out(theme):
    plain = render_email(replace(full_letter(), parts=(Opening((p("Words."),)),), footnotes=()), theme)
    for name in ("st", "cs", "cn", "b1", "b2", "tr", "lt", "dk"):
        assert not re.search(rf"\.{name}\b", plain[: plain.index("</head>")]), name
    coded = parse_fragment("```python\nname = 'string'\n```\n", "x.md", ReadingOptions())[0]
    html = render_email(replace(full_letter(), parts=(Opening(coded),), footnotes=()), theme)
    assert len(re.findall(r"\.cs\{color:#a3c79b!important\}", html)) == 3


def test_every_class_of_the_dark_rules_is_used(html):
    body = html[html.index("<body") :]
    used = {name for names in re.findall(r'class="([^"]*)"', body) for name in names.split()}
    dark = re.search(r"@media \(prefers-color-scheme:dark\)\{(.*?)\}</style>", html, re.DOTALL)
    assert dark
    known = set(re.findall(r"\.([a-z]+)", dark[1]))
    assert known - used <= {"lt", "dk", "lg", "cs", "tr"}


def test_only_content_for_email_is_shown(html):
    assert "Reply to this letter." in html
    assert "on a screen of your own" not in html


def test_a_web_only_section_leaves_no_heading(theme):
    hidden = section("For the web", Directive("only", text("web"), blocks=(p("Hidden."),)))
    html = render_email(replace(full_letter(), parts=(SectionPart(hidden),)), theme)
    assert "For the web" not in html


def test_the_round_up_has_a_line_below_each_entry(html):
    start = html.index("No pilots.")
    assert html[:start].rindex("border-bottom:1px solid #ddd6c8") > html[:start].rindex("The round-up")


def test_short_items_are_all_in_one_round_up(theme):
    items = tuple(
        Item(text(name), None, None, "", (p(f"About {name}."),), anchor=name.lower()) for name in ("Ebb", "Flow")
    )
    short = Section(text("Short"), items=items, anchor="short")
    part = SectionPart(short, SectionFormat("short", items=ItemFormat(look="roundup")))
    read = Reader(render_email(bare_letter(parts=(part,)), theme))
    assert [cell["id"] for cell in read.all("td") if "id" in cell] == ["ebb", "flow"]
    assert not read.all("h3")


def test_a_recommendation_names_the_work_beside_its_cover(theme):
    title = (Text("Book of the month: "), link("https://books.example/", "The Long Ebb"))
    part = SectionPart(
        Section(title, (Figure(Image("book.jpg", "Its cover")), p("About waiting.")), anchor="book"),
        SectionFormat("book", look="recommendation"),
    )
    html = render_email(bare_letter(parts=(part,), images=IMAGES, picture_base=PAGE_URL), theme)
    assert re.search(r"<h2[^>]*>Book of the month</h2>", html)
    assert re.search(r"<h3[^>]*><a href=\"https://books.example/\"[^>]*>The Long Ebb</a></h3>", html)
    cover = Reader(html).all("img")[0]
    assert (cover["width"], cover["height"]) == ("120", "180")


def test_each_recommendation_item_has_its_cover_and_anchor(theme):
    items = tuple(Item(text(name), None, None, (p("Good."),), anchor=name.lower()) for name in ("Ebb", "Flow"))
    part = SectionPart(Section(text("Books: two"), items=items, anchor="b"), SectionFormat("b", look="recommendation"))
    html = render_email(bare_letter(parts=(part,)), theme)
    assert re.search(r"<h2[^>]*>Books: two</h2>", html)
    assert re.findall(r'<h3 id="([a-z]+)"', html) == ["ebb", "flow"]


@pytest.mark.parametrize(
    ("title", "category", "headline"),
    [
        (text("Dams: The Klamath"), "Dams", "The Klamath"),
        (text(link("https://x.example", "Dams: The Klamath")), "Dams", "The Klamath</a>"),
        (text("Dams: ", link("https://x.example", "The Klamath")), "Dams", "The Klamath</a>"),
        (text("新闻：水"), "新闻", "水"),
    ],
)
def test_the_category_of_an_item_is_above_its_headline(theme, title, category, headline):
    part = SectionPart(
        Section(text("News"), items=(Item(title, anchor="a"),), anchor="news"),
        SectionFormat("news", items=ItemFormat(categories=())),
    )
    html = render_email(bare_letter(parts=(part,)), theme)
    assert re.search(rf">{category}</p><h3 [^>]*>(<a [^>]*>)?{headline}</h3>", html)


@pytest.mark.parametrize("title", ["No colon", "Ends in a colon:"])
def test_a_title_without_a_category_is_unchanged(theme, title):
    part = SectionPart(
        Section(text("News"), items=(Item(text(title), anchor="a"),), anchor="news"),
        SectionFormat("news", items=ItemFormat(categories=())),
    )
    assert f">{title}</h3>" in render_email(bare_letter(parts=(part,)), theme)


def test_contents_without_numbers_have_no_number_column(theme):
    contents = Contents((ContentsEntry(text(link("https://x.example", "First")), "first"),), "Topics")
    html = render_email(bare_letter(parts=(contents,)), theme)
    assert 'width="30"' not in html
    assert re.search(r'<a href="#first"[^>]*>First</a>', html)


def test_a_poll_answer_without_a_valid_link_stays_text(theme):
    poll = Directive("poll", text("Which?"), blocks=(bullets(p(link("https://x.example/1", "Ports")), p("None")),))
    html = render_email(bare_letter(poll), theme)
    assert re.search(r"<li[^>]*>None</li>", html)
    assert "Ports" in html


INJECTIONS = [
    '"><script>alert(1)</script>',
    "' onmouseover='x",
    "</title><b>",
    "<!--[if mso]>",
    "@[0]",
    "a \\ b",
    "]]>",
]


@pytest.mark.parametrize("evil", INJECTIONS)
def test_no_text_of_an_author_becomes_markup(theme, evil):
    publication = replace(PUBLICATION, title=evil, address=evil, reason=evil)
    full = full_letter()
    image = Image("barrier.jpg", evil, evil)
    letter = replace(
        full,
        publication=publication,
        issue=replace(full.issue, title=evil, subtitle=evil),
        subject=evil,
        preheader=evil,
        date_text=evil,
        byline=(Author("x", evil, url=f"https://x.example/{evil}", bio=evil),),
        parts=(
            Opening((p(evil, link(f"https://x.example/{evil}", evil, title=evil)), Figure(image, text(evil)))),
            SectionPart(
                replace(section(evil), anchor=evil, items=(Item(text(evil), 1, blocks=(p(evil),), anchor=evil),))
            ),
            Contents((ContentsEntry(text(evil), evil, 1),), evil),
            AuthorBox((Author("x", evil, url=evil, bio=evil),)),
        ),
    )
    plain = Reader(render_email(letter, theme))
    assert plain.faults == []
    assert not plain.all("script")
    assert not plain.all("b")
    assert all(not name.startswith("on") for _, attributes in plain.elements for name in attributes)
    assert "".join(plain.words).count(evil) >= 10


@pytest.mark.parametrize("href", ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", " vbscript:x"])
def test_links_with_executable_addresses_become_text(theme, href):
    button = Directive("button", text(link(href, "Press")))
    letter = bare_letter(p(link(href, "Read")), button, Directive("audio", text(link(href, "Hear"))))
    letter = replace(letter, byline=(Author("x", "Eve", url=href),))
    html = render_email(letter, theme)
    assert all(word in html for word in ("Read", "Press", "Hear", "Eve"))
    assert "script:" not in html.lower()
    assert "data:" not in html


def test_a_right_to_left_email_is_mirrored(theme):
    arabic = replace(words_of("en"), code="ar", dir="rtl")
    blocks = (Quotation((p("قالت الريح"),), text("البحر")), bullets(p("أوّل"), p("ثانٍ")))
    html = render_email(replace(full_letter(), language=arabic, parts=(Opening(blocks),)), theme)
    assert '<html lang="ar" dir="rtl"' in html
    assert "border-right:3px solid #a6341b;padding-right:22px" in html
    assert "margin:0 26px 20px 0" in html
    assert "direction:ltr" not in html


def test_a_quotation_of_the_other_direction_has_its_own_direction(theme):
    arabic = replace(words_of("en"), code="ar", dir="rtl")
    blocks = (Quotation((p("Said the wind."),), text("The Sea")),)
    html = render_email(replace(full_letter(), language=arabic, parts=(Opening(blocks),)), theme)
    assert '<table dir="ltr" role="presentation"' in html
    assert "border-left:3px solid #a6341b;padding-left:22px" in html
    assert "text-align:left" in html


def test_colours_fonts_and_radius_of_the_publication_are_used():
    theme = Theme(
        light={"accent": "#0b6e4f"}, dark={"accent": "#6fd3ae"}, serif='Charter, "Bitstream Charter", serif', radius=9
    )
    loaded = load_theme(replace(PUBLICATION, theme=theme), (BUNDLED,))
    html = render_email(full_letter(), loaded)
    assert "#a6341b" not in html
    assert "text-decoration-color:#0b6e4f" in html
    assert "#6fd3ae!important" in html
    assert "font-family:Charter, 'Bitstream Charter', serif" in html
    assert "border-radius:9px" in html


def test_a_logo_replaces_the_name_and_has_a_dark_variant(theme):
    images = {
        of_publication("logo.png"): ImageFile("logo.png", "logo-1.png", 180, 40, "image/png"),
        of_publication("dark.png"): ImageFile("dark.png", "logo-2.png", 180, 40, "image/png"),
    }
    named = replace(PUBLICATION, theme=Theme(logo="logo.png", logo_dark="dark.png", logo_alt="Tide & Tables"))
    read = Reader(render_email(bare_letter(publication=named, images=images, picture_base=PAGE_URL), theme))
    light, dark = read.all("img")
    assert light["alt"] == "Tide & Tables"
    assert (light["width"], light["height"]) == ("180", "40")
    assert dark["src"] == f"{PAGE_URL}logo-2.png"
    assert "display:none" in dark["style"]


CHART_GALLERY_AND_SPONSOR = """::: chart Freight by port
unit: Mt

| Port | 2025 |
| --- | --: |
| Rotterdam | 436.1 |
| Antwerp-Bruges | 278 |
| Hamburg | 112.4 |
| Amsterdam | 61.5 |
| Le Havre | 58 |
:::

::: gallery The gates by day and by night
ratio: 3:2
![Gates by day](barrier.jpg "By day. Photo: Ada")
![Gates by night](barrier.jpg "By night.")
![Gates in the morning](barrier.jpg)
:::

::: sponsor [North Sea Pilots](https://pilots.example/)
![A pilot at the rail](barrier.jpg)

Book a pilot by phone, day and night, in five languages.
:::
"""


def stories(count: int, sentences: int, *, pictures: int) -> tuple[Part, ...]:
    """The parts of an issue with `count` stories of four paragraphs with a link. The first ones have a picture."""
    letter = full_letter()
    sentence = "The tide came in over the dyke and nobody knew how high it would stand before the morning came. "
    address = "https://news.example/2026/03/31/what-the-tide-tables-did-not-tell-{}-{}".format
    items = []
    for number in range(1, count + 1):
        story = [p(sentence * sentences, link(address(number, n), "a report"), ".") for n in range(4)]
        title = link(address(number, "title"), f"Gates that close themselves, part {number}")
        shown = (FIGURE,) if number <= pictures else ()
        blocks = (*story[:1], *shown, *story[1:])
        items.append(Item((title,), number, title, "", blocks, anchor=f"gates-{number}"))
    news = Section(text("News"), items=tuple(items), anchor="news")
    contents = Contents(tuple(ContentsEntry(item.title, item.anchor, item.number) for item in items))
    return (*letter.parts[:3], SectionPart(news, None, contents), *letter.parts[4:])


def is_large(html: str) -> bool:
    """Whether the email has 2,500 words, 40 links with addresses of 70 characters, and 8 pictures."""
    read = Reader(html)
    links = [link for link in read.all("a") if link["href"].startswith("https://")]
    return len("".join(read.words).split()) >= 2500 and len(links) >= 40 and len(read.all("img")) >= 8


def test_a_large_email_with_chart_gallery_and_sponsor_is_not_clipped(theme):
    letter = full_letter()
    blocks = parse_fragment(CHART_GALLERY_AND_SPONSOR, "x.md", ReadingOptions())[0]
    images = {**letter.images, "barrier.jpg#small3:2": letter.images["barrier.jpg"]}
    parts = (*stories(6, 5, pictures=4), Opening(blocks))
    html = render_email(replace(letter, parts=parts, images=images), theme)
    assert is_large(html)
    assert html.count('class="bt"') > 5
    assert len(html.encode()) < 70_000


def test_a_large_email_stays_well_below_the_size_that_gmail_clips(theme):
    """A typical issue, with a block of every kind around the stories."""
    html = render_email(replace(full_letter(), parts=stories(7, 5, pictures=7)), theme)
    assert is_large(html)
    assert len(html.encode()) < 70_000
    # Styles are in a class, or once on the cell: they are smaller than the text.
    assert len(re.sub(r' style="[^"]*"', "", html)) > 0.6 * len(html)


def test_the_same_issue_gives_the_same_bytes(theme):
    again = load_theme(PUBLICATION, (BUNDLED,))
    assert render_email(full_letter(), theme) == render_email(full_letter(), again)


def test_the_mjml_of_every_template_is_valid(theme):
    mjml = Layout(EmailWriter(full_letter(), theme)).mjml()
    assert list(find_faults(mjml)) == []
    assert is_balanced(mjml)


def test_html_of_the_author_that_is_not_xml_is_kept(theme):
    letter = bare_letter(Paragraph((RawHtml("<br>&nbsp;<abbr title=x>HTML</abbr>"),)))
    assert "<br>&nbsp;<abbr title=x>HTML</abbr>" in render_email(letter, theme)


def test_an_empty_issue_gives_an_email(theme):
    empty = replace(full_letter(), parts=(), footnotes=(), byline=(), preheader="", date_text="", subject="")
    empty = replace(
        empty, issue=replace(empty.issue, front=YamlDocument({}, {}, {}), title="", subtitle="", number=None)
    )
    assert Reader(render_email(empty, theme)).faults == []


@pytest.mark.parametrize("heading", ["Über uns", "東京", "हिन्दी समाचार", "ภาษาไทย", "Что нового"])
def test_a_link_to_a_heading_in_any_script_stays_within_the_email(theme, heading):
    anchor = slug_of(heading)
    for written in (anchor, quote(anchor), unicodedata.normalize("NFD", anchor)):
        to = p(Link(f"#{written}", (Text("see"),)))
        html = render_email(
            bare_letter(
                issue=replace(bare_letter(to).issue, sections=(section(heading, anchor=anchor),)),
                parts=(Opening((to,)),),
            ),
            theme,
        )
        assert f'href="#{anchor}"' in html


@pytest.mark.parametrize("length", [10, 149, 150, 151, 400])
def test_the_preheader_is_padded_at_any_length(theme, length):
    html = render_email(bare_letter(preheader="x" * length), theme)
    assert html.count("\u034f\u200c\u00a0") == max(30, 150 - length)


def test_the_inbox_shows_the_standfirst_before_the_link_to_the_page(theme):
    letter = bare_letter(p("Words."))
    html = render_email(replace(letter, issue=replace(letter.issue, subtitle="A storm came in.")), theme)
    before = html.partition("View in your browser")[0]
    assert "A storm came in.\u034f" in before
    assert html.count("A storm came in.") == 2, "not over the letter, where it comes anyway"


def test_a_message_has_no_picture_only_in_a_comment(theme):
    moving = {"a.gif": ImageFile("a.gif", "a.gif", 400, 200, "image/gif", still="a-still.png", moves=True)}
    figure = Figure(Image("a.gif", "A ship"))
    assert "a-still.png" in render_email(bare_letter(figure, images=moving, picture_base="https://l.example/"), theme)
    assert "a-still.png" not in render_email(bare_letter(figure, images=moving, picture_base="cid:"), theme)


def roundup(theme, *blocks):
    """The email of an issue that is one round-up."""
    return render_email(
        bare_letter(parts=(SectionPart(section("In short", *blocks), SectionFormat("short", look="roundup")),)), theme
    )


def lead(word: str, rest: str) -> Paragraph:
    return p(Strong(text(word)), rest)


@pytest.mark.parametrize(
    ("blocks", "entries"),
    [
        ((lead("One.", " a"), p("More of one."), lead("Two.", " b")), 2),
        ((p(link("https://a.example/", "One")), p("More."), p("And more."), p(link("https://b.example/", "Two"))), 2),
        ((p("One."), p("Two."), p("Three.")), 3),
        ((bullets((p("One."), p("More of one.")), p("Two."), tight=False),), 2),
    ],
)
def test_an_entry_of_several_paragraphs_has_no_line_within(theme, blocks, entries):
    html = roundup(theme, *blocks)
    assert html.count("padding:13px 0 14px") == entries
    assert html.count("padding:13px 0 14px;border-bottom") == entries - 1, "the next heading has a hairline of its own"
    paragraphs = sum(len(item.blocks) for one in blocks if isinstance(one, List) for item in one.items) or len(blocks)
    assert html.count("margin:10px 0 0") == paragraphs - entries, "no paragraph runs into the one before"


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("Ships - and locks", "Ships\u00a0- and locks"),
        ("Ships | Locks · Canals", "Ships\u00a0| Locks\u00a0· Canals"),
        ("The way of RISC-V", 'The way of <span style="white-space:nowrap">RISC-V</span>'),
        (
            "COVID-19 and e-mail",
            '<span style="white-space:nowrap">COVID-19</span> and <span style="white-space:nowrap">e-mail</span>',
        ),
        ("A walk – or a run — or", "A walk\u00a0– or a run\u00a0— or"),
        ("Well-established state-of-the-art R&D", "Well-established state-of-the-art R&amp;D"),
    ],
)
def test_titles_do_not_break_in_short_compounds_or_before_dashes(theme, title, written):
    letter = bare_letter()
    letter = replace(letter, issue=replace(letter.issue, title=title), parts=(SectionPart(section(title, p("a"))),))
    html = render_email(letter, theme)
    assert re.search(rf"<h1[^>]*>{re.escape(written)}</h1>", html)
    assert re.search(rf"<h2[^>]*>{re.escape(written)}</h2>", html)
    page = render_page(letter, load_page_theme([BUNDLED.parent / "page"], PUBLICATION.theme))
    assert f"<h1>{written}</h1>" in page
    assert f"<h2>{written}</h2>" in page


@pytest.mark.parametrize(
    ("credit", "written"),
    [
        ("Mara Lindqvist", "Photo: Mara Lindqvist"),
        ("Illustration: Bo", "Illustration: Bo"),
        ("Drawn by Bo", "Drawn by Bo"),
        ("© Bo", "© Bo"),
        ("Drawn for this letter", "Drawn for this letter"),
        ("Ann van der Meer", "Photo: Ann van der Meer"),
    ],
)
def test_a_credit_below_a_cover_has_a_label(credit, written):
    letter = full_letter()
    cover = replace(letter.issue.cover, credit=credit)
    page = render_page(
        replace(letter, issue=replace(letter.issue, cover=cover)),
        load_page_theme([BUNDLED.parent / "page"], PUBLICATION.theme),
    )
    assert f'<figcaption><span class="credit">{written}</span></figcaption>' in page


# ── Directives with a link ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["button", "audio"])
@pytest.mark.parametrize(
    ("argument", "body", "words"),
    [
        (text("Read it all"), link("https://x.example/a.mp3", "here"), "Read it all"),
        ((), link("https://x.example/a.mp3", "Here it is"), "Here it is"),
        (text(link("https://x.example/a.mp3", "Listen")), None, "Listen"),
        (text("Now: ", link("https://x.example/a.mp3", "listen")), None, "Now: listen"),
    ],
)
def test_link_texts_of_buttons_and_audio_are_those_of_the_page(theme, name: str, argument, body, words: str):
    directive = Directive(name, argument, blocks=(p(body),) if body else ())
    letter = bare_letter(directive)
    page = render_page(letter, load_page_theme([BUNDLED.parent / "page"], PUBLICATION.theme))
    for html in (render_email(letter, theme), page):
        important_declarations = re.findall(r'<a[^>]*href="https://x\.example/a\.mp3"[^>]*>(.*?)</a>', html, re.DOTALL)
        plain = {re.sub(r"<[^>]*>|&#?\w+;", "", one).strip() for one in important_declarations}
        assert plain - {"", "▶"} == {words}


@pytest.mark.parametrize(
    "href", [" //[x", "\t//[::1", "[::1]/x", "http:[x", "//[x", " ///", "?//[", "a b", "\x00//[", ""]
)
def test_an_invalid_address_does_not_stop_rendering(theme, href: str):
    letter = bare_letter(p(Link(href, (Text("There"),))), Figure(Image(href, "A lift")))
    assert "There" in render_email(letter, theme)
    assert isinstance(EmailLook(letter, {}).link(href), str)
    assert isinstance(EmailLook(letter, {}).image(Image(href, ""))[0], str)
