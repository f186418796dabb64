"""Repairs an archive: restores missing or altered files from any place that has exactly the same bytes."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING

from newsletter.archive.record import ARCHIVE, SOURCE, hash_of, load_record
from newsletter.archive.verify import Damage, Verified, verify
from newsletter.build.facts import EMAIL_FOLDER, PUBLIC_FOLDER
from newsletter.build.recorded import PAGE
from newsletter.errors import NewsletterError
from newsletter.files import PICTURE_LIMIT, read_bytes
from newsletter.lock import locked
from newsletter.project.transaction import recover, write_as_one
from newsletter.records import dataclass
from newsletter.writing import clear_left_over

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from newsletter.archive.record import Record, RecordedIssue, Version

_COMMITS = 200
"""The most commits that are searched for a file's content."""
_PATIENCE = 60
"""The time limit for each call of git, in seconds."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """The result of repairing an archive."""

    before: Verified
    after: Verified
    repaired: tuple[tuple[str, str], ...] = ()
    """Each file that was repaired, and where its content was found."""


def verify_archive(root: Path, *, repair: bool = False, notify: Callable[[str], None] | None = None) -> Repaired:
    """Compares the archive of the workspace at `root` with its record, and with `repair` repairs what it can.

    Raises as `load_record` and `write_as_one` do.
    """
    with locked(root, needed=repair, notify=notify):
        recover(root)
        clear_left_over(root, [ARCHIVE])
        record = load_record(root)
        before = after = verify(root, record)
        repaired: dict[str, str] = {}
        while repair and after.damaged:  # Again if something was found: outputs need a repaired source.
            found = _found(root, record, after)
            if not found:
                break
            write_as_one(root, {path: content for path, (content, _) in found.items()})
            repaired |= {path: place for path, (_, place) in found.items()}
            after = verify(root, record)
    return Repaired(before, after, tuple(sorted(repaired.items())))


def _found(root: Path, record: Record, verified: Verified) -> dict[str, tuple[bytes, str]]:
    """The original content of each damaged file, and where it was found, by path."""
    damaged = {one.path for one in verified.damaged}
    copies: dict[str, list[str]] = {}
    for issue in record.issues:
        for version in issue.versions:
            for name, mark in version.names.items():
                if name not in damaged:
                    copies.setdefault(mark, []).append(name)
    made: dict[str, Mapping[str, bytes]] = {}
    found = {}
    for one in verified.damaged:
        for content, place in _places(root, one, copies, made):
            if hash_of(content) == one.mark:
                found[one.path] = content, place
                break
    return found


def _places(
    root: Path, one: Damage, copies: Mapping[str, list[str]], made: dict[str, Mapping[str, bytes]]
) -> Iterator[tuple[bytes, str]]:
    """The possible sources of a damaged file's content, the most likely first."""
    inside = one.path.split(f"/{one.version.folder}/", 1)[1]
    for name in (*copies.get(one.mark, ()), *_outputs(one.version, inside)):
        with suppress(OSError, ValueError):
            yield read_bytes(root / name, PICTURE_LIMIT), name
    yield from _from_git(root, one.path)
    if not inside.startswith(f"{SOURCE}/"):
        folder = one.version.folder
        if folder not in made:
            made[folder] = _made_again(root, one.issue, one.version)
        if inside in made[folder]:
            yield made[folder][inside], "made again from its source"


def _outputs(version: Version, inside: str) -> Iterator[str]:
    """The paths of the same file in the current workspace: the issue itself, or the output of a build."""
    if inside.startswith(f"{SOURCE}/"):
        yield inside.removeprefix(f"{SOURCE}/")
    elif inside.startswith(f"{PAGE}/"):
        yield f"{PUBLIC_FOLDER}/{version.slug}/{inside.removeprefix(f'{PAGE}/')}"
    else:
        yield f"{EMAIL_FOLDER}/{version.slug}/{inside}"


def _from_git(root: Path, path: str) -> Iterator[tuple[bytes, str]]:
    """The file in each commit that changed it, on any branch, the newest first. Empty without git."""
    try:
        commits = _git(root, "rev-list", "--all", f"--max-count={_COMMITS}", "--", path).decode().split()
    except (OSError, subprocess.SubprocessError, ValueError):
        return
    for commit in commits:
        with suppress(OSError, subprocess.SubprocessError):
            yield _git(root, "cat-file", "blob", f"{commit}:./{path}"), f"git, commit {commit[:10]}"


def _git(root: Path, *arguments: str) -> bytes:
    command = ["git", "-C", str(root), *arguments]
    return subprocess.run(command, capture_output=True, check=True, timeout=_PATIENCE).stdout  # noqa: S603 - the person's own git, and no shell


def _made_again(root: Path, issue: RecordedIssue, version: Version) -> Mapping[str, bytes]:
    """The outputs that the frozen text gives now, by path in the frozen folder. Empty if the text itself is damaged."""
    from newsletter.build.freezing import remade
    from newsletter.project.hashes import Hashes
    from newsletter.project.project import open_project

    with suppress(NewsletterError, OSError):
        return remade(open_project(root), issue, version, Hashes(root).of)
    return {}
