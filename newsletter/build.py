"""The build: every issue becomes its e-mail, text and page; all together become the web archive and the feeds.

The road, in order (each step is one function below):

1. survey   what each issue is now: unchanged since the last build, or read again as far as its front matter
2. plan     their order and neighbours; from these, for each issue, a key of all that its outputs depend on
3. make     the outputs of the issues whose key is not the remembered one (above 50 of them, in several processes)
4. site     the archive's index, its style and the feeds, where what they show has changed
5. write    everything at once; outputs of issues that are gone are removed, files that are not ours stay

The result depends on the sources and on `now` (which decides what is published) and on nothing else: with or without
the cache of earlier builds, and in any number of processes, the same bytes come out.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import newsletter
from newsletter.bundled import templates_folder
from newsletter.files import write_all
from newsletter.press import cache
from newsletter.press.cache import Remembered, State, digest, stamp_of
from newsletter.press.making import Facts, Job, Made, double_slug, facts_of, make
from newsletter.press.site import site_key, site_outputs
from newsletter.press.studio import Studio
from newsletter.workspace import issue_files, load_workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsletter.diagnostics import Diagnostic
    from newsletter.workspace import IssueFile, Workspace

    Progress = Callable[[int, int], None]
    """Called with how many issues are done, and of how many."""

PROCESSES_FROM = 50
"""Below so many issues to make, starting processes costs more than it saves."""
CHUNK = 4
"""Issues handed to a process at once."""


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


@dataclass(slots=True)
class _Surveyed:
    """An issue in this build."""

    file: IssueFile
    facts: Facts
    memory: Remembered
    diagnostics: tuple[Diagnostic, ...] = ()
    blocked: bool = False
    """It cannot be read: earlier outputs stay as they are."""
    public: bool = False
    job: Job | None = None
    key: str = ""


@dataclass(slots=True)
class _Build:
    """The state of a build between its steps."""

    studio: Studio
    state: State
    base: str
    """Fingerprint of all that every output depends on: the tool, newsletter.yaml, templates."""
    issues: list[_Surveyed] = field(default_factory=list)
    made: dict[str, Made] = field(default_factory=dict)


def build(
    root: Path,
    *,
    now: datetime,
    only: Sequence[IssueFile] = (),
    processes: int | None = None,
    fresh: bool = False,
    progress: Progress | None = None,
) -> BuildReport:
    """Builds the workspace at `root`; only the issues in `only` (then without index and feeds), where it is given.

    `now` (aware) decides which issues are published. `fresh` makes everything anew. Raises UsageError,
    ConfigurationError and WorldError; then nothing was written.
    """
    workspace = load_workspace(root)
    state = State() if fresh else cache.load_state(root)
    work = _Build(Studio(workspace, cache=root / cache.CACHE), state, _base_key(workspace))
    work.issues = [_survey(work, file) for file in issue_files(root)]
    _plan(work, now)
    chosen = {file.path for file in only}
    dirty = [issue for issue in work.issues if issue.job and (not chosen or issue.file.path in chosen)]
    for made in _make_all(work.studio, [issue.job for issue in dirty if issue.job], processes, progress):
        work.made[made.path] = made
    return _write(work, whole=not chosen)


# ── 1. survey ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _base_key(workspace: Workspace) -> str:
    package = os.path.dirname(newsletter.__file__)
    # The program's own files by stamp, not by content: enough to notice an update, and cheap.
    program = [f"{path}{stamp_of(path)}" for path in _python_files(package)]
    trees = cache.fingerprint_tree((workspace.root / "templates", templates_folder()))
    publication = workspace.publication
    named = (
        publication.theme.logo,
        publication.theme.logo_dark,
        *(who.picture for who in publication.authors.values()),
    )
    pictures = [_fingerprint(workspace.root / name) for name in named if name]
    settings = (workspace.root / "newsletter.yaml").read_bytes()
    return digest(newsletter.__version__, *program, trees, settings, *pictures)


def _python_files(package: str) -> Iterator[str]:
    for where, folders, files in os.walk(package):
        folders.sort()
        yield from (os.path.join(where, name) for name in sorted(files) if name.endswith(".py"))


def _fingerprint(path: Path) -> str:
    try:
        return digest(path.read_bytes())
    except OSError:
        return ""


def _survey(work: _Build, file: IssueFile) -> _Surveyed:
    path = work.studio.workspace.root / file.path
    memory = work.state.issues.get(file.path) or Remembered()
    stamp = stamp_of(path)
    if memory.facts and memory.key and memory.stamp == stamp and not _recent(work.state, stamp):
        return _Surveyed(file, Facts(**memory.facts), memory)
    content = _fingerprint(path)
    if memory.facts and memory.key and memory.content == content:
        memory.stamp = stamp
        return _Surveyed(file, Facts(**memory.facts), memory)
    facts, diagnostics = facts_of(work.studio, file)
    if diagnostics:
        # What cannot be read keeps what the last build knew of it, so that its outputs and links to it stay.
        known = Facts(**memory.facts) if memory.facts else facts
        return _Surveyed(file, known, memory, diagnostics, blocked=True)
    fresh = Remembered(content, stamp, outputs=memory.outputs)
    return _Surveyed(file, facts, fresh)


def _recent(state: State, stamp: cache.Stamp | None) -> bool:
    # A file changed in the same tick as the last save may have changed again since with the same stamp.
    return stamp is not None and stamp[0] >= state.saved


# ── 2. plan ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _plan(work: _Build, now: datetime) -> None:
    work.issues.sort(key=lambda issue: issue.facts.order)
    _block_double_slugs(work.issues)
    for issue in work.issues:
        known = not issue.blocked or bool(issue.memory.outputs)
        issue.public = known and issue.facts.published_by(now)
    public = [issue for issue in work.issues if issue.public]
    newest = {id(issue) for issue in public[-work.studio.publication.feeds.entries :]}
    neighbours = {id(issue): near for issue, near in zip(public, _neighbours(public), strict=True)}
    for issue in work.issues:
        if issue.blocked:
            continue
        before, after = neighbours.get(id(issue), (None, None))
        job = Job(issue.file, issue.public, id(issue) in newest, before, after)
        issue.key = _key(work, issue, job)
        if issue.key != issue.memory.key or not _intact(work.studio.workspace.root, issue.memory.outputs):
            issue.job = job


def _neighbours(public: list[_Surveyed]) -> Iterator[tuple[Facts | None, Facts | None]]:
    for index in range(len(public)):
        before = public[index - 1].facts if index else None
        after = public[index + 1].facts if index + 1 < len(public) else None
        yield before, after


def _block_double_slugs(issues: list[_Surveyed]) -> None:
    owners: dict[str, _Surveyed] = {}
    for issue in issues:
        owner = owners.setdefault(issue.facts.slug.casefold(), issue)
        if owner is not issue and not issue.blocked:
            issue.blocked = True
            issue.diagnostics = (double_slug(issue.file, owner.file, issue.facts.slug),)
            issue.memory.outputs = {}


def _key(work: _Build, issue: _Surveyed, job: Job) -> str:
    memory, root = issue.memory, work.studio.workspace.root
    for name, (stamp, _) in memory.needs.items():
        now = stamp_of(root / name)
        if now != stamp or _recent(work.state, now):
            memory.needs[name] = (now, _fingerprint(root / name) if now else "")
    return job_key(work.base, memory, job)


def job_key(base: str, memory: Remembered, job: Job) -> str:
    """The fingerprint of everything that the outputs of one issue depend on."""
    needs = [(name, fingerprint) for name, (_, fingerprint) in sorted(memory.needs.items())]
    near = [(fact.slug, fact.title, fact.number) if fact else None for fact in (job.previous, job.following)]
    return digest(base, memory.content, json.dumps([needs, near, job.public, job.feed]))


def _intact(root: Path, outputs: dict[str, cache.Stamp | None]) -> bool:
    base = f"{root}{os.sep}"
    return bool(outputs) and all(stamp_of(base + name) == stamp for name, stamp in outputs.items())


# ── 3. make ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _make_all(studio: Studio, jobs: list[Job], processes: int | None, progress: Progress | None) -> Iterator[Made]:
    count = processes or (os.cpu_count() or 1)
    if len(jobs) <= PROCESSES_FROM or count == 1:
        source: Iterator[Made] = (make(studio, job) for job in jobs)
    else:
        source = _in_processes(studio, jobs, count)
    for done, made in enumerate(source, 1):
        if progress:
            progress(done, len(jobs))
        yield made


_STUDIO: Studio | None = None
"""Of a worker process only."""


def _in_processes(studio: Studio, jobs: list[Job], count: int) -> Iterator[Made]:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    global _STUDIO  # noqa: PLW0603 - forked workers inherit what is loaded already; spawned ones load their own
    forks = "fork" in multiprocessing.get_all_start_methods() and os.name == "posix" and not _is_mac()
    if forks:
        studio.warm()
    _STUDIO = studio if forks else None
    context = multiprocessing.get_context("fork" if forks else "spawn")
    start = (str(studio.workspace.root),) if not forks else None
    try:
        with ProcessPoolExecutor(count, mp_context=context, initializer=_start_worker, initargs=(start,)) as pool:
            yield from pool.map(_work, jobs, chunksize=CHUNK)
    finally:
        _STUDIO = None


def _is_mac() -> bool:
    import sys

    return sys.platform == "darwin"  # where forking a process that has used system libraries is not safe


def _start_worker(start: tuple[str] | None) -> None:
    import gc

    gc.freeze()
    if start is not None:
        from pathlib import Path

        global _STUDIO  # noqa: PLW0603 - one studio a process is the point
        root = Path(start[0])
        _STUDIO = Studio(load_workspace(root), cache=root / cache.CACHE)


def _work(job: Job) -> Made:
    if _STUDIO is None:
        msg = "a worker was used before it was started"
        raise RuntimeError(msg)
    return make(_STUDIO, job)


# ── 4. site and 5. write ────────────────────────────────────────────────────────────────────────────────────────────


def _write(work: _Build, *, whole: bool) -> BuildReport:
    root, state = work.studio.workspace.root, work.state
    outputs: dict[str, bytes] = {}
    for issue in work.issues:
        made = work.made.get(issue.file.path)
        if made:
            outputs.update(made.outputs)
            outputs.update(_pictures(root, made, issue.memory))
            _remember(work, issue, made)
    expected = {name for issue in work.issues for name in issue.memory.outputs}
    if whole:
        public = [issue for issue in work.issues if issue.public]
        key = site_key(work.base, [(issue.memory.facts, issue.memory.feed) for issue in public])
        if key != state.site_key or not _intact(root, state.site_outputs):
            made_site = site_outputs(work.studio, [(issue.memory.facts, issue.memory.feed) for issue in public])
            outputs.update(made_site)
            state.site_key, state.site_outputs = key, dict.fromkeys(made_site)
    expected |= state.site_outputs.keys()
    manifest = cache.load_manifest(root)
    gone = sorted(manifest - expected) if whole else []
    known = frozenset(expected) if whole else manifest | expected
    if known != manifest:
        # Written first, and with what is about to go: a crash in between leaves nothing that no manifest knows.
        write_all(root, {cache.MANIFEST: cache.dump_manifest(known | set(gone))})
    written = write_all(root, outputs, remove=gone).written if outputs or gone else ()
    if gone:
        write_all(root, {cache.MANIFEST: cache.dump_manifest(known)})
    if work.made or gone or outputs:
        _save(work)
    diagnostics = tuple(found for issue in work.issues for found in issue.diagnostics)
    count = sum(issue.public for issue in work.issues)
    return BuildReport(len(work.issues), tuple(work.made), tuple(written), tuple(gone), count, diagnostics)


def _pictures(root: Path, made: Made, memory: Remembered) -> dict[str, bytes]:
    """The pictures of an issue that do not stand where they should yet. Their names follow their content."""
    missing = {}
    for name, stored in made.pictures.items():
        stamp = memory.outputs.get(name)
        if stamp is None or stamp_of(root / name) != stamp:
            missing[name] = (root / stored).read_bytes()
    return missing


def _remember(work: _Build, issue: _Surveyed, made: Made) -> None:
    root, memory = work.studio.workspace.root, issue.memory
    memory.needs = {}
    for name in made.needs:
        stamp = stamp_of(root / name)
        memory.needs[name] = (stamp, _fingerprint(root / name) if stamp else "")
    memory.facts = made.facts
    memory.feed = made.feed
    memory.outputs = {**dict.fromkeys(made.outputs), **{name: memory.outputs.get(name) for name in made.pictures}}
    if issue.job:
        memory.key = job_key(work.base, memory, issue.job)


def _save(work: _Build) -> None:
    root, state = work.studio.workspace.root, work.state
    state.issues = {issue.file.path: issue.memory for issue in work.issues if issue.memory.facts}
    base = f"{root}{os.sep}"
    for issue in work.issues:
        if issue.file.path in work.made:
            issue.memory.outputs = {name: stamp_of(base + name) for name in issue.memory.outputs}
    state.site_outputs = {name: stamp_of(base + name) for name in state.site_outputs}
    state.saved = time.time_ns()
    write_all(root, {cache.STATE: cache.dump_state(state)})
