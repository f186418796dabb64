"""The text of a file as it is read: its characters cleaned of what may not be in it, its places as line and column."""

from __future__ import annotations

import re
from bisect import bisect_right

from newsletter.late import late
from newsletter.model import Span
from newsletter.tokens import RESERVED

_LINE_ENDS = late("\r\n?")
_UNREADABLE = re.compile(f"[\0\ud800-\udfff{RESERVED.pattern[1:-1]}]")


class Source:
    """A source text and where things stand in it.

    `text` has line ends as a single newline and no byte order mark. What no text may hold (NUL, lone surrogates, the
    noncharacters of newsletter.tokens) is U+FFFD in it, one for one, so that offsets stay those of the file.
    """

    __slots__ = ("_starts", "path", "text")

    def __init__(self, text: str, path: str) -> None:
        text = text.removeprefix("\ufeff")
        if "\r" in text:
            text = _LINE_ENDS.sub("\n", text)
        self.text = text if text.isascii() and "\0" not in text else _UNREADABLE.sub("\ufffd", text)
        self.path = path
        self._starts = [0]
        self._starts += [match.end() for match in re.finditer("\n", self.text)]

    def position(self, offset: int) -> tuple[int, int]:
        """The line and the column of the character at `offset`, both counted from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def span(self, start: int, end: int) -> Span:
        """The stretch of text from `start` up to `end` (offsets in characters), with its line and column."""
        line = bisect_right(self._starts, start)
        return Span(start, end, line, start - self._starts[line - 1] + 1)

    def line_start(self, number: int) -> int:
        """The offset at which line `number` (from 1) begins; the end of the text for a line that is not there."""
        return self._starts[number - 1] if number <= len(self._starts) else len(self.text)

    def line_end(self, number: int) -> int:
        """The offset at which line `number` (from 1) ends, its newline not included."""
        return self._starts[number] - 1 if number < len(self._starts) else len(self.text)

    def line_text(self, number: int) -> str:
        """Line `number` (from 1) without its newline; empty for a line that is not there."""
        return self.text[self.line_start(number) : self.line_end(number)]
