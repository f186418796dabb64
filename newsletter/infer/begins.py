"""The text with which the opening, or a section, begins in nearly all issues: `Next deadline:`, `This week's letter`."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from newsletter.infer.course import ALWAYS
from newsletter.infer.measure import ENOUGH
from newsletter.infer.plan import Beginning

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsletter.infer.course import Course, Stretch
    from newsletter.infer.observe import Seen
    from newsletter.infer.plan import Plan

_LONGEST = 80
"""The most characters of such a beginning. A longer one is a separate text, which `standing` inserts."""
_SHORTEST = 8
"""The fewest letters of a beginning. Shorter ones, such as `The` and `In May`, repeat by chance."""
_NOT_FIXED = re.compile(r"[\d{}\[\]<>]")
"""Characters that change from issue to issue, or that a pattern would read as a field."""


def begin(plan: Plan, issues: Sequence[Seen]) -> None:
    """Adds the beginnings of the opening and the sections to the plan.

    Text that is always the same as a whole is left out.
    """
    if all(snippet.place not in {"start", "after opening"} for snippet in plan.snippets):
        openings = {place: issue.first for place, issue in enumerate(issues) if issue.opened}
        plan.opening_begins = _always(openings, plan.course.all, plan.course)
    for section in plan.sections:
        if section.headings:
            firsts = {issue: issues[issue].sections[index].first for issue, index in section.places}
            section.begins = _always(firsts, section.stretch, plan.course)


def _always(firsts: Mapping[int, str], stretch: Stretch, course: Course) -> Beginning | None:
    """The text with which issues begin: all of them, or those since or until one of them."""
    texts = [firsts[place] for place in sorted(firsts)]
    early, late = texts[: len(texts) // 2], texts[len(texts) // 2 :]
    for known in (texts, late, early):
        if shared := beginning(known):
            kept = [firsts.get(place, shared).startswith(shared) for place in range(course.total)]
            if within := course.settled(kept, stretch):
                return Beginning(shared, within)
    return None


def beginning(texts: Sequence[str]) -> str:
    """The words with which nearly all of the texts begin, as readers see them; "" if there are none."""
    if len(texts) < ENOUGH:
        return ""
    shared = ""
    for length in range(1, _LONGEST + 1):
        (most, count), *_ = Counter(text[:length] for text in texts).most_common(1)
        if len(most) < length or count < ALWAYS * len(texts):
            break
        shared = most
    if found := _NOT_FIXED.search(shared):
        shared = shared[: found.start()]
    there = [text for text in texts if text.startswith(shared)]
    while shared and (shared[-1].isspace() or not all(_ends_word(text, len(shared)) for text in there)):
        shared = shared[:-1]
    if sum(char.isalpha() for char in shared) < _SHORTEST or _is_all(shared, texts):
        return ""
    return shared


def _ends_word(text: str, at: int) -> bool:
    """Whether a word ends at `at`. In scripts without spaces, only punctuation shows that."""
    return at >= len(text) or not (text[at - 1].isalnum() and text[at].isalnum())


def _is_all(shared: str, texts: Sequence[str]) -> bool:
    """Whether the beginning is the whole of most texts."""
    return 2 * sum(text.strip() == shared for text in texts) > len(texts)
