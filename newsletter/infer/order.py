"""In which order the sections stand: fixed, either way round for some, anywhere for others, or free."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from newsletter.check.facts.sections import longest_in_order

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OBEYED = 0.95
"""An order is one where so many issues follow it."""
_ENOUGH = 3
"""So many issues must have two sections for their order to say something."""

Ranks = dict[int, int]
"""By section, its place in the order; what is not there may stand anywhere."""


def order_of(rows: Sequence[Sequence[int]]) -> tuple[tuple[tuple[int, ...], ...] | None, tuple[int, ...]]:
    """The order of sections by rank, or None where there is none; and all sections from the usual first to the last.

    `rows` are the sections of each issue, as they stand there.
    """
    usual = _usual(rows)
    distinct = Counter(tuple(row) for row in rows if len(row) > 1)
    groups: list[tuple[int, ...]] = [(section,) for section in usual]
    total = sum(distinct.values())
    bad = _disobeying(distinct, groups)
    while total and sum(bad.values()) > (1 - OBEYED) * total:
        better = _loosened(bad, groups)
        if better is None or len(better) == 1 or sum(len(group) for group in better) * 2 < len(usual):
            return None, usual
        groups = better
        bad = _disobeying(distinct, groups)
    return tuple(groups), usual


def _usual(rows: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """All sections by where they stand on average, then put right where most issues have two of them the other way round."""
    where: dict[int, list[float]] = defaultdict(list)
    before: Counter[tuple[int, int]] = Counter()
    for row in rows:
        for index, section in enumerate(row):
            where[section].append((index + 0.5) / len(row))
        first = list(dict.fromkeys(row))
        for index, section in enumerate(first):
            before.update((section, later) for later in first[index + 1 :])
    order = sorted(where, key=lambda section: (sum(where[section]) / len(where[section]), section))
    for _ in order:
        moved = False
        for at, (one, other) in enumerate(pairwise(list(order))):
            if order[at] == one and before[other, one] > before[one, other] and before[other, one] >= _ENOUGH:
                order[at], order[at + 1] = other, one
                moved = True
        if not moved:
            break
    return tuple(order)


def _disobeying(rows: Mapping[tuple[int, ...], int], groups: Sequence[Sequence[int]]) -> dict[tuple[int, ...], int]:
    ranks = {section: rank for rank, group in enumerate(groups) for section in group}
    return {row: count for row, count in rows.items() if not _in_order(row, ranks)}


def _in_order(row: Sequence[int], ranks: Ranks) -> bool:
    places = [ranks[section] for section in row if section in ranks]
    return all(before <= after for before, after in pairwise(places))


def _loosened(bad: Mapping[tuple[int, ...], int], groups: list[tuple[int, ...]]) -> list[tuple[int, ...]] | None:
    """The order with two neighbours either way round, or without one section: whichever lets most issues obey."""
    worst = _culprits(bad, groups)
    candidates: list[tuple[float, int, list[tuple[int, ...]]]] = []
    for at in range(len(groups) - 1):
        if not worst & {*groups[at], *groups[at + 1]}:
            continue
        tied = [*groups[:at], (*groups[at], *groups[at + 1]), *groups[at + 2 :]]
        candidates.append((_gain(bad, tied), 0, tied))
    for section in sorted(worst):
        left = [tuple(other for other in group if other != section) for group in groups]
        freed = [group for group in left if group]
        # To stand anywhere is to obey nothing: that must be worth more than to change places with a neighbour.
        candidates.append((0.7 * _gain(bad, freed), 1, freed))
    best = max(candidates, key=lambda found: (found[0], -found[1]), default=None)
    return best[2] if best and best[0] > 0 else None


def _culprits(bad: Mapping[tuple[int, ...], int], groups: Sequence[Sequence[int]]) -> set[int]:
    """The sections that stand wrong most often."""
    ranks = {section: rank for rank, group in enumerate(groups) for section in group}
    counted: Counter[int] = Counter()
    for row, count in bad.items():
        placed = [section for section in row if section in ranks]
        kept = set(longest_in_order([ranks[section] for section in placed]))
        for at, section in enumerate(placed):
            if at not in kept:
                counted[section] += count
        # Whoever stands beside it may be the one that moved.
        for one, other in pairwise(placed):
            if ranks[one] > ranks[other]:
                counted.update({one: count, other: count})
    return {section for section, _ in counted.most_common(6)}


def _gain(bad: Mapping[tuple[int, ...], int], groups: Sequence[Sequence[int]]) -> int:
    return sum(bad.values()) - sum(_disobeying(bad, groups).values())
