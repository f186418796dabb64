"""The list of issues: what an entry says, from no more than the front matter."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from newsletter.errors import NewsletterError
from newsletter.issue.front import read_front
from newsletter.issue.source import Source
from newsletter.press.making import facts_from
from newsletter.report.display import safe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsletter.press.studio import Studio
    from newsletter.preview.sheets import Sheet


def read_fronts(studio: Studio, sheets: Iterable[Sheet], *, patience: float) -> bool:
    """Reads the front matter of those issues that it has not been read of, for `patience` seconds; whether there were any.

    The last by name first: they are the newest where names begin with dates or numbers.
    """
    waiting = [sheet for sheet in sheets if not sheet.listed]
    end = time.monotonic() + patience
    for sheet in sorted(waiting, key=lambda each: natural(each.file.path), reverse=True):
        sheet.listed = True
        if sheet.reading is None:
            with suppress(NewsletterError):  # told where the issue is looked at
                _read_front(studio, sheet)
        if time.monotonic() > end:
            break
    return bool(waiting)


def natural(path: str) -> str:
    """What a path is ordered by, so that `issue-99` comes before `issue-100`."""
    return re.sub(r"\d+", lambda digits: digits[0].zfill(12), path)


def _read_front(studio: Studio, sheet: Sheet) -> None:
    source = Source(sheet.text, sheet.file.path)
    front, _ = read_front(source, studio.publication.timezone)
    reading = studio.read(sheet.file, source.text[: front.body_start])
    if reading.readable:
        sheet.facts = facts_from(studio.publication, reading)


def entry_of(sheet: Sheet, now: datetime, studio: Studio) -> dict[str, Any]:
    """What the list says of an issue at `now`."""
    facts, found = sheet.facts, sheet.findings
    errors = sum(each.severity == "error" for each in found or ())
    state = "draft"
    if facts and facts.date and not facts.draft:
        state = "published" if facts.published_by(now) else "ready"
    return {
        "key": sheet.key,
        "path": sheet.file.path,
        "title": title_of(sheet),
        "number": facts.number if facts else None,
        "date": _date(sheet, studio),
        "moment": sheet.moment,
        "state": state,
        "checked": found is not None,
        "errors": errors,
        "warnings": len(found or ()) - errors,
    }


def title_of(sheet: Sheet) -> str:
    """What an issue is called: its title, else the name of its file."""
    return safe(" ".join((sheet.facts.title if sheet.facts else "").split()) or sheet.file.name)


def _date(sheet: Sheet, studio: Studio) -> str:
    """The date as the letter says it, in the issue's own language."""
    if not sheet.facts or not sheet.facts.date:
        return ""
    day = datetime.fromisoformat(sheet.facts.date)
    with suppress(NewsletterError):
        return safe(studio.language(sheet.facts.language).long_date(day))
    return day.date().isoformat()
