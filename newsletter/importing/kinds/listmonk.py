"""listmonk's campaigns in JSON from its API: `GET /api/campaigns` (`{"data": {"results": […]}}`), or one campaign."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.errors import UsageError
from newsletter.importing.base import Found, Skipped
from newsletter.importing.kind import Kind
from newsletter.importing.letters import (
    ForeignLetter,
    file_finder,
    from_html,
    from_markdown,
    from_text,
    json_of,
    records,
    texts,
    words,
)
from newsletter.importing.moments import moment_of
from newsletter.importing.sources import EntryError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.importing.base import ImportedIssue
    from newsletter.importing.sources import ImportSource

_SIGNS = ('"content_type"', '"subject"', '"uuid"')
_TRACKED = re.compile(r"@TrackLink\b|\{\{\s*TrackLink\s+\"([^\"]+)\"\s*\.?\s*\}\}")
"""A tracked link: `https://a.example@TrackLink`, `{{ TrackLink "https://a.example" . }}`."""


def _recognises(source: ImportSource) -> bool:
    return any(all(sign in source.beginning(name, 60_000) for sign in _SIGNS) for name in _files(source)[:20])


def _files(source: ImportSource) -> list[str]:
    return [name for name in source.names() if name.endswith(".json")]


def _campaigns(content: object) -> list[Mapping[str, object]]:
    if isinstance(content, dict):
        data = content.get("data", content)
        if isinstance(data, dict):
            return records(data["results"]) if isinstance(data.get("results"), list) else records([data])
        return records(data)
    return records(content)


def _read(source: ImportSource) -> Found:
    rows: list[tuple[str, Mapping[str, object]]] = []
    faults: list[Skipped] = []
    for name in _files(source):
        try:
            campaigns = [row for row in _campaigns(json_of(source, name)) if "subject" in row or "body" in row]
        except EntryError as error:
            faults.append(Skipped(name, str(error), fault=True))
            continue
        rows += [(name, row) for row in campaigns if "subject" in row and "body" in row]
        faults += [
            Skipped(f"{name}:{_name_of(row)}", "it has no subject or no text")
            for row in campaigns
            if "subject" not in row or "body" not in row
        ]
    if not rows:
        reason = f" ({faults[0].reason})" if faults else ""
        raise UsageError(
            f"{source.name} has no campaigns of listmonk{reason}",
            hint="Save what `/api/campaigns?per_page=all` gives.",
        )
    rows.sort(key=lambda one: (_when(one[1]), texts(one[1].get("id"))))
    sender = next((address for _, row in reversed(rows) if "@" in (address := texts(row.get("from_email")))), "")
    found = re.fullmatch(r"\s*(.*?)\s*<([^<>]+)>\s*", sender)
    return Found(
        _issues(source, rows, faults),
        total=len(rows) + len(faults),
        sender=found[1].strip('"') if found else "",
        email=found[2] if found else sender if "@" in sender else "",
    )


def _name_of(row: Mapping[str, object]) -> str:
    return texts(row.get("archive_slug")) or texts(row.get("id")) or texts(row.get("uuid"))


def _when(row: Mapping[str, object]) -> str:
    return texts(row.get("started_at")) or texts(row.get("send_at")) or texts(row.get("created_at"))


def _issues(
    source: ImportSource, rows: list[tuple[str, Mapping[str, object]]], faults: list[Skipped]
) -> Iterator[ImportedIssue | Skipped]:
    yield from faults
    for name, row in rows:
        slug = texts(row.get("archive_slug"))
        place = f"{name}:{_name_of(row)}"
        kind = texts(row.get("content_type"))
        if texts(row.get("type")) == "optin":
            yield Skipped(place, "it asks readers to confirm their subscription")
            continue
        if kind == "visual" and not texts(row.get("body")):
            yield Skipped(place, "the export does not have its text", fault=True)
            continue
        letter = ForeignLetter(
            place,
            templated=True,
            title=texts(row.get("subject")) or texts(row.get("name")),
            content_of=file_finder(source),
            date=moment_of(_when(row) or None),
            slug=slug,
            id=texts(row.get("uuid")),
            tags=words(row.get("tags")),
            draft=texts(row.get("status")) not in {"finished", "running", "sent"},
            former=(f"/archive/{slug}",) if slug and row.get("archive") is not False else (),
        )
        body = _TRACKED.sub(lambda found: found[1] or "", texts(row.get("body")))
        make = {"markdown": from_markdown, "plain": from_text}.get(kind, from_html)
        yield make(letter, body)


KIND = Kind("listmonk", "campaigns of listmonk", _recognises, _read)
