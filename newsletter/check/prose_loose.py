"""Marks that come in pairs, and those without their other half: what the rules about quotations and brackets share.

What opens in one paragraph may close in a later one, so marks left over are set off against each other before any is told.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from newsletter.records import dataclass

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator

    from newsletter.check.prose import Prose


@dataclass(frozen=True, slots=True)
class Loose:
    """A mark that has no other half in its passage."""

    offset: int
    passage: int
    opens: bool
    """Whether it opens what nothing closes; else it closes what nothing opened."""
    family: str
    """Marks that could be its other half are of the same one."""
    closed_by: int = -1
    """Where a mark of another kind stands that was meant to close it."""


def by_passage(prose: Prose, pattern: re.Pattern[str]) -> Iterator[tuple[int, list[int]]]:
    """The index of each passage that readers read in which `pattern` is found, and the offsets at which it is."""
    offsets = (match.start() for match in pattern.finditer(prose.text))
    for index, marks in groupby(offsets, prose.index_at):
        if prose.passages[index].prose:
            yield index, list(marks)


def unpaired(loose: Iterable[Loose]) -> list[Loose]:
    """Without what opens in one paragraph and closes in a later one."""
    left: list[Loose] = []
    for mark in loose:
        if not mark.opens:
            opener = next((other for other in reversed(left) if other.opens and other.family == mark.family), None)
            if opener:
                left.remove(opener)
                continue
        left.append(mark)
    return left
