"""Does the same work for many issues, in several processes if that is faster."""

from __future__ import annotations

import os
import sys
from collections import deque
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import ProcessPoolExecutor

    from newsletter.project.project import Project

Given = TypeVar("Given")
Done = TypeVar("Done")

WORTH_IT = 16
"""Up to this many issues, starting processes takes as long as it saves. An issue takes 15 ms, two processes 90."""
CHUNK = 4
"""The most issues passed to a process at once.

If there are few issues, fewer, so that all cores are busy to the end.
"""

_PROJECT: Project | None = None
"""The project of a worker process; None in the main process, or if the work does not need one."""


def cores() -> int:
    """The number of cores that this process may use.

    In containers and CI it is often smaller than that of the machine.
    """
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1


def run_jobs(
    project: Project,
    work: Callable[[Project, Given], Done],
    given: Sequence[Given],
    processes: int | None = None,
    *,
    worth_it: int = WORTH_IT,
) -> Iterator[Done]:
    """The results of `work(project, each)` for each of `given`, in their order. By default, `processes` is the number of cores.

    Up to `worth_it` of them are done in this process. `work` is a function of a module, so that other processes can
    find it. Its exceptions are raised here.
    """
    count = processes or cores()
    if count == 1 or len(given) <= worth_it:
        yield from (work(project, each) for each in given)
    else:
        yield from _in_processes(project, work, given, count)


def run_alone(
    work: Callable[[Given], Done], given: Sequence[Given], processes: int | None = None, *, worth_it: int = WORTH_IT
) -> Iterator[Done]:
    """The results of `work(each)` for each of `given`, like `run_jobs`, but without a project."""
    count = processes or cores()
    if count == 1 or len(given) <= worth_it:
        yield from map(work, given)
    else:
        yield from _in_processes(None, partial(_alone, work), given, count)


def _alone(work: Callable[[Given], Done], project: object, given: Given) -> Done:  # noqa: ARG001 - the shape of all work
    return work(given)


def _in_processes(
    project: Project | None, work: Callable[[Any, Given], Done], given: Sequence[Given], count: int
) -> Iterator[Done]:
    """Does the work in `count` processes. If the system kills one, the rest is done again, one by one."""
    global _PROJECT  # noqa: PLW0603 - forked workers inherit what is loaded already; others load their own
    from concurrent.futures.process import BrokenProcessPool

    forks = way_to_start() == "fork"
    before, _PROJECT = _PROJECT, project if forks else None  # true if this is a worker process itself
    root = "" if forks or project is None else str(project.workspace.root)
    done = 0
    try:
        try:
            with _pool(count, root) as pool:
                # Not `pool.map`: when it ends early, it cancels the rest, which fails if the pool is broken.
                size = max(1, min(CHUNK, len(given) // (count * 4)))
                chunks = [given[at : at + size] for at in range(0, len(given), size)]
                futures = deque([pool.submit(_work_at_all, work, chunk) for chunk in chunks])
                while futures:  # so that each is freed together with its result
                    for result in futures.popleft().result():
                        done += 1
                        yield result
        except BrokenProcessPool:
            yield from _one_by_one(work, given[done:], root)
    finally:
        _PROJECT = before


def _one_by_one(work: Callable[[Any, Given], Done], given: Sequence[Given], root: str) -> Iterator[Done]:
    """Does the work one by one in another process, so that one that takes all memory does not end this process.

    Raises WorldError with the name of the one at which that process is killed.
    """
    from concurrent.futures.process import BrokenProcessPool

    from newsletter.errors import WorldError

    with _pool(1, root) as pool:
        for each in given:
            try:
                result = pool.submit(_work, work, each).result()
            except BrokenProcessPool as error:
                hint = "There may not be enough memory: check its pictures, or process fewer issues at once."
                raise WorldError(
                    f"{_named(each)}: the process that worked on it was killed twice", hint=hint
                ) from error
            yield result


def _named(given: object) -> str:
    """The name of a piece of work in messages: the path of its issue."""
    if isinstance(given, tuple):
        given = given[0] if given else given
    for holder in (given, getattr(given, "file", None)):
        if path := getattr(holder, "path", ""):
            return str(path)
    return str(given)


def way_to_start() -> str:
    """How workers start: `fork` as copies of this process, or `spawn`.

    On macOS, forking is not safe after system libraries were used.
    """
    import multiprocessing

    return "fork" if "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin" else "spawn"


@contextmanager
def _pool(count: int, root: str) -> Iterator[ProcessPoolExecutor]:
    """A pool of processes that ends with the block. If the block ends early, the processes are ended at once."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    others = set(multiprocessing.active_children())
    context = multiprocessing.get_context(way_to_start())
    pool = ProcessPoolExecutor(count, mp_context=context, initializer=start_worker, initargs=(root,))
    try:
        yield pool
    except BaseException:  # mostly Ctrl-C
        for process in set(multiprocessing.active_children()) - others:
            process.kill()
        raise
    finally:
        pool.shutdown()


def start_worker(root: str) -> Project | None:
    """Prepares this process for work, and opens the workspace at `root` if it is not empty."""
    import gc
    import threading

    global _PROJECT  # noqa: PLW0603 - one project a process is the point
    _be_ended_with_parent()
    threading.Thread(target=_end_with_parent, name="parent", daemon=True).start()
    gc.freeze()  # objects from before the fork stay, so the garbage collector need not examine them
    if root:
        from pathlib import Path

        from newsletter.project.project import open_project

        _PROJECT = open_project(Path(root))
    return _PROJECT


def _be_ended_with_parent() -> None:
    """Ends this process when its parent ends.

    On Linux the kernel does it, even if this process is busy with something that blocks all threads.
    """
    if sys.platform == "linux":
        import ctypes
        import signal
        from contextlib import suppress

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


def _work(work: Callable[[Any, Given], Done], given: Given) -> Done:
    return work(_PROJECT, given)


def _work_at_all(work: Callable[[Any, Given], Done], chunk: Sequence[Given]) -> list[Done]:
    return [_work(work, each) for each in chunk]
