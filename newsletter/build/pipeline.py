"""The build: makes an email, a text and a page for each issue, and from all of them the web archive and the feeds.

The steps, in order, unless nothing has changed since the last build (unchanged.py):

1. survey: the state of each issue. It is unchanged since the last build, or its front matter is read again. The record
   adds what was published (recorded.py, plan.py).
2. plan: the order and the neighbours of issues, and from these the issues to make again (plan.py).
3. make: the outputs of these issues, in several processes if they are many, then their pictures that are not cached. An
   issue with a broken or missing picture, or one that would show paid text to free readers, keeps its earlier outputs
   (this module, issue.py, pictures.py).
4. site: the archive's index, its style and the feeds, if their content has changed (write.py).
5. write: everything as one change. Outputs of removed issues are removed. Files that no build made stay (write.py).

The result depends only on the sources and on `now`, which decides what is published. It is the same, byte for byte,
with or without a cache and in any number of processes.

Modules are imported when they are needed: a build with nothing to do parses no YAML, loads no template and plans nothing.
"""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

from newsletter.build.unchanged import Settled, save_settled, settled_build
from newsletter.lock import locked
from newsletter.project.cache import digest
from newsletter.project.transaction import recover
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from concurrent.futures import Executor
    from datetime import datetime
    from pathlib import Path

    from newsletter.build.facts import BuildJob, Made
    from newsletter.build.pictures import PictureFault
    from newsletter.build.plan import Build, BuildIssue
    from newsletter.build.removal import Warn
    from newsletter.build.spool import Spool
    from newsletter.build.write import WrittenOutputs
    from newsletter.config.workspace import IssueFile
    from newsletter.diagnostics import Diagnostic

    Progress = Callable[[str, int, int], None]
    """Called with the kind of output being made (`issues`, `pictures`), the number done, and the total."""


IN_MEMORY = 200
"""The outputs of at most this many issues, about 200 KB each, are kept in memory."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """The result of a build."""

    issues: int
    """The number of issues in the workspace."""
    made: tuple[str, ...]
    """The paths of the issues whose outputs were made again."""
    written: tuple[str, ...]
    """The outputs that were written, relative to the workspace."""
    removed: tuple[str, ...]
    published: int
    """The number of issues in the archive: neither drafts nor future issues."""
    diagnostics: tuple[Diagnostic, ...]
    """The faults that kept issues from being built. Their earlier outputs stay as they are."""
    refused: int = 0
    """The number of issues that cannot be built."""
    waiting: int = 0
    """The number of issues that are out of date, because only some issues were built."""
    site_left: bool = False
    """Whether index and feeds were left unchanged.

    That is so if only some issues were built and no earlier build has recorded the others.
    """
    invented: tuple[Diagnostic, ...] = ()
    """Placeholder values from `newsletter init` that are still there. With any of these, nothing is published."""
    held: int = 0
    """The number of issues that were not published for this reason."""
    errors: tuple[tuple[str, int], ...] = ()
    """The paths of issues that were built although a check finds errors in them, each with the number of errors."""
    changed: tuple[str, ...] = ()
    """The paths of issues that have changed since they were published. Readers still see the published version."""
    ready: tuple[str, ...] = ()
    """The paths of issues whose date has come but that are not published, in a workspace that publishes issues."""
    taken: tuple[str, ...] = ()
    """The paths of those of them that cannot be published, because their id or address is another issue's (HS109)."""


def build(
    root: Path,
    *,
    now: datetime,
    only: Sequence[IssueFile] = (),
    processes: int | None = None,
    fresh: bool = False,
    strict: bool = False,
    remove: bool = False,
    executor: Executor | None = None,
    progress: Progress | None = None,
    warn: Warn | None = None,
) -> BuildReport:
    """Builds the workspace at `root`. With `only`, builds these issues, the index and the feeds.

    `now` (with a time zone) decides which issues are published. `fresh` makes everything again. With `strict`, issues
    with errors in a check are not built. With `remove`, any number of published issues may be removed. `warn` is called
    for each before that. With `executor`, of the kind of concurrent.futures, its workers make the issues, each in a
    process that finds the workspace at the same path (project/executors.py). Pictures are made in this process.

    Raises UsageError, ConfigurationError and WorldError. Then nothing was written.
    """
    with locked(root, notify=warn):
        recover(root)
        if not (only or fresh or strict) and (settled := settled_build(root, now)):
            return _report_of(settled)
        from newsletter.archive.record import read_record, record_bytes
        from newsletter.build.plan import Build
        from newsletter.build.recorded import survey
        from newsletter.build.state import State, load_state
        from newsletter.build.write import write

        record = record_bytes(root)
        work = Build(root, State() if fresh else load_state(root), record=read_record(record))
        work.record_hash = digest(record) if record else ""
        survey(work)
        chosen = {file.path for file in only}
        if strict:
            _hold_what_has_errors(work, chosen, processes)
        make_all(work, now, chosen, processes, progress, executor)
        written = write(work, now, whole=not chosen, remove=remove, warn=warn)
        report = report_of(work, now, written, chosen)
        if not (chosen or report.site_left or report.diagnostics or any(issue.kept for issue in work.issues)):
            save_settled(work, now, Settled(*(getattr(report, name) for name in Settled.__slots__)))
    return report


def _report_of(settled: Settled) -> BuildReport:
    """The report of a build with nothing to do."""
    shown = {name: getattr(settled, name) for name in Settled.__slots__}
    return BuildReport(made=(), written=(), removed=(), diagnostics=(), **shown)


def make_all(
    work: Build,
    now: datetime,
    chosen: Collection[str] = (),
    processes: int | None = None,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> None:
    """Makes the outdated outputs of all issues, or of the `chosen` ones."""
    from newsletter.build.plan import plan

    going_on = True
    while (
        going_on
    ):  # Repeated only if an issue cannot be built, because the issues that depend on it must be planned again.
        plan(work, now)
        jobs = [issue.job for issue in work.issues if issue.job and (not chosen or _is_due(issue, chosen))]
        kept = {issue.file.path: issue.kept for issue in work.issues if issue.kept}
        work.made = kept | {job.file.path: work.made[job.file.path] for job in jobs if job.file.path in work.made}
        _make(work, [job for job in jobs if work.done.get(job.file.path) != job], processes, progress, executor)
        going_on = _refuse(work) or _make_pictures(work, processes, progress)


def report_of(work: Build, now: datetime, written: WrittenOutputs, chosen: Collection[str] = ()) -> BuildReport:
    """The result of a build."""
    from newsletter.archive.record import ARCHIVE

    ready = [issue for issue in work.issues if work.record and _is_ready(issue, now)]
    return BuildReport(
        issues=len(work.issues),
        made=tuple(work.made),
        written=written.written,
        removed=written.removed,
        published=sum(issue.public for issue in work.issues),
        diagnostics=tuple(dict.fromkeys(found for issue in work.issues for found in issue.diagnostics)),
        refused=sum(bool(issue.diagnostics) for issue in work.issues),
        waiting=sum(issue.job is not None and issue.file.path not in work.made for issue in work.issues),
        site_left=written.site_left,
        invented=work.project.invented if work.settings.invented else (),
        held=sum(issue.waits for issue in work.issues),
        errors=tuple(
            (issue.file.path, issue.last().errors)
            for issue in work.issues
            if issue.last().errors
            and not issue.diagnostics
            and (not chosen or issue.file.path in chosen)
            and not issue.file.path.startswith(f"{ARCHIVE}/")  # an issue that was published once is not checked again
        ),
        changed=tuple(work.changed),
        ready=tuple(issue.file.path for issue in ready),
        taken=_taken_among(work, ready) if ready else (),
    )


def _taken_among(work: Build, ready: Sequence[BuildIssue]) -> tuple[str, ...]:
    """The paths of issues that cannot be published, because their id or address is another issue's."""
    from newsletter.project.published import taken_names

    return tuple(
        issue.file.path for issue in ready if any(taken_names(work.record, issue.facts.id, issue.facts.slug, None))
    )


def _is_ready(issue: BuildIssue, now: datetime) -> bool:
    """Whether an issue would be public if it were published."""
    return not (issue.standing or issue.withdrawn or issue.diagnostics) and issue.facts.published_by(now)


def _is_due(issue: BuildIssue, chosen: Collection[str]) -> bool:
    """Whether an issue is to be built: it was chosen, or takes another issue's place in the feeds."""
    comes_in = issue.job is not None and issue.job.feed and issue.has_page() and not issue.before.feed
    return issue.file.path in chosen or comes_in


def _load() -> None:
    """Imports all modules that making an issue needs, so that forked processes have them."""
    for name in (
        "check",
        "project.checking",
        "project.letters",
        "render.campaign",
        "render.email",
        "render.feed",
        "render.page",
        "render.text",
        "services",
    ):
        import_module(f"newsletter.{name}")


def _make(
    work: Build,
    jobs: list[BuildJob],
    processes: int | None,
    progress: Progress | None,
    executor: Executor | None,
) -> None:
    if not jobs:
        return
    if work.settings.search:
        from newsletter.archive.search_page import require_pagefind

        require_pagefind()
    from newsletter.build.issue import make
    from newsletter.build.spool import Spool
    from newsletter.check.facts.history import OtherIssue
    from newsletter.project.mail_memory import MailMemory
    from newsletter.project.team import CHUNK
    from newsletter.project.workers import WORTH_IT, run_jobs

    work.project.mail_memory = MailMemory(work.project.workspace)
    work.project.covers = {}
    work.project.others = tuple(
        OtherIssue(issue.file.path, issue.facts.slug, issue.facts.number) for issue in work.issues
    )
    if executor is not None:
        from newsletter.project.executors import hand_over

        results = hand_over(executor, work.root, make, jobs, CHUNK)
    else:
        if len(jobs) > WORTH_IT:
            work.project.warm()
            _load()
        results = run_jobs(work.project, make, jobs, processes)
    spool = Spool(work.root) if len(jobs) > IN_MEMORY else None
    for count, made in enumerate(results, 1):
        work.made[made.path], work.done[made.path] = _taken(work, made, spool), jobs[count - 1]
        if progress:
            progress("issues", count, len(jobs))


def _taken(work: Build, made: Made, spool: Spool | None) -> Made:
    """The result, with its texts in the text store and its outputs in the spool until they are written."""
    from newsletter.writing import content_of

    outputs = {name: spool.put(content_of(given)) for name, given in made.outputs.items()} if spool else made.outputs
    return replace(made, outputs=outputs, feed=work.texts.put(made.feed), campaign=work.texts.put(made.campaign))


def _make_pictures(work: Build, processes: int | None, progress: Progress | None) -> bool:
    """Makes the missing pictures. Returns whether an issue was dropped because of a broken one."""
    if not any(made.images for made in work.made.values()):
        return False
    from newsletter.build import pictures
    from newsletter.project.workers import run_jobs

    jobs = pictures.jobs_for(work.root, (image for made in work.made.values() for image in made.images))
    faults = []
    made_all = run_jobs(work.project, pictures.make_picture, jobs, processes, worth_it=pictures.WORTH_IT)
    for count, fault in enumerate(made_all, 1):
        faults += [fault] if fault else []
        if progress:
            progress("pictures", count, len(jobs))
    given_up = [issue for issue in work.issues if _give_up(work, issue, faults)] if faults else []
    return bool(given_up)


def _refuse(work: Build) -> bool:
    """Drops the issues that must not be built. Returns whether there were any."""
    refused = [issue for issue in work.issues if (made := work.made.get(issue.file.path)) and made.faults]
    for issue in refused:
        _take_back(work, issue, work.made[issue.file.path].faults)
    return bool(refused)


def _give_up(work: Build, issue: BuildIssue, faults: Sequence[PictureFault]) -> bool:
    """Drops an issue if it shows a broken picture. Returns whether it does."""
    made = work.made.get(issue.file.path)
    names = {image.source for image in made.images} | {image.still_source for image in made.images} if made else set()
    broken = [fault for fault in faults if fault.source in names]
    if made is None or not broken:
        return False
    from newsletter.build.issue import broken_picture

    _take_back(work, issue, tuple(broken_picture(work.project, made, fault) for fault in broken))
    return True


def _hold_what_has_errors(work: Build, chosen: Collection[str], processes: int | None) -> None:
    """Drops issues with errors: all of them, or the `chosen` ones. Published issues are not checked again."""
    from newsletter.build.errors import all_errors
    from newsletter.project.mail_memory import MailMemory

    work.project.mail_memory = MailMemory(work.project.workspace)
    asked = {
        issue.file.path: issue
        for issue in work.issues
        if not (issue.diagnostics or issue.standing) and (not chosen or issue.file.path in chosen)
    }
    errors = all_errors(work.project, [issue.file for issue in asked.values()], processes)
    for path, found in errors.items():
        _take_back(work, asked[path], found)


def _take_back(work: Build, issue: BuildIssue, diagnostics: tuple[Diagnostic, ...]) -> None:
    from newsletter.build.facts import IssueFacts

    issue.diagnostics = diagnostics
    work.made.pop(issue.file.path, None)
    issue.memory = issue.before
    if issue.memory.facts:
        issue.facts = IssueFacts(**issue.memory.facts)
