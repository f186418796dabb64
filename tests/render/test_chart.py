"""`::: chart`: the numbers of a table drawn in every output, or in words where nothing can be drawn."""

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
from tests.render.rendered import render_all

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


def test_bars_are_cells_with_labels_and_numbers(tmp_path: Path):
    made = render_all(tmp_path, BARS)
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


def test_the_page_has_the_table_behind_the_chart(tmp_path: Path):
    page = render_all(tmp_path, BARS).page
    assert "<details><summary>The figures as a table</summary>" in page
    assert "<figcaption>Source: <a href=" in page


def test_in_text_bars_are_block_characters_within_72_columns(tmp_path: Path):
    text = render_all(tmp_path, BARS).text
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
    feed = render_all(tmp_path, BARS).feed
    assert "<th" in feed
    assert "<td" in feed
    assert "details" not in feed


def test_numbers_are_formatted_for_the_issues_language(tmp_path: Path):
    made = render_all(tmp_path, BARS, language="de")
    assert "436,1\u00a0Mt" in made.email
    assert "436,1\u00a0Mt" in made.page
    assert "Quelle: Ports" in made.text


def test_negative_bars_have_the_opposite_direction(tmp_path: Path):
    made = render_all(tmp_path, "::: chart\n| a | b |\n| - | - |\n| x | -10 |\n| y | 10 |\n:::\n")
    assert '<td width="50%">&nbsp;</td><td width="50%" height="16"' in made.email
    assert "−10" in made.text


# ── meters and sparklines ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("fields", "row", "expected"), [
    ("unit: %", "| x | 40 |", "40%"),
    ("max: 50", "| x | 20 |", "20 / 50"),
    ("unit: km", "| x | 20 | 50 |", "20 / 50\u00a0km"),
])  # fmt: skip
def test_a_meter_shows_its_maximum(tmp_path: Path, fields: str, row: str, expected: str):
    head = "| a | b |\n| - | - |" if row.count("|") == 3 else "| a | b | c |\n| - | - | - |"
    made = render_all(tmp_path, f"::: chart\ntype: meter\n{fields}\n\n{head}\n{row}\n:::\n")
    assert '<td width="40%" height="16" class="bt"' in made.email
    assert expected in made.email
    assert "░" in made.text


def test_a_meter_without_a_number_is_not_drawn_as_empty(tmp_path: Path):
    made = render_all(tmp_path, "::: chart\ntype: meter\nunit: %\n\n| a | b |\n| - | - |\n| x | |\n| y | 0 |\n:::\n")
    assert made.email.count('class="tr"') == 1
    assert made.page.count('class="track"') == 1
    assert "– / " not in made.email + made.page + made.text


@pytest.mark.parametrize("series", [1, 2])
@pytest.mark.parametrize(("name", "figure"), [("x", 1_000_000_000), ("Donaudampfschifffahrtselektrizität", 1)])
def test_bars_are_below_labels_and_numbers_that_are_too_long(tmp_path: Path, name: str, figure: int, series: int):
    head, rule = "| a " + "| b " * series + "|", "| - " * (series + 1) + "|"
    made = render_all(
        tmp_path, f"::: chart\nunit: tonnes\n\n{head}\n{rule}\n| {name} {f'| {figure} ' * series}|\n:::\n"
    )
    assert '<td width="30%"' not in made.email
    assert f'colspan="2" style="padding:{"3px 0 6" if series == 1 else "6px 0 1"}px' in made.email
    assert f'<table class="bars {"alone" if series == 1 else "long"}"' in made.page
    assert made.page.count(f'<th scope="row">{name}</th>') == 1


def test_a_sparkline_is_one_line_per_row(tmp_path: Path):
    made = render_all(
        tmp_path, "::: chart\ntype: sparkline\n\n| r | 1 | 2 | 3 |\n| - | - | - | - |\n| Rhine | 1 | 2 | 3 |\n:::\n"
    )
    assert "Rhine ▁▅█ 3" in made.text
    assert made.page.count("<svg") == 1
    assert {(image.width, image.height) for image in made.images.values()} == {(150, 32)}


# ── drawings ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_line_charts_have_a_light_and_a_dark_drawing(tmp_path: Path):
    made = render_all(tmp_path, LINE)
    assert made.codes == []
    assert len(made.images) == 2
    assert 'class="lt"' in made.email
    assert 'class="dk"' in made.email
    light, dark = made.images.values()
    drawn = [Image.open(BytesIO(make_image(tmp_path, image))) for image in (light, dark)]
    assert [image.size for image in drawn] == [(1120, 440)] * 2
    assert drawn[0].tobytes() != drawn[1].tobytes()


def test_the_alt_text_of_a_line_chart_has_the_numbers(tmp_path: Path):
    email = render_all(tmp_path, LINE).email
    assert (
        'alt="Freight &amp; more: 2024: Rotterdam 436.1\u00a0Mt, Antwerp 218\u00a0Mt, Ghent –; 2025: Rotterdam 1'
        in email
    )


def test_drawings_on_the_page_use_its_colours_and_contain_no_text(tmp_path: Path):
    page = render_all(tmp_path, LINE).page
    svg = page[page.index("<svg") : page.index("</svg>")]
    assert 'stroke="var(--accent)"' in svg
    assert "<text" not in svg
    assert "<img" not in page


def test_time_runs_from_right_to_left_in_a_right_to_left_issue(tmp_path: Path):
    arabic = LINE.replace("Rotterdam", "روتردام").replace("Antwerp", "أنتويرب").replace("*Ghent*", "غنت")
    page = render_all(tmp_path, arabic.replace("Freight & more", "البضائع"), language="ar").page
    assert '<g transform="matrix(-1 0 0 1 560 0)">' in page


def test_an_english_chart_in_an_arabic_issue_runs_from_left_to_right(tmp_path: Path):
    made = render_all(tmp_path, LINE, language="ar")
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
def test_as_many_labels_as_fit_are_below_a_drawing(tmp_path: Path, names: str, shown: str):
    rows = "\n".join(f"| {name} | 1 | 2 |" for name in names.split())
    made = render_all(tmp_path, f"::: chart\ntype: line\n\n| a | b | c |\n| - | - | - |\n{rows}\n:::\n")
    below = made.page[made.page.index('<div class="names') : made.page.index("<details>")]
    assert " ".join(re.findall(r"<span [^>]*>([^<]+)</span>", below)) == shown
    spans = [int(span) for span in re.findall(r"grid-column:span (\d+)", below)]
    assert sum(spans) == len(names.split())


def test_each_label_has_its_number_if_both_fit(tmp_path: Path):
    chart = "::: chart\ntype: column\nunit: {}\n\n| a | b |\n| - | - |\n| x | 1.5 |\n| y | 2 |\n| z | 3 |\n:::\n"
    assert render_all(tmp_path, chart.format("Mt")).email.count("\u00a0Mt</strong>") == 3
    long = render_all(tmp_path, chart.format("thousand tonnes")).email
    assert "</strong>" not in long[long.index('class="lt"') :]
    assert ">3\u00a0thousand tonnes</td>" in long


def test_an_axis_has_an_inner_line_at_zero_or_in_the_middle():
    for rows, heights in ((("-3", "4"), [6, 124.9, 214]), (("3", "4"), [6, 110, 214])):
        svg = draw_chart(
            chart_of(f"::: chart\ntype: line\n\n| a | b |\n| - | - |\n| x | {rows[0]} |\n| y | {rows[1]} |\n:::\n"),
            variables(),
        )
        assert sorted(float(y) for y in re.findall(r'd="M0 ([\d.]+)H560"', svg)) == pytest.approx(heights, abs=0.2)


def test_a_line_has_a_gap_where_a_number_is_missing():
    chart = chart_of(LINE)
    assert chart.series[0].values == (Decimal("436.1"), Decimal(218), None)


# ── mistakes ─────────────────────────────────────────────────────────────────────────────────────────────


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
def test_each_mistake_is_reported_with_its_place(text: str, message: str):
    faults = chart_of(text).faults
    assert message in [fault.message for fault in faults]
    assert all(fault.span.line > 0 and fault.advice for fault in faults)


def test_a_chart_with_mistakes_loses_no_text(tmp_path: Path):
    made = render_all(tmp_path, "::: chart Title\ntype: line\n\nWords.\n\n| a | b |\n| - | - |\n| x | many |\n:::\n")
    for output in (made.email, made.page, made.text, made.feed):
        assert all(word in output for word in ("Title", "Words.", "many"))


CELLS = st.sampled_from(["", "1", "-2.5", "0", "1,000", "x", "–", "7 %", "999999999999999", "**3**", "٣"])


@settings(max_examples=60)
@given(
    st.sampled_from(("bar", "column", "line", "meter", "sparkline", "pie")),
    st.integers(1, 5).flatmap(lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=6)),
    st.sampled_from(["", "unit: %\n", "max: 5\n", "max: 0\n"]),
)
def test_any_table_is_rendered_in_words(kind: str, rows: list[list[str]], fields: str):
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
def test_chart_colours_have_enough_contrast_in_every_look(look: str, scheme: str):
    colours = getattr(load_design(Theme(look=look), [templates_folder() / "theme"]), scheme)
    assert [name for name in COLOURS if contrast(colours[name], colours["card"]) < 3] == []  # WCAG 2.2, 1.4.11


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, as in WCAG 2.2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
