r"""A text that is open in an editor, and its positions: characters in the model, lines and code units in the client.

Clients count lines from 0. In a line they count the code units of UTF-16, or of UTF-8 or UTF-32 if both sides agreed on
that. Only "\n", "\r\n" and "\r" end a line for them (LSP 3.17, "Text Documents").
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.diagnostics import Edit
    from newsletter.model import Span

UTF8, UTF16, UTF32 = types.PositionEncodingKind.Utf8, types.PositionEncodingKind.Utf16, types.PositionEncodingKind.Utf32
_LINE_END = re.compile("\r\n|\r|\n")
_MARK = "\ufeff"
_MARKS = 2
"""The number of byte order marks that are not part of the text.

One is removed when a file is read, one when an issue is read.
"""


class Buffer:
    """One file, as it is open in an editor or on disk. It is immutable: an edit returns another.

    Offsets of the model refer to `text`: its line ends are single line feeds, and it has no byte order mark.
    """

    __slots__ = ("_ends", "_lead", "_lines", "_starts", "encoding", "path", "raw", "text", "uri", "version")

    def __init__(self, uri: str, path: Path, raw: str, *, encoding: str = UTF16, version: int | None = None) -> None:
        self.uri = uri
        self.path = path
        self.raw = raw
        """The text as the client has it."""
        self.encoding = encoding
        self.version = version
        """The client's version number; None for a file that is not open."""
        self._lead = next((count for count in range(_MARKS) if raw[count : count + 1] != _MARK), _MARKS)
        found = list(_LINE_END.finditer(raw))
        self._starts = [self._lead, *(end.end() for end in found)]
        """The offset of the start of each line in `raw`."""
        self._ends = [*(end.start() for end in found), len(raw)]
        """The offset of the end of each line in `raw`, without its line end."""
        lengths = (end - start + 1 for start, end in zip(self._starts, self._ends, strict=True))
        self._lines = [0, *accumulate(lengths)][:-1]
        """The offset of the start of each line in `text`."""
        self.text = _LINE_END.sub("\n", raw[self._lead :]) if self._lead or "\r" in raw else raw

    def edited(self, changes: list[types.TextDocumentContentChangeEvent], version: int | None) -> Buffer:
        """The buffer after `changes`, applied one after another."""
        buffer = self
        for change in changes:
            raw = change.text
            if isinstance(change, types.TextDocumentContentChangePartial):
                start, end = buffer._raw_offset(change.range.start), buffer._raw_offset(change.range.end)
                raw = buffer.raw[:start] + change.text + buffer.raw[max(start, end) :]
            buffer = Buffer(self.uri, self.path, raw, encoding=self.encoding, version=version)
        return buffer

    def offset(self, position: types.Position) -> int:
        """The offset in `text` of a position.

        A position after the end of a line or of the text counts as the end.
        """
        line, column = self._line_and_column(position)
        return self._lines[line] + column

    def _raw_offset(self, position: types.Position) -> int:
        line, column = self._line_and_column(position)
        # If the whole text is replaced, the start is before the byte order mark.
        return 0 if (line, position.character) == (0, 0) else self._starts[line] + column

    def _line_and_column(self, position: types.Position) -> tuple[int, int]:
        if position.line >= len(self._starts):
            return len(self._starts) - 1, self._ends[-1] - self._starts[-1]
        line = self.raw[self._starts[position.line] : self._ends[position.line]]
        units = max(position.character - (self._mark_units() if position.line == 0 else 0), 0)
        return position.line, _characters(line, units, self.encoding)

    def position(self, offset: int) -> types.Position:
        """The client's position of the character at `offset` of `text`."""
        line = max(bisect_right(self._lines, offset) - 1, 0)
        start = self._starts[line]
        column = min(max(offset - self._lines[line], 0), self._ends[line] - start)
        units = _units(self.raw[start : start + column], self.encoding)
        return types.Position(line, units + (self._mark_units() if line == 0 else 0))

    def range(self, start: int, end: int) -> types.Range:
        """The client's range for `text[start:end]`."""
        return types.Range(self.position(start), self.position(end))

    def range_of(self, span: Span) -> types.Range:
        """The client's range for a span."""
        return self.range(span.start, span.end)

    def text_edit(self, edit: Edit) -> types.TextEdit:
        """An edit in the form of the client, with the line ends of the file."""
        return types.TextEdit(self.range_of(edit.span), edit.text.replace("\n", self.line_end))

    @property
    def line_end(self) -> str:
        """The line end of the first line; a line feed if there is only one line."""
        found = _LINE_END.search(self.raw)
        return found[0] if found else "\n"

    def line_at(self, offset: int) -> tuple[int, int]:
        """Start and end of the line around `offset` of `text`, its line feed not included."""
        end = self.text.find("\n", offset)
        return self.text.rfind("\n", 0, offset) + 1, len(self.text) if end < 0 else end

    def _mark_units(self) -> int:
        return _units(_MARK * self._lead, self.encoding)


def _units(text: str, encoding: str) -> int:
    """The number of code units of `text` in the encoding."""
    if encoding == UTF32 or text.isascii():
        return len(text)
    if encoding == UTF8:
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text) + sum(character > "\uffff" for character in text)


def _characters(line: str, units: int, encoding: str) -> int:
    """The number of characters of `line` before a number of code units.

    A character that would be split is not counted.
    """
    if encoding == UTF32 or line.isascii():
        return min(units, len(line))
    for place, character in enumerate(line):
        units -= _units(character, encoding)
        if units < 0:
            return place
    return len(line)
