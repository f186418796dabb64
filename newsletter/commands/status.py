"""How far issues are: their state, their sections in numbers, and what is still missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.build.issue import facts_from
from newsletter.commands.check import check_reading, open_check
from newsletter.diagnostics import Severity
from newsletter.records import dataclass
from newsletter.walk import count_words, plain_text, words_in, words_in_issue

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from newsletter.config.workspace import IssueFile
    from newsletter.diagnostics import Diagnostic
    from newsletter.model import Section
    from newsletter.project.project import ParsedIssue, Project


@dataclass(frozen=True, slots=True)
class SectionStatus:
    """A section in numbers."""

    heading: str
    words: int
    items: int


@dataclass(frozen=True, slots=True)
class IssueStatus:
    """An issue in numbers."""

    name: str
    state: str
    """draft, scheduled (its date is to come) or published."""
    words: int
    """Of all that is written."""
    free_words: int | None
    """Of what those who do not pay get; None where all readers get the same."""
    errors: int
    warnings: int
    sections: tuple[SectionStatus, ...]
    missing: tuple[Diagnostic, ...]
    """What a check found, in order."""


def status_of(root: Path, files: Sequence[IssueFile], *, now: datetime) -> tuple[IssueStatus, ...]:
    """The status of each of `files` at `now`. Raises as checking does."""
    project, settings = open_check(root)
    found = tuple(
        _status(project, reading, check_reading(project, reading, settings), now)
        for reading in (project.read(file) for file in files)
    )
    if project.mail_memory:
        project.mail_memory.save()
    return found


def _status(project: Project, reading: ParsedIssue, found: tuple[Diagnostic, ...], now: datetime) -> IssueStatus:
    facts = facts_from(project.publication, reading)
    state = "published" if facts.published_by(now) else "draft" if facts.draft or not facts.date else "scheduled"
    return IssueStatus(
        name=reading.file.name,
        state=state,
        words=words_in_issue(reading.issue),
        free_words=_free_words(project, reading),
        errors=sum(diagnostic.severity is Severity.ERROR for diagnostic in found),
        warnings=sum(diagnostic.severity is Severity.WARNING for diagnostic in found),
        sections=tuple(_section(section) for section in reading.issue.sections),
        missing=found,
    )


def _free_words(project: Project, reading: ParsedIssue) -> int | None:
    from newsletter.editions import for_readers

    whole = project.whole(reading)
    return words_in_issue(for_readers(reading.issue, paid=False, limits=whole.limits)) if whole.editions else None


def _section(section: Section) -> SectionStatus:
    items = sum(words_in(item.blocks) + count_words(plain_text(item.title)) for item in section.items)
    return SectionStatus(plain_text(section.title), words_in(section.blocks) + items, len(section.items))
