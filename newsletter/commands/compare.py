"""Compares an issue with the version that was sent, or two issues with each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.archive.differences import Differences, Readable, differences
from newsletter.archive.matching import changes
from newsletter.archive.search.passages import passages_of
from newsletter.build.recorded import frozen_file
from newsletter.commands.past import list_past, named
from newsletter.config.workspace import IssueFile
from newsletter.errors import UsageError
from newsletter.files import can_be_read
from newsletter.names import composed
from newsletter.project.hashes import Hashes
from newsletter.project.parsed import sections_of
from newsletter.project.project import open_project
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from newsletter.commands.past import PastEntry
    from newsletter.project.project import Project

    Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two texts, and the differences in the second."""

    before: str
    """The name of the older side, for people."""
    after: str
    path: str
    """The file of the second, relative to the workspace."""
    differences: Differences
    changed: tuple[str, ...] = ()
    """The files that differ from those that were sent, or have another name, relative to the workspace."""


def compare(
    root: Path, here: Path, first: str, second: str = "", *, now: datetime, progress: Progress | None = None
) -> Compared:
    """The differences between the issues `first` and `second`.

    By default, compares the issue as it was sent with the issue as it is now. Raises UsageError for unknown names, and
    for an issue that was never sent.
    """
    entries = list_past(root, now=now, progress=progress)
    one = named(entries, root, here, first)
    project = open_project(root)
    changed: tuple[str, ...] = ()
    if second:
        other = named(entries, root, here, second)
        files = _file(one), _file(other)
        called = one.issue.path, other.issue.path
    else:
        recorded = one.recorded
        if recorded is None:
            hint = "`newsletter publish` freezes what goes out; compare two issues with `newsletter archive diff A B`."
            raise UsageError(f"there is no record of what was sent for {one.issue.path}", hint=hint)
        if one.gone:
            raise UsageError(f"{recorded.issue} is no longer there", hint=f"What was sent is {recorded.source}.")
        files = frozen_file(recorded), _file(one)
        changed = changes(recorded, one.issue.path, Hashes(root))
        called = f"what was sent on {recorded.latest.at:%Y-%m-%d} ({recorded.source})", one.issue.path
    found = differences(*(_readable(project, file) for file in files))
    return Compared(*called, files[1].path, found, changed)


def _file(entry: PastEntry) -> IssueFile:
    if entry.gone and entry.recorded:
        return frozen_file(entry.recorded)
    folder, _, name = entry.issue.path.rpartition("/")
    named = folder.rpartition("/")[2] if name == "index.md" else name.removesuffix(".md")
    return IssueFile(entry.issue.path, folder, composed(named))


def _readable(project: Project, file: IssueFile) -> Readable:
    if not can_be_read(project.workspace.root / file.path):
        raise UsageError(
            f"{file.path} cannot be read", hint="Run `newsletter archive verify` to see what is missing in archive/."
        )
    parsed = project.read(file)
    if parsed.too_much:
        raise UsageError(f"{file.path} is too large to read", hint="Run `newsletter check` to see what is too large.")
    parts = sections_of(parsed, project.language(parsed.issue.language))
    return Readable(parsed.issue, passages_of(parts))


def plain_compared(compared: Compared) -> dict[str, Any]:
    """The comparison as values for JSON."""
    from dataclasses import asdict

    found = compared.differences
    came, went = found.words
    return {
        "before": compared.before,
        "after": compared.after,
        "different": bool(found),
        "words_added": came,
        "words_removed": went,
        "fields": [asdict(each) for each in found.fields],
        "parts": [asdict(each) for each in found.parts],
        "figures": [asdict(each) for each in found.figures],
    }
