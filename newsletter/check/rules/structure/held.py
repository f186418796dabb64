"""The rule that what is to be held back is: everything that could be a sign of paid text, and holds nothing back, is an error.

It is not asked what swallowed a sign. All signs are looked for in the source (editions/signs.py), and those that became a
directive which acts are taken off; what is left might show free readers what they are not to get, in ways that nobody thought of.
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

_MEND = (
    "Write `::: only paid` around the part, or `::: paywall` above it: on a line of its own, outside of code and comments. "
    "If this is text for everybody, write `<!-- check: ignore ST144 -->` above it."
)
_HEADING_MEND = (
    "Write the heading as the house format has it. If it is another one, write `<!-- check: ignore ST144 -->` above it."
)


@rule("ST144", "half-a-fence", "Text for paying readers is in a working directive", "text")
def half_a_fence(context: CheckContext) -> Iterator[Diagnostic]:
    """ST144: what could be meant to hold something back from readers who do not pay, and does not."""
    yield from _signs(context)
    held = _Held.of(context)
    yield from _headings(context, held)
    yield from _behind(context)
    yield from _shown(context, held)
    for matter in context.house.standing:
        yield from _in_snippet(matter.text, matter.path, context.house.reading, _paid_headings(context.house))


def leaks_in(context: CheckContext) -> Iterator[Diagnostic]:
    """The findings that mean that free readers would get what is meant for paying ones.

    A sign that holds nothing back (ST144), and a heading that is not quite that of a section for paying readers (ST124, ST133).
    """
    paid = {section.key for section in context.house.sections if _is_paid(section)}
    yield from half_a_fence(context)
    yield from misplaced(context, [start for start, wanted in context.misplaced.items() if wanted.key in paid])
    yield from misspelt(context, {index: slip for index, slip in context.slips.items() if slip[0].key in paid})
    yield from strayed(context, {start: stray for start, stray in context.strays.items() if stray[0].key in paid})


def _is_paid(section: SectionFormat | None) -> bool:
    return section is not None and bool(section.only) and limit_from(" ".join(section.only)).named == {"paid"}


# ── Signs ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _signs(context: CheckContext) -> Iterator[Diagnostic]:
    unknown = [each.name_span.start for each in context.issue.opened if not each.name]
    for sign in idle_signs(context.source.text, context.issue.opened):
        at = bisect_left(unknown, sign.start)
        if at == len(unknown) or unknown[at] > sign.end:  # ST118 reports the others
            yield _idle(sign, context.source, unread=context.is_unread(sign.start))


def _idle(sign: PaidSign, source: Source, *, unread: bool = False) -> Diagnostic:
    message = (
        "this comment holds nothing back"
        if sign.comment
        else "this may be meant to hold something back, but it is only text"
    )
    span = source.span(sign.start, sign.end)
    return Diagnostic(source.path, span, "ST144", message, label=_why(sign, source.text, unread=unread), mend=_MEND)


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
"""Where each begins and ends, in order, none over another."""
_FAR = 1 << 60

# ── What is held back ───────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Held:
    """The stretches of the source that free readers are not to get."""

    limits: tuple[Limit | None, ...]
    """The limits of the sections, as the house format has them."""
    paid: _Stretches
    walled: _Stretches
    """The stretches below a paywall, where `only free` is still shown."""
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
        """Whether the character at `offset` is for paying readers alone."""
        return _within(offset, self.paid) or (_within(offset, self.walled) and not _within(offset, self.free))


def _within(offset: int, stretches: _Stretches) -> bool:
    at = bisect_right(stretches, (offset, _FAR)) - 1
    return at >= 0 and offset < stretches[at][1]


def _joined(spans: Iterable[Span]) -> _Stretches:
    """The spans in order, those that meet as one: looked through by halves, however many there are."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted((span.start, span.end) for span in spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return tuple(joined)


# ── Headings ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _paid_headings(house: HouseFormat) -> tuple[str, ...]:
    """The fixed words of the headings of sections that are for paying readers."""
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
    """Headings that open no section and are nearly that of one for paying readers, at the level that is its own."""
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
        source.path, span, "ST144", message, label="everything below it is for everybody", mend=_HEADING_MEND
    )


def _behind(context: CheckContext) -> Iterator[Diagnostic]:
    """Text after an `only` that opened a section of its own within one for paying readers: it is no longer in that."""
    inside = False
    for section, form in zip(context.issue.sections, context.matched, strict=True):
        if section.opener is Opener.RULE:
            continue  # it belongs to the text before it
        if not section.only:
            inside = _is_paid(form)
        elif inside and not _is_paid(form) and (rest := next(_outside(section), None)):
            message = "this is not in a section for paying readers: the `only` above it opened another one"
            mend = "Close the `only` before the heading in it, or write `::: only paid` around this, too."
            label = "everybody gets this"
            yield context.found("ST144", rest, message, label=label, mend=mend)


def _outside(section: Section) -> Iterator[Span]:
    """Where something is in a section that is in no `only`, although its heading is."""
    parts: list[Section | Item] = [section, *section.items]
    for part in parts:
        if not part.only:
            yield part.title_span
        yield from (block.span for block in part.blocks if not _is_only(block))


def _is_only(block: Block) -> bool:
    return isinstance(block, Directive) and block.name == ONLY


# ── What free readers get ───────────────────────────────────────────────────────────────────────────────────────────


def _shown(context: CheckContext, held: _Held) -> Iterator[Diagnostic]:
    """The part of the free edition that comes from a part for paying readers, as the address or title of a definition there."""
    if not (held.paid or held.walled):
        return
    free = for_readers(context.issue, paid=False, limits=held.limits)
    text = [(inline, held.holds(inline.span.start)) for inline in walk_inlines(replace(free, footnotes=()))]
    for note in free.footnotes:
        # One that is defined below a paywall as a whole is for the readers of its references; what runs on into it is not.
        below = _within(note.span.start, held.walled)
        text += [
            (inline, _within(inline.span.start, held.paid) if below else held.holds(inline.span.start))
            for inline in walk_inlines(note.blocks)
        ]
    told: set[int] = set()
    for inline, within in text:
        places = [span for span in _definitions(inline) if held.holds(span.start)]
        places += [inline.span] if within else []
        for span in places:
            if span.end and span.line not in told:
                told.add(span.line)
                message = "this is defined in a part for paying readers but used in one for everybody"
                mend = "Write it outside of that part, or use another one there."
                yield context.found("ST144", span, message, label="everybody gets it", mend=mend)


def _definitions(inline: Inline) -> Iterator[Span]:
    """Where the address and the title of a link or a picture are written."""
    match inline:
        case Link():
            yield inline.href_span
        case Image():
            yield from (inline.src_span, inline.title_span)


# ── Standing matter ─────────────────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=64)
def _in_snippet(text: str, path: str, options: ReadingOptions, headings: tuple[str, ...]) -> tuple[Diagnostic, ...]:
    """The findings in a snippet, which is a text by itself: a paywall in it holds back nothing of the issue."""
    source = Source(text, path)
    issue, _ = parse_snippet(source, options)
    found = [_idle(sign, source) for sign in idle_signs(source.text, issue.opened)]
    found += [_wall_in(source, opened.name_span) for opened in issue.opened if opened.name == PAYWALL]
    found += [_like_a_heading(source, *line) for line in heading_lines(source.text, headings)]
    places = ignored_places(issue)
    return tuple(finding for finding in found if not any(place.covers(finding) for place in places))


def _wall_in(source: Source, span: Span) -> Diagnostic:
    message = "a paywall in a snippet holds back nothing of the issue"
    mend = "Write `::: only paid` around a part of the snippet, or `::: paywall` in the issue."
    return Diagnostic(source.path, span, "ST144", message, label="a snippet is inserted as it is", mend=mend)
