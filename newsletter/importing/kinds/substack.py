"""Substack's export: a zip with `posts.csv` and `posts/<id>.<slug>.html`, from Settings → Exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.digits import unescape
from newsletter.errors import UsageError
from newsletter.importing.base import Found, ImportNote, Skipped
from newsletter.importing.kind import Kind
from newsletter.importing.letters import ForeignLetter, from_html, named, rows_of, unlisted
from newsletter.importing.moments import moment_of
from newsletter.importing.sources import AGAIN, EntryError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.importing.base import ImportedIssue
    from newsletter.importing.sources import ImportSource

_TABLE = "posts.csv"
_NO_LETTERS = {
    "page": "it is a page of the site, not a post",
    "thread": "it is a thread, which only has readers' comments",
    "restack": "it restacks another author's post",
    "note": "it is a note, not a post",
}


def _recognises(source: ImportSource) -> bool:
    return any(
        {"post_id", "is_published"}
        <= set(source.beginning(name).partition("\n")[0].replace('"', "").strip().split(","))
        for name in named(source, _TABLE)
    )


def _read(source: ImportSource) -> Found:
    tables = named(source, _TABLE)
    if not tables:
        raise UsageError(
            f"{source.name} has no {_TABLE}", hint="Name the zip from Substack, or the folder with its unpacked files."
        )
    folder = tables[0].removesuffix(_TABLE)
    try:
        rows = rows_of(source, tables[0])
    except EntryError as error:
        raise UsageError(f"{tables[0]} in {source.name} cannot be read: {error}", hint=AGAIN) from error
    rows.sort(key=lambda row: (row.get("post_date", ""), row.get("post_id", "")))
    return Found(_issues(source, folder, rows), total=len(rows))


def _issues(source: ImportSource, folder: str, rows: list[Mapping[str, str]]) -> Iterator[ImportedIssue | Skipped]:
    known = set(source.names())
    listed = {f"{folder}posts/{row.get('post_id', '')}.html" for row in rows}
    yield from unlisted(source, f"{folder}posts/", ".html", listed, _TABLE)
    for row in rows:
        name = f"{folder}posts/{row.get('post_id', '')}.html"
        if reason := _NO_LETTERS.get(row.get("type", "").lower()):
            yield Skipped(name, reason)
        elif name not in known:
            yield Skipped(
                name, "the export does not have its text", fault=row.get("is_published", "").lower() == "true"
            )
        else:
            try:
                html, notes = source.text(name)
            except EntryError as error:
                yield Skipped(name, str(error), fault=True)
                continue
            yield from_html(_letter(row, name, notes), _with_podcast(html, row))


def _letter(row: Mapping[str, str], name: str, notes: tuple[ImportNote, ...]) -> ForeignLetter:
    slug = row["post_id"].partition(".")[2] or row["post_id"]
    return ForeignLetter(
        name,
        title=unescape(row.get("title", "")),
        subtitle=unescape(row.get("subtitle", "")),
        date=moment_of(row.get("post_date")),
        slug=slug,
        draft=row.get("is_published", "").lower() != "true",
        paid=row.get("audience", "") in {"only_paid", "founding"},
        former=(f"/p/{slug}",),
        notes=notes,
    )


def _with_podcast(html: str, row: Mapping[str, str]) -> str:
    """The HTML with the audio of an episode, whose address is only in the table."""
    from html import escape

    address = row.get("podcast_url", "")
    title = escape(unescape(row.get("title", "")))
    return f'<audio src="{escape(address)}" title="{title}"></audio>{html}' if address.startswith("http") else html


KIND = Kind("substack", "a Substack export", _recognises, _read)
