"""The items of a section, in one of the four forms that the house format can name."""

from __future__ import annotations

import re
from dataclasses import field, replace
from itertools import chain
from typing import TYPE_CHECKING

from newsletter.late import late
from newsletter.markdown.sections import all_bold, begins_item, first_link, number_mark, strip_number, text_from
from newsletter.model import Break, Emphasis, Item, ItemShape, Link, List, Paragraph, Strong, Text, ThematicBreak
from newsletter.records import dataclass
from newsletter.walk import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsletter.model import Block, Inline, ListItem, Section, Span

# A word for its type may be between: `[Title](address) (video) by Author`.
_BY = re.compile(r"\s*(?:\([^()\n]{1,30}\))?\s*[,–—-]?\s*(?:by|door|von|par|por)\s+", re.IGNORECASE)
_END_OF_NAME = late(r"\s+[–—(|-]|[:;|：，。（]")
_BEHIND_TITLE = re.compile(r"\s*[:：.。–—-]?\s*")


def items_of(section: Section, shape: ItemShape) -> tuple[Item, ...]:
    """The items of a section: those under its sub-headings, its bullets, its bold leads or its numbered paragraphs."""
    if shape is ItemShape.HEADING:
        return section.items
    blocks = (*section.blocks, *chain.from_iterable(item.blocks for item in section.items))
    match shape:
        case ItemShape.BULLET:
            lists = (block for block in blocks if isinstance(block, List))
            return tuple(chain.from_iterable(_entries(block, shape) for block in lists))
        case ItemShape.LEAD:
            led = ((block, begins_item(block, shape)) for block in _up_to_the_rule(blocks, shape))
            return tuple(_grouped(led, shape))
        case ItemShape.NUMBERED:
            return tuple(_grouped(_one_number_each(_up_to_the_rule(blocks, shape)), shape))


def _up_to_the_rule(blocks: Sequence[Block], shape: ItemShape) -> Sequence[Block]:
    """The blocks up to the thematic break after the last item, if there is one."""
    end = len(blocks)
    for at in range(len(blocks) - 1, -1, -1):
        if begins_item(blocks[at], shape):
            break
        if isinstance(blocks[at], ThematicBreak):
            end = at
    return blocks[:end]


def untitled(item: Item) -> Item:
    """An item of a section whose items have no titles: everything is its text. Bold text at its start stays a title."""
    if item.bold or not item.title:
        return item
    if item.shape is ItemShape.HEADING:
        number = _NUMBER_ALONE.fullmatch(plain_text(item.title)) if item.number is None else None
        return replace(item, title=(), number=int(number[1])) if number else item
    first = item.blocks[0] if item.blocks else None
    # Text after the title on its line is a paragraph that was cut there.
    goes_on = isinstance(first, Paragraph) and first.span.line == item.title_span.line and first.span.end
    rest = first.inlines if goes_on and isinstance(first, Paragraph) else ()
    whole = Paragraph((*item.title, *((Text(" "), *rest) if rest else ())), item.title_span)
    return replace(item, title=(), link=None, blocks=(whole, *item.blocks[1 if rest else 0 :]))


_NUMBER_ALONE = late(r"\s*([0-9０-９٠-٩۰-۹]{1,3})\s*[.)、．）]?\s*")


@dataclass(frozen=True, slots=True)
class _Line:
    """The first line of an item."""

    title: tuple[Inline, ...]
    rest: tuple[Inline, ...]
    number: int | None = None
    author: str = ""
    bold: bool = False


def _read_line(inlines: tuple[Inline, ...]) -> _Line:
    """The title at the start of a paragraph, and the rest.

    The title is a link or bold text, else the first line.
    """
    number, inlines = strip_number(inlines)
    while inlines and isinstance(inlines[0], Break):  # after a number on a line of its own
        inlines = inlines[1:]
    if not inlines:
        return _Line((), (), number)
    tags, inlines = _tags(inlines)
    first = inlines[0]
    if isinstance(first, Strong) or (isinstance(first, (Link, Emphasis)) and first_link((first,))):
        title = first.inlines if isinstance(first, Strong) else (first,)
        author, rest = _author(inlines[1:])
        bold = isinstance(first, Strong) or all_bold(first.inlines)
        return _Line((*tags, *title), _behind_title(rest), number, author, bold)
    inlines = (*tags, *inlines)
    at = next((index for index, inline in enumerate(inlines) if isinstance(inline, Break)), len(inlines))
    return _Line(inlines[:at], inlines[at + 1 :], number)


_TAGS = late(r"\s*(?:[\[［【][^\[\]［］【】\n]{1,30}[\]］】]\s*)+")
"""Tags in brackets before a title: `[Paid] [Title](address)`."""


def _tags(inlines: tuple[Inline, ...]) -> tuple[tuple[Inline, ...], tuple[Inline, ...]]:
    """The tags before a title, if they are plain text, and the rest."""
    first = inlines[0]
    if len(inlines) > 1 and isinstance(first, Text) and _TAGS.fullmatch(first.text):
        return (first,), inlines[1:]
    return (), inlines


def _author(inlines: tuple[Inline, ...]) -> tuple[str, tuple[Inline, ...]]:
    """The author after `by` on the same line, and the rest."""
    first = inlines[0] if inlines else None
    found = _BY.match(first.text) if isinstance(first, Text) else None
    if not isinstance(first, Text) or not found:
        return "", inlines
    name: list[Inline] = []
    rest = [text_from(first, found.end()), *inlines[1:]]
    while rest and not isinstance(rest[0], Break):
        part = rest.pop(0)
        end = _END_OF_NAME.search(part.text) if isinstance(part, Text) else None
        if isinstance(part, Text) and end:
            name.append(text_from(part, 0, end.start()))
            rest.insert(0, text_from(part, end.start()))
            break
        name.append(part)
    return plain_text(name).strip().rstrip("."), tuple(rest)


def _behind_title(inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """The text after a title, without the colon or dash between."""
    while inlines and isinstance(inlines[0], Break):
        inlines = inlines[1:]
    first = inlines[0] if inlines else None
    if not isinstance(first, Text):
        return inlines
    found = _BEHIND_TITLE.match(first.text)
    rest = text_from(first, found.end() if found else 0)
    return (rest, *inlines[1:]) if rest.text else inlines[1:]


def _entries(entries: List, shape: ItemShape) -> Iterator[Item]:
    for count, entry in enumerate(entries.items):
        yield _entry(entry, entries.start + count if entries.ordered else None, shape)


def _entry(entry: ListItem, number: int | None, shape: ItemShape) -> Item:
    first = entry.blocks[0] if entry.blocks else None
    if not isinstance(first, Paragraph):
        return Item((), number, blocks=entry.blocks, shape=shape, span=entry.span, title_span=entry.span)
    return replace(_item(first, entry.blocks[1:], shape, number), span=entry.span)


def _item(first: Paragraph, blocks: Sequence[Block], shape: ItemShape, number: int | None = None) -> Item:
    line = _read_line(first.inlines)
    text = (Paragraph(line.rest, _around(line.rest, first.span)),) if line.rest else ()
    end = blocks[-1].span.end if blocks else first.span.end
    return Item(
        line.title,
        line.number if line.number is not None else number,
        first_link(line.title),
        line.author,
        (*text, *blocks),
        shape,
        span=replace(first.span, end=end),
        title_span=_around(line.title, first.span),
        bold=line.bold,
    )


def _around(inlines: Sequence[Inline], default: Span) -> Span:
    """The place from the first inline to the last."""
    return replace(inlines[0].span, end=inlines[-1].span.end) if inlines else default


def _grouped(blocks: Iterable[tuple[Block, bool]], shape: ItemShape) -> Iterator[Item]:
    """An item for each block that begins one, with the blocks up to the next item."""
    head: Paragraph | None = None
    below: list[Block] = []
    for block, begins in blocks:
        if not begins:
            if head:
                below.append(block)
            continue
        if head:
            yield _begun(head, below, shape)
        head, below = (block, []) if isinstance(block, Paragraph) else (None, [])
        if isinstance(block, List):
            yield from _entries(block, shape)
    if head:
        yield _begun(head, below, shape)


def _begun(head: Paragraph, below: Sequence[Block], shape: ItemShape) -> Item:
    """An item; if its number is alone in its paragraph, its title is in the next one."""
    alone = number_mark(plain_text(head.inlines)) if shape is ItemShape.NUMBERED else None
    if not alone or not alone[2]:
        return _item(head, below, shape)
    if below and isinstance(below[0], Paragraph):
        item = _item(below[0], below[1:], shape, alone[0])
        return replace(item, span=replace(head.span, end=item.span.end))
    end = below[-1].span.end if below else head.span.end
    return Item((), alone[0], blocks=tuple(below), shape=shape, span=replace(head.span, end=end), title_span=head.span)


@dataclass(slots=True)
class _Numbering:
    """Decides which numbers begin items: an item may contain a list, or points `1）`, `2）`, with its own numbers."""

    last: int = 0
    own: set[str] = field(default_factory=set)
    """The marks after the numbers of items; `1` for those of a list."""
    inner: set[str] = field(default_factory=set)

    def begins_item(self, number: int, mark: str) -> bool:
        """Whether an item begins here.

        A new mark belongs to items only if it continues their numbers.
        """
        if mark not in self.own:
            if mark in self.inner or (self.own and number != self.last + 1):
                self.inner.add(mark)
                return False
            self.own.add(mark)
        self.last = number
        return True


def _one_number_each(blocks: Iterable[Block]) -> Iterator[tuple[Block, bool]]:
    """The blocks, and whether each begins an item; paragraphs are split before each line that does."""
    numbering = _Numbering()
    for block in blocks:
        if isinstance(block, List) and block.ordered:
            begins = numbering.begins_item(block.start, "1")
            numbering.last += (len(block.items) - 1) if begins else 0
            yield block, begins
        elif isinstance(block, Paragraph):
            yield from _cut_at_numbers(block, numbering)
        else:
            yield block, False


def _cut_at_numbers(block: Paragraph, numbering: _Numbering) -> Iterator[tuple[Block, bool]]:
    start, begins = 0, _begins_item(block.inlines, numbering)
    for at, inline in enumerate(block.inlines):
        if begins and isinstance(inline, Break) and at > start and _begins_item(block.inlines[at + 1 :], numbering):
            yield _cut(block, start, at), begins
            start = at + 1
    yield (_cut(block, start, len(block.inlines)) if start else block), begins


def _begins_item(inlines: tuple[Inline, ...], numbering: _Numbering) -> bool:
    found = number_mark(plain_text(inlines))
    return found is not None and numbering.begins_item(*found[:2])


def _cut(paragraph: Paragraph, start: int, end: int) -> Paragraph:
    inlines = paragraph.inlines[start:end]
    return Paragraph(inlines, _around(inlines, paragraph.span))
