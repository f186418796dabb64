"""What inferring says to people: how many issues obey each rule, which do not, and what was made no rule."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.house.format import Bounds
    from newsletter.infer.course import Course, Stretch
    from newsletter.infer.plan import Plan, Subject
    from newsletter.infer.tally import Tally

_YEARS = range(1900, 2200)
"""Numbers that `since` and `until` would take for years."""


def written_bounds(bounds: Bounds) -> str:
    """Bounds as house.yaml has them: `7`, `5-9`, `at least 5`, `at most 9`."""
    if bounds.minimum is None:
        return f"at most {bounds.maximum}"
    if bounds.maximum is None:
        return f"at least {bounds.minimum}"
    return str(bounds.minimum) if bounds.minimum == bounds.maximum else f"{bounds.minimum}-{bounds.maximum}"


def since(course: Course, stretch: Stretch) -> str:
    """The first issue of a stretch, as `since` has it; "" where it is the first of all."""
    return bound(course.bounds[stretch.start]) if course.bounds and stretch.start > 0 else ""


def until(course: Course, stretch: Stretch) -> str:
    """The last issue of a stretch, as `until` has it; "" where it is the last of all."""
    return bound(course.bounds[stretch.end - 1]) if course.bounds and stretch.end < stretch.total else ""


def span_of(course: Course) -> str:
    """From which issue to which: `2018-01-14 to 2024-12-10`."""
    return f"{bound(course.bounds[0])} to {bound(course.bounds[-1])}" if course.bounds else ""


def bound(moment: int | date) -> str:
    """The number or date of an issue."""
    if isinstance(moment, date):
        return moment.isoformat()
    return f"number {moment}" if moment in _YEARS else str(moment)


# ── What inferring says to people: how many issues obey each rule, which do not, and what was made no rule ────────────


_NAMED = 3
"""So many issues that break a rule are named."""


def report(plan: Plan, tally: Tally, rules: Sequence[tuple[Subject, str]]) -> str:
    """The report, in lines."""
    return "\n".join(_lines(plan, tally, rules)) + "\n"


def _lines(plan: Plan, tally: Tally, rules: Sequence[tuple[Subject, str]]) -> Iterator[str]:
    span = span_of(plan.course)
    yield f"{tally.issues} issues{f', {span}' if span else ''}: {tally.accepted} obey every rule below"
    if tally.clean != tally.accepted:
        yield f"{tally.clean} pass the whole check, with what the tool asks of every letter"
    if not plan.course.bounds:
        yield "no rule has an era: the issues have neither numbers nor dates of their own"
    yield ""
    counted = [(subject, text, *tally.obeying(subject)) for subject, text in rules if tally.concerned[subject]]
    width = max((len(f"{good} of {total}") for _, _, good, total in counted), default=0)
    for subject, text, good, total in counted:
        yield f"  {f'{good} of {total}':>{width}}  {_named(subject, text)}"
        if good < total:
            yield f"  {'':>{width}}    not {_files(tally.breaking[subject])}"
    if tally.others:
        yield ""
        yield "Broken, though no rule of the house format is about it (`newsletter rule CODE` explains):"
        for code, count in sorted(tally.others.items(), key=lambda pair: (-pair[1], pair[0])):
            weight = "; made a warning" if code in plan.severity else ""
            yield f"  {code} in {count} issue{'s' if count > 1 else ''}{weight}"
    if plan.left_out:
        yield ""
        yield "Made no rule:"
        yield from (f"  {line}" for line in plan.left_out)


def _named(subject: Subject, text: str) -> str:
    """A rule by where it stands in the file."""
    if subject in {("front",), ("sections",)}:
        return f"{subject[0]}: no others"
    above = ".".join(part for part in subject[:-1] if part != "fields")
    return f"{above}: {text}" if above else text


def _files(paths: Sequence[str]) -> str:
    shown = [path.removesuffix("/index.md").rpartition("/")[2].removesuffix(".md") for path in paths[:_NAMED]]
    more = f" and {len(paths) - _NAMED} more" if len(paths) > _NAMED else ""
    return f"{', '.join(shown)}{more}"
