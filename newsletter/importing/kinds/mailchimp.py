"""Mailchimp's account export: `campaigns.csv` and a folder `campaigns_content` with the HTML and text of each campaign."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.errors import UsageError
from newsletter.importing.base import Found, Skipped
from newsletter.importing.kind import Kind
from newsletter.importing.letters import ForeignLetter, file_finder, from_html, named, rows_of
from newsletter.importing.moments import moment_of
from newsletter.importing.sources import AGAIN, EntryError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from newsletter.importing.base import ImportedIssue
    from newsletter.importing.sources import ImportSource

_FOLDER = "campaigns_content/"


def _letters(source: ImportSource) -> list[str]:
    return [
        name for name in source.names() if f"/{_FOLDER}" in f"/{name}" and name.casefold().endswith((".html", ".htm"))
    ]


def _recognises(source: ImportSource) -> bool:
    return bool(_letters(source))


def _read(source: ImportSource) -> Found:
    names = _letters(source)
    if not names:
        raise UsageError(
            f"{source.name} has no folder {_FOLDER}",
            hint="Export: Account → Settings → Manage my data; single campaigns are web pages: `--as page`.",
        )
    tables = named(source, "campaigns.csv")
    try:
        rows = rows_of(source, tables[0]) if tables else []
    except EntryError as error:
        raise UsageError(f"{tables[0]} in {source.name} cannot be read: {error}", hint=AGAIN) from error
    known = {key: row for row in rows for key in _keys(row)}
    found = sorted(((_row_of(name, known), name) for name in names), key=lambda one: (_date(one[0]), one[1]))
    return Found(
        _issues(source, found),
        total=len(found),
        sender=next((row["from name"] for row in rows if row.get("from name")), ""),
    )


def _date(row: Mapping[str, str]) -> str:
    moment = _moment(row)
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""


_SENT = re.compile(
    r"(?P<day>[A-Za-z]{3,9} \d{1,2}, \d{4}) (?P<hour>\d{1,2}):(?P<minute>\d{2}) ?(?P<half>[ap]m)", re.IGNORECASE
)


def _moment(row: Mapping[str, str]) -> datetime | None:
    """When a campaign was sent (`Jun 01, 2023 09:00 am`).

    It is in the time zone of the account, which the export does not contain.
    """
    sent = row.get("send date") or row.get("send time") or row.get("create time") or ""
    found = _SENT.match(sent.strip())
    day = moment_of(found["day"]) if found else None
    if not found or not day:
        return moment_of(sent or None)
    hour = int(found["hour"]) % 12 + (12 if found["half"].lower() == "pm" else 0)
    return day.replace(hour=hour, minute=min(int(found["minute"]), 59))


def _keys(row: Mapping[str, str]) -> Iterator[str]:
    """Names by which a file in the folder may refer to a campaign: its id, title or subject."""
    for column in ("unique id", "campaign id", "id", "web id", "title", "subject"):
        if key := _plain(row.get(column, "")):
            yield key


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _row_of(name: str, known: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    stem = name.rpartition("/")[2].rpartition(".")[0]
    pieces = [stem, *stem.split("_", 1), stem.partition("-")[2]]
    return next((known[_plain(piece)] for piece in pieces if _plain(piece) in known), {})


def _issues(source: ImportSource, found: list[tuple[Mapping[str, str], str]]) -> Iterator[ImportedIssue | Skipped]:
    for row, name in found:
        try:
            html, notes = source.text(name)
        except EntryError as error:
            yield Skipped(name, str(error), fault=True)
            continue
        yield from_html(
            ForeignLetter(
                name,
                templated=True,
                title=row.get("subject", "") or row.get("title", "") or _title_in(html),
                content_of=file_finder(source, name.rpartition("/")[0]),
                date=_moment(row),
                draft=row.get("status", "sent").lower() in {"save", "draft", "paused", "schedule"},
                notes=notes,
            ),
            html,
        )


def _title_in(html: str) -> str:
    found = re.search(r"<title[^>]*>([^<]{1,300})</title", html, re.IGNORECASE)
    return found[1].strip() if found and "*|" not in found[1] else ""


KIND = Kind("mailchimp", "a Mailchimp export", _recognises, _read)
