"""What an unquoted YAML value means: the core schema of YAML 1.2 (§10.3.2), with dates added and infinities left out."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from newsletter.late import late

if TYPE_CHECKING:
    from datetime import tzinfo

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMERIC = frozenset("0123456789+-.")
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:(?:[Tt]|[ \t]+)([0-9:.+\-Zz \t]*(?:UTC|GMT)?))?", re.ASCII)
_TIME = late(
    r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]+))?)?[ \t]*"
    r"(?:(Z|z|UTC|GMT)|([-+])([0-9]{1,2})(?::?([0-9]{2}))?)?",
    re.ASCII,
)
_LONGEST_INTEGER = 18
"""Digits. What is longer is a card or serial number, not a count, and does not fit the 64 bits other programs have."""
_YEARS = range(1000, 3000)
_FARTHEST_OFFSET = timedelta(hours=14)


class BadDate(NamedTuple):
    """Why something that looks like a date is none, and what to do."""

    message: str
    mend: str


def resolve(text: str, zone: str) -> tuple[object, BadDate | None]:
    """The value that the unquoted `text` stands for; dates with a time but no zone are in `zone` (IANA name).

    A bad date stays text, with its fault beside it. Numbers with leading zeros are numbers, as the core schema and
    every editor's YAML support have it: `007` is 7, and who means the text writes quotes.
    """
    if text in _WORDS:
        return _WORDS[text], None
    if text[0] not in _NUMERIC:
        return text, None
    if _INTEGER.fullmatch(text):
        return (int(text.lstrip("+"), _base(text)) if len(text) <= _LONGEST_INTEGER else text), None
    if _FLOAT.fullmatch(text):
        value = float(text)
        return (value if abs(value) != float("inf") else text), None
    if match := _DATE.fullmatch(text):
        return _date(text, match, zone)
    return text, None


@lru_cache(maxsize=8)
def time_zone(name: str) -> tzinfo:
    """The time zone of an IANA name; raises ZoneInfoNotFoundError or ValueError where there is none."""
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo  # only where a time is written does its import pay

    return ZoneInfo(name)


def _base(text: str) -> int:
    return {"0o": 8, "0x": 16}.get(text[:2], 10)


def _date(text: str, match: re.Match[str], zone: str) -> tuple[object, BadDate | None]:
    year, month, day = int(match[1]), int(match[2]), int(match[3])
    try:
        plain = date(year, month, day)
    except ValueError:
        return text, BadDate(f"there is no day {text[: match.end(3)]}", "Write a date as year-month-day: 2024-01-31.")
    if len(match[2]) + len(match[3]) < 4:
        return text, BadDate(f"`{text[: match.end(3)]}` lacks a zero", f"Write {plain.isoformat()}.")
    if year not in _YEARS:
        return text, BadDate(f"the year {match[1]} cannot be meant", "Write a year from 1000 to 2999.")
    if match[4] is None:
        return plain, None
    return _moment(text, plain, match[4], zone)


def _moment(text: str, day: date, clock: str, zone: str) -> tuple[object, BadDate | None]:
    mend = f"Write the time as in {day.isoformat()} 09:30 or {day.isoformat()}T09:30:00+01:00."
    match = _TIME.fullmatch(clock)
    if not match:
        return text, BadDate(f"`{clock}` is not a time of day", mend)
    hour, minute, second, fraction, utc, sign, off_hours, off_minutes = match.groups()
    micro = int((fraction or "0")[:6].ljust(6, "0"))
    try:
        naive = datetime(day.year, day.month, day.day, int(hour), int(minute), int(second or 0), micro)  # noqa: DTZ001
    except ValueError:
        return text, BadDate(f"there is no time {clock}", mend)
    if utc:
        return naive.replace(tzinfo=UTC), None
    if sign is None:
        return _existing(naive.replace(tzinfo=time_zone(zone))), None
    offset = timedelta(hours=int(off_hours), minutes=int(off_minutes or 0))
    if offset > _FARTHEST_OFFSET or int(off_minutes or 0) > 59:
        return text, BadDate(f"no place on earth is {sign}{off_hours}:{off_minutes or '00'} from UTC", mend)
    return naive.replace(tzinfo=timezone(-offset if sign == "-" else offset) if offset else UTC), None


def _existing(moment: datetime) -> datetime:
    """A wall-clock time that a change to summer time skips becomes the same instant as clocks then show it.

    A time that comes twice in autumn is the first of the two (`fold=0`, PEP 495).
    """
    return moment.astimezone(UTC).astimezone(moment.tzinfo)
