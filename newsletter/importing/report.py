"""The report of an import, as text and as JSON."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from newsletter.importing.base import Counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsletter.importing.base import ImportNote, Skipped
    from newsletter.importing.outcome import ImportReport

_HEADINGS = {
    "lost": "Lost: the source does not have it",
    "kept": "Kept as it is, for you to check",
    "changed": "Changed",
    "left out": "Left out",
}
"""A heading for each kind of note. Notes that need the most attention come first."""
_SHOWN = 12
"""The number of lines of each kind that a terminal shows. A file shows all."""
_PLACES = 2


def render_report(report: ImportReport, *, full: bool = False) -> str:
    """The report as text. With `full`, it lists every place of every note, and every issue."""
    return "\n".join(_lines(report, full=full)) + "\n"


def _lines(report: ImportReport, *, full: bool) -> Iterator[str]:
    yield f"{report.source}: {report.label}{_publication_of(report)}"
    if full and report.imported:
        yield ""
        yield from (f"  {one.path}  from {one.source}" for one in report.imported)
    yield ""
    yield _totals(report)
    if report.imported:
        yield f"  {_compared(report)}"
    yield from _skipped("Already here", report.known, full=full)
    yield from _skipped("Skipped", report.skipped, full=full)
    for kind, heading in _HEADINGS.items():
        yield from _notes(heading, [note for note in report.notes if note.kind == kind], full=full)
    remote = sorted({address for one in report.imported for address in one.remote})
    if remote:
        yield ""
        yield f"Pictures that stay on the web ({len(remote):,}): `--fetch-images` downloads them"
        yield from _cut([f"  {address}" for address in remote], full=full)


def _publication_of(report: ImportReport) -> str:
    found = report.found
    parts = ", ".join(filter(None, (found.title, found.url, found.language)))
    return f" ({parts})" if parts else ""


def _totals(report: ImportReport) -> str:
    parts = [f"{_counted(len(report.imported), 'issue')} {'would be ' if report.dry else ''}imported"]
    if report.known:
        parts.append(f"{len(report.known):,} already here")
    if report.skipped:
        parts.append(f"{len(report.skipped):,} skipped")
    return ", ".join(parts)


def sums(report: ImportReport) -> tuple[Counts, Counts]:
    """The counts of all imported issues, in the source and after the import."""
    before = sum((one.before for one in report.imported), Counts())
    return before, sum((one.after for one in report.imported), Counts())


def _compared(report: ImportReport) -> str:
    before, after = sums(report)
    pairs = (
        ("words", before.words, after.words),
        ("links", before.links, after.links),
        ("pictures", before.pictures, after.pictures),
    )
    return " · ".join(f"{name} {old:,} → {new:,}" if old != new else f"{name} {new:,}" for name, old, new in pairs)


def _skipped(heading: str, skipped: Sequence[Skipped], *, full: bool) -> Iterator[str]:
    yield from _grouped(heading, ((one.reason, one.source) for one in skipped), full=full)


def _notes(heading: str, notes: Sequence[ImportNote], *, full: bool) -> Iterator[str]:
    yield from _grouped(heading, ((note.message, note.place) for note in notes), full=full)


def _grouped(heading: str, entries: Iterable[tuple[str, str]], *, full: bool) -> Iterator[str]:
    """Groups the same note about several places into one, with their number."""
    places: dict[str, list[str]] = defaultdict(list)
    for message, place in entries:
        places[message].append(place)
    if not places:
        return
    yield ""
    yield f"{heading} ({sum(map(len, places.values())):,})"
    ordered = sorted(places.items(), key=lambda found: -len(found[1]))
    lines = []
    for message, where in ordered:
        shown = where if full else where[:_PLACES]
        more = f" and {len(where) - len(shown):,} more" if len(where) > len(shown) else ""
        count = f"{len(where):,} × " if len(where) > 1 else ""
        lines.append(f"  {count}{message}: {', '.join(shown)}{more}")
    yield from _cut(lines, full=full)


def _cut(lines: Sequence[str], *, full: bool) -> Iterator[str]:
    yield from lines if full else lines[:_SHOWN]
    if not full and len(lines) > _SHOWN:
        yield f"  and {len(lines) - _SHOWN:,} more: `--report FILE` lists all"


def _counted(count: int, one: str) -> str:
    return f"{count:,} {one}{'' if count == 1 else 's'}"


def report_as_json(report: ImportReport) -> str:
    """The whole report as JSON, one object."""
    before, after = sums(report)
    found = report.found
    publication = {
        key: getattr(found, key)
        for key in ("title", "description", "sender", "email", "address", "url", "language", "timezone")
    }
    document = {
        "version": 1,
        "source": report.source,
        "kind": report.kind,
        "dry_run": report.dry,
        "publication": {key: value for key, value in publication.items() if value},
        "totals": {"imported": len(report.imported), "known": len(report.known), "skipped": len(report.skipped)},
        "before": _counts(before),
        "after": _counts(after),
        "imported": [
            {
                "path": one.path,
                "source": one.source,
                "title": one.title,
                "before": _counts(one.before),
                "after": _counts(one.after),
                "remote_pictures": list(one.remote),
                "notes": [_note(note) for note in one.notes],
            }
            for one in report.imported
        ],
        "skipped": [{"source": one.source, "reason": one.reason, "fault": one.fault} for one in report.skipped],
        "known": [{"source": one.source, "reason": one.reason} for one in report.known],
        "notes": [_note(note) for note in found.notes],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _counts(counts: Counts) -> dict[str, int]:
    return {"words": counts.words, "links": counts.links, "pictures": counts.pictures}


def _note(note: ImportNote) -> dict[str, Any]:
    return {"place": note.place, "kind": note.kind, "message": note.message}
