"""Tokens: values that a mailing service fills in for each reader.

Renderers write placeholders, and the last step replaces them. A placeholder consists of Unicode noncharacters
(U+FDD0–U+FDD2, reserved for use inside a program). Reading an issue removes these, so an author's text cannot contain a
placeholder. A placeholder in an address is marked as such, because plain text has no other sign of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable

OPEN, MIDDLE, CLOSE = "\ufdd0", "\ufdd1", "\ufdd2"
WHOLE, PART = "\ufdd9", "\ufdda"
"""The role of a placeholder in an address: all of it (or its beginning up to the path), or a part."""
RESERVED = re.compile("[\ufdd0-\ufddf]")
"""Characters that reading replaces with U+FFFD. U+FDD3–U+FDDE are free for other placeholders of renderers."""
MASKED = "\ufddf"
"""Replaces each character of a comment that extends beyond its block, while the block is parsed."""

UNSUBSCRIBE = "unsubscribe_url"
PREFERENCES = "preferences_url"
VIEW_IN_BROWSER = "view_in_browser_url"
SERVICE_TOKENS = (UNSUBSCRIBE, PREFERENCES, VIEW_IN_BROWSER)
"""Addresses that a service makes for each reader. Every other name is a personal field."""
POSTAL_ADDRESS = "postal_address"
"""The postal address of the sender in the service's account. It is used if newsletter.yaml has none."""

PLACEHOLDER = re.compile(
    f"{OPEN}([^{OPEN}{MIDDLE}{CLOSE}{WHOLE}{PART}]*)([{WHOLE}{PART}]?){MIDDLE}([^{OPEN}{MIDDLE}{CLOSE}]*){CLOSE}"
)
"""Groups: the name, the role in an address, the fallback."""
_BEFORE_PATH = re.compile(r"(?:[a-z][a-z0-9+.\-]*:(?!//)|(?:[a-z][a-z0-9+.\-]*:)?//)?[^/?#]*", re.IGNORECASE)
"""The beginning of an address that must not be percent-encoded: a scheme, a host, a mailbox (RFC 3986 §3)."""


def placeholder(name: str, fallback: str = "", place: str = "") -> str:
    """The placeholder for the token `name`, in HTML and in text. Never escape it.

    In an address, `place` is WHOLE or PART.
    """
    return f"{OPEN}{name}{place}{MIDDLE}{fallback}{CLOSE}"


def place_behind(before: str) -> str:
    """The role of a field after `before` in an address: WHOLE or PART. `before` may contain placeholders.

    Before the path, its value is used unchanged: `https://{{ shop }}.example/`, `mailto:{{ email }}`. Percent-encoding
    there would result in another host or mailbox.
    """
    if not before:
        return WHOLE
    # If an address begins with a field, the field contains its host.
    plain = PLACEHOLDER.sub(lambda found: "x" if found.start() else "//", before)
    begun = plain.startswith("//") or ":" in plain
    return WHOLE if begun and _BEFORE_PATH.fullmatch(plain) else PART


def encoded(value: str, place: str) -> str:
    """`value` encoded for `place` in an address (RFC 3986 §2): WHOLE, PART, or empty outside addresses."""
    if place == PART:
        return quote(value, safe="")
    return quote(value, safe=";/?:@&=+$,!*'()#[]%") if place == WHOLE else value


def fill(
    rendered: str, value: Callable[[str, str], str], escaped: Callable[[str], str] = lambda written: written
) -> str:
    """`rendered` with each placeholder replaced by `value(name, fallback)`.

    In an address, the value is percent-encoded. Then it is `escaped`.
    """
    if OPEN not in rendered:
        return rendered
    return PLACEHOLDER.sub(lambda match: escaped(encoded(value(match[1], match[3]), match[2])), rendered)


def with_fallbacks(rendered: str, fallback: Callable[[str, str], str]) -> str:
    """`rendered` with `fallback(name, place)` as the fallback of placeholders that have none."""
    if OPEN not in rendered:
        return rendered
    return PLACEHOLDER.sub(
        lambda match: placeholder(match[1], match[3] or fallback(match[1], match[2]), match[2]), rendered
    )
