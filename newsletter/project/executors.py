"""Processes issues on workers that another program started: an `executor` in place of our own processes.

The workers open the workspace themselves, so they need this version of the tool, and the workspace at the same path.
Their results are returned as values. They write nothing except their own caches.
"""

from __future__ import annotations

import os
import platform
import re
import threading
from collections import deque
from concurrent.futures import BrokenExecutor, CancelledError
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

import newsletter
from newsletter.config.workspace import CONFIGURATION
from newsletter.errors import UsageError, WorldError
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Executor

    from newsletter.project.project import Project

Given = TypeVar("Given")
Done = TypeVar("Done")

PATIENCE = 10
"""The most seconds that a scheduler may take to answer."""
_ADDRESS = re.compile(r"dask(?P<tls>\+tls)?://(?P<place>(?:\[[0-9A-Fa-f:.]+\]|[^\s/:\[\]@?#]+):\d{1,5})/?")


@dataclass(frozen=True, slots=True)
class _Site:
    """The data that a worker needs to open the workspace."""

    root: str
    version: str
    """The version of the tool."""
    run: str
    """Different in each run, so that a worker that is used again reads newsletter.yaml and the templates again."""


def hand_over(
    executor: Executor, root: Path, work: Callable[[Project, Given], Done], given: Sequence[Given], size: int
) -> Iterator[Done]:
    """The results of `work(project, each)` for each of `given`, in order, from the workers of `executor`, `size` at a time.

    Raises what `work` raises, and WorldError if the workers are lost or cannot do it.
    """
    site = _Site(str(root.absolute()), newsletter.__version__, uuid4().hex)
    futures = deque(
        executor.submit(_work_there, site, work, tuple(given[at : at + size])) for at in range(0, len(given), size)
    )
    try:
        while futures:  # so that each is freed together with its result
            try:
                results = futures.popleft().result()
            except Exception as error:
                if _is_lost(error):
                    hint = "Start them again, or build without --executor."
                    raise WorldError("the executor lost its workers; nothing was written", hint=hint) from error
                raise
            yield from results
    finally:
        for future in futures:
            future.cancel()


def _is_lost(error: Exception) -> bool:
    """Whether the executor failed, not the work. Dask has its own errors for that."""
    return (
        isinstance(error, BrokenExecutor | CancelledError) or type(error).__module__.partition(".")[0] == "distributed"
    )


_OPENED = threading.local()
"""The project of this thread. A project must not be used by several threads at once."""


def _work_there(site: _Site, work: Callable[[Project, Given], Done], given: Sequence[Given]) -> list[Done]:
    project = _project(site)
    return [work(project, each) for each in given]


def _project(site: _Site) -> Project:
    opened: tuple[_Site, Project] | None = getattr(_OPENED, "project", None)
    if opened is None or opened[0] != site:
        opened = _OPENED.project = (site, _open(site))
    return opened[1]


def _open(site: _Site) -> Project:
    from newsletter.project.project import open_project

    where = f"the worker on {platform.node() or 'another machine'} (process {os.getpid()})"
    if site.version != newsletter.__version__:
        hint = f"Install newsletter {site.version} there."
        raise WorldError(f"{where} has newsletter {newsletter.__version__}", hint=hint)
    root = Path(site.root)
    if not (root / CONFIGURATION).is_file():
        hint = "The workers of an executor need the workspace at the same path, on a shared drive for example."
        raise WorldError(f"{where} has no workspace at {site.root}", hint=hint)
    return open_project(root)


@contextmanager
def executor_at(address: str) -> Iterator[Executor]:
    """The workers of the Dask scheduler at `dask://HOST:PORT`, or with TLS, as Dask is configured for it, at `dask+tls://HOST:PORT`.

    Raises UsageError for another address and without the extra `cluster`, and WorldError if no scheduler answers.
    Source: the documentation of Dask's `distributed` (`Client`, `Client.get_executor`).
    """
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise UsageError(f"{address} is no address of an executor", hint="Write it as dask://HOST:PORT.")
    try:
        from distributed import Client
    except ImportError as error:
        hint = "Install it: pip install 'newsletter-press[cluster]'"
        raise UsageError("--executor needs the extra `cluster`, which is not installed", hint=hint) from error
    connect: Callable[..., Any] = Client  # it has no types
    place = f"{'tls' if found['tls'] else 'tcp'}://{found['place']}"
    try:
        client = connect(place, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, RuntimeError) as error:
        raise WorldError(
            f"no Dask scheduler answers at {found['place']}", hint="Start one with `dask scheduler`."
        ) from error
    with client:
        yield client.get_executor(pure=False)
