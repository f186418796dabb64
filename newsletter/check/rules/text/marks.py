"""TX: emphasis that does not work, so that readers see its marks."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from newsletter.check.facts.prose import EDGE, HARD_BREAK
from newsletter.check.rule import WARNING, rule
from newsletter.late import late

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.context import CheckContext
    from newsletter.diagnostics import Diagnostic

_LITERAL = late(
    r"(?<!\*)\*{2,4}(?!\*)|(?<!\w)_{2,3}(?=[^\W_])|(?<=[^\W_])_{2,3}(?!\w)|(?<!~)~~(?!~)",
)
"""Marks of emphasis as text. Longer runs are left out: a row of stars, or a blank to fill in."""
_NAME = re.compile(r"__\w+?__")
_EDGES = f"{EDGE}{HARD_BREAK} \t\n"


@rule("TX130", "literal-mark", "Emphasis marks work as emphasis", "text", severity=WARNING)
def literal_mark(context: CheckContext) -> Iterator[Diagnostic]:
    """TX130: `**`, `__` or `~~` stays in the text; one finding for each passage and mark."""
    prose = context.prose
    if not any(mark in prose.text for mark in ("**", "__", "~~")):
        return
    found = (mark for mark in _LITERAL.finditer(prose.text) if not prose.is_escaped(mark.start()))
    for (index, char), group in groupby(found, lambda mark: (prose.index_at(mark.start()), mark[0][0])):
        marks = [mark for mark in group if _is_meant(context, mark)]
        if prose.passages[index].prose and len(marks) > (char == "~"):  # a single `~~` is a long breath
            yield _finding(context, marks[0])


def _is_meant(context: CheckContext, mark: re.Match[str]) -> bool:
    """Whether the mark was probably meant as emphasis: not a power (`2 ** 3`) or a masked word (`d****`)."""
    prose = context.prose
    if mark[0] == "****":  # emphasis that ends and begins again inside other emphasis
        begin, place = prose.passage_at(mark.start()).span.start, prose.place(*mark.span()).start
        return "**" in context.source.text[begin:place]
    before, after = _beside(prose.text, mark)
    left, right = before.strip()[-1:], after.strip(" -")[:1]
    return not (mark[0] == "**" and left.isdigit() and right.isdigit() and before.isspace() == after.isspace())


def _beside(text: str, mark: re.Match[str]) -> tuple[str, str]:
    """A few characters before and after the mark."""
    return text[max(mark.start() - 2, 0) : mark.start()] or EDGE, text[mark.end() : mark.end() + 3] or EDGE


def _finding(context: CheckContext, mark: re.Match[str]) -> Diagnostic:
    before, after = _beside(context.prose.text, mark)
    escaped = "".join(f"\\{char}" for char in mark[0])
    if mark[0] == "__" and _NAME.match(context.prose.text, mark.start()):
        advice = "Put names of code between backticks."
    elif before[-1] in _EDGES and after[0] in _EDGES:
        advice = f"Remove the space between it and the words, or write `{escaped}` if readers should see it."
    else:
        advice = f"Add its other half, with no space between the two and the words, or write `{escaped}` if readers should see it."
    message = f"`{mark[0]}` makes no emphasis here: readers see it as it is"
    return context.found("TX130", context.prose.place(*mark.span()), message, advice=advice)
