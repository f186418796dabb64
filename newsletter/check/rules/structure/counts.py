"""ST: how many words and figures an issue, its opening, its sections and its items have."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.check.rule import rule
from newsletter.check.rules.structure.items import called, wanted_items
from newsletter.check.rules.structure.sections import is_empty
from newsletter.check.wording import asked, quoted
from newsletter.hints import HINT
from newsletter.house.format import Need
from newsletter.model import Span
from newsletter.walk import figures_in, plain_text, words_in, words_in_issue

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.check.base import CheckContext
    from newsletter.diagnostics import Diagnostic
    from newsletter.house.format import Bounds, Passage


@rule("ST108", "word-count", "Issue, sections and items are as long as asked", "text", gap=True)
def word_count(context: CheckContext) -> Iterator[Diagnostic]:
    """ST108: too few or too many words.

    What is short because of a part that is too short is told for the part only, and what is short because it is not
    written yet is told by the hint that still stands there (ST112).
    """
    items = list(_items(context))
    sections = list(_sections(context, {index for index, _ in items}))
    opening = list(_opening(context))
    yield from opening
    yield from (found for _, found in items)
    yield from sections
    if not (items or sections or opening or _lacks_a_part(context)):
        yield from _issue(context)


def _items(context: CheckContext) -> Iterator[tuple[int, Diagnostic]]:
    for index, place, item, wanted in wanted_items(context):
        if wanted.words.free or not item.blocks:
            continue
        words = words_in(item.blocks)
        if words not in wanted.words and not _unwritten(context, words, wanted.words, item.span):
            message = f"{context.asker} asks for {asked(wanted.words, 'word')} in {called(item, place)}, it has {words}"
            about = context.line_of(index, "items", "words")
            yield index, context.found("ST108", item.title_span, message, about=about)


def _sections(context: CheckContext, told: set[int]) -> Iterator[Diagnostic]:
    for index, (section, found) in enumerate(zip(context.issue.sections, context.matched, strict=True)):
        if found is None or found.words.free or index in told or is_empty(context, index):
            continue
        if found.items is not None and len(context.items[index]) not in found.items.count:
            continue
        words = words_in(section.blocks) + sum(words_in(item.blocks) for item in section.items)
        if words not in found.words and not _unwritten(context, words, found.words, section.span):
            message = _message(context, found.words, words, quoted(plain_text(section.title), 40))
            yield context.found("ST108", section.title_span, message, about=("sections", found.key, "words"))


def _opening(context: CheckContext) -> Iterator[Diagnostic]:
    opening = context.issue.opening
    if not opening or context.house.opening.free or context.house.opening_need is Need.FORBIDDEN:
        return
    words = words_in(opening)
    bounds, span = context.house.opening, Span(opening[0].span.start, opening[-1].span.end)
    if words not in bounds and not _unwritten(context, words, bounds, span):
        message = _message(context, bounds, words, "the opening")
        yield context.found("ST108", opening[0].span, message, about=("opening", "words"))


def _issue(context: CheckContext) -> Iterator[Diagnostic]:
    bounds = context.house.words
    if bounds.free:
        return
    words = words_in_issue(context.issue)
    if words not in bounds and not _unwritten(context, words, bounds, Span(0, len(context.source.text))):
        place = context.issue.front.where_key("title") if context.issue.title else context.start
        yield context.found("ST108", place, _message(context, bounds, words, "an issue"), about=("words",))


def _unwritten(context: CheckContext, words: int, bounds: Bounds, span: Span) -> bool:
    """Whether too few words stand there because a hint still waits to be filled in."""
    too_few = bounds.minimum is not None and words < bounds.minimum
    return too_few and HINT.search(context.source.text, span.start, span.end) is not None


def _message(context: CheckContext, bounds: Bounds, words: int, where: str) -> str:
    return f"{context.asker} asks for {asked(bounds, 'word')} in {where}, this has {words}"


def _lacks_a_part(context: CheckContext) -> bool:
    """Whether a section is missing or empty, which says already why the issue is short."""
    present = {found.key for found in context.matched if found is not None}
    return any(wanted.need is Need.REQUIRED and wanted.key not in present for wanted in context.house.sections) or any(
        is_empty(context, index) for index in range(len(context.issue.sections))
    )


@rule("ST113", "figure-count", "Sections have as many figures as asked", "figures", gap=True)
def figure_count(context: CheckContext) -> Iterator[Diagnostic]:
    """ST113: a section has too few or too many figures."""
    for index, (section, found) in enumerate(zip(context.issue.sections, context.matched, strict=True)):
        if found is None or found.figures.free or is_empty(context, index):
            continue
        figures = len(list(figures_in(section)))
        if figures not in found.figures:
            yield context.found(
                "ST113",
                section.title_span,
                f"{context.asker} asks for {asked(found.figures, 'figure')} here, this has {figures or 'none'}",
                about=("sections", found.key, "figures"),
            )


# ── ST138: what stands in each issue, such as a greeting or a marker that the publication's tools look for ────────────


@rule("ST138", "passage", "What each issue says is said as often as asked", "text", gap=True)
def passage(context: CheckContext) -> Iterator[Diagnostic]:
    """ST138: a passage does not stand where it should, or too often."""
    issue, house = context.issue, context.house
    start = _body_start(context)
    first = issue.sections[0].span.start if issue.sections else len(context.source.text)
    whole = (start, len(context.source.text))
    yield from _in_part(context, house.contains, whole, context.end, "an issue", ("contains",))
    if house.opening_contains:
        place = issue.opening[0].span if issue.opening else issue.sections[0].title_span if first else context.end
        opening = (start, first)
        yield from _in_part(context, house.opening_contains, opening, place, "the opening", ("opening", "contains"))
    for section, wanted in zip(issue.sections, context.matched, strict=True):
        if wanted is not None and wanted.contains:
            called = quoted(plain_text(section.title), 40)
            part, line = (section.span.start, section.span.end), ("sections", wanted.key, "contains")
            yield from _in_part(context, wanted.contains, part, section.title_span, called, line)


def _in_part(
    context: CheckContext,
    passages: Sequence[Passage],
    part: tuple[int, int],
    place: Span,
    called: str,
    about: tuple[str, ...],
) -> Iterator[Diagnostic]:
    for wanted in passages:
        found = list(_pattern(wanted.text).finditer(context.source.text, *part))
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
            about=about,
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
