"""Editions: the parts of an issue that different readers get, and that different outputs show.

Parts that readers do not get are removed from the Issue itself, before it is rendered, so no renderer, feed or search
can show them. A block with an unknown name is held back.
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
