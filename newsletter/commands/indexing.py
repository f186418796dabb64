"""Updates the search index of a workspace before it is used. Only changed issues are read again.

The index is a file in the cache. It is opened only if this program wrote it on this machine. A sealed file (see
memory.py) records its size and when it was changed, which no program can set. Any other file is replaced and never
opened: it may come from a pull request or a restored cache, or be damaged.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
import time
import unicodedata
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import newsletter
from newsletter.archive.record import load_record
from newsletter.archive.search.index import VERSION, Index, IndexedIssue, IndexWriter, connect
from newsletter.config.workspace import CONFIGURATION, ISSUES, issue_files
from newsletter.errors import ConfigurationError, NewsletterError, WorldError, reason_of
from newsletter.files import RefusedFileError, decode, read_bytes, read_file, stamp_of
from newsletter.memory import FOLDER, is_unlinked, recall, store
from newsletter.project.cache import digest, fingerprint_tree, is_recent, program_stamp
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from newsletter.archive.record import Record
    from newsletter.archive.search.passages import TextPassage
    from newsletter.config.workspace import IssueFile
    from newsletter.files import Stamp
    from newsletter.model import Issue
    from newsletter.project.parsed import ParsedIssue
    from newsletter.project.project import Project

FILE = f"{FOLDER}/search.sqlite"
SEAL = f"{FOLDER}/search.json"
MANY = 500
"""With at least this many issues, the words are merged at the end. That takes a while, and makes each search faster."""


@dataclass(frozen=True, slots=True)
class _IndexJob:
    """An issue to be read."""

    file: IssueFile
    mark: str
    """The stamp of its file and the fingerprint of its text."""


@dataclass(frozen=True, slots=True)
class _Read:
    """An issue that was read. Its fields are plain values, because it may come from another process."""

    path: str
    mark: str
    same: bool = False
    """Whether its text is the same as in the index."""
    issue: IndexedIssue | None = None
    passages: tuple[TextPassage, ...] = ()
    moment: float | None = None


@contextmanager
def open_index(
    root: Path,
    *,
    record: Record | None = None,
    progress: Callable[[int, int], None] | None = None,
    processes: int | None = None,
) -> Iterator[Index]:
    """The index of the workspace at `root`, updated to its files.

    `progress` gets how many issues were read, and of how many. `record` has the published issues, if known: it is used
    to find the frozen text of deleted issues. Raises as reading a workspace does. An issue that cannot be read is left
    out.
    """
    record = load_record(root) if record is None else record
    update = _Update(root, record, progress, processes)
    path = update.bring_up_to_date()
    try:
        index = Index(connect(path))
    except sqlite3.Error:  # It was replaced or damaged just now.
        path = update.bring_up_to_date(anew=True)
        index = Index(connect(path))
    try:
        yield index
    finally:
        index.close()
        update.clean_up()


def forget_index(root: Path) -> None:
    """Deletes the index, so that it is made again. Used when a search finds it damaged."""
    with suppress(OSError):
        (root / FILE).unlink()


class _Update:
    """One update of an index."""

    def __init__(
        self,
        root: Path,
        record: Record,
        progress: Callable[[int, int], None] | None,
        processes: int | None,
    ) -> None:
        self._root = root
        self._record = record
        self._progress = progress
        self._processes = processes
        self._listing: Stamp | None = None
        """The stamp of the folder of all issues, if that shows whether an issue was added or removed."""
        self._left: Path | None = None
        """A file that could not replace the index, and is used only for this run."""

    def bring_up_to_date(self, *, anew: bool = False) -> Path:
        """The file of an index that contains every issue in its current form."""
        base = _base_key(self._root)
        marks: dict[str, str] | None = None
        saved = 0
        if not anew and (sealed := _sealed(self._root, base)) is not None:
            saved, listing = sealed
            marks = _marks(self._root / FILE)
            if marks is not None and self._is_as_it_was(marks, saved, listing):
                return self._root / FILE
        jobs, gone = self._changes(marks or {}, saved)
        if marks is not None and not jobs and not gone:
            return self._root / FILE
        return self._write(base, jobs, gone, new=marks is None)

    def _is_as_it_was(self, known: Mapping[str, str], saved: int, listing: object) -> bool:
        """Whether nothing was added, removed or changed, as far as a quick check can show.

        The quick check takes a third of the time of a full one.
        """
        stamp = stamp_of(self._root / ISSUES)
        if stamp is None or listing != [*stamp] or is_recent(stamp, saved):
            return False
        there = {path for path in known if path.startswith(f"{ISSUES}/")}
        if there | {file.path for file in _frozen(self._record, there)} != known.keys():
            return False
        return all(_is_same(f"{self._root}/{path}", mark, saved) for path, mark in known.items())

    def _changes(self, known: Mapping[str, str], saved: int) -> tuple[list[_IndexJob], list[str]]:
        """The issues whose files have changed, and the paths that are in the index but no longer in the workspace."""
        stamp = stamp_of(self._root / ISSUES)
        files = issue_files(self._root)
        # Only if everything in it is an issue: another folder may become one without a trace here.
        self._listing = stamp if stamp and sum(1 for _ in (self._root / ISSUES).iterdir()) == len(files) else None
        there = {file.path for file in files}
        files += tuple(_frozen(self._record, there))
        jobs = []
        for file in files:
            mark = known.get(file.path, "")
            if not mark or not _is_same(f"{self._root}/{file.path}", mark, saved):
                jobs.append(_IndexJob(file, mark))
        return jobs, [*(known.keys() - {file.path for file in files})]

    def _write(self, base: str, jobs: list[_IndexJob], gone: list[str], *, new: bool) -> Path:
        from newsletter.project.project import open_project
        from newsletter.project.workers import run_jobs

        project = open_project(self._root)
        work = self._work_file(new=new)
        writer = IndexWriter(work, new=new)
        done = 0
        begun = time.time_ns()
        try:
            try:
                for name in gone:
                    writer.remove(name)
                for start in range(
                    0, len(jobs), MANY
                ):  # Issues that were read wait to be written, but never all of them at once.
                    for read in run_jobs(project, _read, jobs[start : start + MANY], self._processes):
                        _put(writer, read)
                        done += 1
                        if self._progress:
                            self._progress(done, len(jobs))
                if done > MANY:
                    writer.optimise()
            finally:
                # Also written after an interruption, so that nothing is read twice.
                writer.close()
                if done < len(jobs):
                    self._listing = None
                path = self._publish(work, base, begun)
        except BaseException:
            self.clean_up()
            raise
        return path

    def _work_file(self, *, new: bool) -> Path:
        """A file of our own to write to.

        It is a copy of the index, because others may be reading that. Its name marks it for removal if it is left
        behind.
        """
        folder = self._root / FOLDER
        try:
            if not is_unlinked(self._root, FILE):
                raise OSError(0, "it is a link")  # noqa: TRY301 - told like a folder that cannot be written
            folder.mkdir(exist_ok=True)
            self._left = self._start(folder, new=new)
        except OSError:
            import tempfile

            try:
                self._left = self._start(Path(tempfile.mkdtemp(prefix="newsletter-")), new=new)
            except OSError as error:
                raise WorldError(f"{FILE} cannot be written: {reason_of(error)}") from error
        return self._left

    def _start(self, folder: Path, *, new: bool) -> Path:
        """An empty file in `folder`, or a copy of the index. Raises OSError."""
        number = next(number for number in range(10_000) if not (folder / _work_name(number)).exists())
        work = folder / _work_name(number)
        try:
            if new:
                work.touch(exist_ok=False)
            else:
                shutil.copyfile(self._root / FILE, work)
        except OSError:
            with suppress(OSError):
                work.unlink(missing_ok=True)
            raise
        return work

    def _publish(self, work: Path, base: str, begun: int) -> Path:
        """Replaces the index with the new one. If that fails, the new one is used only for this run."""
        target = self._root / FILE
        try:
            if work.parent != target.parent:
                return work
            work.replace(target)
        except OSError:  # Another program has it open, and this system does not replace open files.
            return work
        self._left = None
        listing = self._listing
        store(self._root, SEAL, {"base": base, "stamp": stamp_of(target), "saved": begun, "listing": listing})
        return target

    def clean_up(self) -> None:
        """Removes files that no other run can use."""
        if self._left is not None:
            with suppress(OSError):
                self._left.unlink()
                if self._left.parent.name != FOLDER:
                    self._left.parent.rmdir()
            self._left = None


def _work_name(number: int) -> str:
    return f".newsletter-{os.getpid()}-{number}.tmp"


def _put(writer: IndexWriter, read: _Read) -> None:
    if read.same:
        writer.remark(read.path, read.mark)
        return
    writer.remove(read.path)
    if read.issue is None:
        writer.note(read.path, read.mark)
    else:
        writer.add(read.issue, read.passages, read.mark, read.moment)


def _sealed(root: Path, base: str) -> tuple[int, object] | None:
    """The time when the index was last updated, in nanoseconds, and the stamp of the folder of all issues at that time.

    None if there is no index that this program wrote here.
    """
    try:
        raw: Any = recall(root, SEAL)
        if raw and raw["base"] == base and (stamp := stamp_of(root / FILE)) and raw["stamp"] == [*stamp]:
            return int(raw["saved"]), raw["listing"]
    except (ValueError, KeyError, TypeError):
        pass
    return None


def _is_same(path: str, mark: str, saved: int) -> bool:
    """Whether a file still matches `mark`."""
    stamp = stamp_of(path)
    return mark.startswith(f"{_stamp_text(stamp)} ") and not is_recent(stamp, saved)


def _marks(path: Path) -> dict[str, str] | None:
    try:
        index = Index(connect(path))
        try:
            return index.marks()
        finally:
            index.close()
    except sqlite3.Error:
        return None


def _base_key(root: Path) -> str:
    """A fingerprint of everything but the texts that affects the index."""
    return digest(
        newsletter.__version__,
        str(VERSION),
        sys.version,
        unicodedata.unidata_version,
        read_file(root / CONFIGURATION, CONFIGURATION),
        fingerprint_tree([root / "templates"], ".yaml"),
        program_stamp(),
    )


def _stamp_text(stamp: Stamp | None) -> str:
    return ",".join(map(str, stamp or ()))


def _frozen(record: Record, there: set[str]) -> Iterator[IssueFile]:
    """The frozen texts of issues that are no longer in the workspace."""
    for issue in record.issues:
        if issue.issue not in there:
            from newsletter.build.recorded import frozen_file

            yield frozen_file(issue)


def _read(project: Project, job: _IndexJob) -> _Read:
    """The content of an issue for the index."""
    path = project.workspace.root / job.file.path
    stamp = _stamp_text(stamp_of(path))
    try:
        content = read_bytes(path, project.publication.largest_issue)
    except RefusedFileError:  # A check reports it.
        return _Read(job.file.path, f"{stamp} ")
    except FileNotFoundError:  # Removed just now, or missing from archive/, which `archive verify` reports.
        return _Read(job.file.path, f"{stamp} ")
    except OSError as error:
        raise WorldError(f"{job.file.path} cannot be read: {reason_of(error)}") from error
    fingerprint = digest(content)
    mark = f"{stamp} {fingerprint}"
    if job.mark.partition(" ")[2] == fingerprint:
        return _Read(job.file.path, mark, same=True)
    text, problems = decode(content, job.file.path)
    try:
        parsed = project.read(job.file, text, problems)
        return _indexed(project, parsed, mark)
    except ConfigurationError:
        raise
    except NewsletterError:  # Reported when the issue is checked.
        return _Read(job.file.path, mark)


def _indexed(project: Project, parsed: ParsedIssue, mark: str) -> _Read:
    from newsletter.archive.search.passages import passages_of
    from newsletter.build.issue import facts_from
    from newsletter.project.parsed import sections_of
    from newsletter.walk import called, figures_in, links_in, words_in_issue

    issue = parsed.issue
    parts = sections_of(parsed, project.language(issue.language))
    facts = facts_from(project.publication, parsed)
    moment = issue.date or _named_date(parsed.file.name)
    indexed = IndexedIssue(
        path=parsed.file.path,
        title=facts.title,
        slug=facts.slug,
        id=facts.id,
        kind=issue.kind,
        number=facts.number,
        date=facts.date,
        day=moment.date().isoformat() if moment else "",
        draft=facts.draft or not parsed.readable,
        language=facts.language,
        authors=facts.authors,
        tags=facts.tags,
        words=words_in_issue(issue),
        items=sum(map(len, parts.items)),
        figures=sum(1 for _ in figures_in(issue)),
        links=sum(1 for link in links_in(issue) if link.href[:4].lower() == "http"),
        sections=[called(section) for section in issue.sections],
    )
    passages = passages_of(parts, _free_part(project, parsed))
    return _Read(
        parsed.file.path, mark, issue=indexed, passages=passages, moment=moment.timestamp() if moment else None
    )


def _named_date(name: str) -> datetime | None:
    """The date at the beginning of an issue's name, at midnight."""
    from newsletter.house.forms import dated_name

    day = dated_name(name)
    return datetime.combine(day, datetime.min.time(), UTC) if day else None


def _free_part(project: Project, parsed: ParsedIssue) -> Issue | None:
    """The free edition of an issue; None if all readers get the same."""
    from newsletter.editions import ONLY, PAYWALL, for_readers
    from newsletter.house.match import limits_of
    from newsletter.project.parsed import sections_of

    holds_back = any(each.name in {ONLY, PAYWALL} for each in parsed.issue.opened)
    if not holds_back and not any(section.only for section in parsed.house.sections):
        return None
    matched = sections_of(parsed, project.language(parsed.issue.language)).matched
    return for_readers(parsed.issue, paid=False, limits=limits_of(parsed.issue, matched))
