"""The first steps of a build: the state of each issue, and the work to do for it.

An issue that is unchanged since the last build is not read. The order of the issues and their neighbours give a hash of
everything that an issue's outputs depend on. If it differs from the stored hash, the outputs are made again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from newsletter.archive.record import Record
from newsletter.build.facts import PUBLIC_FOLDER, BuildJob, IssueFacts
from newsletter.build.state import Remembered, RememberedSettings, State, base_of, lapsed_sponsors
from newsletter.build.texts import FeedTexts
from newsletter.config.workspace import CONFIGURATION
from newsletter.files import have_stamps, read_bytes, stamp_of
from newsletter.project.cache import digest, fingerprint_of, is_recent, shared_pictures

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from newsletter.build.facts import AsRecorded, Made
    from newsletter.config.workspace import IssueFile
    from newsletter.diagnostics import Diagnostic
    from newsletter.files import Stamp
    from newsletter.project.project import Project


@dataclass(slots=True)
class BuildIssue:
    """An issue in this build."""

    file: IssueFile
    facts: IssueFacts
    memory: Remembered
    diagnostics: tuple[Diagnostic, ...] = ()
    """The faults that keep it from being built. Its earlier outputs stay as they are."""
    public: bool = False
    waits: bool = False
    """Whether only placeholder values in newsletter.yaml keep it from being published."""
    job: BuildJob | None = None
    """The work to do; None if it is up to date, or must not be built."""
    before: Remembered = field(default_factory=Remembered)
    """Its state after the last build."""
    standing: AsRecorded | None = None
    """Its entry in the record; None if it was never published, or if there is no record."""
    withdrawn: bool = False
    """Whether it was published and then withdrawn."""
    kept: Made | None = None
    """The frozen outputs to write, if its text is not in this workspace."""

    def last(self) -> Remembered:
        """The sources of its outputs, from this build or an earlier one."""
        return self.memory if self.memory.facts else self.before

    def has_page(self) -> bool:
        """Whether its page is in the web archive from an earlier build."""
        return any(name.startswith(f"{PUBLIC_FOLDER}/") for name in self.before.outputs)


@dataclass
class Build:
    """A build between its steps."""

    root: Path
    state: State
    issues: list[BuildIssue] = field(default_factory=list)
    surveyed: dict[str, Remembered] = field(default_factory=dict)
    """The state of each issue in issues/, by path; also of those whose published text is built instead."""
    compared: dict[str, Stamp | None] = field(default_factory=dict)
    """The stamps of all files that were compared with the record, by path."""
    made: dict[str, Made] = field(default_factory=dict)
    done: dict[str, BuildJob] = field(default_factory=dict)
    """The jobs that `made` came from, by path."""
    record: Record = field(default_factory=Record)
    """The record of what was published. If it is not empty, it alone decides what is public; dates do not."""
    record_hash: str = ""
    """The hash of the record's file; empty if there is none."""
    accepted: frozenset[str] = frozenset()
    """Paths of issues that are being published as they are now."""
    changed: list[str] = field(default_factory=list)
    """Paths of published issues that have changed since; the published version is built."""

    @cached_property
    def settings(self) -> RememberedSettings:
        """The settings of newsletter.yaml that planning needs, kept while the file stays the same."""
        fingerprint = fingerprint_of(self.root / CONFIGURATION)
        if not fingerprint or fingerprint != self.state.settings.fingerprint:
            publication = self.project.publication
            pictures = [*shared_pictures(publication)]
            invented = bool(self.project.invented)
            search = publication.web.search != "none"
            until = [[one.key, one.until] for one in publication.sponsors.values() if one.until]
            self.state.settings = RememberedSettings(
                fingerprint, publication.largest_issue, pictures, invented, search, until
            )
        return self.state.settings

    @cached_property
    def project(self) -> Project:
        """The open project, which reads and renders issues. It is opened for the first issue that has to be read."""
        from newsletter.project.project import open_project

        return open_project(self.root)

    @cached_property
    def texts(self) -> FeedTexts:
        """The full texts for feeds."""
        return FeedTexts(self.root)

    @cached_property
    def base(self) -> str:
        """The hash of everything that all outputs depend on: the tool, newsletter.yaml, templates, portraits."""
        return base_of(self.root, self.settings)


def _content(path: Path, limit: int) -> bytes | None:
    try:
        return read_bytes(path, limit)
    except (OSError, ValueError):  # a NUL
        return None


def surveyed(work: Build, file: IssueFile) -> BuildIssue:
    """The issue in `file`: as stored if the file is unchanged, otherwise with its front matter read again."""
    memory = work.state.issues.get(file.path) or Remembered()
    stamp = stamp_of(f"{work.root}/{file.path}")
    # The house format and newsletter.yaml affect the number, the date and the address of an issue.
    known = bool(memory.key) and memory.base == work.base
    if known and memory.stamp == stamp and not _recent(work.state, stamp):
        return BuildIssue(file, IssueFacts(**memory.facts), memory, before=memory)
    content = _content(work.root / file.path, work.settings.largest)
    fingerprint = "" if content is None else digest(content)
    if known and memory.content == fingerprint:
        memory.stamp = stamp
        return BuildIssue(file, IssueFacts(**memory.facts), memory, before=memory)
    from newsletter.build.issue import facts_of

    facts, faults = facts_of(work.project, file, content)
    if faults:
        # An issue that cannot be read keeps the facts of the last build, so that its outputs and the links to it stay.
        return BuildIssue(file, IssueFacts(**memory.facts) if memory.facts else facts, memory, faults)
    return BuildIssue(file, facts, Remembered(fingerprint, stamp, outputs=memory.outputs), before=memory)


def _recent(state: State, stamp: Stamp | None) -> bool:
    return is_recent(stamp, state.saved)


def plan(work: Build, now: datetime) -> None:
    """Sorts the issues, and gives a job to each one whose outputs are out of date."""
    work.issues.sort(key=lambda issue: issue.facts.order)
    _refuse_double_slugs(work.issues)
    for issue in work.issues:
        known = not issue.diagnostics or bool(issue.memory.outputs)
        issue.public = known and (bool(issue.standing) if work.record else issue.facts.published_by(now))
        if work.settings.invented and issue.public:
            issue.waits = True
            issue.public = issue.has_page()
    public = [issue for issue in work.issues if issue.public]
    lapsed = lapsed_sponsors(work.settings, now)
    neighbours = dict(zip((issue.file.path for issue in public), _neighbours(public), strict=True))
    for issue in work.issues:
        issue.job = None
        if issue.diagnostics or (issue.waits and issue.public):  # published output stays unchanged
            continue
        if issue.kept:
            continue
        path = issue.file.path
        near = neighbours.get(path, (None, None))
        job = BuildJob(issue.file, issue.public, issue.public, *near, issue.standing, lapsed)
        look_at_needs(work, issue.memory)
        known = key_of(work.base, issue.memory, job) == issue.memory.key and path not in work.accepted
        if not (known and _are_written(work, issue.memory)):
            issue.job = job


def _are_written(work: Build, memory: Remembered) -> bool:
    """Whether all outputs of an issue exist."""
    return are_intact(work.root, memory.outputs) and work.texts.has(memory.feed) and work.texts.has(memory.campaign)


def _neighbours(public: list[BuildIssue]) -> Iterator[tuple[IssueFacts | None, IssueFacts | None]]:
    for index in range(len(public)):
        before = public[index - 1].facts if index else None
        after = public[index + 1].facts if index + 1 < len(public) else None
        yield before, after


def _refuse_double_slugs(issues: list[BuildIssue]) -> None:
    owners: dict[str, BuildIssue] = {}
    for issue in sorted(issues, key=lambda issue: issue.standing is None):  # a published issue keeps its address
        owner = owners.setdefault(issue.facts.slug.casefold(), issue)
        if owner is not issue and not issue.diagnostics:
            from newsletter.build.issue import double_slug

            issue.diagnostics = (double_slug(issue.file, owner.file, issue.facts.slug),)
            issue.memory.outputs = {}


def look_at_needs(work: Build, memory: Remembered) -> None:
    """Updates the cached state of the other files that an issue depends on."""
    for name, (stamp, _) in memory.needs.items():
        now = stamp_of(f"{work.root}/{name}")
        if now != stamp or _recent(work.state, now):
            memory.needs[name] = (now, fingerprint_of(work.root / name) if now else "")


def key_of(base: str, memory: Remembered, job: BuildJob) -> str:
    """The hash of everything that the outputs of one issue depend on."""
    needs = [(name, fingerprint) for name, (_, fingerprint) in sorted(memory.needs.items())]
    around = (job.previous, job.following)
    near = [(fact.slug, fact.title, fact.number, fact.path, fact.cover_src) if fact else None for fact in around]
    recorded = job.standing
    standing = (recorded.id, recorded.slug, recorded.updated, recorded.corrections) if recorded else None
    return digest(base, memory.content, json.dumps([needs, near, job.public, job.feed, standing, job.lapsed]))


def are_intact(root: Path, outputs: dict[str, Stamp | None]) -> bool:
    """Whether these outputs exist, each as it was written."""
    return bool(outputs) and have_stamps(root, outputs)
