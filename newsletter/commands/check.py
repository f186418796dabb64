"""Checking issues of a workspace against their house formats."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from newsletter.check import (
    RULES,
    Mail,
    Settings,
    check_context,
    findings_in_mail,
    is_broken,
    make_context,
    rules_of_mail,
    settings_for,
)
from newsletter.config.load import load_workspace
from newsletter.diagnostics import Diagnostic, Severity
from newsletter.diagnostics import in_order as diagnostics_in_order
from newsletter.project.cache import CACHE
from newsletter.project.history import load_history
from newsletter.project.mail_memory import MailMemory
from newsletter.project.project import Project
from newsletter.project.workers import WORTH_IT, run_jobs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from newsletter.check.context import CheckContext
    from newsletter.check.facts.addresses import LinkAnswer
    from newsletter.check.facts.history import History
    from newsletter.config.workspace import IssueFile
    from newsletter.project.mail_memory import Entry
    from newsletter.project.project import ParsedIssue


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found, in order."""

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
    """Checks `files` with the rules that workspace, house format and arguments ask for; prefixes in `select` win.

    `live` is what the web said of their links (newsletter.commands.links), where it was asked.

    Raises UsageError for a rule that does not exist and ConfigurationError for a house format that cannot be used.
    """
    project, settings = open_check(root, select=select, ignore=ignore)
    return Checked(check_files(project, files, settings, live))


def open_check(root: Path, *, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> tuple[Project, Settings]:
    """What a check of the workspace at `root` needs. Raises as `check_issues` does."""
    workspace = load_workspace(root)
    project = Project(workspace, cache=root / CACHE)
    project.mail_memory = MailMemory(workspace)
    return project, settings_for(workspace, select=select, ignore=ignore)


def check_files(
    project: Project, files: Sequence[IssueFile], settings: Settings, live: Mapping[str, LinkAnswer] | None = None
) -> tuple[Diagnostic, ...]:
    """Everything found in `files`, in order; many are checked in several processes.

    Raises ConfigurationError for a template of the e-mail that cannot be used, where a rule that reads the e-mail counts.
    """
    memory = project.mail_memory
    if len(files) > WORTH_IT:
        _ = project.history  # loaded once, before there are several of us
        if any(rule.family == "EM" and settings.wants(rule.code) for rule in RULES) and not (
            memory and memory.knows(files)
        ):
            project.warm()
        found = []
        for of_file, new in run_jobs(project, partial(_check_file, settings=settings, live=live), files):
            found.append(of_file)
            if memory:
                memory.add(new)
    else:
        readings = [project.read(file) for file in files]
        project.history = load_history(project, readings)
        found = [check_reading(project, reading, settings, project.history, live) for reading in readings]
    if memory:
        memory.save()
    return diagnostics_in_order(finding for of_file in found for finding in of_file)


def _check_file(
    project: Project, file: IssueFile, *, settings: Settings, live: Mapping[str, LinkAnswer] | None
) -> tuple[tuple[Diagnostic, ...], dict[str, Entry]]:
    """What was found, and what is new to remember."""
    found = check_reading(project, project.read(file), settings, project.history, live)
    return found, project.mail_memory.taken() if project.mail_memory else {}


def check_reading(
    project: Project,
    reading: ParsedIssue,
    settings: Settings,
    history: History | None = None,
    live: Mapping[str, LinkAnswer] | None = None,
    *,
    mail: bool | tuple[Mail, ...] = True,
) -> tuple[Diagnostic, ...]:
    """Everything found in one issue, reading it included; what concerns the other issues, where `history` has them.

    With `mail`, its e-mail is made where a rule that counts reads it and nothing is remembered of it; or its e-mails are
    given, as made already (`mails_of`). Raises ConfigurationError for a template of the e-mail that cannot be used.
    """
    context = make_context(
        reading.issue,
        reading.house,
        source=reading.source,
        language=project.language(reading.issue.language),
        root=project.workspace.root,
        publication=project.publication,
        others=history.others if history else (),
        broken_front=is_broken(reading.diagnostics),
        live=live,
        history=history,
    )
    found = reading.diagnostics
    if mail and reading.readable:
        found += _found_in_mail(project, reading, context, settings, () if isinstance(mail, bool) else mail)
    return check_context(context, settings, found)


def _found_in_mail(
    project: Project, reading: ParsedIssue, context: CheckContext, settings: Settings, given: tuple[Mail, ...]
) -> tuple[Diagnostic, ...]:
    """What the rules that count find in the e-mail of an issue, or found when it was last made."""
    rules, memory = rules_of_mail(settings, reading.house), project.mail_memory
    if not rules:
        return ()
    codes = [rule.code for rule, _ in rules]
    if memory and not given:
        known = memory.recall(reading, codes)
        if known is not None:
            return known
    from newsletter.commands.mails import mails_of

    mails = given or mails_of(project, reading)
    found = tuple(finding for each in mails for finding in findings_in_mail(replace(context, mail=each), rules))
    # What both editions have is told of the larger one.
    told = (
        tuple({(one.path, one.span, one.code): one for one in reversed(found)}.values())[::-1] if mails[1:] else found
    )
    if memory and not given:
        memory.keep(reading, codes, told)
    return told
