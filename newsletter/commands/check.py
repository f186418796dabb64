"""Checks issues of a workspace against their house formats."""

from __future__ import annotations

from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, TypeVar

from newsletter.check import RULES, Settings, settings_for
from newsletter.config.workspace import CONFIGURATION
from newsletter.diagnostics import Diagnostic, Ordered, Severity, in_order, merged
from newsletter.house.load import known_kinds
from newsletter.project.checking import broken_shared_pictures, broken_sponsor_texts, check_parsed
from newsletter.project.history import history_of, load_history
from newsletter.project.mail_memory import MailMemory
from newsletter.project.picture_memory import PictureMemory
from newsletter.project.project import open_project
from newsletter.project.team import team
from newsletter.project.workers import WORTH_IT
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from newsletter.check.facts.addresses import LinkAnswer
    from newsletter.config.workspace import IssueFile
    from newsletter.project.mail_memory import Entry
    from newsletter.project.parsed import ParsedIssue
    from newsletter.project.picture_memory import Known
    from newsletter.project.project import Project

Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Checked:
    """The findings of a check, in order."""

    diagnostics: tuple[Diagnostic, ...]

    @property
    def errors(self) -> bool:
        """Whether any finding is an error."""
        return any(found.severity is Severity.ERROR for found in self.diagnostics)


def check_issues(
    root: Path,
    files: Sequence[IssueFile],
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    live: Mapping[str, LinkAnswer] | None = None,
) -> Checked:
    """Checks `files` with the rules that the workspace, the house format and the arguments select.

    Prefixes in `select` override the other settings. `live` are the results of a link check
    (newsletter.commands.links), if there was one. Raises UsageError for a rule that does not exist and
    ConfigurationError for a house format that cannot be used.
    """
    project, settings = open_check(root, select=select, ignore=ignore)
    return Checked(check_files(project, files, settings, live))


def open_check(root: Path, *, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> tuple[Project, Settings]:
    """Opens the workspace at `root` for a check. Raises as `check_issues` does."""
    project = open_project(root)
    project.mail_memory = MailMemory(project.workspace)
    project.picture_memory = PictureMemory(root)
    return project, settings_for(project.workspace, select=select, ignore=ignore)


def check_files(
    project: Project, files: Sequence[IssueFile], settings: Settings, live: Mapping[str, LinkAnswer] | None = None
) -> tuple[Diagnostic, ...]:
    """All findings in `files`, in order. Many files are checked in several processes.

    Raises ConfigurationError for an email template that cannot be used, if a rule that reads the email applies. Without
    files, raises it for a house format of the workspace that cannot be used: it may be written before any issue is.
    """
    for kind in () if files else known_kinds(project.template_folders[:1]):
        project.house(kind)
    found = [*each_checked(project, settings, files, _found, live)]
    if settings.wants("CF016"):
        found.append(tuple(broken_shared_pictures(project)))
    if settings.wants("CF012"):
        found.append(tuple(broken_sponsor_texts(project)))
    if not files:
        found.append(tuple(each.with_severity(Severity.WARNING) for each in project.invented))
    return _each_once(merged(map(in_order, found)))


def _each_once(found: Ordered) -> Ordered:
    """The findings without duplicates.

    A finding about newsletter.yaml can have a different severity for each issue; only the highest is kept.
    """
    shared: dict[Diagnostic, Diagnostic] = {}
    for one in found:
        if one.path == CONFIGURATION and (
            one.severity is Severity.ERROR or one.with_severity(Severity.ERROR) not in shared
        ):
            shared[one.with_severity(Severity.ERROR)] = one
    kept = {id(one) for one in shared.values()}
    return Ordered(one for one in found if one.path != CONFIGURATION or id(one) in kept)


def each_checked(
    project: Project,
    settings: Settings,
    files: Sequence[IssueFile],
    work: Callable[[Project, ParsedIssue, tuple[Diagnostic, ...]], Done],
    live: Mapping[str, LinkAnswer] | None = None,
) -> Iterator[Done]:
    """The results of `work(project, issue, findings)` for each of `files`, in their order. Many are checked in several processes.

    `work` is a function of a module, so that other processes can find it. Raises as `check_files` does.
    """
    memory, pictures = project.mail_memory, project.picture_memory
    if len(files) > WORTH_IT:
        if any(rule.family == "EM" and settings.wants(rule.code) for rule in RULES) and not (
            memory and memory.knows(files)
        ):
            project.warm(page=False)
        job = partial(_check_file, settings=settings, work=work, live=live)
        project.read_already = {}
        with team(project, WORTH_IT) as processes:
            project.history = load_history(project, team=processes)
            for done, new, made in processes.run(job, files, attrgetter("path")):
                if memory:
                    memory.add(new)
                if pictures:
                    pictures.add(made)
                yield done
        project.read_already = None
    else:
        issues = [project.read(file) for file in files]
        project.history = load_history(project, issues)
        for parsed in issues:
            yield work(project, parsed, check_parsed(project, parsed, settings, project.history, live))
    _save_caches(project)


def _save_caches(project: Project) -> None:
    if project.mail_memory:
        project.mail_memory.save()
    if project.picture_memory:
        project.picture_memory.save()
    if project.record:
        project.record[2].save()


def _found(_project: Project, _parsed: ParsedIssue, found: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    return found


def _check_file(
    project: Project,
    file: IssueFile,
    *,
    settings: Settings,
    work: Callable[[Project, ParsedIssue, tuple[Diagnostic, ...]], Done],
    live: Mapping[str, LinkAnswer] | None,
) -> tuple[Done, dict[str, Entry], dict[str, Known]]:
    """The result, and the new entries for the caches of emails and pictures."""
    parsed = (project.read_already or {}).pop(file.path, None) or project.read(file)
    done = work(project, parsed, check_parsed(project, parsed, settings, history_of(project), live))
    memory, pictures = project.mail_memory, project.picture_memory
    return done, memory.taken() if memory else {}, pictures.taken() if pictures else {}
