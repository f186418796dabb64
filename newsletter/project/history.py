"""The history of a whole workspace, cached from run to run, so that only changed issues are read again.

The cache is a file with, by path of the issue, the stamp and hash of its text and its history entry. No result depends
on it.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import newsletter
from newsletter.check.facts.history import History, PastIssue, from_plain, to_plain
from newsletter.config.workspace import CONFIGURATION, issue_files
from newsletter.errors import WorldError, reason_of
from newsletter.files import RefusedFileError, decode, read_bytes, read_file, stamp_of
from newsletter.memory import recall, store
from newsletter.project.cache import CACHE, digest, fingerprint_tree, is_recent, program_stamp
from newsletter.project.parsed import past_of
from newsletter.project.workers import WORTH_IT, run_jobs
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from newsletter.config.workspace import IssueFile
    from newsletter.project.parsed import ParsedIssue
    from newsletter.project.project import Project
    from newsletter.project.team import Team

FILE = f"{CACHE}/history.json"
_LENGTH = 3
KEPT = 500
"""The most parsed issues that a process keeps until they are checked. One of 2,500 words takes 140 KB."""

Entry = list[Any]
"""The stamp and hash of the text, and the PastIssue as plain values; None if it cannot be parsed."""


@dataclass(frozen=True, slots=True)
class _Job:
    """An issue whose file has changed."""

    file: IssueFile
    entry: Entry | None
    """The cached entry."""
    parsed: ParsedIssue | None = None


def history_of(project: Project) -> History:
    """The history of the issues in the project's workspace. It is loaded once."""
    if project.history is None:
        project.history = load_history(project)
    return project.history


def load_history(
    project: Project, known: Sequence[ParsedIssue] = (), processes: int | None = None, team: Team | None = None
) -> History:
    """The history of the issues in the project's workspace, as they are on disk.

    `known` are issues that have been read already. If many are not cached, they are read by `team`, or in `processes`,
    by default one per core. Issues whose front matter is not valid are left out.
    """
    root, base = project.workspace.root, _base_key(project)
    saved, memory = _load(root, base)
    by_path = {parsed.file.path: parsed for parsed in known}
    entries: dict[str, Entry] = {}
    jobs = []
    for file in issue_files(root):
        entry = memory.get(file.path)
        stamp = stamp_of(f"{root}/{file.path}")
        if entry and stamp and entry[0] == [*stamp] and not is_recent(stamp, saved):
            entries[file.path] = entry
        else:
            jobs.append(_Job(file, entry, by_path.get(file.path)))
    if len(jobs) > WORTH_IT:
        jobs = [
            replace(job, parsed=None) for job in jobs
        ]  # reading them again costs less than passing them to a process
    looked = team.run(_look, jobs, _path_of) if team else run_jobs(project, _look, jobs, processes)
    entries |= {job.file.path: entry for job, entry in zip(jobs, looked, strict=True)}
    if entries != memory:
        _save(root, base, entries)
    plain = [entry[2] for entry in entries.values() if entry[2]]
    if team:
        team.tell(_learn, plain)
    return _learn(project, plain)


def _learn(project: Project, plain: Sequence[Sequence[Any]]) -> History:
    project.history = History(map(from_plain, plain))
    return project.history


def _path_of(job: _Job) -> str:
    return job.file.path


def _look(project: Project, job: _Job) -> Entry:
    """The entry of an issue: the cached one if its text has not changed, else a new one."""
    path = project.workspace.root / job.file.path
    stamp = stamp_of(path)
    try:
        content = read_bytes(path, project.publication.largest_issue)
    except RefusedFileError:  # the check of that issue reports it
        return [stamp and [*stamp], "", None]
    except OSError as error:
        raise WorldError(f"{job.file.path} cannot be read: {reason_of(error)}") from error
    fingerprint = digest(content)
    if job.entry and job.entry[1] == fingerprint:
        return [stamp and [*stamp], *job.entry[1:]]
    text, problems = decode(content, job.file.path)
    parsed = job.parsed
    if parsed is None or parsed.source.text != text:
        parsed = project.read(job.file, text)
    plain = None
    if parsed.readable and not problems:
        plain = to_plain(past_of(parsed, project.language(parsed.issue.language)))
    if project.read_already is not None and not problems and len(project.read_already) < KEPT:
        project.read_already[job.file.path] = parsed
    return [stamp and [*stamp], fingerprint, plain]


def _base_key(project: Project) -> str:
    """A hash of everything except the texts on which the entries depend."""
    return digest(
        newsletter.__version__,
        read_file(project.workspace.root / CONFIGURATION, CONFIGURATION),
        fingerprint_tree(project.template_folders, ".yaml"),
        program_stamp(),
    )


def _load(root: Path, base: str) -> tuple[int, dict[str, Entry]]:
    """The time of the cache, and its entries by path; empty if it does not exist or cannot be used."""
    try:
        raw = recall(root, FILE)
        entries = raw["issues"] if raw["base"] == base else {}
        return int(raw["saved"]), {str(path): [*entry] for path, entry in entries.items() if _is_whole(entry)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return 0, {}


def _is_whole(entry: Entry) -> bool:
    return len(entry) == _LENGTH and (entry[2] is None or len(entry[2]) == len(PastIssue.__slots__))


def _save(root: Path, base: str, entries: dict[str, Entry]) -> None:
    """Saves the entries. If that is not possible, the next run reads all issues again."""
    raw = {"base": base, "saved": time.time_ns(), "issues": entries}
    store(root, FILE, raw)
