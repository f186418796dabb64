"""The link that is the subject of a block, and the rest of its content."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model import Link, Paragraph
from newsletter.walk import plain_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model import Block, Directive, Inline


def lead_link(directive: Directive) -> Link | None:
    """The link that is the subject of a button, audio or event: in its argument, else the first in its first paragraph."""
    found = first_link(directive.argument)
    if found is None and directive.blocks and isinstance(directive.blocks[0], Paragraph):
        found = first_link(directive.blocks[0].inlines)
    return found


def lead_label(directive: Directive) -> tuple[Inline, ...]:
    """The label of a button: its argument, else the text of the link."""
    link = lead_link(directive)
    return directive.argument or (link.inlines if link else ())


def body(directive: Directive) -> tuple[Block, ...]:
    """Its blocks, without a paragraph that has only the link of `lead_link`."""
    first = directive.blocks[0] if directive.blocks else None
    given_in_argument = first_link(directive.argument) is not None
    if given_in_argument or not isinstance(first, Paragraph) or first_link(first.inlines) is None:
        return directive.blocks
    rest = [inline for inline in first.inlines if not isinstance(inline, Link)]
    return directive.blocks if plain_text(rest).strip() else directive.blocks[1:]


def first_link(inlines: Sequence[Inline]) -> Link | None:
    """The first link of a line, also inside emphasis."""
    for inline in inlines:
        if isinstance(inline, Link):
            return inline
        found = first_link(getattr(inline, "inlines", ()))
        if found:
            return found
    return None
