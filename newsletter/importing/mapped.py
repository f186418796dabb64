"""A text that is rewritten step by step, and still knows on which line of its file each of its lines began."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class TextChange(NamedTuple):
    """The text from `start` to `end` (offsets) becomes `text`."""

    start: int
    end: int
    text: str


class MappedText:
    """A text and, for each of its lines, the line of the file that it came from."""

    def __init__(self, text: str, first: int = 1, lines: Sequence[int] | None = None) -> None:
        """`first` is the line of the file that the text begins with."""
        self.text = text
        self._lines = lines if lines is not None else range(first, first + text.count("\n") + 1)
        self._starts: list[int] | None = None

    def line(self, offset: int) -> int:
        """The line of the file that what is at `offset` came from."""
        if self._starts is None:
            self._starts = [0]
            at = self.text.find("\n")
            while at >= 0:
                self._starts.append(at + 1)
                at = self.text.find("\n", at + 1)
        return self._lines[bisect_right(self._starts, offset) - 1]

    def changed(self, changes: Iterable[TextChange]) -> MappedText:
        """The text with the changes made, each of which comes after the one before. New lines came from where they are."""
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
