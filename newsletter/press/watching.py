"""Watching a workspace: which of its files were saved, and which issues that makes worth another check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.errors import UsageError
from newsletter.selection import issues_with

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path
    from threading import Event

    from newsletter.workspace import IssueFile

CONFIGURATION = "newsletter.yaml"
_FOLDERS = ("issues", "templates")
_SETTLED = 50
"""Milliseconds without another change after which a set of them is complete: editors write a file in several steps."""
_LOOK = 1000
"""Milliseconds between two looks at newsletter.yaml."""


def issues_to_check(changed: Collection[str], files: Sequence[IssueFile]) -> tuple[IssueFile, ...]:
    """Those of `files` that the `changed` paths, relative to the workspace, may have made right or wrong.

    What stands in an issue's folder, its pictures included, is about that issue; newsletter.yaml and templates/, with
    the house formats and their snippets, are about all.
    """
    if any(path == CONFIGURATION or path.startswith("templates/") for path in changed):
        return tuple(files)
    touched = {file.path for path in changed for file in issues_with(path, files)}
    return tuple(file for file in files if file.path in touched)


def changes(root: Path, stop: Event | None = None) -> Iterator[frozenset[str]]:
    """The sets of files saved, removed or added since the last, as paths in the workspace, until `stop` is set.

    Raises UsageError where the package that watches is not installed.
    """
    try:
        from watchfiles import watch
    except ImportError as error:
        raise UsageError(
            "--watch needs the package watchfiles", hint='install it by: pip install "newsletter-press[watch]"'
        ) from error
    # newsletter.yaml is looked at, not watched: a watch on a single file is lost when an editor saves by renaming, and one
    # on the whole workspace would take in build/, public/ and whatever else people keep beside.
    stamp = _stamp(root)
    folders = [root / name for name in _FOLDERS if (root / name).is_dir()]
    found = watch(*folders, step=_SETTLED, stop_event=stop, rust_timeout=_LOOK, yield_on_timeout=True)
    return _saved(root, stamp, ({_relative(path, root) for _, path in several} for several in found))


def _saved(root: Path, stamp: tuple[int, int], watched: Iterator[set[str]]) -> Iterator[frozenset[str]]:
    for paths in watched:
        before, stamp = stamp, _stamp(root)
        if stamp != before:
            paths.add(CONFIGURATION)
        if paths:
            yield frozenset(paths)


def _relative(path: str, root: Path) -> str:
    from pathlib import Path

    return Path(path).relative_to(root).as_posix()


def _stamp(root: Path) -> tuple[int, int]:
    try:
        state = (root / CONFIGURATION).stat()
    except OSError:
        return (0, 0)
    return (state.st_mtime_ns, state.st_size)
