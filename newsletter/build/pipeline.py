"""The build: every issue becomes its e-mail, text and page; all together become the web archive and the feeds.

The road, in order (each step is a part of this file):

1. survey   what each issue is now: unchanged since the last build, or read again as far as its front matter
2. plan     their order and neighbours; from these, for each issue, a key of all that its outputs depend on
3. make     the outputs of the issues whose key is not the remembered one (above 50 of them, in several processes), then
            the pictures that they show and that are not kept from earlier builds; an issue with a broken one, or one that
            would give away what is for paying readers, stays as it was
4. site     the archive's index, its style and the feeds, where what they show has changed
5. write    everything at once; outputs of issues that are gone are removed, files that are not ours stay

The result depends on the sources and on `now` (which decides what is published) and on nothing else: with or without
the cache of earlier builds, and in any number of processes, the same bytes come out.

Nothing is imported before it is needed: a build with nothing to do reads no YAML and loads no template.
"""

from __future__ import annotations

import json
import os
from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING

import newsletter
from newsletter.build.facts import EMAIL_FOLDER, PUBLIC_FOLDER, BuildJob, IssueFacts
from newsletter.bundled import templates_folder
from newsletter.config.workspace import issue_files
from newsletter.project import cache
from newsletter.project.cache import Remembered, RememberedSettings, State, digest, stamp_of
from newsletter.project.workers import WORTH_IT, run_jobs
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsletter.build.facts import Made
    from newsletter.build.pictures import PictureFault
    from newsletter.config.workspace import IssueFile
    from newsletter.diagnostics import Diagnostic
    from newsletter.project.project import Project

if TYPE_CHECKING:
    Progress = Callable[[str, int, int], None]
    """Called with what is being made (`issues`, `pictures`), how many are done, and of how many."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did."""

    issues: int
    """In the workspace."""
    made: tuple[str, ...]
    """Paths of the issues whose outputs were made anew."""
    written: tuple[str, ...]
    """Outputs written, relative to the workspace."""
    removed: tuple[str, ...]
    published: int
    """Issues in the archive: neither drafts nor future."""
    diagnostics: tuple[Diagnostic, ...]
    """What kept an issue from being built; its earlier outputs are as they were."""
    waiting: int = 0
    """Issues that are not up to date, as only some were to be built."""
    site_left: bool = False
    """Whether index and feeds are as they were: only some issues were built, and no earlier build tells of the others."""


def build(
    root: Path,
    *,
    now: datetime,
    only: Sequence[IssueFile] = (),
    processes: int | None = None,
    fresh: bool = False,
    progress: Progress | None = None,
) -> BuildReport:
    """Builds the workspace at `root`; where `only` is given, these issues alone, and index and feeds with what they are now.

    `now` (aware) decides which issues are published. `fresh` makes everything anew. Raises UsageError,
    ConfigurationError and WorldError; then nothing was written.
    """
    work = _Build(root, State() if fresh else cache.load_state(root))
    work.issues = [_survey(work, file) for file in issue_files(root)]
    chosen = {file.path for file in only}
    going_on = True
    while going_on:  # once, but where an issue is given up: then what it was to others is planned anew
        _plan(work, now)
        jobs = [issue.job for issue in work.issues if issue.job and (not chosen or _is_due(issue, chosen))]
        work.made = {job.file.path: work.made[job.file.path] for job in jobs if job.file.path in work.made}
        _make(work, [job for job in jobs if work.done.get(job.file.path) != job], processes, progress)
        going_on = _refuse(work) or _make_pictures(work, processes, progress)
    return _write(work, whole=not chosen)


@dataclass(slots=True)
class _Surveyed:
    """An issue in this build."""

    file: IssueFile
    facts: IssueFacts
    memory: Remembered
    diagnostics: tuple[Diagnostic, ...] = ()
    """What keeps it from being built: its earlier outputs stay as they are."""
    public: bool = False
    job: BuildJob | None = None
    before: Remembered = field(default_factory=Remembered)
    """As the last build left it."""

    def last(self) -> Remembered:
        """What its outputs are made from, whether in this build or in an earlier one."""
        return self.memory if self.memory.facts else self.before

    def stands(self) -> bool:
        """Whether its page is in the web archive, from an earlier build."""
        return any(name.startswith(f"{PUBLIC_FOLDER}/") for name in self.before.outputs)


def _is_due(issue: _Surveyed, chosen: set[str]) -> bool:
    """Whether an issue is to be built where only some are: one of these, or one that comes into the feeds for another."""
    comes_in = issue.job is not None and issue.job.feed and issue.stands() and not issue.before.feed
    return issue.file.path in chosen or comes_in


@dataclass
class _Build:
    """A build between its steps."""

    root: Path
    state: State
    issues: list[_Surveyed] = field(default_factory=list)
    made: dict[str, Made] = field(default_factory=dict)
    done: dict[str, BuildJob] = field(default_factory=dict)
    """The jobs that `made` came from, by path."""

    @cached_property
    def settings(self) -> RememberedSettings:
        """What newsletter.yaml says, as far as planning needs it: remembered while the file is the same."""
        fingerprint = _fingerprint(self.root / "newsletter.yaml")
        if not fingerprint or fingerprint != self.state.settings.fingerprint:
            publication = self.project.publication
            theme = publication.theme
            named = (theme.logo, theme.logo_dark, *(author.picture for author in publication.authors.values()))
            pictures = [name for name in named if name]
            self.state.settings = RememberedSettings(fingerprint, publication.feeds.entries, pictures)
        return self.state.settings

    @cached_property
    def project(self) -> Project:
        """Reads and renders; made for the first issue that has to be looked at."""
        from newsletter.config.load import load_workspace
        from newsletter.project.project import Project

        return Project(load_workspace(self.root), cache=self.root / cache.CACHE)

    @cached_property
    def base(self) -> str:
        """The fingerprint of all that every output depends on: the tool, newsletter.yaml, templates, portraits."""
        # The program's own files by stamp, not by content: enough to notice an update, and cheap.
        program = cache.stamps_in(os.path.dirname(newsletter.__file__), ".py")
        trees = cache.fingerprint_tree((self.root / "templates", templates_folder()))
        pictures = [_fingerprint(self.root / name) for name in self.settings.pictures]
        return digest(newsletter.__version__, *program, trees, self.settings.fingerprint, *pictures)


def _fingerprint(path: Path) -> str:
    try:
        return digest(path.read_bytes())
    except OSError:
        return ""


# ── 1. survey ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _survey(work: _Build, file: IssueFile) -> _Surveyed:
    path = f"{work.root}/{file.path}"
    memory = work.state.issues.get(file.path) or Remembered()
    stamp = stamp_of(path)
    if memory.key and memory.stamp == stamp and not _recent(work.state, stamp):
        return _Surveyed(file, IssueFacts(**memory.facts), memory, before=memory)
    content = _fingerprint(work.root / file.path)
    if memory.key and memory.content == content:
        memory.stamp = stamp
        return _Surveyed(file, IssueFacts(**memory.facts), memory, before=memory)
    from newsletter.build.issue import facts_of

    facts, faults = facts_of(work.project, file)
    if faults:
        # What cannot be read keeps what the last build knew of it, so that its outputs and the links to it stay.
        return _Surveyed(file, IssueFacts(**memory.facts) if memory.facts else facts, memory, faults)
    return _Surveyed(file, facts, Remembered(content, stamp, outputs=memory.outputs), before=memory)


def _recent(state: State, stamp: cache.Stamp | None) -> bool:
    # A file changed in the same tick as the last save may have changed again since with the same stamp.
    return stamp is not None and stamp[0] >= state.saved


# ── 2. plan ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _plan(work: _Build, now: datetime) -> None:
    work.issues.sort(key=lambda issue: issue.facts.order)
    _refuse_double_slugs(work.issues)
    for issue in work.issues:
        known = not issue.diagnostics or bool(issue.memory.outputs)
        issue.public = known and issue.facts.published_by(now)
    public = [issue for issue in work.issues if issue.public]
    newest = {issue.file.path for issue in public[-work.settings.entries :]}
    neighbours = dict(zip((issue.file.path for issue in public), _neighbours(public), strict=True))
    for issue in work.issues:
        issue.job = None
        if issue.diagnostics:
            continue
        path = issue.file.path
        job = BuildJob(issue.file, issue.public, path in newest, *neighbours.get(path, (None, None)))
        _look_at_needs(work, issue.memory)
        if _key(work.base, issue.memory, job) != issue.memory.key or not _intact(work.root, issue.memory.outputs):
            issue.job = job


def _neighbours(public: list[_Surveyed]) -> Iterator[tuple[IssueFacts | None, IssueFacts | None]]:
    for index in range(len(public)):
        before = public[index - 1].facts if index else None
        after = public[index + 1].facts if index + 1 < len(public) else None
        yield before, after


def _refuse_double_slugs(issues: list[_Surveyed]) -> None:
    owners: dict[str, _Surveyed] = {}
    for issue in issues:
        owner = owners.setdefault(issue.facts.slug.casefold(), issue)
        if owner is not issue and not issue.diagnostics:
            from newsletter.build.issue import double_slug

            issue.diagnostics = (double_slug(issue.file, owner.file, issue.facts.slug),)
            issue.memory.outputs = {}


def _look_at_needs(work: _Build, memory: Remembered) -> None:
    """Brings up to date what is remembered of the other files that an issue was made from."""
    for name, (stamp, _) in memory.needs.items():
        now = stamp_of(f"{work.root}/{name}")
        if now != stamp or _recent(work.state, now):
            memory.needs[name] = (now, _fingerprint(work.root / name) if now else "")


def _key(base: str, memory: Remembered, job: BuildJob) -> str:
    """The fingerprint of everything that the outputs of one issue depend on."""
    needs = [(name, fingerprint) for name, (_, fingerprint) in sorted(memory.needs.items())]
    near = [(fact.slug, fact.title, fact.number) if fact else None for fact in (job.previous, job.following)]
    return digest(base, memory.content, json.dumps([needs, near, job.public, job.feed]))


def _intact(root: Path, outputs: dict[str, cache.Stamp | None]) -> bool:
    return bool(outputs) and all(stamp_of(f"{root}/{name}") == stamp for name, stamp in outputs.items())


# ── 3. make ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _make(work: _Build, jobs: list[BuildJob], processes: int | None, progress: Progress | None) -> None:
    if not jobs:
        return
    from newsletter.build.issue import make

    if len(jobs) > WORTH_IT:
        work.project.warm()
    for count, made in enumerate(run_jobs(work.project, make, jobs, processes), 1):
        work.made[made.path], work.done[made.path] = made, jobs[count - 1]
        if progress:
            progress("issues", count, len(jobs))


def _refuse(work: _Build) -> bool:
    """Gives up the issues that are not to be built; whether there were any."""
    refused = [issue for issue in work.issues if (made := work.made.get(issue.file.path)) and made.faults]
    for issue in refused:
        _take_back(work, issue, work.made[issue.file.path].faults)
    return bool(refused)


def _make_pictures(work: _Build, processes: int | None, progress: Progress | None) -> bool:
    """Makes what pictures are missing; whether issues had to be given up for a broken one."""
    if not any(made.images for made in work.made.values()):
        return False
    from newsletter.build import pictures

    jobs = pictures.jobs_for(work.root, (image for made in work.made.values() for image in made.images))
    faults = []
    made_all = run_jobs(work.project, pictures.make_picture, jobs, processes, worth_it=pictures.WORTH_IT)
    for count, fault in enumerate(made_all, 1):
        faults += [fault] if fault else []
        if progress:
            progress("pictures", count, len(jobs))
    given_up = [issue for issue in work.issues if _give_up(work, issue, faults)] if faults else []
    return bool(given_up)


def _give_up(work: _Build, issue: _Surveyed, faults: Sequence[PictureFault]) -> bool:
    """Takes back what was made of an issue that shows a broken picture: its earlier outputs stay as they are."""
    made = work.made.get(issue.file.path)
    names = {image.source for image in made.images} | {image.still_source for image in made.images} if made else set()
    broken = [fault for fault in faults if fault.source in names]
    if made is None or not broken:
        return False
    from newsletter.build.issue import broken_picture

    _take_back(work, issue, tuple(broken_picture(work.project, made, fault) for fault in broken))
    return True


def _take_back(work: _Build, issue: _Surveyed, diagnostics: tuple[Diagnostic, ...]) -> None:
    issue.diagnostics = diagnostics
    del work.made[issue.file.path]
    issue.memory = issue.before
    if issue.memory.facts:
        issue.facts = IssueFacts(**issue.memory.facts)


# ── 4. site and 5. write ────────────────────────────────────────────────────────────────────────────────────────────


def _write(work: _Build, *, whole: bool) -> BuildReport:
    outputs: dict[str, bytes] = {}
    earlier: set[str] = set()
    for issue in work.issues:
        made = work.made.get(issue.file.path)
        if made:
            earlier |= issue.memory.outputs.keys()
            outputs.update(made.outputs)
            outputs.update(_pictures(work.root, made, issue.memory))
            _remember(work, issue, made)
    public = [issue for issue in work.issues if issue.public and (whole or issue.memory.facts or issue.stands())]
    known = whole or bool(work.state.site_key)
    if known:
        outputs.update(_site(work, public))
    expected = work.state.site_outputs.keys() | {name for issue in work.issues for name in issue.memory.outputs}
    here = {issue.file.path for issue in work.issues}
    earlier |= {name for path, old in work.state.issues.items() if path not in here for name in old.outputs}
    manifest = cache.load_manifest(work.root)
    # Where nothing is remembered of an issue, its folders tell what was made of it.
    folders = tuple(
        f"{top}/{issue.facts.slug}/"
        for issue in work.issues
        if issue.file.path in work.made
        for top in (PUBLIC_FOLDER, EMAIL_FOLDER)
    )
    earlier |= {name for name in manifest if folders and name.startswith(folders)}
    # What an issue no longer has goes at once, however few are built: it may not be for everybody any more.
    gone = sorted(manifest - expected if whole else manifest & earlier - expected)
    kept = expected if whole else (manifest | expected) - set(gone)
    written = _put_in_place(work.root, outputs, gone, manifest, kept)
    if work.made or outputs or gone:
        _save(work)
    return BuildReport(
        issues=len(work.issues),
        made=tuple(work.made),
        written=written,
        removed=tuple(gone),
        published=sum(issue.public for issue in work.issues),
        diagnostics=tuple(dict.fromkeys(found for issue in work.issues for found in issue.diagnostics)),
        waiting=sum(issue.job is not None and issue.file.path not in work.made for issue in work.issues),
        site_left=not known,
    )


def _site(work: _Build, public: Sequence[_Surveyed]) -> dict[str, bytes]:
    from newsletter.build.site import site_key, site_outputs

    state = work.state
    entries = [(issue.last().facts, issue.last().feed) for issue in public]
    key = site_key(work.base, entries)
    if key == state.site_key and _intact(work.root, state.site_outputs):
        return {}
    outputs = site_outputs(work.project, entries)
    state.site_key, state.site_outputs = key, dict.fromkeys(outputs)
    return outputs


def _put_in_place(
    root: Path,
    outputs: dict[str, bytes],
    gone: list[str],
    manifest: frozenset[str],
    expected: frozenset[str] | set[str],
) -> tuple[str, ...]:
    if not (outputs or gone) and manifest == expected:
        return ()
    from newsletter.files import write_all

    if manifest != expected | set(gone):
        # Before the outputs, and with those about to go: a crash in between leaves nothing that no manifest knows.
        write_all(root, {cache.MANIFEST: cache.dump_manifest(expected | set(gone))})
    written = write_all(root, outputs, remove=gone).written
    if gone:
        write_all(root, {cache.MANIFEST: cache.dump_manifest(expected)})
    return tuple(written)


def _pictures(root: Path, made: Made, memory: Remembered) -> dict[str, bytes]:
    """The pictures of an issue that do not stand where they should yet. Their names follow their content."""
    missing = {}
    for name, stored in made.pictures.items():
        stamp = memory.outputs.get(name)
        if stamp is None or stamp_of(root / name) != stamp:
            missing[name] = (root / stored).read_bytes()
    return missing


def _remember(work: _Build, issue: _Surveyed, made: Made) -> None:
    memory = issue.memory
    memory.needs = dict.fromkeys(made.needs, (None, ""))
    _look_at_needs(work, memory)
    memory.facts, memory.feed = made.facts, made.feed
    memory.outputs = {**dict.fromkeys(made.outputs), **{name: memory.outputs.get(name) for name in made.pictures}}
    if issue.job:
        memory.key = _key(work.base, memory, issue.job)


def _save(work: _Build) -> None:
    import time

    from newsletter.files import write_all

    state = work.state
    state.issues = {issue.file.path: issue.last() for issue in work.issues if issue.last().facts}
    for issue in work.issues:
        if issue.file.path in work.made:
            issue.memory.outputs = {name: stamp_of(f"{work.root}/{name}") for name in issue.memory.outputs}
    state.site_outputs = {name: stamp_of(f"{work.root}/{name}") for name in state.site_outputs}
    if work.made:
        from newsletter.build.pictures import prune

        shown = {name.rpartition("/")[2] for issue in work.issues for name in issue.memory.outputs}
        prune(work.root, shown, time.time())
    state.saved = time.time_ns()
    write_all(work.root, {cache.STATE: cache.dump_state(state)})
