"""Where the characters of a stretch of content stand in the source.

Content is what is left of source lines once the marks of quotations, lists and tables and the indentation are cut off.
The block rules record, while they cut, where each piece of it came from; nothing is ever searched for afterwards.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


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
