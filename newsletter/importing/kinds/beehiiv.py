"""beehiiv's export of posts: a CSV file with the whole HTML email of each post in `content_html`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.errors import UsageError
from newsletter.importing.addresses import split_address
from newsletter.importing.base import Found, ImportNote, Skipped
from newsletter.importing.kind import Kind
from newsletter.importing.letters import ForeignLetter, from_html, rows_of
from newsletter.importing.moments import moment_of
from newsletter.importing.sources import AGAIN, EntryError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.importing.base import ImportedIssue
    from newsletter.importing.sources import ImportSource

_COLUMNS = {"content_html", "web_title"}
_PAID = {"premium", "all premium subscribers", "all paid subscribers"}
_MEDIA = "https://media.beehiiv.com/"


def _tables(source: ImportSource) -> list[str]:
    return [
        name
        for name in source.names()
        if name.casefold().endswith(".csv")
        and set(source.beginning(name).partition("\n")[0].replace('"', "").strip().casefold().split(",")) >= _COLUMNS
    ]


def _recognises(source: ImportSource) -> bool:
    return bool(_tables(source))


def _read(source: ImportSource) -> Found:
    tables = _tables(source)
    if not tables:
        raise UsageError(
            f"{source.name} has no table with the columns `web_title` and `content_html`",
            hint="Export posts: Settings → Export data.",
        )
    try:
        rows = [(name, row) for name in tables for row in rows_of(source, name)]
    except EntryError as error:
        raise UsageError(f"{tables[0]} in {source.name} cannot be read: {error}", hint=AGAIN) from error
    rows.sort(key=lambda one: one[1].get("created_at", ""))
    address = next((row["url"] for _, row in rows if row.get("url", "").startswith("http")), "")
    site = split_address(address)
    return Found(_issues(rows), total=len(rows), url=f"{site.scheme}://{site.netloc}/" if address else "")


def _issues(rows: list[tuple[str, Mapping[str, str]]]) -> Iterator[ImportedIssue | Skipped]:
    for name, row in rows:
        address = row.get("url", "")
        slug = address.partition("/p/")[2].strip("/")
        place = f"{name}:{slug or row.get('id', '')}"
        if not row.get("content_html", "").strip():
            yield Skipped(place, "the export does not have its text", fault=True)
            continue
        yield from_html(_letter(row, place, address, slug), row["content_html"])


def _letter(row: Mapping[str, str], place: str, address: str, slug: str) -> ForeignLetter:
    picture = row.get("thumbnail_url", "")
    if picture.lstrip("/").startswith("uploads/"):
        picture = f"{_MEDIA}{picture.lstrip('/')}"
    audience = (row.get("audience") or row.get("web_audiences") or "").lower()
    notes = (
        [ImportNote(place, "it is unknown who could read it: its audience was “both”", "changed")]
        if audience == "both"
        else []
    )
    subject = row.get("email_subject_line", "")
    return ForeignLetter(
        place,
        title=row.get("web_title", "") or subject,
        subtitle=row.get("web_subtitle", ""),
        summary=row.get("email_preview_text", ""),
        base=address,
        paid=audience in _PAID,
        cover=picture,
        date=moment_of(row.get("published_at") or row.get("created_at") or None),
        slug=slug,
        id=row.get("id", ""),
        tags=tuple(row.get("content_tags", "").split(";")),
        draft=row.get("status", "").lower() not in {"confirmed", "published", "archived"},
        former=(address,) if address.startswith("http") else (),
        notes=tuple(notes),
        whole_page=True,
    )


KIND = Kind("beehiiv", "a beehiiv export", _recognises, _read)
