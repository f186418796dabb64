"""How the sections of a kind stand to one another: their order, sets of which some must come, groups under a heading above."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.house.format import Bounds, SectionGroup, SectionSet
from newsletter.house.manners import known_names, names_mend
from newsletter.house.patterns import heading_fault
from newsletter.house.values import CONTRADICTION, HEADING, NAME, TWICE, bounds, not_empty

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from newsletter.house.format import SectionFormat
    from newsletter.model import YamlDocument
    from newsletter.yamlread import Table

_ORDERS = "Write fixed, free, or the keys of sections in their order: [essay, [news, jobs], sign-off]."


def in_order(table: Table, sections: Sequence[SectionFormat], elsewhere: Collection[str]) -> tuple[SectionFormat, ...]:
    """The sections with their ranks, as `order` says.

    `fixed` is as they are listed and `free` as they come. A list says the order of those it names; those in a list of
    their own within it may stand either way round, and those that it does not name anywhere. `elsewhere` are the keys of
    sections of other eras, which it may name, too.
    """
    ranked = tuple(replace(section, rank=rank) for rank, section in enumerate(sections))
    value = table.value("order")
    if isinstance(value, list):
        ranks = _ranks(table, value, [section.key for section in sections], elsewhere)
        return tuple(replace(section, rank=ranks.get(section.key)) for section in sections)
    if table.text("order", "fixed", choices=() if isinstance(value, (dict, bool)) else ("fixed", "free")) == "free":
        return tuple(replace(section, rank=None) for section in sections)
    return ranked


def _ranks(table: Table, order: Sequence[object], keys: Sequence[str], elsewhere: Collection[str]) -> dict[str, int]:
    ranks: dict[str, int] = {}
    for rank, entry in enumerate(order):
        for steps, key in _named(entry, rank):
            if not isinstance(key, str):
                table.fault(f"{table.named(*steps)} must be the key of a section", *steps, mend=_ORDERS)
            elif key not in keys and key not in elsewhere:
                mend = names_mend(key, keys, "section")
                table.fault(f"there is no section `{key}`", *steps, mend=mend, code=NAME)
            elif key in ranks:
                table.fault(f"`{key}` is listed twice", *steps, code=TWICE)
            else:
                ranks[key] = rank
    return ranks


def _named(entry: object, rank: int) -> Iterator[tuple[tuple[str | int, ...], object]]:
    if isinstance(entry, list):
        for place, inner in enumerate(entry):
            yield ("order", rank, place), inner
    else:
        yield ("order", rank), entry


def read_sets(
    sets: Table, keys: Sequence[str], document: YamlDocument, elsewhere: Collection[str]
) -> tuple[SectionSet, ...]:
    """The sets of sections of which some must come: a list of keys, or a block that says how many of them."""
    found = []
    for name in sets.names():
        block = isinstance(sets.value(name), dict)
        table = sets.table(name) if block else sets
        chosen = known_names(table, "sections" if block else name, keys, "section", elsewhere)
        count = bounds(table, "count", Bounds(1, None)) if block else Bounds(1, None)
        if (count.minimum or 0) > len(chosen) > 0:
            message = f"at least {count.minimum} of {len(chosen)} sections can never come"
            table.fault(message, "count", code=CONTRADICTION)
        found.append(SectionSet(name, chosen, count, document.where_key("sets", name)))
    return tuple(found)


def read_groups(
    groups: Table, keys: Sequence[str], document: YamlDocument, elsewhere: Collection[str]
) -> tuple[SectionGroup, ...]:
    """The headings above sections, each with the sections that stand under it."""
    found = []
    owners: dict[str, str] = {}
    for name in groups.names():
        table = groups.table(name)
        headings = []
        for place, heading in enumerate(table.texts("heading", check=not_empty)):
            if fault := heading_fault(heading):
                message = f"the heading `{heading}` cannot be read: {fault}"
                table.fault(message, "heading", place, code=HEADING)
            else:
                headings.append(heading)
        if table.value("heading") is None:
            table.fault(f"the group `{name}` lacks its heading", mend="Add a line `heading: …`.", at_key=True)
        sections = known_names(table, "sections", keys, "section", elsewhere)
        for key in sections:
            if owners.setdefault(key, name) != name:
                message = f"`{key}` stands under `{owners[key]}` already"
                table.fault(message, "sections", code=TWICE)
        required = table.flag("required", default=True)
        found.append(SectionGroup(name, tuple(headings), sections, required, document.where_key("groups", name)))
    return tuple(found)
