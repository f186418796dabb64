"""The page on a large screen, in a browser: contents beside the text, notes in the margin, wide pictures."""

from __future__ import annotations

from dataclasses import replace

import pytest

from newsletter.bundled import templates_folder
from newsletter.config.publication import Theme
from newsletter.model import Footnote, FootnoteReference
from newsletter.render.letter import SectionPart
from newsletter.render.page import load_page_theme, render_page
from tests.render import letters
from tests.render.letters import bare_letter, p, section

WORDS = "A sentence about the sea and those who live beside it. " * 12
NOTE = "A note that is long enough to take several lines of the margin, so that the next has to wait. " * 3
BOXES = """(selector) => [...document.querySelectorAll(selector)].map((each) => {
  const { left, right, top, bottom, width } = each.getBoundingClientRect();
  return { left, right, top: top + scrollY, bottom: bottom + scrollY, width };
})"""


def letter(*, notes=True):
    """An issue of four sections. The first has two notes close together."""
    parts, references = [], [FootnoteReference("a", 1), FootnoteReference("b", 2)] if notes else []
    for index, name in enumerate(("The sea", "The land", "The sky", "The end")):
        inlines = (WORDS, *references, WORDS) if index == 0 else (WORDS,) * 8
        parts.append(SectionPart(replace(section(name, p(*inlines)), anchor=name.lower().replace(" ", "-"))))
    made = replace(bare_letter(parts=tuple(parts)), footnotes=())
    if notes:
        blocks = (p(NOTE),)
        made = replace(made, footnotes=(Footnote("a", 1, blocks), Footnote("b", 2, blocks)))
    return made


@pytest.fixture
def open_page(tab):
    """Opens the page of an issue in a window of a given width."""
    theme = load_page_theme([templates_folder() / "theme" / "page"], Theme())

    def open_in_window(made, width, direction="ltr"):
        page = tab.fresh(width, 800)
        page.route("**/*", lambda route: route.abort())
        html = render_page(made, theme).replace('dir="ltr"', f'dir="{direction}"', 1)
        page.set_content(html, wait_until="load")
        page.add_style_tag(content=theme.stylesheet)
        return page

    return open_in_window


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_notes_are_beside_their_text_and_do_not_overlap(open_page, direction):
    page = open_page(letter(), 1300, direction)
    (text_,) = page.evaluate(BOXES, "#the-sea > p")
    first, second = page.evaluate(BOXES, ".footnotes > ol > li")
    reference = page.evaluate(BOXES, ".noteref")[0]
    assert abs(first["top"] - reference["top"]) < 30
    assert second["top"] >= first["bottom"]
    assert first["left"] > text_["right"] if direction == "ltr" else first["right"] < text_["left"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 1300


def test_on_a_phone_notes_are_a_list_at_the_end(open_page):
    page = open_page(letter(), 375)
    (last,) = page.evaluate(BOXES, "#the-end")
    first, second = page.evaluate(BOXES, ".footnotes > ol > li")
    assert last["bottom"] < first["top"] < first["bottom"] <= second["top"]


def test_the_contents_stay_visible_and_mark_the_current_section(open_page):
    page = open_page(letter(notes=False), 1100)
    assert page.locator(".rail").is_visible()
    page.evaluate("document.querySelector('#the-sky').scrollIntoView()")
    page.wait_for_function("getComputedStyle(document.querySelectorAll('.rail a')[2]).fontWeight == '700'")
    assert 0 <= page.evaluate("document.querySelector('.rail').getBoundingClientRect().top") < 100


@pytest.mark.parametrize("width", [375, 999])
def test_on_a_small_screen_there_is_one_column(open_page, width):
    page = open_page(letter(), width)
    assert page.locator(".rail").is_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(("width", "wider"), [(1200, True), (800, False)])
def test_a_picture_with_enough_pixels_is_wider_than_the_text(open_page, width, wider):
    made = letters.full_letter()
    big = {"width": 560, "height": 300, "pixel_width": 1120, "pixel_height": 600}
    images = {name: replace(image, **big) for name, image in made.images.items()}
    page = open_page(replace(made, images=images, footnotes=(), parts=()), width)
    (picture,) = page.evaluate(BOXES, ".title > figure")
    (standfirst,) = page.evaluate(BOXES, ".title > .standfirst")
    assert (picture["width"] > standfirst["width"] + 50) is wider
