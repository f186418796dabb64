"""Infers a house format from past issues.

Issues are measured (observe), the measurements become a plan (infer), and the plan becomes house.yaml (write). A check
then counts how many issues follow each rule (tally).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from newsletter.house.format import Bounds, Need
from newsletter.infer.begins import begin
from newsletter.infer.bios import bios_of
from newsletter.infer.course import ALWAYS, in_course
from newsletter.infer.fields import Fields
from newsletter.infer.groups import groups_of, own_levels
from newsletter.infer.headings import Levels, group_headings, levels_of
from newsletter.infer.inner import OwnLevels, inner_groups
from newsletter.infer.measure import MeasuredLimit, enough_of, settle, sizes
from newsletter.infer.observe import observe
from newsletter.infer.order import arrange
from newsletter.infer.passages import contain
from newsletter.infer.plan import Plan
from newsletter.infer.sections import kinds_of_links, limits_of, sections_of
from newsletter.infer.standing import insertable, make_room, snippets_of
from newsletter.infer.tally import IssueTally, Tally, report, tally_issue
from newsletter.infer.templates import Names, forms_of
from newsletter.infer.write import write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from newsletter.infer.observe import Seen
    from newsletter.language import Language

__all__ = [
    "IssueTally",
    "Levels",
    "OwnLevels",
    "Tally",
    "infer",
    "inner_groups",
    "insertable",
    "levels_of",
    "make_room",
    "observe",
    "own_levels",
    "report",
    "tally_issue",
    "write",
]

_RARE = 0.1
"""A text in more issues than this share is a subject of the publication, not a placeholder."""
_FIGURES = 10
"""The number of figures from which rules about them are inferred."""
_QUOTATIONS = 10
"""The number of quotations from which rules about them are inferred."""


def infer(
    seen: Sequence[Seen],
    name: str,
    language_of: Callable[[str], Language],
    known: Mapping[str, Mapping[str, str]] | None = None,
) -> Plan:
    """The house format of issues; `name` is the name of the kind for people.

    `known` are the short names that sections have already, by the path of the issue and the heading. The issues may be
    in any order. Their number and date may be only in the name of their file.
    """
    usual = language_of(_usual_language(seen))
    ordered, _ = in_course(seen)
    forms = _file_names(ordered, usual, Names())
    issues, course = in_course([_with_name(issue, forms, usual) for issue in seen])
    plan = Plan(name, course)
    fields = Fields(issues, course, usual, names := Names())
    plan.fields = fields.infer()
    plan.file_names = _file_names(issues, usual, names)
    grouped = group_headings(issues, [language_of(issue.language) for issue in issues])
    sections, left_out = sections_of(issues, grouped, course)
    plan.left_out += [*fields.left_out, *left_out]
    arrange(plan, sections, dict(_known_places(issues, known or {})))
    plan.contents = bool(issues) and sum(issue.listed for issue in issues) >= ALWAYS * len(issues)
    plan.groups = groups_of(plan, issues, [language_of(issue.language) for issue in issues])
    _measure(plan, issues)
    _figures(plan, issues)
    _quotations(plan, issues)
    kinds_of_links(plan, issues)
    plan.snippets = snippets_of(plan, issues)
    plan.bios = bios_of(issues)
    begin(plan, issues)
    contain(plan, issues)
    plan.never = _placeholders(issues)
    return plan


def _known_places(
    issues: Sequence[Seen], known: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[tuple[int, int], str]]:
    for place, issue in enumerate(issues):
        names = known.get(issue.path, {})
        for index, section in enumerate(issue.sections):
            if section.heading in names:
                yield (place, index), names[section.heading]


def _usual_language(seen: Sequence[Seen]) -> str:
    codes = [issue.language for issue in seen]
    return max(sorted(set(codes)), key=codes.count, default="en")


def _file_names(issues: Sequence[Seen], language: Language, names: Names) -> tuple[str, ...]:
    """The patterns of the names of folders or files."""
    if len(issues) < 3:
        return ()
    nameless = [replace(issue, name="") for issue in issues]
    return forms_of({place: issue.name for place, issue in enumerate(issues)}, nameless, language, names)


def _with_name(issue: Seen, forms: Sequence[str], language: Language) -> Seen:
    """An issue with the number and date from its file name, if it has none."""
    from newsletter.house.format import HouseFormat
    from newsletter.house.forms import read_name

    if not forms or (issue.number is not None and issue.date is not None):
        return issue
    from_name = read_name(HouseFormat("", "", "", file_names=tuple(forms)), issue.name, language)
    number = from_name.number if issue.number is None and "number" not in issue.front else issue.number
    day = from_name.date if issue.date is None and "date" not in issue.front else issue.date
    return replace(issue, number=number, date=day)


def _measure(plan: Plan, issues: Sequence[Seen]) -> None:
    """Sets the bounds, so that nearly all issues are within all of them."""
    opened = [issue.opened for issue in issues]
    plan.opening_required = plan.course.settled(opened, plan.course.all)
    openings = [(place, issue.opening) for place, issue in enumerate(issues) if issue.opened]
    enough = enough_of(len(issues))
    whole = [(place, issue.words) for place, issue in enumerate(issues)]
    limits = [
        MeasuredLimit(
            "words of the opening",
            sizes([words for _, words in openings], enough),
            openings,
            partial(setattr, plan, "opening"),
        ),
        MeasuredLimit(
            "words of an issue", sizes([words for _, words in whole], enough), whole, partial(setattr, plan, "words")
        ),
        *(limit for section in plan.sections for limit in limits_of(section, issues)),
    ]
    for given_up in settle(limits, len(issues)):
        plan.left_out.append(f"the {given_up}: these differ too much between issues")
    least = sum(section.words.minimum or 0 for section in plan.sections if section.required is not None)
    if plan.words.maximum is not None and least > plan.words.maximum:
        plan.words = Bounds()  # for eras in which issues had another length


def _figures(plan: Plan, issues: Sequence[Seen]) -> None:
    figures = [figure for issue in issues for figure in issue.figures]
    if len(figures) < _FIGURES:
        return
    captioned, credited = (sum(column) for column in zip(*figures, strict=True))
    plan.caption = Need.REQUIRED if captioned >= ALWAYS * len(figures) else Need.OPTIONAL
    plan.credit = Need.REQUIRED if credited >= ALWAYS * len(figures) else Need.OPTIONAL


def _quotations(plan: Plan, issues: Sequence[Seen]) -> None:
    """Sets whether quotations must have a source. A rule that they must not is never inferred."""
    sourced = [one for issue in issues for one in issue.quotations]
    if len(sourced) >= _QUOTATIONS and sum(sourced) >= ALWAYS * len(sourced):
        plan.sourced = Need.REQUIRED


def _placeholders(issues: Sequence[Seen]) -> tuple[tuple[str, int], ...]:
    """The placeholders that were published, each with the number of issues."""
    often = Counter(word for issue in issues for word in issue.placeholders)
    return tuple((word, count) for word, count in sorted(often.items()) if count <= max(2, _RARE * len(issues)))
