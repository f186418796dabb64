"""Whether nothing has changed since the last build, so that there is nothing to plan.

A build plans from what it knows about every issue. If all files have the stamps that the last build left, and the same
issues are public, it would plan the same again. To look at the stamps of 10,000 issues takes 0.16 s, to plan 0.85 s. At
the first difference, the build plans.
"""

from __future__ import annotations

import os
import time
from array import array
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from newsletter.archive.record import RECORD
from newsletter.build.state import MANIFEST, STATE, RememberedSettings, base_of, lapsed_sponsors
from newsletter.build.texts import FeedTexts
from newsletter.config.workspace import CONFIGURATION, ISSUES
from newsletter.files import is_there, open_workspace, stamp_of
from newsletter.memory import recall, store
from newsletter.project.cache import CACHE, digest, fingerprint_of, is_recent
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from pathlib import Path

    from newsletter.build.plan import Build
    from newsletter.files import Stamp

# A build looks at fifty thousand files, and `os` costs a third of what pathlib does.
# ruff: noqa: PTH114

FILE = f"{CACHE}/stamps.json"
_FORMAT = 1
_MISSING = (-1, -1, -1)
"""The stamp of a file that does not exist."""


@dataclass(frozen=True, slots=True)
class Settled:
    """The report of a build with nothing to do."""

    issues: int
    published: int
    errors: tuple[tuple[str, int], ...]
    changed: tuple[str, ...]
    ready: tuple[str, ...]
    taken: tuple[str, ...]


def settled_build(root: Path, now: datetime) -> Settled | None:
    """The report of the last build, if a build at `now` would find nothing to do; None if it has to be planned.

    Raises WorldError for a folder that cannot be read.
    """
    open_workspace(root)
    raw = recall(root, FILE)
    try:
        if raw["format"] != _FORMAT or not (_has_same_settings(root, raw, now) and _has_same_files(root, raw)):
            return None
        issues, published, errors, *paths = raw["settled"]
        changed, ready, taken = map(tuple, paths)
        return Settled(issues, published, tuple((path, count) for path, count in errors), changed, ready, taken)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _has_same_settings(root: Path, raw: dict[str, Any], now: datetime) -> bool:
    """Whether everything is the same that all issues depend on, and the same issues and sponsors are shown."""
    settings = RememberedSettings(*raw["settings"])
    return (
        fingerprint_of(root / CONFIGURATION) == settings.fingerprint != ""
        and base_of(root, settings) == raw["base"]
        and _is_the_record(root, raw["record"])
        and [*lapsed_sponsors(settings, now)] == raw["lapsed"]
        and not (raw["since"] and now < datetime.fromisoformat(raw["since"]))
        and not (raw["until"] and now >= datetime.fromisoformat(raw["until"]))
    )


def _has_same_files(root: Path, raw: dict[str, Any]) -> bool:
    """Whether there are the same issues, and all files have the same stamps.

    Of a file that had just changed before the stamps were saved, the content is compared (see `is_recent`).
    """
    sources, files = raw["sources"], raw["files"]
    return (
        _are_the_issues(root, sources)
        # A source that is a link has another stamp than its file: whether it may be read is found out in the survey.
        and _marked(_stamps(root, sources, os.lstat)) == raw["source_stamps"]
        and all(fingerprint_of(root / name) == fingerprint for name, fingerprint in raw["recent"])
        and _marked(_stamps(root, files, os.stat)) == raw["file_stamps"]
        and all(map(FeedTexts(root).has, raw["texts"]))
    )


def _is_the_record(root: Path, mark: str) -> bool:
    """Whether the record has this hash; empty if there is none."""
    path = root / RECORD
    return fingerprint_of(path) == mark != "" or (not mark and not os.path.lexists(path))


def _are_the_issues(root: Path, sources: Collection[str]) -> bool:
    """Whether there are no other issues than these (see `issue_files`). Links may lead out of the workspace."""
    known = {path.removeprefix(f"{ISSUES}/").removesuffix("/index.md") for path in sources}
    folder = f"{root}/{ISSUES}"
    try:
        if os.path.islink(folder):
            return False
        with os.scandir(folder) as entries:
            return all((entry.name in known and not entry.is_symlink()) or _is_no_issue(entry) for entry in entries)
    except FileNotFoundError:
        return not known
    except OSError:
        return False


def _is_no_issue(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith("."):
        return True
    return not (is_there(f"{entry.path}/index.md") if entry.is_dir() else entry.name.endswith(".md"))


def _stamps(root: Path, names: Iterable[str], stat: Callable[[str], os.stat_result]) -> Iterator[Stamp]:
    """The stamps of files, as `stamp_of` gives them: a call for each file would take a quarter longer."""
    above = f"{root}/"
    for name in names:
        try:
            found = stat(above + name)
        except OSError:
            yield _MISSING
        else:
            yield found.st_mtime_ns, found.st_size, found.st_ctime_ns


def _marked(stamps: Iterable[Stamp | None]) -> str:
    """A hash of stamps, in order. Raises ValueError for a time after the year 2262."""
    numbers = array("q")
    try:
        for stamp in stamps:
            numbers.extend(stamp or _MISSING)
    except OverflowError as error:
        raise ValueError(str(error)) from error
    return digest(numbers.tobytes())


def save_settled(work: Build, now: datetime, settled: Settled) -> None:
    """Saves what the next build compares, after a build that left nothing undone."""
    saved = time.time_ns()
    if any(is_recent(stamp, saved) for stamp in work.compared.values()):
        return
    files = _files_of(work)
    texts = {text for issue in work.issues for text in (issue.last().feed, issue.last().campaign)}
    since, until = _period(work, now)
    with suppress(ValueError):
        value = {
            "format": _FORMAT,
            "settled": [getattr(settled, name) for name in Settled.__slots__],
            "settings": [getattr(work.settings, name) for name in RememberedSettings.__slots__],
            "base": work.base,
            "record": work.record_hash,
            "lapsed": lapsed_sponsors(work.settings, now),
            "since": since,
            "until": until,
            "sources": [*work.surveyed],
            "source_stamps": _marked(memory.stamp for memory in work.surveyed.values()),
            "files": [name for name, _ in files],
            "file_stamps": _marked(stamp for _, stamp in files),
            "texts": sorted(texts - {""}),
            "recent": sorted(_recent(work, saved)),
        }
        store(work.root, FILE, value)


def _files_of(work: Build) -> list[tuple[str, Stamp | None]]:
    """All files that a build looks at, other than the sources, each with the stamp that it had then.

    A file that changed in between is there twice. So the next build finds a difference.
    """
    found = dict.fromkeys((name, stamp_of(f"{work.root}/{name}")) for name in (STATE, MANIFEST))
    found.update(dict.fromkeys((*work.state.site_outputs.items(), *work.compared.items())))
    for issue in work.issues:
        found.update(dict.fromkeys(issue.memory.outputs.items()))
        found.update(dict.fromkeys((name, stamp) for name, (stamp, _) in issue.memory.needs.items()))
        if issue.file.path not in work.surveyed:  # the frozen text of a published issue
            found[issue.file.path, issue.memory.stamp] = None
    return [*found]


def _recent(work: Build, saved: int) -> set[tuple[str, str]]:
    """The files with their hashes that may have changed again with the same stamp."""
    memories = {issue.file.path: issue.memory for issue in work.issues} | work.surveyed
    found = {(path, memory.content) for path, memory in memories.items() if is_recent(memory.stamp, saved)}
    for memory in memories.values():
        found.update((name, mark) for name, (stamp, mark) in memory.needs.items() if is_recent(stamp, saved))
    return found


def _period(work: Build, now: datetime) -> tuple[str, str]:
    """The times between which no issue's date comes: from the last one to the next one; empty if there is none."""
    dates = [
        datetime.fromisoformat(issue.facts.date) for issue in work.issues if issue.facts.date and not issue.facts.draft
    ]
    since = max((date for date in dates if date <= now), default=None)
    until = min((date for date in dates if date > now), default=None)
    return since.isoformat() if since else "", until.isoformat() if until else ""
