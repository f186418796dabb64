"""Calendars beside the Gregorian one, by their CLDR names, in dates of headings and forms: `{date:persian:d MMMM y}`.

Only calendars whose days follow from a rule are supported. The Islamic calendars are not among them: the beginning of a
month is observed in the sky, or published in tables each year. A computed date may be a day off.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class CalendarDay(NamedTuple):
    """A day in a calendar."""

    year: int
    month: int
    day: int
    era: str = ""


@dataclass(frozen=True, slots=True)
class OtherCalendar:
    """A calendar that counts days in another way than the Gregorian one, with the conversion in both directions."""

    of: Callable[[date], CalendarDay]
    back: Callable[[CalendarDay], date]
    """Raises ValueError for a day that does not exist."""
    months: Mapping[str, tuple[str, ...]]
    """Names of its months by language, with "" for all other languages; empty if they are the Gregorian ones."""
    eras: tuple[str, ...] = ()
    """Names of eras for `G`; empty if dates do not name eras."""


def split_calendar(pattern: str) -> tuple[OtherCalendar | None, str]:
    """The calendar that a date pattern names, and the rest of it: `persian:d MMMM y`."""
    name, colon, rest = pattern.partition(":")
    return (CALENDARS[name], rest.strip()) if colon and name in CALENDARS else (None, pattern)


_BREAKS = (-61, 9, 38, 199, 426, 686, 756, 818, 1111, 1181, 1210, 1635, 2060, 2097, 2192, 2262, 2324, 2394, 2456, 3178)
"""Years with which a cycle of leap years begins (K. M. Borkowski, The Persian calendar for 3000 years, 1996)."""
_FROM = 700
"""Before this year, and after the last cycle, dates are written in the Gregorian calendar."""
_HALF = 6 * 31
"""The number of days in the six long months."""
_PERSIAN_MONTHS = {
    "fa": tuple("فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند".split()),
    "": tuple("Farvardin Ordibehesht Khordad Tir Mordad Shahrivar Mehr Aban Azar Dey Bahman Esfand".split()),
}


def _nowruz(year: int) -> date:
    """The first day of a Persian year. Raises ValueError if it is not known."""
    leaps, first = -14, _BREAKS[0]
    for later in _BREAKS[1:]:
        length = later - first
        if year < later:
            break
        leaps += length // 33 * 8 + length % 33 // 4
        first = later
    else:
        raise ValueError("a year beyond the cycles that are known")
    within = year - first
    leaps += within // 33 * 8 + (within % 33 + 3) // 4
    if length % 33 == 4 and length - within == 4:
        leaps += 1
    gregorian = year + 621
    return date(gregorian, 3, 20 + leaps - (gregorian // 4 - (gregorian // 100 + 1) * 3 // 4 - 150))


def _persian(day: date) -> CalendarDay:
    if not _FROM <= day.year < _BREAKS[-1] + 621:
        return CalendarDay(day.year, day.month, day.day)
    year = day.year - 621
    year -= day < _nowruz(year)
    passed = (day - _nowruz(year)).days
    if passed < _HALF:
        return CalendarDay(year, passed // 31 + 1, passed % 31 + 1)
    return CalendarDay(year, (passed - _HALF) // 30 + 7, (passed - _HALF) % 30 + 1)


def _from_persian(day: CalendarDay) -> date:
    before = (day.month - 1) * 31 if day.month <= 7 else _HALF + (day.month - 7) * 30
    found = _nowruz(day.year) + timedelta(before + day.day - 1)
    if not (1 <= day.month <= 12 and _persian(found)[:3] == day[:3]):
        raise ValueError("there is no such day")
    return found


def _shifted(years: int, *eras: str) -> OtherCalendar:
    """The Gregorian calendar with its years counted from another one."""
    era = eras[0] if eras else ""

    def of(day: date) -> CalendarDay:  # There are no years before its first one.
        return CalendarDay(day.year + (years if day.year + years > 0 else 0), day.month, day.day, era)

    return OtherCalendar(
        of,
        lambda day: date(day.year - years, day.month, day.day),
        {},
        eras,
    )


_JAPANESE = (
    (date(2019, 5, 1), "令和"),
    (date(1989, 1, 8), "平成"),
    (date(1926, 12, 25), "昭和"),
    (date(1912, 7, 30), "大正"),
    (date(1873, 1, 1), "明治"),
)
"""The first day of each era. Before 1873, Japanese months followed the moon."""
_MEIJI = 1868


def _japanese(day: date) -> CalendarDay:
    for begin, era in _JAPANESE:
        if day >= begin:
            return CalendarDay(day.year - (_MEIJI if era == "明治" else begin.year) + 1, day.month, day.day, era)
    return CalendarDay(day.year, day.month, day.day)


def _from_japanese(day: CalendarDay) -> date:
    for begin, era in _JAPANESE:
        if day.era == era:
            found = date((_MEIJI if era == "明治" else begin.year) + day.year - 1, day.month, day.day)
            if _japanese(found) == day:
                return found
    raise ValueError("there is no such day")


CALENDARS: Mapping[str, OtherCalendar] = {
    "persian": OtherCalendar(_persian, _from_persian, _PERSIAN_MONTHS),
    "japanese": OtherCalendar(_japanese, _from_japanese, {}, tuple(era for _, era in _JAPANESE)),
    "buddhist": _shifted(543),
    "roc": _shifted(-1911, "民國", "民国"),
}
