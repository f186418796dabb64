"""Verifies that all frozen files are unchanged, by comparing the hash of each, as fsck does for a file system."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from newsletter.archive.record import ARCHIVE, PAID, RECORD, hash_of
from newsletter.files import PICTURE_LIMIT, read_bytes
from newsletter.names import same_file_key
from newsletter.records import dataclass
from newsletter.writing import is_temporary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from newsletter.archive.record import Record, RecordedIssue, Version

MISSING, ALTERED, UNREADABLE = "missing", "altered", "unreadable"
KNOWN = frozenset({RECORD, f"{ARCHIVE}/services.json", f"{ARCHIVE}/.gitattributes", f"{ARCHIVE}/{PAID}/.gitignore"})
"""The files in archive/ that are not part of an issue."""


@dataclass(frozen=True, slots=True)
class Damage:
    """A frozen file that is missing or was altered."""

    path: str
    """Relative to the workspace."""
    what: str
    """MISSING, ALTERED or UNREADABLE."""
    mark: str
    """The recorded hash."""
    issue: RecordedIssue
    version: Version


@dataclass(frozen=True, slots=True)
class Verified:
    """The result of verifying an archive."""

    issues: int
    files: int
    """The number of files that were checked."""
    damaged: tuple[Damage, ...] = ()
    apart: tuple[str, ...] = ()
    """The folders of files for paying readers that are not on this machine, because git ignores them."""
    extra: tuple[str, ...] = ()
    """Files that are not in the record."""


def verify(root: Path, record: Record) -> Verified:
    """Compares every frozen file of the workspace at `root` with `record`. Nothing is changed."""
    damaged: list[Damage] = []
    apart: list[str] = []
    known: set[str] = set()
    for issue in record.issues:
        for version in issue.versions:
            names = dict(version.names)
            known.update(map(same_file_key, names))
            paid = f"{ARCHIVE}/{PAID}/{version.folder}/"
            if version.paid and not any((root / name).exists() for name in names if name.startswith(paid)):
                apart.append(paid)
                names = {name: mark for name, mark in names.items() if not name.startswith(paid)}
            damaged += (
                Damage(name, what, mark, issue, version)
                for name, mark in sorted(names.items())
                if (what := _fault(root, name, mark))
            )
    extra = tuple(name for name in files_in(root) if same_file_key(name) not in known and name not in KNOWN)
    return Verified(len(record.issues), len(known), tuple(damaged), tuple(apart), extra)


def _fault(root: Path, name: str, mark: str) -> str:
    """The problem with a frozen file; empty if it is unchanged."""
    path = root / name
    if path.is_symlink() or not path.exists():
        return ALTERED if path.is_symlink() else MISSING
    try:
        return "" if hash_of(read_bytes(path, PICTURE_LIMIT)) == mark else ALTERED
    except OSError:
        return UNREADABLE


def files_in(root: Path) -> Iterator[str]:
    """All files in archive/, in order. No link is followed."""
    for where, folders, files in os.walk(root / ARCHIVE):
        folders.sort()
        start = os.path.relpath(where, root).replace(os.sep, "/")
        links = [name for name in folders if os.path.islink(os.path.join(where, name))]  # noqa: PTH114, PTH118 - as os.walk gives them
        yield from (f"{start}/{name}" for name in sorted((*files, *links)) if not is_temporary(name))
