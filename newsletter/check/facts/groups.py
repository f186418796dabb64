"""Headings above sections, under which these stand in groups."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from newsletter.check.wording import quoted
from newsletter.house.headings import fits, fold
from newsletter.model import Heading
from newsletter.records import dataclass
from newsletter.walk import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.base import CheckContext
    from newsletter.diagnostics import Diagnostic
    from newsletter.house.format import HouseFormat, SectionGroup
    from newsletter.language import Language
    from newsletter.model import Block, Issue, Section


@dataclass(frozen=True, slots=True)
class GroupHeading:
    """A heading one level above the sections."""

    heading: Heading
    group: SectionGroup | None
    """What the house format has for it."""
    first: int
    """The index of the section that follows it."""


def find_groups(issue: Issue, house: HouseFormat, language: Language) -> tuple[GroupHeading, ...]:
    """The group headings of an issue; none where the house format has no groups."""
    if not house.groups:
        return ()
    found: list[GroupHeading] = []
    parts = (issue.opening, *(all_blocks(section) for section in issue.sections))
    for first, blocks in enumerate(parts):
        headings = (block for block in blocks if isinstance(block, Heading))
        level = house.reading.section_level - 1
        found += [GroupHeading(one, _group(one, house, language), first) for one in headings if one.level == level]
    return tuple(found)


def all_blocks(section: Section) -> tuple[Block, ...]:
    """The blocks of a section, those of its items included."""
    return (*section.blocks, *chain.from_iterable(item.blocks for item in section.items))


def _group(heading: Heading, house: HouseFormat, language: Language) -> SectionGroup | None:
    text = fold(plain_text(heading.inlines))
    return next(
        (
            group
            for group in house.groups
            if any(fits(text, pattern, language, forgiving=True) for pattern in group.headings)
        ),
        None,
    )


def missing_groups(context: CheckContext) -> Iterator[Diagnostic]:
    """ST101: a group that is required is not there."""
    present = {found.group.key for found in context.groups if found.group is not None}
    for group in context.house.groups:
        if group.required and group.key not in present:
            yield context.found(
                "ST101",
                context.end,
                f"the heading {_shown(context, group)} is missing",
                label=f"{context.asker} asks for it",
                about=("groups", group.key, "required"),
            )


def unknown_groups(context: CheckContext) -> Iterator[Diagnostic]:
    """ST102: a heading above the sections that the house format does not have."""
    for found in context.groups:
        if found.group is None:
            title = quoted(plain_text(found.heading.inlines))
            message = f"{context.asker} has no group {title}"
            yield context.found("ST102", found.heading.span, message, about=("groups",))


def under_another(context: CheckContext) -> Iterator[Diagnostic]:
    """ST105: a section stands under another group than its own, or under none."""
    own = {key: group for group in context.house.groups for key in group.sections}
    for index, wanted in enumerate(context.matched):
        if wanted is None or wanted.key not in own:
            continue
        above = next((found for found in reversed(context.groups) if found.first <= index), None)
        if above is None or (above.group is not None and above.group is not own[wanted.key]):
            section = context.issue.sections[index]
            yield context.found(
                "ST105",
                section.title_span,
                f"{quoted(plain_text(section.title))} is out of order",
                label=f"{context.asker} has it under {_shown(context, own[wanted.key])}",
                about=("groups", own[wanted.key].key, "sections"),
            )


def _shown(context: CheckContext, group: SectionGroup) -> str:
    marks = "#" * (context.house.reading.section_level - 1)
    return " or ".join(f"`{marks} {heading}`" for heading in group.headings) or f"`{group.key}`"
