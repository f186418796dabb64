"""Patterns with `{fields}` that a field of the front matter or a file name must match: `Issue #{number}`.

A field name always has the same value: `{date:…}`, `{period:…}`, `{number}`, `{slug}` and `{title}` are those of the
issue. Other names (`{ending:MMMM d}`, `{volume:number}`) belong to the house format. `{file}` is the name of the folder
or file, `{any}` any text.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from newsletter.digits import whole_number
from newsletter.house.headings import (
    date_shape,
    date_values,
    fold,
    number_regex,
    period_for,
    written_number,
    written_period,
)
from newsletter.house.patterns import (
    PERIOD,
    date_pattern_fault,
    number_fault,
    period_fault,
    pieces,
    shift_fault,
    unclosed_fault,
)
from newsletter.model import Period
from newsletter.period import period_of
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.house.format import HouseFormat
    from newsletter.house.patterns import Piece
    from newsletter.language import Calendar, Language

TEXTS = {"slug": r"\S+?", "title": r"\S.*?", "file": r"\S.*?", "any": r".*?"}
"""The fields that are text, with the expression for each."""
NUMBER = "number"
_LONGEST = 5_000
"""The most characters of a text that is matched with a pattern: with two fields, the time grows with its square."""

Value = str | int | tuple[tuple[str, int], ...]
"""The value of a field: text, a number, or the parts of a date by name."""


@dataclass(frozen=True, slots=True)
class StatedValue:
    """The value of one field in a text."""

    name: str
    value: Value
    written: str
    argument: str = ""
    """The date pattern, or the format of the number."""


def form_fault(form: str) -> str:
    """The problem with a pattern, in one line; "" if there is none."""
    if fault := unclosed_fault(form):
        return fault
    found = pieces(form)
    for piece in found:
        if piece.field and (fault := _field_fault(piece)):
            return fault
    for before, after in pairwise(found):
        if before.field in TEXTS and after.field in TEXTS:
            return f"there is no text between `{before.text}` and `{after.text}`, so newsletter cannot tell where the first one ends"
    if sum(piece.field in TEXTS for piece in found) > 2:
        return "more than two fields match any text"
    return ""


def _field_fault(piece: Piece) -> str:
    if fault := shift_fault(piece):
        return fault
    if piece.field == PERIOD:
        return period_fault(piece)
    if piece.field in TEXTS:
        return f"`{{{piece.field}}}` takes nothing after a colon" if ":" in piece.text else ""
    if _is_number(piece):
        return number_fault(piece) if piece.field == NUMBER and ":" in piece.text else ""
    if not piece.argument:
        example = f"`{{{piece.field}:yyyy-MM-dd}}`"
        if piece.field == "date":
            return f"`{{date}}` needs a pattern, as in {example}"
        return f"there is no field `{{{piece.field}}}`; a date of your own is written {example}"
    return date_pattern_fault(piece.argument)


def read_form(text: str, form: str, language: Language) -> tuple[StatedValue, ...] | None:
    """The values of a pattern's fields in a text; None if the text does not match."""
    folded = fold(text)
    match = _compiled(form, language.calendar, language.code).fullmatch(folded) if len(folded) <= _LONGEST else None
    if match is None:
        return None
    values = []
    for place, piece in enumerate(pieces(fold(form))):
        if piece.field and piece.field != "any":
            written = match[f"f{place}"]
            values.append(StatedValue(piece.key, _value(piece, written, language), written, piece.argument))
    return tuple(values)


def _is_number(piece: Piece) -> bool:
    return NUMBER in (piece.field, piece.argument)


def _value(piece: Piece, written: str, language: Language) -> Value:
    if piece.field in TEXTS:
        return written
    if _is_number(piece):
        digits = re.search(r"\d+", written)
        number = whole_number(digits[0]) if digits else None
        return written if number is None else number
    values = date_values(written, piece.pattern, language.calendar, language.code) if piece.pattern else {}
    return tuple(sorted(values.items()))


@lru_cache(maxsize=256)
def _compiled(form: str, calendar: Calendar, language: str) -> re.Pattern[str]:
    parts = []
    for place, piece in enumerate(pieces(fold(form))):
        if not piece.field:
            parts.append(re.escape(piece.plain))
            continue
        if piece.field in TEXTS:
            shape = TEXTS[piece.field]
        elif _is_number(piece):
            shape = number_regex(piece.argument if piece.field == NUMBER else "", language)
        else:
            shape = date_shape(piece, calendar, language)
        parts.append(f"(?P<f{place}>{shape})")
    return re.compile("".join(parts))


def agree(one: Value, other: Value) -> bool:
    """Whether two values of a field agree. Of dates, the parts that both have are compared."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        mine, theirs = dict(one), dict(other)
        return all(mine[part] == theirs[part] for part in mine.keys() & theirs.keys())
    return one == other


def day_of(parts: Mapping[str, int]) -> date | None:
    """The date with these parts; None if a part is missing or the day does not exist."""
    try:
        return date(parts["year"], parts["month"], parts["day"])
    except (KeyError, ValueError):
        return None


def fill_form(form: str, known: Mapping[str, object], language: Language) -> str:
    """A pattern with its known fields filled in: texts, numbers, dates and the period by name.

    The rest stays as written. The default period is that of the date.
    """
    parts = []
    for piece in pieces(form):
        value = _period(piece, known) if piece.field == PERIOD else known.get(piece.key) if piece.field else None
        if not piece.field:
            parts.append(piece.plain)
        elif isinstance(value, int):
            parts.append(written_number(value, piece.argument if piece.field == NUMBER else "", language.code))
        elif isinstance(value, Period):
            parts.append(written_period(piece, value, language))
        elif isinstance(value, date) and piece.argument:
            parts.append(language.format_date(value, piece.argument))
        else:
            parts.append(value if isinstance(value, str) else piece.text)
    return "".join(parts)


def _period(piece: Piece, known: Mapping[str, object]) -> Period | None:
    period, day = known.get(PERIOD), known.get("date")
    return period_for(piece, period if isinstance(period, Period) else None, day if isinstance(day, date) else None)


# The values in the name of an issue's folder or file, if the house format has a pattern for names: `{date:yyyy-MM-dd}-{slug}`


_DATED = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?!\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Named:
    """The values in the name of an issue."""

    number: int | None = None
    date: date | None = None
    period: Period | None = None


def read_name(house: HouseFormat, name: str, language: Language) -> Named:
    """The number, date and period in the name of an issue, by the first pattern that it matches."""
    for form in house.file_names:
        stated = read_form(name, form, language)
        if stated is None:
            continue
        values = {one.name: one.value for one in stated}
        number, day, period = values.get("number"), values.get("date"), values.get(PERIOD)
        return Named(
            number if isinstance(number, int) else None,
            day_of(dict(day)) if isinstance(day, tuple) else None,
            period_of(dict(period)) if isinstance(period, tuple) else None,
        )
    return Named()


def dated_name(name: str) -> date | None:
    """The date at the beginning of a name, without regard to patterns. It is enough to find the era of an issue."""
    match = _DATED.match(name)
    return day_of({part: int(digits) for part, digits in match.groupdict().items()}) if match else None
