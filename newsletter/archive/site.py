"""The web archive: all its pages but those of issues, and the files that all of them share.

Each page comes with what it is made from, so that a build makes only those whose issues have changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.archive.front import front_page, render_index
from newsletter.archive.listings import browse_pages
from newsletter.archive.machines import machine_files
from newsletter.archive.pages import in_order
from newsletter.archive.search_page import search_page
from newsletter.render.minify import minified
from newsletter.render.page import STYLESHEET

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsletter.archive.pages import SitePage
    from newsletter.config.publication import Publication
    from newsletter.language import Language
    from newsletter.model import Published
    from newsletter.render.page import PageTheme

__all__ = ["render_index", "site_assets", "site_pages"]


def site_pages(
    publication: Publication, entries: Sequence[Published], language: Language, theme: PageTheme
) -> Iterator[SitePage]:
    """Every page and file that all issues make together, whatever the order of `entries`; no two have one path."""
    ordered = in_order(entries)
    yield front_page(publication, ordered, language, theme)
    yield from browse_pages(publication, ordered, language, theme)
    if publication.web.search == "pagefind":
        yield from search_page(publication, ordered, language, theme)
    yield from machine_files(publication, ordered, language, theme)


def site_assets(theme: PageTheme) -> Mapping[str, bytes]:
    """What every page needs beside it, by path below the top of the site. Fonts are the system's: there are none."""
    return {STYLESHEET: minified(theme.stylesheet).encode()}
