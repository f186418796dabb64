"""Finds the issues that a user names: by path, folder name, slug, or the end of one."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.config.workspace import ISSUES
from newsletter.errors import UsageError
from newsletter.names import composed
from newsletter.suggest import GUESS, closest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.config.workspace import IssueFile

_DATED = re.compile(r"^\d{4}-\d{2}-\d{2}-")


def select_issues(files: Sequence[IssueFile], names: Sequence[str], *, root: Path, here: Path) -> tuple[IssueFile, ...]:
    """The issues that `names` mean, in the order of `files`; all of them if no name is given.

    A name is a path (absolute, or relative to `here`, the workspace or the current folder), the name of the issue's
    folder, or that name without its date. A path may also be that of a file of an issue, such as a picture, or the
    folder of all issues. An existing path that belongs to no issue gives no issue (unread.py says why). Raises
    UsageError for any other name that means no issue, or more than one.
    """
    if not names:
        return tuple(files)
    chosen = {file.path for name in names for file in _select(files, name, root, here)}
    return tuple(file for file in files if file.path in chosen)


def issues_with(path: str, files: Sequence[IssueFile]) -> tuple[IssueFile, ...]:
    """The issues among `files` to which a file or folder of the workspace belongs: the one in whose folder it is.

    A file beside issues without folders may belong to any of them.
    """
    lone = []
    for file in files:
        if path == file.path or (path == file.folder and file.path.endswith("/index.md")):
            return (file,)
        if path.startswith(f"{file.folder}/"):
            if file.path == f"{file.folder}/index.md":
                return (file,)
            lone.append(file)
    return () if path.endswith(".md") else tuple(lone)


def _select(files: Sequence[IssueFile], name: str, root: Path, here: Path) -> tuple[IssueFile, ...]:
    by_path = _by_path(files, name, root, here)
    if by_path is not None:
        return by_path
    wanted = composed(name.strip("/").removesuffix(".md"))
    exact = [file for file in files if file.name == wanted] or [
        file for file in files if _DATED.sub("", file.name) == wanted
    ]
    if len(exact) == 1:
        return (exact[0],)
    if exact:
        listing = ", ".join(file.path for file in exact)
        msg = f"`{name}` could mean {len(exact)} issues: {listing}"
        raise UsageError(msg, hint="Give the path of one of them.")
    if path_of(name, root, here):
        return ()
    known = [known for file in files for known in (file.name, _DATED.sub("", file.name))]
    part = wanted.casefold()
    newest = (file.name for file in reversed(files) if part and part in file.name.casefold())
    close = closest(wanted, known, cutoff=GUESS) or next(newest, "")
    msg = f"there is no issue `{name}`"
    hint = f"Did you mean `{close}`?" if close else "`newsletter status` lists the issues of this workspace."
    raise UsageError(msg, hint=hint)


def _paths(file: IssueFile) -> tuple[str, ...]:
    """The paths that stand for an issue as a whole."""
    return (file.path, file.folder) if file.path.endswith("/index.md") else (file.path,)


def _by_path(files: Sequence[IssueFile], name: str, root: Path, here: Path) -> tuple[IssueFile, ...] | None:
    """The issues at a path; None if no file or folder of an issue has this path."""
    there = False
    for path in _typed(name, root, here):
        relative = path.relative_to(root).as_posix()
        if relative in {".", ISSUES} and files:
            return tuple(files)
        for compared in (str, composed):  # another system may have used another Unicode form
            meant = [file for file in files if compared(relative) in map(compared, _paths(file))]
            if meant:
                return tuple(meant)
        if path.is_file():
            there = True
            if found := issues_with(relative, files):
                return found
    return () if there else None


def path_of(name: str, root: Path, here: Path) -> str:
    """The path in the workspace for what a user typed, of an existing file or folder; else ""."""
    return next((path.relative_to(root).as_posix() for path in _typed(name, root, here) if path.exists()), "")


def _typed(name: str, root: Path, here: Path) -> Iterator[Path]:
    """The possible paths in the workspace: as typed, and with symbolic links resolved."""
    for base in (here, root, Path()):
        for path in (os.path.abspath, os.path.realpath):
            with suppress(ValueError, OSError, RuntimeError):
                found = Path(path(base / name))
                found.relative_to(root)
                yield found
