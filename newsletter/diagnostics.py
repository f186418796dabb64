"""Findings: a Diagnostic says where in a source something is wrong, what, and how to fix it."""

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
    """How much a finding weighs.

    `OFF` is the weight of rules that run only if a configuration says so; a finding that is shown never carries it.
    """

    ERROR = "error"
    WARNING = "warning"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a source text: what is in `span` becomes `text`. An empty span is a place to insert at."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """How a finding is fixed by the tool. It is safe: it changes what its title says, and nothing that readers read."""

    edits: tuple[Edit, ...]
    """The edits in order of place, none overlapping another; their offsets are those of the text as it was checked."""
    title: str
    """The action, as an order and without a full stop: `renumber the item to 3`."""


@dataclass(frozen=True, slots=True)
class HouseLine:
    """A line of a house.yaml that asks for something, or that brings in the snippet if something was found."""

    path: str
    """Relative to the workspace; as it is on disk, if it is not in that: of a bundled kind."""
    span: Span
    """Its key, with the value where that is on the same line."""
    text: str
    """The line, without the white space around it."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding at one place of one file."""

    path: str
    """The file, relative to the workspace, with forward slashes."""
    span: Span
    """The place: offsets, line and column in the file's text."""
    code: str
    """The rule that found it, e.g. `ST104`; docs/rules/ has a page for each code."""
    message: str
    """The problem, one line, no full stop: `item 3 has no link in its title`."""
    severity: Severity = Severity.ERROR
    label: str = ""
    """The text beside the underline: what was expected here."""
    mend: str = ""
    """How to fix it, in one sentence."""
    fix: Fix | None = None
    """How `newsletter check --fix` fixes it; None if only a person can."""
    about: tuple[str, ...] = ()
    """The line of house.yaml that asks for it, by the names on the way to it: `("sections", "news", "heading")`; empty if
    none does."""
    asked: HouseLine | None = None
    """The line of house.yaml itself, if it is known."""

    def with_severity(self, severity: Severity) -> Diagnostic:
        """This finding at another weight."""
        return replace(self, severity=severity)


class Ordered(tuple[Diagnostic, ...]):
    """Findings in order, each once, as `in_order` returns them. Nobody needs to sort them again."""

    __slots__ = ()


def in_order(diagnostics: Iterable[Diagnostic]) -> Ordered:
    """The findings by file, place and code, each only once: what two lines of house.yaml ask for alike is one finding."""
    if isinstance(diagnostics, Ordered):
        return diagnostics
    unique: dict[Diagnostic, Diagnostic] = {}
    for found in diagnostics:
        unique.setdefault(replace(found, about=(), asked=None) if found.about else found, found)
    return Ordered(sorted(unique.values(), key=lambda found: (found.path, found.span.start, found.code, found.message)))


def merged(several: Iterable[Ordered]) -> Ordered:
    """Findings of several issues in order. Only those in a file that more than one issue reports are compared again."""
    runs: dict[str, list[list[Diagnostic]]] = {}
    for ordered in several:
        for path, run in groupby(ordered, lambda found: found.path):
            runs.setdefault(path, []).append(list(run))
    by_file = (run[0] if len(run) == 1 else in_order(chain.from_iterable(run)) for _, run in sorted(runs.items()))
    return Ordered(chain.from_iterable(by_file))
