"""A check of any text ends, orders its findings, points into the text, and gives the same result again."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.check import RULES
from newsletter.diagnostics import Severity, in_order

HOUSE = r"""
front:
  title: {required: true, length: 5-20, pattern: "[A-Z].*"}
  series: {choices: [one, two]}
  own: {fields: {inner: required}}
opening: {required: true, words: 2-5}
sections:
  news:
    heading: ["News of {date:MMMM yyyy}", "News {number}"]
    figures: at least 1
    words: 5-10
    items: {count: 2-3, numbered: true, link: required, author: required, picture: required, categories: [A, B], words: 2-4, last: {look: roundup, entries: 2-3}}
  free: {repeat: 2-3}
  end: {heading: "End: {any}", items: {shape: bullet, link: forbidden, categories: any}}
words: 30-40
figures: {caption: required, credit: required}
never: [TK, INSERT_LINK]
"""
PIECES = [
    "---\n",
    "title: Ports\n",
    "title: [x\n",
    "date: 2024-01-31\n",
    "number: x\n",
    "authors: [pascal, 3, {a: b}]\n",
    "authors: 3\n",
    "cover: {image: 3, alt: [x]}\n",
    "cover: x.jpg\n",
    "own: {inner: , other: 1}\n",
    "series: [one, 3, three]\n",
    "slug: ''\n",
    "kind:\n",
    "\n",
    "## News of January 2024\n",
    "## News of May\n",
    "## End: x\n",
    "## \n",
    "# Title\n",
    "### 1. [A: Story](x) by Y\n",
    "### 3. B\n",
    "##### Deep\n",
    "- [x](y) by Z\n",
    "- x: y\n",
    "**Lead.** Text\n",
    "1、[x](y)\n",
    "![](stack.jpg)\n",
    "![x](../../../../y.jpg 'Photo: Z')\n",
    "::: callout\n",
    ":::\n",
    "<!-- check: ignore ST104, XX -->\n",
    "<!-- check: ignore\n",
    "<!-- check: -->\n",
    "TK(what)\n",
    "INSERT\\_LINK &amp; {{ x }}\n",
    "> ",
    "\t",
    "\ufeff",
    "\u202e",
    "中文。\n",
]
letters = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=25).map("".join)


@given(letters)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_can_be_checked(checker, text: str):
    checker.house(HOUSE)
    text = text.encode("utf-8", "replace").decode("utf-8")
    found = checker.check(text)
    source, _, _ = checker.read("issues/letter/index.md")
    assert found == in_order(found) == checker.check(text)
    codes = {rule.code for rule in RULES}
    for one in found:
        assert one.code in codes
        assert one.severity in {Severity.ERROR, Severity.WARNING}
        assert 0 <= one.span.start <= one.span.end <= len(source.text)
        assert source.span(one.span.start, one.span.end) == one.span
        assert one.message
        assert "\n" not in one.message + one.label + one.advice
        assert not one.message.endswith(".")
        assert not one.advice or one.advice[0].isupper() or one.advice[0] in "`'\""
