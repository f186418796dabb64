"""Converts HTML to Markdown for all kinds of sources. Only this package uses BeautifulSoup and markdownify.

The page is simplified in ordered steps. Each is a function that changes the tree and reports what it leaves out. Hidden
elements are removed first, then boilerplate. Then elements with an equivalent here are marked, and the blocks are
flattened. markdownify writes the result.
"""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING

from newsletter.importing.base import Counts, ImportNote
from newsletter.importing.html.page import ForeignPage
from newsletter.importing.tags.merge_tags import without_reserved, written
from newsletter.records import dataclass
from newsletter.walk import count_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from bs4 import BeautifulSoup

    from newsletter.importing.pictures import IssueFiles


@dataclass(frozen=True, slots=True)
class Converted:
    """A page as Markdown, with notes and metadata."""

    body: str
    """Markdown with the heading levels of the page (newsletter.importing.sections changes them)."""
    notes: tuple[ImportNote, ...] = ()
    before: Counts = field(default_factory=Counts)
    preheader: str = ""
    """The hidden text at the top, which the inbox shows."""
    paywall: bool = False
    """Whether it contains a paywall."""
    title: str = ""
    """The title of a whole page (`<title>`, `og:title`)."""


def markdown_of(
    html: str,
    issue_files: IssueFiles,
    *,
    place: str,
    base: str = "",
    content_of: Callable[[str], bytes | None] = lambda _: None,
    whole_page: bool = False,
) -> Converted:
    """A letter in HTML as Markdown. Raises TooLargeError.

    `base` is the address that relative addresses are resolved against. Pictures go into `issue_files`. With `whole_page`, the
    HTML is a page of a site, and only the letter in it is converted.
    """
    from newsletter.importing.html.boilerplate import BOILERPLATE, keep_letter
    from newsletter.importing.html.embeds import EMBEDS
    from newsletter.importing.html.flow import flatten
    from newsletter.importing.html.own import MARK, enlarged
    from newsletter.importing.html.parsing import classes_of, parsed, remove_hidden, remove_noscript, title_of
    from newsletter.importing.html.writing import write

    read = parsed(without_reserved(html))
    page = ForeignPage(
        read.soup, issue_files, place, base, content_of, read.inline, classes_of(read.soup), marked=MARK in html
    )
    title = title_of(page.soup) if whole_page else ""
    enlarged(page)
    remove_hidden(page, read.sheets)
    remove_noscript(page)
    for words in read.drawings:
        page.report(ImportNote(place, f"an inline drawing (SVG): {words[:80]}", "lost"))
    if whole_page:
        keep_letter(page)
    page.before = _counts(page.soup)
    for step in (*BOILERPLATE, *EMBEDS):
        step(page)
    flatten(page)
    body = written(write(page))
    walled = page.soup.find("x-paywall") is not None
    return Converted(body, page.all_notes(), page.before, page.preheader, walled, title)


def _counts(soup: BeautifulSoup) -> Counts:
    from newsletter.importing.html.elements import source_of

    return Counts(
        count_words(soup.get_text(" ")),
        sum(1 for link in soup.find_all("a", href=True) if not str(link["href"]).startswith("#")),
        sum(1 for image in soup.find_all("img") if source_of(image)),
    )


_TAG = re.compile(
    r"<(?:p|div|br|h[1-6]|a|img|ul|ol|table|blockquote|html|body|strong|em|span|figure|hr)\b[^>]*>", re.IGNORECASE
)


def is_html(text: str) -> bool:
    """Whether a text is HTML, not Markdown or plain text."""
    found = _TAG.findall(text[:20_000])
    return len(found) >= 2 or (text.lstrip()[:1] == "<" and bool(found))
