"""ST: the items of a section: how many, their numbers, and what each needs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.mending import renumber
from newsletter.check.sections import is_empty
from newsletter.check.wording import asked, count_of, did_you_mean, quoted
from newsletter.hints import HINT
from newsletter.house.format import Need
from newsletter.issue.items import items_of
from newsletter.late import late
from newsletter.model import ItemShape, Section
from newsletter.walk import blocks_text, images_in, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.base import CheckContext
    from newsletter.diagnostics import Diagnostic
    from newsletter.house.format import ItemFormat
    from newsletter.model import Item

_CATEGORY = late(r"\s*(?P<category>[^:：]+?)\s*[:：]\s*(?=\S)")
_SHAPES = {
    ItemShape.HEADING: "`### …`",
    ItemShape.BULLET: "a bullet: `- …`",
    ItemShape.LEAD: "a paragraph with a bold lead: `**Lead.** …`",
    ItemShape.NUMBERED: "a numbered paragraph: `1. …`",
}
_LINKED = {
    ItemShape.HEADING: "`[title](source)`",
    ItemShape.BULLET: "`- [title](source)`",
    ItemShape.LEAD: "`**[lead](source)**`",
    ItemShape.NUMBERED: "`1. [title](source)`",
}

_ADVERTISEMENT = late(r"\((?:ad|advert|advertisement|sponsor|sponsored)\)", re.IGNORECASE)


def wanted_items(context: CheckContext) -> Iterator[tuple[int, int, Item, ItemFormat]]:
    """Each item with what it needs: index of its section, its place there from 1, the item, its format."""
    for index, (items, found) in enumerate(zip(context.items, context.matched, strict=True)):
        if found is None or found.items is None:
            continue
        for place, item in enumerate(items, start=1):
            yield index, place, item, item_format(found.items, place, len(items))


def item_format(wanted: ItemFormat, place: int, count: int) -> ItemFormat:
    """What holds for the item at `place` (from 1) of `count`: the last may be another kind, where it is not the only one."""
    return wanted.last if wanted.last is not None and place == count > 1 else wanted


def called(item: Item, place: int) -> str:
    """What an item is called in messages: by the number it bears, else by its place."""
    return f"item {place if item.number is None else item.number}"


def unlinked_title(context: CheckContext) -> Iterator[Diagnostic]:
    """ST104: an item's title has no link, or has one where none is wanted."""
    for _, place, item, wanted in wanted_items(context):
        if wanted.link is Need.REQUIRED and item.link is None:
            yield context.found(
                "ST104",
                item.title_span,
                f"{called(item, place)} has no link in its title",
                label=f"{context.asker} asks for {_LINKED[item.shape]} here",
            )
        elif wanted.link is Need.FORBIDDEN and item.link is not None:
            yield context.found(
                "ST104",
                item.link.span,
                f"{called(item, place)} has a link in its title",
                label=f"{context.asker} has titles without links",
            )


def item_count(context: CheckContext) -> Iterator[Diagnostic]:
    """ST107: a section has too few or too many items, or a round-up too few or too many entries."""
    for index, (items, found) in enumerate(zip(context.items, context.matched, strict=True)):
        if found is None or found.items is None or is_empty(context, index):
            continue
        section, bounds = context.issue.sections[index], found.items.count
        if len(items) not in bounds:
            yield context.found(
                "ST107",
                section.title_span,
                f"{context.asker} asks for {asked(bounds, 'item')} here, this has {len(items) or 'none'}",
                label="" if items else f"write each as {_SHAPES[found.items.shape]}",
            )
    for _, _, item, wanted in wanted_items(context):
        entries = 0 if wanted.inner.free else entries_in(item)
        if not wanted.inner.free and entries not in wanted.inner:
            yield context.found(
                "ST107",
                item.title_span,
                f"{context.asker} asks for {asked(wanted.inner, 'entry')} in this round-up, it has {entries or 'none'}",
                label="" if entries else "write each as a bullet or with a bold lead",
            )


def entries_in(item: Item) -> int:
    """How many short entries a round-up holds: bullets or bold leads."""
    body = Section(title=(), blocks=item.blocks)
    return max(len(items_of(body, shape)) for shape in (ItemShape.BULLET, ItemShape.LEAD))


def item_number(context: CheckContext) -> Iterator[Diagnostic]:
    """ST109: an item's number is not the one after the item above. A gap is told once, where it opens."""
    for index, (items, found) in enumerate(zip(context.items, context.matched, strict=True)):
        if found is None or found.items is None:
            continue
        numbered = [
            (place, item)
            for place, item in enumerate(items, start=1)
            if item_format(found.items, place, len(items)).numbered
        ]
        if numbered and all(item.number is None for _, item in numbered):
            title = plain_text(context.issue.sections[index].title)
            yield context.found(
                "ST109",
                numbered[0][1].title_span,
                f"the items of {quoted(title)} have no numbers",
                label=f"{context.asker} asks for `1.`, `2.`, `3.` …",
                fix=renumber(context, [item for _, item in numbered]),
            )
        else:
            yield from _out_of_sequence(context, numbered)


def _out_of_sequence(context: CheckContext, numbered: list[tuple[int, Item]]) -> Iterator[Diagnostic]:
    fix = renumber(context, [item for _, item in numbered])
    last = 0
    for count, (_, item) in enumerate(numbered, start=1):
        # Right is what goes on from the item above as it is written, and what would be right had all been: whichever
        # was meant, one wrong number is one finding.
        if item.number is None:
            yield context.found(
                "ST109", item.title_span, "the item has no number", label=f"{count}. is expected here", fix=fix
            )
            last = count
            continue
        if item.number not in (last + 1, count):
            yield context.found(
                "ST109",
                item.title_span,
                f"item {item.number} follows item {last}" if last else f"the first item has number {item.number}",
                label=f"{last + 1}. is expected here",
                fix=fix,
            )
        last = item.number


def category(context: CheckContext) -> Iterator[Diagnostic]:
    """ST114: a title does not begin with a category, or not with one of the list."""
    for _, place, item, wanted in wanted_items(context):
        title = plain_text(item.title)
        if wanted.categories is None or HINT.search(title):
            continue
        match = _CATEGORY.match(title)
        if match is None:
            yield context.found(
                "ST114",
                item.title_span,
                f"{called(item, place)} has no category",
                label=f"{context.asker} asks for `Category: headline`",
            )
        elif wanted.categories and match["category"] not in wanted.categories:
            yield context.found(
                "ST114",
                item.title_span,
                f"{context.asker} has no category {quoted(match['category'])}",
                label="one of " + ", ".join(wanted.categories),
                mend=did_you_mean(match["category"], wanted.categories),
            )


def item_author(context: CheckContext) -> Iterator[Diagnostic]:
    """ST115: an item names no author, or one where none is wanted.

    Who wrote it stands behind the linked title: where the link is missing, that alone is told (ST104).
    """
    for _, place, item, wanted in wanted_items(context):
        told = wanted.link is Need.REQUIRED and item.link is None
        if wanted.author is Need.REQUIRED and not (item.author or told or _is_advertisement(item)):
            yield context.found(
                "ST115",
                item.title_span,
                f"{called(item, place)} names no author",
                label=f"{context.asker} asks for `[title](source) by Author`",
            )
        elif wanted.author is Need.FORBIDDEN and item.author:
            yield context.found(
                "ST115", item.title_span, f"{called(item, place)} names an author", label="without here"
            )


def _is_advertisement(item: Item) -> bool:
    """Whether `(ad)`, `(sponsored)` or the like stands behind the title: it is marked as nobody's article."""
    return _ADVERTISEMENT.match(blocks_text(item.blocks[:1]).lstrip()) is not None


def item_picture(context: CheckContext) -> Iterator[Diagnostic]:
    """ST125: an item has no picture, or one where none is wanted."""
    for _, place, item, wanted in wanted_items(context):
        if wanted.picture is Need.OPTIONAL:
            continue
        pictures = list(images_in(item))
        if wanted.picture is Need.REQUIRED and not pictures:
            yield context.found(
                "ST125", item.title_span, f"{called(item, place)} has no picture", label=f"{context.asker} asks for one"
            )
        elif wanted.picture is Need.FORBIDDEN and pictures:
            yield context.found(
                "ST125",
                pictures[0].span,
                f"{called(item, place)} has {count_of(len(pictures), 'picture')}",
                label=f"{context.asker} has none here",
            )
