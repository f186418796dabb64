"""Texts that each issue contains, begins or ends with: a greeting, a marker. Their fields are filled from the issue.

A passage is compared as it is written in the source; any white space matches any other. `{date:…}`, `{number}` and
`{title}` are those of the issue, `{any}` is any text on the line.
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
    """The passage as this issue is to have it."""
    values = (_value(piece, issue, language) if piece.field else None for piece in _pieces(text))
    return _compiled(text, language, tuple(values))


def passage_shape(text: str, language: Language) -> re.Pattern[str]:
    """The passage as any issue has it, with another number and another date."""
    return _compiled(text, language, tuple(None for _ in _pieces(text)))


def passage_shown(text: str, issue: Issue, language: Language) -> str:
    """The passage as this issue is to have it, for people: what is not known is shown as `…`."""
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
            # The digits of the language or 0 to 9: both are right.
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
