"""Inline content, whatever it is written as: without its links, and where a line end in it is no space."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model import Emphasis, FootnoteReference, Image, Link, Strikethrough, Strong, Text
from newsletter.walk import plain_text, runs_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model import Inline


def unlinked(inlines: Sequence[Inline]) -> tuple[Inline, ...]:
    """Inline content without links (their text stays), notes and pictures."""
    kept: list[Inline] = []
    for inline in inlines:
        if isinstance(inline, Link):
            kept += unlinked(inline.inlines)
        elif isinstance(inline, (Emphasis, Strong, Strikethrough)):
            kept.append(type(inline)(unlinked(inline.inlines), inline.span))
        elif not isinstance(inline, (FootnoteReference, Image)):
            kept.append(inline)
    return tuple(kept)


def joins(inlines: Sequence[Inline], index: int) -> bool:
    """Whether the line end at `index` is no space, as between two characters of Chinese: see `walk.runs_on`."""
    back = index - 1
    while back > 0 and isinstance(inlines[back], FootnoteReference):
        back -= 1
    if back < 0 or index + 1 >= len(inlines):
        return False
    before, after = inlines[back], inlines[index + 1]
    last = before.text[-1:] if isinstance(before, Text) else plain_text((before,))[-1:]
    first = after.text[:1] if isinstance(after, Text) else plain_text((after,))[:1]
    return runs_on(last, first)
