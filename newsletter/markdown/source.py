"""The text of a file, and the source maps from content back to it.

Content is the rest of source lines without the marks of quotations, lists and tables and without indentation. The block
rules record the source of each piece while they cut it, so that nothing is searched for afterwards.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from newsletter.model import Span
from newsletter.tokens import RESERVED

if TYPE_CHECKING:
    from collections.abc import Sequence

_UNREADABLE = re.compile(f"[\0\ud800-\udfff{RESERVED.pattern[1:-1]}]")


class Source:
    """A source text and the places in it.

    `text` has single newlines as line ends, and no byte order mark. Characters that no text may have (NUL, lone
    surrogates, the noncharacters of newsletter.tokens) are U+FFFD in it. Each is replaced by one character, so that
    offsets stay those of the file.
    """

    __slots__ = ("_starts", "path", "text")

    def __init__(self, text: str, path: str) -> None:
        text = text.removeprefix("\ufeff")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
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

    def line_end(self, number: int) -> int:
        """The offset at which line `number` (from 1) ends, its newline not included."""
        return self._starts[number] - 1 if number < len(self._starts) else len(self.text)

    def map_from(self, offset: int) -> SourceMap:
        """The map of content that is a single piece from `offset` on."""
        return SourceMap(self, (0,), (offset,))

    def map_of_lines(self, lines: Sequence[str], ends: Sequence[int], lead: int) -> SourceMap:
        """The map of content from `lines`, each the rest of a source line that ends at the offset in `ends`.

        Spaces at the start may differ from the source (tabs become spaces), so a line is located by its end. `lead` is
        the number of characters trimmed from the start of the joined lines.
        """
        starts, shifts = [], []
        begin = -lead
        for line, end in zip(lines, ends, strict=True):
            starts.append(begin + len(line) - len(line.lstrip(" \t")))
            shifts.append(end - begin - len(line))
            begin += len(line) + 1
        return SourceMap(self, starts, shifts)


class SourceMap:
    """Maps offsets in content to places in its source.

    From the content offset `starts[i]` on, up to the next start, a character at `n` is at `n + shifts[i]`.
    """

    __slots__ = ("_shift", "_shifts", "_source", "_starts")

    def __init__(self, source: Source, starts: Sequence[int], shifts: Sequence[int]) -> None:
        self._source = source
        self._starts = starts
        self._shifts = shifts
        self._shift = shifts[0] if len(shifts) == 1 else None
        """The offset from content to source, if there is only one."""

    def span(self, start: int, end: int) -> Span:
        """The stretch of the source from the first to after the last character of the content's `start:end`."""
        shift = self._shift
        if shift is not None:
            return self._source.span(start + shift, end + shift)
        first = self._at(start)
        return self._source.span(first, self._at(end - 1) + 1 if end > start else first)

    def _at(self, offset: int) -> int:
        return offset + self._shifts[max(bisect_right(self._starts, offset) - 1, 0)]
