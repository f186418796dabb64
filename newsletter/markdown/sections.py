"""From a row of blocks to the opening, the sections and their items; what headings say: numbers, links, anchors."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, cast

from newsletter.editions import ONLY
from newsletter.model import (
    NOWHERE,
    Directive,
    Emphasis,
    Heading,
    Item,
    Link,
    Section,
    Span,
    Strikethrough,
    Strong,
    Text,
)
from newsletter.records import dataclass
from newsletter.walk import inlines_within, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsletter.markdown.source import Source
    from newsletter.model import Block, Inline, ReadingOptions

_NUMBER = re.compile(r"\s*([0-9０-９٠-٩۰-۹]{1,3})\s*(?:[.)](?=\s|$|[^\x00-\u02ff])|[、．）](?![0-9０-９]))\s*")
_NOT_WORD = re.compile(r"[^\w\s-]|_")
_GAPS = re.compile(r"[\s-]+")
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class _Entry:
    """A block, and the `only` directives that it was taken out of, outermost first."""

    block: Block
    within: tuple[Directive, ...] = ()

    @property
    def only(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(plain_text(directive.argument) for directive in self.within)


def sections_of(
    blocks: Iterable[Block], options: ReadingOptions, source: Source, end: int
) -> tuple[tuple[Block, ...], tuple[Section, ...]]:
    """The blocks before the first heading that opens a section, and the sections that such headings open.

    Only headings that stand in no quotation, list or directive open anything; but for `only`, which may hold whole sections and
    items: these, and the blocks around them, then remember whom they are for. `end` is where the text ends.
    """
    opens, level = _opening(options), options.section_level
    opening, sections = _split(_spread(blocks, opens, level, ()), opens, end)
    return tuple(_gathered(opening)), tuple(_section(*section, source, level) for section in sections)


_Opens = Callable[[Heading], bool]
_LONGEST_HEADING = 1_000
"""Characters of a heading that is looked for at a level of its own: fields may share a longer one in too many ways."""


def _opening(options: ReadingOptions) -> _Opens:
    """Whether a heading opens a section: by its level, and by its text where the house format has levels of their own."""
    usual, own, groups = options.section_level, options.own_levels, options.group_levels
    if not own and not groups:
        return lambda heading: heading.level == usual

    def opens(heading: Heading) -> bool:
        text = " ".join(unicodedata.normalize("NFC", plain_text(heading.inlines)).split())
        named = [
            level == heading.level and len(text) <= _LONGEST_HEADING and re.fullmatch(shape, text) is not None
            for level, shape in (groups if heading.level == usual else own)
        ]
        return any(named) is not (heading.level == usual)

    return opens


def _split(
    entries: Iterable[_Entry], opens: _Opens, end: int
) -> tuple[list[_Entry], list[tuple[_Entry, list[_Entry], int]]]:
    """What stands before the first heading that opens something; then such headings, what stands under each, and where that ends."""
    before: list[_Entry] = []
    opened: list[tuple[_Entry, list[_Entry]]] = []
    for entry in entries:
        if isinstance(entry.block, Heading) and opens(entry.block):
            opened.append((entry, []))
        else:
            (opened[-1][1] if opened else before).append(entry)
    ends = [heading.block.span.start for heading, _ in opened[1:]] + [end]
    return before, [(heading, inner, stop) for (heading, inner), stop in zip(opened, ends, strict=False)]


def _spread(blocks: Iterable[Block], opens: _Opens, level: int, within: tuple[Directive, ...]) -> Iterator[_Entry]:
    """The blocks; of an `only` that holds headings of sections or items, what it holds."""
    for block in blocks:
        if isinstance(block, Directive) and block.name == ONLY and _has_headings(block, opens, level):
            yield from _spread(block.blocks, opens, level, (*within, block))
        else:
            yield _Entry(block, within)


def _has_headings(directive: Directive, opens: _Opens, level: int) -> bool:
    return any(
        (isinstance(block, Heading) and (block.level == level + 1 or opens(block)))
        or (isinstance(block, Directive) and block.name == ONLY and _has_headings(block, opens, level))
        for block in directive.blocks
    )


def _gathered(entries: Iterable[_Entry]) -> Iterator[Block]:
    """The blocks, each run of those taken out of one directive in a directive like it."""
    for _, group in groupby(entries, lambda entry: [id(directive) for directive in entry.within]):
        run = tuple(group)
        blocks = tuple(entry.block for entry in run)
        for directive in reversed(run[0].within):
            span = replace(blocks[0].span, end=blocks[-1].span.end)
            blocks = (replace(directive, blocks=blocks, span=span),)
        yield from blocks


def _section(heading: _Entry, entries: Iterable[_Entry], end: int, source: Source, level: int) -> Section:
    opened = cast("Heading", heading.block)
    below = max(opened.level, level) + 1
    before, items = _split(entries, lambda inner: inner.level == below, end)
    return Section(
        opened.inlines,
        tuple(_gathered(before)),
        tuple(_item(*item, source) for item in items),
        opened.level,
        opened.anchor,
        _up_to(opened.span, source, end),
        opened.text_span,
        heading.only,
    )


def _item(heading: _Entry, entries: Iterable[_Entry], end: int, source: Source) -> Item:
    opened = cast("Heading", heading.block)
    number, title = strip_number(opened.inlines)
    return Item(
        title,
        number,
        first_link(title),
        blocks=tuple(_gathered(entries)),
        anchor=opened.anchor,
        span=_up_to(opened.span, source, end),
        title_span=opened.text_span,
        bold=all_bold(title),
        only=heading.only,
    )


def _up_to(span: Span, source: Source, end: int) -> Span:
    """The stretch from where `span` starts to the last character before `end` that is no blank."""
    return replace(span, end=span.start + len(source.text[span.start : end].rstrip()))


# ── Headings ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def strip_number(inlines: tuple[Inline, ...]) -> tuple[int | None, tuple[Inline, ...]]:
    """The number that a title begins with, and the title without it; None and the whole title where there is none."""
    if not inlines:
        return None, inlines
    first, rest = inlines[0], inlines[1:]
    if isinstance(first, Text):
        found = _NUMBER.match(first.text)
        if not found or (found.end() == len(first.text) and not rest):
            return None, inlines
        left = text_from(first, found.end())
        return int(found[1]), (left, *rest) if left.text else rest
    if isinstance(first, (Emphasis, Strong, Strikethrough, Link)):
        number, inner = strip_number(first.inlines)
        if number is not None:
            return number, (replace(first, inlines=inner), *rest) if inner else rest
    return None, inlines


def text_from(text: Text, start: int, end: int | None = None) -> Text:
    """The part `start:end` of a text, with its place (the whole place where the source says the text otherwise)."""
    span, part = text.span, text.text[start:end]
    if span is NOWHERE or span.end - span.start != len(text.text):
        return Text(part, span)
    return Text(part, Span(span.start + start, span.start + start + len(part), span.line, span.column + start))


def all_bold(inlines: Sequence[Inline]) -> bool:
    """Whether a title is nothing but bold words, or a link of bold words."""
    if len(inlines) != 1:
        return False
    only = inlines[0]
    return isinstance(only, Strong) or (isinstance(only, (Link, Emphasis)) and all_bold(only.inlines))


def first_link(inlines: Iterable[Inline]) -> Link | None:
    """The first link of a title."""
    return next((inline for inline in inlines_within(inlines) if isinstance(inline, Link)), None)


class Anchors:
    """The anchors given so far."""

    def __init__(self) -> None:
        self._given: dict[str, int] = {}

    def of(self, inlines: tuple[Inline, ...]) -> str:
        """A new anchor for the heading: letters of any script and digits, lower case, `-2` where there is one already.

        A number in front of the heading is left out, so that links survive when items change places.
        """
        slug = slug_of(plain_text(strip_number(inlines)[1])) or slug_of(plain_text(inlines)) or "section"
        count = self._given.get(slug, 0) + 1
        self._given[slug] = count
        if count == 1:
            return slug
        while f"{slug}-{count}" in self._given:
            count += 1
        self._given[slug] = count
        self._given[f"{slug}-{count}"] = 1
        return f"{slug}-{count}"


def _mark_or_gap(found: re.Match[str]) -> str:
    """Vowel signs and the like belong to the word that they are written in; what dresses up a pictograph does not."""
    mark = found[0]
    joins = not mark.isascii() and unicodedata.category(mark) in {"Mn", "Mc"} and not "\ufe00" <= mark <= "\ufe0f"
    return mark if joins else " "


def slug_of(text: str) -> str:
    """The words of `text` joined by hyphens."""
    text = text.casefold() if text.isascii() else unicodedata.normalize("NFC", text.casefold())
    slug = _GAPS.sub("-", _NOT_WORD.sub(_mark_or_gap, text)).strip("-")
    return slug if len(slug) <= _LONGEST else slug[:_LONGEST].rpartition("-")[0] or slug[:_LONGEST]
