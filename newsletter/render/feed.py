"""The letter in full for feeds: plain semantic HTML with absolute addresses, and nothing that needs more than that.

No styles, scripts, forms or ids: feed readers strip them, and show many entries on one page. No tokens: personal fields
are at their fallbacks. Contents lists are left out, since a reader's own page is where they would lead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter import tokens
from newsletter.render.directives.table import HTML
from newsletter.render.html import HtmlWriter
from newsletter.render.html_blocks import footnotes
from newsletter.render.letter import AuthorBox, Contents, Opening, SectionPart, Standing, cover_figure
from newsletter.render.markup import escape, escape_attribute, fit, from_feed, without_service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.config.publication import Author
    from newsletter.model import Image, Item
    from newsletter.render.letter import Letter, Part


def render_feed(letter: Letter) -> str:
    """A fragment of HTML, well-formed as XML too, for `content:encoded`, `content` and `content_html`."""
    letter = letter.shown_in("feed")
    fragment = letter_fragment(letter, letter.page_url)
    return fit(tokens.fill(fragment, lambda name, fallback: escape_attribute(without_service(letter, name, fallback))))


def letter_fragment(letter: Letter, picture_base: str) -> str:
    """The same with placeholders for personal fields, of the letter as it is; its pictures stand at `picture_base`."""
    writer = HtmlWriter(FeedLook(letter, picture_base), letter.language, HTML)
    cover = cover_figure(letter)
    written = [_standfirst(letter), writer.block(cover) if cover else ""]
    for part in letter.parts:
        written += _part(part, writer)
    if letter.footnotes:
        written += ["<hr />", footnotes(writer, letter.footnotes)]
    return "\n".join(filter(None, written))


class FeedLook:
    """The bare look of feeds (see html.Look)."""

    profile = "feed"

    def __init__(self, letter: Letter, picture_base: str) -> None:
        self._letter = letter
        self._picture_base = picture_base

    def attributes(self, tag: str, _container: str, _direction: str, /) -> str:
        """The alignment of a cell means something; nothing else is set."""
        return _ALIGNMENTS.get(tag, "")

    def link(self, href: str) -> str:
        """Absolute; an anchor leads to the web page."""
        return from_feed(self._letter, href)

    def image(self, image: Image) -> tuple[str, int, int]:
        """The picture where those of the letter stand; one that stands elsewhere as it is."""
        made = self._letter.images.get(image.src)
        if made:
            return self._picture_base + made.name, made.width, made.height
        return from_feed(self._letter, image.src), 0, 0


_ALIGNMENTS = {f"{tag}.{side}": f' align="{side}"' for tag in ("th", "td") for side in ("left", "center", "right")}


def _standfirst(letter: Letter) -> str:
    return f"<p><em>{escape(letter.issue.subtitle)}</em></p>" if letter.issue.subtitle else ""


def _part(part: Part, writer: HtmlWriter) -> Iterator[str]:
    match part:
        case Opening() | Standing():
            yield writer.blocks(part.blocks)
        case SectionPart(section=section):
            blocks = writer.blocks(section.blocks)
            if blocks or section.items or not section.blocks:
                yield f"<h2>{writer.line(section.title)}</h2>"
                yield blocks
                for item in section.items:
                    yield from _item(item, writer)
        case AuthorBox():
            yield from (_author(author, writer) for author in part.authors)
        case Contents():
            return


def _item(item: Item, writer: HtmlWriter) -> Iterator[str]:
    number = f"{writer.language.numeral(item.number)}. " if item.number is not None else ""
    yield f"<h3>{number}{writer.line(item.title)}</h3>"
    yield writer.blocks(item.blocks)


def _author(author: Author, writer: HtmlWriter) -> str:
    href = writer.address(author.url)
    name = f'<a href="{href}">{escape(author.name)}</a>' if href else escape(author.name)
    return f"<p><strong>{name}</strong> {escape(author.bio)}</p>".replace(" </p>", "</p>")
