"""The facts about an issue that need no rendering, and the input and result of making one. Imports hardly anything."""

from __future__ import annotations

from dataclasses import field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.config.publication import Publication
    from newsletter.config.workspace import IssueFile
    from newsletter.diagnostics import Diagnostic
    from newsletter.model import ImageFile, Published, Span
    from newsletter.writing import FileContent

EMAIL_FOLDER = "build"
"""The folder of emails and their text parts, with one for each issue. Drafts have their page and pictures there too."""
PUBLIC_FOLDER = "public"


@dataclass(frozen=True, slots=True)
class IssueFacts:
    """An issue as the rest of the publication needs it: its order, links to it, its entry in archive and feeds."""

    path: str
    slug: str
    title: str
    number: int | None = None
    date: str = ""
    """ISO 8601 with offset; an issue without a date stays out of the archive, like a draft."""
    updated: str = ""
    draft: bool = False
    id: str = ""
    subtitle: str = ""
    summary: str = ""
    authors: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    language: str = ""
    minutes: int = 1
    cover: dict[str, Any] | None = None
    cover_alt: str = ""
    enclosures: list[dict[str, Any]] = field(default_factory=list)
    original: dict[str, str] | None = None
    canonical: str = ""
    cover_src: str = ""
    """The cover as written, relative to the issue's folder."""
    sections: list[list[str]] = field(default_factory=list)
    """Name and anchor of each; these and the following are known after the issue was made."""
    sites: list[str] = field(default_factory=list)
    credits: list[list[str]] = field(default_factory=list)
    """For each picture that has a credit: what it shows, the credit, and the address of the credit."""

    former: list[str] = field(default_factory=list)
    """Its earlier addresses, as in the front matter."""

    @property
    def moment(self) -> datetime:
        """Its date. Raises ValueError if it has none."""
        return datetime.fromisoformat(self.date)

    @property
    def order(self) -> tuple[float, int, str]:
        """Oldest first; by number and path at the same moment; issues without a date come last."""
        moment = datetime.fromisoformat(self.date).timestamp() if self.date else float("inf")
        return moment, self.number or 0, self.path

    def published_by(self, now: datetime) -> bool:
        """Whether readers may see it at `now`."""
        return not self.draft and bool(self.date) and datetime.fromisoformat(self.date) <= now

    def published(self, publication: Publication, feed: str) -> Published:
        """The issue for the archive and the feeds; `feed` is its full text."""
        from newsletter.model import Enclosure, ImageFile, Original, PictureCredit, Published
        from newsletter.render.layout import page_url

        return Published(
            id=self.id,
            slug=self.slug,
            url=page_url(publication, self.slug),
            title=self.title,
            date=datetime.fromisoformat(self.date),
            updated=datetime.fromisoformat(self.updated or self.date),
            subtitle=self.subtitle,
            number=self.number,
            summary=self.summary,
            authors=tuple(self.authors),
            tags=tuple(self.tags),
            language=self.language,
            minutes=self.minutes,
            cover=ImageFile(**self.cover) if self.cover else None,
            cover_alt=self.cover_alt,
            enclosures=tuple(Enclosure(**enclosure) for enclosure in self.enclosures),
            original=Original(**self.original) if self.original else None,
            canonical=self.canonical,
            sections=tuple((name, anchor) for name, anchor in self.sections),
            sites=tuple(self.sites),
            credits=tuple(PictureCredit(*credit) for credit in self.credits),
            html=feed,
        )


@dataclass(frozen=True, slots=True)
class AsRecorded:
    """A published issue's entry in the record. The record takes precedence over the issue."""

    id: str
    slug: str
    updated: str
    """The time of the last revision, in ISO 8601; empty if there is none."""
    corrections: tuple[tuple[str, str], ...] = ()
    """When, in ISO 8601, and what changed."""


@dataclass(frozen=True, slots=True)
class BuildJob:
    """One issue to make."""

    file: IssueFile
    public: bool
    feed: bool
    """Whether feeds need its full text."""
    previous: IssueFacts | None = None
    following: IssueFacts | None = None
    standing: AsRecorded | None = None
    lapsed: tuple[str, ...] = ()
    """The sponsors that its page no longer shows."""


@dataclass(frozen=True, slots=True)
class Made:
    """The result of making an issue."""

    path: str
    facts: dict[str, Any]
    """`IssueFacts` as plain values."""
    outputs: Mapping[str, FileContent]
    """The content of each file, by path relative to the workspace."""
    pictures: dict[str, str]
    """Output path -> path of the file of a picture in the cache, both relative to the workspace."""
    images: tuple[ImageFile, ...]
    """The files of these pictures, to be made if they are not in the cache."""
    places: dict[str, tuple[str, Span]]
    """The file and the place that names a picture, by the picture's own file relative to the workspace."""
    needs: tuple[str, ...]
    """Other files that it depends on, including missing ones, relative to the workspace."""
    feed: str
    """The full text for feeds. After the build has stored it, its hash in FeedTexts."""
    faults: tuple[Diagnostic, ...] = ()
    """The faults that keep it from being built; then there is nothing else."""
    errors: int = 0
    """The errors of a check that did not keep it from being built."""
    campaign: str = ""
    """The text for the feed of a campaign, later also its hash."""


def with_standing(facts: IssueFacts, standing: AsRecorded | None) -> IssueFacts:
    """The facts of an issue, changed to what the record says about it."""
    if standing is None:
        return facts
    return replace(facts, id=standing.id, slug=standing.slug, updated=standing.updated or facts.updated, draft=False)
