"""Imports past issues into a workspace.

Each issue is written completely or not at all, and no existing file is overwritten.
"""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from newsletter.config.load import load_workspace
from newsletter.config.wellformed import language_flaw
from newsletter.config.workspace import ISSUES, is_own_folder, issue_files
from newsletter.config.yaml_events import YEARS
from newsletter.errors import UsageError
from newsletter.files import read_file
from newsletter.importing.base import ImportedIssue, ImportNote, Skipped
from newsletter.importing.counting import counts_of
from newsletter.importing.issue_file import issue_text
from newsletter.importing.ledger import LEDGER, Entry, Ledger
from newsletter.importing.outcome import Imported, ImportReport
from newsletter.importing.registry import kind_named, kind_of
from newsletter.importing.sources import ImportSource
from newsletter.markdown.bounds import LARGEST
from newsletter.names import portable_name, same_file_key, slugify
from newsletter.project.project import Project, slug_problem
from newsletter.writing import write_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from newsletter.importing.base import Found
    from newsletter.importing.kind import Kind

    Progress = Callable[[int, int | None], None]
    Fetch = Callable[[ImportedIssue], ImportedIssue]

_DATED = re.compile(r"\d{4}-\d{2}-\d{2}-(?=.)")
IMPORTED_BEFORE = "imported before"
_AT_ONCE = 100
"""How many issues are imported between two writes of imports.json; a tenth of all if there are many.

If the program is killed, most of what it imported is then recorded.
"""


def open_source(source: ImportSource, kind: str = "") -> tuple[Kind, Found]:
    """Opens a source and detects its kind.

    Raises UsageError if no kind fits, or if it is not the given `kind`.
    """
    chosen = kind_named(kind) if kind else kind_of(source)
    found = chosen.read(source)
    total = None if found.total is None else found.total + len(source.refused)
    issues = _distinct(_whole(found.issues, source))
    return chosen, replace(found, issues=_with_refused(issues, source.refused), total=total)


def _whole(issues: Iterator[ImportedIssue | Skipped], source: ImportSource) -> Iterator[ImportedIssue | Skipped]:
    """The issues; of a zip that is cut off, only those with all their pictures.

    An issue that was imported is not imported again, so its pictures would stay lost when the whole zip is there.
    """
    for one in issues:
        lost = source.is_cut and isinstance(one, ImportedIssue) and any(map(_is_lost_picture, one.notes))
        yield (
            Skipped(one.source, "its pictures may be in the part of the zip that is missing", fault=True)
            if lost
            else one
        )


def _distinct(issues: Iterator[ImportedIssue | Skipped]) -> Iterator[ImportedIssue | Skipped]:
    """The issues, each with a name of its own: in damaged exports, two entries may have the same id and address."""
    seen: dict[str, list[int]] = {}
    for one in issues:
        if isinstance(one, Skipped):
            yield one
            continue
        texts = seen.setdefault(one.source, [])
        text = hash((one.title, one.body))
        if text in texts:
            yield Skipped(one.source, "an earlier entry of the source is the same")
        else:
            yield replace(one, source=f"{one.source}#{len(texts) + 1}") if texts else one
        texts.append(text)


def _is_lost_picture(note: ImportNote) -> bool:
    return note.kind == "lost" and "the picture" in note.message


def _with_refused(
    issues: Iterator[ImportedIssue | Skipped], refused: tuple[Skipped, ...]
) -> Iterator[ImportedIssue | Skipped]:
    """Adds the entries that could not be read, before the other issues.

    If the importer reports one of them, too, it is not reported again.
    """
    yield from refused
    told = {one.source for one in refused}
    yield from (one for one in issues if not (isinstance(one, Skipped) and one.source in told))


def import_source(
    root: Path,
    path: Path,
    *,
    name: str = "",
    kind: str = "",
    house: str = "",
    dry: bool = False,
    fetch: Fetch | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Imports the new issues of the source at `path` into the workspace at `root`.

    `kind` is the kind of the source. `house` is the kind of the issues if it is not the publication's. With `dry`,
    nothing is written. `fetch` downloads pictures from the web. Raises UsageError if the source cannot be read at all,
    or if it is the workspace itself.
    """
    if is_own_folder(root, path):
        raise UsageError(
            f"{name or path} belongs to this workspace, so its issues are here already",
            hint="Name the folder or the file of the source.",
        )
    with ImportSource(path, name) as source:
        chosen, found = open_source(source, kind)
        return import_found(root, source.name, chosen, found, house=house, dry=dry, fetch=fetch, progress=progress)


def import_found(
    root: Path,
    name: str,
    kind: Kind,
    found: Found,
    *,
    house: str = "",
    dry: bool = False,
    fetch: Fetch | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Does the same for a source that is already open.

    `name` is the person's name for it. `kind` and `found` are what was detected and read.
    """
    writer = _IssueWriter(root, kind.name, house, dry=dry)
    imported: list[Imported] = []
    skipped: list[Skipped] = []
    known: list[Skipped] = []
    try:
        for count, one in enumerate(found.issues, 1):
            if isinstance(one, Skipped):
                skipped.append(one)
            else:
                outcome = writer.take(one, fetch)
                if isinstance(outcome, Imported):
                    imported.append(outcome)
                else:
                    (known if writer.was_known else skipped).append(outcome)
            if progress:
                progress(count, found.total)
    finally:
        writer.close()
    return ImportReport(name, kind.name, kind.label, found, tuple(imported), tuple(skipped), tuple(known), dry)


class _IssueWriter:
    """Writes issues into a workspace, one after another."""

    def __init__(self, root: Path, kind: str, house: str, *, dry: bool) -> None:
        self.root = root
        self.kind = kind
        self.dry = dry
        self.ledger = Ledger(root)
        self.was_known = False
        """Whether the last issue had been imported before."""
        workspace = load_workspace(root)
        self.house = house if house != workspace.publication.kind else ""
        self.largest = workspace.publication.largest_issue or LARGEST
        project = Project(workspace)
        self.folders: dict[str, str] = {}
        self.slugs: dict[str, str] = {}
        self.ids: dict[str, str] = {}
        for file in issue_files(root):
            front = project.read_front(file)
            self.folders[same_file_key(file.name)] = file.path
            self.slugs[same_file_key(front.issue.slug)] = file.path
            if told := front.issue.front.text("id"):
                self.ids[told] = file.path
        self._numbers: dict[str, int] = {}
        """The next number to try for each slug or folder that several issues want."""
        self.seen: set[str] = set()
        """The folders that this source has used so far.

        Another letter of the source is always another issue, even if the title is the same.
        """
        self._unsaved = 0

    def take(self, issue: ImportedIssue, fetch: Fetch | None) -> Imported | Skipped:
        """Imports one issue, or reports why it was not imported."""
        self.was_known = False
        if reason := self._known(issue):
            self.was_known = True
            return Skipped(issue.source, reason)
        if fetch:
            issue = fetch(issue)
        issue = _with_possible_values(replace(issue, title=" ".join(issue.title.split()) or issue.source))
        folder, slug, notes = self._named(issue)
        content = self._content(issue, folder, slug)
        if len(content) > self.largest:
            size = f"{len(content) / 1e6:,.1f} MB; the limit is {self.largest / 1e6:,.1f} MB"
            return Skipped(issue.source, f"it is too long: {size} (`issue_limit` in newsletter.yaml)", fault=True)
        if same_file_key(folder) in self.folders:
            return self._in_the_way(issue, folder, content)
        if issue.id and issue.id in self.ids:
            return self._same_id(issue)
        home = self.root / ISSUES / folder
        if home.is_symlink() or (home.exists() and (not home.is_dir() or any(home.iterdir()))):
            return Skipped(
                issue.source, f"{ISSUES}/{folder} already exists and is not an issue: move it away", fault=True
            )
        self._write(issue, folder, content)
        self.folders[same_file_key(folder)] = self.slugs[same_file_key(slug)] = f"{ISSUES}/{folder}/index.md"
        self.seen.add(same_file_key(folder))
        if issue.id:
            self.ids[issue.id] = f"{ISSUES}/{folder}/index.md"
        return Imported(
            f"{ISSUES}/{folder}",
            issue.source,
            issue.title,
            issue.before,
            counts_of(issue.body),
            (*issue.notes, *notes),
            remote_pictures(issue.body),
            issue.authors,
            issue.language,
        )

    def close(self) -> None:
        """Records what was imported."""
        if self._unsaved and not self.dry:
            write_all(self.root, {LEDGER: self.ledger.content()}, links=False)
            self._unsaved = 0

    def _known(self, issue: ImportedIssue) -> str:
        entry = self.ledger.get(self.kind, issue.source)
        if entry is None:
            return ""
        path = f"{ISSUES}/{entry.folder}/index.md"
        self.seen.add(same_file_key(entry.folder))
        if not (self.root / path).is_file():
            return f"imported before as {entry.folder}, which is no longer there"
        if sha256(read_file(self.root / path, path, self.largest)).hexdigest() != entry.sha256:
            return f"imported before as {entry.folder} and edited since, so it is left unchanged"
        return IMPORTED_BEFORE

    def _in_the_way(self, issue: ImportedIssue, folder: str, content: bytes) -> Skipped:
        """Handles an existing issue with that name.

        It is either the same issue, from a run that stopped before recording it, or another one.
        """
        if self._is(folder, content):
            self._note(issue, folder, content)
            self.seen.add(same_file_key(folder))
            self.was_known = True
            return Skipped(issue.source, IMPORTED_BEFORE)
        if issue.id and issue.id in self.ids:
            return self._same_id(issue)
        path = self.folders[same_file_key(folder)]
        return Skipped(issue.source, f"there is already another issue called {folder}: {path}", fault=True)

    def _is(self, folder: str, content: bytes) -> bool:
        """Whether the folder contains exactly this issue, byte for byte."""
        path = self.folders[same_file_key(folder)]
        return (self.root / path).is_file() and read_file(self.root / path, path, self.largest) == content

    def _same_id(self, issue: ImportedIssue) -> Skipped:
        return Skipped(issue.source, f"{self.ids[issue.id]} already has this id: it is the same issue")

    def _content(self, issue: ImportedIssue, folder: str, slug: str) -> bytes:
        """The index.md of an issue. Its front matter has the slug if the name of the folder does not give it."""
        said = "" if _DATED.sub("", folder, count=1) == slug else slug
        return issue_text(issue, slug=said, kind=self.house).encode("utf-8", "replace")

    def _named(self, issue: ImportedIssue) -> tuple[str, str, tuple[ImportNote, ...]]:
        """The folder and the slug of an issue, and what to report about them.

        A slug is an address, so no two issues can have the same.
        """
        slug = slugify(issue.slug, any_script=True) if issue.slug else ""
        slug = slug or slugify(issue.title, any_script=True) or "issue"
        folder = portable_name(issue.folder.lower()) if issue.folder else ""
        if not folder or "/" in folder or slugify(folder, any_script=True) == "":
            dated = issue.date is not None and not slug.startswith(f"{issue.date.date()}")
            folder = f"{issue.date.date()}-{slug}" if issue.date and dated else slug
        wanted = slug
        if slug_problem(slug):
            slug = f"{slug}-issue"
        if slug_problem(folder) or folder.startswith("."):
            folder = f"{folder.lstrip('.')}-issue"
        if same_file_key(folder) in self.seen:
            return self._namesake(issue, folder, slug)
        slug = self._free_slug(issue, folder, slug)
        return folder, slug, self._naming_notes(issue, wanted, slug)

    def _namesake(self, issue: ImportedIssue, folder: str, slug: str) -> tuple[str, str, tuple[ImportNote, ...]]:
        """Does the same for a letter with the same name as an earlier one of its source. It gets a number: `-2`."""
        number = self._numbers.get(folder, 2)
        while True:
            name, own = f"{folder}-{number}", f"{slug}-{number}"
            own = self._free_slug(issue, name, own)
            if same_file_key(name) not in self.folders or (
                same_file_key(name) not in self.seen and self._is(name, self._content(issue, name, own))
            ):
                self._numbers[folder] = number
                note = ImportNote(
                    issue.source, f"it is called {name}: the source has another letter of this date and name", "changed"
                )
                return name, own, (note, *self._naming_notes(issue, own, own))
            number += 1

    def _free_slug(self, issue: ImportedIssue, folder: str, slug: str) -> str:
        own = self.slugs.get(same_file_key(slug))
        if own is None or own == f"{ISSUES}/{folder}/index.md":
            return slug
        day = f"{slug}-{issue.date.date()}" if issue.date else slug
        return day if same_file_key(day) not in self.slugs else self._free(day)

    def _naming_notes(self, issue: ImportedIssue, wanted: str, slug: str) -> tuple[ImportNote, ...]:
        notes = []
        if slug != wanted:
            notes.append(ImportNote(issue.source, f"its address is {slug}/: `{wanted}` is taken", "changed"))
        if issue.date is None and not issue.draft:
            notes.append(ImportNote(issue.source, "it has no date: it is not on the web until you add one", "lost"))
        return tuple(notes)

    def _free(self, slug: str) -> str:
        number = self._numbers.get(slug, 2)
        while same_file_key(f"{slug}-{number}") in self.slugs:
            number += 1
        self._numbers[slug] = number  # Thousands of issues may want one name.
        return f"{slug}-{number}"

    def _write(self, issue: ImportedIssue, folder: str, content: bytes) -> None:
        if self.dry:
            return
        home = f"{ISSUES}/{folder}"
        files = {f"{home}/{name}": picture for name, picture in issue.pictures.items()}
        write_all(
            self.root, {**files, f"{home}/index.md": content}, links=False
        )  # The issue is written last, after all files that it uses.
        self._note(issue, folder, content)

    def _note(self, issue: ImportedIssue, folder: str, content: bytes) -> None:
        self.ledger.add(self.kind, issue.source, Entry(folder, sha256(content).hexdigest()))
        self._unsaved += 1
        if self._unsaved >= max(_AT_ONCE, self.ledger.count // 10):
            self.close()


def _with_possible_values(issue: ImportedIssue) -> ImportedIssue:
    """The issue without a date or language that no issue can have."""
    notes = []
    if issue.date is not None and issue.date.year not in YEARS:
        message = f"the year of its date is {issue.date.year}, which cannot be right"
        notes.append(ImportNote(issue.source, message, "lost"))
        issue = replace(issue, date=None)
    if issue.language and not language_tag(issue.language):
        message = f"its language, “{issue.language[:40]}”, is not a language tag such as en or pt-BR"
        notes.append(ImportNote(issue.source, message, "lost"))
    return replace(issue, language=language_tag(issue.language), notes=(*issue.notes, *notes))


def language_tag(text: str) -> str:
    """The language tag in an export (`pt-BR`, `pt_BR`); empty if it is none (BCP 47)."""
    tag = text.strip().replace("_", "-")
    return "" if not tag or language_flaw(tag) else tag


_REMOTE = re.compile(r"!\[(?:[^\]\\]|\\.){0,1000}+\]\(<?(https?://[^\s)>]+)")


def remote_pictures(body: str) -> tuple[str, ...]:
    """The addresses of pictures in a body that are on the web, with an alt text of at most 1,000 characters."""
    return tuple(dict.fromkeys(_REMOTE.findall(body)))
