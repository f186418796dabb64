"""The cache of a workspace: its folder, and the hashes that show what has changed.

No result depends on the cache.
"""

from __future__ import annotations

import os
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

import newsletter
from newsletter.bundled import templates_folder
from newsletter.errors import WorldError, reason_of
from newsletter.files import PICTURE_LIMIT, read_bytes, read_file, stamp_of
from newsletter.memory import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsletter.config.publication import Publication
    from newsletter.files import Stamp

CACHE = f"{FOLDER}/cache"


def digest(*parts: str | bytes) -> str:
    """A short hash of `parts` in order. Two different lists never give the hash function the same input."""
    hasher = blake2b(digest_size=16)
    for part in parts:
        content = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        hasher.update(len(content).to_bytes(8, "little"))
        hasher.update(content)
    return hasher.hexdigest()


def fingerprint_of(path: Path) -> str:
    """The hash of a file's content; empty if it cannot be read."""
    try:
        return digest(read_bytes(path, PICTURE_LIMIT))
    except (OSError, ValueError):  # a NUL
        return ""


_SECOND = 1_000_000_000
_TICK = 10_000_000
"""Nanoseconds by which the times of a file system may be late. One with whole seconds may be late by two (FAT)."""


def is_recent(stamp: Stamp | None, saved: int) -> bool:
    """Whether a file changed so shortly before its facts were saved that it may have changed again with the same time."""
    if stamp is None:
        return False
    changed = max(stamp[0], stamp[2])
    return changed >= saved - (_TICK if changed % _SECOND else 2 * _SECOND)


def stamps_in(folder: str, ending: str = "") -> Iterator[str]:
    """Path and stamp of each file below `folder` whose name has this `ending`, in order; none if the folder does not exist.

    Hidden files and byte code are left out. This is a quick way to notice another version of the program.
    """
    try:
        with os.scandir(folder) as scanned:
            entries = sorted(scanned, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith((".", "__pycache__")):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from stamps_in(entry.path, ending)
        elif entry.name.endswith(ending):
            yield f"{entry.path}{stamp_of(entry.path)}"


@cache
def program_stamp() -> str:
    """A hash of the stamps of this program and its bundled templates.

    Stamps are quicker than contents, and enough to notice another version. It is computed once, because a running
    process does not change.
    """
    return digest(*stamps_in(str(Path(newsletter.__file__).parent)), *stamps_in(str(templates_folder())))


def files_below(folder: Path, ending: str = "") -> Iterator[tuple[str, str]]:
    """The files below `folder` whose names have this `ending`, in order: the relative path, and the path to open.

    Hidden files and byte code are left out. A link to a folder is followed once, if that is in the folder above.
    """
    ground = os.path.realpath(folder.parent)
    followed: set[str] = set()

    def is_walked(path: str) -> bool:
        if os.path.basename(path).startswith((".", "__pycache__")):
            return False
        if not os.path.islink(path):
            return True
        real = os.path.realpath(path)
        inside = real.startswith(ground.rstrip(os.sep) + os.sep) and real not in followed
        followed.add(real)
        return inside

    for where, names, files in os.walk(folder, onerror=_not_gone, followlinks=True):
        names[:] = sorted(name for name in names if is_walked(os.path.join(where, name)))
        for name in sorted(files):
            if name.endswith(ending) and not name.startswith("."):
                path = os.path.join(where, name)
                yield os.path.relpath(path, folder), path


def fingerprint_tree(folders: Iterable[Path], ending: str = "") -> str:
    """A hash of the names and contents of every file below `folders` (see `files_below`)."""
    parts: list[str | bytes] = []
    for folder in folders:
        for name, path in files_below(folder, ending):
            parts += (name, read_file(path, f"{folder.name}/{name}", PICTURE_LIMIT))
    return digest(*parts)


def _not_gone(error: OSError) -> None:
    """Raises an error for a folder that exists and cannot be read. A missing folder is no error."""
    if not isinstance(error, FileNotFoundError | NotADirectoryError):
        raise WorldError(f"{error.filename} cannot be read: {reason_of(error)}") from error


def shared_pictures(publication: Publication) -> tuple[str, ...]:
    """Files that every issue may show, relative to the workspace: logos, portraits and pictures of sponsors."""
    theme = publication.theme
    portraits = (author.picture for author in publication.authors.values())
    sponsors = (sponsor.picture for sponsor in publication.sponsors.values())
    return tuple(filter(None, (theme.logo, theme.logo_dark, *portraits, *sponsors)))
