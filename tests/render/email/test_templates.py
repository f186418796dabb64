"""Every template of the email can be replaced alone, gets the documented values, and fits a phone."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from jinja2 import Environment, meta

from newsletter.config.publication import Theme
from newsletter.markdown.parse import parse_fragment
from newsletter.model import OpenedDirective, ReadingOptions, Section, Table, TableCell
from newsletter.render.design import load_design
from newsletter.render.directives.chart import drawings_of
from newsletter.render.directives.toc import with_contents
from newsletter.render.email import load_theme, render_email
from newsletter.render.email.blocks import ONE_LINE, WHOLE, fit_of
from newsletter.render.html_blocks import NO_FIT, TableFit
from newsletter.render.images.plan import plan_drawing
from newsletter.render.letter import Contents, ContentsEntry, Opening, SectionPart
from tests.render.email.conftest import BUNDLED
from tests.render.letters import (
    FIGURE,
    FORMATS,
    IMAGES,
    PAGE_URL,
    PUBLICATION,
    TABLE,
    bare_letter,
    full_letter,
    link,
    p,
    text,
)

GUIDE = (BUNDLED.parents[2] / "docs" / "guide" / "theme.md").read_text(encoding="utf-8")
TEMPLATES = sorted(path.name for path in BUNDLED.iterdir() if path.suffix in {".mjml", ".html", ".css"})
EVERYWHERE = {
    *("light", "dark", "serif", "sans", "mono", "size", "leading", "width", "radius"),
    *("dir", "start", "end", "lang", "say", "script"),
}
"""The values that every template gets; `lang` and `say` only in MJML."""


def complete_letter():
    """An issue that needs every template."""
    letter = full_letter()
    book = Section(text("Book of the month: The Long Ebb"), (FIGURE, p("About waiting.")), anchor="a-book")
    wide = Opening((wide_table(("Lock", "Country", "Length of the chamber", "Kept by"), ("Anderton",) * 4),))
    film = Opening((p(link("https://www.youtube.com/watch?v=abcdefghijk", "How a lock works")),))
    topics = Contents((ContentsEntry(text("Gates"), "1-gates-that-close-themselves", 1),), "Topics")
    blocks = Opening(with_contents(parse_fragment(BLOCKS, "x.md", ReadingOptions())[0], topics.entries))
    parts = (*letter.parts, SectionPart(book, FORMATS["book"]), wide, film, topics, blocks)
    issue = replace(letter.issue, opening=blocks.blocks, opened=(OpenedDirective("chart"),))
    schemes = {"light": DESIGN.light, "dark": DESIGN.dark}
    drawn = {
        name: plan_drawing(svg, "chart", *size) for name, svg, size in drawings_of(issue, letter.language, schemes)
    }
    images = {**IMAGES, "barrier.jpg#small": IMAGES["barrier.jpg"], **drawn}
    return replace(letter, parts=parts, house=replace(letter.house, cover=True), images=images)


DESIGN = load_design(PUBLICATION.theme, [BUNDLED.parent])
BLOCKS = """::: gallery
![Gates](barrier.jpg)
![Gates](barrier.jpg)
:::

::: beside
![Gates](barrier.jpg)

Text.
:::

::: columns
a

---

b
:::

::: chart
| a | b |
| - | - |
| x | 1 |
:::

::: chart
type: line

| a | b |
| - | - |
| x | 1 |
| y | 2 |
:::

::: chart
type: sparkline

| a | 1 | 2 | 3 |
| - | - | - | - |
| x | 1 | 2 | 3 |
:::

::: stat 72 m
is how high it climbs.
:::

::: quote-card Ada
Words.
:::

::: sponsor [Ropes](https://ropes.example/)
![Gates](barrier.jpg)

Rope by the metre.
:::

::: toc
"""


def wide_table(head, *rows):
    """A table of plain words."""
    cells = [tuple(TableCell(text(word) if word else ()) for word in row) for row in (head, *rows)]
    return Table(cells[0], tuple(cells[1:]), ("",) * len(head))


def template_with_mark(name: str) -> tuple[str, str]:
    """A copy of a bundled template with a mark in it, and the mark in the output."""
    source = (BUNDLED / name).read_text(encoding="utf-8")
    if name == "prose.css":
        return source.replace("p { margin: 0 0 20px }", "p { margin: 0 0 21px }"), "margin:0 0 21px"
    if name.endswith(".css"):
        return source + ".own{top:0}\n", ".own{top:0}"
    if name.endswith(".html"):
        return source + "<i>own</i>", "<i>own</i>"
    if name == "head.mjml":
        return source + "<mj-style>.own{top:0}</mj-style>", ".own{top:0}"
    words = "<mj-text>own</mj-text>"
    row = f"<mj-section><mj-column>{words}</mj-column></mj-section>"
    if name == "letter.mjml":
        return source.replace("</mj-wrapper>", f"{row}</mj-wrapper>"), ">own</div>"
    return source + (row if re.findall("<mj-[a-z]+", source)[0] == "<mj-section" else words), ">own</div>"


@pytest.mark.parametrize("name", TEMPLATES)
def test_each_template_is_replaced_only_by_one_of_its_name(own, name):
    source, mark = template_with_mark(name)
    before = render_email(complete_letter(), load_theme(PUBLICATION, (own, BUNDLED)))
    (own / name).write_text(source, encoding="utf-8")
    after = render_email(complete_letter(), load_theme(PUBLICATION, (own, BUNDLED)))
    assert mark not in before
    assert mark in after


def documented_values(name: str) -> set[str]:
    """The values of a template in the table of the guide."""
    rows = [row for row in GUIDE.splitlines() if row.startswith("|") and f"`{name}`" in row.split("|")[1]]
    assert len(rows) == 1, f"{name} has one row in docs/guide/theme.md"
    documented = rows[0].split("|")[3]
    return set(re.findall(r"`([a-z_]+)`", documented))


@pytest.mark.parametrize("name", [name for name in TEMPLATES if name != "prose.css"])
def test_the_guide_documents_all_values_of_a_template(name):
    used = meta.find_undeclared_variables(Environment().parse((BUNDLED / name).read_text(encoding="utf-8")))
    assert used - EVERYWHERE <= documented_values(name)
    head = (BUNDLED / name).read_text(encoding="utf-8").partition("#}")[0]
    if name.endswith((".mjml", ".html")):
        assert used - EVERYWHERE <= set(re.findall(r"[a-z_]+", head)), "its first line tells the same"


def test_on_a_phone_the_cells_of_a_wide_table_are_stacked_with_their_headings(theme):
    table = wide_table(("Lock", "Country", "Kept by"), ("Strépy-Thieu", "Belgium", "The Walloon region"))
    html = render_email(bare_letter(table), theme)
    assert 'class="st left"' in html
    assert re.findall(r'<span class="s lb" style="display:none[^"]*">([^<]*)</span>', html) == ["Country", "Kept by"]
    plain = render_email(bare_letter(TABLE), theme)
    assert 'class="st"' not in plain
    assert 'class="s lb"' not in plain


def test_columns_fit_their_longest_word_and_share_the_rest():
    assert fit_of(TABLE, 560) == NO_FIT
    table = wide_table(
        ("Lock", "Year", "Country", "What is said"), ("Falkirk", "2002", "Scotland", "One sentence " * 6)
    )
    parts = fit_of(table, 560).shares
    assert sum(parts) in {99, 100, 101}
    assert parts[3] > parts[2] > parts[0] > parts[1] > 9
    endless = wide_table(("Lock", "Gates", "Height"), ("Donaudampfschifffahrt" * 4, "Gates" * 9, "1,234.56"))
    assert fit_of(endless, 560).shares[2] * 560 / 100 >= 9 * len("1,234.56"), (
        "a figure beside endless words stays whole"
    )


LONG = "A sentence that goes on and on about what was bought, from whom, why, and what it was for. " * 2


@pytest.mark.parametrize("head", [("", ""), ("What", "Price")])
@pytest.mark.parametrize("figure", ["1,250.00", "1,250.00 €", "RISC-V", "東京"])
def test_a_short_column_beside_a_long_one_breaks_no_words(head, figure):
    for row, at in (((LONG, figure), 1), ((figure, LONG), 0)):
        fit = fit_of(wide_table(head, row), 560)
        assert (fit.stacked, fit.rows) == (False, False)
        assert fit.kept == ((WHOLE, ONE_LINE) if at else (ONE_LINE, WHOLE))
        assert fit.shares[at] < 25, "the long one takes the room"


def test_columns_too_wide_for_a_phone_are_stacked_with_or_without_headings():
    words = ("Verkehrsministerium", "Wasserstraßenneubauamt")
    assert fit_of(wide_table(("", ""), words), 560).stacked
    assert fit_of(wide_table(("Who", "What"), words), 560).stacked
    assert not fit_of(wide_table(("Who", "What"), words), 560).rows
    assert fit_of(wide_table(("", "", ""), ("a" * 20,) * 3), 560).stacked


@pytest.mark.parametrize("head", [tuple("ABCDEFGH"), ("",) * 8])
def test_a_table_too_wide_for_any_screen_becomes_rows(theme, head):
    crowded = wide_table(head, ("Kinderdijk-Elshout",) * 8)
    assert fit_of(crowded, 560) == TableFit(rows=True)
    html = render_email(bare_letter(crowded), theme)
    assert html.count("Kinderdijk-Elshout") == 8 * len(crowded.rows)
    assert ('scope="row"' in html) == any(head)
    assert "<thead" not in html.partition("<body")[2].partition("Kinderdijk")[0]


def test_the_cover_is_below_the_title_if_the_house_format_says_so(theme):
    letter = full_letter()
    assert "cover.jpg" not in render_email(letter, theme)
    shown = render_email(replace(letter, house=replace(letter.house, cover=True)), theme)
    assert f'src="{PAGE_URL}cover.jpg" alt="A grey sea against a dyke" width="560"' in shown
    assert shown.index("minutes to read") < shown.index("cover.jpg") < shown.index("It was a quiet month")
    assert "Mara Lindqvist" in shown[shown.index("cover.jpg") : shown.index("It was a quiet month")]


def test_the_whole_button_is_a_link_also_in_outlook(theme):
    html = render_email(full_letter(), theme)
    button = html[html.index('class="bt"') : html.index("Subscribe, it’s free") + 200]
    assert "mso-padding-alt:0" in button
    assert button.count("<!--[if mso]>") == button.count("<![endif]-->") == 2
    assert re.search(r"<a href=[^>]*><!--\[if mso\]>.*Subscribe, it’s free<!--\[if mso\]>.*<!\[endif\]--></a>", button)


def test_a_duplicate_link_is_hidden_from_screen_readers(theme):
    html = render_email(full_letter(), theme)
    player = html[html.index("Listen to this letter") - 900 : html.index("Listen to this letter") + 200]
    links = re.findall(r"<a href=\"[^\"]*tide\.mp3\"([^>]*)>", player)
    assert len(links) == 2
    assert 'aria-hidden="true" tabindex="-1"' in links[0]
    assert "aria-hidden" not in links[1]


def test_notes_end_with_links_back(theme):
    html = render_email(full_letter(), theme)
    notes = html[html.index('id="fn:1"') :]
    assert re.findall(r'<a href="#(fnref:1[^"]*)" aria-label="Back to the text"', notes) == ["fnref:1", "fnref:1:2"]
    assert html.count('role="doc-noteref"') == 2


@pytest.mark.parametrize("look", ["letter", "plain"])
def test_looks_differ_only_in_tokens(look):
    """With any look, the email is the same except for colours, fonts and sizes."""
    html = render_email(full_letter(), load_theme(replace(PUBLICATION, theme=Theme(look=look)), (BUNDLED,)))
    plain = re.sub(r'style="[^"]*"|<style.*?</style>|bgcolor="[^"]*"', "", html, flags=re.DOTALL)
    other = render_email(full_letter(), load_theme(PUBLICATION, (BUNDLED,)))
    assert plain == re.sub(r'style="[^"]*"|<style.*?</style>|bgcolor="[^"]*"', "", other, flags=re.DOTALL)
