"""The front page: the newest issue, and the others by year."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from newsletter.archive.pages import FIRST_SCREEN, SitePage, by_year, fill, in_order, index_entry, shown_of
from newsletter.render.indexes import index_address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.config.publication import Publication
    from newsletter.language import Language
    from newsletter.model import Published
    from newsletter.render.page import PageTheme

FRONT = "index.html"
WHOLE = 60
"""This many issues the front page shows; of years that come after these, only where they are listed."""


def front_page(
    publication: Publication, entries: Sequence[Published], language: Language, theme: PageTheme
) -> SitePage:
    """The front page of issues that are in order."""
    shown, older = _shown(entries)
    return SitePage(
        FRONT,
        [[shown_of(entry) for entry in shown], older],
        lambda: render_index(publication, entries, language, theme).encode(),
    )


def render_index(publication: Publication, entries: Sequence[Published], language: Language, theme: PageTheme) -> str:
    """The front page: every issue by year, newest first, whatever the order of `entries`.

    To be written as index.html at the top of the site. Addresses in it are relative, so that it can be read from disk
    and below any path.
    """
    shown, older = _shown(in_order(entries))
    listed = [
        index_entry(entry, publication, language, theme, on_screen=index <= FIRST_SCREEN)
        for index, entry in enumerate(shown)
    ]
    return fill(
        theme,
        "index.html",
        publication,
        language,
        "",
        latest=listed[0] if listed else None,
        years=by_year(listed[1:]),
        older=[(str(year), index_address("years", str(year)), count) for year, count in older],
    )


def _shown(entries: Sequence[Published]) -> tuple[Sequence[Published], list[tuple[int, int]]]:
    """The issues of as many whole years as the page has room for; the years that are left, with how many issues each has."""
    counts = Counter(entry.date.year for entry in entries)
    room = 0
    kept: set[int] = set()
    for year in dict.fromkeys(entry.date.year for entry in entries):
        if room and room + counts[year] > WHOLE:
            break
        room += counts[year]
        kept.add(year)
    return [entry for entry in entries if entry.date.year in kept], [
        (year, count) for year, count in counts.items() if year not in kept
    ]
