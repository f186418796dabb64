"""`::: only` and `::: paywall`: blocks that only some outputs show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.editions import ONLY, PAYWALL, Readers, limit_of

if TYPE_CHECKING:
    from newsletter.model import Directive

OPENED = frozenset({ONLY, PAYWALL})
"""Directives without a form of their own: their content is written in their place."""


def is_shown(directive: Directive, profile: str) -> bool:
    """Whether `profile` (email, web, text, feed) shows this block: not a paywall, nor `::: only` for other outputs.

    A letter is filtered for its readers first (newsletter.editions). A block that still names paying readers was not
    filtered, so it is shown to nobody.
    """
    if directive.name == ONLY:
        return limit_of(directive).admits(Readers(output=profile))
    return directive.name != PAYWALL
