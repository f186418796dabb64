"""Which level of heading opens a section: that of the headings that come back from issue to issue."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from newsletter.infer.course import SUPPORT
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LEVELS = range(2, 6)
"""Those that a house format can have."""
_AGREE = 0.85
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Levels:
    """The level of sections; and where it was another one up to some issue, that one and the place of the first with the new."""

    level: int = 2
    earlier: tuple[int, int] | None = None

    def at(self, place: int) -> int:
        """The level in the issue at a place."""
        return self.earlier[0] if self.earlier and place < self.earlier[1] else self.level


def levels_of(bodies: Sequence[str]) -> Levels:
    """The level of the sections of issues, oldest first, given as Markdown without front matter."""
    headings = [set(_headings(body)) for body in bodies]
    issues_with: dict[str, set[int]] = defaultdict(set)
    for place, found in enumerate(headings):
        for _, text in found:
            issues_with[text].add(place)
    often = max(2, len(bodies) // 25)
    own = [
        _most(Counter(level for level, text in found if level in LEVELS and len(issues_with[text]) >= often))
        for found in headings
    ]
    usual = _most(Counter(level for level in own if level))
    if usual:
        return _with_change(own, usual)
    # No heading comes back, as in essays: the level that most issues begin with.
    return Levels(_most(Counter(min(level for level, _ in found) for found in headings if found)) or 2)


def _headings(body: str) -> Iterator[tuple[int, str]]:
    fence = ""
    for line in body.split("\n"):
        opened = _FENCE.match(line)
        if opened and not fence:
            fence = opened[1]
        elif opened and opened[1].startswith(fence):
            fence = ""
        elif not fence and (match := _HEADING.match(line)):
            yield len(match[1]), _DIGITS.sub("0", match[2].casefold())


def _most(counted: Counter[int]) -> int:
    """The most frequent level of those that sections can have; the higher heading of two; 0 for none."""
    return min((level for level in counted if level in LEVELS), key=lambda level: (-counted[level], level), default=0)


def _with_change(own: Sequence[int], usual: int) -> Levels:
    known = [(place, level) for place, level in enumerate(own) if level]
    best, found = sum(level == usual for _, level in known) + SUPPORT - 1, Levels(usual)
    for cut in range(SUPPORT, len(known) - SUPPORT + 1):
        early, late = Counter(level for _, level in known[:cut]), Counter(level for _, level in known[cut:])
        before, after = _most(early), _most(late)
        right = early[before] + late[after]
        clear = early[before] >= _AGREE * cut and late[after] >= _AGREE * (len(known) - cut)
        if before != after and clear and right > best:
            best, found = right, Levels(after, (before, known[cut][0]))
    return found
