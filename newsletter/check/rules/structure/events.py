"""ST: the dates and times of events."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.rule import rule
from newsletter.check.wording import quoted
from newsletter.hints import HINT
from newsletter.house.headings import date_regex, fold
from newsletter.language.moments import FROM_TO, ISO_DATE, day_of
from newsletter.late import late
from newsletter.model import Directive
from newsletter.walk import plain_text, walk_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.context import CheckContext
    from newsletter.diagnostics import Diagnostic
    from newsletter.language import Language

_TIME = late(
    r"(?<!\d)(?P<hour>\d{1,2})(?:[ ]?[:.：hHuU時时点點시][ ]?(?P<minute>\d{2})(?::\d{2})?(?!\d)|(?P<military>\d{2})(?!\d))?"
    r"(?:[ ]?(?P<half>[AaPp]\.?[Mm])(?!\w))?"
)
_LAST_HOUR, _LAST_MINUTE, _NOON, _LAST_DAY = 24, 59, 12, 31
_PATTERNS = (
    "d MMMM yyyy",
    "MMMM d, yyyy",
    "d MMM yyyy",
    "MMM d, yyyy",
    "MMMM yyyy",
    "d MMMM",
    "MMMM d",
    "d MMM",
    "MMM d",
    "d. MMMM yyyy",
    "d. MMMM",
)
"""The patterns of written dates, in addition to those of the language."""
_LONGEST = 200
"""The most characters of a value that are examined: a search in a longer one could take very long."""
_NUMERIC = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})|(?P<packed>\d{8})")
_AS_ISO = "Write it as year, month and day: `date: 2026-12-04`, or `2026-12-04 to 2026-12-06`."


@rule("ST150", "event-date", "Dates and times of events are valid", "structure")
def event_date(context: CheckContext) -> Iterator[Diagnostic]:
    """ST150: the date or time of an event cannot be read, so readers would get it as it is written."""
    for block in walk_blocks(context.issue):
        if not isinstance(block, Directive) or block.name != "event":
            continue
        given = [(name, value[:_LONGEST], block.field_spans.get(name)) for name, value in block.fields.items()]
        given += [(fact.label, plain_text(fact.inlines)[:_LONGEST], fact.span) for fact in block.facts]
        for name, value, span in given:
            if span is None or not value.strip() or HINT.search(value):
                continue
            if name in {"date", "time"}:
                problem, advice = (_no_date if name == "date" else _no_time)(value, context.language)
            else:
                problem, advice = _impossible(value), _AS_ISO
            if problem:
                yield context.found("ST150", span, problem, advice=advice)


def _impossible(value: str) -> str:
    """The first ISO date in a text that does not exist; "" if all of them exist."""
    for match in FROM_TO.finditer(value):
        first, last = day_of(match[1]), day_of(match[2])
        if first and last and last < first:
            return f"{quoted(match[0])} ends before it begins"
    return next(
        (f"the date {match[0]} does not exist" for match in ISO_DATE.finditer(value) if day_of(match[0]) is None), ""
    )


def _no_date(value: str, language: Language) -> tuple[str, str]:
    """Why a `date` cannot be read, and how to fix it; two empty texts if it can be read."""
    if problem := _impossible(value):
        return problem, "Correct the day, or write the first one first."
    rest, count = ISO_DATE.subn(" ", value)
    rest, more = _without_written_dates(fold(rest), language)
    count += more
    if count and not re.search(r"\d", _without_times(rest)):
        return "", ""
    if any(character.isdigit() for character in value):
        return f"the date {quoted(value, 40)} cannot be read", _in_iso(value) or _AS_ISO
    words = "Readers then get it in their language. For a date in words, use `when`: `when: every first Monday`."
    return f"the date {quoted(value, 40)} is in words", f"{_AS_ISO} {words}"


def _without_written_dates(text: str, language: Language) -> tuple[str, int]:
    """The text without its written dates, and the number of those dates."""
    count = 0
    for pattern in (language.calendar.long, language.calendar.month_day, *_PATTERNS):
        regex = rf"(?<!\w){date_regex(fold(pattern), language.calendar)}(?![\w/.-]*\d)"
        found = [match[0] for match in re.finditer(regex, text, re.IGNORECASE) if _is_day(match[0])]
        for date in found:
            text = text.replace(date, " ")
        count += len(found)
    return text, count


def _is_day(written: str) -> bool:
    """Whether every number in a written date is at most 31, so that it can be a day."""
    return all(int(number) <= _LAST_DAY for number in re.findall(r"(?<!\d)\d{1,2}(?!\d)", written))


def _in_iso(value: str) -> str:
    """The ISO form of a date whose year comes first; "" for any other, because 5/4 can be in April or in May."""
    match = _NUMERIC.fullmatch(value.strip())
    if match is None:
        return ""
    packed = match["packed"]
    parts = (packed[:4], packed[4:6], packed[6:]) if packed else (match["year"], match["month"], match["day"])
    iso = f"{int(parts[0]):04}-{int(parts[1]):02}-{int(parts[2]):02}"
    return f"Write `date: {iso}`." if day_of(iso) else ""


def _no_time(value: str, _language: Language) -> tuple[str, str]:
    """Why a `time` cannot be read, and how to fix it; two empty texts if it can be read, or is in words."""
    if re.search(r"\d", _without_times(value)):
        return (
            f"the time {quoted(value, 40)} cannot be read",
            "Write hours and minutes: `time: 19:30`, or `19:30–21:00`.",
        )
    return "", ""


def _without_times(text: str) -> str:
    return _TIME.sub(lambda match: " " if _is_time(match) else match[0], text)


def _is_time(match: re.Match[str]) -> bool:
    hour, minute = int(match["hour"]), int(match["minute"] or match["military"] or 0)
    if match["half"] and not 1 <= hour <= _NOON:
        return False
    return hour <= _LAST_HOUR and minute <= _LAST_MINUTE and (hour < _LAST_HOUR or not minute)
