"""Compares an issue that breaks a requirement with the other issues, because the house format may be wrong, not the issue."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from newsletter.check.facts.history import History, PastIssue

ENOUGH = 4
"""The fewest other issues of the kind that are compared."""


def doubt(history: History | None, own: PastIssue | None, has: Callable[[PastIssue], bool]) -> str:
    """The suggestion to change the house format if most issues break the requirement; else "".

    `has` returns whether an issue meets the requirement.
    """
    if history is None or own is None:
        return ""
    others = [one for one in history.issues.values() if (one.kind, one.path) != (own.kind, own.path)]
    others = [one for one in others if one.kind == own.kind and one.language == own.language and not one.draft]
    having = [one for one in others if has(one)]
    if len(others) < ENOUGH:
        return ""
    if not having:
        return f"None of the {len(others)} other issues has it either: if that is right, write `required: false` there."
    return _era([one for one in others if one.date], having, own) if own.date else ""


def _era(others: Sequence[PastIssue], having: Sequence[PastIssue], own: PastIssue) -> str:
    first, last = (pick(having, key=lambda one: one.order) for pick in (min, max))
    if own.order < first.order and any(one.order < first.order for one in others):
        return (
            f"No issue before {first.called} has it: if it began there, write `required: {{since: {_moment(first)}}}`."
        )
    if own.order > last.order and any(one.order > last.order for one in others):
        return f"No issue after {last.called} has it: if it ended there, write `required: {{until: {_moment(last)}}}`."
    return ""


def _moment(issue: PastIssue) -> str:
    return str(issue.number) if issue.number is not None else issue.date
