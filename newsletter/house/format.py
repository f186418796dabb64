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
    """The numbers from `minimum` to `maximum`, both included; None for no bound.

    Written `5-9`, `5-`, `-9` or `7` in YAML.
    """

    minimum: int | None = None
    maximum: int | None = None

    def __contains__(self, count: object) -> bool:
        """Whether `count` is within the bounds."""
        if not isinstance(count, int):
            return False
        return (self.minimum is None or count >= self.minimum) and (self.maximum is None or count <= self.maximum)

    @property
    def free(self) -> bool:
        """Whether there are no bounds."""
        return self.minimum is None and self.maximum is None


class Need(StrEnum):
    """Whether something is required, optional or forbidden."""

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
    """The bounds on the characters of a text, the entries of a list, or the value of a number."""
    pattern: str = ""
    """A regular expression that the whole text must match."""
    choices: tuple[str, ...] = ()
    fields: tuple[FieldFormat, ...] = ()
    """The fields inside a nested field."""
    hint: str = ""
    """The hint that `newsletter new` writes for the author to replace."""
    span: Span = NOWHERE
    forms: tuple[str, ...] = ()
    """Patterns with `{fields}`; the whole text must match one of them: `Issue #{number}`.

    The values of fields must agree with the issue, its file name and other patterns.
    """
    consecutive: bool = False
    """For a number: whether it must be one more than that of the issue before."""


@dataclass(frozen=True, slots=True)
class QuotationFormat:
    """The requirements for quotations."""

    source: Need = Need.OPTIONAL
    """Whether each must have a source."""


@dataclass(frozen=True, slots=True)
class BlockFormat:
    """The requirements for blocks of one name: `::: chart`."""

    name: str
    count: Bounds = Bounds()
    words: Bounds = Bounds()
    """The bounds on the words of each one."""
    sections: tuple[str, ...] = ()
    """The keys of the sections in which it is allowed, possibly with `opening`; empty for all."""
    names: tuple[str, ...] = ()
    """The texts allowed after its name; empty: any."""


@dataclass(frozen=True, slots=True)
class ItemFormat:
    """The requirements for the items of a section."""

    shape: ItemShape = ItemShape.HEADING
    count: Bounds = Bounds()
    numbered: bool = False
    """Whether the items are numbered 1, 2, 3 … in order."""
    link: Need = Need.OPTIONAL
    """Whether the title has a link."""
    author: Need = Need.OPTIONAL
    picture: Need = Need.OPTIONAL
    categories: tuple[str, ...] | None = None
    """The categories with which titles begin. None: titles need none; (): any `Category: headline`."""
    words: Bounds = Bounds()
    last: ItemFormat | None = None
    """The format of the last item (the round-up), if it differs."""
    look: str = ""
    """The layout: "" or "roundup"."""
    inner: Bounds = Bounds()
    """For a round-up, the bounds on the number of its short entries (bullets or bold leads)."""
    hint: str = ""
    """The hint that `newsletter new` writes in each item."""
    title: Bounds = Bounds()
    """The bounds on the characters of the title. If at most 0, there is no title, and the whole item is text."""
    tags: tuple[str, ...] | None = None
    """The tags in brackets with which a title may begin; None for any."""
    length: Bounds = Bounds()
    """The bounds on the characters of the whole item, with its title."""
    full_stop: Need = Need.OPTIONAL
    """Whether the item ends in a full stop (or `!`, `?`, `…`)."""
    credit: Need = Need.OPTIONAL
    """Whether its figures need a credit. The requirements for all figures apply, too."""
    bold: Need = Need.OPTIONAL
    """Whether the title is in bold."""
    link_kinds: tuple[str, ...] = ()
    """The kinds of `LinkFormat.kinds` that the title may link to; empty: any."""
    level: int | None = None
    """For items without a section, written as headings: the number of `#` of one; None for that of a section, or one more."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A text that each issue, or a part of it, must contain: a greeting, a marker."""

    text: str
    """The text as in the source, with fields. White space may differ."""
    count: Bounds = Bounds(1, None)


@dataclass(frozen=True, slots=True)
class SectionFormat:
    """A section of the house format."""

    key: str
    headings: tuple[str, ...] = ()
    """Alternatives, each a fixed text or a pattern with `{fields}`; empty for any heading (a free section)."""
    level: int | None = None
    """The level of its heading, if that differs from other sections."""
    need: Need = Need.REQUIRED
    repeat: Bounds = Bounds(None, 1)
    """The bounds on how often it may come."""
    words: Bounds = Bounds()
    figures: Bounds = Bounds()
    quotations: QuotationFormat = QuotationFormat()
    items: ItemFormat | None = None
    contents: bool = False
    """Whether a list of the items' titles, linked to the items, comes before the first item."""
    contents_of: str = "items"
    """The entries of a contents list: "items" or "categories"."""
    contents_heading: str = ""
    """The heading above the list, with fields of the issue; "" for no heading."""
    contents_written: bool = False
    """Whether the writer writes the list, and it is only checked."""
    look: str = ""
    """The layout: "", "roundup", "recommendation" (cover beside text), "events", "sign-off"."""
    hint: str = ""
    """The hint that `newsletter new` writes in it."""
    span: Span = NOWHERE
    rank: int | None = None
    """Its place in the order. Sections of one rank may be in any order; None for any place."""
    place: str = ""
    """"first" or "last" of all sections; "" for the place by its rank."""
    contains: tuple[Passage, ...] = ()
    begins: tuple[str, ...] = ()
    """Passages; the section must begin with one of them."""
    ends: tuple[str, ...] = ()
    forgive: frozenset[str] = frozenset()
    """The differences that a heading may have without a finding: "case", "quotes", "dashes", "emoji"."""
    only: tuple[str, ...] = ()
    """Its readers and outputs, as after `::: only`: ("paid",); empty for everybody."""
    opener: Opener = Opener.HEADING
    """The kind of its beginning.

    A section without a heading begins with its items, or with the `---` after the last item.
    """

    @property
    def free(self) -> bool:
        """Whether it may have any heading."""
        return not self.headings and self.opener is Opener.HEADING


@dataclass(frozen=True, slots=True)
class SectionSet:
    """Sections of which an issue must have some: for example, one of several monthly sections."""

    name: str
    sections: tuple[str, ...]
    """The keys of the sections."""
    count: Bounds = Bounds(1, None)
    """The bounds on the number of them in an issue."""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class SectionGroup:
    """A heading one level above the sections, which groups some of them."""

    key: str
    headings: tuple[str, ...]
    """Alternatives, like those of a section."""
    level: int | None = None
    """The level of its heading, if that is not one above the sections."""
    sections: tuple[str, ...] = ()
    """The keys of the sections under it."""
    required: bool = True
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Wording:
    """The spelling of words, and words to avoid. For words that must not be published, see `never`."""

    spelling: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The wrong spellings of a right one: `Github` and `github` for `GitHub`."""
    avoid: Mapping[str, str] = field(default_factory=dict)
    """Words to avoid, each with advice; "" if the house format gives none."""


@dataclass(frozen=True, slots=True)
class LinkFormat:
    """The requirements for links."""

    kinds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Named lists of domains with their subdomains, or of paths on them: `source: [github.com]`."""
    http: bool = False
    """Whether `http:` is allowed. Otherwise links need `https:`."""
    tracking: bool = False
    """Whether addresses may have tracking parameters."""
    keep_parameters: tuple[str, ...] = ()
    """Tracking parameters that are allowed (`utm_*` for all that begin so), and domains whose links may have any."""
    shorteners: bool = False
    """Whether shortened addresses are allowed."""
    repeats: tuple[str, ...] = ()
    """The keys of sections with addresses that are also elsewhere in the issue; "opening" for the opening."""


@dataclass(frozen=True, slots=True)
class TextFormat:
    """The requirements for the text."""

    quotes: str = ""
    """"typographic" (“ ”), "straight" (" "), or "" for either."""
    sentence: Bounds = Bounds()
    """The bounds on the words of a sentence."""
    paragraph: Bounds = Bounds()
    """The bounds on the words of a paragraph."""
    placeholders: tuple[str, ...] = ()
    """The publication's placeholders for text to come. They are found as whole words, as written."""


@dataclass(frozen=True, slots=True)
class PictureFormat:
    """The requirements for picture files."""

    weight: int | None = None
    """The largest size of a file in kilobytes (1,000 bytes); None for the default of the rule."""
    width: int | None = None
    """The smallest width of a picture in pixels; None for the default of the rule."""
    formats: tuple[str, ...] = ()
    """The allowed formats, as in file names (`jpg`, `png`); empty for those that email clients show."""


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
    """The source of a house format: the text of house.yaml, as far as it applies to the issues of one format."""

    document: YamlDocument
    """The values that apply, merged from all eras, variants and kinds. Each has the place where it is written."""
    file: tuple[str, str]
    """The path and text of the file."""
    files: Mapping[Path, tuple[str, str]] = field(default_factory=dict)
    """If the values are in several files, the file of each."""


NO_KIND = "?"
"""The name for an unknown kind, which no kind can have.

Its house format requires nothing, so that one error does not cause others.
"""


@dataclass(frozen=True, slots=True)
class HouseFormat:
    """The description of the issues of one kind."""

    kind: str
    """The name of its folder: `briefing`."""
    name: str
    """The name for people: `Monthly briefing`."""
    path: str
    """The path of its house.yaml, for findings in it."""
    fields: tuple[FieldFormat, ...] = ()
    own_fields: bool = False
    """Whether front matter may have unlisted fields."""
    opening: Bounds = Bounds()
    """The bounds on the words before the first section."""
    opening_need: Need = Need.OPTIONAL
    opening_hint: str = ""
    """The hint that `newsletter new` writes in the opening."""
    opening_contains: tuple[Passage, ...] = ()
    opening_begins: tuple[str, ...] = ()
    opening_ends: tuple[str, ...] = ()
    contains: tuple[Passage, ...] = ()
    """Texts that the whole issue must contain, below its front matter."""
    begins: tuple[str, ...] = ()
    """Passages; the whole issue must begin with one of them."""
    ends: tuple[str, ...] = ()
    words: Bounds = Bounds()
    """The bounds on the words of the whole issue."""
    sections: tuple[SectionFormat, ...] = ()
    contents: bool = False
    """Whether a list of topics, made from all items, comes after the opening."""
    contents_of: str = "items"
    """The entries of a contents list: "items", "sections" or "categories"."""
    contents_heading: str = ""
    """The heading of the contents list; "" for the words of the language."""
    contents_written: bool = False
    """Whether the author writes the contents list. It comes before the first item."""
    cover: bool = False
    """Whether the email shows the cover under its title, as the web page always does."""
    author_box: bool = False
    """Whether the author's portrait and text come at the end."""
    caption: Need = Need.OPTIONAL
    credit: Need = Need.OPTIONAL
    """Whether every figure needs a credit."""
    quotations: QuotationFormat = QuotationFormat()
    """The requirements for quotations, except in sections that have their own."""
    blocks: tuple[BlockFormat, ...] = ()
    never: tuple[str, ...] = ()
    """Words that must not be published. They are found exactly as written."""
    standing: tuple[StandingMatter, ...] = ()
    severities: Mapping[str, Severity] = field(default_factory=dict)
    """The severity by rule code or prefix."""
    wording: Wording = field(default_factory=Wording)
    links: LinkFormat = field(default_factory=LinkFormat)
    text: TextFormat = field(default_factory=TextFormat)
    pictures: PictureFormat = field(default_factory=PictureFormat)
    file_names: tuple[str, ...] = ()
    """Patterns with `{fields}`; the name of the issue's folder or file must match one: `{date:yyyy-MM-dd}-{slug}`."""
    sets: tuple[SectionSet, ...] = ()
    groups: tuple[SectionGroup, ...] = ()
    reading: ReadingOptions = field(default_factory=ReadingOptions)
    """The options for parsing an issue's text (credit words, HTML, section level)."""
    draft: str = ""
    """The text of draft.md, with which `newsletter new` begins; empty if the kind has none."""
    variant: str = ""
    """The name of the variant; "" for the default one."""
    lapsed: Mapping[str, str] = field(default_factory=dict)
    """Headings of sections in other eras, each with its time: `until number 120`."""
    written: HouseText | None = None
    """The source in house.yaml; None for a format that was not read from a file."""

    def level_of(self, section: SectionFormat) -> int:
        """The number of `#` of a section's heading."""
        return section.level or self.reading.section_level

    def level_of_group(self, group: SectionGroup) -> int:
        """The number of `#` of a group's heading."""
        return group.level or self.reading.section_level - 1

    @property
    def consecutive(self) -> bool:
        """Whether each issue must have the next number."""
        return any(field.name == "number" and field.consecutive for field in self.fields)
