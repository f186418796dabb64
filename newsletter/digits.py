"""Digits of any length: Python reads no number of more than 4,300 of them, and stops with an error instead (CVE-2020-10735).

No issue has so high a number, and no house format asks for that many words; but anything can be in a text.
"""

from __future__ import annotations

import html
import re

MOST = 18
"""Digits of a number. What is longer is a card or serial number, not a count, and does not fit the 64 bits other programs have."""
_REFERENCE = re.compile(r"&#([0-9]{8,});?")
"""A character by its number, which has seven digits at most."""


def whole_number(digits: str) -> int | None:
    """The number that decimal digits of any script say; None if there are too many."""
    return int(digits) if len(digits) <= MOST else None


def unescape(text: str) -> str:
    """Resolves HTML's character references, as `html.unescape` does, for references of any length."""
    return html.unescape(short_references(text))


def short_references(text: str) -> str:
    """`text` with every numeric reference that is too long for a character as U+FFFD, as browsers show it."""
    return _REFERENCE.sub(_shortened, text) if "&#" in text else text


def _shortened(found: re.Match[str]) -> str:
    digits = found[1].lstrip("0")
    return f"&#{digits or 0};" if len(digits) < 8 else "\ufffd"
