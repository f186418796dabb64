"""`::: button`: a prominent link, with optional text below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.blocks.leading import body, lead_label, lead_link
from newsletter.render.columns import wrap
from newsletter.render.directives.base import DirectiveForms
from newsletter.render.html_blocks import lines
from newsletter.render.markup import unlinked
from newsletter.render.text_blocks import spaced

if TYPE_CHECKING:
    from newsletter.model import Directive
    from newsletter.render.directives.base import Templates
    from newsletter.render.html import HtmlWriter
    from newsletter.render.text_blocks import TextWriter


def _html(writer: HtmlWriter, button: Directive, container: str) -> str:
    link = lead_link(button)
    if link:
        label = writer.anchor(link, writer.label(lead_label(button)), container, "a.button")
    else:
        label = writer.inlines(button.argument, container)
    shown = f"<p{writer.attributes('p.button', container)}>{label}</p>" if label else ""
    return lines(shown, writer.blocks(body(button), container))


def _email(templates: Templates, writer: HtmlWriter, button: Directive, container: str) -> str:
    href, label, rest = lead_parts(writer, button, container)
    if href:
        return templates.render(writer, "button", href=href, label=label) + rest
    return without_link(writer, label, rest, container)


def lead_parts(writer: HtmlWriter, directive: Directive, container: str) -> tuple[str, str, str]:
    """The address of a directive's link (empty if it cannot be followed), its label, and the text with it."""
    link = lead_link(directive)
    rest = writer.blocks(body(directive), container)
    label = writer.label(lead_label(directive))
    return writer.address(link.href) if link else "", label, rest


def without_link(writer: HtmlWriter, label: str, rest: str, container: str) -> str:
    """The HTML of a button without a link, in an email."""
    return f"<p{writer.attributes('p', container)}>{label}</p>{rest}" if label else rest


def _text(writer: TextWriter, button: Directive, width: int) -> list[str]:
    return pointer(writer, button, "", width)


def pointer(writer: TextWriter, directive: Directive, aside: str, width: int) -> list[str]:
    """`Label (aside):` (or `Label:`), the address on its own line, then the rest of the text."""
    link = lead_link(directive)
    if link is None:
        return spaced([wrap(writer.inlines(directive.argument), width), writer.blocks(directive.blocks, width)])
    label = writer.inlines(unlinked(lead_label(directive)))
    label = writer.with_aside(label, aside) if aside else label
    return spaced([writer.pointed(label, link.href, width), writer.blocks(body(directive), width)])


BUTTON = DirectiveForms(_html, _email, _text)
