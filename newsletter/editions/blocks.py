"""Sifting blocks, at any depth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.editions.names import ONLY, PAYWALL, Readers, limit_from, limit_of
from newsletter.model import Block, Directive, Heading, List, ListItem, Quotation, Text, ThematicBreak
from newsletter.walk import plain_text, walk_blocks

if TYPE_CHECKING:
    from newsletter.editions.names import Limit

Call = Callable[[Directive], Sequence[Block]]
"""What stands in place of a paywall for readers who do not pay."""

_HELD_TOGETHER = frozenset({"callout", "poll"})
"""Directives whose argument is the heading of what they hold, and goes with it; others say something by themselves."""


class BlockSieve:
    """Keeps of blocks what `readers` get. It remembers a paywall: what comes after it is for paying readers."""

    def __init__(self, readers: Readers, call: Call | None) -> None:
        self.readers = readers
        self._call = call
        self._walled = False

    def shows(self, only: Iterable[str]) -> bool:
        """Whether readers get a heading that stands in these `::: only`, at this point of the letter."""
        limits = [limit_from(names) for names in only]
        if not all(limit.admits(self.readers) for limit in limits):
            return False
        return self._passes(named=any(limit.named for limit in limits))

    def _passes(self, *, named: bool) -> bool:
        """Whether readers are let through: behind a paywall, who does not pay gets only what names them."""
        return named or self.readers.pay or not self._walled

    def walls(self, blocks: Iterable[Block]) -> tuple[Block, ...]:
        """Remembers the paywall among blocks that are held back: it counts wherever it stands. Gives what stands there."""
        for block in blocks:
            if type(block) is Directive and block.name == PAYWALL:
                return self._wall(block)
        return ()

    def _wall(self, wall: Directive) -> tuple[Block, ...]:
        first, self._walled = not self._walled, True
        if self.readers.pay or not first:
            return ()
        return tuple(self._call(wall)) if self._call else (wall,)

    # ── a row of blocks ─────────────────────────────────────────────────────────────────────────────────────────────

    def blocks(self, blocks: Sequence[Block], *, named: bool = False) -> tuple[Block, ...]:
        """What readers get of `blocks`; `named` where they stand in an `only` that names these readers."""
        told = _told_otherwise(blocks, self.readers) if self.readers.output == "text" else frozenset()
        sifted = [
            self.walls(walk_blocks((block,))) if index in told else self._sifted(block, named=named)
            for index, block in enumerate(blocks)
        ]
        if all(len(kept) == 1 and kept[0] is block for block, kept in zip(blocks, sifted, strict=True)):
            return tuple(blocks)
        _drop_headings(blocks, sifted)
        return _without_idle_breaks(sifted)

    def _sifted(self, block: Block, *, named: bool) -> tuple[Block, ...]:
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
        """The blocks alone, or still within what limits them to outputs, where the output is not known yet."""
        if self.readers.output or not limit.outputs or not kept:
            return kept
        if kept == only.blocks and not limit.named:
            return (only,)
        names = " ".join(word for word in plain_text(only.argument).lower().split() if word in limit.outputs)
        return (replace(only, argument=(Text(names or " ".join(sorted(limit.outputs))),), blocks=kept),)

    # ── containers ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _list(self, block: List, *, named: bool) -> tuple[Block, ...]:
        items: list[ListItem] = []
        for item in block.items:
            kept = self.blocks(item.blocks, named=named)
            if kept or not item.blocks:
                items.append(item if kept == item.blocks else replace(item, blocks=kept))
        if len(items) == len(block.items) and all(map(_is, items, block.items)):
            return (block,)
        return (replace(block, items=tuple(items)),) if items else ()

    def _container(self, block: Quotation | Directive, *, named: bool) -> tuple[Block, ...]:
        kept = self.blocks(block.blocks, named=named)
        if kept == block.blocks:
            return (block,)
        emptied = not kept and (type(block) is Quotation or (type(block) is Directive and _is_held(block)))
        return () if emptied else (replace(block, blocks=kept),)


def _is(one: object, other: object) -> bool:
    return one is other


def _is_held(directive: Directive) -> bool:
    return directive.name in _HELD_TOGETHER or not directive.argument


# ── What stands in for something else, and what is left idle ────────────────────────────────────────────────────────


def _told_otherwise(blocks: Sequence[Block], readers: Readers) -> frozenset[int]:
    """The blocks for e-mail beside which stands what the plain text says instead."""
    limits = [_limit(block, readers) for block in blocks]
    told = set()
    for index, limit in enumerate(limits):
        if limit and "email" in limit.outputs and "text" not in limit.outputs:
            beside = [limits[at] for at in (index - 1, index + 1) if 0 <= at < len(limits)]
            if any(other and "text" in other.outputs and "email" not in other.outputs for other in beside):
                told.add(index)
    return frozenset(told)


def _limit(block: Block, readers: Readers) -> Limit | None:
    if type(block) is not Directive or block.name != ONLY:
        return None
    limit = limit_of(block)
    return limit if limit.admits(readers) else None


def _drop_headings(blocks: Sequence[Block], sifted: list[tuple[Block, ...]]) -> None:
    """Takes away the headings under which nothing is left, from the last on, so that one that held only such goes, too."""
    for index in range(len(blocks) - 1, -1, -1):
        heading = blocks[index]
        if type(heading) is not Heading or not sifted[index]:
            continue
        end = index + 1
        while end < len(blocks) and not _ends(blocks[end], heading.level):
            end += 1
        if end > index + 1 and not any(sifted[index + 1 : end]):
            sifted[index] = ()


def _ends(block: Block, level: int) -> bool:
    return type(block) is Heading and block.level <= level


def _without_idle_breaks(sifted: Sequence[tuple[Block, ...]]) -> tuple[Block, ...]:
    """All that is kept, in a row, without the thematic breaks that no longer stand between two things."""
    kept: list[Block] = []
    gone = False
    for group in sifted:
        for block in group:
            if gone and type(block) is ThematicBreak and (not kept or type(kept[-1]) is ThematicBreak):
                continue
            kept.append(block)
            gone = False
        gone = gone or not group
    if gone and kept and type(kept[-1]) is ThematicBreak:
        kept.pop()
    return tuple(kept)
