"""Infers a house format: reads past issues, writes what they have in common, and checks them against it."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.check import Settings, check_context
from newsletter.config.publication import Publication, Sender, Workspace
from newsletter.config.workspace import IssueFile
from newsletter.errors import ConfigurationError, UsageError
from newsletter.files import TEXT_LIMIT, can_be_read, read_text
from newsletter.infer import (
    OwnLevels,
    Tally,
    infer,
    inner_groups,
    insertable,
    levels_of,
    make_room,
    observe,
    own_levels,
    tally_issue,
    write,
)
from newsletter.infer.course import in_course, natural
from newsletter.infer.observe import Seen
from newsletter.infer.refute import give_up, refuted
from newsletter.markdown.front_matter import issue_fields, read_front
from newsletter.markdown.parse import parse
from newsletter.markdown.source import Source
from newsletter.model import ReadingOptions
from newsletter.project.checking import context_of
from newsletter.project.project import Project
from newsletter.project.workers import run_jobs
from newsletter.walk import plain_text
from newsletter.writing import write_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsletter.diagnostics import Diagnostic
    from newsletter.infer import IssueTally, Levels
    from newsletter.infer.plan import Plan, StandingText
    from newsletter.markdown.front_matter import Front
    from newsletter.model import YamlDocument


FEWEST = 3
"""The fewest issues from which a house format can be inferred."""
_MANY = 0.1
"""If this share of the issues breaks a rule of the tool, the house format proposes to make it a warning."""
_ENDINGS = (".md", ".markdown")
_NO_ISSUES = frozenset(("readme", "contributing", "changelog", "license", "code_of_conduct"))
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_KIND = re.compile(r"\A---[ \t]*\n(?:(?!---|\.\.\.).*\n)*?kind:[ \t]*[\"']?([\w-]+)")
"""The line of the front matter that names the kind. It is enough to tell kinds apart without parsing YAML."""
_IGNORED = frozenset(("FM001", "FM002", "FM108"))


@dataclass(frozen=True, slots=True)
class Inferred:
    """A house format, and how well the issues follow it."""

    text: str
    """The content of house.yaml."""
    plan: Plan
    tally: Tally
    rules: tuple[tuple[tuple[str, ...], str], ...]
    """The rules that were written, in the order of the file, each with its subject."""
    snippets: tuple[StandingText, ...] = ()
    """The standing matter that the house format inserts. Each text becomes a file in snippets/ beside it."""

    def files(self) -> dict[str, bytes]:
        """All files to be written, by path in the folder of the kind."""
        return {"house.yaml": self.text.encode(), **snippet_files(self.snippets)}


def snippet_files(snippets: Sequence[StandingText]) -> dict[str, bytes]:
    """The files of snippets, by path in the folder of the kind."""
    return {f"snippets/{one.name}.md": f"{one.text}\n".encode() for one in snippets}


class _Trial(Project):
    """A project in which all issues are of the kind that is being inferred."""

    kind = ""

    def try_out(
        self, kind: str, text: str, snippets: Sequence[StandingText] = (), beside: Mapping[str, bytes] | None = None
    ) -> None:
        """Uses `text` as the house format, with the files `beside` it.

        Raises ConfigurationError if `text` has errors.
        """
        from newsletter.house.load import load_house

        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder, kind)
            home.mkdir()
            files = {**snippet_files(snippets), **(beside or {}), "house.yaml": text.encode()}
            write_all(home, files)
            house, faults = load_house(
                kind, (Path(folder), *(self.template_folders if beside is not None else ())), Path(folder)
            )
        if faults:
            msg = "the inferred house format cannot be used"
            raise ConfigurationError(msg, faults)
        self.kind = kind
        self._houses[kind] = house

    def _kind(self, front: YamlDocument, path: str) -> tuple[str, tuple[Diagnostic, ...]]:  # noqa: ARG002
        return self.kind, ()


def loose_workspace(folder: Path, language: str) -> Workspace:
    """A workspace for a folder of Markdown files that is not a workspace itself."""
    name = folder.name or "newsletter"
    publication = Publication(
        name, "https://letters.example/", Sender(name, "letters@letters.example"), language=language
    )
    return Workspace(folder, publication)


def files_under(folder: Path) -> tuple[IssueFile, ...]:
    """The Markdown files of a folder, and the index.md of each folder in it; paths are relative to it."""
    found = []
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if any(part.startswith((".", "_")) for part in relative.parts) or path.suffix not in _ENDINGS:
            continue
        if path.stem.lower() in _NO_ISSUES or not can_be_read(path, TEXT_LIMIT):
            continue
        name = relative.parent.name if path.stem == "index" and relative.parent.name else path.stem
        found.append(IssueFile(relative.as_posix(), relative.parent.as_posix(), name))
    return tuple(sorted(found, key=lambda file: (natural(file.name), file.path)))


def infer_house(
    workspace: Workspace,
    files: Sequence[IssueFile],
    kind: str,
    *,
    standing: bool = True,
    known: Mapping[str, Mapping[str, str]] | None = None,
) -> Inferred:
    """Infers the house format `kind` from `files` of this kind, or from all of them if none has it yet.

    Drafts are left out. Some texts are the same word for word in all issues. With `standing`, they are inserted into
    new issues; otherwise comments propose that. `known` are the short names of sections, by the path of an issue and
    the heading in it. Raises UsageError if there are too few issues, or for an invalid name of a kind.
    """
    files = _of_kind(workspace, files, kind)
    if not _NAME.fullmatch(kind):
        msg = f"a kind cannot be called `{kind}`"
        raise UsageError(msg, hint="The name becomes a folder in templates/: use lower-case letters, digits, - and _.")
    publication = replace(workspace.publication, kind=kind)
    project = _Trial(replace(workspace, publication=publication))
    headings = frozenset(heading for names in (known or {}).values() for heading in names)
    ordered, levels, own = _levels(project, files, headings)
    if len(ordered) < FEWEST:
        msg = f"a house format cannot be inferred from {len(ordered)} issue{'s' if len(ordered) != 1 else ''}"
        raise UsageError(msg, hint=f"Name a folder or at least {FEWEST} issues; ten or more give a much better result.")
    project.language(publication.language)
    given = [(file, levels.at(place), own) for place, file in enumerate(ordered)]
    seen = list(run_jobs(project, _observe, given, _processes()))
    plan = infer(seen, kind.replace("-", " ").capitalize(), project.language, known)
    plan.level = levels.level
    plan.earlier_level = levels.earlier if plan.course.bounds else None
    tally = _tried(project, plan, ordered, kind)
    _soften(plan, tally)
    snippets = insertable(plan) if standing else ()
    if standing and (snippets or plan.bios):
        make_room(plan)
    written = write(plan, tally, standing=standing)
    project.try_out(kind, written.text, snippets)
    return Inferred(written.text, plan, tally, written.rules, snippets)


def _of_kind(workspace: Workspace, files: Sequence[IssueFile], kind: str) -> Sequence[IssueFile]:
    chosen = []
    for file in files:
        text, _ = read_text(workspace.root / file.path, file.path, "FM", workspace.publication.largest_issue)
        match = _KIND.search(text) if text.startswith("---") else None
        if (match[1] if match else workspace.publication.kind) == kind:
            chosen.append(file)
    return chosen or files


def _processes() -> int | None:
    """The number of processes: one on systems where other processes would not inherit the loaded modules."""
    import multiprocessing
    import sys

    return None if "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin" else 1


def _levels(
    project: Project, files: Sequence[IssueFile], sections: frozenset[str] = frozenset()
) -> tuple[list[IssueFile], Levels, OwnLevels]:
    """The files in the order of the issues, without drafts; the level of their sections; and headings at other levels.

    `sections` are the known headings of sections.
    """
    bodies: dict[str, str] = {}
    heads: list[Seen] = []
    by_path = {file.path: file for file in files}
    for file in files:
        source, front = _open(project, file)
        fields = issue_fields(front, file.name, project.publication.timezone)
        if fields["draft"]:
            continue
        bodies[file.path] = source.text[front.body_start :]
        day = fields["date"].date() if fields["date"] else None
        heads.append(Seen(file.path, file.name, fields["number"], day))
    ordered, _ = in_course(heads)
    texts = [bodies[head.path] for head in ordered]
    levels = levels_of(texts)
    own = OwnLevels()
    if not levels.earlier:
        own = inner_groups(texts, levels.level, sections)
        own = replace(own, sections=(*own_levels(texts, levels.level), *own.sections))
    return [by_path[head.path] for head in ordered], levels, own


def _open(project: Project, file: IssueFile) -> tuple[Source, Front]:
    largest = project.publication.largest_issue
    text, _ = read_text(project.workspace.root / file.path, file.path, "FM", largest)
    source = Source(text, file.path)
    return source, read_front(source, project.publication.timezone, largest)[0]


def _observe(project: Project, given: tuple[IssueFile, int, OwnLevels]) -> Seen:
    file, level, own = given
    source, front = _open(project, file)
    issue, _ = parse(
        source,
        name=file.name,
        options=ReadingOptions(section_level=level, own_levels=own.sections, group_levels=own.groups),
        front=front,
        default_language=project.publication.language,
        timezone=project.publication.timezone,
    )
    authors = {key: author.name for key, author in project.publication.authors.items()}
    return observe(issue, source, file.name, level, authors)


@dataclass(frozen=True, slots=True)
class InferredInto:
    """An existing house.yaml with the rules that were added."""

    text: str
    added: tuple[str, ...]
    """The keys that were added, such as `sections.jobs`."""
    left: tuple[str, ...]
    """Keys that have no value, which were left unchanged."""
    snippets: dict[str, bytes]
    """The files of standing matter that it now needs, by path beside it."""
    tally: Tally
    """The counts of issues that follow each rule of the whole house format."""


def infer_into(workspace: Workspace, files: Sequence[IssueFile], kind: str, target: Path) -> InferredInto:
    """Adds to `target`, the house.yaml of `kind`, the rules that the issues have in common and the file lacks.

    Raises ConfigurationError if the file has errors, and as infer_house does.
    """
    from newsletter.config.yaml import load
    from newsletter.infer.merge import merge

    own, _ = read_text(target, target.name, "HF", TEXT_LIMIT)
    beside = dict(_files_beside(target))
    files = _of_kind(workspace, files, kind)
    project = _Trial(replace(workspace, publication=replace(workspace.publication, kind=kind)))
    project.try_out(kind, own, beside=beside)
    written = project.house(kind).latest.written
    whole = written.document.values if written else {}
    known = {file.path: dict(_names_of_sections(project, file)) for file in files}
    found = infer_house(workspace, files, kind, known=known)
    contents = {content.strip() for content in beside.values()}
    found.plan.snippets = tuple(one for one in found.snippets if one.text.encode() not in contents)
    inferred = write(found.plan, found.tally, standing=True).text
    merged = merge(own, load(own, target.name, "HF")[0], inferred, load(inferred, "house.yaml", "HF")[0], whole)
    snippets = {name: content for name, content in snippet_files(found.plan.snippets).items() if name not in beside}
    project.try_out(kind, merged.text, beside={**snippets, **beside})
    tally = Tally()
    ordered = _levels(project, files)[0]
    for one in run_jobs(project, tally_file, ordered, _processes()):
        tally.add(one)
    used = {
        name: content
        for name, content in snippets.items()
        if f"standing.{Path(name).stem}" in merged.added or "standing" in merged.added
    }
    return InferredInto(merged.text, merged.added, merged.left, used, tally)


def _files_beside(target: Path) -> Iterator[tuple[str, bytes]]:
    """The files in its folder that a house.yaml uses."""
    for path in (target.parent / "draft.md", *sorted((target.parent / "snippets").glob("*.md"))):
        if can_be_read(path, TEXT_LIMIT):
            yield path.relative_to(target.parent).as_posix(), path.read_bytes()


def _names_of_sections(project: Project, file: IssueFile) -> Iterator[tuple[str, str]]:
    """The headings of an issue whose sections the house format has, each with the short name of its section."""
    context = context_of(project, project.read(file))
    for section, found in zip(context.issue.sections, context.matched, strict=True):
        if found is not None and section.title:
            yield plain_text(section.title), found.key


_ROUNDS = 5
"""The most times that a plan is tried. When one rule is dropped, another may appear."""


def _tried(project: _Trial, plan: Plan, files: Sequence[IssueFile], kind: str) -> Tally:
    """The counts of issues that follow each rule of a plan. Rules that issues contradict are dropped from it first."""
    for _ in range(_ROUNDS):
        tally, each = _trial(project, plan, files, kind)
        given_up = [subject for subject in refuted(tally, each) if give_up(plan, subject, each)]
        plan.left_out += [_contradicted(subject, tally) for subject in given_up]
        if not given_up:
            return tally
    return _trial(project, plan, files, kind)[0]


def _trial(project: _Trial, plan: Plan, files: Sequence[IssueFile], kind: str) -> tuple[Tally, list[IssueTally]]:
    project.try_out(kind, write(plan).text)
    each = list(run_jobs(project, tally_file, files, _processes()))
    tally = Tally()
    for one in each:
        tally.add(one)
    return tally, each


def _contradicted(subject: tuple[str, ...], tally: Tally) -> str:
    good, total = tally.obeying(subject)
    return f"`{'.'.join(subject)}`: {total - good} of {total} issues do otherwise"


def tally_file(project: Project, file: IssueFile) -> IssueTally:
    """The rules of the house format in `project` that one issue follows, and those that it breaks."""
    parsed = project.read(file)
    context = context_of(project, parsed)
    return tally_issue(context, check_context(context, Settings(), parsed.diagnostics))


def _soften(plan: Plan, tally: Tally) -> None:
    """Proposes to make a rule of the tool a warning if many issues break it."""
    softened = {
        code for code, count in tally.others.items() if count > max(1, _MANY * tally.issues) and code not in _IGNORED
    }
    plan.severity = {code: ("warning", tally.others[code]) for code in sorted(softened)}
    tally.accept(frozenset(softened))
