"""The result of an import: issues from elsewhere as sectioned Markdown, and the source's facts about the publication."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Literal

from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

NoteKind = Literal["left out", "kept", "lost", "changed"]
"""The outcome for a part of the source. Left out on purpose (a share button); kept though it has no meaning here (an
unknown shortcode); lost, since the source does not have it (the address of a link); changed (a tracker removed, a
charset guessed)."""


@dataclass(frozen=True, slots=True)
class ImportNote:
    """Something of a source that did not come along as it was."""

    place: str
    """`file`, `file:line` or `file:line:column`, as the source names it; or the name of an entry."""
    message: str
    """One line, no full stop: `the shortcode {{< chart >}} has no counterpart here`."""
    kind: NoteKind


@dataclass(frozen=True, slots=True)
class Counts:
    """How much an issue holds, so that a report can say what was lost on the way."""

    words: int = 0
    """The words, as `newsletter.walk.count_words` counts them."""
    links: int = 0
    pictures: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.words + other.words, self.links + other.links, self.pictures + other.pictures)


@dataclass(frozen=True, slots=True)
class SourcePicture:
    """A picture as a source has it; how it comes along is `newsletter.importing.pictures`' business."""

    address: str
    """As the source names it: a relative path, an address on the web, `cid:…`, `data:…`."""
    content: bytes | None = None
    """Its bytes, if the source has them."""
    alt: str = ""
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Cover:
    """The picture that stands for an issue."""

    image: str
    """A name among the issue's `pictures`, or an address on the web."""
    alt: str = ""
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class ImportedIssue:
    """One past issue, ready to be written into a workspace."""

    title: str
    """Plain text, in one line. Never empty: a kind that finds none gives what it has (a date, a file's name) and a ImportNote."""
    body: str
    """Sectioned Markdown in our dialect, without front matter: `##` sections, `###` items, line feeds."""
    source: str
    """Its origin: the name of the file or entry in the source. Stable and unique within its source, because it
    identifies an issue that was imported before."""
    date: datetime | None = None
    """The date, with a time zone if the source has one; without, it is in the publication's."""
    number: int | None = None
    slug: str = ""
    """As in its old address; empty: made from the title."""
    id: str = ""
    """As feed readers know it (the guid of RSS, the id of Atom); empty: none is known."""
    subtitle: str = ""
    summary: str = ""
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    """Names or keys, as the source has them."""
    language: str = ""
    """BCP 47, where it is said."""
    draft: bool = False
    canonical: str = ""
    """Where it says that it was first published, if that is another site."""
    former: tuple[str, ...] = ()
    """Addresses or paths at which it was (`https://old.example/p/x`, `/2024/01/31/x.html`); they will lead to the new one."""
    cover: Cover | None = None
    fields: Mapping[str, object] = field(default_factory=dict)
    """Further front matter that the source has and that means nothing to the tool: texts, numbers, truth values, lists and
    mappings of these. It is kept as it is."""
    folder: str = ""
    """The best name for its folder, if the source has one (a file's name); empty: date and slug."""
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    """Name beside index.md, as the body writes it, -> content. Names are made by `newsletter.importing.pictures`."""
    notes: tuple[ImportNote, ...] = ()
    before: Counts = field(default_factory=Counts)
    """The counts in the source's text, boilerplate included. The counts in `after` are of the body."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something of a source that gave no issue."""

    source: str
    """The source, as in `ImportedIssue`."""
    reason: str
    """One line, no full stop: `it is a page, not a post`."""
    fault: bool = False
    """Whether something is wrong with it (unreadable, refused), so that the run ends with findings."""


@dataclass(frozen=True, slots=True)
class Found:
    """The kind and content of a source."""

    issues: Iterator[ImportedIssue | Skipped]
    """The issues, oldest first if that is known. Each is made when it is needed."""
    total: int | None = None
    """How many there are to be looked at, for progress; None if that is not known before."""
    title: str = ""
    """The publication's; this and what follows: as far as the source says so."""
    description: str = ""
    sender: str = ""
    """The name in `From:`."""
    email: str = ""
    address: str = ""
    """Postal."""
    url: str = ""
    """The address of its site."""
    language: str = ""
    timezone: str = ""
    """An IANA name."""
    authors: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Key -> what newsletter.yaml can say about an author: name, email, url, bio."""
    notes: tuple[ImportNote, ...] = ()
    """Notes about the source as a whole."""
