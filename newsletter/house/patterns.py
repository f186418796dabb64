r"""Patterns with `{fields}` in headings, file names, passages and snippets: their pieces, and their faults.

A field is `{name}` or `{name:argument}`. A brace as text is written `\{`. `{{ … }}` is a personal field and stays as it
is.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.language.calendars import CALENDARS, split_calendar
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection

    from newsletter.language.calendars import OtherCalendar

PERIOD = "period"
EDGES = ("start", "end")
"""The words before the pattern of a period that choose one of its days. The default is the first day."""
ORDINAL = "ordinal"

_FIELD = re.compile(r"(?<![\\{])\{([^{}\n]*)\}(?!\})")
_NAME = re.compile(r"(?P<name>[a-z][a-z_]*)(?:[ ]*(?P<shift>[+-][ ]*\d{1,3}))?", re.ASCII)
DATE_PART = re.compile(r"'(?:[^']|'')*'|(do(?![A-Za-z])|([A-Za-z])\2*)|[^A-Za-z']+|'")
_CALENDAR = re.compile(r"(?!([a-z])\1*:)[a-z]{2,}(?=:)")
_DATE_LETTERS = {
    "y": (1, 2, 4),
    "M": (1, 2, 3, 4),
    "L": (1, 2, 3, 4),
    "d": (1, 2),
    "E": (1, 2, 3, 4),
    "c": (1, 2, 3, 4),
    "Y": (1, 2, 4),
    "w": (1, 2),
    "Q": (1, 2),
    "q": (1, 2),
    "G": (1,),
}
"""The letters of Unicode TR35 that `Language.format_date` supports, and how often each may be repeated."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a pattern: plain text, or a field."""

    text: str
    """The text as written."""
    field: str = ""
    argument: str = ""
    shift: int = 0
    """For a period: how many periods earlier (`{period-1}`) or later it is."""

    @property
    def edge(self) -> str:
        """For a period: `start` or `end`, if the field names one; else empty."""
        word = self.argument.partition(" ")[0]
        return word if self.field == PERIOD and word in EDGES else ""

    @property
    def pattern(self) -> str:
        """For a date or a period: its date pattern; empty for a period in words."""
        return self.argument.removeprefix(self.edge).strip()

    @property
    def key(self) -> str:
        """The value that the field stands for: `period-1`, `period:end`.

        Fields with the same key have the same value.
        """
        counted = f"{self.field}{self.shift:+}" if self.shift else self.field
        return f"{counted}:{self.edge}" if self.edge else counted

    @property
    def plain(self) -> str:
        r"""The text without escapes: `\{` is a brace."""
        return self.text.replace("\\{", "{").replace("\\}", "}")


@lru_cache(maxsize=1024)
def pieces(pattern: str) -> tuple[Piece, ...]:
    """The pieces of a pattern, in order. Something that only looks like a field (`{ }`) is text."""
    found: list[Piece] = []
    at = 0
    for match in _FIELD.finditer(pattern):
        name, _, argument = match[1].partition(":")
        named = _NAME.fullmatch(name)
        if named is None:
            continue
        if match.start() > at:
            found.append(Piece(pattern[at : match.start()]))
        shift = int((named["shift"] or "0").replace(" ", ""))
        found.append(Piece(match[0], named["name"], argument.strip(), shift))
        at = match.end()
    if at < len(pattern):
        found.append(Piece(pattern[at:]))
    return tuple(found)


@lru_cache(maxsize=1024)
def is_fixed(pattern: str) -> bool:
    """Whether a pattern has no fields."""
    return "{" not in pattern or all(not piece.field for piece in pieces(pattern))


def fields_in(pattern: str) -> tuple[Piece, ...]:
    """The fields of a pattern, in order."""
    return tuple(piece for piece in pieces(pattern) if piece.field)


def field_fault(piece: Piece, known: Collection[str]) -> str:
    """The problem with a field, in one line; "" if there is none."""
    if piece.field not in known:
        return f"there is no field `{{{piece.field}}}`"
    if fault := shift_fault(piece):
        return fault
    if piece.field == PERIOD:
        return period_fault(piece)
    if piece.field == "number" and ":" in piece.text:
        return number_fault(piece)
    if piece.field != "date":
        return f"`{{{piece.field}}}` takes nothing after a colon" if ":" in piece.text else ""
    if not piece.argument:
        return "`{date:}` needs a pattern" if ":" in piece.text else ""
    return date_pattern_fault(piece.argument)


def shift_fault(piece: Piece) -> str:
    """The problem with a field with `+` or `-`, in one line; "" if there is none."""
    if not piece.shift or piece.field == PERIOD:
        return ""
    return f"`{piece.text}` cannot be shifted: only `{{period{piece.shift:+}}}` can"


def period_fault(piece: Piece) -> str:
    """The problem with the format of a period, in one line; "" if there is none."""
    if not piece.pattern:
        lacks = ":" in piece.text and not piece.edge
        return f"`{piece.text}` needs a pattern, as in `{{period:MMMM yyyy}}`" if lacks else ""
    return date_pattern_fault(piece.pattern)


def number_fault(piece: Piece) -> str:
    """The problem with the format of a number (`{number:ordinal}`, `{number:000}`), in one line; "" if there is none."""
    if piece.argument == ORDINAL or (piece.argument and not piece.argument.strip("0")):
        return ""
    return f"`{piece.text}` must be one of `{{number}}`, `{{number:ordinal}}` and `{{number:000}}`"


def date_pattern_fault(pattern: str) -> str:
    """The problem with a date pattern such as `d MMMM yyyy`; "" if there is none."""
    calendar, pattern = split_calendar(pattern)
    if calendar is None and (named := _CALENDAR.match(pattern)):
        return f"there is no calendar `{named[0]}`. Choose one of: {', '.join(sorted(CALENDARS))}"
    letters = 0
    for part in DATE_PART.finditer(pattern):
        text, letter = part[0], part[2]
        if text == "'":
            return f"the quotation mark in the date pattern `{pattern}` is never closed"
        letters += part[1] is not None
        if letter is not None and (fault := _letter_fault(text, letter, calendar)):
            return fault
    return "" if letters else f"the date pattern `{pattern}` has no day, month or year"


def _letter_fault(text: str, letter: str, calendar: OtherCalendar | None) -> str:
    if letter == "G" and not (calendar and calendar.eras):
        return "`G` stands for the era, in calendars with eras: `japanese:Gy年M月d日`"
    if letter in "wY" and calendar:
        return f"`{letter}` counts the weeks of the Gregorian calendar only"
    if letter not in _DATE_LETTERS:
        return f"`{text}` means nothing in a date pattern"
    if len(text) not in _DATE_LETTERS[letter]:
        return f"`{text}` is not a date pattern: `{letter * max(_DATE_LETTERS[letter])}` is the longest"
    return ""


def unclosed_fault(pattern: str) -> str:
    """The problem with the braces of a pattern, in one line; "" if there is none."""
    bare = _FIELD.sub("", pattern).replace("\\{", "").replace("\\}", "")
    if "{" in bare or "}" in bare:
        return "a brace is not closed, or not opened"
    for match in _FIELD.finditer(pattern):
        if not _NAME.fullmatch(match[1].partition(":")[0]):
            return f"`{match[0]}` is not a field"
    return ""
