"""The web archive: the front page, the lists, and the files for search engines.

Only the pages of issues are made elsewhere.

Each page has the data from which it is made, so that a build makes only the pages whose issues have changed.
"""

from __future__ import annotations

from collections import Counter
from html import escape  # the one in xml.sax imports half of an HTTP client
from typing import TYPE_CHECKING

from newsletter.archive.listings import HUB, browse_pages
from newsletter.archive.pages import FIRST_SCREEN, SitePage, by_year, fill, in_order, index_entry, shown_of
from newsletter.archive.search_page import search_page
from newsletter.render.indexes import index_address
from newsletter.render.minify import minified
from newsletter.render.page import STYLESHEET

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsletter.config.publication import Publication
    from newsletter.language import Language
    from newsletter.model import Published
    from newsletter.render.page import PageTheme

__all__ = ["render_index", "site_assets", "site_pages"]


def site_pages(
    publication: Publication, entries: Sequence[Published], language: Language, theme: PageTheme
) -> Iterator[SitePage]:
    """Every page and file that is made from all issues. `entries` can be in any order.

    No two pages have the same path.
    """
    ordered = in_order(entries)
    yield front_page(publication, ordered, language, theme)
    yield from browse_pages(publication, ordered, language, theme)
    if publication.web.search == "pagefind":
        yield from search_page(publication, ordered, language, theme)
    yield from machine_files(publication, ordered, language, theme)


def site_assets(theme: PageTheme) -> Mapping[str, bytes]:
    """The files that every page needs, by path below the top of the site.

    There are no font files, because pages use the system's fonts.
    """
    return {STYLESHEET: minified(theme.stylesheet).encode()}


FRONT = "index.html"
WHOLE = 60
"""The number of issues on the front page. For other years, it links to their lists."""


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
    """The front page: every issue by year, newest first. `entries` can be in any order.

    It is written as index.html at the top of the site. Its addresses are relative, so that it works from disk and below
    any path.
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
    """The issues of as many whole years as fit; and the other years, each with its number of issues."""
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


MOST_ADDRESSES = 50_000
"""The most addresses in a sitemap (sitemaps.org)."""


def machine_files(
    publication: Publication, entries: Sequence[Published], language: Language, theme: PageTheme
) -> Iterator[SitePage]:
    """sitemap.xml, robots.txt and 404.html; `entries` newest first."""
    listed = list(_addresses(publication, entries))[:MOST_ADDRESSES]
    yield SitePage("sitemap.xml", listed, lambda: _sitemap(listed))
    robots = f"User-agent: *\nAllow: /\n\nSitemap: {publication.url}sitemap.xml\n"
    yield SitePage("robots.txt", robots, robots.encode)
    # It is shown at any address, so all its links are absolute.
    yield SitePage(
        "404.html", None, lambda: fill(theme, "missing.html", publication, language, publication.url).encode()
    )


def _addresses(publication: Publication, entries: Sequence[Published]) -> Iterator[tuple[str, str]]:
    """Every page with content of its own, and the time of its last change.

    Pages of issues that were first published elsewhere are left out, so that search engines show the originals.
    """
    newest = max((entry.updated for entry in entries), default=None)
    yield publication.url, newest.isoformat() if newest else ""
    for entry in entries:
        if not entry.canonical or entry.canonical == entry.url:
            yield entry.url, entry.updated.isoformat()
    if newest:
        yield publication.url + HUB.removesuffix("index.html"), newest.isoformat()
    years: dict[int, str] = {}
    for entry in entries:
        years[entry.date.year] = max(years.get(entry.date.year, ""), entry.updated.isoformat())
    for year, changed in years.items():
        yield publication.url + index_address("years", str(year)), changed


def _sitemap(listed: Sequence[tuple[str, str]]) -> bytes:
    """A sitemap in the format of sitemaps.org (0.9)."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">']
    for address, changed in listed:
        lastmod = f"<lastmod>{changed}</lastmod>" if changed else ""
        lines.append(f"<url><loc>{escape(address, quote=False)}</loc>{lastmod}</url>")
    return "\n".join((*lines, "</urlset>", "")).encode()
