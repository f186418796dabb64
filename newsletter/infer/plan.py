"""The plan of a house format: the inferred rules, and the issues that each applies to.

`write.py` turns it into house.yaml.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from newsletter.house.format import Bounds, FieldType, Need
from newsletter.records import dataclass

if TYPE_CHECKING:
    from newsletter.infer.course import Course, Stretch
    from newsletter.model import ItemShape

Subject = tuple[str, ...]
"""The rule of house.yaml, by its keys: ("sections", "news", "words")."""


@dataclass(slots=True)
class FieldPlan:
    """A field of the front matter."""

    name: str
    type: FieldType
    standard: bool
    """Whether the tool itself defines its type."""
    stretch: Stretch
    required: Stretch | None = None
    length: Bounds = Bounds()
    forms: tuple[str, ...] = ()
    formed: Stretch | None = None
    """The issues that match one of the patterns, if not all do."""
    choices: tuple[str, ...] = ()
    consecutive: bool = False
    fields: tuple[FieldPlan, ...] = ()


@dataclass(slots=True)
class ItemPlan:
    """The items of a section."""

    shape: ItemShape
    count: Bounds = Bounds()
    numbered: bool = False
    link: Need = Need.OPTIONAL
    author: Need = Need.OPTIONAL
    picture: Need = Need.OPTIONAL
    full_stop: Need = Need.OPTIONAL
    bold: Need = Need.OPTIONAL
    categories: tuple[str, ...] | None = None
    words: Bounds = Bounds()
    links_to: str = ""
    """The kind of links that titles are."""
    entries: Bounds = Bounds()
    """For a round-up, the number of its entries."""
    roundup: bool = False
    last: ItemPlan | None = None
    """The last item, if it differs in kind."""


@dataclass(slots=True)
class HeadingPlan:
    """A heading of a section."""

    text: str
    stretch: Stretch


@dataclass(frozen=True, slots=True)
class Beginning:
    """A text with which a part begins, or that it contains."""

    text: str
    stretch: Stretch


@dataclass(slots=True)
class SectionPlan:
    """One section."""

    key: str
    headings: tuple[HeadingPlan, ...]
    """The usual heading first; none for a free section."""
    places: tuple[tuple[int, int], ...]
    """Its places: the position of the issue, and of the section in it."""
    stretch: Stretch
    required: Stretch | None = None
    repeat: Bounds = Bounds(None, 1)
    words: Bounds = Bounds()
    figures: Bounds = Bounds()
    items: ItemPlan | None = None
    forgive: tuple[str, ...] = ()
    level: int = 0
    """The level of its heading, if that differs from other sections."""
    begins: Beginning | None = None
    """The beginning of its text."""
    contains: tuple[Beginning, ...] = ()
    """The texts that it always has after its beginning."""
    contents: bool = False
    """Whether a list of its items comes before the first item."""

    @property
    def issues(self) -> frozenset[int]:
        """The positions of the issues that have it."""
        return frozenset(issue for issue, _ in self.places)


@dataclass(slots=True)
class GroupPlan:
    """A heading above sections."""

    name: str
    heading: str
    sections: tuple[str, ...] = ()
    """The keys of the sections under it; none for a heading without sections."""
    required: bool = False
    level: int = 0
    """The level of its heading, if that is not one above the sections."""


@dataclass(slots=True)
class SetPlan:
    """Sections of which each issue has only this many."""

    name: str
    sections: tuple[str, ...]
    count: Bounds


@dataclass(frozen=True, slots=True)
class StandingText:
    """A text that is the same in nearly all issues."""

    name: str
    place: str
    """The place, as `standing` has it: `after opening`."""
    text: str
    issues: int


@dataclass(frozen=True, slots=True)
class WrittenBio:
    """A text about an author that issues end with, as written."""

    author: str
    text: str
    issues: int


@dataclass(slots=True)
class Plan:
    """A whole house format."""

    name: str
    course: Course
    level: int = 2
    earlier_level: tuple[int, int] | None = None
    """The earlier level of the sections, and the position of the first issue with the new level."""
    fields: tuple[FieldPlan, ...] = ()
    other_fields: bool = False
    contents: bool = False
    """Whether the opening has a list of all items."""
    link_kinds: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The domains of each kind of link, by its name."""
    file_names: tuple[str, ...] = ()
    opening: Bounds = Bounds()
    opening_required: Stretch | None = None
    opening_begins: Beginning | None = None
    """The text with which the opening begins."""
    opening_contains: tuple[Beginning, ...] = ()
    contains: tuple[Beginning, ...] = ()
    """The markers for other programs that each issue has."""
    sections: tuple[SectionPlan, ...] = ()
    order: tuple[tuple[str, ...], ...] | None = None
    """Keys by rank. Sections of one rank may be in any order; None for no order at all."""
    listed: bool = True
    """Whether the order is that of the sections in the file."""
    sets: tuple[SetPlan, ...] = ()
    groups: tuple[GroupPlan, ...] = ()
    words: Bounds = Bounds()
    caption: Need = Need.OPTIONAL
    credit: Need = Need.OPTIONAL
    sourced: Need = Need.OPTIONAL
    """Whether quotations must have a source."""
    never: tuple[tuple[str, int], ...] = ()
    """Placeholders, each with the number of issues that were published with it."""
    severity: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Rules that many issues break: the proposed severity, and the number of issues."""
    snippets: tuple[StandingText, ...] = ()
    bios: tuple[WrittenBio, ...] = ()
    """The texts about authors that the author box can show instead."""
    left_out: list[str] = field(default_factory=list)
    """Observations that became no rule, with the reason, for people."""
