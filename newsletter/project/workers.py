"""Does the same work for many issues, in several processes if that is faster."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from newsletter.project.team import team

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from newsletter.project.project import Project

Given = TypeVar("Given")
Done = TypeVar("Done")

WORTH_IT = 16
"""Up to this many issues, starting processes takes as long as it saves. An issue takes 15 ms, two processes 90."""


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
    with team(project, worth_it, processes) as workers:
        yield from workers.run(work, given)


def run_alone(
    work: Callable[[Given], Done], given: Sequence[Given], processes: int | None = None, *, worth_it: int = WORTH_IT
) -> Iterator[Done]:
    """The results of `work(each)` for each of `given`, like `run_jobs`, but without a project."""
    with team(None, worth_it, processes) as workers:
        yield from workers.run(partial(_alone, work), given)


def _alone(work: Callable[[Given], Done], project: object, given: Given) -> Done:  # noqa: ARG001 - the shape of all work
    return work(given)
