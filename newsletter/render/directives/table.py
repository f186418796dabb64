"""All directives by name, and the functions that write each kind of block in each output."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from newsletter.model import Directive, Figure, Paragraph
from newsletter.render.directives import marks
from newsletter.render.directives.audio import AUDIO
from newsletter.render.directives.beside import BESIDE
from newsletter.render.directives.button import BUTTON
from newsletter.render.directives.callout import CALLOUT
from newsletter.render.directives.chart import CHART
from newsletter.render.directives.columns import COLUMNS
from newsletter.render.directives.divider import DIVIDER
from newsletter.render.directives.embeds import embed_email, embed_html, embedding
from newsletter.render.directives.event import EVENT
from newsletter.render.directives.gallery import GALLERY
from newsletter.render.directives.poll import POLL
from newsletter.render.directives.quote_card import QUOTE_CARD
from newsletter.render.directives.sponsor import SPONSOR
from newsletter.render.directives.stat import STAT
from newsletter.render.directives.toc import TOC
from newsletter.render.html_blocks import BLOCKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.render.directives.base import DirectiveForms, Templates
    from newsletter.render.html import BlockWriter, HtmlWriter
    from newsletter.render.text_blocks import TextWriter

DIRECTIVES: Mapping[str, DirectiveForms] = {
    "button": BUTTON,
    "callout": CALLOUT,
    "event": EVENT,
    "audio": AUDIO,
    # Videos and posts are embedded (see embeds.py); without an address, their text is kept.
    "video": CALLOUT,
    "post": CALLOUT,
    "embed": CALLOUT,
    "poll": POLL,
    "gallery": GALLERY,
    "beside": BESIDE,
    "columns": COLUMNS,
    "chart": CHART,
    "stat": STAT,
    "quote-card": QUOTE_CARD,
    "sponsor": SPONSOR,
    "toc": TOC,
    "divider": DIVIDER,
}
"""To add a directive, list it here and in markdown/directives.py.

`only` and `paywall` have no form of their own: see only.py.
"""


def forms_of(directive: Directive) -> DirectiveForms:
    """The functions that write a directive.

    One with an unknown name is written as a callout, so that no text is lost.
    """
    return DIRECTIVES.get(directive.name, CALLOUT)


def _html(writer: HtmlWriter, directive: Directive, container: str) -> str:
    html = forms_of(directive).html(writer, directive, container)
    return marks.on_page(html, directive) if writer.look.profile == "web" else marks.in_feed(html, directive)


def _email(templates: Templates, writer: HtmlWriter, directive: Directive, container: str) -> str:
    return marks.in_email(
        forms_of(directive).email(templates, writer, directive, container), directive, writer.language
    )


def directive_text(writer: TextWriter, directive: Directive, width: int) -> list[str]:
    """A directive as lines of plain text."""
    return forms_of(directive).text(writer, directive, width)


def _with_directives(
    blocks: Mapping[type, BlockWriter], directive: BlockWriter, embed: BlockWriter
) -> Mapping[type, BlockWriter]:
    """`blocks` with writers for directives added, and with embeds for blocks that are one."""
    embeds = {Paragraph: blocks[Paragraph], Figure: blocks[Figure], Directive: directive}
    return {**blocks, **{kind: embedding(write, embed) for kind, write in embeds.items()}}


HTML = _with_directives(BLOCKS, _html, embed_html)
"""The writers for page and feeds."""


def email_writers(templates: Templates, blocks: Mapping[type, BlockWriter]) -> Mapping[type, BlockWriter]:
    """The writers for an email, in which `blocks` and directives have their own templates."""
    return _with_directives({**BLOCKS, **blocks}, partial(_email, templates), partial(embed_email, templates))
