"""The history of a whole workspace, kept from run to run. Only changed issues are read again.

The memory is a file of the cache: by path of the issue, the stamp and fingerprint of its text and what is remembered of it. It
is never needed for a right result.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import newsletter
from newsletter.check.facts.history import History, PastIssue, from_plain, remember, to_plain
from newsletter.config.workspace import CONFIGURATION, issue_files
from newsletter.errors import WorldError, reason_of
from newsletter.files import RefusedFileError, decode, read_bytes, read_file, stamp_of
from newsletter.memory import recall, store
from newsletter.project.cache import CACHE, digest, fingerprint_tree, is_recent, program_stamp
from newsletter.project.parsed import sections_of
from newsletter.project.workers import WORTH_IT, run_jobs
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from newsletter.config.workspace import IssueFile
    from newsletter.project.parsed import ParsedIssue
    from newsletter.project.project import Project

FILE = f"{CACHE}/history.json"
_LENGTH = 3

Entry = list[Any]
"""Stamp and fingerprint of the text, and the PastIssue as plain values; None if it cannot be understood."""


@dataclass(frozen=True, slots=True)
class _Job:
    """One issue whose file is not as it was."""

    file: IssueFile
    entry: Entry | None
    """The remembered entry."""
    parsed: ParsedIssue | None = None


def history_of(project: Project) -> History:
    """The history of the issues in the project's workspace, looked up once."""
    if project.history is None:
        project.history = load_history(project)
    return project.history


def load_history(project: Project, known: Sequence[ParsedIssue] = (), processes: int | None = None) -> History:
    """The history of the issues in the project's workspace, as they are on disk. `known` are issues that have been read already.

    Many that are not remembered are read in `processes`, as many as there are cores by default. Issues whose front matter
    cannot be understood are left out.
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
        jobs = [replace(job, parsed=None) for job in jobs]  # reading again costs less than handing over
    entries |= {
        job.file.path: entry for job, entry in zip(jobs, run_jobs(project, _look, jobs, processes), strict=True)
    }
    if entries != memory:
        _save(root, base, entries)
    return History(from_plain(entry[2]) for entry in entries.values() if entry[2])


def _look(project: Project, job: _Job) -> Entry:
    """The entry of an issue: the kept one if its text is unchanged, else a new one."""
    path = project.workspace.root / job.file.path
    stamp = stamp_of(path)
    try:
        content = read_bytes(path, project.publication.largest_issue)
    except RefusedFileError:  # its own check reports it
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
        plain = to_plain(remember(sections_of(parsed, project.language(parsed.issue.language))))
    return [stamp and [*stamp], fingerprint, plain]


# ── The file ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _base_key(project: Project) -> str:
    """A fingerprint of all but the texts that decides what is remembered."""
    return digest(
        newsletter.__version__,
        read_file(project.workspace.root / CONFIGURATION, CONFIGURATION),
        fingerprint_tree(project.template_folders, ".yaml"),
        program_stamp(),
    )


def _load(root: Path, base: str) -> tuple[int, dict[str, Entry]]:
    """When the memory was saved, and its entries by path; none if there is none, or if it cannot be used."""
    try:
        raw = recall(root, FILE)
        entries = raw["issues"] if raw["base"] == base else {}
        return int(raw["saved"]), {str(path): [*entry] for path, entry in entries.items() if _is_whole(entry)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return 0, {}


def _is_whole(entry: Entry) -> bool:
    return len(entry) == _LENGTH and (entry[2] is None or len(entry[2]) == len(PastIssue.__slots__))


def _save(root: Path, base: str, entries: dict[str, Entry]) -> None:
    """Remembers the entries; if nothing can be written, the next run reads all once more."""
    raw = {"base": base, "saved": time.time_ns(), "issues": entries}
    store(root, FILE, raw)
