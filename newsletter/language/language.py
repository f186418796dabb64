"""A language for templates and renderers: fixed words, numbers, dates, lists.

The forms of dates, plurals and lists follow the CLDR (Unicode TR35). Only the parts of it that strings files need are
supported.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import field
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.language.calendars import split_calendar
from newsletter.language.numbers import Symbols, read_number, written
from newsletter.language.ordinals import ordinal_day
from newsletter.language.scripts import DIGITS, LIST_STYLES, isolated, script_of
from newsletter.model import Period
from newsletter.period import months_in
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from newsletter.language.calendars import OtherCalendar

_LEFT_TO_RIGHT = "\u200e"
_ARABIC_DIGIT = re.compile("[\u0660-\u0669]")
_SIGNED = re.compile("([\u200e]?[−]?)(.*)")
_FIELD = re.compile(r"\{([a-z_]+)\}")
_JOINED = re.compile(r"\{([01])\}")


def primary_language(tag: str) -> str:
    """The language of a BCP 47 tag without region and script: `pt` of `pt-BR`."""
    return tag.partition("-")[0].lower()


@dataclass(frozen=True, slots=True)
class Calendar:
    """The CLDR's data for writing dates."""

    long: str = "d MMMM y"
    """The pattern of a full date."""
    months: tuple[str, ...] = ()
    """The months from January on, in the form for dates (`3 de marzo`)."""
    months_alone: tuple[str, ...] = ()
    """The months by themselves, if that form differs."""
    months_short: tuple[str, ...] = ()
    months_short_alone: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    """The days from Monday on."""
    days_alone: tuple[str, ...] = ()
    """The names of days on their own, if they differ: `perjantai`, but in a date `perjantaina 1. maaliskuuta`."""
    days_short: tuple[str, ...] = ()
    month_day: str = "d MMMM"
    """The pattern of a date without its year."""
    month_year: str = "MMMM y"
    """The pattern of a month."""
    year: str = "y"
    month_interval: str = "MMMM – MMMM y"
    """The pattern of a range of two months in one year. The second part begins at the second month."""
    interval: str = "{0} – {1}"
    """The pattern of a range of two dates."""
    day_interval: str = "{0}–{1}"
    """The pattern of two days in one month. It replaces the day in the pattern of a full date."""


@dataclass(frozen=True, slots=True)
class Lists:
    """The CLDR's patterns for joining a list (Unicode TR35, part 2). {0} and {1} stand for the parts."""

    two: str = "{0}, {1}"
    start: str = "{0}, {1}"
    middle: str = "{0}, {1}"
    end: str = "{0}, {1}"


@dataclass(frozen=True, slots=True)
class Language:
    """A language that letters are written in."""

    code: str
    """The requested BCP 47 tag, even if the words come from another language."""
    dir: str
    """The direction of its script: `ltr` or `rtl`."""
    words: Mapping[str, str]
    """The fixed words by key, without forms that depend on a number; see `say`."""
    calendar: Calendar = field(default_factory=Calendar)
    forms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Words that differ by number: key -> CLDR plural category -> words."""
    plurals: Mapping[str, str] = field(default_factory=dict)
    """CLDR plural category -> its condition, in the CLDR's syntax over whole numbers `n`."""
    lists: Lists = field(default_factory=Lists)
    digits: str = DIGITS["latn"]
    """The digits from zero to nine, as readers expect them."""
    symbols: Symbols = field(default_factory=Symbols)
    """The signs between and around digits."""

    @property
    def script(self) -> str:
        """Its writing system, such as `latn`, `arab` or `hans` (see scripts.py)."""
        return script_of(self.code)

    def say(self, key: str, **fields: object) -> str:
        """The words of `key` with each `{field}` filled in. The number `count` selects the form.

        Raises KeyError for an unknown key. Numbers are written in the language's digits, and texts in the other
        direction are isolated.
        """
        words = self.words[key]
        count = fields.get("count")
        if isinstance(count, int) and key in self.forms:
            words = self.forms[key].get(self.plural(count), words)
        return _FIELD.sub(lambda match: self._filled(fields.get(match[1], match[0])), words)

    def around(self, key: str, **parts: str) -> str:
        """The words of `key` around parts that need no change (HTML, or a text that is already isolated)."""
        return _FIELD.sub(lambda match: parts.get(match[1], match[0]), self.words[key])

    def _filled(self, value: object) -> str:
        return self.numeral(value) if isinstance(value, int) else self.isolated(str(value))

    def isolated(self, text: str) -> str:
        """A name or title for use among words of this language: isolated if it runs in the other direction."""
        return isolated(text, self.dir)

    def numeral(self, written: object) -> str:
        """A number, or a date with numbers, in the digits of the language."""
        text = str(written)
        return text if self.digits == DIGITS["latn"] else text.translate(_native(self.digits))

    def number(self, number: Decimal, unit: str = "") -> str:
        """A number with all of its decimals and its unit, as the language writes them."""
        text = self.numeral(written(number, self.symbols))
        if number < 0 and self.dir == "rtl" and not _ARABIC_DIGIT.search(text):
            text = f"{_LEFT_TO_RIGHT}{text}"  # As in the CLDR: otherwise its minus would be behind it.
        if unit.strip() == "%":
            return self.symbols.percent.replace("{0}", text)
        if unit and unicodedata.category(unit[0]) == "Sc" and self.symbols.currency.startswith("{1}"):
            return self._sum(text, unit)
        return f"{text}\u00a0{unit}" if unit else text

    def _sum(self, text: str, unit: str) -> str:
        """An amount with its currency in front: `€1.2`, `−€1.2`, and `€1.2 bn` if the unit is `€ bn`."""
        minus, number = _SIGNED.fullmatch(text).groups()  # type: ignore[union-attr] # any text has this form
        written = self.symbols.currency.replace("{0}", number).replace("{1}", unit[0])
        rest = unit[1:].strip()
        return f"{minus}{written}\u00a0{rest}" if rest else minus + written

    def read_number(self, text: str, units: Sequence[str] = ()) -> Decimal | None:
        """The number in `text`, without one of its `units`; None if it is not a number."""
        return read_number(text, self.symbols, units)

    @property
    def list_style(self) -> str:
        """The CSS name of the digits of numbered lists; empty if the default is right."""
        return next(
            (LIST_STYLES[name] for name, digits in DIGITS.items() if digits == self.digits and name in LIST_STYLES), ""
        )

    def joined(self, parts: Sequence[str]) -> str:
        """Parts joined as in a sentence: `Ann`, `Ann and Bo`, `Ann, Bo and Cy`."""
        if len(parts) < len("ab"):
            return "".join(parts)
        if len(parts) == len("ab"):
            return self._pair(self.lists.two, *parts)
        text = self._pair(self.lists.start, *parts[:2])
        for part in parts[2:-1]:
            text = self._pair(self.lists.middle, text, part)
        return self._pair(self.lists.end, text, parts[-1])

    def _pair(self, pattern: str, first: str, second: str) -> str:
        pattern = _before_its_sound(pattern, second, self.code)
        return _JOINED.sub(lambda match: (first, second)[int(match[1])], pattern)

    def plural(self, count: int) -> str:
        """The CLDR plural category of a whole number, such as `one` or `other`."""
        return next((category for category, rule in self.plurals.items() if holds(rule, abs(count))), "other")

    def format_date(self, day: date, pattern: str) -> str:
        """The date in a CLDR pattern (Unicode TR35, part 4): `d MMMM yyyy`, `EEEE`, `LLLL`, `'week' w`.

        `do` is the day as an ordinal, and `persian:d MMMM y` the date in another calendar (calendars.py). `y M L d E c
        w Y Q q` are supported, and `G` for a calendar with eras. Raises ValueError for any other letter.
        """
        calendar, pattern = split_calendar(pattern)
        return "".join(
            part if letter is None else self._part(day, letter, part, calendar) for letter, part in date_parts(pattern)
        )

    def long_date(self, day: date) -> str:
        """The full date for readers: `31 January 2024`, in the digits of the language."""
        return self.numeral(self.format_date(day, self.calendar.long))

    def interval(self, start: date, end: date) -> str:
        """A range of dates without repetition: `21–26 April 2026`, `30 April – 2 May 2026`."""
        calendar, first, last = self.calendar, self.long_date(start), self.long_date(end)
        if start == end:
            return first
        if start.year == end.year and start < end:
            if start.month == end.month:
                return self.numeral(self._within_a_month(start, end))
            if calendar.long.find("y") < calendar.long.find("d"):
                last = self.numeral(self.format_date(end, calendar.month_day))
            else:
                first = self.numeral(self.format_date(start, calendar.month_day))
        return self._pair(calendar.interval, first, last)

    def _within_a_month(self, start: date, end: date) -> str:
        return "".join(
            part
            if letter is None
            else self._pair(self.calendar.day_interval, self._part(start, letter, part), self._part(end, letter, part))
            if letter == "d"
            else self._part(start, letter, part)
            for letter, part in date_parts(self.calendar.long)
        )

    def period(self, start: date, end: date) -> str:
        """The name of a period for readers: `November 2026`, `July – September 2026`, `2026`, `16–22 November 2026`."""
        months = months_in(Period(start, end))
        if not months:
            return self.interval(start, end)
        pattern = self.calendar.month_year if months % 12 or start.month > 1 else self.calendar.year
        if months in {1, 12} and start.year == end.year:
            return self.numeral(self.format_date(start, pattern))
        if start.year == end.year:
            return self.numeral(self._months_of_a_year(start, end))
        return self._pair(
            self.calendar.interval, *(self.numeral(self.format_date(day, pattern)) for day in (start, end))
        )

    def _months_of_a_year(self, start: date, end: date) -> str:
        day, text, months = start, [], 0
        for letter, part in date_parts(self.calendar.month_interval):
            months += letter in {"M", "L"}
            day = end if months > 1 else start
            text.append(part if letter is None else self._part(day, letter, part))
        return "".join(text)

    def _part(self, day: date, letter: str, part: str, calendar: OtherCalendar | None = None) -> str:
        """One field of a pattern, such as `MMMM`."""
        width = len(part)
        if letter in "Ec":
            return self._days(short=width < 4, alone=letter == "c")[day.weekday()]
        if letter in "wY":
            week = day.isocalendar()
            return self._year(week.year, width) if letter == "Y" else f"{week.week:0{width}}"
        here = calendar.of(day) if calendar else None
        if letter == "G":
            return here.era if here else ""
        if letter == "y":
            # The first year of a Japanese era has this name.
            first = here is not None and here.year == 1 and len(here.era) == 2 and self.script == "jpan" and width == 1
            return "元" if first else self._year(here.year if here else day.year, width)
        month, number = (here.month, here.day) if here else (day.month, day.day)
        if letter in "ML" and width > 2:
            return self._names_of_months(calendar, short=width == 3, alone=letter == "L")[month - 1]
        if letter in "Qq":
            return f"{(day.month + 2) // 3:0{width}}"
        if letter == "o":
            return ordinal_day(number, self.code)
        return f"{month if letter in 'ML' else number:0{width}}"

    def _year(self, year: int, width: int) -> str:
        return f"{year % 100:02}" if width == 2 else f"{year:0{width}}"

    def _names_of_months(self, calendar: OtherCalendar | None, *, short: bool, alone: bool) -> tuple[str, ...]:
        if calendar and calendar.months:
            return calendar.months.get(primary_language(self.code), calendar.months[""])
        return self._months(short=short, alone=alone)

    def _days(self, *, short: bool, alone: bool) -> tuple[str, ...]:
        calendar = self.calendar
        return calendar.days_short if short else (calendar.days_alone if alone else ()) or calendar.days

    def _months(self, *, short: bool, alone: bool) -> tuple[str, ...]:
        calendar = self.calendar
        if short:
            return (calendar.months_short_alone if alone else ()) or calendar.months_short
        return (calendar.months_alone if alone else ()) or calendar.months


@lru_cache(maxsize=8)
def _native(digits: str) -> dict[int, int]:
    return str.maketrans(DIGITS["latn"], digits)


_PATTERN_PART = re.compile(r"'((?:[^']|'')*)'|(do(?![A-Za-z])|([A-Za-z])\3*)|[^A-Za-z']+")
ORDINAL_DAY = "do"
_WIDTHS = {"y": 4, "Y": 4, "M": 4, "L": 4, "d": 2, "E": 4, "c": 4, "w": 2, "Q": 2, "q": 2, "G": 1}


@lru_cache(maxsize=256)
def date_parts(pattern: str) -> tuple[tuple[str | None, str], ...]:
    """The fields of a date pattern as (letter, as written), and the text between them as (None, text).

    `do` has the letter `o`. Raises ValueError for an unknown letter.
    """
    parts: list[tuple[str | None, str]] = []
    end = 0
    for match in _PATTERN_PART.finditer(pattern):
        if match.start() != end:
            break
        end = match.end()
        letter = match[3]
        if match[2] == ORDINAL_DAY:
            parts.append(("o", ORDINAL_DAY))
        elif letter is None:
            text = match[0] if match[1] is None else match[1].replace("''", "'") or "'"
            parts.append((None, text))
        elif len(match[0]) > _WIDTHS.get(letter, 0):
            msg = f"`{match[0]}` means nothing in a date pattern"
            raise ValueError(msg)
        else:
            parts.append((letter, match[0]))
    if end != len(pattern):
        msg = f"a quotation mark in the date pattern `{pattern}` is never closed"
        raise ValueError(msg)
    return tuple(parts)


_CONDITION = re.compile(r"n(?: % (?P<modulo>\d+))? (?P<relation>=|!=) (?P<ranges>\d+(?:\.\.\d+)?(?:,\d+(?:\.\.\d+)?)*)")


@lru_cache(maxsize=1024)
def holds(rule: str, n: int) -> bool:
    """Whether a CLDR plural rule (`n % 10 = 2..4 and n % 100 != 12..14`) applies to the whole number `n`."""
    return any(all(_condition(part, n) for part in either.split(" and ")) for either in rule.split(" or "))


def _condition(text: str, n: int) -> bool:
    match = _CONDITION.fullmatch(text.strip())
    if not match:
        return False
    value = n % int(match["modulo"]) if match["modulo"] else n
    bounds = (part.partition("..") for part in match["ranges"].split(","))
    within = any(int(low) <= value <= int(high or low) for low, _, high in bounds)
    return within == (match["relation"] == "=")


def is_rule(rule: str) -> bool:
    """Whether `holds` can read `rule`."""
    return all(_CONDITION.fullmatch(part) for part in re.split(" and | or ", rule))


_TAG = re.compile(r"<[^>]*>|[\u2066-\u2069]")
_I_SOUND = re.compile(r"(?:i|hi(?![ae]))", re.IGNORECASE)


def _before_its_sound(pattern: str, second: str, language: str) -> str:
    """A pattern that joins two parts, changed if the second part needs another `and`.

    UTS #35 part 2, §11.1 leaves this to programs. Spanish says `Ana e Inés`; Hebrew puts a hyphen before words in other
    scripts.
    """
    start = _TAG.sub("", second).lstrip()
    if language[:2] == "es" and pattern.endswith(" y {1}") and _I_SOUND.match(start):
        return f"{pattern.removesuffix(' y {1}')} e {{1}}"
    if language[:2] == "he" and pattern.endswith("ו{1}") and start and not "\u0590" <= start[0] <= "\u05ff":
        return f"{pattern.removesuffix('{1}')}-{{1}}"
    return pattern
