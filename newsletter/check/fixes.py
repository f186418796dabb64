r"""Applies fixes that are safe, to the text and then to the bytes of the file.

Findings count characters of the text in the model, where lines end in "\n" and there is no byte order mark. In the
file, every byte outside of the edits stays: the mark, line ends, and a missing line end at the end.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newsletter.diagnostics import Diagnostic, Edit

_MARK = "\ufeff"
_MARKS = 2
"""The most byte order marks that are removed: one by reading the file, one by reading the text."""
_LINE_END = re.compile("\r\n|\r|\n")


def apply_fixes(text: str, diagnostics: Iterable[Diagnostic]) -> tuple[str, tuple[Diagnostic, ...]]:
    """The text with the fixes that can be combined, and the findings that they fix.

    Fixes are applied in order of place. A fix that overlaps an earlier one is left for the next round, after a new
    check. A fix that changes nothing is left out. Either all edits of a fix are applied, or none.
    """
    edits, fixed = choose(text, diagnostics)
    return splice(text, edits), fixed


def choose(text: str, diagnostics: Iterable[Diagnostic]) -> tuple[tuple[Edit, ...], tuple[Diagnostic, ...]]:
    """The edits of `apply_fixes` in order of place, and the findings that they fix."""
    chosen: list[Edit] = []
    fixed: list[Diagnostic] = []
    for found in sorted((found for found in diagnostics if found.fix), key=_place):
        edits = found.fix.edits if found.fix else ()
        new = [edit for edit in edits if edit not in chosen]
        if not new and edits:
            fixed.append(found)  # fixed by another finding's fix, for example one that renumbers all items
        elif _changes(text, edits) and not any(_touch(edit, other) for edit in new for other in chosen):
            chosen += new
            fixed.append(found)
    return tuple(sorted(chosen, key=lambda edit: (edit.span.start, edit.span.end))), tuple(fixed)


def _place(found: Diagnostic) -> tuple[int, str, str]:
    first = min((edit.span.start for edit in found.fix.edits), default=0) if found.fix else 0
    return first, found.code, found.message


def _changes(text: str, edits: Sequence[Edit]) -> bool:
    return any(text[edit.span.start : edit.span.end] != edit.text for edit in edits)


def _touch(one: Edit, other: Edit) -> bool:
    """Whether two edits are at the same place: they share a character, or one inserts at an end of the other."""
    first, second = one.span, other.span
    if first.start == first.end or second.start == second.end:
        return first.start <= second.end and second.start <= first.end
    return first.start < second.end and second.start < first.end


def splice(text: str, edits: Sequence[Edit]) -> str:
    """The text with `edits`, which must be in order and must not overlap."""
    pieces, at = [], 0
    for edit in edits:
        pieces += [text[at : edit.span.start], edit.text]
        at = edit.span.end
    return "".join([*pieces, text[at:]])


def splice_bytes(content: bytes, edits: Sequence[Edit]) -> bytes:
    """The file with `edits`, whose offsets are those of its text. Inserted lines get the line ends of the lines around them.

    Raises UnicodeDecodeError for a file that is not UTF-8, because offsets cannot be computed for it.
    """
    raw = content.decode("utf-8")
    layout = _Layout(raw)
    pieces, at = [], 0
    for edit in edits:
        start, end = layout.raw(edit.span.start), layout.raw(edit.span.end)
        pieces += [raw[at:start], edit.text.replace("\n", layout.line_end(edit.span.start))]
        at = end
    return "".join([*pieces, raw[at:]]).encode("utf-8")


class _Layout:
    """Converts offsets of the text to offsets of the file."""

    def __init__(self, raw: str) -> None:
        self._lead = next((count for count in range(_MARKS) if raw[count : count + 1] != _MARK), _MARKS)
        self._starts: list[int] = []
        """The offset of each line end in the text."""
        self._ends: list[str] = []
        self._longer = [0]
        """The difference in length between file and text before each line end."""
        for found in _LINE_END.finditer(raw) if "\r" in raw else ():
            self._starts.append(found.start() - self._lead - self._longer[-1])
            self._ends.append(found[0])
            self._longer.append(self._longer[-1] + len(found[0]) - 1)

    def raw(self, offset: int) -> int:
        """The offset in the file of the character at `offset` of the text."""
        return offset + self._lead + self._longer[bisect_left(self._starts, offset)]

    def line_end(self, offset: int) -> str:
        """The line end before `offset` of the text, else the first one after it."""
        if not self._ends:
            return "\n"
        return self._ends[max(bisect_left(self._starts, offset) - 1, 0)]
