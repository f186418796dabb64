"""The common parts of all pages of the archive: issues in lists, and the page around the content."""

from __future__ import annotations

import json
from hashlib import blake2b
from itertools import groupby
from typing import TYPE_CHECKING, Any

from newsletter.language.scripts import direction_of
from newsletter.names import in_address
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from newsletter.config.publication import Publication
    from newsletter.language import Language
    from newsletter.model import ImageFile, Published
    from newsletter.render.page import PageTheme

FIRST_SCREEN = 5
"""The number of issues that a large screen shows without scrolling."""


@dataclass(frozen=True, slots=True)
class SitePage:
    """A page or file that is made from several issues."""

    path: str
    """The path below the top of the site, with forward slashes."""
    made_from: Any
    """All data of the page that can change while newsletter.yaml and templates do not, as plain values."""
    render: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """An issue in a list."""

    address: str
    """The address from the top of the site, percent-encoded."""
    folder: str
    """The folder of its page, likewise percent-encoded."""
    title: str
    date: datetime
    date_text: str
    """The date in the publication's language, like the rest of the list."""
    number: int | None
    standfirst: str
    cover: ImageFile | None
    cover_alt: str
    language: str
    """The language, if it is not the publication's; `dir` and `face` belong to it."""
    dir: str
    face: str
    on_screen: bool
    """Whether its cover is probably on the first screen, so that it should be loaded at once."""


@dataclass(frozen=True, slots=True)
class Year:
    """The issues of a calendar year, newest first."""

    name: str
    entries: tuple[IndexEntry, ...]


def in_order(entries: Iterable[Published]) -> tuple[Published, ...]:
    """Entries with the newest first; if the time is the same, by number and address."""
    return tuple(sorted(entries, key=lambda entry: (entry.date, entry.number or 0, entry.slug), reverse=True))


def by_year(entries: Sequence[IndexEntry]) -> tuple[Year, ...]:
    """Entries in order, by the year of their date in the publication's time zone."""
    return tuple(Year(str(year), tuple(group)) for year, group in groupby(entries, key=lambda entry: entry.date.year))


def index_entry(
    entry: Published,
    publication: Publication,
    language: Language,
    theme: PageTheme,
    *,
    on_screen: bool = False,
    anchor: str = "",
) -> IndexEntry:
    """An issue for a list; `anchor` is the place in its page to which the entry links."""
    other = "" if entry.language == publication.language else entry.language
    folder = in_address(entry.slug)
    return IndexEntry(
        address=f"{folder}/index.html" + (f"#{in_address(anchor)}" if anchor else ""),
        folder=folder,
        title=entry.title,
        date=entry.date,
        date_text=language.long_date(entry.date),
        number=entry.number,
        standfirst=entry.subtitle or entry.summary,
        cover=entry.cover,
        cover_alt=entry.cover_alt,
        language=other,
        dir=direction_of(other) if other else "",
        face=theme.face(other) if other else "",
        on_screen=on_screen,
    )


def shown_mark(entry: Published) -> str:
    """A hash of the parts of an issue that lists show, for the many lists that an issue is in."""
    shown = json.dumps(shown_of(entry), ensure_ascii=False).encode("utf-8", "surrogatepass")
    return blake2b(shown, digest_size=16).hexdigest()


def shown_of(entry: Published) -> list[object]:
    """The parts of an issue that lists show, as plain values."""
    cover = entry.cover
    return [
        entry.slug,
        entry.title,
        entry.date.isoformat(),
        entry.number,
        entry.subtitle or entry.summary,
        [cover.name, cover.width, cover.height, entry.cover_alt] if cover else None,
        entry.language,
    ]


def fill(
    theme: PageTheme, template: str, publication: Publication, language: Language, home: str, **values: object
) -> str:
    """A template filled with the common parts of all pages; `home` is the relative address of the top of the site."""
    return theme.fill(
        template,
        publication=publication,
        language=language,
        face=theme.face(language.code),
        words=language.words,
        home=home,
        **values,
    )
