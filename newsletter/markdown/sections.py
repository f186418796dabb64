"""From a row of blocks to the opening, the sections and their items; what headings say: numbers, links, anchors."""

from __future__ import annotations

import re
import unicodedata
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
    from newsletter.model import Block, Inline

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
    blocks: Iterable[Block], level: int, source: Source, end: int
) -> tuple[tuple[Block, ...], tuple[Section, ...]]:
    """The blocks before the first heading of `level`, and the sections that such headings open.

    Only headings that stand in no quotation, list or directive open anything; but for `only`, which may hold whole sections and
    items: these, and the blocks around them, then remember whom they are for. `end` is where the text ends.
    """
    opening, sections = _split(_spread(blocks, level, ()), level, end)
    return tuple(_gathered(opening)), tuple(_section(*section, source) for section in sections)


def _split(
    entries: Iterable[_Entry], level: int, end: int
) -> tuple[list[_Entry], list[tuple[_Entry, list[_Entry], int]]]:
    """What stands before the first heading of `level`; then such headings, what stands under each, and where that ends."""
    before: list[_Entry] = []
    opened: list[tuple[_Entry, list[_Entry]]] = []
    for entry in entries:
        if isinstance(entry.block, Heading) and entry.block.level == level:
            opened.append((entry, []))
        else:
            (opened[-1][1] if opened else before).append(entry)
    ends = [heading.block.span.start for heading, _ in opened[1:]] + [end]
    return before, [(heading, inner, stop) for (heading, inner), stop in zip(opened, ends, strict=False)]


def _spread(blocks: Iterable[Block], level: int, within: tuple[Directive, ...]) -> Iterator[_Entry]:
    """The blocks; of an `only` that holds headings of sections or items, what it holds."""
    for block in blocks:
        if isinstance(block, Directive) and block.name == ONLY and _has_headings(block, level):
            yield from _spread(block.blocks, level, (*within, block))
        else:
            yield _Entry(block, within)


def _has_headings(directive: Directive, level: int) -> bool:
    return any(
        (isinstance(block, Heading) and block.level in {level, level + 1})
        or (isinstance(block, Directive) and block.name == ONLY and _has_headings(block, level))
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


def _section(heading: _Entry, entries: Iterable[_Entry], end: int, source: Source) -> Section:
    opened = cast("Heading", heading.block)
    before, items = _split(entries, opened.level + 1, end)
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


def number_mark(text: str) -> tuple[int, str, bool] | None:
    """The number that a text begins with, the mark behind it (`.`, `)` or `、`), and whether it is all there is."""
    found = _NUMBER.match(text)
    if not found:
        return None
    mark = found[0].rstrip()[-1]
    return int(found[1]), {"．": ".", "）": ")"}.get(mark, mark), found.end() == len(text)


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
        only = first.inlines[0] if len(first.inlines) == 1 and rest and not isinstance(first, Link) else None
        if isinstance(only, Text) and (alone := number_mark(only.text)) and alone[2]:  # `**1、** Title`
            return alone[0], _without_lead(rest)
        if number is not None:
            return number, (replace(first, inlines=inner), *rest) if inner else rest
    return None, inlines


def _without_lead(inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """The inlines without the blanks that they begin with."""
    first = inlines[0]
    if not isinstance(first, Text):
        return inlines
    left = text_from(first, len(first.text) - len(first.text.lstrip()))
    return (left, *inlines[1:]) if left.text else inlines[1:]


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
        self.headings: list[tuple[str, str]] = []
        """The words of each heading, and its anchor."""

    def of(self, inlines: tuple[Inline, ...]) -> str:
        """A new anchor for the heading: letters of any script and digits, lower case, `-2` where there is one already.

        A number in front of the heading is left out, so that links survive when items change places.
        """
        words = plain_text(inlines)
        anchor = self._new(slug_of(plain_text(strip_number(inlines)[1])) or slug_of(words) or "section")
        self.headings.append((words, anchor))
        return anchor

    def _new(self, slug: str) -> str:
        count = self._given.get(slug, 0) + 1
        self._given[slug] = count
        if count == 1:
            return slug
        while f"{slug}-{count}" in self._given:
            count += 1
        self._given[slug] = count
        self._given[f"{slug}-{count}"] = 1
        return f"{slug}-{count}"


_NOT_GITHUB = re.compile(r"[^\w\- ]")
_NOT_KRAMDOWN = re.compile(r"[^a-zA-Z0-9 -]")
_FIRST_LETTER = re.compile(r"[a-zA-Z]")


def other_anchors(headings: Sequence[tuple[str, str]]) -> dict[str, str]:
    """By the anchors that GitHub (and Jekyll) and kramdown give to headings, those that they have here.

    An anchor of ours is never taken from its heading; else the first heading has it that it is given to.
    """
    given = {anchor for _, anchor in headings}
    found: dict[str, str] = {}
    for anchor_of in (_github_anchor, _kramdown_anchor):
        counts: dict[str, int] = {}
        for words, anchor in headings:
            other = anchor_of(words)
            count = counts.get(other, 0)
            counts[other] = count + 1
            numbered = f"{other}-{count}" if count else other
            if numbered and numbered not in given:
                found.setdefault(numbered, anchor)
    return found


def _github_anchor(words: str) -> str:
    """Lower case, without what is no letter, mark, digit, underscore, hyphen or blank; each blank is a hyphen."""
    kept = _NOT_GITHUB.sub(lambda sign: sign[0] if unicodedata.category(sign[0])[0] == "M" else "", words.lower())
    return unicodedata.normalize("NFC", kept).replace(" ", "-")


def _kramdown_anchor(words: str) -> str:
    """The same of ASCII alone, from its first letter on; `section` where nothing is left."""
    first = _FIRST_LETTER.search(words)
    kept = _NOT_KRAMDOWN.sub("", words[first.start() :] if first else "")
    return kept.replace(" ", "-").lower() or "section"


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
