"""The errors of a check in an issue that is built.

They are reported with the build. If something would be missing from the reader's copy, the issue is held back.

A build runs the rules that find errors in the text and in the files beside it, which takes a tenth of its time (60
issues, cold, in one process: 1.62 s of CPU instead of 1.54 s). For the email, which takes longer to check than to
make, the findings of the last check are used. Rules about earlier issues are left to `check`. A strict build runs all
rules, as `check` does.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.config.invented import CODE as INVENTED
from newsletter.diagnostics import Diagnostic, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsletter.check.context import CheckContext
    from newsletter.check.settings import Settings
    from newsletter.config.workspace import IssueFile
    from newsletter.project.parsed import ParsedIssue
    from newsletter.project.project import Project


def errors_of(project: Project, parsed: ParsedIssue, context: CheckContext) -> tuple[Diagnostic, ...]:
    """The errors in the text of an issue, in the files beside it, and in its email as far as they are cached."""
    from newsletter.check import errors_in, rules_of_mail

    settings = _settings(project)
    found = parsed.diagnostics
    if project.mail_memory and (rules := rules_of_mail(settings, parsed.house)):
        found += project.mail_memory.recall(parsed, [rule.code for rule, _ in rules]) or ()
    return errors_in(context, settings, found)


def missing_from(project: Project, parsed: ParsedIssue, context: CheckContext | None = None) -> tuple[Diagnostic, ...]:
    """The errors that leave something out of the reader's copy: a missing picture or other file.

    Empty for a draft, which has no readers yet. Findings that newsletter.yaml, the house format or the issue itself
    turns off do not count. (A file that is not a picture cannot be turned off: `unreadable_pictures` in issue.py.)
    """
    if parsed.issue.draft:
        return ()
    from newsletter.check import apply_settings

    found = tuple(_missing(project, parsed, context))
    if not found:
        return ()
    # The rules that a publication selects do not matter here; those that it ignores are ignored here, too.
    counting = apply_settings(found, parsed.issue, replace(_settings(project), select=()), parsed.house)
    return tuple(fault for fault in counting if fault.severity is Severity.ERROR)


def context_for(project: Project, parsed: ParsedIssue) -> CheckContext:
    """The context for the rules, with the other issues of the build, because a link may lead to one of them."""
    from newsletter.check.rules.links.targets import relative
    from newsletter.project.checking import context_of

    context = context_of(project, parsed)
    if next(relative(context), None) is None:
        return context
    others = project.others
    if others is None:  # in a process that did not inherit them
        from newsletter.project.history import history_of

        others = project.others = history_of(project).others
    return replace(context, others=others)


def _missing(project: Project, parsed: ParsedIssue, context: CheckContext | None) -> Iterator[Diagnostic]:
    from newsletter.check.facts.standing import found_in_snippets
    from newsletter.check.rules.figures.texts import missing_files, outside_workspace
    from newsletter.check.rules.links.targets import missing_attachments
    from newsletter.project.checking import context_of

    context = context or context_of(project, parsed)
    for find in (missing_files, outside_workspace, missing_attachments):
        yield from find(context)
    yield from found_in_snippets(context, (missing_files, outside_workspace, missing_attachments))


def _settings(project: Project) -> Settings:
    from newsletter.check import settings_for

    return settings_for(project.workspace)


def all_errors(
    project: Project, files: Sequence[IssueFile], processes: int | None = None
) -> Mapping[str, tuple[Diagnostic, ...]]:
    """The errors that a check finds in `files`, by path; only files with errors are listed."""
    from newsletter.project.history import history_of
    from newsletter.project.workers import run_jobs

    history_of(project)  # loaded once, before processes are started
    found = zip(files, run_jobs(project, _check, files, processes), strict=True)
    return {file.path: errors for file, errors in found if errors}


def _check(project: Project, file: IssueFile) -> tuple[Diagnostic, ...]:
    from newsletter.project.checking import check_parsed
    from newsletter.project.history import history_of

    found = check_parsed(project, project.read(file), _settings(project), history_of(project))
    return tuple(each for each in found if each.severity is Severity.ERROR and each.code != INVENTED)
