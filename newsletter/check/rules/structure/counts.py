"""ST: how many words and figures an issue, its opening, its sections and its items have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.rule import rule
from newsletter.check.rules.structure.items import wanted_items
from newsletter.check.rules.structure.sections import is_empty
from newsletter.check.wording import asked, quoted, section_called
from newsletter.hints import HINT
from newsletter.house.format import Need
from newsletter.house.passages import passage_regex, passage_shape, passage_shown
from newsletter.model import Span
from newsletter.walk import figures_in, words_in, words_in_issue

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Sequence

    from newsletter.check.context import CheckContext
    from newsletter.diagnostics import Diagnostic
    from newsletter.house.format import Bounds, Passage


@rule(
    "ST108",
    "word-count",
    "Issue, sections and items have the length that the house format sets",
    "text",
    gap=True,
    keys=("words", "opening.words", "sections.NAME.words", "sections.NAME.items.words"),
)
def word_count(context: CheckContext) -> Iterator[Diagnostic]:
    """ST108: too few or too many words.

    If an issue is short because of one part, only the part is reported. If a part is short because a hint is not filled
    in yet, ST112 reports the hint instead.
    """
    counted: dict[int, int] = {}
    """Words by the id() of the item."""
    items = list(_items(context, counted))
    sections = list(_sections(context, {index for index, _ in items}, counted))
    opening = list(_opening(context))
    yield from opening
    yield from (found for _, found in items)
    yield from sections
    if not (items or sections or opening or _lacks_a_part(context)):
        yield from _issue(context)


def _items(context: CheckContext, counted: dict[int, int]) -> Iterator[tuple[int, Diagnostic]]:
    for one in wanted_items(context):
        item, bounds = one.item, one.wanted.words
        if bounds.free or not item.blocks:
            continue
        words = counted[id(item)] = words_in(item.blocks)
        if _is_reported(context, bounds, words, item.span):
            message = f"{context.asker} asks for {asked(bounds, 'word')} in {one.called}, it has {words}"
            yield one.section, one.found("ST108", "words", message)


def _sections(context: CheckContext, reported: set[int], counted: dict[int, int]) -> Iterator[Diagnostic]:
    for index, section, wanted in context.wanted_sections():
        if wanted.words.free or index in reported or is_empty(context, index):
            continue
        if wanted.items is not None and len(context.items[index]) not in wanted.items.count:
            continue
        words = words_in(section.blocks)
        words += sum([counted[id(item)] if id(item) in counted else words_in(item.blocks) for item in section.items])
        if _is_reported(context, wanted.words, words, section.span):
            message = _message(context, wanted.words, words, section_called(section, 40))
            yield context.found("ST108", section.title_span, message, about=("sections", wanted.key, "words"))


def _opening(context: CheckContext) -> Iterator[Diagnostic]:
    opening, bounds = context.issue.opening, context.house.opening
    if not opening or bounds.free or context.house.opening_need is Need.FORBIDDEN:
        return
    words = words_in(opening)
    if _is_reported(context, bounds, words, Span(opening[0].span.start, opening[-1].span.end)):
        message = _message(context, bounds, words, "the opening")
        yield context.found("ST108", opening[0].span, message, about=("opening", "words"))


def _issue(context: CheckContext) -> Iterator[Diagnostic]:
    bounds = context.house.words
    words = 0 if bounds.free else words_in_issue(context.issue)
    if _is_reported(context, bounds, words, Span(0, len(context.source.text))):
        place = context.issue.front.where_key("title") if context.issue.title else context.start
        yield context.found("ST108", place, _message(context, bounds, words, "an issue"), about=("words",))


def _is_reported(context: CheckContext, bounds: Bounds, words: int, span: Span) -> bool:
    """Whether there are too many words, or too few and no hint that is still to be filled in."""
    if bounds.free or words in bounds:
        return False
    too_few = bounds.minimum is not None and words < bounds.minimum
    return not (too_few and HINT.search(context.source.text, span.start, span.end))


def _message(context: CheckContext, bounds: Bounds, words: int, where: str) -> str:
    return f"{context.asker} asks for {asked(bounds, 'word')} in {where}, this has {words}"


def _lacks_a_part(context: CheckContext) -> bool:
    """Whether a section is missing or empty: that is reported already, and explains why the issue is short."""
    required = {wanted.key for wanted in context.house.sections if wanted.need is Need.REQUIRED}
    empty = (is_empty(context, index) for index in range(len(context.issue.sections)))
    return not required <= context.present or any(empty)


@rule(
    "ST113",
    "figure-count",
    "Sections have as many figures as the house format asks for",
    "figures",
    gap=True,
    keys=("sections.NAME.figures",),
)
def figure_count(context: CheckContext) -> Iterator[Diagnostic]:
    """ST113: a section has too few or too many figures."""
    for index, section, wanted in context.wanted_sections():
        bounds = wanted.figures
        figures = 0 if bounds.free else len(list(figures_in(section)))
        if not bounds.free and figures not in bounds and not is_empty(context, index):
            message = f"{context.asker} asks for {asked(bounds, 'figure')} here, this has {figures or 'none'}"
            yield context.found("ST113", section.title_span, message, about=("sections", wanted.key, "figures"))


@rule(
    "ST138",
    "passage",
    "Required passages appear as often as the house format says",
    "text",
    gap=True,
    keys=("contains", "opening.contains", "sections.NAME.contains"),
)
def passage(context: CheckContext) -> Iterator[Diagnostic]:
    """ST138: a required passage is missing, in the wrong place, or there too often."""
    issue, house, end = context.issue, context.house, len(context.source.text)
    start, first = context.body_start, issue.sections[0].span.start if issue.sections else end
    yield from _in_part(context, house.contains, (start, end), context.end, "an issue", ("contains",))
    if house.opening_contains:
        place = (
            issue.opening[0].span if issue.opening else issue.sections[0].title_span if issue.sections else context.end
        )
        opening = (start, first)
        yield from _in_part(context, house.opening_contains, opening, place, "the opening", ("opening", "contains"))
    for _, section, wanted in context.wanted_sections():
        part, about = (section.span.start, section.span.end), ("sections", wanted.key, "contains")
        if wanted.contains:
            called = section_called(section, 40)
            yield from _in_part(context, wanted.contains, part, section.title_span, called, about)


def _in_part(
    context: CheckContext,
    passages: Sequence[Passage],
    part: tuple[int, int],
    place: Span,
    called: str,
    about: tuple[str, ...],
) -> Iterator[Diagnostic]:
    issue, language = context.issue, context.language
    for wanted in passages:
        found = list(passage_regex(wanted.text, issue, language).finditer(context.source.text, *part))
        if len(found) in wanted.count:
            continue
        most = wanted.count.maximum
        too_many = most is not None and len(found) > most
        other = None if found else _of_another_issue(context, wanted.text, part)
        shown = found[most or 0] if too_many else other
        message = f"{context.asker} asks for {quoted(passage_shown(wanted.text, issue, language))} in {called}"
        if found or wanted.count.minimum != 1:
            times = "time" if most == 1 else "times"
            message += f" {asked(wanted.count)} {times}, it has {len(found) or 'none'}"
        label = "" if found else "this is from another issue" if other else "it is missing"
        at = context.span(*shown.span()) if shown else place
        yield context.found("ST138", at, message, label=label, about=about)


def _of_another_issue(context: CheckContext, text: str, part: tuple[int, int]) -> re.Match[str] | None:
    """The passage with another number or another date, as it would be in another issue."""
    return passage_shape(text, context.language).search(context.source.text, *part) if "{" in text else None
