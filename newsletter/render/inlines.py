"""Inline content, whatever it is written as: without its links, and where a line end in it is no space."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model import Emphasis, FootnoteReference, Image, Link, Strikethrough, Strong, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model import Inline

_WIDE = "\u2e80"
"""From here on, scripts that set no space between words (Chinese, Japanese) stand; Hangul does and is left out."""


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
    """Whether the line end at `index` is between two characters of scripts that set no spaces: it is none then."""
    before = inlines[index - 1] if index else None
    after = inlines[index + 1] if index + 1 < len(inlines) else None
    return (
        isinstance(before, Text)
        and isinstance(after, Text)
        and before.text[-1:] >= _WIDE
        and after.text[:1] >= _WIDE
        and not any("\uac00" <= character <= "\ud7af" for character in (before.text[-1], after.text[0]))
    )
