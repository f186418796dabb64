"""Positions in texts: characters here, lines and code units in the editor."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from newsletter.lsp.buffer import UTF8, UTF16, UTF32, Buffer
from newsletter.markdown.source import Source

TEXTS = st.text(st.sampled_from("ab\n\r é漢🚢\u2028\x0c\x85\ufeff"), max_size=30)
ENCODINGS = st.sampled_from([UTF8, UTF16, UTF32])
BYTES = {UTF8: ("utf-8", 1), UTF16: ("utf-16-le", 2), UTF32: ("utf-32-le", 4)}


def buffer(raw: str, encoding: str = UTF16) -> Buffer:
    return Buffer("file:///letter.md", Path("/letter.md"), raw, encoding=encoding)


def place(raw: str, offset: int, encoding: str) -> types.Position:
    """A position of the raw text, computed the slow way."""
    lines = raw[:offset].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    codec, size = BYTES[encoding]
    return types.Position(len(lines) - 1, len(lines[-1].encode(codec)) // size)


def change(text: str, start: types.Position, end: types.Position) -> types.TextDocumentContentChangePartial:
    return types.TextDocumentContentChangePartial(types.Range(start, end), text)


@pytest.mark.parametrize(("encoding", "unit"), [(UTF8, 12), (UTF16, 6), (UTF32, 5)])
def test_positions_count_the_code_units_of_the_client(encoding: str, unit: int):
    text = "é漢🚢b\na"  # 2, 3, 4 and 1 bytes
    assert buffer(f"\n{text}", encoding).position(5) == types.Position(
        1, unit - {UTF8: 2, UTF16: 1, UTF32: 1}[encoding]
    )
    assert buffer(f"ab{text}", encoding).position(6) == types.Position(
        0, unit + {UTF8: 0, UTF16: 1, UTF32: 1}[encoding]
    )


@given(TEXTS, ENCODINGS)
def test_positions_can_be_converted_in_both_directions(raw: str, encoding: str):
    one = buffer(raw, encoding)
    for offset in range(len(one.text) + 1):
        assert one.offset(one.position(offset)) == offset


@given(TEXTS)
def test_the_text_of_a_buffer_is_that_of_an_issue(raw: str):
    assert Source(buffer(raw).text, "").text == buffer(raw).text


@given(TEXTS, TEXTS, st.integers(0, 40), st.integers(0, 40), ENCODINGS)
def test_an_edit_gives_the_same_text_as_in_the_editor(raw: str, text: str, first: int, last: int, encoding: str):
    start, end = sorted((min(first, len(raw)), min(last, len(raw))))
    if any(raw[at - 1 : at + 1] == "\r\n" for at in (start, end)):
        return  # no editor has a position between the two
    one = buffer(raw, encoding)
    made = one.edited([change(text, place(raw, start, encoding), place(raw, end, encoding))], 2)
    marks = len(raw) - len(raw.lstrip("\ufeff"))
    if 0 < start <= marks or 0 < end <= marks:
        return  # nor, usually, one after a byte order mark
    assert made.raw == raw[:start] + text + raw[end:]
    assert made.version == 2


def test_several_edits_are_applied_in_order():
    one = buffer("one\ntwo\n")
    first = change("ONE", types.Position(0, 0), types.Position(0, 3))
    second = change("!", types.Position(0, 3), types.Position(0, 3))
    assert one.edited([first, second], 3).text == "ONE!\ntwo\n"
    assert one.edited([first, types.TextDocumentContentChangeWholeDocument("all new")], 3).text == "all new"


def test_a_position_after_the_end_is_the_end():
    one = buffer("ab\ncd")
    assert one.offset(types.Position(0, 99)) == 2
    assert one.offset(types.Position(1, 99)) == 5
    assert one.offset(types.Position(99, 0)) == 5
    assert one.edited([change("e", types.Position(1, 99), types.Position(1, 99))], 2).text == "ab\ncde"


def test_a_position_within_a_character_is_before_it():
    assert buffer("a🚢b").offset(types.Position(0, 2)) == 1


def test_lines_end_as_in_an_editor():
    assert buffer("a\u2028b\x0cc\x85d\ne").position(8) == types.Position(1, 0)


def test_edits_have_the_line_ends_of_the_file():
    from newsletter.diagnostics import Edit
    from newsletter.model import Span

    made = buffer("a\r\nb\r\n").text_edit(Edit(Span(2, 3), "x\ny"))
    assert made == types.TextEdit(types.Range(types.Position(1, 0), types.Position(1, 1)), "x\r\ny")
