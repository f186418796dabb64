"""What machines ask a site for: a sitemap, who may read what, and the page that stands for all that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from newsletter.archive.listings import HUB
from newsletter.archive.pages import SitePage, fill
from newsletter.render.indexes import index_address

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.config.publication import Publication
    from newsletter.language import Language
    from newsletter.model import Published
    from newsletter.render.page import PageTheme

MOST = 50_000
"""Addresses in a sitemap (sitemaps.org)."""


def machine_files(
    publication: Publication, entries: Sequence[Published], language: Language, theme: PageTheme
) -> Iterator[SitePage]:
    """sitemap.xml, robots.txt and 404.html; `entries` newest first."""
    listed = list(_addresses(publication, entries))[:MOST]
    yield SitePage("sitemap.xml", listed, lambda: _sitemap(listed))
    robots = f"User-agent: *\nAllow: /\n\nSitemap: {publication.url}sitemap.xml\n"
    yield SitePage("robots.txt", robots, robots.encode)
    # It is shown at any address, so that all it leads to is absolute.
    yield SitePage(
        "404.html", None, lambda: fill(theme, "missing.html", publication, language, publication.url).encode()
    )


def _addresses(publication: Publication, entries: Sequence[Published]) -> Iterator[tuple[str, str]]:
    """Every page that stands for itself, with when it last changed: those that ran elsewhere first are left to their originals."""
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
    """As sitemaps.org has it (0.9)."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">']
    for address, changed in listed:
        lastmod = f"<lastmod>{changed}</lastmod>" if changed else ""
        lines.append(f"<url><loc>{escape(address)}</loc>{lastmod}</url>")
    return "\n".join((*lines, "</urlset>", "")).encode()
