"""Writing the feeds alone, without building anything else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.archive.record import load_record
from newsletter.build.errors import missing_from
from newsletter.build.facts import IssueFacts
from newsletter.build.holding import leaks
from newsletter.build.issue import double_slug, facts_of, full_facts, unreadable_pictures
from newsletter.build.pipeline import make_all
from newsletter.build.plan import Build, survey
from newsletter.build.removal import hidden, leaving_feed, left_out, refuse_many
from newsletter.build.state import load_state
from newsletter.build.write import feed_outputs
from newsletter.config.workspace import issue_files
from newsletter.files import write_all
from newsletter.lock import locked
from newsletter.project.letters import letter_of
from newsletter.project.project import open_project
from newsletter.project.transaction import recover
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsletter.archive.record import Record
    from newsletter.build.removal import Warn
    from newsletter.config.workspace import IssueFile
    from newsletter.diagnostics import Diagnostic
    from newsletter.model import Published
    from newsletter.project.parsed import ParsedIssue
    from newsletter.project.project import Project
    from newsletter.render.letter import Letter


@dataclass(frozen=True, slots=True)
class FeedReport:
    """What became of the feeds."""

    written: tuple[str, ...] = ()
    """Those that changed, relative to the workspace."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """Why nothing was written: an issue that cannot be read might be a draft, and one that was out must stay in; or what `newsletter init` made up."""


def write_feeds(root: Path, *, now: datetime, remove: bool = False, warn: Warn | None = None) -> FeedReport:
    """Writes the three feeds of what is published by `now`; nothing while an issue cannot be read or has another's address.

    `warn` hears of each entry that leaves although its issue is not older than those that stay, before it does; where these
    are many, and not to `remove`, UsageError is raised.
    """
    with locked(root, tell=warn):
        recover(root)
        return _write_feeds(root, now=now, remove=remove, warn=warn)


def _write_feeds(root: Path, *, now: datetime, remove: bool, warn: Warn | None) -> FeedReport:
    project = open_project(root)
    if project.invented:
        return FeedReport(diagnostics=project.invented)
    if record := load_record(root):
        return _write_recorded(root, record, now=now, remove=remove, warn=warn)
    files = issue_files(root)
    found = [facts_of(project, file) for file in files]
    known = sorted(zip(files, (facts for facts, _ in found), strict=True), key=lambda each: each[1].order)
    faults = [fault for _, faults in found for fault in faults]
    faults.extend(_double_slugs(known))
    if faults:
        return FeedReport(diagnostics=tuple(faults))
    public = [(file, facts) for file, facts in known if facts.published_by(now)]
    parsed_issues = [project.read(file) for file, _ in public[-project.publication.feeds.entries :]]
    if faults := [fault for parsed in parsed_issues for fault in leaks(project, parsed)]:
        return FeedReport(diagnostics=tuple(faults))
    letters = [letter_of(project, parsed) for parsed in parsed_issues]
    if faults := [fault for each in zip(parsed_issues, letters, strict=True) for fault in _lacks(project, *each)]:
        return FeedReport(diagnostics=tuple(faults))
    going, before = left_out(
        root, {facts.id for _, facts in public}, {facts.id: hidden(facts, now) for _, facts in known}
    )
    if not remove:
        refuse_many(going, before, now)
    for one in going:
        if warn:
            warn(f"removed: {one.name} ({one.why})")
    newest = [_published(project, *each) for each in zip(parsed_issues, letters, strict=True)]
    return FeedReport(tuple(write_all(root, feed_outputs(project, newest)).written))


def _write_recorded(root: Path, record: Record, *, now: datetime, remove: bool, warn: Warn | None) -> FeedReport:
    """The feeds of what the record says is public, each issue as a build would make it. By whoever holds the lock."""
    work = Build(root, load_state(root), record=record)
    survey(work)
    make_all(work, now)
    public = [issue for issue in work.issues if issue.public]
    if faults := [fault for issue in work.issues if issue.standing for fault in issue.diagnostics]:
        return FeedReport(diagnostics=tuple(faults))
    going, before = leaving_feed(work, now)
    if not remove:
        refuse_many(going, before, now)
    for one in going:
        if warn:
            warn(f"removed: {one.name} ({one.why})")
    publication = work.project.publication
    newest = [
        IssueFacts(**last.facts).published(publication, last.feed)
        for issue in public[-publication.feeds.entries :]
        for last in [work.made.get(issue.file.path) or issue.last()]
    ]
    return FeedReport(tuple(write_all(root, feed_outputs(work.project, newest)).written))


def _double_slugs(known: Sequence[tuple[IssueFile, IssueFacts]]) -> Iterator[Diagnostic]:
    owners: dict[str, IssueFile] = {}
    for file, facts in known:
        owner = owners.setdefault(facts.slug.casefold(), file)
        if owner is not file:
            yield double_slug(file, owner, facts.slug)


def _lacks(project: Project, parsed: ParsedIssue, letter: Letter) -> Iterator[Diagnostic]:
    """What readers would miss in a letter."""
    yield from unreadable_pictures(project, parsed, [letter])
    yield from missing_from(project, parsed)


def _published(project: Project, parsed: ParsedIssue, letter: Letter) -> Published:
    from newsletter.render.feed import render_feed

    return full_facts(project, parsed, letter).published(project.publication, render_feed(letter))
