"""Elements that a kind of source writes into HTML for the steps of the conversion: `x-only`, `x-note` and others.

Foreign HTML can have elements of any name. So those that are written carry a key in their names that no source can know,
also in their end tags: an end tag in foreign HTML does not end them.
"""

from __future__ import annotations

from functools import cache

NAMES = frozenset({"x-callout", "x-markdown", "x-note", "x-only", "x-paywall"})


@cache
def _key() -> str:
    import secrets

    return secrets.token_hex(8)


def tag_of(name: str) -> str:
    """The name of an element of NAMES in HTML."""
    return f"{name}-{_key()}"


def internal_element(name: str, html: str, attributes: str = "") -> str:
    """An element of NAMES with its content, in HTML. The attributes begin with a space."""
    tag = tag_of(name)
    return f"<{tag}{attributes}>{html}</{tag}>"


def name_of(tag: str) -> str:
    """The name of an element that `internal_element` wrote, by that in HTML; empty for all others."""
    name, _, key = tag.rpartition("-")
    return name if name in NAMES and key == _key() else ""
