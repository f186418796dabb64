"""Headings with fields: what a field can look like, its value in an issue, and whether a heading fits a pattern.

A house format can forgive differences in case, kinds of quotation marks, kinds of dashes and the space around them,
and emoji before or after.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache
from itertools import pairwise
from math import factorial
from typing import TYPE_CHECKING

from newsletter.house.patterns import DATE_PART, EDGES, ORDINAL, PERIOD, Piece, field_fault, pieces, unclosed_fault
from newsletter.language import Language
from newsletter.language.calendars import CalendarDay, split_calendar
from newsletter.language.language import ORDINAL_DAY, date_parts
from newsletter.language.ordinals import day_regex, ordinal, ordinal_regex
from newsletter.period import around, shifted

if TYPE_CHECKING:
    from collections.abc import Collection

    from newsletter.language import Calendar
    from newsletter.language.calendars import OtherCalendar
    from newsletter.model import Issue, Period


HEADING_FIELDS = ("date", "period", "number", "title", "any")
TEXT_FIELDS = frozenset({"title", "any"})
"""The fields of a heading for text that the writer chooses; `{any}` may also be empty."""


def heading_fault(pattern: str) -> str:
    """The problem with a heading of the house format, in one line; "" if there is none."""
    if fault := unclosed_fault(pattern):
        return fault
    found = pieces(pattern)
    for piece in found:
        if piece.field and (fault := field_fault(piece, HEADING_FIELDS)):
            return fault
        if piece.field == "date" and not piece.argument:
            return "`{date}` needs a pattern"
    for before, after in pairwise(found):
        if before.field in TEXT_FIELDS and after.field in TEXT_FIELDS:
            return f"there is no text between `{before.text}` and `{after.text}`, so newsletter cannot tell where the first one ends"
    if sum(piece.field in TEXT_FIELDS for piece in found) > 2:
        return "more than two fields match any text"
    if all(piece.field == "any" for piece in found):
        return "it matches every heading"
    return ""


def written_number(number: int, argument: str, language: str) -> str:
    """A number in the format of `{number:argument}`."""
    return ordinal(number, language) if argument == ORDINAL else f"{number:0{len(argument)}}"


def number_regex(argument: str, language: str) -> str:
    """A regular expression for every number in this format."""
    if argument == ORDINAL:
        return ordinal_regex(language)
    return rf"\d{{{len(argument)},}}" if argument else r"\d+"


def date_values(text: str, pattern: str, calendar: Calendar, code: str = "") -> dict[str, int]:
    """The parts of a date that is written by `pattern`: year, month, day, weekday (Monday is 1), week; {} if it is no such date.

    `code` is the language (BCP 47). A whole date of another calendar is returned as the Gregorian one.
    """
    other, inner = split_calendar(pattern)
    language = Language(code, "ltr", {}, calendar)
    parts = list(DATE_PART.finditer(inner))
    shapes = (f"({_date_part_regex(part, language, other)})" for part in parts)
    match = re.fullmatch("".join(shapes), text)
    if match is None:
        return {}
    written = [(part, match[place]) for place, part in enumerate(parts, 1) if part[1] is not None]
    era = next((text for part, text in written if part[2] == "G"), "")
    values = dict(_date_value(part, text, language, other) for part, text in written if part[2] != "G")
    return _gregorian(values, era, other, pattern.partition(":")[0]) if other else values


def _gregorian(values: dict[str, int], era: str, other: OtherCalendar, name: str) -> dict[str, int]:
    """The parts of a date in another calendar as Gregorian ones. If some are unknown, they have names of their own."""
    try:
        day = other.back(CalendarDay(values["year"], values["month"], values["day"], era or "".join(other.eras[:1])))
    except (KeyError, ValueError, OverflowError):
        return {key if key == "weekday" else f"{name} {key}": value for key, value in values.items()}
    return {**values, "year": day.year, "month": day.month, "day": day.day}


def _date_value(part: re.Match[str], written: str, language: Language, other: OtherCalendar | None) -> tuple[str, int]:
    text, letter = part[0], part[2] or part[1]
    if letter in "yY":
        if written == _FIRST_YEAR:
            return "year", 1
        return "year", int(written) + (2000 if len(written) == 2 and other is None else 0)
    if letter in "Ec":
        return "weekday", _weekdays(text, language).index(written) + 1
    if letter in "ML":
        if len(text) < 3:
            return "month", int(written)
        return "month", _months(text, language, other).index(written) + 1
    digits = re.search(r"\d+", written)
    value = int(digits[0] if digits else written)
    return {"w": "week", "Q": "quarter", "q": "quarter"}.get(letter, "day"), value


def date_shape(piece: Piece, calendar: Calendar, code: str) -> str:
    """A regular expression for what a date or a period can look like; `code` is the language (BCP 47)."""
    if piece.field != PERIOD or piece.pattern:
        return date_regex(piece.pattern, calendar, code)
    return date_regex(fold(calendar.long), calendar) if piece.edge else _period_regex(calendar)


_FIRST_YEAR = "元"
"""The first year of an era in Japanese."""


def date_regex(pattern: str, calendar: Calendar, code: str = "") -> str:
    """A regular expression for every date written by `pattern` in a language's calendar; `code` is the language (BCP 47)."""
    other, pattern = split_calendar(pattern)
    language = Language(code, "ltr", {}, calendar)
    return "".join(_date_part_regex(part, language, other) for part in DATE_PART.finditer(pattern))


def _date_part_regex(part: re.Match[str], language: Language, other: OtherCalendar | None) -> str:
    text, letter = part[0], part[2]
    if part[1] == ORDINAL_DAY:
        return day_regex(language.code)
    if letter is None:
        return re.escape(text[1:-1].replace("''", "'") or "'") if text.startswith("'") else re.escape(text)
    if letter == "G":
        return _one_of(set(other.eras) if other else set())
    if letter in "yY":
        if len(text) == 2:
            return r"\d{2}"
        return rf"(?:\d{{1,4}}|{_FIRST_YEAR})" if other else r"\d{4}"
    if letter in "Qq":
        return "0[1-4]" if len(text) == 2 else "[1-4]"
    if letter in "Ec":
        return _one_of(set(_weekdays(text, language)))
    if len(text) > 2:
        return _one_of(set(_months(text, language, other)))
    return r"\d{2}" if len(text) == 2 else r"\d{1,2}"


def _weekdays(text: str, language: Language) -> list[str]:
    return [language.format_date(date(2024, 1, day), text) for day in range(1, 8)]


def _months(text: str, language: Language, other: OtherCalendar | None) -> list[str]:
    if other and other.months:
        return list(other.months.get(language.code.partition("-")[0].lower(), other.months[""]))
    return [language.format_date(date(2024, month, 1), text) for month in range(1, 13)]


def _one_of(names: set[str]) -> str:
    # Longest first, so that "Mai" does not match where "Maijuku" is written.
    return "(?:" + "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name))) + ")"


_SINGLE, _DOUBLE, _DASH = "'‘’‚‛`´", '"“”„‟«»', "[-‐‑‒–—―−]"
_QUOTES = str.maketrans(dict.fromkeys(_SINGLE, "'") | dict.fromkeys(_DOUBLE, '"'))
_DASHES = re.compile(rf"\s*{_DASH}+\s*")
_LOOSE_PIECE = re.compile(rf"(\s*{_DASH}+\s*)|([{_SINGLE}])|([{_DOUBLE}])|(\s+)|.", re.DOTALL)
_SPACE = re.compile(r"\s+")
_SHAPES = {"title": r"\S.*?", "any": r".*?"}
_DECORATION = frozenset(("So", "Sk", "Me"))
"""Unicode categories of emoji, skin tones and keycaps; variation selectors and joiners are named in `_is_decoration`."""


@lru_cache(maxsize=4096)
def fold(heading: str) -> str:
    """A heading in the form for comparison: Unicode NFC, and single spaces, with none at its ends."""
    return _SPACE.sub(" ", unicodedata.normalize("NFC", heading)).strip()


def fits(heading: str, pattern: str, language: Language, *, forgiving: bool = False) -> bool:
    """Whether a folded heading matches the pattern."""
    fixed = _fixed(pattern)
    if fixed is None:
        return _match(heading, pattern, language, forgiving=forgiving) is not None
    return heading == fixed or (forgiving and loose(heading) == loose(fixed))


def corrected(heading: str, pattern: str, issue: Issue, language: Language) -> str | None:
    """The right form of a folded heading, by the pattern that it matches or nearly matches; None if it does neither.

    Date and number are those of the issue; text that the writer chose stays.
    """
    fixed = _fixed(pattern)
    if fixed is not None:
        return fixed if fits(heading, pattern, language, forgiving=True) else None
    match = _match(heading, pattern, language) or _match(heading, pattern, language, forgiving=True)
    if match is None:
        return None
    written = match.groupdict()
    parts = []
    for place, piece in enumerate(pieces(fold(pattern))):
        given = written.get(f"f{place}", "")
        value = field_value(piece, issue, language) if piece.field else piece.plain
        # The digits of the language and 0 to 9 are both right.
        right = value is None or (
            piece.field and language.numeral(given) in {value, _of_its_day(piece, issue, language)}
        )
        parts.append(given if right else value or "")
    return fold("".join(parts))


def same_but_for(forgiven: Collection[str], heading: str, other: str) -> bool:
    """Whether two folded headings are the same when the forgiven differences are ignored: case, quotes, dashes, emoji."""
    return heading == other or (bool(forgiven) and _without(forgiven, heading) == _without(forgiven, other))


def _without(forgiven: Collection[str], heading: str) -> str:
    if "emoji" in forgiven:
        heading = bare(heading)
    if "quotes" in forgiven:
        heading = with_plain_quotes(heading)
    if "dashes" in forgiven:
        heading = with_plain_dashes(heading)
    return heading.casefold() if "case" in forgiven else heading


def field_value(piece: Piece, issue: Issue, language: Language) -> str | None:
    """The value of a heading's field in this issue; None if the writer chooses it, or if the issue does not have it.

    Numbers are in the digits of the language. A month is that of the issue's period, if it has one.
    """
    if piece.field == PERIOD:
        text = period_text(piece, issue, language)
        return None if text is None else language.numeral(text)
    if piece.field == "date" and issue.period is not None and not _names_day(piece.pattern):
        return language.numeral(language.format_date(issue.period.start, piece.pattern))
    if piece.field == "date":
        return _of_its_day(piece, issue, language)
    if piece.field == "number" and issue.number is not None:
        return language.numeral(written_number(issue.number, piece.argument, language.code))
    return None


def _of_its_day(piece: Piece, issue: Issue, language: Language) -> str | None:
    if piece.field != "date" or issue.date is None:
        return None
    return language.numeral(language.format_date(issue.date.date(), piece.pattern))


def _names_day(pattern: str) -> bool:
    return any(letter in {"d", "o", "E", "c", "w"} for letter, _ in date_parts(split_calendar(pattern)[1]))


def period_text(piece: Piece, issue: Issue, language: Language) -> str | None:
    """The value of `{period…}` in this issue; None if it has neither period nor date."""
    found = period_for(piece, issue.period, issue.date.date() if issue.date is not None else None)
    return None if found is None else written_period(piece, found, language)


def written_period(piece: Piece, period: Period, language: Language) -> str:
    """A period in the format of a field; without a pattern, it is in words and in the digits of the language."""
    day = period.end if piece.edge == EDGES[1] else period.start
    if piece.pattern:
        return language.format_date(day, piece.pattern)
    return language.long_date(day) if piece.edge else language.period(period.start, period.end)


def period_for(piece: Piece, period: Period | None, day: date | None) -> Period | None:
    """The period for a field: that of the issue, else the one with a day.

    The pattern decides between month, week, quarter and year.
    """
    if period is None and day is None:
        return None
    whole = around(day, _unit(piece)) if period is None and day is not None else period
    return shifted(whole, piece.shift) if whole is not None else None


_UNITS = (
    ("M", "month"),
    ("L", "month"),
    ("w", "week"),
    ("Q", "quarter"),
    ("q", "quarter"),
    ("y", "year"),
    ("Y", "year"),
)
"""The unit of time of a date pattern, by the first of these letters in it."""


def _unit(piece: Piece) -> str:
    letters = {letter for letter, _ in date_parts(split_calendar(piece.pattern)[1])}
    if letters & {"d", "o", "E", "c"} and not piece.edge:
        return "day"
    return next((unit for letter, unit in _UNITS if letter in letters), "month")


@lru_cache(maxsize=64)
def _period_regex(calendar: Calendar) -> str:
    """A regular expression for every period in words, as `Language.period` writes it."""
    patterns = (calendar.long, calendar.month_day, calendar.month_year, calendar.year)
    whole, in_year, month, year = (date_regex(fold(pattern), calendar) for pattern in patterns)
    pairs = ((whole, whole), (in_year, whole), (whole, in_year), (month, month), (year, year))
    ways = [date_regex(fold(calendar.month_interval), calendar), _days_of_a_month(calendar)]
    ways += [_joined(calendar.interval, *pair) for pair in pairs]
    return "(?:" + "|".join((*ways, whole, month, year)) + ")"


def _days_of_a_month(calendar: Calendar) -> str:
    language = Language("", "ltr", {}, calendar)
    days = _joined(calendar.day_interval, r"\d{1,2}", r"\d{1,2}")
    return "".join(
        days if part[1] == "d" else _date_part_regex(part, language, None)
        for part in DATE_PART.finditer(fold(calendar.long))
    )


def _joined(join: str, first: str, second: str) -> str:
    """Two regular expressions joined by a template such as `{0} – {1}`."""
    return re.escape(join).replace(r"\{0\}", first).replace(r"\{1\}", second)


_OUTLINES = {"any": r".*?", "title": r".+?"}


def outline(pattern: str) -> str:
    """A regular expression for everything that is nearly such a heading, with any text for its fields."""
    parts = (
        _OUTLINES.get(piece.field, r".{1,60}?") if piece.field else _LOOSE_PIECE.sub(_loose_piece, piece.plain)
        for piece in pieces(bare(fold(pattern)))
    )
    return rf"(?i)[\W_]*{''.join(parts)}[\W_]*"


@lru_cache(maxsize=1024)
def _fixed(pattern: str) -> str | None:
    """The only heading that a pattern matches; None if it has fields."""
    found = pieces(pattern)
    return None if any(piece.field for piece in found) else fold("".join(piece.plain for piece in found))


@lru_cache(maxsize=4096)
def loose(heading: str) -> str:
    """A form that is the same for headings with only forgiven differences."""
    return with_plain_dashes(with_plain_quotes(bare(heading))).casefold()


def with_plain_quotes(text: str) -> str:
    """The text with `'` and `"` for every kind of quotation mark."""
    return text.translate(_QUOTES)


def with_plain_dashes(text: str) -> str:
    """The text with one hyphen for dashes of any kind, and the space around them."""
    return _DASHES.sub("-", text)


def bare(text: str, *, left: bool = True, right: bool = True) -> str:
    """The text without emoji and space at its ends."""
    start, end = 0, len(text)
    while left and start < end and _is_decoration(text[start]):
        start += 1
    while right and end > start and _is_decoration(text[end - 1]):
        end -= 1
    return text[start:end]


def _is_decoration(character: str) -> bool:
    if character.isspace() or character in "\ufe0f\u200d":
        return True
    return not character.isascii() and unicodedata.category(character) in _DECORATION


def _match(heading: str, pattern: str, language: Language, *, forgiving: bool = False) -> re.Match[str] | None:
    if forgiving:
        # Emoji beside the writer's own text belong to it.
        first, last = pieces(pattern)[0], pieces(pattern)[-1]
        heading = bare(heading, left=first.field not in TEXT_FIELDS, right=last.field not in TEXT_FIELDS)
    if len(heading) > _longest(pattern, forgiving=forgiving):
        return None
    return _compiled(pattern, language.calendar, language.code, forgiving).fullmatch(heading)


_MOST_WAYS = 100_000_000
"""The most ways of dividing a heading among the fields of a pattern: they take a second or two.

With three fields, a heading may have 840 characters.
"""


@lru_cache(maxsize=1024)
def _longest(pattern: str, *, forgiving: bool) -> int:
    """The most characters of a heading that is matched with a pattern.

    Longer ones do not match, because they would take too long.
    """
    found = pieces(pattern)
    open_ended = sum(piece.field in {*TEXT_FIELDS, "number"} for piece in found)
    if forgiving:
        open_ended += sum(len(_DASHES.findall(piece.plain)) for piece in found if not piece.field)
    return int((_MOST_WAYS * factorial(open_ended)) ** (1 / open_ended)) if open_ended > 1 else 1_000_000


@lru_cache(maxsize=1024)
def _compiled(pattern: str, calendar: Calendar, language: str, forgiving: bool) -> re.Pattern[str]:
    """The compiled pattern. Group `f3` is the text of its fourth piece, if that is a field."""
    found = pieces(fold(pattern))
    parts: list[str] = []
    for place, piece in enumerate(found):
        if piece.field:
            shape = _shape(piece, calendar, language)
            parts.append(f"(?P<f{place}>{shape})")
        elif forgiving:
            text = bare(piece.plain, left=place == 0, right=place == len(found) - 1)
            parts.append(_LOOSE_PIECE.sub(_loose_piece, text))
        else:
            parts.append(re.escape(piece.plain))
    return re.compile("".join(parts), re.IGNORECASE if forgiving else 0)


def _shape(piece: Piece, calendar: Calendar, language: str) -> str:
    if piece.field in {"date", PERIOD}:
        return date_shape(piece, calendar, language)
    return number_regex(piece.argument, language) if piece.field == "number" else _SHAPES[piece.field]


def _loose_piece(match: re.Match[str]) -> str:
    dash, single, double, space = match.groups()
    if dash:
        return rf"\s*{_DASH}+\s*"
    if single:
        return f"[{_SINGLE}]"
    if double:
        return f"[{_DOUBLE}]"
    return r"\s+" if space else re.escape(match[0])
