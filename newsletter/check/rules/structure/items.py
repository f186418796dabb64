"""ST: the items of a section: how many, their numbers, and what each needs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsletter.check.rule import rule
from newsletter.check.rules.structure.mending import renumber
from newsletter.check.rules.structure.sections import is_empty
from newsletter.check.wording import asked, count_of, quoted
from newsletter.diagnostics import Edit, Fix
from newsletter.hints import HINT
from newsletter.house.format import Need
from newsletter.late import late
from newsletter.markdown.items import items_of
from newsletter.model import Code, Emphasis, ItemShape, List, Paragraph, Section, Strikethrough, Strong, Text
from newsletter.suggest import did_you_mean
from newsletter.walk import blocks_text, images_in, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.check.base import CheckContext
    from newsletter.diagnostics import Diagnostic
    from newsletter.house.format import ItemFormat
    from newsletter.model import Block, Inline, Item, Span

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


@rule("ST104", "unlinked-title", "Titles of items are linked", "structure")
def unlinked_title(context: CheckContext) -> Iterator[Diagnostic]:
    """ST104: an item's title has no link, or has one where none is wanted."""
    for index, place, item, wanted in wanted_items(context):
        if wanted.link is Need.REQUIRED and item.link is None:
            yield context.found(
                "ST104",
                item.title_span,
                f"{called(item, place)} has no link in its title",
                label=f"{context.asker} asks for {_LINKED[item.shape]} here",
                about=context.line_of(index, "items", "link"),
            )
        elif wanted.link is Need.FORBIDDEN and item.link is not None:
            yield context.found(
                "ST104",
                item.link.span,
                f"{called(item, place)} has a link in its title",
                label=f"{context.asker} has titles without links",
                about=context.line_of(index, "items", "link"),
            )


@rule("ST107", "item-count", "Sections have as many items as asked", "structure", gap=True)
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
                about=context.line_of(index, "items", "count"),
            )
    for index, _, item, wanted in wanted_items(context):
        entries = 0 if wanted.inner.free else entries_in(item)
        if not wanted.inner.free and entries not in wanted.inner:
            yield context.found(
                "ST107",
                item.title_span,
                f"{context.asker} asks for {asked(wanted.inner, 'entry')} in this round-up, it has {entries or 'none'}",
                label="" if entries else "write each as a bullet or with a bold lead",
                about=context.line_of(index, "items", "entries"),
            )


def entries_in(item: Item) -> int:
    """How many short entries a round-up holds: bullets or bold leads."""
    body = Section(title=(), blocks=item.blocks)
    return max(len(items_of(body, shape)) for shape in (ItemShape.BULLET, ItemShape.LEAD))


@rule("ST109", "item-number", "Items are numbered 1, 2, 3 …", "structure", fixable=True)
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
                about=context.line_of(index, "items", "numbered"),
            )
        else:
            yield from _out_of_sequence(context, index, numbered)


def _out_of_sequence(context: CheckContext, index: int, numbered: list[tuple[int, Item]]) -> Iterator[Diagnostic]:
    fix = renumber(context, [item for _, item in numbered])
    about = context.line_of(index, "items", "numbered")
    last = 0
    for count, (_, item) in enumerate(numbered, start=1):
        # Right is what goes on from the item above as it is written, and what would be right had all been: whichever
        # was meant, one wrong number is one finding.
        if item.number is None:
            yield context.found(
                "ST109",
                item.title_span,
                "the item has no number",
                label=f"{count}. is expected here",
                fix=fix,
                about=about,
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
                about=about,
            )
        last = item.number


@rule("ST114", "item-category", "Titles begin with a category of the list", "structure")
def category(context: CheckContext) -> Iterator[Diagnostic]:
    """ST114: a title does not begin with a category, or not with one of the list."""
    for index, place, item, wanted in wanted_items(context):
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
                about=context.line_of(index, "items", "categories"),
            )
        elif wanted.categories and match["category"] not in wanted.categories:
            yield context.found(
                "ST114",
                item.title_span,
                f"{context.asker} has no category {quoted(match['category'])}",
                label="one of " + ", ".join(wanted.categories),
                mend=did_you_mean(match["category"], wanted.categories),
                about=context.line_of(index, "items", "categories"),
            )


@rule("ST115", "item-author", "Items name their author", "structure")
def item_author(context: CheckContext) -> Iterator[Diagnostic]:
    """ST115: an item names no author, or one where none is wanted.

    Who wrote it stands behind the linked title: where the link is missing, that alone is told (ST104).
    """
    for index, place, item, wanted in wanted_items(context):
        told = wanted.link is Need.REQUIRED and item.link is None
        if wanted.author is Need.REQUIRED and not (item.author or told or _is_advertisement(item)):
            yield context.found(
                "ST115",
                item.title_span,
                f"{called(item, place)} names no author",
                label=f"{context.asker} asks for `[title](source) by Author`",
                about=context.line_of(index, "items", "author"),
            )
        elif wanted.author is Need.FORBIDDEN and item.author:
            yield context.found(
                "ST115",
                item.title_span,
                f"{called(item, place)} names an author",
                label="without here",
                about=context.line_of(index, "items", "author"),
            )


def _is_advertisement(item: Item) -> bool:
    """Whether `(ad)`, `(sponsored)` or the like stands behind the title: it is marked as nobody's article."""
    return _ADVERTISEMENT.match(blocks_text(item.blocks[:1]).lstrip()) is not None


@rule("ST125", "item-picture", "Items have a picture", "figures", gap=True)
def item_picture(context: CheckContext) -> Iterator[Diagnostic]:
    """ST125: an item has no picture, or one where none is wanted."""
    for index, place, item, wanted in wanted_items(context):
        if wanted.picture is Need.OPTIONAL:
            continue
        pictures = list(images_in(item))
        if wanted.picture is Need.REQUIRED and not pictures:
            yield context.found(
                "ST125",
                item.title_span,
                f"{called(item, place)} has no picture",
                label=f"{context.asker} asks for one",
                about=context.line_of(index, "items", "picture"),
            )
        elif wanted.picture is Need.FORBIDDEN and pictures:
            yield context.found(
                "ST125",
                pictures[0].span,
                f"{called(item, place)} has {count_of(len(pictures), 'picture')}",
                label=f"{context.asker} has none here",
                about=context.line_of(index, "items", "picture"),
            )


# ── ST: how long items are, what they end with, and where their titles lead ───────────────────────────────────────────


_STOPS = ".。．｡।!?！？…‽"
_FULL_STOPS = ".。．｡"
_CLOSERS = "\"'”’»)]）」』】*_"
_ABBREVIATION = late(r"(?:\b(?:etc|inc|ltd|co|corp|jr|sr|al|vs|no|st|bros)|(?:^|\W)\w|\.\w+|\.)\.$", re.IGNORECASE)
"""What ends in a full stop that is the word's own: Inc., e.g., J., v1.2., and an ellipsis of dots."""


@rule("ST135", "item-length", "Titles and items have as many characters as asked", "text")
def item_length(context: CheckContext) -> Iterator[Diagnostic]:
    """ST135: a title, or an item as a whole, has too many characters, or too few."""
    for index, place, item, wanted in wanted_items(context):
        title = " ".join(plain_text(item.title).split())
        if HINT.search(title):
            continue
        if not wanted.title.free and len(title) not in wanted.title:
            message = (
                f"{context.asker} asks for {asked(wanted.title, 'character')} in the title of {called(item, place)}"
            )
            about = context.line_of(index, "items", "title")
            yield context.found("ST135", item.title_span, f"{message}, it has {len(title)}", about=about)
        if not wanted.length.free:
            length = len(" ".join(f"{title} {blocks_text(item.blocks)}".split()))
            if length not in wanted.length:
                message = f"{context.asker} asks for {asked(wanted.length, 'character')} in {called(item, place)}"
                about = context.line_of(index, "items", "length")
                yield context.found("ST135", item.title_span, f"{message}, it has {length}", about=about)


@rule("ST136", "full-stop", "Items end in a full stop, or in none, as asked", "text", fixable=True)
def full_stop(context: CheckContext) -> Iterator[Diagnostic]:
    """ST136: an item does not end in a full stop where it should, or does where it should not."""
    for index, place, item, wanted in wanted_items(context):
        end = _end(context, item) if wanted.full_stop is not Need.OPTIONAL else None
        text = end.text.rstrip() if end is not None else ""
        if end is None or not text or HINT.search(text):
            continue
        bare = text.rstrip(_CLOSERS)
        span = _last_character(context, end, len(text))
        if wanted.full_stop is Need.REQUIRED and bare[-1:] not in _STOPS and text[-1] not in _STOPS + ":：":
            yield context.found(
                "ST136",
                span or item.title_span,
                f"{called(item, place)} does not end in a full stop",
                label=f"{context.asker} asks for one",
                about=context.line_of(index, "items", "full_stop"),
            )
        elif wanted.full_stop is Need.FORBIDDEN and text[-1] in _FULL_STOPS and not _ABBREVIATION.search(text):
            yield context.found(
                "ST136",
                span or item.title_span,
                f"{called(item, place)} ends in a full stop",
                label=f"{context.asker} has none here",
                fix=Fix((Edit(span, ""),), "take out the full stop") if span else None,
                about=context.line_of(index, "items", "full_stop"),
            )


def _end(context: CheckContext, item: Item) -> Text | None:
    """The text that an item ends with; None where it ends in something that takes no full stop."""
    if item.blocks:
        return _end_of_blocks(item.blocks)
    # A full stop right behind the title belongs to neither title nor text.
    behind = context.source.text[item.title_span.end : item.span.end].rstrip()
    if behind[-1:] and behind[-1] in _STOPS:
        at = item.title_span.end + len(behind) - 1
        return Text(behind[-1], context.span(at, at + 1))
    return _end_of_inlines(item.title)


def _end_of_blocks(blocks: Sequence[Block]) -> Text | None:
    last = blocks[-1] if blocks else None
    if isinstance(last, Paragraph):
        return _end_of_inlines(last.inlines)
    if isinstance(last, List) and len(blocks) > 1 and isinstance(blocks[-2], Paragraph):
        return None  # a list within an item ends as lists do
    return None


def _end_of_inlines(inlines: Sequence[Inline]) -> Text | None:
    for inline in reversed(inlines):
        if isinstance(inline, Text):
            if inline.text.strip():
                return inline
        elif isinstance(inline, (Emphasis, Strong, Strikethrough)):
            return _end_of_inlines(inline.inlines)
        else:
            # A link, code or picture: there is no full stop, as far as it can be told.
            return Text(inline.text if isinstance(inline, Code) else plain_text((inline,)), inline.span)
    return None


def _last_character(context: CheckContext, end: Text, length: int) -> Span | None:
    """Where the last character of a text stands; None where the source says the text otherwise."""
    at = end.span.start + length - 1
    if end.span.end - end.span.start == len(end.text) and context.source.text[at] == end.text[length - 1]:
        return context.span(at, at + 1)
    return None


@rule("ST139", "bold-title", "Titles are in bold, or not, as asked", "structure")
def bold_title(context: CheckContext) -> Iterator[Diagnostic]:
    """ST139: a title is not in bold, or is where that is not wanted."""
    for index, place, item, wanted in wanted_items(context):
        if wanted.bold is Need.OPTIONAL or not item.title or not item.title_span.end:
            continue
        if wanted.bold is Need.REQUIRED and not item.bold:
            yield context.found(
                "ST139",
                item.title_span,
                f"the title of {called(item, place)} is not in bold",
                label=f"{context.asker} asks for `**title**`",
                about=context.line_of(index, "items", "bold"),
            )
        elif wanted.bold is Need.FORBIDDEN and item.bold:
            yield context.found(
                "ST139",
                item.title_span,
                f"the title of {called(item, place)} is in bold",
                label="without here",
                about=context.line_of(index, "items", "bold"),
            )


@rule("ST137", "link-kind", "Titles lead to the kind of place asked for", "structure")
def link_kind(context: CheckContext) -> Iterator[Diagnostic]:
    """ST137: a title leads to another kind of place than the house format asks for."""
    kinds = context.house.links.kinds
    for index, place, item, wanted in wanted_items(context):
        if not wanted.link_kinds or item.link is None or HINT.search(item.link.href):
            continue
        domains = [domain for kind in wanted.link_kinds for domain in kinds.get(kind, ())]
        if domains and not any(_is_of(item.link.href, domain) for domain in domains):
            listed = ", ".join(domains[:4]) + (", …" if len(domains) > 4 else "")
            yield context.found(
                "ST137",
                item.link.href_span if item.link.href_span.end else item.link.span,
                f"{called(item, place)} links to {quoted(_host(item.link.href) or item.link.href, 40)}",
                label=f"{context.asker} asks for {' or '.join(wanted.link_kinds)} here: {listed}",
                about=context.line_of(index, "items", "links_to"),
            )


def _is_of(href: str, domain: str) -> bool:
    """Whether an address is on a domain, or one below it; where the domain has a path, below that path."""
    host, _, path = domain.partition("/")
    here = _host(href)
    if here != host and not here.endswith("." + host):
        return False
    below = _path(href)
    return not path or below == path or below.startswith(path.rstrip("/") + "/")


def _host(href: str) -> str:
    try:
        return (urlsplit(href).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _path(href: str) -> str:
    try:
        return urlsplit(href).path.strip("/").lower()
    except ValueError:
        return ""
