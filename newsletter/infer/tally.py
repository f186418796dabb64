"""Counts how many issues follow each rule of a house format, from the findings of a check, and reports it.

Each finding names the line of house.yaml with the requirement (`Diagnostic.about`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import field
from typing import TYPE_CHECKING

from newsletter.check.rules.structure.quotations import quotations_in
from newsletter.diagnostics import Severity
from newsletter.house.format import Need
from newsletter.infer.observe import texts_of
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.check.context import CheckContext
    from newsletter.diagnostics import Diagnostic
    from newsletter.house.format import FieldFormat
    from newsletter.infer.plan import Plan, Subject

_NAMED = 3
"""The most issues named for a rule that they break."""
_OF_SECTIONS = ("", "heading", "repeat", "words", "figures", "begins", "contains", "contents_written")
_OF_LAST = ("look", "link", "author", "picture", "entries", "words")
_OF_ITEMS = ("link", "links_to", "count", "numbered", "categories", "author", "picture", "bold", "full_stop", "words")


@dataclass(frozen=True, slots=True)
class IssueTally:
    """An issue: the rules that apply to it, and those that it breaks."""

    path: str
    concerned: frozenset[Subject]
    broken: frozenset[Subject]
    codes: tuple[str, ...]
    """The codes of all its errors, with or without a line of the house format."""
    others: tuple[str, ...]
    """The codes of the errors without a line of the house format."""


@dataclass(slots=True)
class Tally:
    """The counts for all issues."""

    issues: int = 0
    accepted: int = 0
    """The number of issues that break no line of the house format."""
    clean: int = 0
    """The number of issues that break no rule at all."""
    concerned: Counter[Subject] = field(default_factory=Counter)
    broken: Counter[Subject] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    """The number of issues with each code among their errors."""
    others: Counter[str] = field(default_factory=Counter)
    """The number of issues with each code among their errors without a line of the house format."""
    breaking: dict[Subject, list[str]] = field(default_factory=dict)
    """The files of the issues that break each rule."""
    each: list[tuple[str, ...]] = field(default_factory=list)
    """The codes of the errors of each issue."""

    def accept(self, codes: frozenset[str]) -> None:
        """Stops counting the findings of some rules as errors."""
        self.clean = sum(codes.issuperset(found) for found in self.each)

    def add(self, one: IssueTally) -> None:
        """Adds an issue to the counts."""
        self.issues += 1
        self.accepted += not one.broken
        self.clean += not one.codes
        self.concerned.update(one.concerned)
        self.broken.update(one.broken)
        self.each.append(one.codes)
        self.codes.update(set(one.codes))
        self.others.update(set(one.others))
        for subject in sorted(one.broken):
            self.breaking.setdefault(subject, []).append(one.path)

    def obeying(self, subject: Subject) -> tuple[int, int]:
        """The number of issues that follow a rule, and of those to which it applies."""
        total = self.concerned[subject]
        return total - self.broken[subject], total


def tally_issue(context: CheckContext, findings: Sequence[Diagnostic]) -> IssueTally:
    """The result for one issue. `findings` are all findings of its check."""
    broken = frozenset(finding.about for finding in findings if finding.about)
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    return IssueTally(
        context.issue.path,
        broken.union(_concerned(context)),
        broken,
        tuple(sorted(finding.code for finding in errors)),
        tuple(sorted(finding.code for finding in errors if not finding.about)),
    )


def _concerned(context: CheckContext) -> Iterator[Subject]:
    house, issue = context.house, context.issue
    yield ("front",)
    yield ("sections",)
    yield from _fields(house.fields, issue.front.values, ())
    if house.file_names:
        yield ("file_name",)
    yield ("opening", "required")
    if issue.opening:
        yield ("opening", "words")
        yield ("opening", "begins")
    yield ("opening", "contains")
    yield ("contains",)
    yield ("words",)
    yield ("contents_written",)
    present = {found.key for found in context.matched if found is not None}
    if len(issue.sections) > 1:
        yield ("order",)
    yield from (("sets", wanted.name) for wanted in house.sets)
    if house.groups:
        yield ("groups",)
    for group in house.groups:
        yield ("groups", group.key, "required")
        if present.intersection(group.sections):
            yield ("groups", group.key, "sections")
    for wanted in house.sections:
        if wanted.need is Need.REQUIRED:
            yield ("sections", wanted.key, "required")
        if wanted.key in present:
            yield from (("sections", wanted.key, key) for key in _OF_SECTIONS)
            yield from (("sections", wanted.key, "items", key) for key in _OF_ITEMS)
            if wanted.items is not None and wanted.items.last is not None:
                yield from (("sections", wanted.key, "items", "last", key) for key in _OF_LAST)
    if context.figures:
        yield ("figures", "caption")
        yield ("figures", "credit")
    if any(True for blocks in texts_of(issue) for _ in quotations_in(blocks)):
        yield ("quotations", "source")
    yield ("never",)


def _fields(fields: Sequence[FieldFormat], values: object, above: tuple[str, ...]) -> Iterator[Subject]:
    if not isinstance(values, dict):
        return
    for wanted in fields:
        path = (*above, wanted.name)
        value = values.get(wanted.name)
        if wanted.required:
            yield ("front", *path, "required")
        if value not in (None, "", [], {}):
            asked = {"length": not wanted.length.free, "choices": bool(wanted.choices), "form": bool(wanted.forms)}
            yield from (("front", *path, key) for key in ("", "type", *(key for key, there in asked.items() if there)))
            yield from _fields(wanted.fields, value, path)


def report(plan: Plan, tally: Tally, rules: Sequence[tuple[Subject, str]]) -> str:
    """The report, in lines."""
    return "\n".join(_lines(plan, tally, rules)) + "\n"


def _lines(plan: Plan, tally: Tally, rules: Sequence[tuple[Subject, str]]) -> Iterator[str]:
    span = f", {plan.course.span}" if plan.course.span else ""
    yield f"{tally.issues} issues{span}: {tally.accepted} follow every rule below"
    if tally.clean != tally.accepted:
        yield f"{tally.clean} pass the full check, including the rules for every letter"
    if not plan.course.bounds:
        yield "no rule has an era, because the issues have neither numbers nor dates"
    yield ""
    counted = [(subject, text, *tally.obeying(subject)) for subject, text in rules if tally.concerned[subject]]
    width = max((len(f"{good} of {total}") for _, _, good, total in counted), default=0)
    for subject, text, good, total in counted:
        yield f"  {f'{good} of {total}':>{width}}  {_named(subject, text)}"
        if good < total:
            yield f"  {'':>{width}}    not {_files(tally.breaking[subject])}"
    if tally.others:
        yield ""
        yield "Findings that are not about the house format (`newsletter rule CODE` explains them):"
        for code, count in sorted(tally.others.items(), key=lambda pair: (-pair[1], pair[0])):
            note = "; made a warning" if code in plan.severity else ""
            yield f"  {code} in {count} issue{'s' if count > 1 else ''}{note}"
    if plan.left_out:
        yield ""
        yield "Not turned into rules:"
        yield from (f"  {line}" for line in plan.left_out)


def report_into(added: Sequence[str], left: Sequence[str], tally: Tally) -> str:
    """The report for an existing house.yaml, in lines: the added keys, and those that issues do not follow."""
    return "\n".join(_lines_into(added, left, tally)) + "\n"


def _lines_into(added: Sequence[str], left: Sequence[str], tally: Tally) -> Iterator[str]:
    yield "Added:" if added else "There is nothing to add."
    yield from (f"  {line}" for line in added)
    if left:
        yield ""
        yield "Left as they are, because they have no value. Delete a line to have it filled:"
        yield from (f"  {line}" for line in left)
    yield ""
    yield f"{tally.accepted} of {tally.issues} issues follow all of it"
    if tally.broken:
        yield ""
        yield "Not changed, although issues differ:"
    for subject in sorted(tally.broken):
        good, total = tally.obeying(subject)
        count = f"{good} of {total} follow it" if total else f"in {tally.broken[subject]}"
        yield f"  {'.'.join(subject)}: {count}; not {_files(tally.breaking[subject])}"


def _named(subject: Subject, text: str) -> str:
    """The name of a rule, by its place in the file."""
    if subject in {("front",), ("sections",)}:
        return f"{subject[0]}: no others"
    above = ".".join(part for part in subject[:-1] if part != "fields")
    return f"{above}: {text}" if above else text


def _files(paths: Sequence[str]) -> str:
    shown = [path.removesuffix("/index.md").rpartition("/")[2].removesuffix(".md") for path in paths[:_NAMED]]
    more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
    return f"{', '.join(shown)}{more}"
