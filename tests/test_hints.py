from __future__ import annotations

import pytest

from newsletter.hints import HINT, hint


@pytest.mark.parametrize(
    "text",
    [
        "TK(what to write)",
        "## TK(a heading of your own)",
        "[TK(title)](TK(address))",
        "summary: TK(one or two sentences; 40–300 characters)",
        "标题TK(what to write)",
        "TK(with (one) pair)",
        "TK(never closed",
    ],
)
def test_a_hint_is_found(text):
    assert HINT.search(text)


@pytest.mark.parametrize("text", ["TK", "ATK(x)", "STK(1)", "tk(x)", "TK (x)", "a_TK(x)"])
def test_other_text_is_not_a_hint(text):
    assert not HINT.search(text)


def test_two_hints_in_one_link_are_two():
    assert [match[0] for match in HINT.finditer("[TK(title)](TK(address))")] == ["TK(title)", "TK(address)"]


@pytest.mark.parametrize("words", ["plain", "a (b) c", ")(", "two\nlines", "((", ""])
def test_a_written_hint_is_found_completely(words):
    written = hint(words)
    assert HINT.fullmatch(written)
    assert "\n" not in written
