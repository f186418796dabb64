"""Sections of other eras: what is told to a writer who still, or already, uses one of their headings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.house.eras import IS, Era
from newsletter.house.patterns import heading_fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.house.eras import Lapsed
    from newsletter.house.format import HouseFormat
    from newsletter.house.tree import Branch


def lapsed_headings(lapsed: Sequence[Lapsed], house: HouseFormat) -> dict[str, str]:
    """The headings of the sections that a format does not have now, each with the era that has them."""
    present = {section.key for section in house.sections}
    found: dict[str, str] = {}
    for section in lapsed:
        if section.key in present or section.era == Era():
            continue
        for heading in _headings(section.branch):
            found.setdefault(heading, str(section.era))
    return found


def _headings(section: Branch) -> Iterator[str]:
    heading = section.below.get("heading") or next(
        (inner.below["heading"] for key, inner in section.below.items() if key == IS and "heading" in inner.below), None
    )
    entries = heading.value if heading is not None and isinstance(heading.value, list) else [heading]
    for entry in entries:
        text = entry.value if entry is not None else None
        if isinstance(text, str) and text.strip() and not heading_fault(text):
            yield text
