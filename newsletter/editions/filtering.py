"""Removes the parts of an issue that some readers do not get, and what is then of no use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from operator import is_
from typing import TYPE_CHECKING

from newsletter.editions.names import ONLY, PAYWALL, Limit, Readers, limit_from, limit_of
from newsletter.editions.rewriting import Rewriter, lost_links, noted, unnoted_in
from newsletter.model import Block, Directive, Heading, List, ListItem, Quotation, Text, ThematicBreak
from newsletter.records import dataclass
from newsletter.walk import plain_text, walk_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.model import FootnoteReference, Issue, Item, Link, Section

Call = Callable[[Directive], Sequence[Block]]
"""The text in place of a paywall for readers who do not pay."""


@dataclass(frozen=True, slots=True)
class Edition:
    """An issue as some readers get it."""

    issue: Issue
    kept: tuple[int, ...]
    """For each of its sections, the index of that section in the whole issue."""
    lost: tuple[Link, ...] = ()
    """Links to a place that these readers do not get. Their text stays, the links do not."""
    unnoted: tuple[FootnoteReference, ...] = ()
    """References to footnotes that these readers do not get. They are removed."""


def for_readers(issue: Issue, *, paid: bool, output: str = "", limits: Sequence[Limit | None] = ()) -> Issue:
    """The part of an issue that paying or other readers get, in one `output` or (if that is empty) in any.

    `limits` are those that the house format sets for each section. Without an `output`, `::: only email` and the like
    stay; with one, no `only` is left in the issue.
    """
    return edition_of(issue, Readers(paid, output), limits).issue


def edition_of(
    issue: Issue, readers: Readers, limits: Sequence[Limit | None] = (), call: Call | None = None
) -> Edition:
    """The edition for `readers`; `call` gives the text in place of a paywall for those who do not pay.

    Empty parts are removed, heading included; items and footnotes are numbered again; links to a removed place become
    text. Comments and definitions of links, which no reader ever sees, are left out.
    """
    if not has_limits(issue, limits):
        return Edition(issue, tuple(range(len(issue.sections))))
    blocks = BlockFilter(readers, call)
    # A paywall in a footnote has no place in the issue. To be safe, everything counts as below it.
    blocks.walls(block for note in issue.footnotes for block in walk_blocks(note.blocks))
    opening, sections, kept = _IssueFilter(blocks).filtered(issue, limits)
    rest = BlockFilter(readers, call)
    notes = [replace(note, blocks=rest.blocks(note.blocks)) for note in issue.footnotes]
    filtered = replace(issue, opening=opening, sections=sections, notes=(), definitions=())
    numbering, filtered = noted(filtered, notes)
    lost = lost_links(issue, filtered)
    unnoted = tuple(unnoted_in(filtered, numbering)) if issue.footnotes else ()
    if issue.footnotes or lost:
        filtered = Rewriter(numbering, {link.href for link in lost}).issue(filtered)
    return Edition(filtered, kept, lost, unnoted)


def blocks_for(blocks: Sequence[Block], readers: Readers) -> tuple[Block, ...]:
    """The part of blocks outside an issue (standing matter) that readers get."""
    return BlockFilter(readers, None).blocks(blocks)


def has_limits(issue: Issue, limits: Sequence[Limit | None] = ()) -> bool:
    """Whether any part of an issue is limited to some readers or outputs."""
    return next(_limits(issue, limits), None) is not None


def is_for_some_readers(issue: Issue, limits: Sequence[Limit | None] = ()) -> bool:
    """Whether paying readers get something different, so that there are two editions."""
    return any(bool(limit.named) for limit in _limits(issue, limits))


def _limits(issue: Issue, limits: Sequence[Limit | None]) -> Iterator[Limit]:
    yield from filter(None, limits)
    for section in issue.sections:
        yield from map(limit_from, section.only)
        for item in section.items:
            yield from map(limit_from, item.only)
    yield from limits_in(walk_blocks(issue))


def limits_in(blocks: Iterator[Block] | Sequence[Block]) -> Iterator[Limit]:
    """The limits among blocks. The caller must walk to those inside them."""
    for block in blocks:
        if type(block) is Directive:
            if block.name == ONLY:
                yield limit_of(block)
            elif block.name == PAYWALL:
                yield Limit(audiences=frozenset({"paid"}))


class _IssueFilter:
    """Filters opening, sections and items in the order of the source, because a paywall holds back everything after it."""

    def __init__(self, blocks: BlockFilter) -> None:
        self._blocks = blocks
        self._opening: list[Block] = []
        self._sections: list[Section] = []
        self._kept: list[int] = []

    def filtered(
        self, issue: Issue, limits: Sequence[Limit | None]
    ) -> tuple[tuple[Block, ...], tuple[Section, ...], tuple[int, ...]]:
        """The opening, the sections, and the index of each in the whole issue."""
        self._opening = list(self._blocks.blocks(issue.opening))
        for index, section in enumerate(issue.sections):
            limit = limits[index] if index < len(limits) else None
            if limit is not None and not limit.admits(self._blocks.readers):
                self._held_back(section)
            else:
                self._section(index, section)
        return tuple(self._opening), tuple(self._sections), tuple(self._kept)

    def _held_back(self, section: Section) -> None:
        """Leaves out a section that the house format limits to other readers. A paywall in it is remembered."""
        self._append(self._blocks.walls(walk_blocks(section)))

    def _section(self, index: int, section: Section) -> None:
        shown = self._blocks.shows(section.only)
        blocks = self._blocks.blocks(section.blocks)
        items, loose = self._items(section.items)
        had = bool(section.blocks or section.items)
        if shown and (blocks or loose or items or not had):
            self._sections.append(replace(section, blocks=(*blocks, *loose), items=items))
            self._kept.append(index)
        else:
            self._append((*blocks, *loose), items)

    def _items(self, items: Sequence[Item]) -> tuple[tuple[Item, ...], tuple[Block, ...]]:
        """The items that stay, numbered again; and the blocks of an item without its heading that come before these."""
        kept: list[Item] = []
        loose: list[Block] = []
        for item in items:
            shown = self._blocks.shows(item.only)
            blocks = self._blocks.blocks(item.blocks)
            if shown and (blocks or not item.blocks):
                kept.append(replace(item, blocks=blocks))
            elif kept:
                kept[-1] = replace(kept[-1], blocks=(*kept[-1].blocks, *blocks))
            else:
                loose += blocks
        return (tuple(kept) if len(kept) == len(items) else _counted(items, kept)), tuple(loose)

    def _append(self, blocks: Sequence[Block], items: Sequence[Item] = ()) -> None:
        """Adds what is left of a section without its heading to the part before it."""
        last = self._sections[-1] if self._sections else None
        if last is None:
            self._opening += [*blocks, *(block for item in items for block in _unheaded(item))]
            return
        if blocks and last.items:
            final = last.items[-1]
            last = replace(last, items=(*last.items[:-1], replace(final, blocks=(*final.blocks, *blocks))))
        elif blocks:
            last = replace(last, blocks=(*last.blocks, *blocks))
        self._sections[-1] = replace(last, items=(*last.items, *items))


def _unheaded(item: Item) -> tuple[Block, ...]:
    """An item before any section, as a heading and the blocks below it, as it would be parsed."""
    return Heading(3, item.title, item.anchor, item.title_span, item.title_span), *item.blocks


def _counted(whole: Sequence[Item], kept: Sequence[Item]) -> tuple[Item, ...]:
    """Items with numbers in sequence, if those of the whole issue were in sequence."""
    first = whole[0].number
    if first is None or [item.number for item in whole] != [*range(first, first + len(whole))]:
        return tuple(kept)
    return tuple(replace(item, number=number) for number, item in enumerate(kept, first))


_HELD_TOGETHER = frozenset({"callout", "poll", "gallery", "beside", "columns", "chart", "quote-card"})
"""Directives whose argument is the heading of their content and is removed with it. Other arguments stay."""


class BlockFilter:
    """Keeps the blocks that `readers` get. It remembers a paywall, after which everything is for paying readers."""

    def __init__(self, readers: Readers, call: Call | None) -> None:
        self.readers = readers
        self._call = call
        self._walled = False

    def shows(self, only: Iterable[str]) -> bool:
        """Whether readers get a heading that is in these `::: only`, at this point of the issue."""
        limits = [limit_from(names) for names in only]
        if not all(limit.admits(self.readers) for limit in limits):
            return False
        return self._passes(named=any(limit.named for limit in limits))

    def _passes(self, *, named: bool) -> bool:
        """Whether readers pass. After a paywall, free readers get only parts that name them."""
        return named or self.readers.pay or not self._walled

    def walls(self, blocks: Iterable[Block]) -> tuple[Block, ...]:
        """Remembers a paywall in blocks that are held back, because it counts anywhere. Returns the text in its place."""
        for block in blocks:
            if type(block) is Directive and block.name == PAYWALL:
                return self._wall(block)
        return ()

    def _wall(self, wall: Directive) -> tuple[Block, ...]:
        first, self._walled = not self._walled, True
        if self.readers.pay or not first:
            return ()
        return tuple(self._call(wall)) if self._call else (wall,)

    def blocks(self, blocks: Sequence[Block], *, named: bool = False) -> tuple[Block, ...]:
        """The part of `blocks` that readers get; `named` if they are in an `only` that names these readers."""
        replaced = _with_replacement(blocks, self.readers) if self.readers.output == "text" else frozenset()
        filtered = [
            self.walls(walk_blocks((block,))) if index in replaced else self._filtered(block, named=named)
            for index, block in enumerate(blocks)
        ]
        if all(len(kept) == 1 and kept[0] is block for block, kept in zip(blocks, filtered, strict=True)):
            return tuple(blocks)
        _drop_headings(blocks, filtered)
        return _without_idle_breaks(filtered)

    def _filtered(self, block: Block, *, named: bool) -> tuple[Block, ...]:
        if type(block) is Directive and block.name == PAYWALL:
            return self._wall(block)
        if type(block) is Directive and block.name == ONLY:
            limit = limit_of(block)
            if not limit.admits(self.readers):
                return self.walls(walk_blocks(block.blocks))
            kept = self.blocks(block.blocks, named=named or bool(limit.named))
            return self._unwrapped(block, limit, kept)
        if not self._passes(named=named):
            return self.walls(walk_blocks((block,)))
        match block:
            case List():
                return self._list(block, named=named)
            case Quotation() | Directive():
                return self._container(block, named=named)
            case _:
                return (block,)

    def _unwrapped(self, only: Directive, limit: Limit, kept: tuple[Block, ...]) -> tuple[Block, ...]:
        """The blocks alone; or inside the limit to outputs, if the output is not known yet."""
        if self.readers.output or not limit.outputs or not kept:
            return kept
        if kept == only.blocks and not limit.named:
            return (only,)
        names = " ".join(word for word in plain_text(only.argument).lower().split() if word in limit.outputs)
        return (replace(only, argument=(Text(names or " ".join(sorted(limit.outputs))),), blocks=kept),)

    def _list(self, block: List, *, named: bool) -> tuple[Block, ...]:
        items: list[ListItem] = []
        for item in block.items:
            kept = self.blocks(item.blocks, named=named)
            if kept or not item.blocks:
                items.append(item if kept == item.blocks else replace(item, blocks=kept))
        if len(items) == len(block.items) and all(map(is_, items, block.items)):
            return (block,)
        return (replace(block, items=tuple(items)),) if items else ()

    def _container(self, block: Quotation | Directive, *, named: bool) -> tuple[Block, ...]:
        kept = self.blocks(block.blocks, named=named)
        if kept == block.blocks:
            return (block,)
        emptied = not kept and (type(block) is Quotation or (type(block) is Directive and _is_held(block)))
        return () if emptied else (replace(block, blocks=kept),)


def _is_held(directive: Directive) -> bool:
    return directive.name in _HELD_TOGETHER or not directive.argument


def _with_replacement(blocks: Sequence[Block], readers: Readers) -> frozenset[int]:
    """The blocks for email that have a replacement for plain text beside them."""
    limits = [_limit(block, readers) for block in blocks]
    replaced = set()
    for index, limit in enumerate(limits):
        if limit and "email" in limit.outputs and "text" not in limit.outputs:
            beside = [limits[at] for at in (index - 1, index + 1) if 0 <= at < len(limits)]
            if any(other and "text" in other.outputs and "email" not in other.outputs for other in beside):
                replaced.add(index)
    return frozenset(replaced)


def _limit(block: Block, readers: Readers) -> Limit | None:
    if type(block) is not Directive or block.name != ONLY:
        return None
    limit = limit_of(block)
    return limit if limit.admits(readers) else None


def _drop_headings(blocks: Sequence[Block], filtered: list[tuple[Block, ...]]) -> None:
    """Removes headings without content, from the last on, so that a heading with only such headings is removed, too."""
    for index in range(len(blocks) - 1, -1, -1):
        heading = blocks[index]
        if type(heading) is not Heading or not filtered[index]:
            continue
        end = index + 1
        while end < len(blocks) and not _ends(blocks[end], heading.level):
            end += 1
        if end > index + 1 and not any(filtered[index + 1 : end]):
            filtered[index] = ()


def _ends(block: Block, level: int) -> bool:
    return type(block) is Heading and block.level <= level


def _without_idle_breaks(filtered: Sequence[tuple[Block, ...]]) -> tuple[Block, ...]:
    """The blocks without thematic breaks that no longer separate two blocks."""
    kept: list[Block] = []
    gone = False
    for group in filtered:
        for block in group:
            if gone and type(block) is ThematicBreak and (not kept or type(kept[-1]) is ThematicBreak):
                continue
            kept.append(block)
            gone = False
        gone = gone or not group
    if gone and kept and type(kept[-1]) is ThematicBreak:
        kept.pop()
    return tuple(kept)
