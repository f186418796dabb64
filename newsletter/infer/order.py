"""The order of the sections, and sections of which an issue has only one.

In the order, some sections may be in either order, or anywhere, and there may be no order at all.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from newsletter.check.facts.sections import longest_in_order
from newsletter.house.format import Bounds
from newsletter.infer.course import ALWAYS, SUPPORT
from newsletter.infer.plan import SetPlan
from newsletter.infer.sections import name_sections

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from newsletter.infer.plan import Plan, SectionPlan

OBEYED = 0.95
"""The share of issues that must follow an order."""
_ENOUGH = 3
"""The fewest issues with both of two sections from which their order is computed."""
_ALONE = 3
"""If chance would put two sections into one issue this many times, and they never are, they may alternate."""
_CHANCE = 0.15
"""How often sections that alternate may be together, as a share of the number expected by chance."""


def arrange(plan: Plan, sections: Sequence[SectionPlan], known: Mapping[tuple[int, int], str]) -> None:
    """Adds the sections to a plan in their usual order, and sets `order` and the sections that alternate.

    `known` are the names that sections have already, by their places.
    """
    rows: list[list[int]] = [[] for _ in range(plan.course.total)]
    placed = sorted((place, which) for which, section in enumerate(sections) for place in section.places)
    for (issue, _), which in placed:
        rows[issue].append(which)
    groups, usual = order_of(rows)
    if groups is not None:
        groups = _without_wanderers(groups, sections, rows)
    plan.sections = tuple(sections[which] for which in usual)
    name_sections(plan.sections, known)
    if groups is not None:
        plan.order = tuple(tuple(sections[which].key for which in group) for group in groups)
    plan.listed = plan.order == tuple((section.key,) for section in plan.sections)
    plan.sets = tuple(_sets(plan.sections, plan.course.total))


def _without_wanderers(
    groups: tuple[tuple[int, ...], ...], sections: Sequence[SectionPlan], rows: Sequence[Sequence[int]]
) -> tuple[tuple[int, ...], ...]:
    """The order without the free section, unless that is always between the same neighbours.

    Other sections are recognized by their heading, the free section only by its place.
    """
    ranks = {section: rank for rank, group in enumerate(groups) for section in group}
    free = next((which for which, section in enumerate(sections) if not section.headings), None)
    if free not in ranks or len(sections) == 1:
        return groups
    having = [[ranks[which] for which in row if which in ranks] for row in rows if free in row]
    right = sum(all(before <= after for before, after in pairwise(row)) for row in having)
    if right >= ALWAYS * len(having):
        return groups
    return tuple(left for group in groups if (left := tuple(which for which in group if which != free)))


def order_of(rows: Sequence[Sequence[int]]) -> tuple[tuple[tuple[int, ...], ...] | None, tuple[int, ...]]:
    """The order of sections by rank, or None if there is none; and all sections in their usual order.

    `rows` are the sections of each issue, in the order of the issue.
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
    """All sections by their average place, corrected where most issues have two of them in the opposite order."""
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


def _in_order(row: Sequence[int], ranks: Mapping[int, int]) -> bool:
    places = [ranks[section] for section in row if section in ranks]
    return all(before <= after for before, after in pairwise(places))


def _loosened(bad: Mapping[tuple[int, ...], int], groups: list[tuple[int, ...]]) -> list[tuple[int, ...]] | None:
    """The order with two neighbours of equal rank, or without one section, whichever lets most issues follow it."""
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
        # A section without a place has no rule, so this must gain more than two neighbours of equal rank.
        candidates.append((0.7 * _gain(bad, freed), 1, freed))
    best = max(candidates, key=lambda found: (found[0], -found[1]), default=None)
    return best[2] if best and best[0] > 0 else None


def _culprits(bad: Mapping[tuple[int, ...], int], groups: Sequence[Sequence[int]]) -> set[int]:
    """The sections that are out of order most often."""
    ranks = {section: rank for rank, group in enumerate(groups) for section in group}
    counted: Counter[int] = Counter()
    for row, count in bad.items():
        placed = [section for section in row if section in ranks]
        kept = set(longest_in_order([ranks[section] for section in placed]))
        for at, section in enumerate(placed):
            if at not in kept:
                counted[section] += count
        # The neighbour may be the one that moved.
        for one, other in pairwise(placed):
            if ranks[one] > ranks[other]:
                counted.update({one: count, other: count})
    return {section for section, _ in counted.most_common(6)}


def _gain(bad: Mapping[tuple[int, ...], int], groups: Sequence[Sequence[int]]) -> int:
    return sum(bad.values()) - sum(_disobeying(bad, groups).values())


def _sets(plans: Sequence[SectionPlan], total: int) -> list[SetPlan]:
    """Sets of sections that alternate: they are hardly ever in one issue, although that would often happen by chance."""
    optional = [plan for plan in plans if plan.required is None and plan.headings and len(plan.issues) >= 2 * SUPPORT]
    expected = {
        frozenset((one.key, other.key)): often
        for one, other in combinations(optional, 2)
        if (often := _expected_together(one, other)) and len(one.issues & other.issues) <= 1
    }
    found: list[SetPlan] = []
    used: set[str] = set()
    for plan in optional:
        clique = _clique(plan, [other for other in optional if other.key not in used], expected)
        if plan.key in used or len(clique) < 3:
            continue
        pairs = list(combinations(clique, 2))
        together = sum(len(one.issues & other.issues) for one, other in pairs)
        if together > _CHANCE * sum(expected[frozenset((one.key, other.key))] for one, other in pairs):
            continue
        used |= {one.key for one in clique}
        issues = frozenset[int]().union(*(one.issues for one in clique))
        least = 1 if len(issues) >= ALWAYS * total else None
        name = "in-turn" if not found else f"in-turn-{len(found) + 1}"
        found.append(SetPlan(name, tuple(one.key for one in clique), Bounds(least, 1)))
    return found


def _clique(plan: SectionPlan, others: Sequence[SectionPlan], apart: Collection[frozenset[str]]) -> list[SectionPlan]:
    """A set of sections with `plan`, in which each pair is apart."""
    clique = [plan]
    for other in others:
        if other is not plan and all(frozenset((other.key, one.key)) in apart for one in clique):
            clique.append(other)
    return clique


def _expected_together(one: SectionPlan, other: SectionPlan) -> float:
    """The number of issues that would have both sections by chance; 0 if it is too small to mean anything."""
    shared = range(max(one.stretch.start, other.stretch.start), min(one.stretch.end, other.stretch.end))
    if len(shared) < 4 * SUPPORT:
        return 0.0
    mine, theirs = (sum(place in plan.issues for place in shared) for plan in (one, other))
    often = mine * theirs / len(shared)
    return often if often >= _ALONE else 0.0
