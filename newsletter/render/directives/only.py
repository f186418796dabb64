"""`::: only` and `::: paywall`: blocks that stand by themselves, in the outputs that show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.editions import ONLY, PAYWALL, Readers, limit_of

if TYPE_CHECKING:
    from newsletter.model import Directive

OPENED = frozenset({ONLY, PAYWALL})
"""Directives that have no form of their own: what they hold is written in their place."""


def is_shown(directive: Directive, profile: str) -> bool:
    """Whether `profile` (email, web, text, feed) shows this: not what an `::: only` keeps for others, nor a paywall.

    A letter is made for its readers before it gets here (newsletter.editions). What still names readers who pay was never
    asked about, and is shown to nobody.
    """
    if directive.name == ONLY:
        return limit_of(directive).admits(Readers(output=profile))
    return directive.name != PAYWALL
