"""The whole letter for feeds: plain semantic HTML with absolute addresses.

No styles, scripts or forms, because feed readers strip them. No ids except those of footnotes, which contain a mark
of the letter, because readers show many entries on one page. No tokens: personal fields have their fallbacks.
Contents lists are left out, because their links would lead to the reader's own page.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from html import unescape
from typing import TYPE_CHECKING

from newsletter.language.scripts import is_upright
from newsletter.model import Opener
from newsletter.render.directives.table import HTML
from newsletter.render.html import HtmlWriter
from newsletter.render.html_blocks import footnotes
from newsletter.render.letter import AuthorBox, Contents, Opening, SectionPart, Standing, cover_figure, first_published
from newsletter.render.markup import escape, escape_attribute, filled_here, fit, from_anywhere, from_feed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.config.publication import Author
    from newsletter.model import Image, Item
    from newsletter.render.letter import Letter, Part


def render_feed(letter: Letter) -> str:
    """A fragment of HTML, well-formed as XML too, for `content:encoded`, `content` and `content_html`."""
    letter = letter.shown_in("feed")
    writer = HtmlWriter(FeedLook(letter, letter.page_url), letter.language, HTML)
    return entry(letter, fragment(letter, writer))


def entry(letter: Letter, html: str) -> str:
    """The fragment as an entry of a feed: with fields filled, and its own text direction, which feed readers need."""
    html = fit(filled_here(letter, html))
    if _RELATIVE.search(html):
        html = _TAG.sub(lambda tag: _RELATIVE.sub(lambda found: _made_absolute(letter, found), tag[0]), html)
    language = letter.language
    return (
        f'<div dir="rtl" lang="{escape_attribute(language.code)}">\n{html}\n</div>'
        if html and language.dir == "rtl"
        else html
    )


_TAG = re.compile(r"<[a-z][^<>]*>")
_RELATIVE = re.compile(r'( (?:href|src|cite)=")(?!https?:|mailto:|tel:|sms:|#fn(?:ref)?-)([^"]+)"')
"""A relative address in a tag, which a feed reader would resolve wrongly or not at all."""


def _made_absolute(letter: Letter, found: re.Match[str]) -> str:
    """The author's own HTML with addresses resolved against the web page."""
    return f'{found[1]}{escape_attribute(from_feed(letter, unescape(found[2])))}"'


def letter_fragment(letter: Letter, picture_base: str) -> str:
    """The content of a letter as HTML, with placeholders for personal fields. Its pictures are at `picture_base`."""
    return fragment(letter, HtmlWriter(FragmentLook(letter, picture_base), letter.language, HTML))


def fragment(letter: Letter, writer: HtmlWriter) -> str:
    """All of a letter in HTML from `writer`, without the frame of pages and emails."""
    cover = cover_figure(letter)
    written = [_standfirst(letter), _notice(letter, writer), writer.block(cover) if cover else ""]
    for part in letter.parts:
        written += _part(part, writer)
    if letter.footnotes:
        written += ["<hr />", footnotes(writer, letter.footnotes)]
    return "\n".join(filter(None, written))


_NOTE = re.compile(r"#(fn|fnref):([0-9:]+)")
"""An anchor from html.note_anchor or html.reference_anchor; the anchor of a heading has no colon."""


class FeedLook:
    """The minimal look of feeds (see html.Look)."""

    profile = "feed"

    def __init__(self, letter: Letter, picture_base: str) -> None:
        self._letter = letter
        self._picture_base = picture_base
        self._mark = blake2b(letter.page_url.encode(), digest_size=4).hexdigest()
        """A mark that is unique to this letter, for the ids of its notes."""

    def attributes(self, tag: str, _container: str, _direction: str, /) -> str:
        """Only the alignment of cells, because it has a meaning."""
        return _ALIGNMENTS.get(tag, "")

    def link(self, href: str) -> str:
        """Absolute; an anchor leads to the web page, but the anchor of a note stays in the entry."""
        if note := _NOTE.fullmatch(href):
            return f"#{note[1]}-{self._mark}-{note[2].replace(':', '-')}"
        return from_feed(self._letter, href)

    def image(self, image: Image) -> tuple[str, int, int]:
        """The processed picture of the letter; a picture from elsewhere as it is."""
        made = self._letter.images.get(image.src)
        if made:
            return self._picture_base + made.name, made.width, made.height
        return from_feed(self._letter, image.src), 0, 0


class FragmentLook(FeedLook):
    """The look of a fragment for an email service, which fills in personal fields, also in addresses."""

    def link(self, href: str) -> str:
        """Absolute, with placeholders."""
        return from_anywhere(self._letter, href)


_ALIGNMENTS = {f"{tag}.{side}": f' align="{side}"' for tag in ("th", "td") for side in ("left", "center", "right")}


def _standfirst(letter: Letter) -> str:
    words = escape(letter.issue.subtitle)
    if not words or is_upright(letter.issue.subtitle):  # a script without italics
        return f"<p>{words}</p>" if words else ""
    return f"<p><em>{words}</em></p>"


def _notice(letter: Letter, writer: HtmlWriter) -> str:
    notice = first_published(letter, writer.linked)
    return f"<p>{notice}</p>" if notice else ""


def _part(part: Part, writer: HtmlWriter) -> Iterator[str]:
    match part:
        case Opening() | Standing():
            yield writer.blocks(part.blocks)
        case SectionPart(section=section):
            blocks = writer.blocks(section.blocks)
            if blocks or section.items or not section.blocks:
                headed = section.opener is Opener.HEADING
                if headed:
                    yield f"<h2>{writer.line(section.title)}</h2>"
                yield blocks
                for item in section.items:
                    yield from _item(item, writer, "h3" if headed else "h2")
        case AuthorBox():
            yield from (_author(author, writer) for author in part.authors)
        case Contents():
            return


def _item(item: Item, writer: HtmlWriter, tag: str) -> Iterator[str]:
    number = f"{writer.language.numeral(item.number)}. " if item.number is not None else ""
    yield f"<{tag}>{number}{writer.line(item.title)}</{tag}>"
    yield writer.blocks(item.blocks)


def _author(author: Author, writer: HtmlWriter) -> str:
    href = writer.address(author.url)
    name = f'<a href="{href}">{escape(author.name)}</a>' if href else escape(author.name)
    return f"<p><strong>{name}</strong> {escape(author.bio)}</p>".replace(" </p>", "</p>")
