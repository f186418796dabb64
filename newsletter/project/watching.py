"""Watches a workspace: the files that were saved, and the issues that must be checked again."""

from __future__ import annotations

from contextlib import suppress
from stat import S_ISDIR
from threading import Event
from typing import TYPE_CHECKING

from newsletter.config.workspace import CONFIGURATION
from newsletter.files import stamp_of
from newsletter.project.selection import issues_with

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from newsletter.config.workspace import IssueFile
    from newsletter.files import Stamp

ISSUES = "issues/"
_FOLDERS = ("issues", "templates")
_SETTLED = 50
"""Milliseconds without a change after which a set of changes is complete. Editors write a file in several steps."""
_LONGEST = 1600
"""The most milliseconds after which a set of changes is reported, even if more follow."""
_LOOK = 1000
"""Milliseconds between two looks at newsletter.yaml."""


def concerns_all(path: str) -> bool:
    """Whether a path of the workspace affects all issues: newsletter.yaml, files in templates/, or issues/ itself."""
    return path in {CONFIGURATION, ISSUES} or path.startswith("templates/")


def issues_to_check(changed: Collection[str], files: Sequence[IssueFile]) -> tuple[IssueFile, ...]:
    """Those of `files` whose findings may change with the `changed` paths, relative to the workspace.

    A file in an issue's folder, such as a picture, belongs to that issue. newsletter.yaml and templates/, with the
    house formats and their snippets, concern all.
    """
    if any(map(concerns_all, changed)):
        return tuple(files)
    touched = {file.path for path in changed for file in issues_with(path, files)}
    return tuple(file for file in files if file.path in touched)


class IssueWatch:
    """The issues of the workspace at `root` to check after each set of changes.

    They are the issues in the changes, and those whose file is different from the last time. Of a folder that was added
    or renamed, perhaps only its own name is reported.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._stamps: dict[str, Stamp | None] = {}

    def all(self, files: Sequence[IssueFile]) -> tuple[IssueFile, ...]:
        """Records the current state of `files`, and returns all of them."""
        self._stamps = {file.path: stamp_of(self._root / file.path) for file in files}
        return tuple(files)

    def after(self, changed: Collection[str], files: Sequence[IssueFile]) -> tuple[IssueFile, ...]:
        """The issues among `files` to check after the `changed` paths."""
        named = {file.path for file in issues_to_check(changed, files)}
        if not any(path.startswith(ISSUES) for path in changed):
            return tuple(file for file in files if file.path in named)
        before = self._stamps
        self.all(files)
        return tuple(file for file in files if file.path in named or before.get(file.path) != self._stamps[file.path])


def changes(
    root: Path,
    stop: Event | None = None,
    *,
    settled: int = _SETTLED,
    look: int = _LOOK,
    also: Callable[[], Iterable[str]] = tuple,
) -> Iterator[frozenset[str]]:
    """The sets of files saved, removed or added since the last one, as paths in the workspace, until `stop` is set.

    A set is complete after `settled` milliseconds without another change. newsletter.yaml, and the files of the
    workspace that `also` names, are examined every `look` milliseconds. `issues/` and `templates/` are reported if
    they are added, removed or replaced.
    """
    before = _stamps(root, also())
    folders: Mapping[str, tuple[int, int]] | None = None
    while not (stop and stop.is_set()):
        # newsletter.yaml is polled: a watch on a single file is lost when an editor saves by renaming, and one
        # on the whole workspace would include build/, public/ and everything else in it.
        fresh = _folders(root)
        if folders is not None and fresh != folders:
            yield frozenset(name for name in {*fresh, *folders} if fresh.get(name) != folders.get(name))
        folders = fresh
        for paths in _watch([root / name for name in folders], stop, settled, look):
            now = _stamps(root, also())
            saved = {_relative(path, root) for path in paths}
            saved |= {name for name, stamp in now.items() if name in before and before[name] != stamp}
            before = now
            if saved:
                yield frozenset(saved)
            # A changed folder may have been replaced, even under the same number. Its watch is then lost.
            folders = {name: state for name, state in folders.items() if name not in saved}
            if _folders(root) != folders:
                break


def _watch(folders: Sequence[Path], stop: Event | None, settled: int, look: int) -> Iterator[set[str]]:
    """The changed paths in `folders`. Every `look` milliseconds, an empty set."""
    from watchfiles import watch

    for polling in (None, True):
        with suppress(OSError):  # if the system cannot watch that many folders, they are polled
            for found in watch(
                *folders,
                step=settled,
                debounce=_LONGEST,
                stop_event=stop,
                rust_timeout=look,
                yield_on_timeout=True,
                force_polling=polling,
                ignore_permission_denied=True,
            ):
                yield {path for _, path in found}
            return
    (stop or Event()).wait(look / 1000)  # removed in the meantime
    yield set()


def _folders(root: Path) -> dict[str, tuple[int, int]]:
    """The folders to watch that exist, with their identity."""
    found = {}
    for name in _FOLDERS:
        try:
            state = (root / name).stat()
        except OSError:
            continue
        if S_ISDIR(state.st_mode):
            found[f"{name}/"] = (state.st_dev, state.st_ino)
    return found


def _relative(path: str, root: Path) -> str:
    from pathlib import Path

    name = Path(path).relative_to(root).as_posix()
    return f"{name}/" if name in _FOLDERS else name


def _stamps(root: Path, also: Iterable[str]) -> dict[str, Stamp | None]:
    return {name: stamp_of(root / name) for name in (CONFIGURATION, *also)}
