"""Writes only the feeds, without building anything else, and notifies hubs of them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from newsletter.archive.record import load_record
from newsletter.build.errors import missing_from
from newsletter.build.facts import PUBLIC_FOLDER, with_standing
from newsletter.build.feeds import FeedEntry, campaign_text, feed_files
from newsletter.build.holding import leaks
from newsletter.build.ids import refuse_new_ids
from newsletter.build.issue import as_recorded, full_facts, unreadable_pictures
from newsletter.build.plan import Build, are_intact, plan
from newsletter.build.recorded import survey
from newsletter.build.removal import leaving_feed, refuse_many
from newsletter.build.state import MANIFEST, dump_manifest, load_manifest, load_state, may_be_ours
from newsletter.config.load import load_workspace
from newsletter.errors import UsageError, WorldError
from newsletter.lock import locked
from newsletter.project.letters import letter_of
from newsletter.project.transaction import recover
from newsletter.project.workers import run_jobs
from newsletter.records import dataclass
from newsletter.writing import write_all

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from newsletter.build.facts import BuildJob
    from newsletter.build.plan import BuildIssue
    from newsletter.build.removal import Warn
    from newsletter.diagnostics import Diagnostic
    from newsletter.project.project import Project


@dataclass(frozen=True, slots=True)
class FeedReport:
    """The result of writing the feeds."""

    written: tuple[str, ...] = ()
    """The feeds that changed, relative to the workspace."""
    diagnostics: tuple[Diagnostic, ...] = ()
    """Why nothing was written.

    Either an issue cannot be read, or `newsletter init` invented a value that is still there. An unreadable issue might
    be a draft, or it might be public and have to stay in the feed.
    """


def write_feeds(root: Path, *, now: datetime, remove: bool = False, warn: Warn | None = None) -> FeedReport:
    """Writes the feeds of the issues published by `now`.

    Writes nothing if an issue cannot be read or has the address of another issue. If an issue has not changed since a
    build, the text from that build is used again. `warn` is called for each entry that is removed although its issue is
    not older than those that stay. Raises UsageError if these are many, unless `remove` is set.
    """
    with locked(root, notify=warn):
        recover(root)
        return _write_feeds(root, now=now, remove=remove, warn=warn)


def _write_feeds(root: Path, *, now: datetime, remove: bool, warn: Warn | None) -> FeedReport:
    work = Build(root, load_state(root), record=load_record(root))
    if work.project.invented:
        return FeedReport(diagnostics=work.project.invented)
    survey(work)
    plan(work, now)
    # If the record decides what is public, no two issues can be confused.
    asked = [issue for issue in work.issues if issue.standing or not work.record]
    if faults := tuple(fault for issue in asked for fault in issue.diagnostics):
        return FeedReport(diagnostics=faults)
    public = [issue for issue in work.issues if issue.public]
    made, faults = _new_entries(work, [issue.job for issue in public if issue.job])
    if faults:
        return FeedReport(diagnostics=faults)
    going, before = leaving_feed(work, now)
    if not remove:
        # An entry with another id would look like a removed one.
        refuse_new_ids(root, [issue.facts for issue in public], [issue.facts.id for issue in work.issues])
        refuse_many(going, before, now)
    for one in going:
        if warn:
            warn(f"removed: {one.name} ({one.why})")
    return FeedReport(_written(work, [made.get(issue.file.path) or _remembered(issue) for issue in public]))


def _new_entries(work: Build, jobs: Sequence[BuildJob]) -> tuple[dict[str, FeedEntry], tuple[Diagnostic, ...]]:
    """The feed entries of issues that no build has made in their current form, by path, and the errors that prevent them."""
    made: dict[str, FeedEntry] = {}
    faults: list[Diagnostic] = []
    for job, issue in zip(jobs, run_jobs(work.project, make_entry, jobs), strict=True):
        made[job.file.path] = FeedEntry(issue.facts, work.texts.put(issue.text), work.texts.put(issue.campaign))
        faults += issue.faults
    work.texts.keep()
    return made, tuple(faults)


def _remembered(issue: BuildIssue) -> FeedEntry:
    if issue.kept:  # Its text is not here.
        return FeedEntry(issue.kept.facts, "")
    last = issue.last()
    return FeedEntry(last.facts, last.feed, last.campaign)


def _written(work: Build, entries: Sequence[FeedEntry]) -> tuple[str, ...]:
    """Writes the feeds, and removes those of groups and pages that no longer exist."""
    keys, stamps = work.state.feed_keys, work.state.site_outputs
    feeds = feed_files(
        work.project,
        entries,
        work.texts.text,
        base=work.base,
        is_current=lambda name, key: keys.get(name) == key and are_intact(work.root, {name: stamps.get(name)}),
    )
    manifest = load_manifest(work.root)
    ours = {name for name in manifest if name.startswith(_FOLDERS) and may_be_ours(work.root, name)}
    if not manifest.issuperset(feeds.names):
        write_all(work.root, {MANIFEST: dump_manifest(manifest.union(feeds.names))}, links=False)
    return tuple(write_all(work.root, feeds.outputs, remove=sorted(ours.difference(feeds.names))).written)


_FOLDERS = ("feeds/", f"{PUBLIC_FOLDER}/feeds/")


@dataclass(frozen=True, slots=True)
class MadeEntry:
    """The entry of an issue in the feeds."""

    facts: dict[str, Any]
    text: str
    campaign: str
    faults: tuple[Diagnostic, ...]
    """The errors that prevent the entry. If there are any, all other fields are empty."""


def make_entry(project: Project, job: BuildJob) -> MadeEntry:
    """Reads and renders an issue as far as feeds need it. Can run in any process."""
    from newsletter.render.feed import render_feed

    parsed = project.read(job.file)
    if job.standing:
        parsed.issue = as_recorded(parsed.issue, job.standing)
    if faults := leaks(project, parsed):
        return MadeEntry({}, "", "", faults)
    letter = letter_of(project, parsed)
    # What readers would miss in the entry.
    if faults := (*unreadable_pictures(project, parsed, [letter]), *missing_from(project, parsed)):
        return MadeEntry({}, "", "", faults)
    facts = asdict(with_standing(full_facts(project, parsed, letter), job.standing))
    return MadeEntry(facts, render_feed(letter), campaign_text(project, letter), ())


@dataclass(frozen=True, slots=True)
class PingReport:
    """The result of notifying the hubs."""

    notified: tuple[str, ...]
    """The addresses of the hubs that were notified."""
    errors: tuple[WorldError, ...]
    """Why the other hubs were not notified."""


def hubs_of(root: Path) -> tuple[str, ...]:
    """The hubs of newsletter.yaml. Raises UsageError if there is none."""
    hubs = load_workspace(root).publication.feeds.hubs
    if not hubs:
        hint = "Write its address into newsletter.yaml: `feeds: {hubs: https://hub.example/}`."
        raise UsageError("there is no hub to notify", hint=hint)
    return hubs


def ping_hubs(root: Path) -> PingReport:
    """Notifies each hub of newsletter.yaml that the feeds of all issues have changed.

    Raises UsageError if there is none.
    """
    from newsletter.commands.hubs import ping
    from newsletter.feeds.documents import MAIN, address_of

    publication = load_workspace(root).publication
    notified, errors = [], []
    for hub in hubs_of(root):
        try:
            ping(hub, [address_of(publication, path) for path in MAIN])
        except WorldError as error:  # The other hubs are still notified.
            errors.append(error)
        else:
            notified.append(hub)
    return PingReport(tuple(notified), tuple(errors))
