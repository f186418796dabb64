"""The web archive: the index that leads to every issue's page, and the files that all its pages share."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from newsletter.files import in_address
from newsletter.language.scripts import direction_of
from newsletter.records import dataclass
from newsletter.render.page import STYLESHEET

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from newsletter.config.publication import Publication
    from newsletter.language import Language
    from newsletter.model import ImageFile, Published
    from newsletter.render.page import PageTheme

FIRST_SCREEN = 5
"""How many issues a large screen shows before it is scrolled."""


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """An issue as the index shows it."""

    slug: str
    """As it stands in an address."""
    title: str
    date: datetime
    date_text: str
    """In the publication's language, as all of the index."""
    number: int | None
    standfirst: str
    cover: ImageFile | None
    cover_alt: str
    language: str
    """Where it is not the publication's; `dir` and `face` go with it."""
    dir: str
    face: str
    on_screen: bool
    """Whether its cover is likely to be seen at once, so that it should not wait to be loaded."""


@dataclass(frozen=True, slots=True)
class Year:
    """The issues of a calendar year, newest first."""

    name: str
    entries: tuple[IndexEntry, ...]


def render_index(publication: Publication, entries: Sequence[Published], language: Language, theme: PageTheme) -> str:
    """The front page: every issue by year, newest first, whatever the order of `entries`.

    To be written as index.html at the top of the site. Addresses in it are relative, so that it can be read from disk
    and below any path.
    """
    ordered = sorted(entries, key=lambda entry: (entry.date, entry.number or 0, entry.slug), reverse=True)
    listed = [
        _entry(entry, publication, language, theme, on_screen=index < FIRST_SCREEN)
        for index, entry in enumerate(ordered)
    ]
    years = [Year(str(year), tuple(group)) for year, group in groupby(listed, key=lambda entry: entry.date.year)]
    return theme.fill(
        "index.html",
        publication=publication,
        language=language,
        face=theme.face(language.code),
        words=language.words,
        home="",
        years=years,
    )


def site_assets(theme: PageTheme) -> Mapping[str, bytes]:
    """What every page needs beside it, by path below the top of the site. Fonts are the system's: there are none."""
    return {STYLESHEET: theme.stylesheet.encode()}


def _entry(
    entry: Published, publication: Publication, language: Language, theme: PageTheme, *, on_screen: bool
) -> IndexEntry:
    other = "" if entry.language == publication.language else entry.language
    return IndexEntry(
        slug=in_address(entry.slug),
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
