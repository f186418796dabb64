"""Text that is rewritten in steps and keeps, for each line, its line number in the original file."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class TextChange(NamedTuple):
    """A replacement: the characters from `start` to `end` (offsets) become `text`."""

    start: int
    end: int
    text: str


class MappedText:
    """Text with the line number in its original file for each line."""

    def __init__(self, text: str, first: int = 1, lines: Sequence[int] | None = None) -> None:
        """Maps `text` to the lines of its file; `first` is the number of its first line."""
        self.text = text
        self._lines = lines if lines is not None else range(first, first + text.count("\n") + 1)
        self._starts: list[int] | None = None

    def line(self, offset: int) -> int:
        """The line number in the file for the character at `offset`."""
        if self._starts is None:
            self._starts = [0]
            at = self.text.find("\n")
            while at >= 0:
                self._starts.append(at + 1)
                at = self.text.find("\n", at + 1)
        return self._lines[bisect_right(self._starts, offset) - 1]

    def changed(self, changes: Iterable[TextChange]) -> MappedText:
        """The text after the changes, which must be in order; an overlapping change is ignored.

        An inserted line gets the line number of the place where it was inserted.
        """
        parts: list[str] = []
        lines: list[int] = [self._lines[0]]
        done = 0
        for start, end, text in changes:
            if start < done:
                continue
            self._keep(done, start, parts, lines)
            parts.append(text)
            if text and (more := text.count("\n")):
                lines += [self.line(start)] * more
            done = end
        if not parts:
            return self
        self._keep(done, len(self.text), parts, lines)
        return MappedText("".join(parts), lines=lines)

    def _keep(self, start: int, end: int, parts: list[str], lines: list[int]) -> None:
        kept = self.text[start:end]
        parts.append(kept)
        at = kept.find("\n")
        while at >= 0:
            lines.append(self.line(start + at + 1))
            at = kept.find("\n", at + 1)
