"""`::: divider`: a break in the text, as a line or as the words after its name; unlike `---`, it never ends a section."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model import ThematicBreak
from newsletter.render.columns import display_width
from newsletter.render.directives.base import DirectiveForms
from newsletter.render.html_blocks import BLOCKS

if TYPE_CHECKING:
    from newsletter.model import Directive
    from newsletter.render.directives.base import Templates
    from newsletter.render.html import HtmlWriter
    from newsletter.render.text_blocks import TextWriter


def _html(writer: HtmlWriter, divider: Directive, container: str) -> str:
    if not divider.argument:
        return BLOCKS[ThematicBreak](writer, ThematicBreak(divider.span), container)
    words = writer.line(divider.argument, container)
    return f'<p class="divider">{words}</p>' if writer.look.profile == "web" else f"<p>{words}</p>"


def _email(templates: Templates, writer: HtmlWriter, divider: Directive, container: str) -> str:
    return templates.render(writer, "divider", container, html=writer.line(divider.argument, container))


def _text(writer: TextWriter, divider: Directive, width: int) -> list[str]:
    words = writer.inlines(divider.argument) or "* * *"
    return [f"{' ' * max(0, (width - display_width(words)) // 2)}{words}"]


DIVIDER = DirectiveForms(_html, _email, _text)
