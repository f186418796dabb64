"""What the items of a section are: in which shape they are written, how many there are, and what each has."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from newsletter.house.format import Bounds, Need
from newsletter.infer.course import ALWAYS, SUPPORT
from newsletter.infer.measure import ENOUGH, counts, sizes
from newsletter.infer.plan import ItemPlan
from newsletter.infer.templates import most_common
from newsletter.model import ItemShape

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from newsletter.infer.seen import SeenItem, SeenSection

_THERE = 0.9
"""The share of a section's issues in which it has items of a shape, where that is the shape."""
_COVERED = 0.5
"""The share of a section's words that is in them."""
_MANY = 30
"""Of so many items a habit that nobody spells out (a full stop or none) is a rule."""
_CATEGORIES = 15
_ALL = 0.99


def items_of(sections: Sequence[SeenSection]) -> tuple[ItemPlan, list[tuple[SeenItem, ...]]] | None:
    """The items of a section, by all the times it was there, and the items themselves; None where it has none."""
    if len(sections) < SUPPORT:
        return None
    shape = _shape(sections)
    if shape is None:
        return None
    rows = [section.items.get(shape, ()) for section in sections]
    full = [row for row in rows if row]
    plan = ItemPlan(shape, count=counts([len(row) for row in rows]))
    if plan.count.free:
        plan.count = Bounds(1, None) if all(rows) else Bounds()
    plan.link = _required(full, lambda item: item.linked)
    plan.author = _required(full, lambda item: item.author)
    plan.picture = _required(full, lambda item: item.picture)
    plan.numbered = _always([[item.number for item in row] == [*range(1, len(row) + 1)] for row in full])
    if _always([all(item.category for item in row) for row in full]):
        plan.categories = _categories([item.category for row in full for item in row])
    plan.full_stop = _full_stop(full)
    return plan, rows


def word_counts(rows: Sequence[Sequence[SeenItem]]) -> list[int]:
    """The words of each item that has text below its title."""
    return [item.words for row in rows for item in row if item.words is not None]


def item_words(rows: Sequence[Sequence[SeenItem]]) -> Bounds:
    """How long items are; nothing where most are no more than a title."""
    words = word_counts(rows)
    return sizes(words) if len(words) * 2 > sum(map(len, rows)) else Bounds()


def _shape(sections: Sequence[SeenSection]) -> ItemShape | None:
    found: list[tuple[float, int, ItemShape]] = []
    for place, shape in enumerate((ItemShape.HEADING, ItemShape.NUMBERED, ItemShape.LEAD, ItemShape.BULLET)):
        rows = [section.items.get(shape, ()) for section in sections]
        there = sum(1 for row in rows if row) / len(rows)
        covered = sorted(
            sum((item.words or 0) + item.title for item in row) / max(1, section.words + _titles(section, shape))
            for row, section in zip(rows, sections, strict=True)
        )[len(rows) // 2]
        several = sum(1 for row in rows if len(row) > 1) >= len(rows) / 4
        if there >= _THERE and covered >= _COVERED and several:
            found.append((covered, -place, shape))
    return max(found)[2] if found else None


def _titles(section: SeenSection, shape: ItemShape) -> int:
    """The words of titles that are no part of what a section's words are: those of sub-headings."""
    return sum(item.title for item in section.items.get(shape, ())) if shape is ItemShape.HEADING else 0


def _always(said: Sequence[bool]) -> bool:
    return len(said) >= 3 and sum(said) >= ALWAYS * len(said)


def _required(rows: Sequence[Sequence[SeenItem]], has: Callable[[SeenItem], bool]) -> Need:
    return Need.REQUIRED if _always([all(map(has, row)) for row in rows]) else Need.OPTIONAL


def _full_stop(rows: Sequence[Sequence[SeenItem]]) -> Need:
    if sum(map(len, rows)) < _MANY:
        return Need.OPTIONAL
    if _always([all(item.stopped for item in row) for row in rows]):
        return Need.REQUIRED
    if _always([not any(item.stopped for item in row) for row in rows]):
        return Need.FORBIDDEN
    return Need.OPTIONAL


def _categories(categories: Sequence[str]) -> tuple[str, ...] | None:
    """The list of categories, () for any, None where titles have none."""
    if len(categories) < ENOUGH:
        return None
    often = [name for name, count in most_common([name for name in categories if name]) if count > 1]
    known = Counter(categories)
    if len(often) <= _CATEGORIES and sum(known[name] for name in often) >= ALWAYS * len(categories):
        return tuple(often)
    # A colon in a title may be chance; in nearly every one it is not.
    return () if sum(map(bool, categories)) >= _ALL * len(categories) else None
