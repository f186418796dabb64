"""Reading the HTML of an email, and colours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.check.facts.colours import colour_of, contrast, nearest_passing, ratio
from newsletter.check.facts.email_html import UNKNOWN, Page


def seen(html: str) -> list[str]:
    page = Page(html)
    return [run.text.strip() for run in page.runs if page.shows(run) and run.text.strip()]


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>a<br>b</p>", ["a", "b"]),
        ("<style>a{}</style><title>t</title><p>a</p>", ["a"]),
        ("<!--[if mso]><p>Outlook</p><![endif]--><p>a</p>", ["a"]),
        ("<!--[if !mso]><!--><p>a</p><!--<![endif]-->", ["a"]),
        ('<div style="display:none">x</div>a', ["a"]),
        ('<div style="font-size:0"><p>x</p><p style="font-size:12px">a</p></div>', ["a"]),
        ('<a title="a > b" href=x>c</a>', ["c"]),
        ("<p>a < b &amp; c</p>", ["a", "b & c"]),
        ('<div style="max-height:0;overflow:hidden">x</div>', []),
        ('<div style="opacity:0">x</div><div style="opacity:0.5">a</div>', ["a"]),
    ],
)
def test_hidden_text_is_not_visible(html, words):
    assert seen(html) == words


def test_a_link_has_its_accessible_name():
    html = '<a href="1">a <img alt="b"> <i>c</i></a><a href="2" aria-label="d">e</a><a href="3"><img></a>'
    page = Page(html)
    assert [page.name_of(element) for element in page.elements if element.name == "a"] == ["a b c", "d", ""]


def test_colours_are_inherited_from_surrounding_elements():
    html = '<td bgcolor="#111111"><p style="color:#eee">a <a href="x">b</a> <b style="background:url(x)">c</b></p></td>'
    page = Page(html)
    colours = {
        run.text.strip(): (page.style_of(run).text, page.style_of(run).ground) for run in page.runs if run.text.strip()
    }
    assert colours == {
        "a": ("#eeeeee", "#111111"),
        "b": (UNKNOWN, "#111111"),
        "c": ("#eeeeee", UNKNOWN),
    }


@given(st.text(alphabet="<>a/p \"'=!-[]{}&;b", max_size=60))
def test_any_text_is_read_completely_in_order(html):
    page = Page(html)
    starts = [run.start for run in page.runs]
    assert starts == sorted(starts)
    assert all(element.parent < element.number for element in page.elements)
    for element in page.elements:
        page.within(element)
        page.is_hidden(element.number)


def test_reading_takes_linear_time():
    Page("<" * 20_000 + "a" * 20_000 + '<p style="' * 2_000)


COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


@given(COLOURS, COLOURS)
def test_contrast_is_symmetric(one, other):
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21.0001


@given(COLOURS, COLOURS)
def test_a_suggested_colour_has_the_required_contrast(text, ground):
    found = nearest_passing(text, [(ground, 4.5)])
    assert contrast(found, ground) >= 4.5


def test_black_on_white_has_a_contrast_of_21():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


def test_a_ratio_is_never_rounded_up_to_the_threshold():
    assert ratio(4.4999) == "4.49 to 1"
    assert ratio(4.5) == "4.5 to 1"


@pytest.mark.parametrize(
    ("value", "colour"),
    [
        ("#ABC", "#aabbcc"),
        ("#a6341b !important", "#a6341b"),
        ("rgb(1, 2, 3)", "#010203"),
        ("rgba(1 2 3 / 100%)", "#010203"),
        ("rgba(1,2,3,.5)", None),
        ("white", "#ffffff"),
        ("var(--x)", None),
        ("", None),
    ],
)
def test_colours_of_css_are_read(value, colour):
    assert colour_of(value) == colour
