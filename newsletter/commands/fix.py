"""Fixes issues: checks and fixes in turn, until no safe fix is left."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from newsletter.check.fixes import splice_bytes
from newsletter.check.kept import choose_kept
from newsletter.commands.check import Checked, check_files, open_check
from newsletter.diagnostics import Diagnostic, in_order
from newsletter.errors import UsageError, WorldError
from newsletter.files import RefusedFileError, decode, read_bytes, read_file
from newsletter.project.checking import check_parsed
from newsletter.project.history import history_of
from newsletter.records import dataclass
from newsletter.writing import write_all

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from newsletter.check import Settings
    from newsletter.check.facts.addresses import LinkAnswer
    from newsletter.config.workspace import IssueFile
    from newsletter.model import Issue
    from newsletter.project.project import Project

ROUNDS = 20
"""The most rounds of checking and fixing for one issue.

Two or three rounds are common. If the fixes never settle, the issue is left unchanged.
"""


@dataclass(frozen=True, slots=True)
class FileFix:
    """The result of fixing one file."""

    path: str
    before: bytes
    after: bytes
    fixed_count: int
    """The number of findings that were fixed."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """The fixes, and the findings that are left after them."""

    changes: tuple[FileFix, ...]
    left: Checked

    @property
    def fixed_count(self) -> int:
        """The number of findings that are fixed."""
        return sum(change.fixed_count for change in self.changes)


def plan_fixes(
    root: Path,
    files: Sequence[IssueFile],
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    live: Mapping[str, LinkAnswer] | None = None,
) -> Fixed:
    """The changes that `newsletter check --fix` would make to `files`. Nothing is written.

    Only findings that apply are fixed. The workspace, the house format, `select`, `ignore` and the comments of the
    issue decide which apply. Raises as `check_issues` does.
    """
    project, settings = open_check(root, select=select, ignore=ignore)
    return fix_files(project, files, settings, live)


def fix_files(
    project: Project, files: Sequence[IssueFile], settings: Settings, live: Mapping[str, LinkAnswer] | None = None
) -> Fixed:
    """Does the same as `plan_fixes`, with a project and settings that are already loaded."""
    found = check_files(project, files, settings, live)
    fixable = {finding.path for finding in found if finding.fix}
    changes: list[FileFix] = []
    left: dict[str, tuple[Diagnostic, ...]] = {}
    for file in files:
        done = _fix(project, file, settings, live) if file.path in fixable else None
        if done:
            change, left[file.path] = done
            changes += [change] if change else []
    rest = [finding for finding in found if finding.path not in left]
    return Fixed(tuple(changes), Checked(in_order((*rest, *(one for found in left.values() for one in found)))))


def write_fixes(root: Path, fixed: Fixed) -> None:
    """Writes all the files or none. Nothing but the fixes changes in a file.

    If a file is a link, its target is written. Raises UsageError if the target is outside the workspace. Raises
    WorldError if a file cannot be written, or was changed in the meantime.
    """
    outputs: dict[str, bytes] = {}
    for change in fixed.changes:
        file = root / change.path
        if read_file(file, change.path) != change.before:
            msg = f"{change.path} changed during the check, so nothing was written"
            raise WorldError(msg, hint="Check again.")
        outputs[_real(root, change.path)] = change.after
    write_all(root, outputs)


def _real(root: Path, path: str) -> str:
    file, base = (root / path).resolve(), root.resolve()
    if not file.is_relative_to(base):
        msg = f"{path} leads out of the workspace, to {file}: it is not fixed"
        raise UsageError(msg, hint="Fix it where it is, or leave it out of the command.")
    return file.relative_to(base).as_posix()


def _issue_of(project: Project, file: IssueFile, text: str) -> Issue:
    return project.read(file, text).issue


def _fix(
    project: Project, file: IssueFile, settings: Settings, live: Mapping[str, LinkAnswer] | None
) -> tuple[FileFix | None, tuple[Diagnostic, ...]] | None:
    """The change of one file (None if nothing changes), and the findings after it.

    Returns None if the file cannot be read or is not UTF-8.
    """
    try:
        before = content = read_bytes(project.workspace.root / file.path, project.publication.largest_issue)
    except RefusedFileError:
        return None
    fixed_count = 0
    first: tuple[Diagnostic, ...] | None = None
    for _ in range(ROUNDS):
        text, problems = decode(content, file.path)
        if problems:
            return None
        parsed = project.read(file, text)
        found = check_parsed(project, parsed, settings, history_of(project), live)
        first = found if first is None else first
        read = partial(_issue_of, project, file)
        edits, done = choose_kept(parsed.issue, parsed.source.text, found, read)
        if not edits:
            return FileFix(file.path, before, content, fixed_count) if content != before else None, _without_fixes(
                found
            )
        content = splice_bytes(content, edits)
        fixed_count += len(done)
    return None, _without_fixes(first or ())


def _without_fixes(found: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The findings that are left, without the fixes that were refused: another run would refuse them again."""
    return tuple(replace(finding, fix=None) if finding.fix else finding for finding in found)
