"""Standing matter: paragraphs and boxes that are the same in nearly all issues, and their places."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from newsletter.infer.measure import ENOUGH, round_down
from newsletter.infer.plan import StandingText

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.house.format import Bounds
    from newsletter.infer.course import Course
    from newsletter.infer.observe import Seen
    from newsletter.infer.plan import Plan

_SHARE = 0.9
_OFTEN = 0.1
_SHORTEST = 40
"""The fewest characters of a text for which a snippet is made."""
_MORE = 1.5
_NAMES = {"start": "greeting", "after opening": "notice", "end": "closing"}


def snippets_of(plan: Plan, issues: Sequence[Seen]) -> tuple[StandingText, ...]:
    """The snippets of all issues, or of all the latest ones. All text at one place is one snippet."""
    rows = [tuple(_boxes(plan, place, issue)) for place, issue in enumerate(issues)]
    found: dict[str, list[tuple[int, str, int]]] = {}
    for (place, text), count in Counter(box for row in rows for box in dict.fromkeys(row)).items():
        if len(text) < _SHORTEST or not _stands(place, text, count, rows, plan.course):
            continue
        at = next(row.index((place, text)) for row in reversed(rows) if (place, text) in row)
        found.setdefault(place, []).append((at, text, count))
    return tuple(_snippet(place, sorted(texts), rows) for place, texts in found.items())


def _boxes(plan: Plan, place: int, issue: Seen) -> Iterator[tuple[str, str]]:
    """The texts in an issue that may be standing matter, each with its place as `standing` has it."""
    for text in issue.paragraphs:
        yield "opening", text
    last = len(issue.sections) - 1
    for section in plan.sections:
        for _, index in (found for found in section.places if found[0] == place):
            seen = issue.sections[index]
            # A box at the beginning of a section is the section's text, unless the section has more, such as items.
            words = sum(len(text.split()) for text in seen.paragraphs)
            for text in seen.paragraphs[0 if seen.words > _MORE * words else 1 :]:
                yield ("end" if index == last else f"after {section.key}"), text


def _stands(place: str, text: str, count: int, rows: Sequence[Sequence[tuple[str, str]]], course: Course) -> bool:
    if count < max(min(ENOUGH, max(3, len(rows))), _OFTEN * len(rows)):
        return False
    present = [(place, text) in row for row in rows]
    stretch = course.stretch(present)
    return stretch.end == len(rows) and sum(present[stretch.start :]) >= _SHARE * len(stretch)


def _snippet(
    place: str, texts: Sequence[tuple[int, str, int]], rows: Sequence[Sequence[tuple[str, str]]]
) -> StandingText:
    if place == "opening":
        first = next((text for row in reversed(rows) for where, text in row if where == place), "")
        place = "start" if first == texts[0][1] else "after opening"
    name = _NAMES.get(place) or (place.replace(" ", "-") if place.isascii() else "box")
    return StandingText(name, place, "\n\n".join(text for _, text, _ in texts), min(count for *_, count in texts))


def insertable(plan: Plan) -> tuple[StandingText, ...]:
    """The snippets that the tool can insert from the next issue on.

    The issues must have numbers or dates, and the text must have no brace that would be a field.
    """
    return tuple(one for one in plan.snippets if plan.course.bounds and "{" not in _PERSONAL.sub("", one.text))


_PERSONAL = re.compile(r"\{\{[^{}]*\}\}")


def next_issue(course: Course) -> str:
    """The value of `since` for the issue after the last."""
    last = course.bounds[-1]
    return str(last + 1 if isinstance(last, int) else last + timedelta(days=1))


def make_room(plan: Plan) -> None:
    """Lets the parts of the next issue be shorter by the text that the tool inserts."""
    texts = [(one.place, one.text) for one in insertable(plan)]
    if plan.bios and plan.course.bounds:
        texts.append(("end", max((one.text for one in plan.bios), key=len)))
    for place, text in texts:
        words = len(text.split())
        if place in ("start", "after opening"):
            plan.opening = _less(plan.opening, words)
            plan.opening_required = None if plan.opening.minimum is None else plan.opening_required
        for at, section in enumerate(plan.sections, start=1):
            if place == f"after {section.key}" or (place == "end" and at == len(plan.sections)):
                section.words = _less(section.words, words)
                if section.items is not None:
                    last = section.items.last or section.items
                    last.words = _less(last.words, words)
        plan.words = _less(plan.words, words)


def _less(bounds: Bounds, words: int) -> Bounds:
    if bounds.minimum is None:
        return bounds
    least = round_down(max(0, bounds.minimum - words))
    return replace(bounds, minimum=least if least >= 10 else None)
