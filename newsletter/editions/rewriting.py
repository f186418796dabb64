"""Changes the text when parts of an issue are left out: footnote numbers, and links to removed places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote

from newsletter.model import (
    Block,
    Directive,
    Emphasis,
    Figure,
    Footnote,
    FootnoteReference,
    Heading,
    Inline,
    Issue,
    Item,
    Link,
    List,
    Paragraph,
    Quotation,
    Section,
    Strikethrough,
    Strong,
    Table,
    TableCell,
)
from newsletter.names import composed
from newsletter.walk import links_in, walk_blocks, walk_inlines

if TYPE_CHECKING:
    from collections.abc import Iterator

Numbering = Mapping[str, int]
"""The number of each footnote, by its label; a reference to a missing label is removed."""


def noted(issue: Issue, notes: Sequence[Footnote]) -> tuple[Numbering, Issue]:
    """The issue with the footnotes to which its text still refers, numbered again in order."""
    by_label = {note.label: note for note in notes if note.blocks}
    counts: Counter[str] = Counter()
    order: list[Footnote] = []
    waiting: list[Issue | Sequence[Block]] = [replace(issue, footnotes=())]
    while waiting:
        for inline in walk_inlines(waiting.pop(0)):
            note = by_label.get(inline.label) if isinstance(inline, FootnoteReference) else None
            if note is None:
                continue
            if note.label not in counts:
                order.append(note)
                waiting.append(note.blocks)
            counts[note.label] += 1
    numbering = {note.label: number for number, note in enumerate(order, 1)}
    kept = [replace(note, number=numbering[note.label], references=counts[note.label]) for note in order]
    return numbering, replace(issue, footnotes=tuple(kept))


def lost_links(whole: Issue, filtered: Issue) -> tuple[Link, ...]:
    """The links of the filtered issue to headings that only the whole issue has."""
    gone = set(anchors_of(whole)) - set(anchors_of(filtered))
    return tuple(link for link in links_in(filtered) if link.href.startswith("#") and _place(link.href) in gone)


def unnoted_in(filtered: Issue, numbering: Numbering) -> Iterator[FootnoteReference]:
    """The references to footnotes that have no number."""
    for inline in walk_inlines(filtered):
        if isinstance(inline, FootnoteReference) and inline.label not in numbering:
            yield inline


def _place(href: str) -> str:
    return composed(unquote(href[1:]))


def anchors_of(issue: Issue) -> Iterator[str]:
    """The anchors of all headings."""
    for section in issue.sections:
        if section.anchor:
            yield section.anchor
        yield from (item.anchor for item in section.items)
    yield from (block.anchor for block in walk_blocks(issue) if isinstance(block, Heading))


class Rewriter:
    """Rewrites an issue with other footnote numbers, and without links to some addresses."""

    def __init__(self, numbering: Numbering, lost: set[str]) -> None:
        self._numbering = numbering
        self._lost = lost
        self._seen: Counter[str] = Counter()

    def issue(self, issue: Issue) -> Issue:
        """The whole issue, in the order of the source, so that references to one note are counted as they come."""
        return replace(
            issue,
            opening=self.blocks(issue.opening),
            sections=tuple(map(self._section, issue.sections)),
            footnotes=tuple(replace(note, blocks=self.blocks(note.blocks)) for note in issue.footnotes),
        )

    def _section(self, section: Section) -> Section:
        title, blocks = self.inlines(section.title), self.blocks(section.blocks)
        return replace(section, title=title, blocks=blocks, items=tuple(map(self._item, section.items)))

    def _item(self, item: Item) -> Item:
        title = self.inlines(item.title)
        link = None if item.link is not None and item.link.href in self._lost else item.link
        return replace(item, title=title, link=link, blocks=self.blocks(item.blocks))

    def blocks(self, blocks: Sequence[Block]) -> tuple[Block, ...]:
        """Blocks, with everything inside them."""
        return tuple(map(self._block, blocks))

    def _block(self, block: Block) -> Block:
        match block:
            case Paragraph() | Heading():
                return replace(block, inlines=self.inlines(block.inlines))
            case List():
                items = tuple(replace(item, blocks=self.blocks(item.blocks)) for item in block.items)
                return replace(block, items=items)
            case Quotation():
                inner = self.blocks(block.blocks)
                return replace(block, blocks=inner, attribution=self.inlines(block.attribution))
            case Directive():
                argument = self.inlines(block.argument)
                facts = tuple(replace(fact, inlines=self.inlines(fact.inlines)) for fact in block.facts)
                return replace(block, argument=argument, facts=facts, blocks=self.blocks(block.blocks))
            case Table():
                return replace(block, head=self._cells(block.head), rows=tuple(map(self._cells, block.rows)))
            case Figure():
                link = None if block.link is not None and block.link.href in self._lost else block.link
                caption = self.inlines(block.caption)
                return replace(block, caption=caption, credit=self.inlines(block.credit), link=link)
            case _:
                return block

    def _cells(self, cells: Sequence[TableCell]) -> tuple[TableCell, ...]:
        return tuple(replace(cell, inlines=self.inlines(cell.inlines)) for cell in cells)

    def inlines(self, inlines: Sequence[Inline]) -> tuple[Inline, ...]:
        """Inlines, with everything inside them."""
        return tuple(written for inline in inlines for written in self._inline(inline))

    def _inline(self, inline: Inline) -> tuple[Inline, ...]:
        match inline:
            case FootnoteReference():
                return self._reference(inline)
            case Link() if inline.href in self._lost:
                return self.inlines(inline.inlines)
            case Link() | Emphasis() | Strong() | Strikethrough():
                return (cast("Inline", replace(inline, inlines=self.inlines(inline.inlines))),)
            case _:
                return (inline,)

    def _reference(self, reference: FootnoteReference) -> tuple[Inline, ...]:
        if reference.label not in self._numbering:
            return ()
        self._seen[reference.label] += 1
        number = self._numbering[reference.label]
        return (replace(reference, number=number, occurrence=self._seen[reference.label]),)
