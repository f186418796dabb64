"""Editions: one issue as different readers get it, and as the different outputs show it.

Parts that readers do not get are removed from the Issue itself, before anything is laid out, so no renderer, feed or
search can show them. A block with an unknown name is held back rather than shown.
"""

from __future__ import annotations

from newsletter.editions.filtering import (
    Edition,
    blocks_for,
    edition_of,
    for_readers,
    has_limits,
    is_for_some_readers,
    limits_in,
)
from newsletter.editions.names import (
    AUDIENCES,
    MAILED,
    NAMES,
    ONLY,
    OUTPUTS,
    PAYWALL,
    Limit,
    Readers,
    limit_from,
    limit_of,
    meant_directive,
    meant_name,
)

__all__ = [
    "AUDIENCES",
    "MAILED",
    "NAMES",
    "ONLY",
    "OUTPUTS",
    "PAYWALL",
    "Edition",
    "Limit",
    "Readers",
    "blocks_for",
    "edition_of",
    "for_readers",
    "has_limits",
    "is_for_some_readers",
    "limit_from",
    "limit_of",
    "limits_in",
    "meant_directive",
    "meant_name",
]
