"""Small phrases that several outputs make from a language's fixed words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.language import Language


OPENS, CLOSES = frozenset("（「『《〈【［｛〔"), frozenset("。，、．！？：；）」』》〉】］｝〕…")
"""Wide punctuation, which brings its own white space."""


def beside(before: str, after: str) -> str:
    """Two texts one behind the other, with a space between but where wide punctuation has its own."""
    wide = before[-1:] in CLOSES or after[:1] in OPENS
    return f"{before}{'' if wide else ' '}{after}"


def byline(names: Sequence[str], language: Language) -> str:
    """`By Ann, Bo and Cy`, of names as they are to be set (HTML, or isolated text); empty for a letter that nobody signs."""
    return language.around("by", names=language.joined(names)) if names else ""
