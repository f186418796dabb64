"""Text as a terminal shows it: how wide it is, and nothing in it that could move, recolour or reorder the rest."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

TAB = 4
"""Columns between tab stops."""

_PICTURES = 0x2400
"""Where Unicode keeps a picture of each C0 control character: ␀ ␁ ␂ …"""
_JOINERS = "\u200c\u200d"
"""Invisible, but part of how many scripts and emoji are written."""


def width(text: str) -> int:
    """How many columns `text` takes; wide characters count two, combining ones none (UAX #11)."""
    return len(text) if text.isascii() else sum(map(_char_width, text))


def safe(text: str) -> str:
    """`text` on one line, with control, bidirectional and other invisible characters made visible."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_safe_char, text))


def columns(text: str, before: int = 0) -> str:
    """`text` as it is shown from column `before` on: tabs become spaces, the rest is `safe`."""
    if "\t" not in text:
        return safe(text)
    shown = ""
    for index, piece in enumerate(text.split("\t")):
        if index:
            shown += " " * (TAB - (before + width(shown)) % TAB)
        shown += safe(piece)
    return shown


@lru_cache(maxsize=4096)
def _char_width(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


@lru_cache(maxsize=4096)
def _safe_char(char: str) -> str:
    code = ord(char)
    if code < 0x20:
        return chr(_PICTURES + code)
    if code == 0x7F:
        return "\u2421"
    if char in _JOINERS:
        return char
    # Cc: C1 controls; Cf: bidirectional marks, zero-width characters; Cs: lone surrogates, which no terminal can encode;
    # Zl, Zp: line ends of other worlds; Cn: not characters at all.
    if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp", "Cn"}:
        return f"<U+{code:04X}>"
    return char
