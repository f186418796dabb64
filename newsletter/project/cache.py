"""The cache of a workspace: where it is, and the fingerprints by which it is told what has changed. It is never needed for a right result."""

from __future__ import annotations

import json
import os
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from newsletter.config.publication import Publication

FOLDER = ".newsletter"
"""What is kept of a workspace beside its sources."""
CACHE = f"{FOLDER}/cache"

Stamp = tuple[int, int]
"""Modification time in nanoseconds and size in bytes, as the file system says."""


def digest(*parts: str | bytes) -> str:
    """A short fingerprint of `parts` in order; no two different lists share their input to the hash."""
    hasher = blake2b(digest_size=16)
    for part in parts:
        content = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        hasher.update(len(content).to_bytes(8, "little"))
        hasher.update(content)
    return hasher.hexdigest()


def stamp_of(path: str | Path) -> Stamp | None:
    """The stamp of a file; None where there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def stamps_in(folder: str, ending: str = "") -> Iterator[str]:
    """Path and stamp of each file below `folder` whose name has this `ending`, in order; none where there is no folder.

    Hidden files and byte code are left out. Enough to notice another version of this program, and cheap.
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


def fingerprint_tree(folders: Iterable[Path]) -> str:
    """A fingerprint of the names and contents of every file below `folders`, hidden ones left out."""
    parts: list[str | bytes] = []
    for folder in folders:
        for where, names, files in os.walk(folder):
            names[:] = sorted(name for name in names if not name.startswith((".", "__pycache__")))
            for name in sorted(files):
                if name.startswith("."):
                    continue
                path = os.path.join(where, name)
                with open(path, "rb") as file:
                    parts += (os.path.relpath(path, folder), file.read())
    return digest(*parts)


def shared_pictures(publication: Publication) -> tuple[str, ...]:
    """Files that every issue may show, wherever they stand: logos and portraits, relative to the workspace."""
    theme = publication.theme
    portraits = (author.picture for author in publication.authors.values())
    return tuple(filter(None, (theme.logo, theme.logo_dark, *portraits)))


def to_json(value: Any) -> bytes:
    """Plain values as the cache stores them; a lone surrogate in a text becomes a question mark."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def store(root: Path, name: str, value: Any) -> None:
    """Keeps plain values in a file of the cache; where nothing can be written, the next run works them out once more."""
    from contextlib import suppress

    from newsletter.errors import WorldError
    from newsletter.files import write_all

    with suppress(WorldError):
        write_all(root, {name: to_json(value)})
