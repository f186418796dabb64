"""Tests that need a browser: nothing overflows the screen, all text has contrast, and nothing is loaded from elsewhere."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import pytest

from newsletter.bundled import templates_folder
from newsletter.config.publication import Theme
from newsletter.model import Directive, Figure, Image, Quotation, Table, TableCell
from newsletter.render.email import load_theme, render_email
from newsletter.render.page import load_page_theme, render_page
from tests.render.email.test_templates import complete_letter, wide_table
from tests.render.letters import ATTACHMENTS, IMAGES, PUBLICATION, bare_letter, bullets, link, p, text

THEME = templates_folder() / "theme"
DOCUMENTS = ("e-mail", "page")
LOOKS = ("letter", "plain")
WIDTHS = (320, 375, 600, 1280)

# Relative luminance and contrast, as in WCAG 2.2, of every visible text against its background.
LONG_WORDS = """
() => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (text.data.trim().length > 3 && !text.parentElement.closest("style, .dateline, .minutes, .numeral, [style*=nowrap]")) text.data += "ungeheuer".repeat(12);
  }
}
"""
COLOURS = """
() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (node.data.trim() && element.checkVisibility({ opacityProperty: true }) && element.getBoundingClientRect().width > 2)
      found.push([node.data.trim().slice(0, 40), getComputedStyle(element).color]);
  }
  return found;
}
"""
CELLS = """
() => {
  const row = document.querySelector(".st .r tbody tr"), cells = [...row.querySelectorAll("td")];
  const label = row.querySelector(".lb"), last = cells.at(-1).getBoundingClientRect();
  const edges = [...row.querySelectorAll(".va")].map((value) => value.getBoundingClientRect().left);
  return [
    new Set(cells.map((cell) => cell.getBoundingClientRect().top)).size, label.offsetWidth > 0, last.width > 300,
    new Set(edges).size,
  ];
}
"""
BROKEN_WORDS = """
() => {
  const found = [], range = document.createRange(), texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    if (!node.parentElement.closest("td td table")) continue;
    for (const word of node.data.matchAll(/[^\\s-]+/g)) {
      range.setStart(node, word.index); range.setEnd(node, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1) found.push(word[0]);
    }
  }
  return found;
}
"""
PICTURES = """() => [...document.querySelectorAll("img")].map((one) => {
  const box = one.getBoundingClientRect(), room = one.closest("td,li").getBoundingClientRect();
  return [Math.round(box.width), box.right <= room.right + 1];
})"""
FAINT_TEXTS = """
() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const luminance = ([r, g, b]) => {
    const [R, G, B] = [r, g, b].map((c) => c / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * R + 0.7152 * G + 0.0722 * B;
  };
  const ground = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = rgba(getComputedStyle(e).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255, 255];
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    const box = element.getBoundingClientRect();
    if (!node.data.trim() || !element.checkVisibility({ opacityProperty: true }) || box.width < 2 || box.height < 2) continue;
    const [text, back] = [luminance(rgba(getComputedStyle(element).color)), luminance(ground(element))];
    const contrast = (Math.max(text, back) + 0.05) / (Math.min(text, back) + 0.05);
    if (contrast < 4.5) faint.push(`${contrast.toFixed(2)}: ${node.data.trim().slice(0, 40)}`);
  }
  return faint;
}
"""


@pytest.fixture(scope="module")
def documents():
    """An issue with every kind of block, as email and web page, in each look."""
    made = {}
    for look in LOOKS:
        publication = replace(PUBLICATION, theme=Theme(look=look))
        letter = replace(complete_letter(), publication=publication)
        made["e-mail", look] = render_email(letter, load_theme(publication, [THEME / "email"], None))
        made["page", look] = render_page(letter, load_page_theme([THEME / "page"], publication.theme))
    return made


@pytest.fixture(scope="module")
def email_theme():
    """The bundled theme of emails."""
    return load_theme(PUBLICATION, [THEME / "email"], None)


@pytest.fixture
def look(tab, documents):
    """Opens one of the documents, and returns the page and the addresses that it requested."""

    def opened(name: str, width: int, scheme: str, look: str = "letter"):
        page = tab.fresh(width, scheme=scheme)
        asked: list[str] = []
        page.route("**/*", lambda route: (asked.append(route.request.url), route.abort()))
        page.set_content(documents[name, look], wait_until="load")
        if name == "page":
            page.add_style_tag(content=load_page_theme([THEME / "page"], Theme(look=look)).stylesheet)
        return page, asked

    return opened


@pytest.mark.parametrize(("name", "width"), list(itertools.product(DOCUMENTS, WIDTHS)))
def test_nothing_overflows_the_screen(look, name, width):
    page, _ = look(name, width, "light")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width


@pytest.mark.parametrize(("name", "width"), list(itertools.product(DOCUMENTS, WIDTHS)))
def test_words_that_are_wider_than_the_screen_are_broken(look, name, width):
    page, _ = look(name, width, "light")
    page.evaluate(LONG_WORDS)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(
    ("name", "scheme", "tokens"), list(itertools.product(DOCUMENTS, ("light", "dark"), LOOKS)), ids="-".join
)
def test_all_text_has_enough_contrast(look, name, scheme, tokens):
    page, _ = look(name, 390, scheme, tokens)
    assert page.evaluate(FAINT_TEXTS) == []


@pytest.mark.parametrize("tokens", LOOKS)
def test_all_text_has_enough_contrast_in_outlook_com_dark_mode(look, tokens):
    page, _ = look("e-mail", 720, "light", tokens)
    ground = page.evaluate("getComputedStyle(document.querySelector('.cd')).backgroundColor")
    page.evaluate("for (const mark of ['data-ogsc', 'data-ogsb']) document.body.setAttribute(mark, '')")
    assert page.evaluate("getComputedStyle(document.querySelector('.cd')).backgroundColor") != ground
    assert page.evaluate(FAINT_TEXTS) == []


def test_every_text_colour_changes_in_dark_mode(look):
    """Each colour is in a class of dark.css, because inline styles cannot be changed for dark mode."""
    light = look("e-mail", 720, "light")[0].evaluate(COLOURS)
    dark = look("e-mail", 720, "dark")[0].evaluate(COLOURS)
    assert len(light) == len(dark) > 80
    assert [words for (words, day), (_, night) in zip(light, dark, strict=True) if day == night] == []


def test_a_phone_stacks_the_cells_of_a_wide_table(look, tab):
    page, _ = look("e-mail", 720, "light")
    assert page.evaluate(CELLS)[:3] == [1, False, False]
    tab.resize(390)
    assert page.evaluate(CELLS) == [4, True, True, 1]  # the values begin at the same edge


SENTENCE = "A sentence that goes on and on about what was bought, from whom, why, and what it was for. " * 3
TABLES = {
    "price behind": wide_table(("What", "Price"), (SENTENCE, "1,250.00")),
    "price before": wide_table(("Price", "What"), ("1,250.00 €", SENTENCE)),
    "no headings": wide_table(("", ""), (SENTENCE, "1,250.00"), ("Short", "12.00")),
    "three, no headings": wide_table(("", "", ""), ("RISC-V", SENTENCE, "1,250.00")),
    "long words": wide_table(("Who", "What"), ("Verkehrsministerium", "Wasserstraßenneubauamt")),
    "many": wide_table(tuple("ABCDEFGH"), ("Wasserstraßenamt",) * 8),
    "many, no headings": wide_table(("",) * 8, ("Wasserstraßenamt",) * 8),
}


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("around", ["letter", "list", "quotation", "box"])
def test_tables_break_no_word(tab, email_theme, name, around):
    table = TABLES[name]
    block = {
        "letter": table,
        "list": bullets((p("One"), table)),
        "quotation": Quotation((table,)),
        "box": Directive("callout", text("Prices"), blocks=(table,)),
    }[around]
    html = render_email(bare_letter(block), email_theme)
    page = tab.fresh(1280)
    page.set_content(html)
    for width in (375, 600, 1200):
        tab.resize(width)
        assert page.evaluate(BROKEN_WORDS) == [], width
        assert page.evaluate("document.documentElement.scrollWidth") <= width


SMALL, LARGE = (
    f"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='{w}' height='40'/>" for w in (90, 2000)
)


@pytest.mark.parametrize("width", [375, 600, 1200])
def test_pictures_have_their_own_width_or_that_of_the_column(tab, email_theme, width):
    remote, own = Image("https://pictures.example/a.png", "A"), Image("barrier.jpg", "B")
    table = Table((), ((TableCell((remote,)), TableCell((own,))),), ("", ""))
    figures = (Figure(remote), Figure(own), p("See ", remote, " and ", own))
    blocks = (*figures, bullets(figures), Quotation(figures), Directive("callout", blocks=figures), table)
    letter = bare_letter(*blocks, images=IMAGES, picture_base="https://pictures.example/")
    html = render_email(letter, email_theme)
    assert all(int(found[1]) <= 560 for found in re.finditer(r"<img[^>]* width=\"(\d+)\"", html))
    assert "<img" not in re.sub(r"<img[^>]* width=\"\d+\"", "", html), "Outlook is told the width of each"
    body = html[html.index("<body") :]
    assert body.index('width="560"') < body.index('width="534"') < body.index('width="535"') < body.index('width="510"')
    page = tab.fresh(width)
    for source, least in ((SMALL, 90), (LARGE, 0)):
        page.set_content(re.sub(r"https://pictures.example/a.png", source, html))
        page.wait_for_function("[...document.images].every((one) => one.complete)")
        shown = page.evaluate(PICTURES)
        assert all(inside for _, inside in shown)
        assert least == 0 or shown[0][0] == least, "a small one is not blown up"
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_the_players_button_is_round(tab, email_theme, width):
    label = text(
        link("tide.mp3", "A very long title of a recording that takes more than one line on any phone there is")
    )
    letter = bare_letter(Directive("audio", label, {"length": "12 minutes"}), attachments=ATTACHMENTS)
    page = tab.fresh(width)
    page.set_content(render_email(letter, email_theme))
    box = page.locator("td.bt").first.bounding_box()
    assert (round(box["width"]), round(box["height"])) == (44, 44)


def test_without_style_sheets_nothing_overflows_a_phone(look):
    page, _ = look("e-mail", 390, "light")
    page.evaluate("document.querySelectorAll('style').forEach((style) => style.remove())")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("name", DOCUMENTS)
def test_only_pictures_and_the_pages_style_sheet_are_loaded(look, name):
    _, asked = look(name, 600, "light")
    assert [url for url in asked if not url.endswith((".jpg", ".png", ".webp", ".gif", ".svg", ".css"))] == []
