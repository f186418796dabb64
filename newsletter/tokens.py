"""Tokens: what a mailing service fills in per reader. Renderers write placeholders; the last step of all swaps them.

A placeholder is built from Unicode noncharacters (U+FDD0–U+FDD2, set aside for use inside a program), which reading an
issue never lets through, so that no author's text can be mistaken for one. One that is within an address says so, since
in plain text nothing else does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable

OPEN, MIDDLE, CLOSE = "\ufdd0", "\ufdd1", "\ufdd2"
WHOLE, PART = "\ufdd9", "\ufdda"
"""Where a placeholder is in an address: it is the address (or its beginning up to the path), or a part of one."""
RESERVED = re.compile("[\ufdd0-\ufddf]")
"""Characters that reading replaces by U+FFFD. U+FDD3–U+FDDE are free for other placeholders of renderers."""
MASKED = "\ufddf"
"""The character for each character of a comment that goes beyond the block it begins in, while that is read."""

UNSUBSCRIBE = "unsubscribe_url"
PREFERENCES = "preferences_url"
VIEW_IN_BROWSER = "view_in_browser_url"
SERVICE_TOKENS = (UNSUBSCRIBE, PREFERENCES, VIEW_IN_BROWSER)
"""Addresses that a service makes for each reader; every other name is a personal field."""
POSTAL_ADDRESS = "postal_address"
"""The sender's, as the account of a service has it: asked for if newsletter.yaml has none."""

PLACEHOLDER = re.compile(
    f"{OPEN}([^{OPEN}{MIDDLE}{CLOSE}{WHOLE}{PART}]*)([{WHOLE}{PART}]?){MIDDLE}([^{OPEN}{MIDDLE}{CLOSE}]*){CLOSE}"
)
"""Name, place in an address, fallback."""
_BEFORE_PATH = re.compile(r"(?:[a-z][a-z0-9+.\-]*:(?!//)|(?:[a-z][a-z0-9+.\-]*:)?//)?[^/?#]*", re.IGNORECASE)
"""A scheme, a host, a mailbox: what comes before the first part of an address that may be percent-encoded (RFC 3986 §3)."""


def placeholder(name: str, fallback: str = "", place: str = "") -> str:
    """The placeholder that a renderer writes for the token `name`, in HTML and text alike. Never escape it.

    `place` is WHOLE or PART within an address.
    """
    return f"{OPEN}{name}{place}{MIDDLE}{fallback}{CLOSE}"


def place_behind(before: str) -> str:
    """The place of a field after `before` in an address: WHOLE or PART. `before` may have placeholders itself.

    In front of the path it is taken as it is: `https://{{ shop }}.example/`, `mailto:{{ email }}`. There percent-encoding would
    make another host or mailbox of it.
    """
    if not before:
        return WHOLE
    # An address that begins with a field has its host there.
    plain = PLACEHOLDER.sub(lambda found: "x" if found.start() else "//", before)
    begun = plain.startswith("//") or ":" in plain
    return WHOLE if begun and _BEFORE_PATH.fullmatch(plain) else PART


def encoded(value: str, place: str) -> str:
    """`value` as it is at `place` (WHOLE, PART, or nothing for none) of an address (RFC 3986 §2)."""
    if place == PART:
        return quote(value, safe="")
    return quote(value, safe=";/?:@&=+$,!*'()#[]%") if place == WHOLE else value


def fill(
    rendered: str, value: Callable[[str, str], str], escaped: Callable[[str], str] = lambda written: written
) -> str:
    """`rendered` with each placeholder swapped for `value(name, fallback)`, encoded where it is in an address, and `escaped`."""
    if OPEN not in rendered:
        return rendered
    return PLACEHOLDER.sub(lambda match: escaped(encoded(value(match[1], match[3]), match[2])), rendered)


def with_fallbacks(rendered: str, fallback: Callable[[str, str], str]) -> str:
    """`rendered` with its placeholders at other fallbacks: `fallback(name, place)` if one has none."""
    if OPEN not in rendered:
        return rendered
    return PLACEHOLDER.sub(
        lambda match: placeholder(match[1], match[3] or fallback(match[1], match[2]), match[2]), rendered
    )
