"""The decisions that the record of published issues makes: which issues are public, and from which text they are built.

An issue that has changed since it was published is built from its frozen text: readers get a change when it is
published as a revision. So the page of a deleted issue stays, too.
"""

from __future__ import annotations

import posixpath
from dataclasses import asdict
from typing import TYPE_CHECKING

from newsletter.archive.matching import assign, changes
from newsletter.archive.record import ARCHIVE
from newsletter.build.facts import PUBLIC_FOLDER, AsRecorded, IssueFacts, Made, with_standing
from newsletter.build.plan import BuildIssue, surveyed
from newsletter.build.state import Remembered
from newsletter.config.workspace import IssueFile, issue_files
from newsletter.diagnostics import Diagnostic
from newsletter.files import read_bytes
from newsletter.model import NOWHERE
from newsletter.names import composed
from newsletter.project.hashes import Hashes

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.archive.record import RecordedIssue
    from newsletter.build.plan import Build

PAGE = "page"
"""The folder, in the frozen one of an issue, of its page and what it shows."""
FROZEN_LIMIT = 100_000_000
"""The largest size of a frozen file, in bytes."""


def standing_of(recorded: RecordedIssue) -> AsRecorded:
    """The record of an issue in the form that building needs."""
    corrections = tuple((revision.at.isoformat(), revision.note) for revision in recorded.revisions)
    updated = recorded.updated.isoformat() if recorded.updated else ""
    return AsRecorded(recorded.id, recorded.slug, updated, corrections)


def survey(work: Build) -> None:
    """Finds the state of every issue, then applies the record.

    An issue is unchanged since the last build, or its front matter is read again.
    """
    work.issues = [surveyed(work, file) for file in issue_files(work.root)]
    work.surveyed = {issue.file.path: issue.memory for issue in work.issues}
    work.changed = []
    if work.record:
        _follow(work)


def _follow(work: Build) -> None:
    """Applies the record to each issue; changed issues get their published text."""
    hashes = Hashes(work.root)
    found = assign(work.record, [(issue.file.path, issue.facts.id) for issue in work.issues], hashes.of)
    issues = []
    shown = set()
    for issue in work.issues:
        recorded = found.get(issue.file.path)
        if recorded is None or recorded.withdrawn:
            issue.withdrawn = recorded is not None
            issues.append(issue)
        elif issue.file.path in work.accepted or not changes(recorded, issue.file.path, hashes):
            shown.add(recorded.id)
            issues.append(_standing(issue, recorded))
        else:
            work.changed.append(issue.file.path)
    for recorded in work.record.standing:
        if recorded.id in shown:
            continue
        if is_intact(recorded, hashes.of):
            issues.append(_standing(surveyed(work, frozen_file(recorded)), recorded))
        else:
            issues.append(_from_page(work, recorded, hashes.of))
    hashes.save()
    work.compared = hashes.stamps
    work.issues = issues


def _standing(issue: BuildIssue, recorded: RecordedIssue) -> BuildIssue:
    issue.standing = standing_of(recorded)
    issue.facts = with_standing(issue.facts, issue.standing)
    return issue


def frozen_file(recorded: RecordedIssue) -> IssueFile:
    """The frozen text of an issue, in the form of an issue file with its former name."""
    source, issue = recorded.source, recorded.issue
    name = issue.removesuffix("/index.md") if issue.endswith("/index.md") else issue.removesuffix(".md")
    return IssueFile(source, posixpath.dirname(source), composed(posixpath.basename(name)))


def is_intact(recorded: RecordedIssue, hash_of: Callable[[str], str]) -> bool:
    """Whether the frozen text of an issue and the files that it names exist unchanged."""
    start = recorded.source.removesuffix(recorded.issue)
    return all(hash_of(start + name) == mark for name, mark in recorded.latest.sources.items())


def _from_page(work: Build, recorded: RecordedIssue, hash_of: Callable[[str], str]) -> BuildIssue:
    standing = standing_of(recorded)
    facts = IssueFacts(
        path=recorded.source,
        slug=recorded.slug,
        title=recorded.title,
        date=recorded.date.isoformat(),
        updated=standing.updated,
        id=recorded.id,
    )
    memory = work.state.issues.get(recorded.source) or Remembered()
    issue = BuildIssue(frozen_file(recorded), facts, memory, before=memory, standing=standing)
    outputs = _frozen_page(work, recorded, hash_of)
    if not outputs:
        issue.diagnostics = (_damaged(recorded),)
        return issue
    issue.memory = Remembered(outputs=memory.outputs)
    issue.kept = Made(
        path=recorded.source,
        facts=asdict(facts),
        outputs=outputs,
        pictures={},
        images=(),
        places={},
        needs=(),
        feed="",
    )
    return issue


def _frozen_page(work: Build, recorded: RecordedIssue, hash_of: Callable[[str], str]) -> dict[str, bytes]:
    """The frozen page with its files; empty if any of them is missing or altered."""
    start = f"{ARCHIVE}/{recorded.folder}/"
    pages = {name: mark for name, mark in recorded.files.items() if name.startswith(f"{PAGE}/")}
    if f"{PAGE}/index.html" not in pages or any(hash_of(start + name) != mark for name, mark in pages.items()):
        return {}
    return {
        f"{PUBLIC_FOLDER}/{recorded.slug}/{name.removeprefix(f'{PAGE}/')}": read_bytes(
            work.root / (start + name), FROZEN_LIMIT
        )
        for name in pages
    }


def _damaged(recorded: RecordedIssue) -> Diagnostic:
    message = f"“{recorded.title}” was published, but its text and its page are missing or changed"
    advice = "Run `newsletter archive verify` to see what is missing, and restore it from git."
    return Diagnostic(recorded.source, NOWHERE, "HS108", message, advice=advice)
