"""The order of the issues in time, and the first and last issue with a habit, such as a section or a field."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING

from newsletter.house.forms import dated_name
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from newsletter.infer.observe import Seen

SUPPORT = 5
"""The fewest issues on either side of a change."""
ALWAYS = 0.95
"""The share of issues that must have something from some issue on, so that it counts as constant."""
_CHANCE = 0.001
"""A pause counts as the end of a habit if it is less likely by chance than this, given the usual rate near it."""
_NEAR = 10
"""The number of neighbouring occurrences from which the usual rate is computed."""
_STRAYS = 3
_ISOLATED = 20
"""The fewest issues between a stray occurrence and all others."""
_LONG = 0.25
_YEARS = range(1900, 2200)
"""Numbers that `since` and `until` would read as years."""
_STEP = 0.2
"""The smallest increase of the share at the issue from which something is required."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The issues from `start` up to, but not including, `end`, by position. `total` is the number of all issues."""

    start: int
    end: int
    total: int

    def __contains__(self, place: object) -> bool:
        """Whether the issue at `place` is in the stretch."""
        return isinstance(place, int) and self.start <= place < self.end

    def __len__(self) -> int:
        """The number of issues in the stretch."""
        return self.end - self.start

    @property
    def whole(self) -> bool:
        """Whether the stretch has all issues."""
        return self.start == 0 and self.end == self.total


@dataclass(frozen=True, slots=True)
class Course:
    """The order of the issues, and their values for `since` and `until`."""

    bounds: tuple[int | date, ...]
    """The number or date of each issue; empty if the issues have neither, so that there are no eras."""
    total: int
    known: int = 0
    """The number of issues at the beginning that have such a value.

    The rules for the latest era apply to all others.
    """

    @property
    def all(self) -> Stretch:
        """All issues."""
        return Stretch(0, self.total, self.total)

    @property
    def span(self) -> str:
        """The first and the last issue: `2018-01-14 to 2024-12-10`."""
        return f"{_bound(self.bounds[0])} to {_bound(self.bounds[-1])}" if self.bounds else ""

    def since(self, stretch: Stretch) -> str:
        """The value of `since` for the first issue of a stretch; "" if it is the first of all."""
        return _bound(self.bounds[stretch.start]) if self.bounds and stretch.start > 0 else ""

    def until(self, stretch: Stretch) -> str:
        """The value of `until` for the last issue of a stretch; "" if it is the last of all."""
        return _bound(self.bounds[stretch.end - 1]) if self.bounds and stretch.end < stretch.total else ""

    def stretch(self, present: Sequence[bool]) -> Stretch:
        """The issues in which a habit occurs now and then: all issues, unless the habit clearly began or ended."""
        return self._with_rest(stretch_of(present[: self.known])) if self.bounds else self.all

    def settled(self, present: Sequence[bool], within: Stretch, *, whole: bool = True) -> Stretch | None:
        """The issues in which something was always done: all of `within`, or those since or until a clear step.

        None if there are none. Without `whole`, all of `within` is no answer.
        """
        if not self.bounds:
            return settled_in(present, within, steps=False) if whole else None
        known = Stretch(within.start, min(within.end, self.known), self.known)
        found = settled_in(present[: self.known], known, steps=True, whole=whole)
        return None if found is None else self._with_rest(found)

    def _with_rest(self, stretch: Stretch) -> Stretch:
        return Stretch(stretch.start, self.total if stretch.end == self.known else stretch.end, self.total)


def _bound(moment: int | date) -> str:
    """The number or date of an issue."""
    return f"number {moment}" if isinstance(moment, int) and moment in _YEARS else str(moment)


def natural(name: str) -> tuple[tuple[int, str], ...]:
    """A sort key that puts `issue-9` before `issue-10`."""
    parts = re.split(r"(\d+)", name)
    return tuple((len(part.lstrip("0")), part.lstrip("0")) if part.isdecimal() else (-1, part) for part in parts)


def in_course(seen: Sequence[Seen]) -> tuple[tuple[Seen, ...], Course]:
    """The issues in order: by number if nearly all have a number of their own, else by date, else by name.

    An issue without a date has the date in its name, as in a check.
    """
    by_number = [issue.number for issue in seen if issue.number is not None]
    days = [issue.date or dated_name(issue.name) for issue in seen]
    by_date = [day for day in days if day is not None]
    if _gives_order(by_number, len(seen)):
        known: list[int | date | None] = [issue.number for issue in seen]
    elif _gives_order(by_date, len(seen)):
        known = [*days]
    else:
        return tuple(sorted(seen, key=lambda issue: (natural(issue.name), issue.path))), Course((), len(seen))
    pairs = sorted(
        ((bound, issue) for bound, issue in zip(known, seen, strict=True) if bound is not None),
        key=lambda pair: (pair[0], natural(pair[1].name), pair[1].path),
    )
    rest = sorted((issue for bound, issue in zip(known, seen, strict=True) if bound is None), key=lambda i: i.path)
    # The rules for the latest era apply to an issue without number and date.
    ordered = (*(issue for _, issue in pairs), *rest)
    bounds = [bound for bound, _ in pairs]
    return ordered, Course((*bounds, *(bounds[-1] for _ in rest)), len(seen), len(pairs))


def _gives_order(values: Sequence[object], total: int) -> bool:
    return total > 0 and len(values) >= ALWAYS * total and len(set(values)) >= ALWAYS * total


def stretch_of(present: Sequence[bool]) -> Stretch:
    """The issues from the first to the last occurrence, if the pauses before and after are too long to be chance; else all."""
    total = len(present)
    places = [place for place, there in enumerate(present) if there]
    if len(places) < SUPPORT:
        return Stretch(0, total, total)
    start = _begin(places)
    end = total - _begin([total - 1 - place for place in reversed(places)])
    return Stretch(start, end, total) if end - start >= SUPPORT else Stretch(0, total, total)


def _begin(places: Sequence[int]) -> int:
    """The position of the first occurrence; 0 if the habit may be older than the issues."""
    for strays in range(min(_STRAYS, len(places) // _ISOLATED) + 1):
        near = places[strays : strays + _NEAR]
        pause = near[0] - (places[strays - 1] + 1 if strays else 0)
        rate = min(0.99, (len(near) - 1) / max(1, near[-1] - near[0]))
        if len(near) >= SUPPORT and pause >= (_ISOLATED if strays else SUPPORT) and (1 - rate) ** pause < _CHANCE:
            return near[0]
    return 0


def settled_in(present: Sequence[bool], within: Stretch, *, steps: bool, whole: bool = True) -> Stretch | None:
    """The issues in which a habit is constant: see `Course.settled`."""
    inside = [1 if there else 0 for there in present[within.start : within.end]]
    count, done = len(inside), sum(inside)
    if whole and count and done >= ALWAYS * count:
        return within
    if not steps or count < 2 * SUPPORT:
        return None
    before = [0, *accumulate(inside)]
    best, found = 0.0, None
    for cut in range(SUPPORT, count - SUPPORT + 1):
        early, late = before[cut] / cut, (done - before[cut]) / (count - cut)
        step = abs(late - early)
        # The best cut has the largest step, weighted by the number of issues on both sides.
        weight = step * (cut * (count - cut)) ** 0.5
        if max(early, late) >= ALWAYS and min(early, late) <= ALWAYS - _STEP and weight > best:
            since = late > early
            start, end = (within.start + cut, within.end) if since else (within.start, within.start + cut)
            # The first issue, or the last, must have it.
            while start < end and since and not present[start]:
                start += 1
            while start < end and not since and not present[end - 1]:
                end -= 1
            best, found = weight, Stretch(start, end, within.total)
    if found is None or len(found) < 2 * SUPPORT:
        return None
    # A rule that has ended is only written if it applied for a long time.
    return found if found.end == within.end or len(found) >= _LONG * len(within) else None
