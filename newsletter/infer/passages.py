"""Texts that a part has in nearly all issues, somewhere after its beginning: `**Deadline:**`, a sentence, a marker."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from newsletter.infer.course import ALWAYS
from newsletter.infer.measure import ENOUGH
from newsletter.infer.plan import Beginning

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from newsletter.infer.course import Course, Stretch
    from newsletter.infer.observe import Seen
    from newsletter.infer.plan import Plan, SectionPlan

_LABEL = re.compile(r"([*_]{0,3})[^\W\d_][^\d:：*_\[\]<>|.!?]{1,40}(?:[*_]{0,3}[:：]|[:：][*_]{0,3})(?=\s|$|(?<=：))")
"""The label of a paragraph or an entry: `**Where:**`, `Next deadline:`."""
_SENTENCE = re.compile(r"(?<=[.!?…])(?=\s)|(?<=[。！？])")
_LONGEST = 160
"""The most characters of a passage. Of longer texts, the first sentence counts."""
_SHORTEST = 20
"""The fewest letters of a passage that is no label. Shorter ones, such as `None.`, repeat by chance."""
_MOST = 3
"""The most passages of one part: with more, house.yaml would repeat the issue."""
_LINK = re.compile(r"\[([^\[\]]*)\](?:\([^()\s]*\)|\[[^\[\]]*\])")
_MARKS = re.compile(r"[*_\s]")


def contain(plan: Plan, issues: Sequence[Seen]) -> None:
    """Adds the recurring passages of the opening, the sections and the whole issue to the plan.

    A text that is inserted as standing matter, or with which the part begins, is left out.
    """
    inserted = [snippet.text for snippet in plan.snippets]
    openings = {place: candidates(issue.texts) for place, issue in enumerate(issues) if issue.opened}
    begins = plan.opening_begins.text if plan.opening_begins else ""
    plan.opening_contains = _passages(openings, plan.course.all, plan.course, [begins, *inserted])
    for section in plan.sections:
        if section.headings:
            begins = section.begins.text if section.begins else ""
            section.contains = _passages(_rows(section, issues), section.stretch, plan.course, [begins, *inserted])
    markers = {place: frozenset(issue.comments) for place, issue in enumerate(issues)}
    plan.contains = _passages(markers, plan.course.all, plan.course, inserted)


def _rows(section: SectionPlan, issues: Sequence[Seen]) -> Mapping[int, frozenset[str]]:
    """For each issue, the candidates that all its sections of this kind have."""
    rows: dict[int, frozenset[str]] = {}
    labels = section.items is None or section.items.categories is None
    for issue, index in section.places:
        found = candidates(issues[issue].sections[index].texts, labels=labels)
        rows[issue] = rows[issue] & found if issue in rows else found
    return rows


def candidates(texts: Iterable[str], *, labels: bool = True) -> frozenset[str]:
    """Possible passages in paragraphs as written: their labels, and short paragraphs or first sentences as a whole."""
    return frozenset(found for text in texts for found in _candidates(text, labels=labels) if "{" not in found)


def _candidates(text: str, *, labels: bool) -> Iterator[str]:
    label = _LABEL.match(text) if labels else None
    if label:
        yield label[0] if label[1] else label[0].rstrip("*_")
    whole = text if len(text) <= _LONGEST else _SENTENCE.split(text, maxsplit=1)[0].lstrip("*_")
    if len(whole) <= _LONGEST and sum(char.isalpha() for char in whole) >= _SHORTEST:
        yield whole


def _passages(
    rows: Mapping[int, frozenset[str]], stretch: Stretch, course: Course, known_texts: Sequence[str]
) -> tuple[Beginning, ...]:
    """The passages that nearly all rows have, or all of them since or until some issue; the most frequent first."""
    counted = Counter(text for row in rows.values() for text in row)
    often = [text for text, count in counted.items() if count >= max(ENOUGH, len(rows) / 3)]
    found: list[Beginning] = []
    for text in sorted(often, key=lambda text: (-counted[text], -len(text), text)):
        if any(_overlap(text, other) for other in (*known_texts, *(one.text for one in found))):
            continue
        kept = [text in rows.get(place, (text,)) for place in range(course.total)]
        within = course.settled(kept, stretch)
        if within is not None and _often(text, rows, within):
            found.append(Beginning(text, within))
    return tuple(found[:_MOST])


def _often(text: str, rows: Mapping[int, frozenset[str]], within: Stretch) -> bool:
    """Whether enough rows have it in the stretch: an issue without the part proves nothing."""
    there = [text in row for place, row in rows.items() if place in within]
    return sum(there) >= max(ENOUGH, ALWAYS * len(there))


def _overlap(one: str, other: str) -> bool:
    """Whether one of two texts, as readers see them, is in the other."""
    one, other = (_MARKS.sub("", _LINK.sub(r"\1", text)) for text in (one, other))
    return bool(other) and (one in other or other in one)
