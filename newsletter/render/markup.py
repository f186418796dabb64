"""Characters and addresses as HTML wants them: escaping, and which addresses may become links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from newsletter import tokens
from newsletter.model import Emphasis, FootnoteReference, Image, Link, Strikethrough, Strong, Text
from newsletter.walk import plain_text, runs_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model import Inline

_UNSAFE_SCHEMES = frozenset(
    {"javascript", "vbscript", "livescript", "data", "file", "blob", "view-source", "filesystem"}
)
_SCHEME = re.compile(r"([a-z][a-z0-9+.\-]*):")
_IGNORED_BY_BROWSERS = re.compile("[\x00-\x20\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]+")
_NEEDS_ESCAPING = re.compile('[&<>"]')


def escape(text: str) -> str:
    """`text` for use between tags. Quotes stay as they are: they are harmless there, and shorter."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    return text


def escape_attribute(text: str) -> str:
    """`text` for use between double quotes in a tag. Placeholders pass through: whoever fills them escapes."""
    if not _NEEDS_ESCAPING.search(text):
        return text
    return escape(text).replace('"', "&quot;")


def is_safe(address: str) -> bool:
    """Whether `address` may be followed or loaded: false for schemes that run or read what is not the author's to share.

    Judged as browsers do, which skip control characters and spaces, and with personal fields at their fallbacks, lest
    one hide a scheme.
    """
    plain = tokens.fill(address, lambda _name, fallback: fallback)
    found = _SCHEME.match(_IGNORED_BY_BROWSERS.sub("", plain).lower())
    return not found or found[1] not in _UNSAFE_SCHEMES


def is_absolute(address: str) -> bool:
    """Whether `address` has a scheme, or a host without one (`//host/path`)."""
    return address.startswith("//") or _SCHEME.match(address.lower()) is not None


def absolute(base: str, address: str) -> str:
    """`address` as seen from the page at `base` (RFC 3986 §5); as it is where it has a scheme or makes no sense."""
    if not address.startswith("//") and is_absolute(address):
        return address
    if address.startswith("#"):
        return base + address
    try:
        return urljoin(base, address)
    except ValueError:
        return address


# ── Inline content, whatever it is written as: without its links, and where a line end in it is no space ──────────────


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
