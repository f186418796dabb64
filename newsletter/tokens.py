"""Tokens: what a mailing service fills in per reader. Renderers write placeholders; the last step of all swaps them.

A placeholder is built from Unicode noncharacters (U+FDD0–U+FDD2, set aside for use inside a program), which reading an
issue never lets through, so that no author's text can be mistaken for one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

OPEN, MIDDLE, CLOSE = "\ufdd0", "\ufdd1", "\ufdd2"
RESERVED = re.compile("[\ufdd0-\ufddf]")
"""What reading replaces by U+FFFD. U+FDD3–U+FDDF are free for other placeholders of renderers."""

UNSUBSCRIBE = "unsubscribe_url"
PREFERENCES = "preferences_url"
VIEW_IN_BROWSER = "view_in_browser_url"
SERVICE_TOKENS = (UNSUBSCRIBE, PREFERENCES, VIEW_IN_BROWSER)
"""Addresses that a service makes for each reader; every other name is a personal field."""
POSTAL_ADDRESS = "postal_address"
"""The sender's, as the account of a service has it: asked for where newsletter.yaml has none."""

_PLACEHOLDER = re.compile(f"{OPEN}([a-z][a-z0-9_]*){MIDDLE}([^{OPEN}{MIDDLE}{CLOSE}]*){CLOSE}")


def placeholder(name: str, fallback: str = "") -> str:
    """What a renderer writes, in HTML and text alike, where the token `name` is to stand. Never escape it."""
    return f"{OPEN}{name}{MIDDLE}{fallback}{CLOSE}"


def fill(rendered: str, replacement: Callable[[str, str], str]) -> str:
    """`rendered` with each placeholder swapped for `replacement(name, fallback)`, which escapes as its place needs."""
    if OPEN not in rendered:
        return rendered
    return _PLACEHOLDER.sub(lambda match: replacement(match[1], match[2]), rendered)
