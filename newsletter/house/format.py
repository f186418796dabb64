"""The house format as records. `load.py` makes them from house.yaml; checks and renderers read them."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING

from newsletter.model import NOWHERE, ItemShape, Opener, ReadingOptions, Span
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.diagnostics import Severity
    from newsletter.model import Path, YamlDocument


@dataclass(frozen=True, slots=True)
class Bounds:
    """The numbers from `minimum` to `maximum`, both included; None for no bound. Written `5-9`, `5-`, `-9` or `7` in YAML."""

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
    """The types of front matter fields."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes-no"
    LIST = "list"
    PICTURE = "picture"
    ORIGINAL = "original"
    PERIOD = "period"
    NESTED = "nested"


TYPE_NAMES = {
    FieldType.TEXT: "a text",
    FieldType.NUMBER: "a number",
    FieldType.DATE: "a date",
    FieldType.YES_NO: "true or false",
    FieldType.LIST: "a list",
    FieldType.PICTURE: "a picture",
    FieldType.ORIGINAL: "where it ran first",
    FieldType.PERIOD: "a period",
    FieldType.NESTED: "a block of fields of its own",
}
"""The names of types, for people."""


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
    """The hint that `newsletter new` writes for the author to replace."""
    span: Span = NOWHERE
    forms: tuple[str, ...] = ()
    """Texts with `{fields}`, of which the whole text must fit one: `Issue #{number}`. The values of fields must agree
    with the issue, its file's name and the other forms."""
    consecutive: bool = False
    """For a number: it must be one more than that of the issue before."""


@dataclass(frozen=True, slots=True)
class QuotationFormat:
    """The requirements for quotations."""

    source: Need = Need.OPTIONAL
    """Whether each says whom it is from."""


@dataclass(frozen=True, slots=True)
class BlockFormat:
    """The requirements for blocks of one name: `::: chart`."""

    name: str
    count: Bounds = Bounds()
    words: Bounds = Bounds()
    """The bounds on the words of each one."""
    sections: tuple[str, ...] = ()
    """The keys of the only ones that it may be in, `opening` among them; empty: all."""
    names: tuple[str, ...] = ()
    """The texts allowed after its name; empty: any."""


@dataclass(frozen=True, slots=True)
class ItemFormat:
    """The requirements for the items of a section."""

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
    """The format of the last item (the round-up), if it differs."""
    look: str = ""
    """How it is set: "" or "roundup"."""
    inner: Bounds = Bounds()
    """For a round-up: how many short entries (bullets or bold leads) it has."""
    hint: str = ""
    """The hint that `newsletter new` writes in each item."""
    title: Bounds = Bounds()
    """Characters of the title; at most 0: there is none, and all of the item is its text."""
    tags: tuple[str, ...] | None = None
    """The only tags in brackets that may lead the title; None: any."""
    length: Bounds = Bounds()
    """Characters of all that the item says, its title included."""
    full_stop: Need = Need.OPTIONAL
    """Whether the item ends in a full stop (or `!`, `?`, `…`)."""
    credit: Need = Need.OPTIONAL
    """Whether its figures need a credit; what the house format asks of every figure applies, too."""
    bold: Need = Need.OPTIONAL
    """Whether the title is in bold."""
    link_kinds: tuple[str, ...] = ()
    """The kinds of `LinkFormat.kinds` that the title may link to; empty: any."""
    level: int | None = None
    """For items without a section, written as headings: how many `#` open one; None for as many as open a section, or one more."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Something that is in each issue, or in a part of it: a greeting, a marker."""

    text: str
    """As written in the source, with fields; white space may differ."""
    count: Bounds = Bounds(1, None)


@dataclass(frozen=True, slots=True)
class SectionFormat:
    """One section of the kind."""

    key: str
    headings: tuple[str, ...] = ()
    """Alternatives, each fixed text or a pattern with `{fields}`; empty: any heading (a free section)."""
    level: int | None = None
    """The level of its heading, if that is not the one of all sections."""
    need: Need = Need.REQUIRED
    repeat: Bounds = Bounds(None, 1)
    """How often it may come."""
    words: Bounds = Bounds()
    figures: Bounds = Bounds()
    quotations: QuotationFormat = QuotationFormat()
    items: ItemFormat | None = None
    contents: bool = False
    """A list of the items' titles, linking to them, is before the first."""
    contents_of: str = "items"
    """The entries of a contents list: "items" or "categories"."""
    contents_heading: str = ""
    """The heading above it, with fields that the issue fills; "": none."""
    contents_written: bool = False
    """The writer writes the list, and it has to agree with what it lists."""
    look: str = ""
    """How it is set: "", "roundup", "recommendation" (cover beside text), "events", "sign-off"."""
    hint: str = ""
    """The hint that `newsletter new` writes in it."""
    span: Span = NOWHERE
    rank: int | None = None
    """Its place in the order: sections of one rank may be either way round; None: it may be anywhere."""
    place: str = ""
    """"first" or "last" of all sections; "": wherever its rank says."""
    contains: tuple[Passage, ...] = ()
    begins: tuple[str, ...] = ()
    """Passages, of which it begins with one."""
    ends: tuple[str, ...] = ()
    forgive: frozenset[str] = frozenset()
    """How a heading may differ without a finding: "case", "quotes", "dashes", "emoji"."""
    only: tuple[str, ...] = ()
    """Who it is for, and in which outputs, as after `::: only`: ("paid",); empty for everybody."""
    opener: Opener = Opener.HEADING
    """The pattern of its beginning. A section without a heading begins with its items, or with the `---` after the
    last item."""

    @property
    def free(self) -> bool:
        """Whether it is under any heading."""
        return not self.headings and self.opener is Opener.HEADING


@dataclass(frozen=True, slots=True)
class SectionSet:
    """Sections of which an issue must have some: one of several monthly sections."""

    name: str
    sections: tuple[str, ...]
    """Keys."""
    count: Bounds = Bounds(1, None)
    """How many of them an issue has."""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class SectionGroup:
    """A heading one level above the sections, for some of them."""

    key: str
    headings: tuple[str, ...]
    """Alternatives, as those of a section."""
    level: int | None = None
    """The level of its heading, if that is not the one above all sections."""
    sections: tuple[str, ...] = ()
    """The keys of the sections under it."""
    required: bool = True
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Wording:
    """How words are written, beyond those that are never to be published."""

    spelling: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The right spelling, and the wrong ones that it replaces: `GitHub` for `Github` and `github`."""
    avoid: Mapping[str, str] = field(default_factory=dict)
    """Jargon or spam words, each with what to do about it; "" if the house format gives no advice."""


@dataclass(frozen=True, slots=True)
class LinkFormat:
    """The requirements for links."""

    kinds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Named lists of domains, subdomains included, each with a path if it has a `/`: `source: [github.com]`."""
    http: bool = False
    """Whether `http:` is allowed. Otherwise links need `https:`."""
    tracking: bool = False
    """Whether addresses may have tracking parameters."""
    keep_parameters: tuple[str, ...] = ()
    """Tracking parameters that may stay (`utm_*`: all that begin so), and domains whose links keep all of theirs."""
    shorteners: bool = False
    """Whether shortened addresses are let through."""
    repeats: tuple[str, ...] = ()
    """The keys of sections in which an address may be that the issue has elsewhere; "opening" is the opening."""


@dataclass(frozen=True, slots=True)
class TextFormat:
    """The requirements for the text."""

    quotes: str = ""
    """"typographic" (“ ”), "straight" (" ") or "": either."""
    sentence: Bounds = Bounds()
    """Words of a sentence."""
    paragraph: Bounds = Bounds()
    """Words of a paragraph."""
    placeholders: tuple[str, ...] = ()
    """Placeholders for text to come, in this publication. They are found as whole words, as written."""


@dataclass(frozen=True, slots=True)
class PictureFormat:
    """The requirements for picture files."""

    weight: int | None = None
    """How heavy a file may be, in kilobytes of 1,000 bytes; None: as the rule has it."""
    width: int | None = None
    """How wide a picture must be, in pixels; None: as the rule has it."""
    formats: tuple[str, ...] = ()
    """The only formats allowed, as in file names (`jpg`, `png`); empty: those that mail clients show."""


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
class HouseText:
    """A house.yaml as it was written, as far as it applies to the issues of one format."""

    document: YamlDocument
    """Laid together from all that holds, of whichever era, variant and kind: each value has the place where it is written."""
    file: tuple[str, str]
    """Path and text."""
    files: Mapping[Path, tuple[str, str]] = field(default_factory=dict)
    """Where the values are in several files, the one of each."""


NO_KIND = "?"
"""Stands for a kind that is unknown, and is no name for one: its house format asks for nothing, so that no finding follows
from another."""


@dataclass(frozen=True, slots=True)
class HouseFormat:
    """The description of the issues of one kind."""

    kind: str
    """The folder's name: `briefing`."""
    name: str
    """The name that people read: `Monthly briefing`."""
    path: str
    """Its house.yaml, for findings in it."""
    fields: tuple[FieldFormat, ...] = ()
    own_fields: bool = False
    """Whether front matter may have fields that are not listed."""
    opening: Bounds = Bounds()
    """Words before the first section."""
    opening_need: Need = Need.OPTIONAL
    opening_hint: str = ""
    """The hint that `newsletter new` writes in the opening."""
    opening_contains: tuple[Passage, ...] = ()
    opening_begins: tuple[str, ...] = ()
    opening_ends: tuple[str, ...] = ()
    contains: tuple[Passage, ...] = ()
    """Texts that the whole issue must contain, below its front matter."""
    begins: tuple[str, ...] = ()
    """The passages with one of which the whole issue must begin."""
    ends: tuple[str, ...] = ()
    words: Bounds = Bounds()
    """The bounds on the words of the whole issue."""
    sections: tuple[SectionFormat, ...] = ()
    contents: bool = False
    """A list of topics made from all items is after the opening."""
    contents_of: str = "items"
    """The entries of a contents list: "items", "sections" or "categories"."""
    contents_heading: str = ""
    """As of a section; "": the words that the language has for it."""
    contents_written: bool = False
    """As of a section: it is before the first item."""
    cover: bool = False
    """The cover is under the title of the email, as it always does on the web page."""
    author_box: bool = False
    """The author's portrait and lines are at the end."""
    caption: Need = Need.OPTIONAL
    credit: Need = Need.OPTIONAL
    """Whether every figure needs a credit."""
    quotations: QuotationFormat = QuotationFormat()
    """The format of quotations that are in no section with its own format for them."""
    blocks: tuple[BlockFormat, ...] = ()
    never: tuple[str, ...] = ()
    """Words that must not be published, found exactly as written."""
    standing: tuple[StandingMatter, ...] = ()
    severities: Mapping[str, Severity] = field(default_factory=dict)
    """Weight by rule code or prefix."""
    wording: Wording = field(default_factory=Wording)
    links: LinkFormat = field(default_factory=LinkFormat)
    text: TextFormat = field(default_factory=TextFormat)
    pictures: PictureFormat = field(default_factory=PictureFormat)
    file_names: tuple[str, ...] = ()
    """Texts with `{fields}`, of which the name of the issue's folder or file must fit one: `{date:yyyy-MM-dd}-{slug}`."""
    sets: tuple[SectionSet, ...] = ()
    groups: tuple[SectionGroup, ...] = ()
    reading: ReadingOptions = field(default_factory=ReadingOptions)
    """How the text of such an issue is read (credit words, HTML, section level)."""
    draft: str = ""
    """draft.md if the kind has one: the body that `newsletter new` starts from."""
    variant: str = ""
    """Which variant of this kind it is; "" for the ordinary one."""
    lapsed: Mapping[str, str] = field(default_factory=dict)
    """Headings of sections that other eras have, each with when: `until number 120`."""
    written: HouseText | None = None
    """The house.yaml that says all this; None for a format that was not read from one."""

    def level_of(self, section: SectionFormat) -> int:
        """How many `#` open a section."""
        return section.level or self.reading.section_level

    def level_of_group(self, group: SectionGroup) -> int:
        """How many `#` the heading of a group has."""
        return group.level or self.reading.section_level - 1

    @property
    def consecutive(self) -> bool:
        """Whether the number of an issue goes on from the issue before."""
        return any(field.name == "number" and field.consecutive for field in self.fields)
