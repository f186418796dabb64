"""Changes many files as a whole or not at all, even if the process is killed or the power fails.

All contents are written beside their targets and synchronised. Then .newsletter/journal records where each file is to
be moved; from then on, the change is valid. Then the files are moved. If that is interrupted, the next process that
locks the workspace completes the journal (`recover`). The journal is sealed (newsletter.memory), so one from elsewhere
moves nothing.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from newsletter.errors import WorldError, reason_of
from newsletter.memory import FOLDER, is_unlinked, keep, kept
from newsletter.names import same_file_key
from newsletter.writing import Written, synchronise, synchronise_folder, write_all

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from newsletter.writing import FileContent

JOURNAL = f"{FOLDER}/journal"
FOLDERS = frozenset({"archive", "build", "public", "feeds"})
"""The only folders in which such a change is made."""


def write_as_one(root: Path, outputs: Mapping[str, FileContent], *, remove: Sequence[str] = ()) -> Written:
    """Like `write_all`, without links. The caller must hold the lock of the workspace. Raises as `write_all` does."""
    return write_all(root, outputs, remove=remove, links=False, journal=_Journal(root))


class _Journal:
    def __init__(self, root: Path) -> None:
        self._root = root

    def begin(self, moves: Sequence[tuple[str, str]], remove: Sequence[str]) -> None:
        if not is_unlinked(self._root, JOURNAL):
            raise WorldError(f"{FOLDER} is a symbolic link: nothing was written", hint="Put a folder there.")
        try:
            keep(self._root, JOURNAL, json.dumps({"moves": list(moves), "remove": list(remove)}).encode())
            synchronise(str(self._root / JOURNAL))
            synchronise_folder(str(self._root / FOLDER))
        except BaseException:  # a journal that may not be on the disk is not valid
            with suppress(OSError):
                (self._root / JOURNAL).unlink()
            raise

    def end(self) -> None:
        (self._root / JOURNAL).unlink()
        synchronise_folder(str(self._root / FOLDER))


def recover(root: Path) -> bool:
    """Completes the change of a killed process, and returns whether there was one.

    The caller must hold the lock of the workspace. Raises WorldError if the file system refuses.
    """
    content = kept(root, JOURNAL)
    if content is None:
        return False
    noted = json.loads(content)
    folders: set[Path] = set()
    try:
        # `A.html` to be removed and `a.html` to be written may be the same file, so removals come first.
        renamed = {same_file_key(name): name for name in noted["remove"]}
        for temporary, name in noted["moves"]:
            other = renamed.pop(same_file_key(name), "")
            if _is_ours(root, temporary) and _is_ours(root, name) and (root / temporary).is_file():
                if other and _is_ours(root, other):
                    _remove(root, root / other)
                    (root / name).parent.mkdir(parents=True, exist_ok=True)
                os.replace(root / temporary, root / name)  # noqa: PTH105 - as write_all does
            folders.update((root / name).parents)
        for name in renamed.values():
            if _is_ours(root, name):
                _remove(root, root / name)
                folders.update((root / name).parents)
        for folder in sorted(folders):
            if folder.is_relative_to(root):
                synchronise_folder(str(folder))
        _Journal(root).end()
    except OSError as error:
        what = reason_of(error)
        raise WorldError(f"publishing cannot be completed: {what}", hint="Then run it again.") from error
    return True


def _is_ours(root: Path, name: str) -> bool:
    parts = name.split("/")
    return parts[0] in FOLDERS and not {"", ".", ".."} & {*parts} and is_unlinked(root, name)


def _remove(root: Path, path: Path) -> None:
    with suppress(FileNotFoundError, NotADirectoryError):
        path.unlink()
    with suppress(OSError):  # with the folders that become empty
        for folder in path.parents:
            if folder == root:
                break
            folder.rmdir()
