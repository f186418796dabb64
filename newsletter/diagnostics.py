"""Findings: a Diagnostic has the position of a problem in a source, the problem, and how to fix it."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from itertools import chain, groupby
from typing import TYPE_CHECKING

from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsletter.model import Span


class Severity(StrEnum):
    """The severity of a finding.

    `OFF` is for rules that run only if a configuration turns them on. A finding that is shown never has it.
    """

    ERROR = "error"
    WARNING = "warning"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a source text: `text` replaces the content of `span`.

    An empty span is a position for an insertion.
    """

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """The edits that fix a finding.

    They are safe: they do what the title says, and change nothing else that readers read.
    """

    edits: tuple[Edit, ...]
    """The edits in order of position, without overlaps. Their offsets refer to the text as it was checked."""
    title: str
    """The action, as an imperative without a full stop: `renumber the item to 3`."""


@dataclass(frozen=True, slots=True)
class HouseLine:
    """A line of a house.yaml that sets a requirement, or that inserts the snippet with the finding."""

    path: str
    """The path relative to the workspace; for a bundled kind outside of it, the path on disk."""
    span: Span
    """Its key, and the value if that is on the same line."""
    text: str
    """The line, without the white space around it."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding at one place of one file."""

    path: str
    """The file, relative to the workspace, with forward slashes."""
    span: Span
    """The position: offsets, line and column in the file's text."""
    code: str
    """The rule that found it, e.g. `ST104`; docs/rules/ has a page for each code."""
    message: str
    """The problem, one line, no full stop: `item 3 has no link in its title`."""
    severity: Severity = Severity.ERROR
    label: str = ""
    """The text beside the underline: what was expected here."""
    advice: str = ""
    """The advice for fixing it, in one sentence."""
    fix: Fix | None = None
    """The edits of `newsletter check --fix`; None if only a person can fix it."""
    about: tuple[str, ...] = ()
    """The line of house.yaml that asks for it, by the names on the way to it: `("sections", "news", "heading")`; empty if
    none does."""
    asked: HouseLine | None = None
    """The line of house.yaml, if it is known."""

    def with_severity(self, severity: Severity) -> Diagnostic:
        """This finding with another severity."""
        return replace(self, severity=severity)


class Ordered(tuple[Diagnostic, ...]):
    """Findings in order, each once, as `in_order` returns them. They need no further sorting."""

    __slots__ = ()


def in_order(diagnostics: Iterable[Diagnostic]) -> Ordered:
    """The findings by file, position and code, each only once, even if two lines of house.yaml require the same."""
    if isinstance(diagnostics, Ordered):
        return diagnostics
    unique: dict[Diagnostic, Diagnostic] = {}
    for found in diagnostics:
        unique.setdefault(replace(found, about=(), asked=None) if found.about else found, found)
    return Ordered(sorted(unique.values(), key=lambda found: (found.path, found.span.start, found.code, found.message)))


def merged(several: Iterable[Ordered]) -> Ordered:
    """Combines the ordered findings of several issues.

    Only findings in a file that several issues report are compared again.
    """
    runs: dict[str, list[list[Diagnostic]]] = {}
    for ordered in several:
        for path, run in groupby(ordered, lambda found: found.path):
            runs.setdefault(path, []).append(list(run))
    by_file = (run[0] if len(run) == 1 else in_order(chain.from_iterable(run)) for _, run in sorted(runs.items()))
    return Ordered(chain.from_iterable(by_file))
