"""The progress of issues: their state, the numbers of their sections, and what is still missing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from newsletter.blocks.sponsors import shown_in, sponsor_places
from newsletter.build.errors import missing_from
from newsletter.build.holding import leaks
from newsletter.build.issue import facts_from
from newsletter.check.facts.published import taken_finding
from newsletter.commands.check import each_checked, open_check
from newsletter.diagnostics import Severity
from newsletter.project.letters import free_part, has_paid_edition
from newsletter.project.published import published_of
from newsletter.records import dataclass
from newsletter.walk import called, count_words, plain_text, words_in, words_in_issue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from newsletter.check.facts.published import PublishedFacts
    from newsletter.config.publication import Publication
    from newsletter.config.workspace import IssueFile
    from newsletter.diagnostics import Diagnostic
    from newsletter.model import Issue, Section
    from newsletter.project.parsed import ParsedIssue
    from newsletter.project.project import Project


DONE = frozenset({"published", "withdrawn"})
"""The states of issues that need nothing more."""


@dataclass(frozen=True, slots=True)
class SectionStatus:
    """The numbers of a section."""

    heading: str
    words: int
    items: int


@dataclass(frozen=True, slots=True)
class IssueStatus:
    """The numbers of an issue."""

    name: str
    state: str
    """draft, scheduled (its date is in the future), published, or held back.

    "Held back" means that it would be scheduled or published, and something prevents it. If there is a record of what
    was published, also ready (to be published), changed (since it was published) and withdrawn.
    """
    words: int
    """The number of words in the whole issue."""
    free_words: int | None
    """The number of words that readers who do not pay get; None if all readers get the same."""
    errors: int
    warnings: int
    sections: tuple[SectionStatus, ...]
    missing: tuple[Diagnostic, ...]
    """The findings of a check, in order."""
    sponsors: tuple[str, ...] = ()
    """The sponsors that are booked for it or named in it, by the name that readers see."""
    unsold: int = 0
    """The number of places for sponsors that are not booked."""


def status_of(root: Path, files: Sequence[IssueFile], *, now: datetime) -> tuple[IssueStatus, ...]:
    """The status of each of `files` at `now`. Raises as checking does."""
    project, settings = open_check(root)
    return tuple(each_checked(project, settings, files, partial(_status, now=now))) if files else ()


def unfinished(project: Project, files: Iterable[IssueFile], *, now: datetime) -> Iterator[IssueFile]:
    """Those of `files` that are not published, or have changed since. No rule is checked."""
    for file in files:
        parsed = project.read(file)
        if _state(project, parsed, published_of(project, parsed), now) not in DONE:
            yield file


def _status(project: Project, parsed: ParsedIssue, found: tuple[Diagnostic, ...], *, now: datetime) -> IssueStatus:
    shown = shown_in(parsed.issue, project.publication)
    known = published_of(project, parsed)
    if known and not known.withdrawn:
        found = (*found, *(taken_finding(parsed.issue, *taken) for taken in known.taken))
    return IssueStatus(
        name=parsed.file.name,
        state=_state(project, parsed, known, now),
        words=words_in_issue(parsed.issue),
        free_words=_free_words(project, parsed),
        errors=sum(diagnostic.severity is Severity.ERROR for diagnostic in found),
        warnings=sum(diagnostic.severity is Severity.WARNING for diagnostic in found),
        sections=tuple(_section(section) for section in parsed.issue.sections),
        missing=found,
        sponsors=tuple(sponsor.name for sponsor in shown),
        unsold=max(
            len(sponsor_places(parsed.issue)) - len(shown) - _own_sponsors(parsed.issue, project.publication), 0
        ),
    )


def _own_sponsors(issue: Issue, publication: Publication) -> int:
    """The number of sponsors that the issue itself describes and that are not in newsletter.yaml."""
    named = [plain_text(place.argument).strip() for place in sponsor_places(issue)]
    return sum(bool(name) and name not in publication.sponsors for name in named)


def _state(project: Project, parsed: ParsedIssue, known: PublishedFacts | None, now: datetime) -> str:
    facts = facts_from(project.publication, parsed)
    if not parsed.readable:
        return "held back"
    if known:
        if known.own:
            return "changed" if known.changed else "published"
        if known.withdrawn:
            return "withdrawn"
    if facts.draft or not facts.date:
        return "draft"
    if project.invented or (known and known.taken) or leaks(project, parsed) or missing_from(project, parsed):
        return "held back"
    if not facts.published_by(now):
        return "scheduled"
    return "published" if known is None else "ready"


def _free_words(project: Project, parsed: ParsedIssue) -> int | None:
    return words_in_issue(free_part(project, parsed)) if has_paid_edition(project, parsed) else None


def _section(section: Section) -> SectionStatus:
    items = sum(words_in(item.blocks) + count_words(plain_text(item.title)) for item in section.items)
    return SectionStatus(called(section), words_in(section.blocks) + items, len(section.items))
