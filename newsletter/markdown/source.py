"""The text of a file as it is read: its characters cleaned of what may not be in it, its places as line and column."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from newsletter.late import late
from newsletter.model import Span
from newsletter.tokens import RESERVED

if TYPE_CHECKING:
    from collections.abc import Sequence

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


# ── Where the characters of a stretch of content stand in the source ──────────────────────────────────────────────────
# Content is what is left of source lines once the marks of quotations, lists and tables and the indentation are cut off.
# The block rules record, while they cut, where each piece of it came from; nothing is ever searched for afterwards.


class Places:
    """A map from offsets in content to offsets in the source.

    From the content offset `starts[i]` on, up to the next start, a character at `n` stands at `n + shifts[i]`.
    """

    __slots__ = ("_shifts", "_starts", "shift")

    def __init__(self, starts: Sequence[int], shifts: Sequence[int]) -> None:
        self._starts = starts
        self._shifts = shifts
        self.shift = shifts[0] if len(shifts) == 1 else None
        """The one distance from content to source, where there is only one."""

    def at(self, offset: int) -> int:
        """Where the character at `offset` of the content stands in the source."""
        if self.shift is not None:
            return offset + self.shift
        return offset + self._shifts[max(bisect_right(self._starts, offset) - 1, 0)]

    def stretch(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the source from the first to behind the last character of the content's `start:end`."""
        if self.shift is not None:
            return start + self.shift, end + self.shift
        first = self.at(start)
        return (first, self.at(end - 1) + 1) if end > start else (first, first)

    def cut(self, start: int) -> Places:
        """The map of the content from `start` on."""
        return Places([begin - start for begin in self._starts], [shift + start for shift in self._shifts])


def places_of_lines(lines: Sequence[str], ends: Sequence[int], lead: int) -> Places:
    """The map of content made of `lines`, each the tail of a source line that ends at the offset in `ends`.

    Blanks in front may be others than in the source (tabs become spaces), so a line is held by its end. `lead` is how
    many characters were trimmed from the front of the joined lines.
    """
    starts, shifts = [], []
    begin = -lead
    for line, end in zip(lines, ends, strict=True):
        text = begin + len(line) - len(line.lstrip(" \t"))
        starts.append(text)
        shifts.append(end - begin - len(line))
        begin += len(line) + 1
    return Places(starts, shifts)
