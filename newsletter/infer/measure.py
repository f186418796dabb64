"""Computes bounds from many counts, by quantiles, rounded to numbers that a person would write."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.house.format import Bounds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

TAIL = 0.01
"""The share of values that are ignored at each end, because they may be mistakes."""
_DRIFT = 1.6
ENOUGH = 8
"""With fewer counts, no rule is written."""
_WIDEST = 12
"""If the largest value is this many times the smallest, no lower bound is written."""
_FAR = 3
"""If an upper bound would be this many times the usual value, it is not written."""
_ROOM = 0.5
"""The least distance between the observed values and a bound, as a share: future issues will differ."""
_MISTAKES = 20
"""Of this many of the newest issues, one may be a mistake."""
_NEWEST = 5
"""One issue in this many counts as new. Future issues may exceed the rest as far as these did."""


def quantiles(values: Sequence[int], tail: float = TAIL) -> tuple[int, int]:
    """The smallest and largest value after `tail` of the values are cut off at either end."""
    ordered = sorted(values)
    cut = int(len(ordered) * tail)
    return ordered[cut], ordered[-1 - cut]


def _room(values: Sequence[int]) -> tuple[float, float]:
    """The factors by which a lower and an upper bound lie beyond the observed values, which are in order of time."""
    # If there are few values, those to come may be farther out.
    margin = 1 + max(_ROOM, 2 / len(values) ** 0.5)
    known, newer = values[: -len(values) // _NEWEST], values[-(len(values) // _NEWEST) :]
    if not known or not newer:
        return margin, margin
    (low, high), (least, most) = quantiles(known), quantiles(newer, 1 / _MISTAKES)
    return margin * max(1.0, low / max(least, 1)), margin * max(1.0, most / max(high, 1))


def enough_of(issues: int) -> int:
    """The fewest counts from which a rule is written, for this many issues; of few issues, most must have one."""
    return min(ENOUGH, max(3, (issues + 1) // 2))


def sizes(values: Sequence[int], enough: int = ENOUGH) -> Bounds:
    """Bounds for words, wider than the observed values.

    A bound that would be too loose is left out. `values` are in order of time.
    """
    if len(values) < enough:
        return Bounds()
    low, high = quantiles(values)
    usual = sorted(values)[len(values) // 2]
    if high > _FAR * usual or usual < 10 or not _steady(values):
        return Bounds()
    below, above = _room(values)
    least, most = round_down(low / below), round_up(high * above)
    return Bounds(least if least >= 10 and high <= _WIDEST * low else None, most)


def sizes_of_items(rows: Sequence[Sequence[int]], enough: int = ENOUGH) -> Bounds:
    """Bounds for the words of items, from the longest and the shortest item of each issue, in order of time."""
    given = [row for row in rows if row]
    most, least = sizes([max(row) for row in given], enough), sizes([min(row) for row in given], enough)
    smallest = least.minimum if most.maximum and least.minimum else None
    return Bounds(smallest if smallest and smallest * _WIDEST >= (most.maximum or 0) else None, most.maximum)


def _steady(values: Sequence[int]) -> bool:
    """Whether the early and the late values are about the same. If they kept growing, no rule is written."""
    if len(values) < 2 * ENOUGH:
        return True
    half = len(values) // 2
    (_, early), (_, late) = quantiles(values[:half], 0.1), quantiles(values[half:], 0.1)
    return max(early, late) <= _DRIFT * min(early, late)


def characters(values: Sequence[int], enough: int = ENOUGH) -> Bounds:
    """Bounds for the length of texts.

    If many texts are close to the longest, that is a limit and is kept exactly; else the bound has room.
    """
    if len(values) < enough:
        return Bounds()
    low, high = quantiles(values)
    below, above = _room(values)
    close = sum(value > _CLOSE * high for value in values)
    most = round_up(high) if close >= max(3, len(values) // 10) else round_up(high * above)
    # If there are few values, those to come may be much shorter.
    least = round_down(low / (below if len(values) < ENOUGH else 1 + _ROOM))
    return Bounds(least if least >= 10 and high <= _WIDEST * low else None, most)


_CLOSE = 0.95


def counts(values: Sequence[int], enough: int = ENOUGH) -> Bounds:
    """Bounds for counts of items, figures and other parts."""
    if len(values) < enough:
        return Bounds()
    low, high = quantiles(values)
    usual = sorted(values)[len(values) // 2]
    if low == high:
        return Bounds(low, high)
    below, above = _room(values)
    least, most = int(low / below), max(high + 1, -int(-high * above // 1))
    most = most if most <= 10 else round_up(most)
    least = least if least <= 10 else round_down(least)
    # A minimum of 1 is not needed, because an empty section is reported anyway.
    return Bounds(least if least > 1 else None, most if high <= _FAR * max(usual, 2) and _steady(values) else None)


def wider(bounds: Bounds, values: Sequence[int]) -> Bounds:
    """Bounds one step wider on the side with more values outside; without that bound if it would become too small."""
    below = [value for value in values if bounds.minimum is not None and value < bounds.minimum]
    above = [value for value in values if bounds.maximum is not None and value > bounds.maximum]
    if len(below) > len(above):
        least = sorted(below)[len(below) // 2]
        few = (bounds.minimum or 0) <= 10  # a count of items or the like, not of words
        return Bounds(least or None if few else round_down(least) if least >= 10 else None, bounds.maximum)
    if not above:
        return bounds
    return Bounds(bounds.minimum, round_up(sorted(above)[len(above) // 2]))


def round_up(number: float) -> int:
    """The next larger number that a person would write: 17 becomes 20, 113 becomes 120, 530 becomes 550."""
    step = _step(number)
    return int(-(-number // step) * step)


def round_down(number: float) -> int:
    """The next smaller number that a person would write."""
    step = _step(number)
    return int(number // step * step)


def _step(number: float) -> int:
    for limit, step in ((10, 1), (50, 5), (200, 10), (1000, 50), (5000, 100), (20000, 500)):
        if number <= limit:
            return step
    return 1000


# Twenty bounds that each exclude the longest and shortest of forty issues would report half of all issues. So those that
# exclude the most issues are widened, step by step, until nearly all issues are within all of them.


SPARED = 0.02
"""The share of issues that may be outside some bound."""
_STEPS = 500


@dataclass(slots=True)
class MeasuredLimit:
    """A bound, and the counts that it applies to."""

    name: str
    """The name for people: `words of news`."""
    bounds: Bounds
    values: Sequence[tuple[int, int]]
    """The counts, each with the position of its issue."""
    put: Callable[[Bounds], None]
    """A function that sets the bound in the plan."""

    def outside(self) -> set[int]:
        """The positions of the issues with a count outside of the bound."""
        if self.bounds.free:
            return set()
        return {issue for issue, value in self.values if value not in self.bounds}


def settle(limits: Sequence[MeasuredLimit], total: int) -> list[str]:
    """Widens the bounds until nearly all of `total` issues are within, and sets them in the plan.

    Returns the names of those that were given up.
    """
    had = {id(limit) for limit in limits if not limit.bounds.free}
    outside = {id(limit): limit.outside() for limit in limits}
    for _ in range(_STEPS):
        if len({issue for found in outside.values() for issue in found}) <= SPARED * total:
            break
        blamed = Counter(issue for found in outside.values() for issue in found)
        alone = {key: sum(blamed[issue] == 1 for issue in found) for key, found in outside.items()}
        costly = max(limits, key=lambda limit: (alone[id(limit)], len(outside[id(limit)])))
        costly.bounds = wider(costly.bounds, [value for _, value in costly.values])
        outside[id(costly)] = costly.outside()
    for limit in limits:
        limit.put(limit.bounds)
    return [limit.name for limit in limits if limit.bounds.free and id(limit) in had]
