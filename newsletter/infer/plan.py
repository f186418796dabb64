"""A house format in the making: what was inferred, with the issues that it applies to. `write.py` makes house.yaml of it."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from newsletter.house.format import Bounds, FieldType, Need
from newsletter.records import dataclass

if TYPE_CHECKING:
    from newsletter.infer.course import Course, Stretch
    from newsletter.model import ItemShape

Subject = tuple[str, ...]
"""The subject of a rule of house.yaml, by its keys: ("sections", "news", "words")."""


@dataclass(slots=True)
class FieldPlan:
    """A field of the front matter."""

    name: str
    type: FieldType
    standard: bool
    """Whether the tool knows its type by itself."""
    stretch: Stretch
    required: Stretch | None = None
    length: Bounds = Bounds()
    forms: tuple[str, ...] = ()
    formed: Stretch | None = None
    """The issues that have one of the forms, if not all do."""
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
    """For a round-up: how many entries it has."""
    roundup: bool = False
    last: ItemPlan | None = None
    """The last item, if it is of another kind."""


@dataclass(slots=True)
class HeadingPlan:
    """One heading that a section may have."""

    text: str
    stretch: Stretch


@dataclass(frozen=True, slots=True)
class Beginning:
    """The beginning of a text."""

    text: str
    stretch: Stretch


@dataclass(slots=True)
class SectionPlan:
    """One section."""

    key: str
    headings: tuple[HeadingPlan, ...]
    """The usual one first; none for a free section."""
    places: tuple[tuple[int, int], ...]
    """Where it is: the issue by its place in order, and the section's place in that."""
    stretch: Stretch
    required: Stretch | None = None
    repeat: Bounds = Bounds(None, 1)
    words: Bounds = Bounds()
    figures: Bounds = Bounds()
    items: ItemPlan | None = None
    forgive: tuple[str, ...] = ()
    level: int = 0
    """The level of its heading, if that is not the one of all sections."""
    begins: Beginning | None = None
    """The beginning of its text."""
    contents: bool = False
    """Whether a list of its items is before the first."""

    @property
    def issues(self) -> frozenset[int]:
        """The issues that have it."""
        return frozenset(issue for issue, _ in self.places)


@dataclass(slots=True)
class GroupPlan:
    """A heading above sections."""

    name: str
    heading: str
    sections: tuple[str, ...] = ()
    """The keys of the sections under it; none for a heading on its own."""
    required: bool = False


@dataclass(slots=True)
class SetPlan:
    """Sections of which an issue has only this many."""

    name: str
    sections: tuple[str, ...]
    count: Bounds


@dataclass(frozen=True, slots=True)
class StandingText:
    """A text that is in nearly all issues word for word."""

    name: str
    place: str
    """As `standing` has it: `after opening`."""
    text: str
    issues: int


@dataclass(slots=True)
class Plan:
    """A whole house format."""

    name: str
    course: Course
    level: int = 2
    earlier_level: tuple[int, int] | None = None
    """Another level of the sections, and the place of the issue before which it was used."""
    fields: tuple[FieldPlan, ...] = ()
    other_fields: bool = False
    contents: bool = False
    """Whether a list of all items is in the opening."""
    link_kinds: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Domains, by the name of their kind."""
    file_names: tuple[str, ...] = ()
    opening: Bounds = Bounds()
    opening_required: Stretch | None = None
    opening_begins: Beginning | None = None
    """Its beginning."""
    sections: tuple[SectionPlan, ...] = ()
    order: tuple[tuple[str, ...], ...] | None = None
    """Keys by rank, those of one rank either way round; None: any order."""
    listed: bool = True
    """Whether the order is just that of the file."""
    sets: tuple[SetPlan, ...] = ()
    groups: tuple[GroupPlan, ...] = ()
    words: Bounds = Bounds()
    caption: Need = Need.OPTIONAL
    credit: Need = Need.OPTIONAL
    sourced: Need = Need.OPTIONAL
    """Whether quotations name their source."""
    never: tuple[tuple[str, int], ...] = ()
    """Placeholders, each with the number of issues that were sent with it."""
    severity: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Rules that many issues break: the severity proposed, and how many issues do."""
    snippets: tuple[StandingText, ...] = ()
    left_out: list[str] = field(default_factory=list)
    """Observations that did not become a rule, and why; for people."""
