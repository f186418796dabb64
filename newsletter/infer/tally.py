"""How many issues obey each rule of a house format, counted from what the check itself finds.

Each finding is laid to the line of house.yaml that asks for what it misses, by its code and its place in the issue.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import field
from typing import TYPE_CHECKING

from newsletter.diagnostics import Severity
from newsletter.house.format import Need
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.check.context import CheckContext
    from newsletter.diagnostics import Diagnostic
    from newsletter.house.format import FieldFormat
    from newsletter.infer.plan import Subject

_FIELD_RULES = {"FM101": "required", "FM103": "type", "FM104": "length", "FM106": "choices"}
_SECTION_RULES = {"ST103": "repeat", "ST113": "figures", "ST124": "heading"}
_ITEM_RULES = {
    "ST104": "link",
    "ST107": "count",
    "ST109": "numbered",
    "ST114": "categories",
    "ST115": "author",
    "ST125": "picture",
    "ST136": "full_stop",
}
_NAMED = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class IssueTally:
    """One issue: which rules it is about, and which of them it breaks."""

    path: str
    concerned: frozenset[Subject]
    broken: frozenset[Subject]
    codes: tuple[str, ...]
    """Of all its errors, those included that no line of the house format is about."""
    others: tuple[str, ...]
    """The codes of errors that no line of the house format is about."""


@dataclass(slots=True)
class Tally:
    """All issues together."""

    issues: int = 0
    accepted: int = 0
    """Issues that break no line of the house format."""
    clean: int = 0
    """Issues that break no rule at all."""
    concerned: Counter[Subject] = field(default_factory=Counter)
    broken: Counter[Subject] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    """Issues by the codes of errors in them."""
    others: Counter[str] = field(default_factory=Counter)
    """Issues by the codes of errors that no line of the house format is about."""
    breaking: dict[Subject, list[str]] = field(default_factory=dict)
    """By rule, the files of the issues that break it."""
    each: list[tuple[str, ...]] = field(default_factory=list)
    """The codes of the errors of each issue."""

    def accept(self, codes: frozenset[str]) -> None:
        """Takes the findings of some rules for no errors."""
        self.clean = sum(codes.issuperset(found) for found in self.each)

    def add(self, one: IssueTally) -> None:
        """Counts one more issue."""
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
        """How many issues obey a rule, and how many it is about."""
        total = self.concerned[subject]
        return total - self.broken[subject], total


def tally_issue(context: CheckContext, findings: Sequence[Diagnostic]) -> IssueTally:
    """What one issue says of a house format; `findings` are all that the check found in it."""
    concerned = set(_concerned(context))
    places = _front_places(context)
    broken: set[Subject] = set()
    codes, others = [], []
    for finding in findings:
        subject = _subject(context, finding, places)
        if subject is not None:
            broken.add(subject)
            concerned.add(subject)
        if finding.severity is Severity.ERROR:
            codes.append(finding.code)
            if subject is None:
                others.append(finding.code)
    return IssueTally(
        context.issue.path, frozenset(concerned), frozenset(broken), tuple(sorted(codes)), tuple(sorted(others))
    )


# ── What a format asks of an issue ──────────────────────────────────────────────────────────────────────────────────


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
    yield ("words",)
    present = {found.key for found in context.matched if found is not None}
    if len(issue.sections) > 1:
        yield ("order",)
    yield from (("sets", wanted.name) for wanted in house.sets)
    for wanted in house.sections:
        if wanted.need is Need.REQUIRED:
            yield ("sections", wanted.key, "required")
        if wanted.key in present:
            yield from (("sections", wanted.key, key) for key in ("", "heading", "repeat", "words", "figures"))
            yield from (("sections", wanted.key, "items", key) for key in (*_ITEM_RULES.values(), "words"))
    if context.figures:
        yield ("figures", "caption")
        yield ("figures", "credit")
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


# ── What a finding is about ─────────────────────────────────────────────────────────────────────────────────────────


def _subject(
    context: CheckContext, finding: Diagnostic, places: dict[tuple[int, int], tuple[str, ...]]
) -> Subject | None:
    code = finding.code
    if code == "FM101":
        named = _NAMED.search(finding.message)
        return ("front", *named[1].split("."), "required") if named else None
    if code == "FM102":
        return ("front",)
    if code in {"FM105", "FM107"}:
        return _form(context, finding, places)
    if code in _FIELD_RULES:
        path = places.get((finding.span.start, finding.span.end))
        return ("front", *path, _FIELD_RULES[code]) if path else None
    if code == "ST101":
        return _missing(context, finding)
    if code in {"ST102", "ST133"}:
        return ("sections",)
    if code in {"ST105", "ST134"}:
        return ("order",)
    if code == "ST132":
        return _set(context, finding)
    if code == "ST106" and finding.message == "the opening is missing":
        return ("opening", "required")
    if code == "ST123":
        return ("never",)
    if code in {"FG102", "FG103"}:
        return ("figures", "caption" if code == "FG102" else "credit")
    return _in_section(context, finding)


def _form(context: CheckContext, finding: Diagnostic, places: dict[tuple[int, int], tuple[str, ...]]) -> Subject | None:
    """A text that has not its form, or whose form says otherwise than others."""
    path = places.get((finding.span.start, finding.span.end), ())
    if any(wanted.name == path[0] and wanted.forms for wanted in context.house.fields if path):
        return ("front", path[0], "form")
    if path and finding.code == "FM105":
        return ("front", *path, "pattern")
    return ("file_name",) if context.house.file_names else None


def _missing(context: CheckContext, finding: Diagnostic) -> Subject | None:
    for wanted in context.house.sections:
        if wanted.need is Need.REQUIRED:
            marks = "#" * context.house.reading.section_level
            names = [f"`{marks} {heading}`" for heading in context.headings[wanted.key][:3]]
            if any(name in finding.message for name in names or [f"(`{wanted.key}` in house.yaml)"]):
                return ("sections", wanted.key, "required")
    found = _section_at(context, finding.span.start)
    key = _key(context, found) if found is not None else ""
    return ("sections", key, "repeat") if key else None


def _set(context: CheckContext, finding: Diagnostic) -> Subject | None:
    for wanted in context.house.sets:
        if f"`{wanted.name}`" in finding.label:
            return ("sets", wanted.name)
    return ("sets", context.house.sets[0].name) if context.house.sets else None


def _in_section(context: CheckContext, finding: Diagnostic) -> Subject | None:
    index = _section_at(context, finding.span.start)
    if index is None:
        if finding.code != "ST108":
            return None
        in_opening = context.issue.opening and finding.span == context.issue.opening[0].span
        return ("opening", "words") if in_opening else ("words",)
    key = _key(context, index)
    if not key:
        return None
    if finding.code == "ST108":
        whole = finding.span == context.issue.sections[index].title_span
        return ("sections", key, "words") if whole else ("sections", key, "items", "words")
    if finding.code in _SECTION_RULES:
        return ("sections", key, _SECTION_RULES[finding.code])
    return ("sections", key, "items", _ITEM_RULES[finding.code]) if finding.code in _ITEM_RULES else None


def _section_at(context: CheckContext, offset: int) -> int | None:
    sections = context.issue.sections
    return next(
        (
            index
            for index, section in enumerate(sections)
            if section.span.start <= offset < max(section.span.end, section.span.start + 1)
        ),
        None,
    )


def _key(context: CheckContext, index: int) -> str:
    found = context.slips[index][0] if index in context.slips else context.matched[index]
    return found.key if found is not None else ""


def _front_places(context: CheckContext) -> dict[tuple[int, int], tuple[str, ...]]:
    """By place in the front matter, the field that stands there."""
    found: dict[tuple[int, int], tuple[str, ...]] = {}
    front = context.issue.front
    for path, span in (*front.value_spans.items(), *front.key_spans.items()):
        names = tuple(part for part in path if isinstance(part, str))
        if names:
            found.setdefault((span.start, span.end), names)
    return found
