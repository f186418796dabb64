"""Finds files on disk: the workspace around a folder, and the issues in it."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from newsletter.errors import UsageError, WorldError, reason_of
from newsletter.files import is_there, open_workspace
from newsletter.names import composed
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONFIGURATION = "newsletter.yaml"
ISSUES = "issues"
OWN = frozenset({ISSUES, "archive", "templates"})
"""The folders of a workspace that hold its issues, what was published of them, and what they are made with."""
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters, and bytes that are not UTF-8 in the form in which Python reads them from names."""


@dataclass(frozen=True, slots=True)
class IssueFile:
    """The location of an issue: its Markdown file and the folder that its pictures are relative to."""

    path: str
    """Relative to the workspace, with forward slashes."""
    folder: str
    name: str
    """The name of the folder or single file, always in Unicode NFC: `2024-01-31-end-of-the-road`."""


def find_root(start: Path) -> Path:
    """The nearest folder with a newsletter.yaml, from `start` upwards, as an absolute path.

    Raises UsageError if there is none.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / CONFIGURATION).is_file():
            return folder
    raise UsageError(
        f"there is no {CONFIGURATION} in {start} or a folder above it",
        hint=f"Rename {found} to {CONFIGURATION}."
        if (found := misnamed_configuration(start))
        else "Go to a workspace, name one with -C DIR, or create one with `newsletter init`.",
    )


def misnamed_configuration(start: Path) -> Path | None:
    """The nearest file from `start` upwards whose name is almost newsletter.yaml."""
    for folder in (start, *start.parents):
        with suppress(OSError):
            for entry in sorted(folder.iterdir()):
                if entry.name.lower() in {CONFIGURATION, CONFIGURATION.replace("yaml", "yml")} and entry.is_file():
                    return entry
    return None


def is_own_folder(root: Path, path: Path) -> bool:
    """Whether `path` is the workspace at `root`, or a folder in it that only newsletter and the issues use."""
    real, base = path.resolve(), root.resolve()
    return real == base or (real.is_relative_to(base) and real.relative_to(base).parts[0] in OWN)


def issue_files(root: Path) -> tuple[IssueFile, ...]:
    """The issues of a workspace by name: `issues/<name>/index.md` and `issues/<name>.md`.

    Hidden ones are left out. Raises WorldError for a folder that cannot be read. Raises UsageError for an issue whose
    name cannot be part of an address, and for a link out of the workspace.
    """
    open_workspace(root)
    try:
        with os.scandir(root / ISSUES) as entries:
            found = sorted(_issues(entries), key=lambda one: (one[0].name, one[0].path))
    except FileNotFoundError:
        return ()
    except OSError as error:
        name = os.path.relpath(error.filename or root / ISSUES, root).replace(os.sep, "/")
        raise WorldError(f"{name} cannot be read: {reason_of(error)}") from error
    in_a_link = (root / ISSUES).is_symlink()
    for file, is_link in found:
        if _UNFIT.search(file.name):
            shown = file.path.encode("unicode_escape").decode("ascii")
            raise UsageError(f"`{shown}` has characters in its name that an address cannot contain", hint="Rename it.")
        if is_link or (in_a_link and file.folder == ISSUES) or os.path.islink(f"{root}/{file.path}"):  # noqa: PTH114
            _refuse_outside(root, file)
    return tuple(file for file, _ in found)


def _refuse_outside(root: Path, file: IssueFile) -> None:
    """A link to a file outside the workspace must not be read or published: a contributor may have added it."""
    path = f"{root}/{file.path}"
    if not os.path.realpath(path).startswith(os.path.realpath(root).rstrip(os.sep) + os.sep):
        raise UsageError(
            f"{file.path} is a symbolic link that leads out of the workspace", hint="Put the file itself there."
        )


def _issues(entries: Iterator[os.DirEntry[str]]) -> Iterator[tuple[IssueFile, bool]]:
    """The issues among the entries of a folder, each with whether its entry is a link."""
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir():
            if is_there(f"{entry.path}/index.md"):
                folder = f"{ISSUES}/{entry.name}"
                yield IssueFile(f"{folder}/index.md", folder, composed(entry.name)), entry.is_symlink()
        elif entry.name.endswith(".md"):
            file = IssueFile(f"{ISSUES}/{entry.name}", ISSUES, composed(entry.name.removesuffix(".md")))
            yield file, entry.is_symlink()
