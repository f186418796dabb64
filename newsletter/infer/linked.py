"""Kinds of links: the few places that the titles of a section lead to."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from newsletter.house.format import Need
from newsletter.house.keys import NAME
from newsletter.infer.measure import ENOUGH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.infer.observe import Seen
    from newsletter.infer.plan import Plan

_MOST = 4
_OFTEN = 3
"""In how many issues titles must lead to each of the places."""


def kinds_of_links(plan: Plan, issues: Sequence[Seen]) -> None:
    """Says of sections whose titles all lead to a few places which these are; kinds are called after the section."""
    for section in plan.sections:
        items = section.items
        if items is None or items.link is not Need.REQUIRED or not NAME.fullmatch(section.key):
            continue
        end = -1 if items.last is not None else None
        rows = [issues[issue].sections[index].items.get(items.shape, ())[:end] for issue, index in section.places]
        hosts = Counter(item.host for row in rows for item in row)
        if hosts.total() < ENOUGH or "" in hosts or len(hosts) > _MOST:
            continue
        if any(sum(any(item.host == host for item in row) for row in rows) < _OFTEN for host in hosts):
            continue
        items.links_to = section.key
        plan.link_kinds[section.key] = tuple(sorted(hosts, key=lambda host: (-hosts[host], host)))
