"""Bounds that are held against each other: each is generous to most issues, and together they must be so, too.

Twenty bounds that each leave out the longest and shortest in forty would find fault with half of all issues. So those that
cost the most issues are widened, step by step, until nearly all issues are within all of them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.infer.measure import wider

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from newsletter.house.format import Bounds

SPARED = 0.04
"""The share of issues that may be outside of any bound."""
_STEPS = 500


@dataclass(slots=True)
class Limit:
    """A bound, and what there is to be held against it."""

    name: str
    """For people: `words of news`."""
    bounds: Bounds
    values: Sequence[tuple[int, int]]
    """An issue, by its place, and a count in it."""
    put: Callable[[Bounds], None]
    """Puts the bound where it belongs in the plan."""

    def outside(self) -> set[int]:
        """The issues that are outside."""
        if self.bounds.free:
            return set()
        return {issue for issue, value in self.values if value not in self.bounds}


def settle(limits: Sequence[Limit], total: int) -> list[str]:
    """Widens bounds until nearly all of `total` issues are within, puts them into the plan, and says which were given up."""
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
