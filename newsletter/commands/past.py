"""The past issues as a list, and the details of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.archive.record import ARCHIVE, hash_of, load_record
from newsletter.commands.search import States, with_index
from newsletter.errors import UsageError
from newsletter.files import PICTURE_LIMIT, read_bytes
from newsletter.names import composed
from newsletter.records import dataclass
from newsletter.suggest import GUESS, closest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsletter.archive.record import RecordedIssue, Version
    from newsletter.archive.search.index import Index, IndexedIssue

    Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class PastEntry:
    """An issue of the list."""

    issue: IndexedIssue
    state: str
    recorded: RecordedIssue | None
    gone: bool
    """Whether it is only in archive/."""
    changed: bool = False
    """Whether it was published, and its text or one of its files has changed since."""

    @property
    def revisions(self) -> int:
        """The number of revisions after it was published."""
        return len(self.recorded.revisions) if self.recorded else 0


@dataclass(frozen=True, slots=True)
class FrozenFile:
    """A file of a version in archive/."""

    path: str
    """Relative to the workspace."""
    hash: str
    state: str
    """intact, altered or missing."""


@dataclass(frozen=True, slots=True)
class PastFacts:
    """All facts about one issue."""

    entry: PastEntry
    changed: tuple[str, ...]
    """Its files that have changed since they were last published, by path relative to the workspace."""
    versions: tuple[tuple[Version, tuple[FrozenFile, ...]], ...]
    """The versions that were sent, oldest first, with their files."""


def list_past(root: Path, *, now: datetime, progress: Progress | None = None) -> tuple[PastEntry, ...]:
    """The issues in the workspace and those that are only in archive/, the newest first.

    Issues without a date come first.
    """
    return _list(root, now, progress)[0]


def _list(root: Path, now: datetime, progress: Progress | None) -> tuple[tuple[PastEntry, ...], States]:
    record = load_record(root)

    def ask(index: Index) -> tuple[tuple[PastEntry, ...], States]:
        states = States(root, record, now, index)
        issues = [issue for issue in index.issues() if not states.is_hidden(issue)]
        entries = tuple(_entry(issue, states) for issue in reversed(issues))
        states.save()
        return entries, states

    return with_index(root, record, ask, progress)


def show_past(root: Path, here: Path, name: str, *, now: datetime, progress: Progress | None = None) -> PastFacts:
    """All facts about the issue `name`. Raises UsageError if there is none."""
    entries, states = _list(root, now, progress)
    entry = named(entries, root, here, name)
    recorded = entry.recorded
    versions = [(version, _files(root, version)) for version in recorded.versions] if recorded else []
    return PastFacts(entry, states.changed(entry.issue), tuple(versions))


def named(entries: Sequence[PastEntry], root: Path, here: Path, name: str) -> PastEntry:
    """The entry for a path, a folder's name, a slug, a number, an id or a former slug."""
    from newsletter.config.workspace import issue_files
    from newsletter.project.selection import select_issues

    wanted = composed(name.strip("/"))
    alike = [
        entry
        for entry in entries
        if wanted in {entry.issue.slug, entry.issue.id, entry.issue.path}
        or wanted.lstrip("#") == str(entry.issue.number)
        or (entry.recorded and wanted in {entry.recorded.id, entry.recorded.name, *entry.recorded.former_slugs})
    ]
    try:
        chosen = {file.path for file in select_issues(issue_files(root), [name], root=root, here=here)}
    except UsageError:
        chosen = set()
    alike = [entry for entry in entries if entry.issue.path in chosen] or alike
    if len(alike) == 1:
        return alike[0]
    if alike:
        listing = ", ".join(entry.issue.path for entry in alike[:5])
        raise UsageError(f"`{name}` could mean {len(alike)} issues: {listing}", hint="Give the path of one of them.")
    close = closest(wanted, [entry.issue.slug for entry in entries], cutoff=GUESS, fold=str)
    hint = f"Did you mean `{close}`?" if close else "`newsletter archive list` lists them."
    raise UsageError(f"there is no issue `{name}`", hint=hint)


def _entry(issue: IndexedIssue, states: States) -> PastEntry:
    recorded, gone = states.recorded(issue), states.is_gone(issue)
    changed = recorded is not None and recorded.withdrawn is None and not gone and bool(states.changed(issue))
    return PastEntry(issue, states.of(issue), recorded, gone, changed)


def _files(root: Path, version: Version) -> tuple[FrozenFile, ...]:
    return tuple(FrozenFile(path, mark, _state(root / path, mark)) for path, mark in sorted(version.names.items()))


def _state(path: Path, mark: str) -> str:
    if not path.exists():
        return "missing"
    try:
        return "intact" if hash_of(read_bytes(path, PICTURE_LIMIT)) == mark else "altered"
    except OSError:
        return "altered"


def plain_entry(entry: PastEntry) -> dict[str, Any]:
    """An entry in the form of the JSON output."""
    issue, recorded = entry.issue, entry.recorded
    return {
        "path": issue.path,
        "slug": issue.slug,
        "id": recorded.id if recorded else issue.id,
        "number": issue.number,
        "date": issue.date,
        "title": issue.title,
        "state": entry.state,
        "gone": entry.gone,
        "changed": entry.changed,
        "language": issue.language,
        "authors": [*issue.authors],
        "tags": [*issue.tags],
        "words": issue.words,
        "items": issue.items,
        "figures": issue.figures,
        "links": issue.links,
        "published": recorded.published.isoformat() if recorded else None,
        "revisions": [{"at": each.at.isoformat(), "note": each.note} for each in recorded.revisions]
        if recorded
        else [],
    }


def plain_shown(shown: PastFacts) -> dict[str, Any]:
    """The facts about an issue in the form of the JSON output."""
    recorded = shown.entry.recorded
    return {
        **plain_entry(shown.entry),
        "sections": [*shown.entry.issue.sections],
        "changed": [*shown.changed],
        "former_slugs": [*recorded.former_slugs] if recorded else [],
        "withdrawn": recorded.withdrawn.isoformat() if recorded and recorded.withdrawn else None,
        "versions": [
            {
                "at": version.at.isoformat(),
                "note": version.note,
                "title": version.title,
                "slug": version.slug,
                "tool": version.tool,
                "services": dict(version.services),
                "folder": f"{ARCHIVE}/{version.folder}",
                "files": [{"path": file.path, "hash": file.hash, "state": file.state} for file in files],
            }
            for version, files in shown.versions
        ],
    }
