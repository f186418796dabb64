"""Which issue of a workspace is which one of the record: by its id, else by its file, else by what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from newsletter.archive.record import local_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from newsletter.archive.record import Record, RecordedIssue


def assign(
    record: Record, issues: Iterable[tuple[str, str]], hash_of: Callable[[str], str]
) -> dict[str, RecordedIssue]:
    """The recorded issue for each of `issues` (path and id), by path; those that were never published are left out.

    Ids are compared by the name in them, so that a publication may move to another domain. A file in the place of a
    published issue is that issue, whatever its id is now; one that was moved is recognized by its text.
    """
    given = dict(issues)
    found: dict[str, RecordedIssue] = {}
    taken: set[str] = set()

    def take(path: str, recorded: RecordedIssue | None) -> None:
        if recorded and recorded.id not in taken and path not in found:
            found[path] = recorded
            taken.add(recorded.id)

    # Of two with one id, the one in the same place.
    for path, name in sorted(given.items(), key=lambda one: record.of(one[0]) is None):
        take(path, record.by_name(local_name(name)))
    for path in given:
        recorded = record.of(path)
        take(path, recorded if recorded and recorded.withdrawn is None else None)
    moved = {
        recorded.latest.sources.get(recorded.issue, ""): recorded
        for recorded in record.standing
        if recorded.id not in taken and recorded.issue not in given and not hash_of(recorded.issue)
    }
    if moved:
        for path in given:
            take(path, None if path in found else moved.get(hash_of(path)))
    return found


class FileHashes(Protocol):
    """Hashes that show whether files are the same, by path relative to the workspace. A file that cannot be read has an empty hash."""

    def of(self, name: str) -> str:
        """The hash of a file, as the record has it."""

    def of_text(self, name: str) -> str:
        """The same of its text, however its lines end."""


def changes(recorded: RecordedIssue, path: str, hashes: FileHashes) -> tuple[str, ...]:
    """The parts of the issue in the file `path` that differ from what was published, by path relative to the workspace.

    If its file has another name now, that comes first. Other line ends, which git may write on another system, are no
    difference.
    """
    changed = [name for name, mark in sources_of(recorded, path).items() if hashes.of(name) != mark]
    if path in changed and hashes.of_text(path) == hashes.of_text(recorded.source) != "":
        changed.remove(path)
    moved = [path] if path != recorded.issue else []
    return (*moved, *(name for name in changed if name not in moved))


def sources_of(recorded: RecordedIssue, path: str) -> Mapping[str, str]:
    """The hashes of the text and the files of an issue as published, by where they would stand for an issue in `path`."""
    sources = recorded.latest.sources
    if path == recorded.issue:
        return sources
    old, new = (name.rpartition("/")[0] + "/" for name in (recorded.issue, path))
    beside = recorded.issue.endswith("/index.md") and path.endswith("/index.md")
    return {
        path if name == recorded.issue else name.replace(old, new, 1) if beside and name.startswith(old) else name: mark
        for name, mark in sources.items()
    }
