"""Processes that stay for several kinds of work. What one has worked out about an issue stays in its memory.

An issue is therefore given to the process that worked on it before, unless another one has nothing left to do.
"""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager, suppress
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeVar

from newsletter.project.workers import CHUNK, cores, run_jobs, start_worker, way_to_start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from newsletter.project.project import Project

Given = TypeVar("Given")
Done = TypeVar("Done")


class Team:
    """The processes. They start with the first work that is worth it; before that, all work is done in this process."""

    def __init__(self, project: Project, worth_it: int) -> None:
        self._project = project
        self._worth_it = worth_it
        self._lines: list[Connection] = []
        """The connection to each process."""
        self._processes: list[BaseProcess] = []
        self._owners: dict[str, int] = {}
        """The index of the process that worked on each issue."""

    def run(
        self, work: Callable[[Project, Given], Done], given: Sequence[Given], path_of: Callable[[Given], str]
    ) -> Iterator[Done]:
        """The results of `work(project, each)` for each of `given`, in their order, as `run_jobs` returns them.

        `path_of` returns the path of the issue of each.
        """
        if not self._lines and len(given) > self._worth_it:
            self._start()
        done = 0
        try:
            for result in self._dealt(work, given, path_of) if self._lines else ():
                done += 1
                yield result
        except _LostError:  # the system killed one: the others are of no more use
            self.end()
        yield from run_jobs(self._project, work, given[done:], worth_it=self._worth_it)

    def tell(self, learn: Callable[[Project, Given], object], what: Given) -> None:
        """Calls `learn(project, what)` in each process that has started. Those that start later learn it by being forks."""
        try:
            for line in self._lines:
                line.send((learn, [what]))
            for line in self._lines:
                _receive(line)
        except (_LostError, BrokenPipeError):
            self.end()

    def _start(self) -> None:
        import multiprocessing

        if (count := cores()) == 1:
            return
        context: Any = multiprocessing.get_context(way_to_start())
        forks = way_to_start() == "fork"
        for _ in range(count):
            ours, theirs = context.Pipe()
            given = self._project if forks else None
            process = context.Process(target=_serve, args=(theirs, given, str(self._project.workspace.root)))
            process.start()
            theirs.close()
            self._lines.append(ours)
            self._processes.append(process)

    def _dealt(
        self, work: Callable[[Project, Given], Done], given: Sequence[Given], path_of: Callable[[Given], str]
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
                self._owners.update((path_of(each), process) for each in chunks[number][1])
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
def team(project: Project, worth_it: int) -> Iterator[Team]:
    """Processes that work on the issues of `project`, and end with the block.

    Work on at most `worth_it` issues is done in this process.
    """
    members = Team(project, worth_it)
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


def _serve(line: Connection, project: Project | None, root: str) -> None:
    """Does what comes along the line, until None comes."""
    opened = start_worker("" if project else root)
    project = project or opened
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
