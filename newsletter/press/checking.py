"""Checking issues of a workspace against their house formats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.check import OtherIssue, Settings, check, settings_for
from newsletter.diagnostics import Diagnostic, Severity, in_order
from newsletter.press.cache import load_state, stamp_of
from newsletter.press.studio import UNREADABLE, Studio
from newsletter.workspace import issue_files, load_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from newsletter.press.studio import Reading
    from newsletter.workspace import IssueFile


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found, in order."""

    diagnostics: tuple[Diagnostic, ...]

    @property
    def errors(self) -> bool:
        """Whether any finding is an error."""
        return any(found.severity is Severity.ERROR for found in self.diagnostics)


def check_issues(
    root: Path, files: Sequence[IssueFile], *, select: Sequence[str] = (), ignore: Sequence[str] = ()
) -> Checked:
    """Checks `files` with the rules that workspace, house format and arguments ask for; prefixes in `select` win.

    Raises UsageError for a rule that does not exist and ConfigurationError for a house format that cannot be used.
    """
    workspace = load_workspace(root)
    studio = Studio(workspace)
    settings = settings_for(workspace, select=select, ignore=ignore)
    readings = [studio.read(file) for file in files]
    others = tuple(_others(studio, readings))
    found = [finding for reading in readings for finding in check_reading(studio, reading, settings, others)]
    return Checked(in_order(found))


def check_reading(
    studio: Studio, reading: Reading, settings: Settings, others: Sequence[OtherIssue] = ()
) -> tuple[Diagnostic, ...]:
    """Everything found in one issue, reading it included."""
    return check(
        reading.issue,
        reading.house,
        source=reading.source,
        language=studio.language(reading.issue.language),
        root=studio.workspace.root,
        publication=studio.publication,
        others=others,
        settings=settings,
        found=reading.diagnostics,
    )


def _others(studio: Studio, readings: Sequence[Reading]) -> Iterator[OtherIssue]:
    """Every issue of the workspace as the rules across issues see it: as checked, as last built, or read now."""
    known = {reading.file.path: reading for reading in readings}
    state = load_state(studio.workspace.root)
    for file in issue_files(studio.workspace.root):
        reading = known.get(file.path)
        memory = state.issues.get(file.path)
        if reading is None and memory and memory.stamp == stamp_of(studio.workspace.root / file.path):
            yield OtherIssue(file.path, str(memory.facts["slug"]), memory.facts["number"])
            continue
        reading = reading or studio.read_front_only(file)
        if not any(found.code in UNREADABLE for found in reading.diagnostics):
            yield OtherIssue(file.path, reading.issue.slug, reading.issue.number)
