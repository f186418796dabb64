"""Matches the issues of a workspace with those of the record: by id, else by file, else by content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from newsletter.archive.record import local_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from newsletter.archive.record import Record, RecordedIssue


def assign(
    record: Record, issues: Iterable[tuple[str, str]], hash_of: Callable[[str], str]
) -> dict[str, RecordedIssue]:
    """The recorded issue for each of `issues` (path and id), by path. Issues that were never published are left out.

    Ids are compared by the name in them, so that a publication may move to another domain. A file at the path of a
    published issue is that issue, whatever its id. A moved file is recognized by its text.
    """
    given = dict(issues)
    found: dict[str, RecordedIssue] = {}
    taken: set[str] = set()

    def take(path: str, recorded: RecordedIssue | None) -> None:
        if recorded and recorded.id not in taken and path not in found:
            found[path] = recorded
            taken.add(recorded.id)

    # Of two with the same id, the one at the same path.
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
        """The hash of a text file, without regard to its line ends."""


def changes(recorded: RecordedIssue, path: str, hashes: FileHashes) -> tuple[str, ...]:
    """The files of the issue at `path` that differ from the published ones, by path in the workspace.

    If its file has another name now, that comes first. Line ends, which git may change, are ignored.
    """
    changed = [name for name, mark in sources_of(recorded, path).items() if hashes.of(name) != mark]
    if path in changed and hashes.of_text(path) == hashes.of_text(recorded.source) != "":
        changed.remove(path)
    moved = [path] if path != recorded.issue else []
    return (*moved, *(name for name in changed if name not in moved))


def sources_of(recorded: RecordedIssue, path: str) -> Mapping[str, str]:
    """The hashes of an issue's text and files as published, by their paths if the issue were at `path`."""
    sources = recorded.latest.sources
    if path == recorded.issue:
        return sources
    old, new = (name.rpartition("/")[0] + "/" for name in (recorded.issue, path))
    beside = recorded.issue.endswith("/index.md") and path.endswith("/index.md")
    return {
        path if name == recorded.issue else name.replace(old, new, 1) if beside and name.startswith(old) else name: mark
        for name, mark in sources.items()
    }
