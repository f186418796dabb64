"""From a row of blocks to the opening, the sections and their items."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.issue.numbers import strip_number
from newsletter.model import Emphasis, Heading, Item, Link, Section, Strong
from newsletter.walk import inlines_within

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newsletter.issue.source import Source
    from newsletter.model import Block, Inline, Span


def sections_of(
    blocks: Iterable[Block], level: int, source: Source, end: int
) -> tuple[tuple[Block, ...], tuple[Section, ...]]:
    """The blocks before the first heading of `level`, and the sections that such headings open.

    Only headings that stand in no quotation, list or directive open anything; `end` is where the text ends.
    """
    opening: list[Block] = []
    sections: list[tuple[Heading, list[Block]]] = []
    for block in blocks:
        if isinstance(block, Heading) and block.level == level:
            sections.append((block, []))
        else:
            (sections[-1][1] if sections else opening).append(block)
    ends = [heading.span.start for heading, _ in sections[1:]] + [end]
    return tuple(opening), tuple(
        _section(heading, inner, source, stop) for (heading, inner), stop in zip(sections, ends, strict=False)
    )


def _section(heading: Heading, blocks: Iterable[Block], source: Source, end: int) -> Section:
    before: list[Block] = []
    items: list[tuple[Heading, list[Block]]] = []
    for block in blocks:
        if isinstance(block, Heading) and block.level == heading.level + 1:
            items.append((block, []))
        else:
            (items[-1][1] if items else before).append(block)
    ends = [item.span.start for item, _ in items[1:]] + [end]
    return Section(
        heading.inlines,
        tuple(before),
        tuple(_item(item, inner, source, stop) for (item, inner), stop in zip(items, ends, strict=False)),
        heading.level,
        heading.anchor,
        _up_to(heading.span, source, end),
        heading.text_span,
    )


def _item(heading: Heading, blocks: Iterable[Block], source: Source, end: int) -> Item:
    number, title = strip_number(heading.inlines)
    return Item(
        title,
        number,
        first_link(title),
        blocks=tuple(blocks),
        anchor=heading.anchor,
        span=_up_to(heading.span, source, end),
        title_span=heading.text_span,
        bold=all_bold(title),
    )


def all_bold(inlines: Sequence[Inline]) -> bool:
    """Whether a title is nothing but bold words, or a link of bold words."""
    if len(inlines) != 1:
        return False
    only = inlines[0]
    return isinstance(only, Strong) or (isinstance(only, (Link, Emphasis)) and all_bold(only.inlines))


def first_link(inlines: Iterable[Inline]) -> Link | None:
    """The first link of a title."""
    return next((inline for inline in inlines_within(inlines) if isinstance(inline, Link)), None)


def _up_to(span: Span, source: Source, end: int) -> Span:
    """The stretch from where `span` starts to the last character before `end` that is no blank."""
    return replace(span, end=span.start + len(source.text[span.start : end].rstrip()))
