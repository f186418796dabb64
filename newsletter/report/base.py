"""Parts that the forms of a report share: how it is shown, where a finding ends, and text that is safe on a terminal."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.model import Span


def _as_it_is(path: str) -> str:
    return path


@dataclass(frozen=True, slots=True)
class Display:
    """How findings are shown. Nothing of it changes what is said."""

    colour: bool = False
    columns: int = 0
    """The columns of the terminal, to which long lines are fitted; 0 if there is none."""
    path: Callable[[str], str] = _as_it_is
    """A function that turns the path of a finding into one for the reader of the report: relative to the current folder, or to
    the root of the repository."""
    statistics: bool = False
    """Whether the counts by rule are asked for."""
    each: bool = False
    """Whether each finding is shown by itself, also where people are better served by one for several."""

    def painted(self, text: str, code: str) -> str:
        """`text` as the function `painted` sets it off, if there is colour."""
        return painted(text, code, colour=self.colour)


def end_of(span: Span, text: str | None) -> tuple[int, int]:
    """Line and column after the last character of a place; without the text, it is taken to be on one line."""
    within = (text or "")[span.start : span.end]
    breaks = within.count("\n")
    if breaks:
        return span.line + breaks, len(within) - within.rfind("\n")
    return span.line, span.column + max(span.end - span.start, 0)


# ── Text as a terminal shows it: how wide it is, and nothing in it that could move, recolour or reorder the rest ────────


TAB = 4
"""Columns between tab stops."""

_PICTURES = 0x2400
"""Where Unicode keeps a picture of each C0 control character: ␀ ␁ ␂ …"""
_JOINERS = "\u200c\u200d"
"""Invisible, but part of how many scripts and emoji are written."""


def painted(text: str, code: str, *, colour: bool) -> str:
    """`text` between the codes that set it off (ECMA-48, SGR), if there is `colour`."""
    return f"\x1b[{code}m{text}\x1b[0m" if colour and text else text


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
