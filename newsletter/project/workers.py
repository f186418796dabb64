"""One piece of work for many issues, in several processes where that pays."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from newsletter.project.project import Project

Given = TypeVar("Given")
Done = TypeVar("Done")

WORTH_IT = 50
"""Up to so many issues, starting processes costs more than it saves."""
CHUNK = 4
"""Issues handed to a process at once."""

_PROJECT: Project | None = None
"""Of a worker process only."""


def run_jobs(
    project: Project,
    work: Callable[[Project, Given], Done],
    given: Sequence[Given],
    processes: int | None = None,
    *,
    worth_it: int = WORTH_IT,
) -> Iterator[Done]:
    """`work(project, each)` for each of `given`, in their order; `processes` are as many as there are cores by default.

    Up to `worth_it` of them are done in this process. `work` is a function of a module, so that other processes can find it. What it raises is raised here.
    """
    count = processes or os.cpu_count() or 1
    if count == 1 or len(given) <= worth_it:
        yield from (work(project, each) for each in given)
    else:
        yield from _in_processes(project, work, given, count)


def _in_processes(
    project: Project, work: Callable[[Project, Given], Done], given: Sequence[Given], count: int
) -> Iterator[Done]:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from functools import partial

    global _PROJECT  # noqa: PLW0603 - forked workers inherit what is loaded already; others load their own
    # On macOS forking a process that has used system libraries is not safe.
    forks = "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin"
    _PROJECT = project if forks else None
    context = multiprocessing.get_context("fork" if forks else "spawn")
    root = "" if forks else str(project.workspace.root)
    try:
        with ProcessPoolExecutor(count, mp_context=context, initializer=_start, initargs=(root,)) as pool:
            yield from pool.map(partial(_work, work), given, chunksize=CHUNK)
    finally:
        _PROJECT = None


def _start(root: str) -> None:
    import gc

    gc.freeze()  # what was inherited stays: no need to look through it again and again
    if root:
        from pathlib import Path

        from newsletter.project.project import open_project

        global _PROJECT  # noqa: PLW0603 - one project a process is the point
        _PROJECT = open_project(Path(root))


def _work(work: Callable[[Project, Given], Done], given: Given) -> Done:
    if _PROJECT is None:
        msg = "a worker was used before it was started"
        raise RuntimeError(msg)
    return work(_PROJECT, given)
