"""Digits of any length: Python raises an error for numbers of more than 4,300 digits (CVE-2020-10735).

No issue has such a high number, and no house format requires that many words; but a text can contain anything.
"""

from __future__ import annotations

import html
import re

MOST = 18
"""The most digits of a number. A longer one is a card or serial number, not a count, and does not fit into 64 bits."""
_REFERENCE = re.compile(r"&#([0-9]{8,});?")
"""A numeric character reference that is too long: seven digits are the most."""


def whole_number(text: str) -> int | None:
    """The number that a text is; None if it has anything but decimal digits (of any script), or too many.

    `str.isdigit` is also true for `²` and `①`, for which `int` raises ValueError.
    """
    return int(text) if text.isdecimal() and len(text) <= MOST else None


def unescape(text: str) -> str:
    """Resolves HTML's character references, as `html.unescape` does, for references of any length."""
    return html.unescape(short_references(text))


def short_references(text: str) -> str:
    """`text` with U+FFFD in place of every numeric reference that is too long for a character, as browsers show it."""
    return _REFERENCE.sub(_shortened, text) if "&#" in text else text


def _shortened(found: re.Match[str]) -> str:
    digits = found[1].lstrip("0")
    return f"&#{digits or 0};" if len(digits) < 8 else "\ufffd"
