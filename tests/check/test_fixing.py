"""Fixing: what is changed, what is kept, and that it ends."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.check.fixes import apply_fixes, choose, splice, splice_bytes
from newsletter.diagnostics import Diagnostic, Edit, Fix
from newsletter.files import decode
from newsletter.markdown.source import Source
from newsletter.model import Span


def finding(*edits: tuple[int, int, str], code: str = "ST109") -> Diagnostic:
    fix = Fix(tuple(Edit(Span(start, end), text) for start, end, text in edits), "do it")
    return Diagnostic("a.md", Span(0, 0), code, "it is wrong", fix=fix)


def test_all_edits_of_all_fixes_are_applied_at_once():
    text, fixed = apply_fixes("one two three", [finding((8, 13, "3")), finding((0, 3, "1"), (4, 7, "2"))])
    assert (text, len(fixed)) == ("1 2 3", 2)


def test_of_two_overlapping_fixes_only_the_first_is_applied():
    first, second = finding((0, 3, "1")), finding((2, 5, "x"), (6, 7, "y"))
    assert apply_fixes("one two", [second, first]) == ("1 two", (first,))


def test_a_fix_is_applied_completely_or_not_at_all():
    first, second = finding((4, 7, "2")), finding((0, 3, "1"), (4, 7, "zwei"), code="ST999")
    text, fixed = apply_fixes("one two", [first, second])
    assert (text, fixed) == ("1 zwei", (second,))


def test_a_fix_shared_by_several_findings_is_applied_once_and_fixes_all():
    one, other = finding((0, 3, "1")), finding((0, 3, "1"), code="ST110")
    assert apply_fixes("one", [one, other]) == ("1", (one, other))


def test_two_insertions_at_one_place_are_not_applied_together():
    assert apply_fixes("b", [finding((0, 0, "a")), finding((0, 0, "c"), code="ST110")])[0] == "ab"


def test_an_edit_without_a_change_fixes_nothing():
    assert apply_fixes("one", [finding((0, 3, "one"))]) == ("one", ())


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_byte_order_mark_and_the_line_ends_are_kept(mark: bytes, end: str):
    content = mark + f"één{end}two{end}three".encode()
    edits, _ = choose("één\ntwo\nthree", [finding((4, 7, "2")), finding((8, 13, "3"))])
    assert splice_bytes(content, edits) == mark + f"één{end}2{end}3".encode()


def test_inserted_text_has_the_line_end_of_the_previous_line():
    content = b"one\r\ntwo\nthree\r\n"
    edits, _ = choose("one\ntwo\nthree\n", [finding((5, 5, "a\nb")), finding((9, 9, "c\nd"))])
    assert splice_bytes(content, edits) == b"one\r\nta\r\nbwo\ntc\ndhree\r\n"


def test_a_removed_line_loses_its_whole_line_end():
    edits, _ = choose("one\ntwo\nthree", [finding((4, 8, ""))])
    assert splice_bytes(b"one\r\ntwo\r\nthree", edits) == b"one\r\nthree"


def test_a_file_that_is_not_utf8_is_not_changed():
    with pytest.raises(UnicodeDecodeError):
        splice_bytes(b"caf\xe9", [Edit(Span(0, 1), "C")])


@st.composite
def edited(draw: st.DrawFn) -> tuple[bytes, list[Edit]]:
    """A file with any line ends, and ordered, separate edits of its text."""
    pieces = st.sampled_from(["a", "é", "😀", " ", "\n", "\r\n", "\r", "\ufeff", "\x00", "#"])
    content = "".join(draw(st.lists(pieces, max_size=40)))
    text = Source(decode(content.encode(), "a.md")[0], "a.md").text
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8, unique=True)))
    replacements = st.text("xy\n", max_size=3)
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return content.encode(), [Edit(Span(start, end), draw(replacements)) for start, end in pairs]


@given(edited())
def test_the_edited_file_matches_the_edited_text_and_the_rest_is_unchanged(given_file: tuple[bytes, list[Edit]]):
    content, edits = given_file
    after = splice_bytes(content, edits)
    before_text = Source(decode(content, "a.md")[0], "a.md").text
    after_text = Source(decode(after, "a.md")[0], "a.md").text
    # With mixed line ends, a carriage return and a line feed may become adjacent, and then they are one line end.
    expected = splice(before_text, edits)
    if b"\r" not in content and not content.startswith(b"\xef\xbb\xbf") and not expected.startswith("\ufeff"):
        assert after_text == expected
    raw, at = content.decode(), 0
    for piece in _untouched(raw, edits):
        found = after.decode().find(piece, at)
        assert found >= 0
        at = found + len(piece)


def _untouched(raw: str, edits: list[Edit]) -> list[str]:
    """The parts of the file between the edits."""
    offsets = _offsets(raw)
    cuts = [0, *(offsets[place] for edit in edits for place in (edit.span.start, edit.span.end)), len(raw)]
    return [raw[start:end] for start, end in zip(cuts[::2], cuts[1::2], strict=True)]


def _offsets(raw: str) -> list[int]:
    """The offset in the file of each character of the text, counted one by one."""
    at = 0
    while at < 2 and raw[at : at + 1] == "\ufeff":
        at += 1
    offsets = [at]
    while at < len(raw):
        at += 2 if raw[at : at + 2] == "\r\n" else 1
        offsets.append(at)
    return offsets
