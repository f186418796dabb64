"""`::: quote-card`: a quotation in large letters, to be shared: it has its own address on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.language.scripts import is_upright
from newsletter.model import Quotation
from newsletter.names import slugify
from newsletter.render.directives.base import DirectiveForms
from newsletter.render.html_blocks import BLOCKS
from newsletter.render.markup import escape, escape_attribute
from newsletter.walk import blocks_text

if TYPE_CHECKING:
    from newsletter.model import Directive
    from newsletter.render.directives.base import Templates
    from newsletter.render.html import HtmlWriter
    from newsletter.render.text_blocks import TextWriter

_LONGEST = 48
"""The most characters of the quotation in its address."""


def quotation_of(card: Directive) -> Quotation:
    """The quotation of the card."""
    first = card.blocks[0] if card.blocks else None
    if len(card.blocks) == 1 and isinstance(first, Quotation):
        return first
    return Quotation(card.blocks, (), card.span)


def anchor_of(card: Directive) -> str:
    """The `id` of a card. It has a colon, so it never equals the `id` of a heading."""
    return f"quote:{slugify(blocks_text(quotation_of(card).blocks)[:200])[:_LONGEST].strip('-')}"


def _html(writer: HtmlWriter, card: Directive, container: str) -> str:
    quotation = quotation_of(card)
    if writer.look.profile != "web":
        return BLOCKS[Quotation](writer, quotation, container)
    words = writer.blocks(quotation.blocks, "quotation")
    by = writer.language.around("attribution", name=writer.line(quotation.attribution, "quotation"))
    by = f"{by}<br />" if quotation.attribution else ""
    upright = ' class="upright"' if is_upright(blocks_text(quotation.blocks)) else ""
    share = f'<a class="share" href="{_link(writer, card)}">{escape(writer.language.words["share"])}</a>'
    name = escape_attribute(anchor_of(card))
    return f'<figure class="quote-card" id="{name}">\n<blockquote{upright}>\n{words}\n</blockquote>\n<figcaption>{by}{share}</figcaption></figure>'


def _link(writer: HtmlWriter, card: Directive) -> str:
    return escape_attribute(writer.look.link(f"#{anchor_of(card)}"))


def _email(templates: Templates, writer: HtmlWriter, card: Directive, _container: str) -> str:
    quotation = quotation_of(card)
    by = writer.line(quotation.attribution, "attribution")
    by = writer.language.around("attribution", name=templates.zone("attribution", by)) if by else ""
    return templates.render(
        writer,
        "quote-card",
        "quotation",
        {"slant": "normal" if is_upright(blocks_text(quotation.blocks)) else "italic"},
        html=writer.blocks(quotation.blocks, "quotation"),
        attribution=by,
        href=_link(writer, card),
        label=escape(writer.language.words["share"]),
    )


def _text(writer: TextWriter, card: Directive, width: int) -> list[str]:
    return writer.plain_block(quotation_of(card), width)


QUOTE_CARD = DirectiveForms(_html, _email, _text)
