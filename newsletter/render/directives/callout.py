"""`::: callout`: a box around blocks, with its argument in bold at the start.

Directives with an unknown name are shown as a callout.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model import Paragraph, Text
from newsletter.render.columns import wrap
from newsletter.render.directives.base import DirectiveForms, lead_stop
from newsletter.render.html_blocks import led
from newsletter.render.text_blocks import spaced

if TYPE_CHECKING:
    from newsletter.model import Directive
    from newsletter.render.directives.base import Templates
    from newsletter.render.html import HtmlWriter
    from newsletter.render.text_blocks import TextWriter


def _html(writer: HtmlWriter, callout: Directive, container: str) -> str:
    tag = "aside" if writer.look.profile == "web" else "div"
    content = led(writer, callout.argument, callout.blocks, "callout")
    return f"<{tag}{writer.attributes('div.callout', container)}>\n{content}\n</{tag}>"


def _email(templates: Templates, writer: HtmlWriter, callout: Directive, _container: str) -> str:
    html = led(writer, callout.argument, callout.blocks, "callout")
    return templates.render(writer, "callout", "callout", html=html) if html else ""


def _text(writer: TextWriter, callout: Directive, width: int) -> list[str]:
    lead, blocks = callout.argument, callout.blocks
    if lead and blocks and isinstance(blocks[0], Paragraph):
        bold = writer.strong((*lead, Text(lead_stop(lead))))
        opening = f"{bold} {writer.inlines(blocks[0].inlines)}"
        return spaced([wrap(opening, width), writer.blocks(blocks[1:], width)])
    return spaced([writer.title(lead, width), writer.blocks(blocks, width)])


CALLOUT = DirectiveForms(_html, _email, _text)
