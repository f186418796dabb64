"""`::: chart`: the figures of a table drawn in every output, and told in words where nothing is drawn."""

from __future__ import annotations

import re
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from newsletter.blocks.charts import read_chart
from newsletter.bundled import templates_folder
from newsletter.config.publication import Theme
from newsletter.markdown.parse import parse_fragment
from newsletter.model import Directive, ReadingOptions
from newsletter.render.chart_drawing import COLOURS, draw_chart, draw_spark, variables
from newsletter.render.design import load_design
from newsletter.render.images.plan import make_image
from tests.judges.workspaces import LOOKS
from tests.render.letters import words_of
from tests.render.pressed import press

if TYPE_CHECKING:
    from pathlib import Path

BARS = """::: chart Freight & more
unit: Mt
source: [Ports](https://ports.example/)

| Port | 2025 |
| --- | --: |
| Rotterdam | 436.1 |
| Antwerp | 218 |
| *Ghent* | |
:::
"""
LINE = (
    BARS.replace("unit:", "type: line\nunit:")
    .replace("| 2025 |", "| 2024 | 2025 |")
    .replace("| --: |", "| --: | --: |")
)
LINE = LINE.replace("436.1 |", "436.1 | 1 |").replace("218 |", "218 | 2 |").replace("*Ghent* | |", "*Ghent* | | 3 |")


def chart_of(text: str, language: str = "en"):
    blocks, _ = parse_fragment(text, "x.md", ReadingOptions())
    chart = next(block for block in blocks if isinstance(block, Directive))
    return read_chart(chart, words_of(language))


# ── bars ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_bars_are_cells_with_names_and_figures(tmp_path: Path):
    made = press(tmp_path, BARS)
    assert made.codes == []
    assert made.images == {}
    for html in (made.email, made.page):
        assert "Freight &amp; more" in html
        assert "436.1\u00a0Mt" in html
        assert "<em>Ghent</em>" in html
    assert '<td width="100%" height="16" class="bt"' in made.email
    assert '<td width="50%" height="16" class="bt"' in made.email
    assert [float(share) for share in re.findall(r'<i aria-hidden="true" style="--share:([\d.]+)"', made.page)] == [
        1,
        0.5,
        0,
    ]


def test_the_table_itself_stands_behind_the_page_s_chart(tmp_path: Path):
    page = press(tmp_path, BARS).page
    assert "<details><summary>The figures as a table</summary>" in page
    assert "<figcaption>Source: <a href=" in page


def test_in_text_they_are_block_characters_within_72_columns(tmp_path: Path):
    text = press(tmp_path, BARS).text
    assert text[text.index("*Freight") : text.index("[1] https")].splitlines() == [
        "*Freight & more*",
        "",
        "Rotterdam " + "█" * 53 + " 436.1\u00a0Mt",
        "Antwerp   " + "█" * 26 + "▌ 218\u00a0Mt",
        "_Ghent_   –",
        "",
        "Source: Ports [1]",
        "",
    ]
    assert max(map(len, text.splitlines())) <= 72


def test_a_feed_has_the_table(tmp_path: Path):
    feed = press(tmp_path, BARS).feed
    assert "<th" in feed
    assert "<td" in feed
    assert "details" not in feed


def test_numbers_are_written_as_the_letter_s_language_does(tmp_path: Path):
    made = press(tmp_path, BARS, language="de")
    assert "436,1\u00a0Mt" in made.email
    assert "436,1\u00a0Mt" in made.page
    assert "Quelle: Ports" in made.text


def test_below_nought_bars_run_the_other_way(tmp_path: Path):
    made = press(tmp_path, "::: chart\n| a | b |\n| - | - |\n| x | -10 |\n| y | 10 |\n:::\n")
    assert '<td width="50%">&nbsp;</td><td width="50%" height="16"' in made.email
    assert "−10" in made.text


# ── meters and sparklines ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("fields", "row", "said"), [
    ("unit: %", "| x | 40 |", "40%"),
    ("max: 50", "| x | 20 |", "20 / 50"),
    ("unit: km", "| x | 20 | 50 |", "20 / 50\u00a0km"),
])  # fmt: skip
def test_a_meter_says_of_how_much_it_is_a_part(tmp_path: Path, fields: str, row: str, said: str):
    head = "| a | b |\n| - | - |" if row.count("|") == 3 else "| a | b | c |\n| - | - | - |"
    made = press(tmp_path, f"::: chart\ntype: meter\n{fields}\n\n{head}\n{row}\n:::\n")
    assert '<td width="40%" height="16" class="bt"' in made.email
    assert said in made.email
    assert "░" in made.text


def test_a_meter_without_a_figure_is_no_empty_one(tmp_path: Path):
    made = press(tmp_path, "::: chart\ntype: meter\nunit: %\n\n| a | b |\n| - | - |\n| x | |\n| y | 0 |\n:::\n")
    assert made.email.count('class="tr"') == 1
    assert made.page.count('class="track"') == 1
    assert "– / " not in made.email + made.page + made.text


@pytest.mark.parametrize("series", [1, 2])
@pytest.mark.parametrize(("name", "figure"), [("x", 1_000_000_000), ("Donaudampfschifffahrtselektrizität", 1)])
def test_bars_are_below_names_and_figures_that_are_too_long(tmp_path: Path, name: str, figure: int, series: int):
    head, rule = "| a " + "| b " * series + "|", "| - " * (series + 1) + "|"
    made = press(tmp_path, f"::: chart\nunit: tonnes\n\n{head}\n{rule}\n| {name} {f'| {figure} ' * series}|\n:::\n")
    assert '<td width="30%"' not in made.email
    assert f'colspan="2" style="padding:{"3px 0 6" if series == 1 else "6px 0 1"}px' in made.email
    assert f'<table class="bars {"alone" if series == 1 else "long"}"' in made.page
    assert made.page.count(f'<th scope="row">{name}</th>') == 1


def test_a_sparkline_is_a_line_a_row(tmp_path: Path):
    made = press(
        tmp_path, "::: chart\ntype: sparkline\n\n| r | 1 | 2 | 3 |\n| - | - | - | - |\n| Rhine | 1 | 2 | 3 |\n:::\n"
    )
    assert "Rhine ▁▅█ 3" in made.text
    assert made.page.count("<svg") == 1
    assert {(image.width, image.height) for image in made.images.values()} == {(150, 32)}


# ── drawings ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_lines_are_drawn_by_day_and_by_night(tmp_path: Path):
    made = press(tmp_path, LINE)
    assert made.codes == []
    assert len(made.images) == 2
    assert 'class="lt"' in made.email
    assert 'class="dk"' in made.email
    light, dark = made.images.values()
    drawn = [Image.open(BytesIO(make_image(tmp_path, image))) for image in (light, dark)]
    assert [image.size for image in drawn] == [(1120, 440)] * 2
    assert drawn[0].tobytes() != drawn[1].tobytes()


def test_who_sees_no_pictures_gets_the_figures(tmp_path: Path):
    email = press(tmp_path, LINE).email
    assert (
        'alt="Freight &amp; more: 2024: Rotterdam 436.1\u00a0Mt, Antwerp 218\u00a0Mt, Ghent –; 2025: Rotterdam 1'
        in email
    )


def test_the_page_draws_them_in_its_own_colours_without_a_word_in_them(tmp_path: Path):
    page = press(tmp_path, LINE).page
    svg = page[page.index("<svg") : page.index("</svg>")]
    assert 'stroke="var(--accent)"' in svg
    assert "<text" not in svg
    assert "<img" not in page


def test_time_runs_from_right_to_left_where_the_letter_does(tmp_path: Path):
    arabic = LINE.replace("Rotterdam", "روتردام").replace("Antwerp", "أنتويرب").replace("*Ghent*", "غنت")
    page = press(tmp_path, arabic.replace("Freight & more", "البضائع"), language="ar").page
    assert '<g transform="matrix(-1 0 0 1 560 0)">' in page


def test_an_english_chart_in_an_arabic_letter_runs_from_left_to_right(tmp_path: Path):
    made = press(tmp_path, LINE, language="ar")
    assert "matrix(-1" not in made.page
    assert 'class="lt"' in made.email


@pytest.mark.parametrize(("names", "shown"), [
    ("1 2 3 4 5 6", "1 2 3 4 5 6"),
    ("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", "Jan Mar May Jul Sep Nov"),
    ("January February March April May June July August September October November December", "January April July October"),
    ("Donaudampfschifffahrtselektrizität b c d e f", "Donaudampfschifffahrtselektrizität d"),
    ("Donaudampfschifffahrtselektrizität b c", "Donaudampfschifffahrtselektrizität b c"),
    ("يناير فبراير مارس أبريل مايو يونيو", "يناير فبراير مارس أبريل مايو يونيو"),
    ("2001 2002 2003 2004 2005 2006 2007 2008 2009 2010 2011 2012 2013", "2001 2003 2005 2007 2009 2011"),
])  # fmt: skip
def test_so_many_names_are_below_a_drawing_as_have_room(tmp_path: Path, names: str, shown: str):
    rows = "\n".join(f"| {name} | 1 | 2 |" for name in names.split())
    made = press(tmp_path, f"::: chart\ntype: line\n\n| a | b | c |\n| - | - | - |\n{rows}\n:::\n")
    below = made.page[made.page.index('<div class="names') : made.page.index("<details>")]
    assert " ".join(re.findall(r"<span [^>]*>([^<]+)</span>", below)) == shown
    spans = [int(span) for span in re.findall(r"grid-column:span (\d+)", below)]
    assert sum(spans) == len(names.split())


def test_each_name_has_its_figure_where_both_have_room(tmp_path: Path):
    chart = "::: chart\ntype: column\nunit: {}\n\n| a | b |\n| - | - |\n| x | 1.5 |\n| y | 2 |\n| z | 3 |\n:::\n"
    assert press(tmp_path, chart.format("Mt")).email.count("\u00a0Mt</strong>") == 3
    long = press(tmp_path, chart.format("thousand tonnes")).email
    assert "</strong>" not in long[long.index('class="lt"') :]
    assert ">3\u00a0thousand tonnes</td>" in long


def test_between_its_ends_an_axis_has_one_line_at_zero_or_in_the_middle():
    for rows, heights in ((("-3", "4"), [6, 124.9, 214]), (("3", "4"), [6, 110, 214])):
        svg = draw_chart(
            chart_of(f"::: chart\ntype: line\n\n| a | b |\n| - | - |\n| x | {rows[0]} |\n| y | {rows[1]} |\n:::\n"),
            variables(),
        )
        assert sorted(float(y) for y in re.findall(r'd="M0 ([\d.]+)H560"', svg)) == pytest.approx(heights, abs=0.2)


def test_a_line_breaks_where_there_is_no_figure():
    chart = chart_of(LINE)
    assert chart.series[0].values == (Decimal("436.1"), Decimal(218), None)


# ── what is wrong in it ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("text", "message"), [
    ("::: chart\nWords.\n:::\n", "the chart has no table"),
    ("::: chart\n| a | b |\n| - | - |\n| x | many |\n:::\n", "`many` is not a number"),
    ("::: chart\ntype: lien\n\n| a | b |\n| - | - |\n| x | 1 |\n:::\n", "there is no chart type `lien`"),
    ("::: chart\ntype: line\n\n| a | b |\n| - | - |\n| x | 1 |\n:::\n", "`b` needs at least 2 figures to be drawn"),
    ("::: chart\ntype: meter\n\n| a | b |\n| - | - |\n| x | 1 |\n:::\n", "the meter has no maximum"),
    ("::: chart\ntype: meter\nmax: 5\n\n| a | b |\n| - | - |\n| x | 9 |\n:::\n", "the meter goes from 0 to 5 and cannot show 9"),
    ("::: chart\ntype: meter\nmax: all\n\n| a | b |\n| - | - |\n| x | 9 |\n:::\n", "`all` cannot be the maximum of a meter"),
    ("::: chart\n| a |\n| - |\n| x |\n:::\n", "the table has no numbers"),
    ("::: chart\n| a | b | c | d | e |\n| - | - | - | - | - |\n| x | 1 | 2 | 3 | 4 |\n:::\n", "a chart can have at most 3 columns of numbers"),
    ("::: chart\n| a | b |\n| - | - |\n" + "| x | 1 |\n" * 21 + ":::\n", "a bar chart can have at most 20 rows"),
])  # fmt: skip
def test_each_mistake_is_told_with_its_place(text: str, message: str):
    faults = chart_of(text).faults
    assert message in [fault.message for fault in faults]
    assert all(fault.span.line > 0 and fault.advice for fault in faults)


def test_whatever_is_wrong_nothing_is_lost(tmp_path: Path):
    made = press(tmp_path, "::: chart Title\ntype: line\n\nWords.\n\n| a | b |\n| - | - |\n| x | many |\n:::\n")
    for output in (made.email, made.page, made.text, made.feed):
        assert all(word in output for word in ("Title", "Words.", "many"))


CELLS = st.sampled_from(["", "1", "-2.5", "0", "1,000", "x", "–", "7 %", "999999999999999", "**3**", "٣"])


@settings(max_examples=60)
@given(
    st.sampled_from(("bar", "column", "line", "meter", "sparkline", "pie")),
    st.integers(1, 5).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=6)),
    st.sampled_from(["", "unit: %\n", "max: 5\n", "max: 0\n"]),
)
def test_no_table_is_too_odd_to_be_told(kind: str, rows: list[list[str]], fields: str):
    width = len(rows[0]) if rows else 2
    table = "\n".join(f"| {' | '.join(row)} |" for row in (["h"] * width, ["-"] * width, *rows))
    chart = chart_of(f"::: chart\ntype: {kind}\n{fields}\n{table}\n:::\n")
    low, high = chart.bounds
    assert low <= high
    if chart.drawable and chart.type == "sparkline":
        assert all(draw_spark(one, variables()).startswith("<svg") for one in chart.series)
    elif chart.drawable:
        assert draw_chart(chart, variables()).startswith("<svg")
    assert chart.drawable or chart.faults


# ── colours ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_drawn_is_seen_on_the_card_of_every_look(look: str, scheme: str):
    colours = getattr(load_design(Theme(look=look), [templates_folder() / "theme"]), scheme)
    assert [name for name in COLOURS if contrast(colours[name], colours["card"]) < 3] == []  # WCAG 2.2, 1.4.11


def contrast(one: str, other: str) -> float:
    """Of two colours, as WCAG 2.2 defines it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
