"""Characters and addresses as HTML wants them: escaping, and which addresses may become links."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from newsletter import tokens

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
