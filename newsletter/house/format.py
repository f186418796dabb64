"""The house format as records. `load.py` makes them from house.yaml; checks and renderers read them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from newsletter.model import NOWHERE, ItemShape, ReadingOptions, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.diagnostics import Severity


@dataclass(frozen=True, slots=True)
class Bounds:
    """From `minimum` to `maximum`, both included; None: no bound. Written `5-9`, `5-`, `-9` or `7` in YAML."""

    minimum: int | None = None
    maximum: int | None = None

    def __contains__(self, count: object) -> bool:
        """Whether `count` is within."""
        if not isinstance(count, int):
            return False
        return (self.minimum is None or count >= self.minimum) and (self.maximum is None or count <= self.maximum)

    @property
    def free(self) -> bool:
        """Whether anything goes."""
        return self.minimum is None and self.maximum is None


class Need(StrEnum):
    """Whether something must, may or must not be there."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    FORBIDDEN = "forbidden"


class FieldType(StrEnum):
    """What a front-matter field holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes-no"
    LIST = "list"
    PICTURE = "picture"
    NESTED = "nested"


@dataclass(frozen=True, slots=True)
class FieldFormat:
    """One field of the front matter."""

    name: str
    type: FieldType = FieldType.TEXT
    required: bool = False
    length: Bounds = Bounds()
    """Characters of a text, entries of a list, value of a number."""
    pattern: str = ""
    """A regular expression that the whole text must match."""
    choices: tuple[str, ...] = ()
    fields: tuple[FieldFormat, ...] = ()
    """Of a nested field."""
    hint: str = ""
    """What `newsletter new` writes for the author to replace."""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class ItemFormat:
    """What the items of a section need."""

    shape: ItemShape = ItemShape.HEADING
    count: Bounds = Bounds()
    numbered: bool = False
    """Numbers 1, 2, 3 … in sequence."""
    link: Need = Need.OPTIONAL
    """A link in the title."""
    author: Need = Need.OPTIONAL
    picture: Need = Need.OPTIONAL
    categories: tuple[str, ...] | None = None
    """None: titles need no category; (): any `Category: headline`; else one of these."""
    words: Bounds = Bounds()
    last: ItemFormat | None = None
    """What holds instead for the last item (the round-up)."""
    look: str = ""
    """How it is set: "" or "roundup"."""
    inner: Bounds = Bounds()
    """Of a round-up: how many short entries (bullets or bold leads) it holds."""
    hint: str = ""
    """What `newsletter new` writes in each item."""


@dataclass(frozen=True, slots=True)
class SectionFormat:
    """One section of the kind."""

    key: str
    headings: tuple[str, ...] = ()
    """Alternatives, each fixed text or a pattern with `{fields}`; empty: any heading (a free section)."""
    need: Need = Need.REQUIRED
    repeat: Bounds = Bounds(None, 1)
    """How often it may come."""
    words: Bounds = Bounds()
    figures: Bounds = Bounds()
    items: ItemFormat | None = None
    contents: bool = False
    """A list of the items' titles, linking to them, stands before the first."""
    look: str = ""
    """How it is set: "", "roundup", "recommendation" (cover beside text), "events", "sign-off"."""
    hint: str = ""
    """What `newsletter new` writes in it."""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class StandingMatter:
    """A snippet that the tool inserts into every issue of the kind."""

    snippet: str
    """Its name: snippets/<name>.md in the kind's folder."""
    place: str
    """`start`, `after-opening`, `before:KEY`, `after:KEY` (a section's key) or `end`."""
    text: str
    """The Markdown of the snippet."""
    path: str
    """The snippet's file, for findings in it."""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class HouseFormat:
    """What an issue of one kind is made of."""

    kind: str
    """The folder's name: `briefing`."""
    name: str
    """For people: `Monthly briefing`."""
    path: str
    """Its house.yaml, for findings in it."""
    fields: tuple[FieldFormat, ...] = ()
    own_fields: bool = False
    """Whether front matter may have fields that are not listed."""
    opening: Bounds = Bounds()
    """Words before the first section."""
    opening_need: Need = Need.OPTIONAL
    opening_hint: str = ""
    """What `newsletter new` writes there."""
    words: Bounds = Bounds()
    """Of the whole issue."""
    sections: tuple[SectionFormat, ...] = ()
    ordered: bool = True
    """Whether sections must come in the order given."""
    contents: bool = False
    """A list of topics made from all items stands after the opening."""
    author_box: bool = False
    """The author's portrait and lines stand at the end."""
    caption: Need = Need.OPTIONAL
    credit: Need = Need.OPTIONAL
    """Of every figure."""
    never: tuple[str, ...] = ()
    """Words that must not be published, found exactly as written."""
    standing: tuple[StandingMatter, ...] = ()
    severities: Mapping[str, Severity] = field(default_factory=dict)
    """Weight by rule code or prefix."""
    reading: ReadingOptions = field(default_factory=ReadingOptions)
    """How the text of such an issue is read (credit words, HTML, section level)."""
    draft: str = ""
    """draft.md where the kind has one: the body that `newsletter new` starts from."""
