"""When what is checked, and what of it goes to the editor.

The event loop reads messages and keeps the texts; one thread reads and checks, a job after another, so that typing never
waits; another reads the past of a publication, which may take seconds the first time.
"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from lsprotocol import types

from newsletter.config.workspace import CONFIGURATION
from newsletter.errors import ConfigurationError, NewsletterError
from newsletter.lsp.buffer import UTF16, Buffer
from newsletter.lsp.documents import OpenWorkspace, WorkspaceHistory, past_of
from newsletter.lsp.findings import EditorSupport, all_shown, not_checked
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from newsletter.diagnostics import Diagnostic

if TYPE_CHECKING:
    Publish = Callable[[types.PublishDiagnosticsParams], None]
    Told = Callable[[BaseException], None]

Answer = TypeVar("Answer")
PAUSE = 0.15
"""Seconds without another change after which a text is checked."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done at a desk next."""

    configuration: bool = False
    """Whether to read it anew."""
    issues: frozenset[Path] | None = frozenset()
    """To check; None: all that are open."""

    def also(self, other: Task) -> Task:
        """Both."""
        either = None if self.issues is None or other.issues is None else self.issues | other.issues
        return Task(self.configuration or other.configuration, either)


class Newsroom:
    """All that is open, and the desks where it is worked at. Its methods run in the event loop."""

    def __init__(self, publish: Publish, told: Told) -> None:
        self.client = EditorSupport()
        self.encoding: str = UTF16
        self.buffers: dict[Path, Buffer] = {}
        self.desks: dict[Path, OpenWorkspace] = {}
        self._publish = publish
        self._told = told
        self._worker = ThreadPoolExecutor(1, "newsletter-check")
        self._waiting: dict[Path, Task] = {}
        """By root."""
        self._timers: dict[Path, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._said: dict[Path, types.PublishDiagnosticsParams] = {}
        """What was last published about a file."""
        self._told_of: dict[Path, tuple[Diagnostic, ...]] = {}
        """By root, what was last published of files that are no issues."""
        self._reading_past: dict[Path, bool] = {}
        """By root, where the past is being read: whether to read it once more."""
        self._ended = False

    # ── What happens in the editor ──────────────────────────────────────────────────────────────────────────────────

    def open(self, path: Path, buffer: Buffer) -> None:
        """A file is opened."""
        self.buffers[path] = buffer
        self._changed(path, pause=0)

    def edit(self, path: Path, buffer: Buffer) -> None:
        """A file that is open has another text."""
        self.buffers[path] = buffer
        self._changed(path, pause=PAUSE)

    def close(self, path: Path) -> None:
        """A file is closed: what is on disk counts again."""
        self.buffers.pop(path, None)
        desk = self.desk(path)
        if desk is None:
            return
        if desk.is_configuration(path):
            self._plan(desk, Task(configuration=True, issues=None), 0)
        else:
            if not self._ended:
                self._start(self._close(desk, path))
            self._say(path, None, [])

    async def _close(self, desk: OpenWorkspace, path: Path) -> None:
        await self.work(desk.close, path)
        self._tell_news(desk)

    def saved(self, paths: Iterable[Path]) -> None:
        """Files were changed on disk, by the editor or by others."""
        for path in paths:
            desk = self.desk(path)
            if desk is None:
                continue
            if desk.is_configuration(path):
                self._plan(desk, Task(configuration=True, issues=None), 0)
                self.read_past(desk)
            elif desk.issue_file(path):
                self.read_past(desk)
            else:  # perhaps a picture
                self._plan(desk, Task(issues=None), 0)

    def _changed(self, path: Path, pause: float) -> None:
        desk = self.desk(path)
        if desk is None:
            return
        if desk.is_configuration(path):
            self._plan(desk, Task(configuration=True, issues=None), pause)
        elif desk.issue_file(path):
            self._plan(desk, Task(issues=frozenset({path})), pause)

    # ── Desks ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def desk(self, path: Path) -> OpenWorkspace | None:
        """The desk of the workspace that a file is in; None where it is in none."""
        for folder in (path, *path.parents):
            if folder in self.desks:
                return self.desks[folder]
            if (folder / CONFIGURATION).is_file():
                desk = self.desks[folder] = OpenWorkspace(folder)
                self._plan(desk, Task(configuration=True), 0)
                self.read_past(desk)
                return desk
        return None

    def leave(self, folder: Path) -> None:
        """A folder is no longer worked in: forgets the desks below it at which nothing is open."""
        for root in [root for root in self.desks if root.is_relative_to(folder)]:
            if not any(path.is_relative_to(root) for path in self.buffers):
                self.desks.pop(root)
                for fault in self._told_of.pop(root, ()):
                    self._say(root / fault.path, None, [])

    # ── Jobs ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _plan(self, desk: OpenWorkspace, job: Task, pause: float) -> None:
        if self._ended:
            return
        self._waiting[desk.root] = self._waiting.get(desk.root, Task()).also(job)
        if timer := self._timers.pop(desk.root, None):
            timer.cancel()
        loop = asyncio.get_running_loop()
        self._timers[desk.root] = loop.call_later(pause, self._begin, desk)

    def _begin(self, desk: OpenWorkspace) -> None:
        self._timers.pop(desk.root, None)
        job = self._waiting.pop(desk.root, Task())
        self._start(self._do(desk, job))

    def _start(self, work: object) -> None:
        task: asyncio.Task[None] = asyncio.ensure_future(work)  # type: ignore[call-overload]
        self._tasks.add(task)  # the loop itself holds tasks weakly
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self._told(error)

    async def _do(self, desk: OpenWorkspace, job: Task) -> None:
        if job.configuration:
            await self.work(desk.refresh, {path: buffer.text for path, buffer in self.buffers.items()})
            self._tell_faults(desk)
        elif job.issues is None:
            await self.work(desk.look_again)
        for path, buffer in list(self.buffers.items()):
            if desk.issue_file(path) and (job.issues is None or path in job.issues):
                shown = await self.work(self._look, desk, buffer)
                if self.buffers.get(path) is buffer:  # else another check is on its way
                    self._say(path, buffer, shown)
        self._tell_news(desk)

    async def work(self, function: Callable[..., Answer], *arguments: object) -> Answer:
        """What `function` gives, worked out in the thread that reads and checks, when its turn comes."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, function, *arguments)

    def _look(self, desk: OpenWorkspace, buffer: Buffer) -> list[types.Diagnostic]:
        try:
            look = desk.look(buffer)
        except NewsletterError as error:
            return [not_checked(error, self._related(desk, error))]
        return all_shown(look.findings, buffer, self.client) if look else []

    # ── The past ────────────────────────────────────────────────────────────────────────────────────────────────────

    def read_past(self, desk: OpenWorkspace) -> None:
        """Reads what ran in the issues of a workspace, in a thread of its own that does not hold up the end."""
        if desk.root in self._reading_past:
            self._reading_past[desk.root] = True
            return
        self._reading_past[desk.root] = False
        loop = asyncio.get_running_loop()

        def read() -> None:
            past = None
            try:
                past = past_of(desk.root, desk.past)
            finally:
                with suppress(RuntimeError):  # the loop has ended
                    loop.call_soon_threadsafe(self._have_past, desk, past)

        threading.Thread(target=read, name="newsletter-past", daemon=True).start()

    def _have_past(self, desk: OpenWorkspace, past: WorkspaceHistory | None) -> None:
        if self._reading_past.pop(desk.root):
            self.read_past(desk)
        elif past is not None:
            desk.past = past
            self._plan(desk, Task(issues=None), 0)

    # ── Publishing ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _tell_news(self, desk: OpenWorkspace) -> None:
        """Publishes what is wrong outside of issues, where that has changed."""
        if desk.told != self._told_of.get(desk.root, ()):
            self._tell_faults(desk)

    def _tell_faults(self, desk: OpenWorkspace) -> None:
        """Publishes the faults of configuration files and templates, and takes back those that are no more."""
        by_path: dict[str, list[Diagnostic]] = {fault.path: [] for fault in self._told_of.get(desk.root, ())}
        self._told_of[desk.root] = desk.told
        for fault in desk.told:
            by_path.setdefault(fault.path, []).append(fault)
        for path in self.buffers:  # a file that is open is told that nothing is wrong with it, too
            if desk.is_configuration(path):
                by_path.setdefault(desk.relative(path), [])
        for name, faults in by_path.items():
            path = desk.root / name
            buffer = self._buffer(path)
            self._say(path, self.buffers.get(path), all_shown(faults, buffer, self.client))

    def _buffer(self, path: Path) -> Buffer:
        """A file as it is open, else as it is on disk."""
        from newsletter.files import read_text

        if path in self.buffers:
            return self.buffers[path]
        try:
            text = read_text(path, path.name)[0]
        except NewsletterError:
            text = ""
        return Buffer(path.as_uri(), path, text, encoding=self.encoding)

    def _related(self, desk: OpenWorkspace, error: NewsletterError) -> list[types.DiagnosticRelatedInformation]:
        if not self.client.related or not isinstance(error, ConfigurationError):
            return []
        related = []
        for fault in error.diagnostics:
            buffer = self._buffer(desk.root / fault.path)
            place = types.Location(buffer.uri, buffer.range_of(fault.span))
            related.append(types.DiagnosticRelatedInformation(place, fault.message))
        return related

    def _say(self, path: Path, buffer: Buffer | None, shown: list[types.Diagnostic]) -> None:
        before = self._said.get(path)
        uri = buffer.uri if buffer else before.uri if before else path.as_uri()
        said = types.PublishDiagnosticsParams(uri, shown, buffer.version if buffer and self.client.version else None)
        if before != said and (shown or buffer or (before and before.diagnostics)):
            self._said[path] = said
            self._publish(said)

    def finish(self) -> None:
        """Begins nothing more."""
        self._ended = True
        self._worker.shutdown(wait=False, cancel_futures=True)
