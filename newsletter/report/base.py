"""Parts that the formats share: display options, the end of a finding, and text that is safe on a terminal."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.model import Span


def _unchanged(path: str) -> str:
    return path


@dataclass(frozen=True, slots=True)
class Display:
    """The options for showing findings. None of them changes their content, except for grouping."""

    colour: bool = False
    columns: int = 0
    """The columns of the terminal, to which long lines are fitted; 0 if there is none."""
    path: Callable[[str], str] = _unchanged
    """A function that turns the path of a finding into one for the reader of the report: relative to the current folder, or to
    the root of the repository."""
    statistics: bool = False
    """Whether the counts by rule are asked for."""
    each: bool = False
    """Whether each finding is shown by itself, even if one entry for several is easier to read."""

    def painted(self, text: str, code: str) -> str:
        """`text` in the style of the function `painted`, if there is colour."""
        return painted(text, code, colour=self.colour)


def end_of(span: Span, text: str | None) -> tuple[int, int]:
    """Line and column after the last character of a span. Without the text, the span is assumed to be on one line."""
    within = (text or "")[span.start : span.end]
    breaks = within.count("\n")
    if breaks:
        return span.line + breaks, len(within) - within.rfind("\n")
    return span.line, span.column + max(span.end - span.start, 0)


TAB = 4
"""Columns between tab stops."""

_PICTURES = 0x2400
"""The first of Unicode's pictures for the C0 control characters: ␀ ␁ ␂ …"""
_JOINERS = "\u200c\u200d"
"""Invisible, but part of how many scripts and emoji are written."""


def painted(text: str, code: str, *, colour: bool) -> str:
    """`text` between codes that style it (ECMA-48, SGR), if there is `colour`."""
    return f"\x1b[{code}m{text}\x1b[0m" if colour and text else text


def width(text: str) -> int:
    """The width of `text` in columns. Wide characters count as two, combining ones as none (UAX #11)."""
    return len(text) if text.isascii() else sum(map(_char_width, text))


def safe(text: str) -> str:
    """`text` on one line, with control, bidirectional and other invisible characters made visible."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_safe_char, text))


def columns(text: str, before: int = 0) -> str:
    """`text` as it is shown from column `before` on. Tabs become spaces, and the rest is `safe`."""
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
    # Zl, Zp: other line ends; Cn: not characters at all.
    if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp", "Cn"}:
        return f"<U+{code:04X}>"
    return char
