"""The period that a letter covers: a month, a quarter, a year, a week, or from one day to another.

It need not contain the date.

It is written as in ISO 8601 where that has a form: `2026-11`, `2026-W47`, `2026-11-01/2026-11-15`. A quarter is
`2026-Q3`.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from newsletter.model import Period

LONGEST = 100
"""The longest text that can be a period, in characters. Searching a longer one could take very long."""
YEARS = range(1000, 9000)
"""The years for which the next and the previous period exist."""
ONE = r"(?P<year>\d{4})(?:-?[Qq](?P<quarter>[1-4])|-?[Ww](?P<week>\d{1,2})|-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?)?"
BETWEEN = r"\s*(?:/|\.\.|–|—|\bto\b|\s-\s|--)\s*"
"""The separator between the first and the last day."""
_ONE = re.compile(ONE, re.ASCII)
_BETWEEN = re.compile(BETWEEN)


def read_period(value: object) -> Period | None:
    """The period that a front-matter value describes; None if it is invalid, or ends before it begins."""
    if isinstance(value, str) and len(value) > LONGEST:
        return None
    if isinstance(value, list):
        if not 1 <= len(value) <= len(("first", "last")):
            return None
        several = [_one(entry) for entry in value]
    elif isinstance(value, str) and (parts := _BETWEEN.split(value.strip()))[1:]:
        several = [_one(part) for part in parts] if len(parts) == len(("first", "last")) else [None]
    else:
        several = [_one(value)]
    first, last = several[0], several[-1]
    return Period(first.start, last.end) if first and last and first.start <= last.end else None


def _one(value: object) -> Period | None:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return Period(value, value)
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    match = _ONE.fullmatch(str(value).strip())
    return (
        period_of({name: int(digits) for name, digits in match.groupdict().items() if digits is not None})
        if match
        else None
    )


def period_of(parts: dict[str, int]) -> Period | None:
    """The period of a year with its month, day, quarter or week (ISO 8601); None if it does not exist."""
    year, month, day = parts.get("year", 0), parts.get("month"), parts.get("day")
    if year not in YEARS:
        return None
    try:
        if month is not None:
            return _months(date(year, month, 1), 1) if day is None else Period(*(date(year, month, day),) * 2)
        if (quarter := parts.get("quarter")) is not None:
            return _months(date(year, 3 * quarter - 2, 1), 3)
        if (week := parts.get("week")) is not None:
            monday = date.fromisocalendar(year, week, 1)
            return Period(monday, monday + timedelta(6))
        return _months(date(year, 1, 1), 12)
    except ValueError:
        return None


def around(day: date, unit: str) -> Period:
    """The `day`, `week`, `month`, `quarter` or `year` that contains a day."""
    if unit == "week":
        monday = day - timedelta(min(day.weekday(), (day - date.min).days))
        return Period(monday, monday + timedelta(min(6, (date.max - monday).days)))
    if unit == "quarter":
        return _months(day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1), 3)
    if unit == "year":
        return _months(day.replace(month=1, day=1), 12)
    return _months(day.replace(day=1), 1) if unit == "month" else Period(day, day)


def months_in(period: Period) -> int:
    """The number of months in a period of whole months; otherwise 0."""
    if period.start.day != 1 or _day_after(period.end).day != 1:
        return 0
    return 12 * (period.end.year - period.start.year) + period.end.month - period.start.month + 1


def shifted(period: Period, count: int) -> Period:
    """The period `count` periods after it (before it if negative), of the same length.

    If that is outside the calendar, the period itself.
    """
    try:
        if months := months_in(period):
            month = 12 * period.start.year + period.start.month - 1 + count * months
            return _months(date(month // 12, month % 12 + 1, 1), months)
        days = timedelta(((period.end - period.start).days + 1) * count)
        return Period(period.start + days, period.end + days)
    except (ValueError, OverflowError):
        return period


def _months(start: date, count: int) -> Period:
    month = 12 * start.year + start.month - 1 + count
    return Period(
        start, date(month // 12, month % 12 + 1, 1) - timedelta(1) if month // 12 <= date.max.year else date.max
    )


def _day_after(day: date) -> date:
    return day + timedelta(1) if day < date.max else date(day.year, 1, 1)


def written(period: Period) -> str:
    """The period as in front matter, in the shortest form."""
    start, end, months = period.start, period.end, months_in(period)
    if months == 12 and start.month == 1:
        return f"{start.year:04}"
    if months == 3 and start.month % 3 == 1:
        return f"{start.year:04}-Q{start.month // 3 + 1}"
    if months == 1:
        return f"{start:%Y-%m}".rjust(7, "0")
    if start == end:
        return start.isoformat()
    year, week, weekday = start.isocalendar()
    if weekday == 1 and (end - start).days == 6:
        return f"{year:04}-W{week:02}"
    return f"{start.isoformat()}/{end.isoformat()}"
