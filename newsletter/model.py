r"""The document: what an issue is once it has been read. Frozen data, no behaviour, standard library only.

Every output is rendered from these records and every check reads them. Offsets count characters (code points) of the
source text after decoding, with line ends as a single "\n" and without a byte order mark; lines and columns count from 1.
"""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING

from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a source text: `text[start:end]` is what it names; (line, column) is where `start` stands."""

    start: int
    end: int
    line: int = 1
    column: int = 1


NOWHERE = Span(0, 0)
"""The span of anything that has no source, such as standing matter that the tool inserts."""

Path = tuple["str | int", ...]
"""Keys and indexes from the root of a YAML document to a value: `("authors", 0, "name")`."""


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """A YAML document as plain values, with the place of every key and value beside them."""

    values: dict[str, object]
    """Plain dict, list, str, int, float, bool, None, date and datetime (aware)."""
    key_spans: Mapping[Path, Span]
    """Where each key is, by the path of its value."""
    value_spans: Mapping[Path, Span]
    """Where each value is; the empty path is the whole document."""
    broken: frozenset[Path] = frozenset()
    """Values that have a finding already (bad syntax, a bad date): nothing more is to be said about them. What could
    not be read is kept as plain text or None."""
    written: Mapping[Path, str] = field(default_factory=dict)
    """How each value is written that is neither text nor empty: `3.10`, `007`, `2026-01-01`, `True`."""

    def text(self, *path: str | int) -> str:
        """The text at `path`, without space around it; empty if there is none, or no single value.

        Of what YAML takes for a number, a date or a truth value it is what is written: `title: 2024` means the text. `~` and
        `null` are YAML's words for nothing.
        """
        value: object = self.values
        for step in path:
            within = isinstance(value, dict) or (
                isinstance(value, list) and isinstance(step, int) and step < len(value)
            )
            value = (value.get(step) if isinstance(value, dict) else value[step]) if within else None  # type: ignore[index]
        return value.strip() if isinstance(value, str) else self.written.get(path, "")

    def where(self, *path: str | int) -> Span:
        """The place of the value at `path`, else of its nearest ancestor that exists."""
        for length in range(len(path), -1, -1):
            found = self.value_spans.get(path[:length])
            if found is not None:
                return found
        return NOWHERE

    def where_key(self, *path: str | int) -> Span:
        """The place of the key at `path`; of its value or nearest ancestor where there is no such key."""
        return self.key_spans.get(path) or self.where(*path)


@dataclass(frozen=True, slots=True)
class Text:
    """Plain characters. Where the source says them otherwise (escapes, entities), `span` is longer than `text`."""

    text: str
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Break:
    """The end of a source line inside a paragraph; `hard` when it is a line break that readers see."""

    hard: bool
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Code:
    """`code` within a line."""

    text: str
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Emphasis:
    inlines: tuple[Inline, ...]
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Strong:
    inlines: tuple[Inline, ...]
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Strikethrough:
    inlines: tuple[Inline, ...]
    span: Span = NOWHERE


class LinkForm(StrEnum):
    """How a link is written in the source."""

    INLINE = "inline"  # [text](address "title")
    REFERENCE = "reference"  # [text][label], [label][] and [label]
    AUTOLINK = "autolink"  # <https://…>
    BARE = "bare"  # https://… by itself


@dataclass(frozen=True, slots=True)
class Link:
    """A link; `span` covers the whole construct as it is used, brackets and address included."""

    href: str
    """The address, normalised as CommonMark says (percent-encoded); may hold personal fields as `{{ name }}`."""
    inlines: tuple[Inline, ...]
    title: str = ""
    """Its personal fields are placeholders; so they are in that of an Image."""
    form: LinkForm = LinkForm.INLINE
    span: Span = NOWHERE
    href_span: Span = NOWHERE
    """Where the address itself is written: for a reference, in its definition."""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture in a line of text. A picture alone in a paragraph becomes a Figure."""

    src: str
    alt: str
    title: str = ""
    span: Span = NOWHERE
    src_span: Span = NOWHERE
    title_span: Span = NOWHERE
    """Where the title is written, without its quotation marks."""
    spoken: str = ""
    """The alternative text with placeholders for its personal fields (see tokens.py), which are at their fallbacks in `alt`."""


@dataclass(frozen=True, slots=True)
class PersonalField:
    """`{{ first_name | there }}`: a merge tag in a service, `fallback` everywhere else."""

    name: str
    fallback: str = ""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class FootnoteReference:
    """`[^label]`; `number` counts notes from 1, `occurrence` the references to one note from 1."""

    label: str
    number: int
    occurrence: int = 1
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class RawHtml:
    """HTML of the author, already cleaned, its personal fields as placeholders; only if the house format allows it."""

    html: str
    span: Span = NOWHERE
    images: tuple[Image, ...] = ()
    """The pictures in it, in order: one for each `<img>`."""


Inline = (
    Text | Break | Code | Emphasis | Strong | Strikethrough | Link | Image | PersonalField | FootnoteReference | RawHtml
)


@dataclass(frozen=True, slots=True)
class Paragraph:
    inlines: tuple[Inline, ...]
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that opens neither a section nor an item: deeper, or out of place (`#`, or an item before any section)."""

    level: int
    inlines: tuple[Inline, ...]
    anchor: str
    span: Span = NOWHERE
    """The whole line."""
    text_span: Span = NOWHERE
    """Its text, without the `#` marks."""


@dataclass(frozen=True, slots=True)
class ListItem:
    blocks: tuple[Block, ...]
    checked: bool | None = None
    """For a task list: whether it is ticked; None if there is no box."""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class List:
    items: tuple[ListItem, ...]
    ordered: bool = False
    start: int = 1
    tight: bool = True
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Quotation:
    blocks: tuple[Block, ...]
    attribution: tuple[Inline, ...] = ()
    """The last line where it starts with a dash, without the dash."""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class CodeBlock:
    text: str
    language: str = ""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class TableCell:
    inlines: tuple[Inline, ...]
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Table:
    head: tuple[TableCell, ...]
    rows: tuple[tuple[TableCell, ...], ...]
    alignments: tuple[str, ...]
    """Per column: "left", "center", "right" or ""."""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture alone in a paragraph, with what is under it."""

    image: Image
    caption: tuple[Inline, ...] = ()
    credit: tuple[Inline, ...] = ()
    """Who made it: what follows Photo:, Credit: and the like, without that word."""
    credit_word: str = ""
    """The word itself as written, e.g. "Photo"; "" if there is no credit."""
    link: Link | None = None
    """Where the picture is wrapped in a link (its `inlines` hold the picture)."""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class ThematicBreak:
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Fact:
    """`seats: 40`: what an event says about itself besides date, time and place."""

    label: str
    """As written; empty if the value speaks for itself, as a place does that is a link."""
    inlines: tuple[Inline, ...]
    span: Span = NOWHERE
    """The span of its value."""


BLOCK_NAMES = (
    *("button", "callout", "event", "audio", "video", "post", "embed", "poll"),
    *("gallery", "beside", "columns", "chart", "stat", "quote-card", "toc", "divider", "sponsor"),
)
"""The names after `:::`, except those that say who gets something."""


@dataclass(frozen=True, slots=True)
class Directive:
    """`::: name argument`, fields, a body, `:::`; `::: paywall` has neither body nor end."""

    name: str
    argument: tuple[Inline, ...] = ()
    """The text after the name, as inline content."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """`key: value` lines at the top of the body, for the directives that have fields (event, audio); personal fields in the values
    are placeholders."""
    field_spans: Mapping[str, Span] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
    span: Span = NOWHERE
    name_span: Span = NOWHERE
    facts: tuple[Fact, ...] = ()
    """For an event: its further lines, and those whose value is more than plain text."""


@dataclass(frozen=True, slots=True)
class HtmlBlock:
    """HTML of the author, already cleaned, its personal fields as placeholders; only if the house format allows it."""

    html: str
    span: Span = NOWHERE
    images: tuple[Image, ...] = ()
    """The pictures, as in `RawHtml`."""


Block = Paragraph | Heading | List | Quotation | CodeBlock | Table | Figure | ThematicBreak | Directive | HtmlBlock


class ItemShape(StrEnum):
    """How the items of a section are written; the house format says which."""

    HEADING = "heading"  # ### 1. [Title](url)
    BULLET = "bullet"  # - [Title](url) by Author
    LEAD = "lead"  # **Title.** text
    NUMBERED = "numbered"  # 1、[Title](url)


@dataclass(frozen=True, slots=True)
class Item:
    """One story of a section."""

    title: tuple[Inline, ...]
    """The inlines of the title, without its number."""
    number: int | None = None
    link: Link | None = None
    """The link that the title is, or that opens it."""
    author: str = ""
    """The text after `by`, which follows the linked title of a bullet."""
    blocks: tuple[Block, ...] = ()
    """All below the title; for bullets, leads and numbered paragraphs, the text after the title comes first."""
    shape: ItemShape = ItemShape.HEADING
    anchor: str = ""
    span: Span = NOWHERE
    """The span from the start of its first line to the end of its last."""
    title_span: Span = NOWHERE
    """The title as written, number included."""
    bold: bool = False
    """Whether the title is the bold words that its line begins with, or a heading all in bold."""
    only: tuple[str, ...] = ()
    """The text after each `::: only` that its heading is in, outermost first. Blocks are in directives of their own."""


class Opener(StrEnum):
    """How a section begins."""

    HEADING = "heading"
    ITEMS = "items"
    """Its first item: the stories follow the opening directly."""
    RULE = "rule"
    """A `---` that ends the last item above: a sign-off, thanks, a call for tips. It is the first of its blocks."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and all that is under it, up to the next section; or what is under none (see Opener)."""

    title: tuple[Inline, ...]
    blocks: tuple[Block, ...] = ()
    """The blocks before the first item."""
    items: tuple[Item, ...] = ()
    """The items under sub-headings, in order. Other shapes are found in `blocks` (see markdown.items)."""
    level: int = 2
    anchor: str = ""
    span: Span = NOWHERE
    title_span: Span = NOWHERE
    """Where it has no heading: the title of its first item, or its rule."""
    only: tuple[str, ...] = ()
    """The readers and outputs, as for an `Item`."""
    opener: Opener = Opener.HEADING
    """The kind of its beginning. A section without a heading has neither title nor anchor."""


@dataclass(frozen=True, slots=True)
class Footnote:
    """A note at the foot; `references` is how often the text refers to it."""

    label: str
    number: int
    blocks: tuple[Block, ...]
    references: int = 1
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Note:
    """An HTML comment: the writer's note to self, never published."""

    text: str
    """Between `<!--` and `-->`, stripped."""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class LinkDefinition:
    """`[label]: address "title"`."""

    label: str
    href: str
    title: str = ""
    span: Span = NOWHERE
    used: bool = False


@dataclass(frozen=True, slots=True)
class OpenedDirective:
    """A line that was read as the beginning of a directive, whatever became of what is below it."""

    name: str
    """The name that it is read as: `only` for everything that is taken for it; empty if there is no such directive,
    so that it holds nothing back."""
    argument: str = ""
    """The text after `only`: its readers or outputs."""
    span: Span = NOWHERE
    """The span from its line to the end of the last one that it contains: for a paywall, to the end of the text."""
    name_span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture named in front matter (`cover`, an author's portrait)."""

    src: str
    alt: str = ""
    caption: str = ""
    credit: str = ""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Period:
    """The days that a letter covers, both included (see period.py)."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Original:
    """Where a letter ran first (`original` of front matter)."""

    url: str
    """Absolute, on the web; empty if what is written is no web address."""
    title: str = ""
    """Its title there; empty if it is the same as here."""
    publication: str = ""
    """The publication that it appeared in; empty if only the address is known."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A change to an issue that readers had before."""

    at: datetime
    note: str
    """The description of the change, in the writer's words."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One letter, as it was read. Fields of the front matter that have a fixed meaning are typed here."""

    path: str
    """Its file, relative to the workspace, with forward slashes."""
    slug: str
    """Its name in addresses: `slug` of the front matter, else the folder's name without its date."""
    kind: str
    front: YamlDocument
    title: str = ""
    subtitle: str = ""
    number: int | None = None
    date: datetime | None = None
    """Aware, in the publication's time zone where the author gave none. A plain date is its first minute."""
    updated: datetime | None = None
    summary: str = ""
    preheader: str = ""
    """As given; empty if the summary is to be in."""
    subject: str = ""
    """As given; empty if the title is to be in."""
    language: str = ""
    """BCP 47; the publication's if the issue gives none."""
    authors: tuple[str, ...] = ()
    """Keys of the publication's authors, or plain names."""
    tags: tuple[str, ...] = ()
    cover: Picture | None = None
    period: Period | None = None
    """The time that the letter covers, as given; None if it is that of its date."""
    original: Original | None = None
    """Where a letter appeared first, if that was elsewhere."""
    canonical: str = ""
    """The address that search engines are to take for the letter's own; empty if that is its page, or what is written is none."""
    personal: Mapping[str, str] = field(default_factory=dict)
    """The texts of the front matter that hold personal fields, with placeholders: `subject`, `preheader`, `summary`, `cover.alt` …
    In the fields above these are at their fallbacks."""
    draft: bool = False
    corrections: tuple[Correction, ...] = ()
    """The changes since it was published, oldest first. They come from the record, not from the issue."""
    opening: tuple[Block, ...] = ()
    """The blocks before the first section."""
    sections: tuple[Section, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    notes: tuple[Note, ...] = ()
    definitions: tuple[LinkDefinition, ...] = ()
    opened: tuple[OpenedDirective, ...] = ()
    """The directives, in the order of their opening lines."""


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """The options of the house format and the publication for reading an issue's text."""

    section_level: int = 2
    """The heading level that opens a section; items are one deeper."""
    own_levels: tuple[tuple[int, str], ...] = ()
    """Headings of another level that open a section all the same: the level, and a regular expression of their text."""
    group_levels: tuple[tuple[int, str], ...] = ()
    """In the same way, headings of the level of sections that open none: sections are under them."""
    credit_words: tuple[str, ...] = ("Photo", "Credit", "Image", "Source", "Picture", "Illustration")
    personal_fields: frozenset[str] = frozenset({"email", "name", "first_name", "last_name"})
    allow_html: bool = False
    stories: ItemShape | None = None
    """How items are written that are in no section; None: there are none."""
    story_level: int | None = None
    """The heading level that opens such an item, if they have headings; None: that of sections, or one deeper."""
    closing: bool = False
    """Whether a `---` ends the text of the last section, too, if that has no items."""


@dataclass(frozen=True, slots=True)
class ImageFile:
    """A picture as it goes out: files made from the author's, at the size that readers need."""

    source: str
    """The author's file, relative to the workspace, with forward slashes."""
    name: str
    """The file name to write: portable, unique within the issue, stable for the same content."""
    width: int
    """As shown, in CSS pixels (the file holds up to twice as many)."""
    height: int
    media_type: str
    """The media type of `name`, one that every email client, feed reader and link preview shows: JPEG, PNG or GIF."""
    web: str = ""
    """A second file for the web page, in the format that the author saved; empty if `name` is of that format."""
    web_type: str = ""
    still: str = ""
    """For an animation: a file with one typical frame, for Outlook on Windows and for readers who want no motion."""
    still_source: str = ""
    """The author's own file for `still`, relative to the workspace; empty: a frame of the animation."""
    mark: bool = False
    """Whether a play mark is drawn on it, for a film that it leads to."""
    moves: bool = False
    """Whether `web` or `name` is an animation."""
    ground: str = ""
    """A colour, `#rrggbb`, that stands behind what is transparent in it; empty: nothing does."""
    ground_for_dark: bool = False
    """Whether the ground is only there where what borders on it is dark, which is seen once the pixels are unpacked."""
    pixel_width: int = 0
    """Pixels of `still`, else of `name`, as link previews measure; 0 if nobody asked."""
    pixel_height: int = 0
    crop: str = ""
    """Width and height to which it is cut around its middle, `3:2`; empty: it is shown whole."""
    drawing: str = ""
    """An SVG of the tool's own, such as a chart, which there is no `source` for."""


@dataclass(frozen=True, slots=True)
class MailPart:
    """A part of the email as readers see it: its frame, the opening, each section. Together they are all of it."""

    kind: str
    """`style` (all before the body), `frame` (masthead, title, foot), `opening`, `standing`, `contents`, `section`,
    `footnotes` or `authors`."""
    label: str
    """The name that people read: the heading of a section, or the kind if it has none."""
    size: int
    """Bytes of UTF-8."""
    path: str = ""
    """The file that it comes from, relative to the workspace; empty for what nobody wrote (style, frame)."""
    span: Span = NOWHERE
    """Its heading in that file, or where it begins."""


@dataclass(frozen=True, slots=True)
class MailPiece:
    """A stretch of the email's HTML that comes from one place. Pieces follow each other without gaps."""

    start: int
    """The start, in characters of the HTML; so is `end`."""
    end: int
    part: int
    """Index of its part."""
    template: str = ""
    """The template that wrote it: `item.mjml`; empty for the words of an author with what HtmlWriter puts around them, and for
    style and frame, if it is not known."""
    path: str = ""
    """The file of `span`; empty for what no author wrote."""
    span: Span = NOWHERE
    """The innermost block or link that it was written for."""


@dataclass(frozen=True, slots=True)
class Rendering:
    """An issue ready to go out. Tokens of mailing services are in `html` and `text` as the caller asked for them."""

    subject: str
    preheader: str
    html: str
    """The email."""
    text: str
    """Its plain-text part."""
    page: str = ""
    """The web page; empty if only the email was asked for."""
    images: tuple[ImageFile, ...] = ()
    parts: tuple[MailPart, ...] = ()
    """The parts of the email, in the order of reading; empty if the email was not asked for."""
    pieces: tuple[MailPiece, ...] = ()
    """The same by place, for findings: `html[piece.start : piece.end]`."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A media file that feed readers play: RFC 4287 §4.2.7.2 (rel="enclosure")."""

    url: str
    """Absolute."""
    media_type: str
    length: int = 0
    """Bytes; 0 if unknown."""
    seconds: int = 0
    """The length in seconds; 0 if unknown."""


@dataclass(frozen=True, slots=True)
class PictureCredit:
    """The credit of a picture that an issue shows."""

    shown: str
    """Its description: its caption, else its alt text."""
    credit: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """One issue as the web archive and the feeds show it."""

    id: str
    """A `tag:` URI (RFC 4151) that survives a change of title, date or address."""
    slug: str
    url: str
    """The absolute address of its web page."""
    title: str
    date: datetime
    updated: datetime
    """`updated` of the front matter, else `date`."""
    subtitle: str = ""
    number: int | None = None
    summary: str = ""
    authors: tuple[str, ...] = ()
    """Names, as readers see them."""
    tags: tuple[str, ...] = ()
    language: str = ""
    minutes: int = 1
    """The minutes that it takes to read."""
    cover: ImageFile | None = None
    """Its file is in the folder of the issue's page."""
    cover_alt: str = ""
    enclosures: tuple[Enclosure, ...] = ()
    original: Original | None = None
    canonical: str = ""
    """The canonical address, as for an `Issue`."""
    sections: tuple[tuple[str, str], ...] = ()
    """Name and anchor of each."""
    sites: tuple[str, ...] = ()
    """The hosts that it links to."""
    credits: tuple[PictureCredit, ...] = ()
    html: str = ""
    """Full text for feeds: a fragment with absolute addresses, no scripts, styles or tokens. May be empty in an index."""
