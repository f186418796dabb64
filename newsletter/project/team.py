"""Processes that stay for several kinds of work. What one has worked out about an issue stays in its memory.

An issue is therefore given to the process that worked on it before, unless another one has nothing left to do.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from contextlib import contextmanager, suppress
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeVar

from newsletter.errors import WorldError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from newsletter.project.project import Project

Given = TypeVar("Given")
Done = TypeVar("Done")

CHUNK = 4
"""The most issues passed to a process at once.

If there are few issues, fewer, so that all cores are busy to the end.
"""


def cores() -> int:
    """The number of cores that this process may use.

    In containers and CI it is often smaller than that of the machine.
    """
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


class Team:
    """The processes. They start with the first work that is worth it; before that, all work is done in this process."""

    def __init__(self, project: Project | None, worth_it: int, count: int | None = None) -> None:
        self._project = project
        self._worth_it = worth_it
        self._count = count or cores()
        self._lines: list[Connection] = []
        """The connection to each process."""
        self._processes: list[BaseProcess] = []
        self._owners: dict[str, int] = {}
        """The index of the process that worked on each issue."""

    def run(
        self,
        work: Callable[[Any, Given], Done],
        given: Sequence[Given],
        path_of: Callable[[Given], str] | None = None,
    ) -> Iterator[Done]:
        """The results of `work(project, each)` for each of `given`, in their order.

        `work` is a function of a module, so that other processes can find it. Its exceptions are raised here. `path_of`
        returns the path of the issue of each. If the system kills a process, the rest is done again, one by one.
        """
        if not self._lines and len(given) > self._worth_it and self._count > 1:
            self._start(self._count)
        if not self._lines:
            yield from (work(self._project, each) for each in given)
            return
        done = 0
        try:
            for result in self._dealt(work, given, path_of or _no_path):
                done += 1
                yield result
        except _LostError:
            self.end()
            yield from self._one_by_one(work, given[done:])

    def _one_by_one(self, work: Callable[[Any, Given], Done], given: Sequence[Given]) -> Iterator[Done]:
        """Does the work one by one in another process, so that one that takes all memory does not end this process.

        Raises WorldError with the name of the one at which that process is killed.
        """
        self._start(1)
        for each in given:
            try:
                _send(self._lines[0], (work, [each]))
                results: list[Done] = _receive(self._lines[0])
            except _LostError as error:
                hint = "There may not be enough memory: check its pictures, or process fewer issues at once."
                raise WorldError(
                    f"{_named(each)}: the process that worked on it was killed twice", hint=hint
                ) from error
            yield from results
        self.end(at_once=False)

    def tell(self, learn: Callable[[Project, Given], object], what: Given) -> None:
        """Calls `learn(project, what)` in each process that has started. Those that start later learn it by being forks."""
        try:
            for line in self._lines:
                line.send((learn, [what]))
            for line in self._lines:
                _receive(line)
        except (_LostError, BrokenPipeError):
            self.end()

    def _start(self, count: int) -> None:
        import multiprocessing

        # On macOS, forking is not safe after system libraries were used.
        forks = "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin"
        context: Any = multiprocessing.get_context("fork" if forks else "spawn")
        root = str(self._project.workspace.root) if self._project and not forks else ""
        for _ in range(count):
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(theirs, self._project if forks else None, root))
            process.start()
            theirs.close()
            self._lines.append(ours)
            self._processes.append(process)

    def _dealt(
        self, work: Callable[[Any, Given], Done], given: Sequence[Given], path_of: Callable[[Given], str]
    ) -> Iterator[Done]:
        """The results of the processes, each of which takes the next chunk when it is done with one."""
        from multiprocessing.connection import wait

        chunks = [*self._chunks(given, path_of)]
        own: list[deque[int]] = [deque() for _ in self._lines]
        free: deque[int] = deque()
        for number, (owner, _) in enumerate(chunks):
            (free if owner is None else own[owner]).append(number)
        busy: dict[object, tuple[int, int]] = {}
        """By connection: the index of the process, and the number of the chunk that it works on."""

        def hand(process: int) -> None:
            queue = own[process] or free
            number = queue.popleft() if queue else _taken_from(own)
            if number is not None:
                busy[self._lines[process]] = process, number
                _send(self._lines[process], (work, chunks[number][1]))

        for process in range(len(self._lines)):
            hand(process)
        finished: dict[int, list[Done]] = {}
        following = 0
        while busy:
            for line in wait([self._lines[process] for process, _ in busy.values()]):
                process, number = busy.pop(line)
                finished[number] = _receive(self._lines[process])
                hand(process)
                self._owners.update((path, process) for path in map(path_of, chunks[number][1]) if path)
            while following in finished:
                yield from finished.pop(following)
                following += 1

    def _chunks(
        self, given: Sequence[Given], path_of: Callable[[Given], str]
    ) -> Iterator[tuple[int | None, list[Given]]]:
        """The parts of `given` that go to a process at once, each with the index of the process that had these issues before."""
        size = max(1, min(CHUNK, len(given) // (len(self._lines) * 4)))
        for owner, group in groupby(given, lambda each: self._owners.get(path_of(each))):
            same = list(group)
            yield from ((owner, same[at : at + size]) for at in range(0, len(same), size))

    def end(self, *, at_once: bool = True) -> None:
        """Ends the processes."""
        for process, line in zip(self._processes, self._lines, strict=True):
            if at_once:
                process.kill()
            else:
                with suppress(BrokenPipeError):
                    line.send(None)
            line.close()
        for process in self._processes:
            process.join()
        self._lines, self._processes = [], []
        self._owners.clear()


@contextmanager
def team(project: Project | None, worth_it: int, count: int | None = None) -> Iterator[Team]:
    """Processes that work on the issues of `project`, and end with the block; by default one for each core.

    Work on at most `worth_it` issues is done in this process.
    """
    members = Team(project, worth_it, count)
    try:
        yield members
    except BaseException:  # mostly Ctrl-C
        members.end()
        raise
    members.end(at_once=False)


class _LostError(Exception):
    """A process was killed."""


def _taken_from(own: list[deque[int]]) -> int | None:
    """The last chunk of the process that has most to do."""
    longest = max(own, key=len)
    return longest.pop() if longest else None


def _send(line: Connection, what: object) -> None:
    try:
        line.send(what)
    except BrokenPipeError as error:
        raise _LostError from error


def _receive(line: Connection) -> Any:
    """The results of a process. Raises what its work raised, and _LostError if it was killed."""
    try:
        done, error = line.recv()
    except (EOFError, ConnectionResetError) as lost:
        raise _LostError from lost
    if error is not None:
        raise error
    return done


def _no_path(_given: object) -> str:
    return ""


def _named(given: object) -> str:
    """The name of a piece of work in messages: the path of its issue."""
    if isinstance(given, tuple):
        given = given[0] if given else given
    for holder in (given, getattr(given, "file", None)):
        if path := getattr(holder, "path", ""):
            return str(path)
    return str(given)


def _serve(line: Connection, project: Project | None, root: str) -> None:
    """Does the work that comes along the line, until None comes.

    The work gets `project`, or else that of the workspace at `root`, if it is not empty.
    """
    import gc
    import threading

    _be_ended_with_parent()
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    gc.freeze()  # objects from before the fork stay, so the garbage collector need not examine them
    if root:
        from pathlib import Path

        from newsletter.project.project import open_project

        project = open_project(Path(root))
    with suppress(EOFError, OSError, KeyboardInterrupt):
        while asked := line.recv():
            line.send(_answer(project, *asked))


def _answer(
    project: Project | None, work: Callable[[Project | None, Any], Any], given: Sequence[Any]
) -> tuple[list[Any], Exception | None]:
    """The results, and the exception that the work raised."""
    try:
        return [work(project, each) for each in given], None
    except Exception as error:  # noqa: BLE001 - it is raised in the process that asked
        return [], error


def _be_ended_with_parent() -> None:
    """Ends this process when its parent ends.

    On Linux the kernel does it, even if this process is busy with something that blocks all threads.
    """
    if sys.platform == "linux":
        import ctypes
        import signal

        set_signal_of_parents_death = 1  # PR_SET_PDEATHSIG (prctl(2))
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(set_signal_of_parents_death, signal.SIGKILL)


def _end_with_parent() -> None:
    """Waits for the end of the parent process, then ends this process, because nobody would use its results."""
    from multiprocessing import parent_process
    from multiprocessing.connection import wait

    if parent := parent_process():
        # A pipe without a writer closes with the parent on every system.
        wait([parent.sentinel])
        os._exit(1)
