"""From a list of blocks to the opening, the sections and their items; numbers, links and anchors of headings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias, cast

from newsletter.editions import ONLY
from newsletter.model import (
    NOWHERE,
    Directive,
    Emphasis,
    Heading,
    Item,
    ItemShape,
    Link,
    List,
    Opener,
    Paragraph,
    Section,
    Span,
    Strikethrough,
    Strong,
    Text,
    ThematicBreak,
)
from newsletter.records import dataclass
from newsletter.walk import inlines_within, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsletter.markdown.source import Source
    from newsletter.model import Block, Inline, ReadingOptions

    OpensSection = Callable[[str], bool]
    """Whether the house format has a section of this heading; asked only where items may be at the level of sections."""

_NUMBER = re.compile(r"\s*([0-9０-９٠-٩۰-۹]{1,3})\s*(?:[.)](?=\s|$|[^\x00-\u02ff])|[、．）](?![0-9０-９]))\s*")
_NOT_WORD = re.compile(r"[^\w\s-]|_")
_GAPS = re.compile(r"[\s-]+")
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class _Entry:
    """A block, and the `only` directives that were around it, outermost first."""

    block: Block
    within: tuple[Directive, ...] = ()

    @property
    def only(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(plain_text(directive.argument) for directive in self.within)


def sections_of(
    blocks: Iterable[Block], options: ReadingOptions, source: Source, end: int, opens: OpensSection | None = None
) -> tuple[tuple[Block, ...], tuple[Section, ...]]:
    """The blocks before the first section, and the sections, with or without a heading (see Opener).

    Only headings outside of quotations, lists and directives begin a section or item. The exception is `only`, which
    may contain whole sections and items. These, and the blocks around them, then record their readers. `end` is the end
    of the text.
    """
    headings, level = _opening(options), options.section_level
    before, opened = _split(_spread(blocks, headings, level, ()), headings, end)
    first = opened[0][0].block.span.start if opened else end
    if _stand_beside_sections(before, opened, options, opens):
        opening, sections = before, [*_headed(opened, level, source, opens)]
    else:
        opening, sections = _stories_below(before, options, source, first)
        sections += _headed(opened, level, source, None)
    ended = [
        part
        for section in sections
        for part in _ended(section, source, text=options.closing and section is sections[-1])
    ]
    blocks = tuple(_gathered(opening))
    rule = _last_rule(blocks) if options.closing and not sections else None
    if rule is not None:
        return blocks[:rule], (_closing(blocks[rule:], level, _up_to(blocks[rule].span, source, end)),)
    return blocks, tuple(ended)


def _stand_beside_sections(
    before: Iterable[_Entry], opened: Iterable[_Opened], options: ReadingOptions, opens: OpensSection | None
) -> bool:
    """Whether stories are on the level of sections.

    This is so if the house format says so, or if more stories are on that level than one level deeper.
    """
    level = options.section_level
    if opens is None or options.stories is not ItemShape.HEADING or options.story_level is not None:
        return options.stories is ItemShape.HEADING and options.story_level == level
    theirs = sum(not opens(plain_text(cast("Heading", one[0].block).inlines)) for one in opened)
    return theirs > sum(isinstance(one.block, Heading) and one.block.level == level + 1 for one in before)


_Opened: TypeAlias = "tuple[_Entry, list[_Entry], int]"
"""A heading, its content, and the end of that."""


def _headed(opened: Iterable[_Opened], level: int, source: Source, opens: OpensSection | None) -> Iterator[Section]:
    """The sections of headings; adjacent headings that begin no section are the items of a section without a heading."""

    def is_section(one: _Opened) -> bool:
        return opens is None or opens(plain_text(cast("Heading", one[0].block).inlines))

    for are_sections, group in groupby(opened, is_section):
        if are_sections:
            yield from (_section(*one, source, level) for one in group)
        else:
            items = tuple(_item(*one, source) for one in group)
            yield _unheaded((), items, source, level=level - 1)


def _stories_below(
    entries: list[_Entry], options: ReadingOptions, source: Source, end: int
) -> tuple[list[_Entry], list[Section]]:
    """The opening, and stories after it without a section: under headings one level deeper, or in another form."""
    level = options.section_level + 1
    if options.stories is ItemShape.HEADING and options.story_level in {None, level}:
        opening, found = _split(entries, lambda heading: heading.level == level, end)
        items = tuple(_item(*one, source) for one in found)
        return opening, [_unheaded((), items, source, level=level - 1)] if items else []
    if options.stories not in {None, ItemShape.HEADING}:
        shape = cast("ItemShape", options.stories)
        at = next((at for at, entry in enumerate(entries) if begins_item(entry.block, shape)), len(entries))
        blocks = tuple(_gathered(entries[at:]))
        return entries[:at], [_unheaded(blocks, (), source, level=level - 1, end=end)] if blocks else []
    return entries, []


def _unheaded(
    blocks: tuple[Block, ...], items: tuple[Item, ...], source: Source, *, level: int, end: int = 0
) -> Section:
    """Stories outside of sections; `level` is one above theirs."""
    start = items[0].span if items else blocks[0].span
    stop = items[-1].span.end if items else end
    title = items[0].title_span if items else blocks[0].span
    span = _up_to(start, source, stop)
    return Section((), blocks, items, level, span=span, title_span=title, opener=Opener.ITEMS)


def begins_item(block: Block, shape: ItemShape) -> bool:
    """Whether a block begins an item of a form without headings."""
    match shape:
        case ItemShape.BULLET:
            return isinstance(block, List)
        case ItemShape.LEAD:
            return isinstance(block, Paragraph) and bool(block.inlines) and isinstance(block.inlines[0], Strong)
        case _:
            if isinstance(block, List):
                return block.ordered
            return isinstance(block, Paragraph) and strip_number(block.inlines)[0] is not None


_Opens = Callable[[Heading], bool]
_LONGEST_HEADING = 1_000
"""Longer headings, in characters, are not matched with the house format: fields could match in too many ways."""


def _opening(options: ReadingOptions) -> _Opens:
    """A function that tests whether a heading begins a section.

    It compares the level, and the text if the house format has levels for single sections.
    """
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


def _split(entries: Iterable[_Entry], opens: _Opens, end: int) -> tuple[list[_Entry], list[_Opened]]:
    """The text before the first heading that `opens` accepts; then these headings, each with its text and its end."""
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
    """The blocks; an `only` that contains headings of sections or items is replaced by its content."""
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
    """The blocks; adjacent ones taken from one directive are put back into a directive like it."""
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


def _ended(section: Section, source: Source, *, text: bool) -> Iterator[Section]:
    """A section up to the `---` that ends it, and what comes after that.

    With `text`, this also applies to sections without items.
    """
    rule = _rule_below(section, text=text)
    if rule is None:
        yield section
        return
    whole = section.items[-1].blocks if section.items else section.blocks
    kept, rest = whole[:rule], whole[rule:]
    start = rest[0].span
    own = _up_to(section.span, source, start.start)
    if section.items:
        last = section.items[-1]
        last = replace(last, blocks=kept, span=_up_to(last.span, source, start.start))
        yield replace(section, items=(*section.items[:-1], last), span=own)
    else:
        yield replace(section, blocks=kept, span=own)
    yield _closing(rest, section.level, replace(start, end=section.span.end))


def _closing(blocks: tuple[Block, ...], level: int, span: Span) -> Section:
    return Section((), blocks, level=level, span=span, title_span=blocks[0].span, opener=Opener.RULE)


def _rule_below(section: Section, *, text: bool) -> int | None:
    """The index of the thematic break that ends the last item, among its blocks; None if there is none.

    If other stories of this section contain breaks, a break in the last one is part of it, too.
    """
    if section.items:
        if any(_first_rule(item.blocks, section.level) for item in section.items[:-1]):
            return None
        return _first_rule(section.items[-1].blocks, section.level) or None
    return _last_rule(section.blocks) if text or section.opener is Opener.ITEMS else None


def _last_rule(blocks: Sequence[Block]) -> int | None:
    """The last thematic break with text before and after it, and no heading after it."""
    has_text = False
    for at in range(len(blocks) - 1, 0, -1):
        if isinstance(blocks[at], Heading):
            return None
        if isinstance(blocks[at], ThematicBreak) and has_text:
            return at
        has_text = has_text or not isinstance(blocks[at], ThematicBreak)
    return None


def _first_rule(blocks: Sequence[Block], level: int) -> int | None:
    """The first thematic break with text after it, and no heading except above sections of `level`."""
    for at, block in enumerate(blocks):
        if isinstance(block, ThematicBreak):
            rest = blocks[at + 1 :]
            has_text = any(not isinstance(one, ThematicBreak) for one in rest)
            return at if has_text and not any(isinstance(one, Heading) and one.level >= level for one in rest) else None
    return None


def _up_to(span: Span, source: Source, end: int) -> Span:
    """The stretch from the start of `span` to the last character before `end` that is not a space."""
    return replace(span, end=span.start + len(source.text[span.start : end].rstrip()))


def number_mark(text: str) -> tuple[int, str, bool] | None:
    """The number at the start of a text, the mark after it (`.`, `)` or `、`), and whether there is no other text."""
    found = _NUMBER.match(text)
    if not found:
        return None
    mark = found[0].rstrip()[-1]
    return int(found[1]), {"．": ".", "）": ")"}.get(mark, mark), found.end() == len(text)


def strip_number(inlines: tuple[Inline, ...]) -> tuple[int | None, tuple[Inline, ...]]:
    """The number at the start of a title, and the title without it; None and the whole title if there is none."""
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
    """The inlines without spaces at their start."""
    first = inlines[0]
    if not isinstance(first, Text):
        return inlines
    left = text_from(first, len(first.text) - len(first.text.lstrip()))
    return (left, *inlines[1:]) if left.text else inlines[1:]


def text_from(text: Text, start: int, end: int | None = None) -> Text:
    """The part `start:end` of a text, with its place.

    If the source is written differently, the place is that of the whole text.
    """
    span, part = text.span, text.text[start:end]
    if span is NOWHERE or span.end - span.start != len(text.text):
        return Text(part, span)
    return Text(part, Span(span.start + start, span.start + start + len(part), span.line, span.column + start))


def all_bold(inlines: Sequence[Inline]) -> bool:
    """Whether a title is only bold text, or a link of bold text."""
    if len(inlines) != 1:
        return False
    only = inlines[0]
    return isinstance(only, Strong) or (isinstance(only, (Link, Emphasis)) and all_bold(only.inlines))


def first_link(inlines: Iterable[Inline]) -> Link | None:
    """The first link of a title."""
    return next((inline for inline in inlines_within(inlines) if isinstance(inline, Link)), None)


class Anchors:
    """The anchors used so far."""

    def __init__(self) -> None:
        self._given: dict[str, int] = {}
        self.headings: list[tuple[str, str]] = []
        """The text of each heading, and its anchor."""

    def of(self, inlines: tuple[Inline, ...]) -> str:
        """A new anchor for the heading: letters of any script and digits, lower case, with `-2` if it exists already.

        A number in front of the heading is left out, so that links stay valid when items change places.
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
    """Our anchors of headings, by those of GitHub (and Jekyll) and kramdown.

    An anchor of ours always belongs to its heading. Another anchor belongs to the first heading that has it.
    """
    given = {anchor for _, anchor in headings}
    found: dict[str, str] = {}
    for anchor_of in (_github_anchor, _kramdown_anchor, _folded_anchor):
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
    """Lower case, only letters, marks, digits, underscores, hyphens and spaces; each space becomes a hyphen."""
    kept = _NOT_GITHUB.sub(lambda sign: sign[0] if unicodedata.category(sign[0])[0] == "M" else "", words.lower())
    return unicodedata.normalize("NFC", kept).replace(" ", "-")


def _kramdown_anchor(words: str) -> str:
    """The anchor that kramdown makes: ASCII only, from the first letter on; `section` if nothing is left."""
    first = _FIRST_LETTER.search(words)
    kept = _NOT_KRAMDOWN.sub("", words[first.start() :] if first else "")
    return kept.replace(" ", "-").lower() or "section"


def _folded_anchor(words: str) -> str:
    """The anchor with folded letters, such as `ss` for `ß`, and without a final sigma: `strasse`, `λογοσ`."""
    folded = unicodedata.normalize("NFD", words.casefold())
    return _joined_words("".join(letter for letter in folded if letter != _DOT_ABOVE))


_DOT_ABOVE = "\u0307"
"""The combining dot that remains when `İ` becomes lower case."""


def _mark_or_gap(found: re.Match[str]) -> str:
    """Vowel signs and similar marks belong to their word; modifiers of a pictograph do not."""
    mark = found[0]
    joins = not mark.isascii() and unicodedata.category(mark) in {"Mn", "Mc"} and not "\ufe00" <= mark <= "\ufe0f"
    return mark if joins else " "


def slug_of(text: str) -> str:
    """The words of `text` joined by hyphens, in lower case as in other programs: `straße`, `λόγος`."""
    return _joined_words(text.lower())


def _joined_words(text: str) -> str:
    text = text if text.isascii() else unicodedata.normalize("NFC", text)
    slug = _GAPS.sub("-", _NOT_WORD.sub(_mark_or_gap, text)).strip("-")
    return slug if len(slug) <= _LONGEST else slug[:_LONGEST].rpartition("-")[0] or slug[:_LONGEST]
