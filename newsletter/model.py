r"""The document: an issue after parsing. Frozen data without behaviour, which imports only the standard library.

Every output is rendered from these records, and every rule reads them. Offsets count characters (code points) of the
decoded source text, in which each line end is a single "\n" and there is no byte order mark. Lines and columns count
from 1.
"""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Span:
    """A range of a source text: `text[start:end]`. `line` and `column` are the position of `start`."""

    start: int
    end: int
    line: int = 1
    column: int = 1


NOWHERE = Span(0, 0)
"""The span of anything without a source, such as standing matter that the tool inserts."""

Path = tuple["str | int", ...]
"""Keys and indexes from the root of a YAML document to a value: `("authors", 0, "name")`."""


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """A YAML document as plain values, with the position of every key and value."""

    values: dict[str, object]
    """Plain dict, list, str, int, float, bool, None, date and datetime (aware)."""
    key_spans: Mapping[Path, Span]
    """The span of each key, by the path of its value."""
    value_spans: Mapping[Path, Span]
    """The span of each value, by its path. The empty path is the whole document."""
    broken: frozenset[Path] = frozenset()
    """Values that already have a finding (bad syntax, a bad date), so no rule reports them again.

    A value that could not be parsed is plain text or None.
    """
    written: Mapping[Path, str] = field(default_factory=dict)
    """The source text of each value that is neither text nor empty, by its path: `3.10`, `007`, `2026-01-01`, `True`.
    """

    def text(self, *path: str | int) -> str:
        """The text at `path`, without surrounding space; empty if there is none, or if it is a list or a mapping.

        If YAML reads a value as a number, a date or a boolean, this is its source text: `title: 2024` is "2024". `~`
        and `null` are empty.
        """
        value: object = self.values
        for step in path:
            within = isinstance(value, dict) or (
                isinstance(value, list) and isinstance(step, int) and step < len(value)
            )
            value = (value.get(step) if isinstance(value, dict) else value[step]) if within else None  # type: ignore[index]
        return value.strip() if isinstance(value, str) else self.written.get(path, "")

    def where(self, *path: str | int) -> Span:
        """The span of the value at `path`. If there is none, that of its nearest ancestor."""
        for length in range(len(path), -1, -1):
            found = self.value_spans.get(path[:length])
            if found is not None:
                return found
        return NOWHERE

    def where_key(self, *path: str | int) -> Span:
        """The span of the key at `path`. If there is none, that of its value or of the nearest ancestor."""
        return self.key_spans.get(path) or self.where(*path)


@dataclass(frozen=True, slots=True)
class Text:
    """Plain characters. If the source has escapes or entities, `span` is longer than `text`."""

    text: str
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Break:
    """The end of a source line inside a paragraph. If it is `hard`, readers see a line break."""

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
    """The syntax of a link in the source."""

    INLINE = "inline"  # [text](address "title")
    REFERENCE = "reference"  # [text][label], [label][] and [label]
    AUTOLINK = "autolink"  # <https://…>
    BARE = "bare"  # https://… by itself


@dataclass(frozen=True, slots=True)
class Link:
    """A link. `span` covers all of its source where it is used, with brackets and address."""

    href: str
    """The address, normalized (percent-encoded) as in CommonMark. Personal fields in it are `{{ name }}`."""
    inlines: tuple[Inline, ...]
    title: str = ""
    """The title. Personal fields in it are placeholders, as in the title of an Image."""
    form: LinkForm = LinkForm.INLINE
    span: Span = NOWHERE
    href_span: Span = NOWHERE
    """The span of the address. For a reference, it is in the definition."""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture within a line of text. A picture alone in a paragraph becomes a Figure."""

    src: str
    alt: str
    title: str = ""
    span: Span = NOWHERE
    src_span: Span = NOWHERE
    title_span: Span = NOWHERE
    """The span of the title, without its quotation marks."""
    spoken: str = ""
    """The alternative text with placeholders for personal fields (see tokens.py). `alt` has their fallbacks instead."""


@dataclass(frozen=True, slots=True)
class PersonalField:
    """`{{ first_name | there }}`: a merge tag for mailing services, and `fallback` in all other outputs."""

    name: str
    fallback: str = ""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class FootnoteReference:
    """`[^label]`. `number` is that of the note and `occurrence` that of this reference to it; both count from 1."""

    label: str
    number: int
    occurrence: int = 1
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class RawHtml:
    """HTML by the author, already sanitized, with placeholders for personal fields.

    Only if the house format allows HTML.
    """

    html: str
    span: Span = NOWHERE
    images: tuple[Image, ...] = ()
    """Its pictures in order, one for each `<img>`."""


Inline = (
    Text | Break | Code | Emphasis | Strong | Strikethrough | Link | Image | PersonalField | FootnoteReference | RawHtml
)


@dataclass(frozen=True, slots=True)
class Paragraph:
    inlines: tuple[Inline, ...]
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading that opens neither a section nor an item: a deeper one, a `#`, or an item's heading before any section."""

    level: int
    inlines: tuple[Inline, ...]
    anchor: str
    span: Span = NOWHERE
    """The span of the whole line."""
    text_span: Span = NOWHERE
    """The span of its text, without the `#` marks."""


@dataclass(frozen=True, slots=True)
class ListItem:
    blocks: tuple[Block, ...]
    checked: bool | None = None
    """For a task list: whether the box is ticked. None without a box."""
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
    """The last line, if it starts with a dash, without the dash."""
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
    """The alignment of each column: "left", "center", "right" or ""."""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture alone in a paragraph, with its caption and credit."""

    image: Image
    caption: tuple[Inline, ...] = ()
    credit: tuple[Inline, ...] = ()
    """The creator of the picture: the text after a word such as Photo: or Credit:."""
    credit_word: str = ""
    """That word as in the source, such as "Photo"; empty without a credit."""
    link: Link | None = None
    """The link around the picture, if there is one. Its `inlines` contain the picture."""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class ThematicBreak:
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Fact:
    """`seats: 40`: a line about an event that is not its date, time or place."""

    label: str
    """The label as in the source; empty if the value needs none, such as a place that is a link."""
    inlines: tuple[Inline, ...]
    span: Span = NOWHERE
    """The span of its value."""


BLOCK_NAMES = (
    *("button", "callout", "event", "audio", "video", "post", "embed", "poll"),
    *("gallery", "beside", "columns", "chart", "stat", "quote-card", "toc", "divider", "sponsor"),
)
"""The names after `:::`, except those that select readers or outputs."""


@dataclass(frozen=True, slots=True)
class Directive:
    """`::: name argument`, fields, a body, `:::`. `::: paywall` has neither a body nor an end."""

    name: str
    argument: tuple[Inline, ...] = ()
    """The text after the name, as inline content."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """The `key: value` lines at the top of the body, for directives with fields (event, audio).

    Personal fields in the values are placeholders.
    """
    field_spans: Mapping[str, Span] = field(default_factory=dict)
    blocks: tuple[Block, ...] = ()
    span: Span = NOWHERE
    name_span: Span = NOWHERE
    facts: tuple[Fact, ...] = ()
    """For an event: its other lines, and those with a value that is more than plain text."""


@dataclass(frozen=True, slots=True)
class HtmlBlock:
    """HTML by the author, already sanitized, with placeholders for personal fields.

    Only if the house format allows HTML.
    """

    html: str
    span: Span = NOWHERE
    images: tuple[Image, ...] = ()
    """Its pictures, as in `RawHtml`."""


Block = Paragraph | Heading | List | Quotation | CodeBlock | Table | Figure | ThematicBreak | Directive | HtmlBlock


class ItemShape(StrEnum):
    """The form of the items of a section, which the house format sets."""

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
    """The link that is the title, or that begins it."""
    author: str = ""
    """The text after `by`, which follows the linked title of a bullet item."""
    blocks: tuple[Block, ...] = ()
    """Everything below the title. For bullets, leads and numbered paragraphs, the text after the title comes first."""
    shape: ItemShape = ItemShape.HEADING
    anchor: str = ""
    span: Span = NOWHERE
    """The span from the start of its first line to the end of its last."""
    title_span: Span = NOWHERE
    """The span of the title in the source, with its number."""
    bold: bool = False
    """Whether the title is the bold beginning of its line, or a heading entirely in bold."""
    only: tuple[str, ...] = ()
    """The text after each `::: only` around its heading, outermost first. Blocks are in directives of their own."""


class Opener(StrEnum):
    """The kinds of a section's beginning."""

    HEADING = "heading"
    ITEMS = "items"
    """With its first item, which directly follows the opening."""
    RULE = "rule"
    """With a `---` that ends the last item before it: a sign-off, thanks, a call for tips.

    The `---` is the first of its blocks.
    """


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and everything below it, up to the next section. Without a heading, see Opener."""

    title: tuple[Inline, ...]
    blocks: tuple[Block, ...] = ()
    """The blocks before the first item."""
    items: tuple[Item, ...] = ()
    """The items with sub-headings, in order. Items of other shapes are in `blocks` (see markdown.items)."""
    level: int = 2
    anchor: str = ""
    span: Span = NOWHERE
    title_span: Span = NOWHERE
    """The span of the title. Without a heading: of the title of its first item, or of its `---`."""
    only: tuple[str, ...] = ()
    """The text after each `::: only` around its heading, as for an `Item`."""
    opener: Opener = Opener.HEADING
    """The kind of its beginning. A section without a heading has neither a title nor an anchor."""


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote. `references` is the number of references to it in the text."""

    label: str
    number: int
    blocks: tuple[Block, ...]
    references: int = 1
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Note:
    """An HTML comment: a private note by the author, never published."""

    text: str
    """The text between `<!--` and `-->`, without surrounding space."""
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
    """A line that was parsed as the start of a directive, even if the blocks below it did not become part of one."""

    name: str
    """The name of the directive: `only` for all names with that meaning.

    Empty if there is no such directive, so that it holds nothing back.
    """
    argument: str = ""
    """The text after `only`: readers or outputs."""
    span: Span = NOWHERE
    """The span from its line to the end of its last line. For a paywall, to the end of the text."""
    name_span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture named in the front matter (`cover`, the portrait of an author)."""

    src: str
    alt: str = ""
    caption: str = ""
    credit: str = ""
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Period:
    """The days that a letter covers, from the first to the last, both included (see period.py)."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Original:
    """The first publication of a letter that appeared elsewhere before (`original` in the front matter)."""

    url: str
    """The absolute web address; empty if the given one is not a web address."""
    title: str = ""
    """Its title there; empty if it is the same."""
    publication: str = ""
    """The publication in which it appeared; empty if only the address is known."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A change to an issue after readers got it."""

    at: datetime
    note: str
    """The description of the change, as its author wrote it."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One letter after parsing. Front-matter fields with a fixed meaning have fields of their own here."""

    path: str
    """The path of its file, relative to the workspace, with forward slashes."""
    slug: str
    """Its name in addresses: `slug` from the front matter, else the folder's name without the date."""
    kind: str
    front: YamlDocument
    title: str = ""
    subtitle: str = ""
    number: int | None = None
    date: datetime | None = None
    """The date with a time zone; by default that of the publication. A date without a time is its first minute."""
    updated: datetime | None = None
    summary: str = ""
    preheader: str = ""
    """The preheader as given; empty if the summary is used."""
    subject: str = ""
    """The subject as given; empty if the title is used."""
    language: str = ""
    """The language tag (BCP 47); that of the publication if the issue has none."""
    authors: tuple[str, ...] = ()
    """Keys of the publication's authors, or plain names."""
    tags: tuple[str, ...] = ()
    cover: Picture | None = None
    period: Period | None = None
    """The period that the letter covers, as given; None if it is that of its date."""
    original: Original | None = None
    """The first publication, if that was elsewhere."""
    canonical: str = ""
    """The canonical address for search engines.

    Empty if that is the issue's own page, or if the given address is not valid.
    """
    personal: Mapping[str, str] = field(default_factory=dict)
    """The front-matter texts with personal fields, as placeholders: `subject`, `preheader`, `summary`, `cover.alt` …

    The fields above have the fallbacks instead.
    """
    draft: bool = False
    corrections: tuple[Correction, ...] = ()
    """The changes since publication, oldest first. They come from the record, not from the issue."""
    opening: tuple[Block, ...] = ()
    """The blocks before the first section."""
    sections: tuple[Section, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    notes: tuple[Note, ...] = ()
    definitions: tuple[LinkDefinition, ...] = ()
    opened: tuple[OpenedDirective, ...] = ()
    """The lines that open directives, in order."""


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """The settings of house format and publication that affect how an issue's text is parsed."""

    section_level: int = 2
    """The heading level of sections. Items are one level deeper."""
    own_levels: tuple[tuple[int, str], ...] = ()
    """Headings of other levels that open a section, too: the level, and a regular expression for their text."""
    group_levels: tuple[tuple[int, str], ...] = ()
    """Headings at the level of sections that open none, because they group sections. The same form as `own_levels`."""
    credit_words: tuple[str, ...] = ("Photo", "Credit", "Image", "Source", "Picture", "Illustration")
    personal_fields: frozenset[str] = frozenset({"email", "name", "first_name", "last_name"})
    allow_html: bool = False
    stories: ItemShape | None = None
    """The form of items outside sections; None if there are none."""
    story_level: int | None = None
    """The heading level of items outside sections, if they have headings. None: that of sections, or one deeper."""
    closing: bool = False
    """Whether a `---` also ends the text of the last section if that has no items."""


@dataclass(frozen=True, slots=True)
class ImageFile:
    """A picture for output: files made from the author's, at the size that readers need."""

    source: str
    """The author's file, relative to the workspace, with forward slashes."""
    name: str
    """The name of the file to write: portable, unique within the issue, and the same for the same content."""
    width: int
    """The displayed width, in CSS pixels. The file has up to twice as many."""
    height: int
    media_type: str
    """The media type of `name`: JPEG, PNG or GIF, which every email client, feed reader and link preview supports."""
    web: str = ""
    """The name of a second file for the web page, in the format of the author's file; empty if `name` has that format.
    """
    web_type: str = ""
    still: str = ""
    """For an animation: a file with one typical frame, for Outlook on Windows and readers who prefer no motion."""
    still_source: str = ""
    """The author's own file for `still`, relative to the workspace.

    If it is empty, `still` is a frame of the animation.
    """
    mark: bool = False
    """Whether a play button is drawn on it, because it links to a video."""
    moves: bool = False
    """Whether `web` or `name` is an animation."""
    ground: str = ""
    """A colour, `#rrggbb`, behind its transparent parts; empty for none."""
    ground_for_dark: bool = False
    """Whether `ground` is only used if the pixels along the transparent parts are dark.

    That is known after decoding.
    """
    pixel_width: int = 0
    """The width of `still`, else of `name`, in pixels, for link previews; 0 if it was not computed."""
    pixel_height: int = 0
    crop: str = ""
    """The aspect ratio to which it is cropped around its middle, such as `3:2`; empty if it is not cropped."""
    drawing: str = ""
    """An SVG made by the tool, such as a chart, which has no `source`."""


@dataclass(frozen=True, slots=True)
class MailPart:
    """A part of the email as readers see it: the frame, the opening, each section.

    All parts together are the whole email.
    """

    kind: str
    """`style` (everything before the body), `frame` (masthead, title, foot), `opening`, `standing`, `contents`,
    `section`, `footnotes` or `authors`.
    """
    label: str
    """Its name for people: the heading of a section, or the kind."""
    size: int
    """Bytes in UTF-8."""
    path: str = ""
    """The file that it comes from, relative to the workspace; empty for style and frame."""
    span: Span = NOWHERE
    """The span of its heading in that file, or the position where it begins."""


class MailPiece(NamedTuple):  # Not a record: an email has hundreds.
    """A range of the email's HTML that comes from one place in a source. Pieces follow each other without gaps."""

    start: int
    """The start, in characters of the HTML, like `end`."""
    end: int
    part: int
    """The index of its part."""
    template: str = ""
    """The template that wrote it, such as `item.mjml`.

    Empty for an author's text with the markup that HtmlWriter adds, and for style and frame if it is unknown.
    """
    path: str = ""
    """The file of `span`; empty if no author wrote it."""
    span: Span = NOWHERE
    """The span of the innermost block or link from which it was made."""


@dataclass(frozen=True, slots=True)
class Rendering:
    """An issue as it goes out. Tokens of mailing services in `html` and `text` are written as the caller asked."""

    subject: str
    preheader: str
    html: str
    """The HTML of the email."""
    text: str
    """The plain-text part of the email."""
    page: str = ""
    """The HTML of the web page; empty if only the email was requested."""
    images: tuple[ImageFile, ...] = ()
    parts: tuple[MailPart, ...] = ()
    """The parts of the email, in reading order; empty if the email was not requested."""
    pieces: tuple[MailPiece, ...] = ()
    """The pieces of `html` in order, for findings: `html[piece.start : piece.end]`."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A media file that feed readers play: RFC 4287 §4.2.7.2 (rel="enclosure")."""

    url: str
    """The absolute address."""
    media_type: str
    length: int = 0
    """The size in bytes; 0 if unknown."""
    seconds: int = 0
    """The duration in seconds; 0 if unknown."""


@dataclass(frozen=True, slots=True)
class PictureCredit:
    """The credit of a picture that an issue shows."""

    shown: str
    """The description of the picture: its caption, else its alt text."""
    credit: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Published:
    """One issue for the web archive and the feeds."""

    id: str
    """A `tag:` URI (RFC 4151), which stays the same if title, date or address change."""
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
    """The names of the authors, as readers see them."""
    tags: tuple[str, ...] = ()
    language: str = ""
    minutes: int = 1
    """The reading time in minutes."""
    cover: ImageFile | None = None
    """The cover picture. Its file is in the folder of the issue's page."""
    cover_alt: str = ""
    enclosures: tuple[Enclosure, ...] = ()
    original: Original | None = None
    canonical: str = ""
    """The canonical address, as for an `Issue`."""
    sections: tuple[tuple[str, str], ...] = ()
    """The name and the anchor of each section."""
    sites: tuple[str, ...] = ()
    """The hosts of its links."""
    credits: tuple[PictureCredit, ...] = ()
    html: str = ""
    """The full text for feeds: an HTML fragment with absolute addresses and without scripts, styles and tokens.

    An index may leave it empty.
    """
