"""HS: numbers and dates go on from those of the issues before."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.base import CheckContext
    from newsletter.diagnostics import Diagnostic


def number_gap(context: CheckContext) -> Iterator[Diagnostic]:
    """HS104: numbers are left out between this issue and the one before it.

    Only where numbers go up by one: where the house format says so, or where those of the issues before did. A number that
    any other issue has, a draft or one of another kind, is not left out.
    """
    own, history = context.own, context.history
    if own is None or own.number is None or history is None:
        return
    numbering = history.numbering(own)
    place = next((at for at, issue in enumerate(numbering.placed) if issue.path == own.path), 0)
    if place == 0:
        return
    before = numbering.placed[place - 1]
    # One that stands in between by its date has a wrong number: that is told there, and leaves its right number out here.
    if any(before.moment <= other.moment <= own.moment for other in numbering.misplaced):
        return
    first, last = (before.number or 0) + 1, own.number - 1
    missing = [number for number in range(first, last + 1) if number not in history.numbers]
    if missing and (context.house.consecutive or (place > 1 and numbering.goes_on(place))):
        one = missing[0] == missing[-1]
        yield context.found(
            "HS104",
            context.issue.front.where("number"),
            f"number {missing[0]} is left out" if one else f"numbers {missing[0]} to {missing[-1]} are left out",
            label=f"the issue before is {before.called}: {before.path}",
            mend=f"If none was left out, this is number {first}.",
        )


def date_order(context: CheckContext) -> Iterator[Diagnostic]:
    """HS105: by its number the issue stands elsewhere than by its date; of two that changed places, the later number."""
    own, history = context.own, context.history
    if own is None or history is None:
        return
    numbering = history.numbering(own)
    if own not in numbering.misplaced:
        return
    number = own.number or 0
    lower = [issue for issue in numbering.placed if (issue.number or 0) < number and issue.moment > own.moment]
    higher = [issue for issue in numbering.placed if (issue.number or 0) > number and issue.moment < own.moment]
    for other, word in [(lower[-1], "before")] if lower else [(higher[0], "after")] if higher else []:
        yield context.found(
            "HS105",
            context.issue.front.where("date"),
            f"number {number} is dated {own.date}, {word} {other.called}",
            label=other.path,
            mend="Correct the date or the number.",
        )
