"""Decides when to check, and which findings are sent to the editor.

The event loop reads messages and keeps the texts. One thread reads and checks, one job after another, so that typing
never has to wait. Another thread reads the past issues of a publication, which may take seconds the first time.
"""

from __future__ import annotations

import asyncio
import dataclasses
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
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

    from newsletter.diagnostics import Diagnostic, HouseLine

if TYPE_CHECKING:
    Publish = Callable[[types.PublishDiagnosticsParams], None]
    OnError = Callable[[BaseException], None]

Answer = TypeVar("Answer")
PAUSE = 0.04
"""How long a text must be unchanged before it is checked, in seconds.

The keys of one word mostly come faster than this.
"""


@dataclasses.dataclass(slots=True)
class EditorState:
    """The state of the editor."""

    support: EditorSupport = dataclasses.field(default_factory=EditorSupport)
    encoding: str = UTF16
    """The encoding in which the editor counts the characters of a line."""
    buffers: dict[Path, Buffer] = dataclasses.field(default_factory=dict)
    """The files that are open in the editor."""


class Publisher:
    """Sends findings to the editor, and only if they have changed."""

    def __init__(self, editor: EditorState, publish: Publish) -> None:
        self._editor = editor
        self._publish = publish
        self._published: dict[Path, types.PublishDiagnosticsParams] = {}
        """The last published diagnostics of each file."""
        self._problems_of: dict[Path, tuple[Diagnostic, ...]] = {}
        """The last published diagnostics of files other than issues, by root."""

    def findings_in(self, workspace: OpenWorkspace, buffer: Buffer) -> list[types.Diagnostic]:
        """The findings to show in an open issue. Only for the thread that reads and checks."""
        try:
            look = workspace.look(buffer)
        except NewsletterError as error:
            return [not_checked(error, self._related(workspace, error))]
        if look is None:
            return []
        return all_shown(look.findings, buffer, self._editor.support, partial(self._place_of, workspace))

    def _place_of(self, workspace: OpenWorkspace, asked: HouseLine) -> types.Location:
        """The position of a line of house.yaml, in the units of the editor."""
        buffer = self._buffer(workspace.root / asked.path)
        return types.Location(buffer.uri, buffer.range_of(asked.span))

    def publish_changed_problems(self, workspace: OpenWorkspace) -> None:
        """Publishes the problems outside of issues, if they have changed."""
        if workspace.problems != self._problems_of.get(workspace.root, ()):
            self.publish_problems(workspace)

    def publish_problems(self, workspace: OpenWorkspace) -> None:
        """Publishes the errors in configuration files and templates, and clears those that were fixed."""
        by_path: dict[str, list[Diagnostic]] = {fault.path: [] for fault in self._problems_of.get(workspace.root, ())}
        self._problems_of[workspace.root] = workspace.problems
        for fault in workspace.problems:
            by_path.setdefault(fault.path, []).append(fault)
        for path in self._editor.buffers:  # An open file without problems also gets an empty list.
            if workspace.is_configuration(path):
                by_path.setdefault(workspace.relative(path), [])
        for name, faults in by_path.items():
            path = workspace.root / name
            buffer = self._buffer(path)
            self.publish_findings(path, self._editor.buffers.get(path), all_shown(faults, buffer, self._editor.support))

    def _buffer(self, path: Path) -> Buffer:
        """A file as it is open, otherwise as it is on disk."""
        from newsletter.files import ISSUE_LIMIT, read_text

        if path in self._editor.buffers:
            return self._editor.buffers[path]
        try:
            text = read_text(path, path.name, limit=ISSUE_LIMIT)[0]
        except NewsletterError:
            text = ""
        return Buffer(path.as_uri(), path, text, encoding=self._editor.encoding)

    def _related(self, workspace: OpenWorkspace, error: NewsletterError) -> list[types.DiagnosticRelatedInformation]:
        if not self._editor.support.related or not isinstance(error, ConfigurationError):
            return []
        related = []
        for fault in error.diagnostics:
            buffer = self._buffer(workspace.root / fault.path)
            place = types.Location(buffer.uri, buffer.range_of(fault.span))
            related.append(types.DiagnosticRelatedInformation(place, fault.message))
        return related

    def publish_findings(self, path: Path, buffer: Buffer | None, shown: list[types.Diagnostic]) -> None:
        """Publishes the findings in a file, if they have changed."""
        before = self._published.get(path)
        uri = buffer.uri if buffer else before.uri if before else path.as_uri()
        message = types.PublishDiagnosticsParams(
            uri, shown, buffer.version if buffer and self._editor.support.version else None
        )
        if before != message and (shown or buffer or (before and before.diagnostics)):
            self._published[path] = message
            self._publish(message)

    def take_back(self, root: Path) -> None:
        """Clears all findings in a workspace that was left."""
        for fault in self._problems_of.pop(root, ()):
            self.publish_findings(root / fault.path, None, [])


@dataclass(frozen=True, slots=True)
class Task:
    """The next work in a workspace."""

    configuration: bool = False
    """Whether to read the configuration again."""
    issues: frozenset[Path] | None = frozenset()
    """The issues to check; None for all that are open."""

    def also(self, other: Task) -> Task:
        """Combines two tasks."""
        either = None if self.issues is None or other.issues is None else self.issues | other.issues
        return Task(self.configuration or other.configuration, either)


class OpenFiles:
    """All open files, and their workspaces. Its methods run in the event loop."""

    def __init__(self, publish: Publish, on_error: OnError) -> None:
        self.editor = EditorState()
        self.workspaces: dict[Path, OpenWorkspace] = {}
        self._publisher = Publisher(self.editor, publish)
        self._on_error = on_error
        self._worker = ThreadPoolExecutor(1, "newsletter-check")
        self._waiting: dict[Path, Task] = {}
        """The waiting tasks, by root."""
        self._timers: dict[Path, asyncio.TimerHandle] = {}
        self._busy: set[Path] = set()
        """The roots of workspaces in which a job is running."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._reading_past: dict[Path, bool] = {}
        """The roots whose past issues are being read, and whether to read them again."""
        self._ended = False

    def open(self, path: Path, buffer: Buffer) -> None:
        """A file was opened."""
        self.editor.buffers[path] = buffer
        self._changed(path, pause=0)

    def edit(self, path: Path, buffer: Buffer) -> None:
        """The text of an open file was changed."""
        self.editor.buffers[path] = buffer
        self._changed(path, pause=PAUSE)

    def close(self, path: Path) -> None:
        """A file was closed. From now on the file on disk is used."""
        self.editor.buffers.pop(path, None)
        workspace = self.workspace(path)
        if workspace is None:
            return
        if workspace.is_configuration(path):
            self._plan(workspace, Task(configuration=True, issues=None), 0)
        else:
            if not self._ended:
                self._start(self._close(workspace, path))
            self._publisher.publish_findings(path, None, [])

    async def _close(self, workspace: OpenWorkspace, path: Path) -> None:
        await self.work(workspace.close, path)
        self._publisher.publish_changed_problems(workspace)

    def saved(self, paths: Iterable[Path]) -> None:
        """Files were changed on disk, by the editor or by other programs."""
        for path in paths:
            workspace = self.workspace(path)
            if workspace is None:
                continue
            if workspace.is_configuration(path):
                self._plan(workspace, Task(configuration=True, issues=None), 0)
                self.read_past(workspace)
            elif workspace.issue_file(path):
                self.read_past(workspace)
            else:  # It may be a picture.
                self._plan(workspace, Task(issues=None), 0)

    def _changed(self, path: Path, pause: float) -> None:
        workspace = self.workspace(path)
        if workspace is None:
            return
        if workspace.is_configuration(path):
            self._plan(workspace, Task(configuration=True, issues=None), pause)
        elif workspace.issue_file(path):
            self._plan(workspace, Task(issues=frozenset({path})), pause)

    def workspace(self, path: Path) -> OpenWorkspace | None:
        """The workspace that contains a file; None if there is none."""
        for folder in (path, *path.parents):
            if folder in self.workspaces:
                return self.workspaces[folder]
            if (folder / CONFIGURATION).is_file():
                workspace = self.workspaces[folder] = OpenWorkspace(folder)
                self._plan(workspace, Task(configuration=True), 0)
                self.read_past(workspace)
                return workspace
        return None

    def leave(self, folder: Path) -> None:
        """A folder was closed. Forgets the workspaces below it in which no file is open."""
        for root in [root for root in self.workspaces if root.is_relative_to(folder)]:
            if not any(path.is_relative_to(root) for path in self.editor.buffers):
                self.workspaces.pop(root)
                self._publisher.take_back(root)

    def _plan(self, workspace: OpenWorkspace, job: Task, pause: float) -> None:
        if self._ended:
            return
        self._waiting[workspace.root] = self._waiting.get(workspace.root, Task()).also(job)
        if timer := self._timers.pop(workspace.root, None):
            timer.cancel()
        loop = asyncio.get_running_loop()
        self._timers[workspace.root] = loop.call_later(pause, self._begin, workspace)

    def _begin(self, workspace: OpenWorkspace) -> None:
        self._timers.pop(workspace.root, None)
        if (
            workspace.root in self._busy
        ):  # All waiting changes are processed at once, so that fast typing builds up no queue.
            return
        self._busy.add(workspace.root)
        self._start(self._do(workspace, self._waiting.pop(workspace.root, Task())))

    def _start(self, work: object) -> None:
        task: asyncio.Task[None] = asyncio.ensure_future(work)  # type: ignore[call-overload]
        self._tasks.add(task)  # The loop itself keeps only weak references to tasks.
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self._on_error(error)

    async def _do(self, workspace: OpenWorkspace, job: Task) -> None:
        try:
            await self._carry_out(workspace, job)
        finally:
            self._busy.discard(workspace.root)
            if workspace.root in self._waiting and workspace.root not in self._timers and not self._ended:
                self._begin(workspace)

    async def _carry_out(self, workspace: OpenWorkspace, job: Task) -> None:
        if job.configuration:
            await self.work(workspace.refresh, {path: buffer.text for path, buffer in self.editor.buffers.items()})
            self._publisher.publish_problems(workspace)
        elif job.issues is None:
            await self.work(workspace.look_again)
        for path, buffer in list(self.editor.buffers.items()):
            if workspace.issue_file(path) and (job.issues is None or path in job.issues):
                shown = await self.work(self._publisher.findings_in, workspace, buffer)
                if self.editor.buffers.get(path) is buffer:  # Otherwise another check will follow.
                    self._publisher.publish_findings(path, buffer, shown)
        self._publisher.publish_changed_problems(workspace)

    async def work(self, function: Callable[..., Answer], *arguments: object) -> Answer:
        """The result of `function`, computed in the thread that reads and checks."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, function, *arguments)

    def read_past(self, workspace: OpenWorkspace) -> None:
        """Reads the past issues of a workspace, in a thread of its own that does not delay the end of the program."""
        if workspace.root in self._reading_past:
            self._reading_past[workspace.root] = True
            return
        self._reading_past[workspace.root] = False
        loop = asyncio.get_running_loop()

        def read() -> None:
            past = None
            try:
                past = past_of(workspace.root, workspace.past)
            finally:
                with suppress(RuntimeError):  # The loop has ended.
                    loop.call_soon_threadsafe(self._have_past, workspace, past)

        threading.Thread(target=read, name="newsletter-past", daemon=True).start()

    def _have_past(self, workspace: OpenWorkspace, past: WorkspaceHistory | None) -> None:
        if self._reading_past.pop(workspace.root):
            self.read_past(workspace)
        elif past is not None:
            workspace.take_past(past)
            self._plan(workspace, Task(issues=None), 0)

    def finish(self) -> None:
        """Starts no more work."""
        self._ended = True
        self._worker.shutdown(wait=False, cancel_futures=True)
