"""What stands in nearly all issues word for word, and what should have stood in none."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from newsletter.infer.plan import Snippet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.infer.course import Course
    from newsletter.infer.seen import Seen

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
