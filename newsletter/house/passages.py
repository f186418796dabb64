"""Passages with which an issue begins or ends, or that it contains: a greeting, a marker.

Their fields are filled in from the issue. A passage is compared with the source; white space may differ. `{date:…}`,
`{number}` and `{title}` are those of the issue, `{any}` is any text on the line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.house.headings import HEADING_FIELDS, date_regex, field_value, number_regex
from newsletter.house.patterns import field_fault, pieces

if TYPE_CHECKING:
    from newsletter.house.patterns import Piece
    from newsletter.language import Language
    from newsletter.model import Issue

_ANY = r"[^\n]*?"


def passage_fault(text: str) -> str:
    """The problem with the fields of a passage, in one line; "" if there is none."""
    for piece in _pieces(text):
        if piece.field and (fault := field_fault(piece, HEADING_FIELDS)):
            return fault
        if piece.field == "date" and not piece.argument:
            return "`{date}` needs a pattern, as in `{date:d MMMM yyyy}`"
    bare = "".join(piece.plain for piece in _pieces(text) if piece.field != "any")
    return "" if bare.strip() else "it matches any text"


def passage_regex(text: str, issue: Issue, language: Language) -> re.Pattern[str]:
    """An expression for the passage of this issue."""
    values = (_value(piece, issue, language) if piece.field else None for piece in _pieces(text))
    return _compiled(text, language, tuple(values))


def passage_shape(text: str, language: Language) -> re.Pattern[str]:
    """An expression for the passage of any issue, with any number and date."""
    return _compiled(text, language, tuple(None for _ in _pieces(text)))


def passage_shown(text: str, issue: Issue, language: Language) -> str:
    """The passage of this issue, for people. Unknown values are `…`."""
    return "".join((_value(piece, issue, language) or "…") if piece.field else piece.plain for piece in _pieces(text))


def _pieces(text: str) -> tuple[Piece, ...]:
    return pieces(text.strip())


def _value(piece: Piece, issue: Issue, language: Language) -> str | None:
    if piece.field == "title":
        return issue.title or None
    return field_value(piece, issue, language)


def _compiled(text: str, language: Language, values: tuple[str | None, ...]) -> re.Pattern[str]:
    parts = []
    for piece, value in zip(_pieces(text), values, strict=True):
        if not piece.field:
            parts.append(_spaced(piece.plain))
        elif value is None:
            parts.append(_shape(piece, language))
        else:
            # The digits of the language and 0 to 9 are both right.
            parts.append("(?:" + "|".join(dict.fromkeys((_spaced(value), _spaced(_latin(value))))) + ")")
    return re.compile("".join(parts))


def _latin(value: str) -> str:
    return "".join(str(int(each)) if each.isdecimal() else each for each in value)


def _spaced(text: str) -> str:
    return r"\s+".join(re.escape(word) for word in re.split(r"\s+", text))


def _shape(piece: Piece, language: Language) -> str:
    if piece.field == "date":
        return date_regex(piece.argument, language.calendar, language.code)
    return number_regex(piece.argument, language.code) if piece.field == "number" else _ANY
