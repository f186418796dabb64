"""Publishes, revises and withdraws issues: all checks, then archive, record, web and feeds as one change."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from newsletter import __version__
from newsletter.archive.matching import assign, changes
from newsletter.archive.record import (
    ARCHIVE,
    PAID,
    PUBLISHED,
    RECORD,
    REVISED,
    WITHDRAWN,
    Record,
    RecordedIssue,
    Version,
    folder_for,
    line_of,
    local_name,
    read_record,
    record_bytes,
)
from newsletter.build.pipeline import make_all, report_of
from newsletter.build.plan import Build
from newsletter.build.recorded import survey
from newsletter.build.removal import hidden
from newsletter.build.state import load_state
from newsletter.build.write import write
from newsletter.check.facts.published import ID, SLUG, PublishedBefore, changed_finding, taken_finding
from newsletter.config.workspace import issue_files
from newsletter.diagnostics import Severity
from newsletter.errors import ConfigurationError, FindingsError, UsageError
from newsletter.lock import locked
from newsletter.names import same_file_key
from newsletter.project.hashes import Hashes
from newsletter.project.published import before, taken_names
from newsletter.project.transaction import recover, write_as_one
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsletter.build.pipeline import BuildReport, Progress
    from newsletter.build.plan import BuildIssue
    from newsletter.build.removal import Warn
    from newsletter.commands.push import DraftRecord
    from newsletter.config.workspace import IssueFile
    from newsletter.diagnostics import Diagnostic
    from newsletter.model import Issue

IGNORED = f"{ARCHIVE}/{PAID}/.gitignore"
"""Keeps what only paying readers got out of git."""
_IGNORES = b"# What only paying readers got: not for a repository that others read. newsletter.yaml can say otherwise (archive.paid_in_git).\n*\n"
ATTRIBUTES = f"{ARCHIVE}/.gitattributes"
_ATTRIBUTES = b"# Frozen byte by byte: git changes no line ends here. Lines of the record that two branches added are all kept.\n* -text\nrecord.jsonl merge=union\n"
ALREADY = "already"
_AT_ONCE = 200_000_000
"""The most bytes of frozen files that are kept in memory until everything is written."""


@dataclass(frozen=True, slots=True)
class Done:
    """The result for one issue."""

    event: str
    """PUBLISHED, REVISED, WITHDRAWN; or ALREADY, if there was nothing to do."""
    issue: str
    """Its file."""
    title: str
    url: str
    at: datetime
    folder: str = ""
    """The folder of its frozen copy, relative to the workspace."""
    paid: str = ""
    """The folder of the files that only paying readers got; empty if there are none."""


@dataclass(frozen=True, slots=True)
class PublishReport:
    """The published issues, and the report of the build of web and feeds."""

    done: tuple[Done, ...]
    found: tuple[Diagnostic, ...]
    """Findings of the checks that did not prevent publishing."""
    built: BuildReport
    left: tuple[Diagnostic, ...] = ()
    """Why some past issues were not added with the others."""


@dataclass(slots=True)
class _Event:
    """An event that will be recorded."""

    event: str
    recorded: RecordedIssue
    """The issue as it will be recorded, without the hashes of files that are not made yet."""
    path: str
    note: str = ""


def publish(
    root: Path,
    files: Sequence[IssueFile],
    *,
    now: datetime,
    all_past: bool = False,
    revise: str = "",
    remove: bool = False,
    warn: Warn | None = None,
    progress: Progress | None = None,
) -> PublishReport:
    """Publishes the issues in `files`.

    Issues that were published before and have changed are revised, with `revise` as the description of the change. With
    `all_past`, also publishes all issues that are on the web because of their dates, unchanged. Raises FindingsError
    with the findings that prevent publishing. Also raises UsageError, ConfigurationError and WorldError. After an
    error, nothing has changed.
    """
    with locked(root, needed=True, notify=warn):
        recover(root)
        known = record_bytes(root)
        record = read_record(known)
        work = Build(root, load_state(root))
        _refuse_invented(work)
        survey(work)
        named = {file.path for file in files}
        plan = _plan(work, record, named, now=now, all_past=all_past, revise=revise)
        found = _checked(work, files, {step.path for step in plan.steps} & named)
        _refuse([*plan.faults, *(each for each in found if each.severity is Severity.ERROR)])
        left = [*plan.left, *_make_what_can_be(work, record, plan.steps, named, now=now, progress=progress)]
        done, built = _carry_out(work, known, plan.steps, now=now, remove=remove, warn=warn)
    return PublishReport((*plan.done, *done), tuple(found), built, tuple(dict.fromkeys(left)))


def unpublish(
    root: Path, name: str, file: IssueFile | None, *, now: datetime, reason: str = "", warn: Warn | None = None
) -> PublishReport:
    """Withdraws a published issue.

    `file` is its file, if it still has one. `name` is what the person called it. Raises UsageError if it was never
    published, and as `publish` does.
    """
    with locked(root, needed=True, notify=warn):
        recover(root)
        known = record_bytes(root)
        record = read_record(known)
        work = Build(root, load_state(root))
        survey(work)
        recorded = _named(work, record, name, file)
        if recorded.withdrawn:
            done = _done(work, ALREADY, recorded, recorded.withdrawn)
            _make_what_can_be(work, record, [], set(), now=now)
            return PublishReport((done,), (), _carry_out(work, known, [], now=now, warn=warn)[1])
        step = _Event(WITHDRAWN, replace(recorded, withdrawn=_at(work, now), reason=reason), recorded.issue, reason)
        _make_what_can_be(work, record, [step], set(), now=now)
        steps_done, built = _carry_out(work, known, [step], now=now, warn=warn)
    return PublishReport(steps_done, (), built)


def _refuse(faults: Sequence[Diagnostic]) -> None:
    if faults:
        raise FindingsError("nothing was published: fix this first", tuple(dict.fromkeys(faults)))


def _refuse_invented(work: Build) -> None:
    if work.settings.invented:
        raise ConfigurationError(
            "replace the example values from `newsletter init` in newsletter.yaml before you publish",
            work.project.invented,
        )


def _at(work: Build, now: datetime) -> datetime:
    """The time of an event in the publication's time zone."""
    return now.astimezone(ZoneInfo(work.project.publication.timezone)).replace(microsecond=0)


@dataclass(slots=True)
class _Plan:
    """The events to record, and the reasons why others are not."""

    work: Build
    """The build, surveyed as if nothing were recorded."""
    record: Record
    drafts: DraftRecord
    at: datetime
    now: datetime
    named: set[str]
    """Paths of the issues that a person named. An error in one of them prevents the whole change."""
    revise: str
    steps: list[_Event] = field(default_factory=list)
    done: list[Done] = field(default_factory=list)
    faults: list[Diagnostic] = field(default_factory=list)
    left: list[Diagnostic] = field(default_factory=list)
    """Why other past issues are not published."""
    unready: list[str] = field(default_factory=list)
    """Why issues are not ready to be published."""
    names: dict[str, BuildIssue] = field(default_factory=dict)
    """The issues that are being published, by id and by address."""


def _plan(work: Build, record: Record, named: set[str], *, now: datetime, all_past: bool, revise: str) -> _Plan:
    """The plan for all issues.

    Raises UsageError if other issues would disappear from the web, and for issues that are not ready.
    """
    from newsletter.commands.push import DraftRecord

    plan = _Plan(work, record, DraftRecord(work.root), _at(work, now), now, named, revise)
    hashes = Hashes(work.root)
    by_path = {issue.file.path: issue for issue in work.issues}
    found = assign(record, [(path, issue.facts.id) for path, issue in by_path.items()], hashes.of)
    past = {path for path, issue in by_path.items() if issue.facts.published_by(now) and not issue.diagnostics}
    if not (record or all_past):
        _refuse_to_hide(sorted(past - named))
    paths = named | ({path for path in past if path not in found} if all_past else set())
    for issue in sorted((by_path[path] for path in paths), key=lambda issue: issue.facts.order):
        _add(plan, issue, found.get(issue.file.path), hashes)
    hashes.save()
    if plan.unready:
        raise UsageError(
            f"nothing was published: {'; '.join(plan.unready)}",
            hint="Remove the line `draft: true` from its front matter. If its date is in the future, publish it then.",
        )
    return plan


def _refuse_to_hide(others: Sequence[str]) -> None:
    """Raises UsageError if issues are on the web because of their dates and the record would not contain them."""
    if others:
        shown = f"{others[0]} is" if len(others) == 1 else f"{len(others)} other issues, such as {others[0]}, are"
        raise UsageError(
            f"{shown} on the web by date and would be removed: after the first publish, the record decides what is on the web",
            hint="To keep them on the web, run `newsletter publish --all-past`.",
        )


def _add(plan: _Plan, issue: BuildIssue, recorded: RecordedIssue | None, hashes: Hashes) -> None:
    """Adds one issue to the plan. `recorded` is how it was published before."""
    path = issue.file.path
    faults = issue.diagnostics or tuple(_taken(plan, issue, recorded))
    if faults:
        (plan.faults if path in plan.named else plan.left).extend(faults)
        return
    changed = changes(recorded, path, hashes) if recorded else ()
    if recorded and not changed:
        plan.done.append(_done(plan.work, ALREADY, recorded, recorded.latest.at))
    elif recorded and not plan.revise:
        plan.faults.append(changed_finding(_front(plan, issue), before(recorded), changed))
    elif why := hidden(issue.facts, plan.now):
        plan.unready.append(f"{path}: {why}")
    elif recorded:
        plan.steps.append(_Event(REVISED, _revised(plan, recorded, issue), path, plan.revise))
    else:
        plan.steps.append(_Event(PUBLISHED, _published(plan, issue), path))


def _taken(plan: _Plan, issue: BuildIssue, recorded: RecordedIssue | None) -> Iterator[Diagnostic]:
    """Why an issue cannot have its id or its address: another issue has it, or had it before."""
    called, slug = local_name(issue.facts.id), issue.facts.slug
    for what, value, owner in taken_names(plan.record, issue.facts.id, slug, recorded):
        yield taken_finding(_front(plan, issue), what, value, before(owner))
    for what, key, value in ((ID, called, called), (SLUG, same_file_key(slug), slug)):
        other = plan.names.setdefault(f"{what} {key}", issue)
        if other is not issue:
            coming = PublishedBefore(other.facts.title, other.file.path, "", plan.at)
            yield taken_finding(_front(plan, issue), what, value, coming)


def _front(plan: _Plan, issue: BuildIssue) -> Issue:
    return plan.work.project.read_front(issue.file).issue


def _published(plan: _Plan, issue: BuildIssue) -> RecordedIssue:
    known = (*plan.record.issues, *(step.recorded for step in plan.steps))
    folder = folder_for(issue.facts.id, [each.versions[0].folder for each in known])
    return RecordedIssue(issue.facts.id, plan.at, (_version(plan, issue, folder),))


def _revised(plan: _Plan, recorded: RecordedIssue, issue: BuildIssue) -> RecordedIssue:
    folder = f"{recorded.versions[0].folder}/revision-{len(recorded.versions)}"
    return replace(recorded, versions=(*recorded.versions, _version(plan, issue, folder, plan.revise)))


def _version(plan: _Plan, issue: BuildIssue, folder: str, note: str = "") -> Version:
    """The new version, without the hashes."""
    return Version(
        at=plan.at,
        note=note,
        issue=issue.file.path,
        slug=issue.facts.slug,
        title=issue.facts.title,
        date=issue.facts.moment,
        tool=__version__,
        services=plan.drafts.drafts_of(issue.file.name),
        folder=folder,
        files={},
        paid={},
    )


def _checked(work: Build, files: Sequence[IssueFile], paths: set[str]) -> tuple[Diagnostic, ...]:
    """The findings of all checks in the issues that a person named.

    Changes since publication are checked elsewhere.
    """
    from newsletter.commands.check import check_files, open_check

    asked = [file for file in files if file.path in paths]
    if not asked:
        return ()
    project, settings = open_check(work.root)
    return tuple(found for found in check_files(project, asked, settings) if found.code not in {"HS108", "HS109"})


def _named(work: Build, record: Record, name: str, file: IssueFile | None) -> RecordedIssue:
    """The recorded issue that a person means. Raises UsageError if there is none."""
    if file:
        found = assign(record, [(issue.file.path, issue.facts.id) for issue in work.issues], Hashes(work.root).of)
        if recorded := found.get(file.path):
            return recorded
        raise UsageError(
            f"{file.path} was never published, so it cannot be withdrawn",
            hint="To keep it off the web, write `draft: true` in its front matter.",
        )
    clean = name.strip("/").removesuffix("/index.md").removesuffix(".md")
    for names in (_ids, _paths, _slugs):
        for each in record.issues:
            if clean in names(each):
                return each
    raise UsageError(
        f"`{name}` is not a published issue",
        hint="`newsletter archive list` lists them. Use an id, an address or a file.",
    )


def _ids(issue: RecordedIssue) -> tuple[str, ...]:
    return issue.id, issue.name


def _paths(issue: RecordedIssue) -> tuple[str, ...]:
    path = issue.issue.removesuffix("/index.md").removesuffix(".md")
    return path, path.rpartition("/")[2]


def _slugs(issue: RecordedIssue) -> tuple[str, ...]:
    return (issue.slug,)


def _make_what_can_be(
    work: Build,
    record: Record,
    steps: list[_Event],
    named: set[str],
    *,
    now: datetime,
    progress: Progress | None = None,
) -> list[Diagnostic]:
    """Makes everything in the form that it will have with `steps` in the record.

    Removes the steps that cannot be made, and returns why. Raises FindingsError if one of these is `named`.
    """
    left: list[Diagnostic] = []
    while True:
        coming = {step.recorded.id: step.recorded for step in steps}
        issues = [coming.pop(issue.id, issue) for issue in record.issues] + [*coming.values()]
        work.record = Record(tuple(sorted(issues, key=lambda issue: (issue.date, issue.published, issue.id))))
        work.accepted = frozenset(step.path for step in steps if step.event != WITHDRAWN)
        survey(work)
        make_all(work, now, progress=progress)
        faults = {issue.file.path: issue.diagnostics for issue in work.issues if issue.diagnostics}
        _refuse([fault for path in sorted(work.accepted & named) for fault in faults.get(path, ())])
        kept = [step for step in steps if step.event == WITHDRAWN or step.path not in faults]
        if len(kept) == len(steps):
            return left
        left += [fault for step in steps if step not in kept for fault in faults[step.path]]
        steps[:] = kept


def _carry_out(
    work: Build,
    known: bytes,
    steps: Sequence[_Event],
    *,
    now: datetime,
    remove: bool = False,
    warn: Warn | None = None,
) -> tuple[tuple[Done, ...], BuildReport]:
    """Writes everything that was made, and the frozen files, as one change."""
    from newsletter.build.freezing import freeze, version_of

    by_path = {issue.file.path: issue for issue in work.issues}
    others = {file.path for file in issue_files(work.root)}
    frozen: dict[str, bytes] = {}
    lines, done = [], []
    for step in steps:
        latest, version = step.recorded.latest, None
        if step.event != WITHDRAWN:
            issue = by_path[step.path]
            kept = freeze(work, issue, others)
            frozen |= kept.outputs(latest.folder)
            if sum(map(len, frozen.values())) > _AT_ONCE:
                # Files that no line of the record names yet have no effect, so they can be written first.
                write_as_one(work.root, frozen)
                frozen = {}
            version = version_of(
                issue,
                kept,
                at=latest.at,
                note=step.note,
                folder=latest.folder,
                tool=__version__,
                services=latest.services,
            )
            if kept.paid and not work.project.publication.archive.paid_in_git:
                frozen[IGNORED] = _IGNORES
        at = step.recorded.withdrawn or latest.at
        lines.append(line_of(step.event, step.recorded.id, at, version, step.note))
        paid = f"{ARCHIVE}/{PAID}/{latest.folder}/" if version and version.paid else ""
        done.append(_done(work, step.event, step.recorded, at, paid))
    if lines:
        frozen[ATTRIBUTES] = _ATTRIBUTES
        frozen[RECORD] = known + b"".join(lines)
        read_record(frozen[RECORD])  # A line that cannot be read back is not written.
    written = write(work, now, whole=True, remove=remove, warn=warn, frozen=frozen)
    return tuple(done), report_of(work, now, written)


def _done(work: Build, event: str, recorded: RecordedIssue, at: datetime, paid: str = "") -> Done:
    from newsletter.render.layout import page_url

    url = page_url(work.project.publication, recorded.slug)
    return Done(event, recorded.issue, recorded.title, url, at, f"{ARCHIVE}/{recorded.folder}/", paid)
