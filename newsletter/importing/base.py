"""The types of an import: issues as sectioned Markdown, notes about them, and facts about the publication."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Literal

from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

NoteKind = Literal["left out", "kept", "lost", "changed"]
"""The outcome for a part of the source: `left out` on purpose (a share button), `kept` without a meaning here (an
unknown shortcode), `lost` because the source does not have it (the address of a link), `changed` (a tracker removed,
a charset guessed)."""


@dataclass(frozen=True, slots=True)
class ImportNote:
    """A part of the source that was not imported unchanged."""

    place: str
    """`file`, `file:line` or `file:line:column` in the source, or the name of an entry."""
    message: str
    """One line without a full stop: `the shortcode {{< chart >}} has no counterpart here`."""
    kind: NoteKind


@dataclass(frozen=True, slots=True)
class Counts:
    """The size of an issue, counted before and after the import, so that a report can show losses."""

    words: int = 0
    """The words, counted by `newsletter.walk.count_words`."""
    links: int = 0
    pictures: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.words + other.words, self.links + other.links, self.pictures + other.pictures)


@dataclass(frozen=True, slots=True)
class SourcePicture:
    """A picture in a source. `newsletter.importing.pictures` turns it into a file or an address."""

    address: str
    """The address in the source: a relative path, an address on the web, `cid:…`, `data:…`."""
    content: bytes | None = None
    """The bytes of the picture, if the source has them."""
    alt: str = ""
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Cover:
    """The cover picture of an issue."""

    image: str
    """A name among the issue's `pictures`, or an address on the web."""
    alt: str = ""
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class ImportedIssue:
    """One past issue in the form in which it is written into a workspace."""

    title: str
    """Plain text in one line, never empty. If the source has no title, the kind takes another text (a date, a file
    name) and adds an ImportNote."""
    body: str
    """Sectioned Markdown in the variant of this tool, without front matter: `##` sections, `###` items, line feeds."""
    source: str
    """The name of its file or entry in the source. It is stable and unique within the source, because it identifies
    issues that were imported before."""
    date: datetime | None = None
    """The date, with a time zone if the source has one. Without one, it is in the time zone of the publication."""
    number: int | None = None
    slug: str = ""
    """The slug of its old address. If it is empty, the title gives the slug."""
    id: str = ""
    """The id in feeds (the guid of RSS, the id of Atom). Empty if it is unknown."""
    subtitle: str = ""
    summary: str = ""
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    """Names or keys of authors, as in the source."""
    language: str = ""
    """A BCP 47 tag; empty if the source does not name a language."""
    draft: bool = False
    canonical: str = ""
    """The address of its first publication on another site, if the source names one."""
    former: tuple[str, ...] = ()
    """Its old addresses or paths (`https://old.example/p/x`, `/2024/01/31/x.html`). They will redirect to the new
    one."""
    cover: Cover | None = None
    fields: Mapping[str, object] = field(default_factory=dict)
    """Further front matter, without a meaning for this tool: texts, numbers, truth values, and lists and mappings of
    these. It is kept unchanged."""
    folder: str = ""
    """The name of its folder, if the source suggests one (by a file name). If it is empty, date and slug give the
    name."""
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    """The content of each picture, by its file name beside index.md, as the body names it.
    `newsletter.importing.pictures` makes the names."""
    notes: tuple[ImportNote, ...] = ()
    before: Counts = field(default_factory=Counts)
    """The counts of the text in the source, boilerplate included. The counts in `after` are those of the body."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A part of the source that gave no issue."""

    source: str
    """Its name in the source, as in `ImportedIssue`."""
    reason: str
    """One line without a full stop: `it is a page, not a post`."""
    fault: bool = False
    """Whether something is wrong with it (unreadable, refused). Then the command ends with findings."""


@dataclass(frozen=True, slots=True)
class Found:
    """The result of reading a source: its issues, and facts about the publication, if the source has them."""

    issues: Iterator[ImportedIssue | Skipped]
    """The issues, oldest first if their dates are known in advance. Each is made when it is requested."""
    total: int | None = None
    """The number of entries to read, for progress. None if it is not known in advance."""
    title: str = ""
    """The title of the publication."""
    description: str = ""
    sender: str = ""
    """The name of the sender in `From:`."""
    email: str = ""
    address: str = ""
    """The postal address."""
    url: str = ""
    """The address of the site."""
    language: str = ""
    timezone: str = ""
    """An IANA time zone name."""
    authors: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Data of each author for newsletter.yaml (name, email, url, bio), by key."""
    notes: tuple[ImportNote, ...] = ()
    """Notes about the whole source."""
