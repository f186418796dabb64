"""The folders into which exports write. Each has the files of the last export of an issue, and none of earlier ones.

Hashes of the written files are kept in .newsletter/exports.json. A file is removed only if its content is still what
was written, and only at a path that an export uses. All other files belong to the user. The record may be from
elsewhere, so it is not trusted further than that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.config.workspace import is_own_folder
from newsletter.errors import UsageError
from newsletter.memory import FOLDER, recall, store
from newsletter.project.cache import digest
from newsletter.writing import write_all

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

EXPORTS = f"{FOLDER}/exports.json"
_TOGETHER = ((".html", ".txt"), (".html", ".subject.txt"), (".subject.txt", ".preheader.txt"), (".eml",))
"""The extensions of files that an export writes together."""

Known = dict[str, dict[str, dict[str, str]]]
"""The hash of each file, by folder and by what was exported."""


def write_export(
    root: Path,
    folder: Path,
    files: Mapping[str, bytes],
    *,
    what: str,
    within: Collection[str],
    gone: Collection[str] = (),
) -> None:
    """Writes `files` into `folder`, and removes the files of earlier exports of `what` there, and those in `gone`.

    `within` are the folders that such exports write to, below theirs. Raises as `write_all` does, and
    UsageError for a folder that holds the workspace, its issues, its templates or its archive.
    """
    if is_own_folder(root, folder):
        raise UsageError(f"{folder} is not for exports: it belongs to the workspace", hint="Name a new folder.")
    known, place = _load(root), _place(root, folder)
    known = {each: exports for each, exports in known.items() if (root / each).is_dir()}
    exports = known.setdefault(place, {})
    of_others = {name for other, names in exports.items() if other != what for name in names}
    earlier = exports.get(what, {})
    left = {name for name in _ours(earlier, within) if name not in of_others and _is(folder, name, earlier[name])}
    now = {name: digest(content) for name, content in files.items()}
    # The record is written first: if the run is killed before the files are written, the next run still knows them.
    exports[what] = {**{name: mark for name, mark in earlier.items() if name in left}, **now}
    store(root, EXPORTS, known)
    write_all(folder, files, remove=sorted({*left, *gone} - of_others - files.keys()), place=place)
    if exports[what] != now:
        exports[what] = now
        store(root, EXPORTS, known)


def _place(root: Path, folder: Path) -> str:
    whole = folder.resolve()
    base = root.resolve()
    return whole.relative_to(base).as_posix() if whole.is_relative_to(base) else whole.as_posix()


def _ours(names: Collection[str], within: Collection[str]) -> Iterator[str]:
    """The names that an export can have written: pictures in their folders, and HTML files with their text or subject."""
    for name in names:
        parts = name.split("/")
        if any(part in {"", ".", ".."} or "\\" in part or "\0" in part for part in parts):
            continue
        if (parts[1:] and parts[0] in within) or (not parts[1:] and _is_of_a_letter(name, names)):
            yield name


def _is_of_a_letter(name: str, names: Collection[str]) -> bool:
    """Whether the other files that an export would have written with it are among the names."""
    return any(
        all(name.removesuffix(ending) + each in names for each in together)
        for together in _TOGETHER
        for ending in together
        if name.endswith(ending)
    )


def _is(folder: Path, name: str, mark: str) -> bool:
    """Whether this is a file with the content that was written."""
    path = folder / name
    try:
        return path.is_file() and not path.is_symlink() and digest(path.read_bytes()) == mark
    except OSError:
        return False


def _load(root: Path) -> Known:
    """The record; empty if it is not valid."""
    value: Any = recall(root, EXPORTS)
    return value if _is_known(value) else {}


def _is_known(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(exports, dict)
        and all(
            isinstance(names, dict) and all(isinstance(mark, str) for mark in names.values())
            for names in exports.values()
        )
        for exports in value.values()
    )
