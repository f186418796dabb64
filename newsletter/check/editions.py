"""The rules about who gets what: `::: only`, and the paywall."""

from __future__ import annotations

from newsletter.check.base import Rule

EDITIONS = (
    Rule("ST140", "unknown-reader", "`only` names readers and outputs that exist", "text"),
    Rule("ST141", "paywall-place", "The paywall stands by itself, once", "text"),
)
