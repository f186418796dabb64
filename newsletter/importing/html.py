"""HTML of other people as Markdown of ours: the one seam to BeautifulSoup and markdownify, which all kinds with HTML share.

The page is made simpler in ordered steps, each a function over the tree that tells what it leaves out: first what nobody was
to see goes, then what is no part of the letter, then what has a form of its own here gets it, then the blocks are laid out
flat; what is left, markdownify writes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass as mutable
from dataclasses import field
from typing import TYPE_CHECKING, Any

from newsletter.importing.base import Counts, ImportNote
from newsletter.importing.merge_tags import without_reserved, written
from newsletter.records import dataclass
from newsletter.walk import count_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from bs4 import BeautifulSoup

    from newsletter.importing.pictures import Album

LARGEST = 8_000_000
"""Characters of one letter in HTML, pictures written into it aside."""
DEEPEST = 80
"""Elements within elements; what is deeper counts as if it stood there. Mails nest about 40 tables and cells."""
MOST_ELEMENTS = 200_000


class TooLargeError(ValueError):
    """A page is larger than any letter; `str(error)` is a reason for `Skipped`."""


@dataclass(frozen=True, slots=True)
class Converted:
    """What a page came to."""

    body: str
    """Markdown in our dialect; its headings have the levels that they had (newsletter.importing.sections)."""
    notes: tuple[ImportNote, ...] = ()
    before: Counts = field(default_factory=Counts)
    preheader: str = ""
    """What was hidden at the top for the inbox to show."""
    title: str = ""
    """What the page says it is called (`<title>`, `og:title`)."""


@mutable(slots=True)
class Page:
    """A page on its way to Markdown, which every step changes."""

    soup: BeautifulSoup
    album: Album
    place: str
    base: str = ""
    content_of: Callable[[str], bytes | None] = lambda _: None
    """The bytes of a picture by the address that the page has for it, where the source has them."""
    notes: list[ImportNote] = field(default_factory=list)
    left: dict[str, list[str]] = field(default_factory=dict)
    """What was left out: what it is -> its words, one for each."""
    preheader: str = ""
    before: Counts = field(default_factory=Counts)

    def tell(self, note: ImportNote) -> None:
        """Keep a note, once."""
        if note not in self.notes and len(self.notes) < 200:
            self.notes.append(note)

    def leave_out(self, what: str, element: Any) -> None:
        """Take an element out, and remember what it said."""
        words = " ".join(element.get_text(" ").split())
        self.left.setdefault(what, []).append(words)
        element.extract()

    def told(self) -> tuple[ImportNote, ...]:
        """The notes, those on what was left out first: one for each kind of thing."""
        return (*(_left_out(self.place, what, words) for what, words in self.left.items()), *self.notes)


def _left_out(place: str, what: str, words: list[str]) -> ImportNote:
    said = [text if len(text) < 80 else f"{text[:76]}…" for text in dict.fromkeys(filter(None, words))]
    shown = ": " + ", ".join(f"“{text}”" for text in said[:3]) if said else ""
    return ImportNote(place, f"{what}{f' ({len(words)})' if len(words) > 1 else ''}{shown}", "left out")


def markdown_of(
    html: str,
    album: Album,
    *,
    place: str,
    base: str = "",
    content_of: Callable[[str], bytes | None] = lambda _: None,
    whole_page: bool = False,
) -> Converted:
    """A letter in HTML as Markdown. `base` is the address that relative ones start from; pictures go to `album`.

    `whole_page`: it is a page of a site, of which only the letter is wanted. Raises TooLargeError.
    """
    from newsletter.importing.html_embeds import EMBEDS
    from newsletter.importing.html_flow import laid_out
    from newsletter.importing.html_furniture import FURNITURE, letter_of
    from newsletter.importing.html_parsing import parsed, title_of, unhidden
    from newsletter.importing.html_writing import write

    page = Page(parsed(without_reserved(html)), album, place, base, content_of)
    title = title_of(page.soup)
    unhidden(page)
    if whole_page:
        letter_of(page)
    page.before = _counts(page.soup)
    for step in (*FURNITURE, *EMBEDS):
        step(page)
    laid_out(page)
    body = written(write(page))
    return Converted(body, page.told(), page.before, page.preheader, title)


def _counts(soup: BeautifulSoup) -> Counts:
    return Counts(
        count_words(soup.get_text(" ")),
        sum(1 for link in soup.find_all("a", href=True) if not str(link["href"]).startswith("#")),
        len(soup.find_all("img", src=True)),
    )


_TAG = re.compile(r"<(?:p|div|br|h[1-6]|a|img|ul|ol|table|blockquote|html|body|strong|em|span|figure|hr)\b[^>]*>", re.I)


def is_html(text: str) -> bool:
    """Whether a text is written in HTML rather than in Markdown or plainly."""
    found = _TAG.findall(text[:20_000])
    return len(found) >= 2 or text.lstrip()[:1] == "<" and bool(found)
