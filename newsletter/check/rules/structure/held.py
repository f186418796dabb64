"""The rule that text for paying readers is held back: anything that looks like a sign of paid text and has no effect is an error.

The rule does not ask why a sign has no effect. It finds all signs in the source (editions/signs.py) and leaves out
those that became a directive. Each remaining sign may mean that free readers get paid text.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from newsletter.check.rule import rule
from newsletter.check.rules.structure.headings import misplaced, misspelt, strayed
from newsletter.check.settings import ignored_places
from newsletter.check.wording import NEAR, likeness
from newsletter.diagnostics import Diagnostic
from newsletter.editions import ONLY, PAYWALL, for_readers, limit_from
from newsletter.editions.signs import heading_lines, idle_signs
from newsletter.house.match import limits_of
from newsletter.house.patterns import pieces
from newsletter.markdown.parse import parse_snippet
from newsletter.markdown.source import Source
from newsletter.model import Directive, Heading, Image, Link, Opener
from newsletter.records import dataclass
from newsletter.walk import plain_text, walk_blocks, walk_inlines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsletter.check.context import CheckContext
    from newsletter.editions import Limit
    from newsletter.editions.signs import PaidSign
    from newsletter.house.format import HouseFormat, SectionFormat
    from newsletter.model import Block, Inline, Item, ReadingOptions, Section, Span

_ADVICE = (
    "Write `::: only paid` around the part, or `::: paywall` above it: on a line of its own, outside of code and comments. "
    "If this is text for everybody, write `<!-- check: ignore ST144 -->` above it."
)
_HEADING_ADVICE = (
    "Write the heading as the house format has it. If it is another one, write `<!-- check: ignore ST144 -->` above it."
)


@rule("ST144", "half-a-fence", "Text for paying readers is in a working directive", "text")
def half_a_fence(context: CheckContext) -> Iterator[Diagnostic]:
    """ST144: a sign that was probably meant to hold text back from free readers, and has no effect."""
    yield from _signs(context)
    held = _Held.of(context)
    yield from _headings(context, held)
    yield from _behind(context)
    yield from _shown(context, held)
    for matter in context.house.standing:
        yield from _in_snippet(matter.text, matter.path, context.house.reading, _paid_headings(context.house))


def leaks_in(context: CheckContext) -> Iterator[Diagnostic]:
    """The findings that mean that free readers would get text for paying ones.

    These are signs without effect (ST144), and headings that nearly match a section for paying readers (ST124, ST133).
    """
    paid = {section.key for section in context.house.sections if _is_paid(section)}
    yield from half_a_fence(context)
    yield from misplaced(context, [start for start, wanted in context.misplaced.items() if wanted.key in paid])
    yield from misspelt(context, {index: slip for index, slip in context.slips.items() if slip[0].key in paid})
    yield from strayed(context, {start: stray for start, stray in context.strays.items() if stray[0].key in paid})


def _is_paid(section: SectionFormat | None) -> bool:
    return section is not None and bool(section.only) and limit_from(" ".join(section.only)).named == {"paid"}


def _signs(context: CheckContext) -> Iterator[Diagnostic]:
    unknown = [each.name_span.start for each in context.issue.opened if not each.name]
    for sign in idle_signs(context.source.text, context.issue.opened):
        at = bisect_left(unknown, sign.start)
        if at == len(unknown) or unknown[at] > sign.end:  # ST118 reports the other signs
            yield _idle(sign, context.source, unread=context.is_unread(sign.start))


def _idle(sign: PaidSign, source: Source, *, unread: bool = False) -> Diagnostic:
    message = (
        "this comment holds nothing back"
        if sign.comment
        else "this may be meant to hold something back, but it is only text"
    )
    span = source.span(sign.start, sign.end)
    return Diagnostic(source.path, span, "ST144", message, label=_why(sign, source.text, unread=unread), advice=_ADVICE)


def _why(sign: PaidSign, text: str, *, unread: bool) -> str:
    if sign.comment:
        return "other tools know it"
    if unread:
        return "it is in a comment"
    if not text.startswith(":::", sign.start):
        return "a directive begins with `:::`"
    before = text[text.rfind("\n", 0, sign.start) + 1 : sign.start]
    return "there is text before it on this line" if before.strip(" \t>") else "it is in code, HTML or a comment"


_Stretches: TypeAlias = "tuple[tuple[int, int], ...]"
"""The start and end of each stretch, in order; stretches do not overlap."""
_FAR = 1 << 60


@dataclass(frozen=True, slots=True)
class _Held:
    """The parts of the source that free readers do not get."""

    limits: tuple[Limit | None, ...]
    """The limits of the sections, from the house format."""
    paid: _Stretches
    walled: _Stretches
    """The parts below a paywall. An `only free` in them is still shown to free readers."""
    free: _Stretches

    @staticmethod
    def of(context: CheckContext) -> _Held:
        limits = limits_of(context.issue, context.matched)
        paid = [
            section.span
            for section, limit in zip(context.issue.sections, limits, strict=True)
            if limit is not None and limit.named == {"paid"}
        ]
        walled, free = [], []
        for opened in context.issue.opened:
            named = limit_from(opened.argument).named if opened.name == ONLY else frozenset()
            inner = context.span(context.line_end(opened.name_span.start), opened.span.end)
            if named == {"paid"}:
                paid.append(inner)
            elif "free" in named:
                free.append(inner)
            elif opened.name == PAYWALL:
                walled.append(inner)
        return _Held(limits, _joined(paid), _joined(walled), _joined(free))

    def holds(self, offset: int) -> bool:
        """Whether the character at `offset` is for paying readers only."""
        return self.holds_named(offset) or (_within(offset, self.walled) and not _within(offset, self.free))

    def holds_named(self, offset: int) -> bool:
        """Whether the character at `offset` is in a part that names paying readers, wherever the paywall is."""
        return _within(offset, self.paid)


def _within(offset: int, stretches: _Stretches) -> bool:
    at = bisect_right(stretches, (offset, _FAR)) - 1
    return at >= 0 and offset < stretches[at][1]


def _joined(spans: Iterable[Span]) -> _Stretches:
    """The spans in order, with touching ones joined, so that a binary search finds the one at an offset."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted((span.start, span.end) for span in spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return tuple(joined)


def _paid_headings(house: HouseFormat) -> tuple[str, ...]:
    """The fixed parts of the headings of sections for paying readers."""
    return tuple(
        " ".join(piece.plain for piece in pieces(heading) if not piece.field)
        for section in house.sections
        if _is_paid(section)
        for heading in section.headings
    )


def _headings(context: CheckContext, held: _Held) -> Iterator[Diagnostic]:
    headings = _paid_headings(context.house)
    if not headings:
        return
    text = context.source.text
    known = {*context.misplaced, *(context.issue.sections[index].title_span.start for index in context.slips)}
    known |= {section.title_span.start for _, section, wanted in context.wanted_sections() if wanted.headings}
    lines = {text.rfind("\n", 0, start) + 1 for start in known}
    found = dict(heading_lines(text, headings, context.body_start))
    found |= {span.start: context.line_end(span.start) for span in _at_own_levels(context)}
    for start, end in sorted(found.items()):
        if start not in lines and not held.holds(end):
            yield _like_a_heading(context.source, start, end)


def _at_own_levels(context: CheckContext) -> Iterator[Span]:
    """The findings for headings that open no section, and nearly match one for paying readers at its own level."""
    house, usual = context.house, context.house.reading.section_level
    own = [one for one in house.sections if _is_paid(one) and house.level_of(one) != usual]
    if not own:
        return
    blocks = (block for block in walk_blocks(context.issue) if isinstance(block, Heading))
    titles = [(block.level, block.inlines, block.span) for block in blocks]
    for section in context.issue.sections:
        below = max(section.level, usual) + 1
        titles += [(below, item.title, item.span) for item in section.items]
    for level, title, span in titles:
        headings = (heading for one in own if house.level_of(one) == level for heading in context.headings[one.key])
        if any(likeness(plain_text(title), heading) >= NEAR for heading in headings):
            yield span


def _like_a_heading(source: Source, start: int, end: int) -> Diagnostic:
    line = source.text[start:end]
    span = source.span(start + len(line) - len(line.lstrip()), start + len(line.rstrip()))
    message = "this looks like the heading of a section for paying readers, but does not open one"
    return Diagnostic(
        source.path, span, "ST144", message, label="everything below it is for everybody", advice=_HEADING_ADVICE
    )


def _behind(context: CheckContext) -> Iterator[Diagnostic]:
    """The findings for text after an `only` that began a section of its own inside one for paying readers, and so ended it."""
    inside = False
    for section, form in zip(context.issue.sections, context.matched, strict=True):
        if section.opener is Opener.RULE:
            continue  # a section that a rule (`---`) opens belongs to the text before it
        if not section.only:
            inside = _is_paid(form)
        elif inside and not _is_paid(form) and (rest := next(_outside(section), None)):
            message = "this is not in a section for paying readers: the `only` above it opened another one"
            advice = "Close the `only` before the heading in it, or write `::: only paid` around this, too."
            label = "everybody gets this"
            yield context.found("ST144", rest, message, label=label, advice=advice)


def _outside(section: Section) -> Iterator[Span]:
    """The places in a section whose heading is in an `only`, but that are outside of it."""
    parts: list[Section | Item] = [section, *section.items]
    for part in parts:
        if not part.only:
            yield part.title_span
        yield from (block.span for block in part.blocks if not _is_only(block))


def _is_only(block: Block) -> bool:
    return isinstance(block, Directive) and block.name == ONLY


def _shown(context: CheckContext, held: _Held) -> Iterator[Diagnostic]:
    """The findings for links and pictures in the free edition whose address or title is defined in a part for paying readers."""
    if not (held.paid or held.walled):
        return
    free = for_readers(context.issue, paid=False, limits=held.limits)
    text = [(inline, held.holds) for inline in walk_inlines(replace(free, footnotes=()))]
    for note in free.footnotes:
        # A footnote below a paywall goes to the readers of its reference, but not definitions and text after it.
        holds = held.holds_named if _within(note.span.start, held.walled) else held.holds
        text += [(inline, holds) for inline in walk_inlines(note.blocks)]
    reported: set[int] = set()
    for inline, holds in text:
        places = [span for span in _definitions(inline) if not _is_in(span, inline) and held.holds(span.start)]
        places += [inline.span] if holds(inline.span.start) else []
        for span in places:
            if span.end and span.line not in reported:
                reported.add(span.line)
                message = "this is defined in a part for paying readers but used in one for everybody"
                advice = "Write it outside of that part, or use another one there."
                yield context.found("ST144", span, message, label="everybody gets it", advice=advice)


def _is_in(span: Span, inline: Inline) -> bool:
    return inline.span.start <= span.start < inline.span.end


def _definitions(inline: Inline) -> Iterator[Span]:
    """The places of a link's address, or of a picture's address and title."""
    match inline:
        case Link():
            yield inline.href_span
        case Image():
            yield from (inline.src_span, inline.title_span)


@lru_cache(maxsize=64)
def _in_snippet(text: str, path: str, options: ReadingOptions, headings: tuple[str, ...]) -> tuple[Diagnostic, ...]:
    """The findings in a snippet. A paywall in a snippet has no effect on the issue around it."""
    source = Source(text, path)
    issue, _ = parse_snippet(source, options)
    found = [_idle(sign, source) for sign in idle_signs(source.text, issue.opened)]
    found += [_wall_in(source, opened.name_span) for opened in issue.opened if opened.name == PAYWALL]
    found += [_like_a_heading(source, *line) for line in heading_lines(source.text, headings)]
    places = ignored_places(issue)
    return tuple(finding for finding in found if not any(place.covers(finding) for place in places))


def _wall_in(source: Source, span: Span) -> Diagnostic:
    message = "a paywall in a snippet holds back nothing of the issue"
    advice = "Write `::: only paid` around a part of the snippet, or `::: paywall` in the issue."
    return Diagnostic(source.path, span, "ST144", message, label="a snippet is inserted as it is", advice=advice)
