"""Watching a workspace: which of its files were saved, and which issues that makes worth another check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.selection import issues_with

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from threading import Event

    from newsletter.workspace import IssueFile

    Stamp = tuple[int, int]

CONFIGURATION = "newsletter.yaml"
_FOLDERS = ("issues", "templates")
_SETTLED = 50
"""Milliseconds without another change after which a set of them is complete: editors write a file in several steps."""
_LONGEST = 1600
"""Milliseconds after which a set of changes is given, however many more there are."""
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


def changes(
    root: Path,
    stop: Event | None = None,
    *,
    settled: int = _SETTLED,
    look: int = _LOOK,
    also: Callable[[], Iterable[str]] = tuple,
) -> Iterator[frozenset[str]]:
    """The sets of files saved, removed or added since the last, as paths in the workspace, until `stop` is set.

    A set is complete after `settled` milliseconds without another change. newsletter.yaml, and the files of the workspace that
    `also` names, are looked at every `look` milliseconds.
    """
    from watchfiles import watch

    # newsletter.yaml is looked at, not watched: a watch on a single file is lost when an editor saves by renaming, and one
    # on the whole workspace would take in build/, public/ and whatever else people keep beside.
    folders = [root / name for name in _FOLDERS if (root / name).is_dir()]
    found = watch(
        *folders,
        step=settled,
        debounce=_LONGEST,
        stop_event=stop,
        rust_timeout=look,
        yield_on_timeout=True,
    )
    before = _stamps(root, also())
    return _saved(root, before, ({_relative(path, root) for _, path in several} for several in found), also)


def _saved(
    root: Path, before: Mapping[str, Stamp], watched: Iterator[set[str]], also: Callable[[], Iterable[str]]
) -> Iterator[frozenset[str]]:
    for paths in watched:
        now = _stamps(root, also())
        paths |= {name for name, stamp in now.items() if name in before and before[name] != stamp}
        before = now
        if paths:
            yield frozenset(paths)


def _relative(path: str, root: Path) -> str:
    from pathlib import Path

    return Path(path).relative_to(root).as_posix()


def _stamps(root: Path, also: Iterable[str]) -> dict[str, Stamp]:
    return {name: _stamp(root / name) for name in (CONFIGURATION, *also)}


def _stamp(path: Path) -> Stamp:
    try:
        state = path.stat()
    except OSError:
        return (0, 0)
    return (state.st_mtime_ns, state.st_size)
