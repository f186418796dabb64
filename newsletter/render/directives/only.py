"""`::: only` and `::: paywall`: blocks that stand by themselves, in the outputs that show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.editions import ONLY, PAYWALL, Readers, limit_of

if TYPE_CHECKING:
    from newsletter.model import Directive

OPENED = frozenset({ONLY, PAYWALL})
"""Directives that have no form of their own: what they hold is written in their place."""


def is_shown(directive: Directive, profile: str) -> bool:
    """Whether `profile` (email, web, text, feed) shows this block: no paywall, and no `::: only` for others.

    A letter is filtered for its readers before (newsletter.editions). A block that still names paying readers was not
    filtered, and is shown to nobody.
    """
    if directive.name == ONLY:
        return limit_of(directive).admits(Readers(output=profile))
    return directive.name != PAYWALL
