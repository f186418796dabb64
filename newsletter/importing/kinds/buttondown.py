"""Buttondown's export: `emails.csv` or `emails.json` beside `emails/<slug>.md`, or the JSON of its API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.digits import whole_number
from newsletter.errors import UsageError
from newsletter.importing.base import Found, Skipped
from newsletter.importing.html.converting import is_html
from newsletter.importing.kind import Kind
from newsletter.importing.letters import (
    ForeignLetter,
    file_finder,
    from_html,
    from_markdown,
    json_of,
    named,
    records,
    rows_of,
    texts,
    unlisted,
)
from newsletter.importing.moments import moment_of
from newsletter.importing.sources import AGAIN, EntryError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from newsletter.importing.base import ImportedIssue
    from newsletter.importing.sources import ImportSource

_SIGNS = ("secondary_id", "publish_date")
_MODE = "<!-- buttondown-editor-mode:"


def _tables(source: ImportSource) -> list[str]:
    names = [*named(source, "emails.json"), *named(source, "emails.csv")]
    if not source.is_folder:
        names = [name for name in source.names() if name.endswith((".json", ".csv"))]
    return [name for name in names if all(sign in source.beginning(name) for sign in (*_SIGNS, "subject"))]


def _recognises(source: ImportSource) -> bool:
    return bool(_tables(source))


def _read(source: ImportSource) -> Found:
    tables = _tables(source)
    if not tables:
        raise UsageError(
            f"{source.name} has no emails.csv or emails.json of Buttondown", hint="Export archives: Settings → Exports."
        )
    try:
        rows = _rows(source, tables[0])
    except EntryError as error:
        raise UsageError(f"{tables[0]} in {source.name} cannot be read: {error}", hint=AGAIN) from error
    rows.sort(key=lambda row: (texts(row.get("publish_date")), texts(row.get("slug"))))
    return Found(_issues(source, tables[0], rows), total=len(rows))


def _rows(source: ImportSource, name: str) -> list[Mapping[str, object]]:
    if name.endswith(".csv"):
        return [dict(row) for row in rows_of(source, name)]
    content = json_of(source, name)
    return records(content.get("results") if isinstance(content, dict) else content)


def _issues(source: ImportSource, table: str, rows: list[Mapping[str, object]]) -> Iterator[ImportedIssue | Skipped]:
    folder = table.rpartition("/")[0]
    known = set(source.names())
    refused = {one.source: one.reason for one in source.refused}
    emails = f"{folder}/emails".lstrip("/")
    content_of = file_finder(source, emails)
    listed = {f"{emails}/{texts(row.get('slug'))}.md" for row in rows}
    yield from unlisted(source, f"{emails}/", ".md", listed, table.rpartition("/")[2])
    for row in rows:
        slug = texts(row.get("slug"))
        name = f"{emails}/{slug}.md"
        text, place = texts(row.get("body")), f"{table}:{slug or texts(row.get('id'))}"
        if not text and name in refused:
            yield Skipped(name, refused[name], fault=True)
            continue
        if not text and name in known:
            place = name
            try:
                text, _ = source.text(name)
            except EntryError as error:
                yield Skipped(name, str(error), fault=True)
                continue
        if not text.strip():
            yield Skipped(place, "the export does not have its text", fault=True)
            continue
        number = texts(row.get("secondary_id"))
        status = texts(row.get("status"))
        letter = ForeignLetter(
            place,
            templated=True,
            title=texts(row.get("subject")),
            content_of=content_of,
            number=whole_number(number) if len(number) < 6 else None,
            date=moment_of(texts(row.get("publish_date")) or None),
            slug=slug,
            id=texts(row.get("id")),
            summary=texts(row.get("description")),
            cover=texts(row.get("image")),
            paid=texts(row.get("email_type")) == "premium",
            draft=status in {"draft", "scheduled", "in_flight", "errored"},
            canonical=texts(row.get("canonical_url")),
            former=(f"/archive/{slug}/",) if slug else (),
        )
        yield from_html(letter, text) if _is_fancy(text) else from_markdown(letter, _plain(text))


def _is_fancy(text: str) -> bool:
    """Whether an email is HTML from the “fancy” editor. Markdown emails may contain HTML, too."""
    return text.startswith(f"{_MODE} fancy") or (
        text.lstrip().startswith("<") and not text.startswith(_MODE) and is_html(text)
    )


def _plain(text: str) -> str:
    return text.partition("-->")[2].lstrip("\n") if text.startswith(_MODE) else text


KIND = Kind("buttondown", "a Buttondown export", _recognises, _read)
