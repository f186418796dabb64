"""Bounds and eras as house.yaml writes them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsletter.house.format import Bounds
    from newsletter.infer.course import Course, Stretch

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
