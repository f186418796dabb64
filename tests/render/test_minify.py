"""The published style sheet has the same rules as the source, in fewer characters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.bundled import templates_folder
from newsletter.config.publication import Theme
from newsletter.render.minify import minified
from newsletter.render.page import load_page_theme

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("a { color: red; }\n\nb { margin: 0 }", "a{color:red}b{margin:0}"),
        ("/* a note */ a { color: red } /* never closed", "a{color:red}"),
        ("/*! licence */ a { }", "/*! licence */ a{}"),
        ("a b > c + d ~ e, f { }", "a b>c + d ~ e,f{}"),
        ("a :first-child, a:first-child { }", "a :first-child,a:first-child{}"),
        (".a .b, .a.b { }", ".a .b,.a.b{}"),
        ("a { width: calc(1px + 2px - (3px * 4)) }", "a{width:calc(1px + 2px - (3px * 4))}"),
        ("a { font: 1rem / 1.5 x !important }", "a{font:1rem / 1.5 x !important}"),
        ("@media (max-width: 640px) and (hover) { a { x: y } }", "@media (max-width:640px) and (hover){a{x:y}}"),
        ("a::before { content: ' ; /* no note */ {' }", "a::before{content:' ; /* no note */ {'}"),
        ('a { content: "\\" ; " ; }', 'a{content:"\\" ; "}'),
        ("a { background: url( x;y,z.png ) }", "a{background:url( x;y,z.png )}"),
        ("a { background: url( 'x y.png' ) }", "a{background:url( 'x y.png' )}"),
        (".a\\:b  c { x: y }", ".a\\:b c{x:y}"),
        ("a/**/b { }", "a b{}"),
        (":root { --x: ; --y: a  b }", ":root{--x:;--y:a b}"),
    ],
)
def test_meaningless_characters_are_removed(css: str, expected: str):
    assert minified(css) == f"{expected}\n"


@given(st.text(alphabet="ab:;,>{}() \n.-1+~#*[]=", max_size=60))
def test_only_white_space_and_needless_semicolons_are_removed(css: str):
    def meaningful(sheet: str) -> str:
        return re.sub(r";+(?=})", "", re.sub(r"\s", "", sheet))

    assert meaningful(minified(css)) == meaningful(css)
    words = re.compile(r"[ab1.#-]+")
    assert words.findall(minified(css)) == words.findall(css), "two words never become one"


def test_the_parsed_rules_are_the_same(browser: Browser):
    css = load_page_theme((templates_folder() / "theme/page",), Theme()).stylesheet
    context = browser.new_context()
    page = context.new_page()

    def rules(sheet: str) -> list[str]:
        page.set_content(f"<style>{sheet}</style>")
        found = page.evaluate("[...document.styleSheets[0].cssRules].map(rule => rule.cssText)")
        # Values with custom properties, and conditions, are kept unchanged, including spaces.
        return [re.sub(r"([:,])\s+", r"\1", rule) for rule in found]

    whole, small = rules(css), rules(minified(css))
    context.close()
    assert len(whole) > 100
    assert small == whole
    assert len(minified(css)) < 0.85 * len(css)
