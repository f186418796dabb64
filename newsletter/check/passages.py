"""ST138: what stands in each issue, such as a greeting or a marker that the publication's tools look for."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.check.wording import asked, quoted
from newsletter.walk import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.check.base import CheckContext
    from newsletter.diagnostics import Diagnostic
    from newsletter.house.format import Passage
    from newsletter.model import Span


def passage(context: CheckContext) -> Iterator[Diagnostic]:
    """ST138: a passage does not stand where it should, or too often."""
    issue, house = context.issue, context.house
    start = _body_start(context)
    first = issue.sections[0].span.start if issue.sections else len(context.source.text)
    yield from _in_part(context, house.contains, start, len(context.source.text), context.end, "an issue")
    if house.opening_contains:
        place = issue.opening[0].span if issue.opening else issue.sections[0].title_span if first else context.end
        yield from _in_part(context, house.opening_contains, start, first, place, "the opening")
    for section, wanted in zip(issue.sections, context.matched, strict=True):
        if wanted is not None and wanted.contains:
            called = quoted(plain_text(section.title), 40)
            span = section.span
            yield from _in_part(context, wanted.contains, span.start, span.end, section.title_span, called)


def _in_part(
    context: CheckContext, passages: Sequence[Passage], start: int, end: int, place: Span, called: str
) -> Iterator[Diagnostic]:
    for wanted in passages:
        found = list(_pattern(wanted.text).finditer(context.source.text, start, end))
        if len(found) in wanted.count:
            continue
        most = wanted.count.maximum
        too_many = most is not None and len(found) > most
        at = context.span(*found[most or 0].span()) if too_many else place
        once = wanted.count.minimum == 1 and not found
        yield context.found(
            "ST138",
            at,
            f"{context.asker} asks for {quoted(wanted.text)} in {called}"
            + (
                ""
                if once
                else f" {asked(wanted.count)} {'time' if most == 1 else 'times'}, it has {len(found) or 'none'}"
            ),
            label="" if too_many else "it is not there" if not found else "",
        )


def _body_start(context: CheckContext) -> int:
    """Where the text below the front matter begins."""
    front = context.issue.front.value_spans.get(())
    if front is None or not front.end:
        return 0
    closed = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE).search(context.source.text, front.end)
    return closed.end() if closed else front.end


@lru_cache(maxsize=64)
def _pattern(text: str) -> re.Pattern[str]:
    """The text, whatever white space stands where it has some."""
    return re.compile(r"\s+".join(map(re.escape, text.split())))
