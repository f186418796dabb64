"""From past issues to a plan of their house format."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from newsletter.house.format import Bounds, Need
from newsletter.infer.course import ALWAYS, in_course
from newsletter.infer.fields import Fields
from newsletter.infer.headings import group_headings
from newsletter.infer.measure import MeasuredLimit, settle, sizes
from newsletter.infer.order import order_of
from newsletter.infer.plan import Plan, Snippet
from newsletter.infer.sections import limits_of, name_sections, sections_of, sets_of
from newsletter.infer.templates import Names, forms_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from newsletter.infer.course import Course
    from newsletter.infer.observe import Seen
    from newsletter.infer.plan import SectionPlan
    from newsletter.language import Language

_SHARE = 0.9
_ENOUGH = 8
_RARE = 0.1
"""What is in more issues than that is what they write about, and no placeholder."""
_SHORTEST = 40
"""Characters of a text that is worth a snippet."""


def snippets_of(issues: Sequence[Seen], course: Course) -> tuple[Snippet, ...]:
    """The paragraphs of the opening that nearly all issues, or nearly all of the last ones, have word for word."""
    often = Counter(text for issue in issues for text in dict.fromkeys(issue.paragraphs) if len(text) >= _SHORTEST)
    standing: list[tuple[int, str, int]] = []
    for text, count in often.items():
        if count < max(_ENOUGH, 0.1 * len(issues)):
            continue
        present = [text in issue.paragraphs for issue in issues]
        stretch = course.stretch(present)
        if stretch.end == len(issues) and sum(present[stretch.start :]) >= _SHARE * len(stretch):
            at = next(issue.paragraphs.index(text) for issue in reversed(issues) if text in issue.paragraphs)
            standing.append((at, text, count))
    if not standing:
        return ()
    standing.sort()
    text = "\n\n".join(text for _, text, _ in standing)
    place = "start" if standing[0][0] == 0 else "after opening"
    return (Snippet("greeting" if place == "start" else "notice", place, text, min(count for *_, count in standing)),)


def placeholders_of(issues: Sequence[Seen]) -> tuple[tuple[str, int], ...]:
    """The placeholders that went out, each with the number of issues it was in."""
    often = Counter(word for issue in issues for word in issue.placeholders)
    return tuple((word, count) for word, count in sorted(often.items()) if count <= max(2, _RARE * len(issues)))


# ── From past issues to a plan of their house format ──────────────────────────────────────────────────────────────────


_FIGURES = 10
"""Of so many figures it can be told what they have."""


def infer(seen: Sequence[Seen], name: str, language_of: Callable[[str], Language]) -> Plan:
    """The house format of issues; `name` is what the kind is called, for people.

    The issues may come in any order, and may say their number and date in the name of their file alone.
    """
    usual = language_of(_usual_language(seen))
    names = Names()
    ordered, _ = in_course(seen)
    file_names = _file_names(ordered, usual, names)
    issues, course = in_course([_with_name(issue, file_names, usual) for issue in seen])
    plan = Plan(name, course, file_names=file_names)
    fields = Fields(issues, course, usual, names := Names())
    plan.fields = fields.infer()
    plan.file_names = _file_names(issues, usual, names)
    grouped = group_headings(issues, [language_of(issue.language) for issue in issues])
    sections, left_out = sections_of(issues, grouped, course)
    plan.left_out += [*fields.left_out, *left_out]
    _arrange(plan, sections, issues)
    plan.sets = tuple(sets_of(plan.sections, len(issues)))
    _measure(plan, issues)
    _figures(plan, issues)
    plan.snippets = snippets_of(issues, course)
    plan.never = placeholders_of(issues)
    return plan


def _usual_language(seen: Sequence[Seen]) -> str:
    codes = [issue.language for issue in seen]
    return max(sorted(set(codes)), key=codes.count, default="en")


# ── Names of files ──────────────────────────────────────────────────────────────────────────────────────────────────


def _file_names(issues: Sequence[Seen], language: Language, names: Names) -> tuple[str, ...]:
    """The forms of the names of folders or files."""
    if len(issues) < 5:
        return ()
    nameless = [replace(issue, name="") for issue in issues]
    return forms_of({place: issue.name for place, issue in enumerate(issues)}, nameless, language, names)


def _with_name(issue: Seen, forms: Sequence[str], language: Language) -> Seen:
    """An issue with the number and the date that its file's name says, where nothing else does."""
    from newsletter.house.format import HouseFormat
    from newsletter.house.forms import read_name

    if not forms or (issue.number is not None and issue.date is not None):
        return issue
    said = read_name(HouseFormat("", "", "", file_names=tuple(forms)), issue.name, language)
    number = said.number if issue.number is None and "number" not in issue.front else issue.number
    day = said.date if issue.date is None and "date" not in issue.front else issue.date
    return replace(issue, number=number, date=day)


# ── Order and measure ───────────────────────────────────────────────────────────────────────────────────────────────


def _arrange(plan: Plan, sections: Sequence[SectionPlan], issues: Sequence[Seen]) -> None:
    """Puts the sections in their usual order, and says how far it is one."""
    rows: list[list[int]] = [[] for _ in issues]
    placed = sorted((place, which) for which, section in enumerate(sections) for place in section.places)
    for (issue, _), which in placed:
        rows[issue].append(which)
    groups, usual = order_of(rows)
    if groups is not None:
        groups = _without_wanderers(groups, sections, rows)
    plan.sections = tuple(sections[which] for which in usual)
    name_sections(plan.sections)
    if groups is None:
        plan.order, plan.listed = None, False
        return
    plan.order = tuple(tuple(sections[which].key for which in group) for group in groups)
    plan.listed = [key for group in plan.order for key in group] == [section.key for section in plan.sections] and all(
        len(group) == 1 for group in plan.order
    )


def _without_wanderers(
    groups: tuple[tuple[int, ...], ...], sections: Sequence[SectionPlan], rows: Sequence[Sequence[int]]
) -> tuple[tuple[int, ...], ...]:
    """The order without the free section, where that does not always stand between the same neighbours.

    A section with a heading is known wherever it stands; one without is known by its place only.
    """
    ranks = {section: rank for rank, group in enumerate(groups) for section in group}
    free = next((which for which, section in enumerate(sections) if not section.headings), None)
    if free not in ranks or len(sections) == 1:
        return groups
    having = [[ranks[which] for which in row if which in ranks] for row in rows if free in row]
    right = sum(all(before <= after for before, after in pairwise(row)) for row in having)
    if right >= ALWAYS * len(having):
        return groups
    return tuple(left for group in groups if (left := tuple(which for which in group if which != free)))


def _measure(plan: Plan, issues: Sequence[Seen]) -> None:
    """The bounds of everything, so that nearly all issues are within all of them."""
    opened = [issue.opened for issue in issues]
    plan.opening_required = plan.course.settled(opened, plan.course.all)

    def put_opening(bounds: Bounds) -> None:
        plan.opening = bounds

    def put_words(bounds: Bounds) -> None:
        plan.words = bounds

    openings = [(place, issue.opening) for place, issue in enumerate(issues) if issue.opened]
    whole = [(place, issue.words) for place, issue in enumerate(issues)]
    limits = [
        MeasuredLimit("words of the opening", sizes([words for _, words in openings]), openings, put_opening),
        MeasuredLimit("words of an issue", sizes([words for _, words in whole]), whole, put_words),
        *(limit for section in plan.sections for limit in limits_of(section, issues)),
    ]
    for given_up in settle(limits, len(issues)):
        plan.left_out.append(f"the {given_up}: too different from issue to issue")
    least = sum(section.words.minimum or 0 for section in plan.sections if section.required is not None)
    if plan.words.maximum is not None and least > plan.words.maximum:
        plan.words = Bounds()  # of eras in which letters were of another length


def _figures(plan: Plan, issues: Sequence[Seen]) -> None:
    figures = [figure for issue in issues for figure in issue.figures]
    if len(figures) < _FIGURES:
        return
    captioned, credited = (sum(column) for column in zip(*figures, strict=True))
    plan.caption = Need.REQUIRED if captioned >= ALWAYS * len(figures) else Need.OPTIONAL
    plan.credit = Need.REQUIRED if credited >= ALWAYS * len(figures) else Need.OPTIONAL
