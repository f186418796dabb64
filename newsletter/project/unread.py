"""Files that look like issues, but that no command reads, because of their name or their place."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from newsletter.config.workspace import ISSUES
from newsletter.files import is_there

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from newsletter.config.workspace import IssueFile

_ENDINGS = frozenset(".md .markdown .mdown .mkdown .mkdn .mkd .mdwn .mdtxt .mdx .qmd .rmd".split())
_DEEPEST = 6
"""The most levels below issues/ that are searched."""
_INDEX = "index.md"
_HOUSE = "house.yaml"


class Unread(NamedTuple):
    """A file or folder that is not an issue."""

    path: str
    """Relative to the workspace, with forward slashes."""
    why: str
    advice: str


def unread_files(root: Path, files: Sequence[IssueFile]) -> tuple[Unread, ...]:
    """The house formats under another name, and the Markdown files in issues/ that no command reads, by path.

    `files` are the existing issues. Files beside the index.md of an issue are the writer's own.
    """
    issues = {file.path for file in files}
    found = (path for path in _markdown_in(f"{root}/{ISSUES}", ISSUES, issues) if path not in issues)
    return (*_misnamed_houses(root), *(why_unread(path, root) for path in sorted(found)))


def _misnamed_houses(root: Path) -> Iterator[Unread]:
    """The files that look like the house format of a kind that has none in this workspace."""
    for path in sorted(root.glob("templates/*/*.*")):
        misnamed = path.name.lower() in {_HOUSE, _HOUSE.replace("yaml", "yml")}
        if misnamed and not is_there(path.parent / _HOUSE):
            name = path.relative_to(root).as_posix()
            yield Unread(name, f"a house format is called {_HOUSE}", f"Rename it to {_HOUSE}.")


def _markdown_in(folder: str, name: str, issues: set[str]) -> Iterator[str]:
    if name.count("/") > _DEEPEST:
        return
    beside = f"{name}/{_INDEX}" in issues
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:  # reported when the issues are read
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        path = f"{name}/{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            yield from _markdown_in(entry.path, path, issues)
        elif _is_markdown(entry.name) and not beside and (_is_index(entry.name) or not _is_in_issue(name, issues)):
            yield path


def _is_in_issue(folder: str, issues: set[str]) -> bool:
    """Whether a folder is inside the folder of an issue."""
    return f"{'/'.join(folder.split('/')[:2])}/{_INDEX}" in issues


def _is_markdown(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in _ENDINGS  # noqa: PTH122 (a name, not a path)


def _is_index(name: str) -> bool:
    return _is_markdown(name) and os.path.splitext(name)[0].lower() == "index"  # noqa: PTH122 (as above)


def why_unread(path: str, root: Path) -> Unread:
    """The reason why an existing file or folder of the workspace is not an issue, and how to fix it."""
    top, *inside = path.strip("/").split("/")
    name = inside[-1] if inside else top
    if top != ISSUES or not inside:
        return Unread(path, f"issues are in {ISSUES}/", "Name an issue, or a file next to one.")
    if any(part.startswith(".") for part in inside):
        return Unread(path, "hidden files are ignored", "Remove the dot from its name.")
    if os.path.isdir(root / path):  # noqa: PTH112 (200 times a run)
        return _of_folder(path, root, depth=len(inside))
    stem = os.path.splitext(name)[0]  # noqa: PTH122 (as above)
    if _is_markdown(name) and len(inside) > 1 and _is_index(name) and (len(inside) > 2 or name != _INDEX):
        return _of_index(path, inside)
    if _is_markdown(name) and not name.endswith(".md"):
        return Unread(path, "an issue ends in `.md`", f"Rename it to {stem if len(inside) == 1 else 'index'}.md.")
    if _is_markdown(name):
        return Unread(
            path, f"the issue of a folder is its {_INDEX}", f"Rename it to {_INDEX}, or move it up to {ISSUES}/."
        )
    return Unread(path, "it is not next to an issue", "Name an issue, or a file next to one.")


def _of_index(path: str, inside: Sequence[str]) -> Unread:
    if len(inside) > 2:
        return Unread(path, _TOO_DEEP, f"Move its folder up to {ISSUES}/{inside[-2]}/.")
    return Unread(path, f"the issue of a folder is its {_INDEX}, in lower case", f"Rename it to {_INDEX}.")


_TOO_DEEP = f"issues are directly in {ISSUES}/, and this is deeper"


def _of_folder(path: str, root: Path, *, depth: int) -> Unread:
    try:
        names = sorted(os.listdir(root / path))  # noqa: PTH208 (names only)
    except OSError:
        names = []
    if depth > 1 and is_there(root / path / _INDEX):
        return Unread(path, _TOO_DEEP, f"Move it up to {ISSUES}/{path.rpartition('/')[2]}/.")
    if markdown := next((name for name in names if _is_markdown(name)), ""):
        return Unread(path, f"it has no {_INDEX}", f"Rename its {markdown} to {_INDEX}.")
    return Unread(path, f"it has no {_INDEX}", "Name the folder of an issue.")
