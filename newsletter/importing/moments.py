"""Dates and times in the notations of other tools."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime

from newsletter.late import late

_ISO = re.compile(
    r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})"
    r"(?:[Tt\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|z|UTC|GMT|[+-]\d{1,2}:?\d{2}|[+-]\d{2})?)?\s*"
)
_MONTHS = "january february march april may june july august september october november december".split()
_NAMED = late(
    r"(?:\w{3,9},?\s+)?(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?\.?\s+(?P<month>[A-Za-z]{3,9})\.?,?|(?P<month2>[A-Za-z]{3,9})\.?\s+(?P<day2>\d{1,2})(?:st|nd|rd|th)?,?)"
    r"\s+(?P<year>\d{4})"
)
_IN_NAME = re.compile(r"(?<!\d)(\d{4})[-_.]?(\d{2})[-_.]?(\d{2})(?!\d)")


def moment_of(value: object) -> datetime | None:
    """The date in a value from front matter or an export, without a time zone if the value has none.

    None if the value is empty or not a date. Reads ISO 8601 and similar forms (`2024-01-31 09:00:00 +0100`,
    `2024/1/31`), RFC 5322 (`Wed, 31 Jan 2024 …`) and English month names (`January 31, 2024`, `31 Jan 2024`).
    """
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    text = str(value).strip() if value is not None else ""
    if found := _ISO.fullmatch(text):
        return _iso(found)
    if found := _NAMED.fullmatch(text):
        return _named(found)
    if re.match(r"(?:\w{3},\s*)?\d{1,2} \w{3} \d{2,4} ", text):
        try:
            return parsedate_to_datetime(text)
        except ValueError:
            return None
    return None


def day_in(name: str) -> tuple[date | None, str]:
    """The day in a file name, or None, and the name without it: `2024-01-31-ports`, `ports_20240131`."""
    for found in _IN_NAME.finditer(name):
        try:
            day = date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            continue
        if 1990 <= day.year <= 2100:
            return day, f"{name[: found.start()]}-{name[found.end() :]}".strip("-_. ")
    return None, name


def _iso(found: re.Match[str]) -> datetime | None:
    year, _, month, day, hour, minute, second, zone = found.groups()
    try:
        return datetime(
            int(year),
            int(month),
            int(day),
            int(hour or 0),
            int(minute or 0),
            min(int(second or 0), 59),
            tzinfo=_zone(zone),
        )
    except ValueError:
        return None


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    if text.upper() in {"Z", "UTC", "GMT"}:
        return UTC
    digits = text[1:].replace(":", "").zfill(4) if len(text) > 3 else text[1:] + "00"
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)


def _named(found: re.Match[str]) -> datetime | None:
    month = (found["month"] or found["month2"]).casefold()
    number = next((place for place, name in enumerate(_MONTHS, 1) if name.startswith(month)), 0)
    try:
        return datetime(int(found["year"]), number, int(found["day"] or found["day2"]))  # noqa: DTZ001 - the text has no zone
    except ValueError:
        return None
