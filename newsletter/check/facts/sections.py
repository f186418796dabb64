"""The section of the house format for each section of an issue, and headings that nearly match one."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING

from newsletter.check.wording import ALL_BUT, NEAR, likeness
from newsletter.house.format import Need
from newsletter.house.headings import fits, fold
from newsletter.house.match import expected_headings, match_sections, near_match
from newsletter.house.patterns import is_fixed
from newsletter.markdown.items import items_of, untitled
from newsletter.model import Heading, Opener
from newsletter.records import dataclass
from newsletter.walk import plain_text, top_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsletter.house.format import HouseFormat, SectionFormat, SectionGroup
    from newsletter.language import Language
    from newsletter.model import Block, Inline, Issue, Item


@dataclass(frozen=True, slots=True)
class GroupHeading:
    """A heading one level above the sections, which groups the sections below it."""

    heading: Heading
    group: SectionGroup | None
    """The group in the house format."""
    first: int
    """The index of the section that follows it."""
    level: int = 0
    """The right level, if the heading has a wrong one."""


class MatchedSections:
    """The sections of `issue`, matched with those of `house`. Everything is computed once, when it is first needed."""

    def __init__(self, issue: Issue, house: HouseFormat, language: Language) -> None:
        self.issue = issue
        self.house = house
        self._language = language

    @cached_property
    def matched(self) -> tuple[SectionFormat | None, ...]:
        """For each section of the issue, its section in the house format; None if it has none."""
        return match_sections(self.issue, self.house, self._language)

    @cached_property
    def present(self) -> frozenset[str]:
        """The keys of the sections that the issue has."""
        return frozenset(wanted.key for wanted in self.matched if wanted is not None)

    @cached_property
    def misplaced(self) -> Mapping[int, SectionFormat]:
        """Headings that match an absent section but have the wrong level: the section, by offset of the heading.

        Only sections with fixed headings are looked for.
        """
        absent = [
            (wanted, [pattern for pattern in wanted.headings if is_fixed(pattern)])
            for wanted in self.house.sections
            if wanted.key not in self.present and any(map(is_fixed, wanted.headings))
        ]
        found: dict[int, SectionFormat] = {}
        for start, inlines in _headings(self.issue) if absent else ():
            for entry in absent:
                if self._fits(inlines, entry[1]):
                    found[start] = entry[0]
                    absent.remove(entry)
                    break
        return found

    def _fits(self, title: Sequence[Inline], headings: Sequence[str]) -> bool:
        heading = fold(plain_text(title))
        return any(fits(heading, pattern, self._language, forgiving=True) for pattern in headings)

    @cached_property
    def items(self) -> tuple[tuple[Item, ...], ...]:
        """For each section, its items in the shape that its format has; without one, those under headings.

        A section or a group at the wrong level is not an item.
        """
        found = (
            items_of(section, wanted.items.shape) if wanted is not None and wanted.items is not None else section.items
            for section, wanted in zip(self.issue.sections, self.matched, strict=True)
        )
        others = {*self.misplaced, *self.strays, *(heading.heading.span.start for heading in self.groups)}
        kept = [[item for item in items if item.span.start not in others] for items in found]
        return tuple(
            tuple(_as_asked(item, wanted, last=item is items[-1]) for item in items)
            for items, wanted in zip(kept, self.matched, strict=True)
        )

    @cached_property
    def headings(self) -> Mapping[str, tuple[str, ...]]:
        """The headings that each section of the house format may have in this issue, by key; () for a free section."""
        return {wanted.key: expected_headings(wanted, self.issue, self._language) for wanted in self.house.sections}

    @cached_property
    def nearly(self) -> Mapping[int, str]:
        """The right heading of matched sections whose heading is not exactly that, by index."""
        nearly = {}
        for index, (section, wanted) in enumerate(zip(self.issue.sections, self.matched, strict=True)):
            if wanted is not None and wanted.headings:
                corrected = near_match(plain_text(section.title), wanted, self.issue, self._language)
                if corrected is not None:
                    nearly[index] = corrected
        return nearly

    @cached_property
    def slips(self) -> Mapping[int, tuple[SectionFormat, str]]:
        """Sections that match none with a heading, but nearly have the heading of an absent one: that section and heading, by index."""
        present = self.present.union(wanted.key for wanted in self.misplaced.values())
        allowed = (wanted for wanted in self.house.sections if wanted.need is not Need.FORBIDDEN)
        absent = [wanted for wanted in allowed if wanted.key not in present]
        slips: dict[int, tuple[SectionFormat, str]] = {}
        for index, (section, found) in enumerate(zip(self.issue.sections, self.matched, strict=True)):
            if found is not None and found.headings:
                continue
            title = plain_text(section.title)
            scores = [
                (likeness(title, heading), -place, heading)
                for place, wanted in enumerate(absent)
                for heading in self.headings[wanted.key]
            ]
            score, place, heading = max(scores, default=(0.0, 0, ""))
            # Where the format allows any heading, only a very similar one counts as a typo of another.
            # But a typo in a section for some readers would show its text to all, so there less likeness is enough.
            certain = found is None or bool(absent and absent[-place].only)
            if score >= (NEAR if certain else ALL_BUT):
                slips[index] = (absent.pop(-place), heading)
        return slips

    @cached_property
    def strays(self) -> Mapping[int, tuple[SectionFormat, str]]:
        """Stories outside of a section whose title is nearly the heading of an absent section: that section and heading, by offset."""
        absent = [one for one in self.house.sections if one.headings and one.key not in self.present]
        stories = (one for one in self.issue.sections if one.opener is Opener.ITEMS and absent)
        found: dict[int, tuple[SectionFormat, str]] = {}
        for item in (item for section in stories for item in section.items if item.number is None and not item.link):
            title = plain_text(item.title)
            near = ((likeness(title, heading), one, heading) for one in absent for heading in self.headings[one.key])
            score, wanted, heading = max(near, key=lambda pair: pair[0], default=(0.0, None, ""))
            if wanted is not None and score >= (NEAR if wanted.only else ALL_BUT):
                found[item.span.start] = (wanted, heading)
                absent.remove(wanted)
        return found

    @cached_property
    def groups(self) -> tuple[GroupHeading, ...]:
        """The headings above the sections; none if the house format has no groups."""
        if not self.house.groups:
            return ()
        parts = (self.issue.opening, *map(top_blocks, self.issue.sections))
        headings = [
            (block, first) for first, blocks in enumerate(parts) for block in blocks if isinstance(block, Heading)
        ]
        found = [heading for block, first in headings for heading in self._grouped(block, first)]
        absent = [group for group in self.house.groups if group not in [heading.group for heading in found]]
        lost = [heading for heading in self._candidates(headings) if heading[0].span.start not in self.misplaced]
        for group in absent:
            for block, first in lost:
                if self._fits(block.inlines, group.headings):
                    found.append(GroupHeading(block, group, first, self.house.level_of_group(group)))
                    break
        starts = {heading.heading.span.start: heading for heading in found}
        return tuple(sorted(starts.values(), key=lambda heading: heading.heading.span.start))

    def _grouped(self, heading: Heading, first: int) -> Iterator[GroupHeading]:
        """The heading as a group, if it is at the level of groups, with its group in the house format."""
        groups = [group for group in self.house.groups if self.house.level_of_group(group) == heading.level]
        group = next((group for group in groups if self._fits(heading.inlines, group.headings)), None)
        usual = self.house.reading.section_level - 1
        # At a level that only some groups have, unknown headings are allowed.
        if group or (heading.level == usual and any(group.level in {None, usual} for group in groups)):
            yield GroupHeading(heading, group, first)

    def _candidates(self, headings: Sequence[tuple[Heading, int]]) -> Iterator[tuple[Heading, int]]:
        """Headings that may be groups at a wrong level, including those read as unknown sections and as items."""
        yield from headings
        for index, (section, wanted) in enumerate(zip(self.issue.sections, self.matched, strict=True)):
            if wanted is None:
                yield Heading(section.level, section.title, "", section.span, section.title_span), index + 1
            level = max(section.level, self.house.reading.section_level) + 1
            for item in section.items:
                yield Heading(level, item.title, "", item.span, item.title_span), index + 1


def _as_asked(item: Item, section: SectionFormat | None, *, last: bool) -> Item:
    """An item without a title if its format has none, else unchanged."""
    wanted = section.items if section is not None else None
    if wanted is not None and wanted.last is not None and last:
        wanted = wanted.last
    return untitled(item) if wanted is not None and wanted.title.maximum == 0 else item


def _headings(issue: Issue) -> Iterator[tuple[int, tuple[Inline, ...]]]:
    """Every heading that does not open a section, by the offset of its line, in the order of the text."""
    yield from _in_blocks(issue.opening)
    for section in issue.sections:
        yield from _in_blocks(section.blocks)
        for item in section.items:
            yield item.span.start, item.title
            yield from _in_blocks(item.blocks)


def _in_blocks(blocks: Sequence[Block]) -> Iterator[tuple[int, tuple[Inline, ...]]]:
    return ((block.span.start, block.inlines) for block in blocks if isinstance(block, Heading))


def longest_in_order(places: Sequence[int]) -> list[int]:
    """The indexes of a longest part of `places` that never decreases; of several such parts, one with early indexes.

    Patience sorting (O(n log n)). It runs from the end with the sign changed, so that ties are decided for the earlier
    ones.
    """
    ends: list[int] = []
    tops: list[int] = []
    before: dict[int, int] = {}
    for index in range(len(places) - 1, -1, -1):
        at = bisect_right(ends, -places[index])
        if at:
            before[index] = tops[at - 1]
        ends[at : at + 1] = [-places[index]]
        tops[at : at + 1] = [index]
    chain: list[int] = []
    index = tops[-1] if tops else -1
    while index >= 0:
        chain.append(index)
        index = before.get(index, -1)
    return chain
