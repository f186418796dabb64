"""ST: the items of a section: how many, their numbers, and what the house format asks of each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsletter.check.rule import rule
from newsletter.check.rules.structure.sections import is_empty
from newsletter.check.wording import asked, count_of, quoted, section_called
from newsletter.diagnostics import Edit, Fix
from newsletter.hints import HINT
from newsletter.house.format import Need
from newsletter.house.headings import fold
from newsletter.house.keys import ITEM
from newsletter.late import late
from newsletter.markdown.items import items_of
from newsletter.model import Code, Emphasis, ItemShape, Paragraph, Section, Strikethrough, Strong, Text
from newsletter.records import dataclass
from newsletter.suggest import did_you_mean
from newsletter.walk import blocks_text, images_in, plain_text, under_headings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.check.context import CheckContext
    from newsletter.diagnostics import Diagnostic
    from newsletter.house.format import ItemFormat, SectionFormat
    from newsletter.model import Inline, Item, Span

_NUMBER = re.compile(r"[\[*_~ ]*(?P<number>[0-9０-９]{1,3})(?P<behind>[.)] |[、．）]|[.)](?=[^\x00-\u02ff]))")
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_CATEGORY = re.compile(r"\s*(?P<category>[^:：]+?)\s*[:：]\s*(?=\S)")
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

_ADVERTISEMENT = re.compile(r"\((?:ad|advert|advertisement|sponsor|sponsored)\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WantedItem:
    """An item of a section that the house format has, and the requirements for it."""

    context: CheckContext
    section: int
    """The index of its section."""
    place: int
    """Its place in that section, from 1."""
    item: Item
    wanted: ItemFormat

    @property
    def called(self) -> str:
        """The item in messages: by its number, else by its place."""
        return f"item {self.place if self.item.number is None else self.item.number}"

    def found(
        self,
        code: str,
        key: str,
        message: str,
        span: Span | None = None,
        *,
        label: str = "",
        advice: str = "",
        fix: Fix | None = None,
    ) -> Diagnostic:
        """A finding in its title, or at `span`; `key` is the key of the requirement, below `items`."""
        about = self.context.line_of(self.section, "items", *self._last_of(key), key)
        return self.context.found(
            code, span or self.item.title_span, message, label=label, advice=advice, fix=fix, about=about
        )

    def _last_of(self, key: str) -> tuple[str, ...]:
        """The key `last`, if the requirement is one for the last item."""
        section = self.context.matched[self.section]
        items = section.items if section is not None else None
        field = _FIELDS.get(key, key)
        if items is None or self.wanted is not items.last or not hasattr(items, field):
            return ()
        return () if getattr(items, field) == getattr(items.last, field) else ("last",)


_FIELDS = {key.name: key.fills for key in ITEM}


def wanted_items(context: CheckContext) -> Iterator[WantedItem]:
    """The items for which the house format has requirements, in order."""
    for index, _, wanted in context.wanted_sections():
        yield from _items_of(context, index, wanted)


def _items_of(context: CheckContext, index: int, section: SectionFormat) -> Iterator[WantedItem]:
    items, wanted = context.items[index], section.items
    if wanted is None:
        return
    for place, item in enumerate(items, start=1):
        # The last item may have other requirements, if it is not the only one.
        last = wanted.last if place == len(items) > 1 else None
        yield WantedItem(context, index, place, item, last or wanted)


@rule("ST104", "unlinked-title", "Titles of items are links", "structure", keys=("sections.NAME.items.link",))
def unlinked_title(context: CheckContext) -> Iterator[Diagnostic]:
    """ST104: an item's title has no link, or has one although the house format wants none."""
    for one in wanted_items(context):
        item, link = one.item, one.item.link
        if one.wanted.link is Need.REQUIRED and link is None:
            label = f"{context.asker} asks for {_LINKED[item.shape]} here"
            yield one.found("ST104", "link", f"{one.called} has no link in its title", label=label)
        elif one.wanted.link is Need.FORBIDDEN and link is not None:
            label = f"{context.asker} has titles without links"
            yield one.found("ST104", "link", f"{one.called} has a link in its title", link.span, label=label)


@rule(
    "ST107",
    "item-count",
    "Sections have as many items as the house format asks for",
    "structure",
    gap=True,
    keys=("sections.NAME.items.count", "sections.NAME.items.entries"),
)
def item_count(context: CheckContext) -> Iterator[Diagnostic]:
    """ST107: a section has too few or too many items, or a round-up too few or too many entries."""
    for index, section, wanted in context.wanted_sections():
        count = len(context.items[index])
        if wanted.items is not None and count not in wanted.items.count and not is_empty(context, index):
            yield context.found(
                "ST107",
                section.title_span,
                f"{context.asker} asks for {asked(wanted.items.count, 'item')} here, this has {count or 'none'}",
                label="" if count else f"write each as {_SHAPES[wanted.items.shape]}",
                about=context.line_of(index, "items", "count"),
            )
    for one in wanted_items(context):
        bounds = one.wanted.inner
        entries = 0 if bounds.free else entries_in(one.item)
        if not bounds.free and entries not in bounds:
            message = f"{context.asker} asks for {asked(bounds, 'entry')} in this round-up, it has {entries or 'none'}"
            label = "" if entries else "write each as a bullet, with a bold lead or under a sub-heading"
            yield one.found("ST107", "entries", message, label=label)


def entries_in(item: Item) -> int:
    """The number of short entries in a round-up: those under sub-headings, else bullets, else paragraphs with a bold beginning."""
    _, headed = under_headings(item.blocks)
    if headed:
        return len(headed)
    body = Section(title=(), blocks=item.blocks)
    return max(len(items_of(body, shape)) for shape in (ItemShape.BULLET, ItemShape.LEAD))


@rule(
    "ST109",
    "item-number",
    "Items are numbered 1, 2, 3 …",
    "structure",
    fixable=True,
    keys=("sections.NAME.items.numbered",),
)
def item_number(context: CheckContext) -> Iterator[Diagnostic]:
    """ST109: an item's number is not the next one after the item above. A gap is reported once, at its beginning."""
    for index, section, wanted in context.wanted_sections():
        numbered = [one for one in _items_of(context, index, wanted) if one.wanted.numbered]
        fix = _renumbered(context, [one.item for one in numbered])
        if numbered and all(one.item.number is None for one in numbered):
            message = f"the items of {section_called(section)} have no numbers"
            label = f"{context.asker} asks for `1.`, `2.`, `3.` …"
            yield numbered[0].found("ST109", "numbered", message, label=label, fix=fix)
        else:
            yield from _out_of_sequence(numbered, fix)


def _out_of_sequence(numbered: Sequence[WantedItem], fix: Fix | None) -> Iterator[Diagnostic]:
    last = 0
    for count, one in enumerate(numbered, start=1):
        # Two numbers are right: the one after the number above, and the item's place. So one wrong number is one finding.
        # was meant, one wrong number is one finding.
        number = one.item.number
        if number is None:
            label = f"{count}. is expected here"
            yield one.found("ST109", "numbered", "the item has no number", label=label, fix=fix)
        elif number not in (last + 1, count):
            message = f"item {number} follows item {last}" if last else f"the first item has number {number}"
            yield one.found("ST109", "numbered", message, label=f"{last + 1}. is expected here", fix=fix)
        last = count if number is None else number


def _renumbered(context: CheckContext, items: Sequence[Item]) -> Fix | None:
    """The fix that numbers the items of a section 1, 2, 3 …; None if they have these numbers."""
    edits = []
    found = [_number(context, item) for item in items]
    behind = next((match["behind"] for match in found if match), ". ")
    for count, (item, match) in enumerate(zip(items, found, strict=True), start=1):
        if item.number == count:
            continue
        edit = _new_number(context, item, count, match, behind)
        if edit is None:
            return None
        edits.append(edit)
    return Fix(tuple(edits), f"number the items from 1 to {len(items)}") if edits else None


def _number(context: CheckContext, item: Item) -> re.Match[str] | None:
    """The span of an item's number."""
    start = item.title_span.start if item.shape is ItemShape.HEADING else item.span.start
    match = _NUMBER.match(context.source.text, start)
    return match if match and int(match["number"]) == item.number else None


def _new_number(context: CheckContext, item: Item, count: int, match: re.Match[str] | None, behind: str) -> Edit | None:
    heading = item.shape is ItemShape.HEADING
    if match is None:
        place = item.title_span.start
        return Edit(context.span(place, place), f"{count}{behind}") if heading and item.number is None else None
    number = str(count).translate(_WIDE) if match["number"][0] >= "０" else str(count)
    # The text of a list entry is indented as far as its first line begins. A longer number would change that.
    several_lines = "\n" in context.source.text[item.span.start : item.span.end]
    if not heading and several_lines and len(number) > len(match["number"]):
        return None
    return Edit(context.span(match.start("number"), match.end("number")), number)


@rule("ST114", "item-category", "Titles begin with a category", "structure", keys=("sections.NAME.items.categories",))
def category(context: CheckContext) -> Iterator[Diagnostic]:
    """ST114: a title does not begin with a category, or not with one of the list."""
    for one in wanted_items(context):
        title, categories = plain_text(one.item.title), one.wanted.categories
        if categories is None or HINT.search(title):
            continue
        match = _CATEGORY.match(title)
        if match is None:
            label = f"{context.asker} asks for `Category: headline`"
            yield one.found("ST114", "categories", f"{one.called} has no category", label=label)
        elif categories and match["category"] not in categories:
            yield one.found(
                "ST114",
                "categories",
                f"{context.asker} has no category {quoted(match['category'])}",
                label="one of " + ", ".join(categories),
                advice=did_you_mean(match["category"], categories),
            )


_TAG = late(r"\s*[\[［【](?P<tag>[^\[\]［］【】\n]{1,30})[\]］】]")


@rule(
    "ST172",
    "title-tag",
    "The house format lists each tag at the start of a title",
    "structure",
    keys=("sections.NAME.items.tags",),
)
def title_tag(context: CheckContext) -> Iterator[Diagnostic]:
    """ST172: a title begins with a tag in brackets that the house format does not have."""
    for one in wanted_items(context):
        title, tags, at = plain_text(one.item.title), one.wanted.tags, 0
        while tags is not None and (match := _TAG.match(title, at)):
            at, tag = match.end(), fold(match["tag"])
            if tag in tags or HINT.search(tag):
                continue
            label = "one of " + ", ".join(f"[{each}]" for each in tags) if tags else "titles have no tags here"
            advice = did_you_mean(tag, tags)
            yield one.found("ST172", "tags", f"{context.asker} has no tag `[{tag}]`", label=label, advice=advice)


@rule("ST115", "item-author", "Items name their author", "structure", keys=("sections.NAME.items.author",))
def item_author(context: CheckContext) -> Iterator[Diagnostic]:
    """ST115: an item has no author, or has one although the house format wants none.

    The author comes after the linked title. If the link is missing, only that is reported (ST104).
    """
    for one in wanted_items(context):
        item, wanted = one.item, one.wanted
        reported = wanted.link is Need.REQUIRED and item.link is None
        if wanted.author is Need.REQUIRED and not (item.author or reported or _is_advertisement(item)):
            label = f"{context.asker} asks for `[title](source) by Author`"
            yield one.found("ST115", "author", f"{one.called} names no author", label=label)
        elif wanted.author is Need.FORBIDDEN and item.author:
            yield one.found(
                "ST115", "author", f"{one.called} names an author", label=f"{context.asker} allows none here"
            )


def _is_advertisement(item: Item) -> bool:
    """Whether `(ad)`, `(sponsored)` or the like follows the title, and marks the item as an advertisement."""
    return _ADVERTISEMENT.match(blocks_text(item.blocks[:1]).lstrip()) is not None


@rule("ST125", "item-picture", "Items have a picture", "figures", gap=True, keys=("sections.NAME.items.picture",))
def item_picture(context: CheckContext) -> Iterator[Diagnostic]:
    """ST125: an item has no picture, or has one although the house format wants none."""
    for one in wanted_items(context):
        need = one.wanted.picture
        pictures = [] if need is Need.OPTIONAL else list(images_in(one.item))
        if need is Need.REQUIRED and not pictures:
            yield one.found("ST125", "picture", f"{one.called} has no picture", label=f"{context.asker} asks for one")
        elif need is Need.FORBIDDEN and pictures:
            message, label = (
                f"{one.called} has {count_of(len(pictures), 'picture')}",
                f"{context.asker} allows none here",
            )
            yield one.found("ST125", "picture", message, pictures[0].span, label=label)


_STOPS = ".。．｡।!?！？…‽"
_FULL_STOPS = ".。．｡"
_CLOSERS = "\"'”’»)]）」』】*_"
_ABBREVIATION = late(r"(?:\b(?:etc|inc|ltd|co|corp|jr|sr|al|vs|no|st|bros)|(?:^|\W)\w|\.\w+|\.)\.$", re.IGNORECASE)
"""Words that end in a full stop: Inc., e.g., J., v1.2., and an ellipsis of dots."""


@rule(
    "ST135",
    "item-length",
    "Titles and items have as many characters as the house format sets",
    "text",
    keys=("sections.NAME.items.title", "sections.NAME.items.length"),
)
def item_length(context: CheckContext) -> Iterator[Diagnostic]:
    """ST135: a title, or an item as a whole, has too many characters, or too few."""
    for one in wanted_items(context):
        title = " ".join(plain_text(one.item.title).split())
        if HINT.search(title):
            continue
        whole = len(" ".join(f"{title} {blocks_text(one.item.blocks)}".split())) if not one.wanted.length.free else 0
        for key, bounds, length, where in (
            ("title", one.wanted.title, len(title), f"the title of {one.called}"),
            ("length", one.wanted.length, whole, one.called),
        ):
            if key == "title" and bounds.maximum == 0 and length:
                yield one.found("ST135", key, f"{one.called} has a title", label=f"{context.asker} allows none here")
            elif not bounds.free and length not in bounds:
                message = f"{context.asker} asks for {asked(bounds, 'character')} in {where}, it has {length}"
                yield one.found("ST135", key, message)


@rule(
    "ST136",
    "full-stop",
    "Items end in a full stop, or do not, as the house format says",
    "text",
    fixable=True,
    keys=("sections.NAME.items.full_stop",),
)
def full_stop(context: CheckContext) -> Iterator[Diagnostic]:
    """ST136: an item does not end in a full stop where the house format wants one, or ends in one where it wants none."""
    for one in wanted_items(context):
        need = one.wanted.full_stop
        end = _end(context, one.item) if need is not Need.OPTIONAL else None
        text = end.text.rstrip() if end is not None else ""
        if end is None or not text or HINT.search(text):
            continue
        span = _last_character(context, end, len(text))
        if need is Need.REQUIRED and text.rstrip(_CLOSERS)[-1:] not in _STOPS and text[-1] not in _STOPS + ":：":
            message, label = f"{one.called} does not end in a full stop", f"{context.asker} asks for one"
            yield one.found("ST136", "full_stop", message, span, label=label)
        elif need is Need.FORBIDDEN and text[-1] in _FULL_STOPS and not _ABBREVIATION.search(text):
            message, label = f"{one.called} ends in a full stop", f"{context.asker} allows none here"
            fix = Fix((Edit(span, ""),), "remove the full stop") if span else None
            yield one.found("ST136", "full_stop", message, span, label=label, fix=fix)


def _end(context: CheckContext, item: Item) -> Text | None:
    """The last text of an item; None if the item ends in something that takes no full stop, such as a list."""
    if item.blocks:
        last = item.blocks[-1]
        return _end_of_inlines(last.inlines) if isinstance(last, Paragraph) else None
    # A full stop right after the title is part of neither title nor text.
    behind = context.source.text[item.title_span.end : item.span.end].rstrip()
    if behind[-1:] and behind[-1] in _STOPS:
        at = item.title_span.end + len(behind) - 1
        return Text(behind[-1], context.span(at, at + 1))
    return _end_of_inlines(item.title)


def _end_of_inlines(inlines: Sequence[Inline]) -> Text | None:
    for inline in reversed(inlines):
        if isinstance(inline, Text):
            if inline.text.strip():
                return inline
        elif isinstance(inline, (Emphasis, Strong, Strikethrough)):
            return _end_of_inlines(inline.inlines)
        else:
            # A link, code or picture: no full stop can be seen.
            return Text(inline.text if isinstance(inline, Code) else plain_text((inline,)), inline.span)
    return None


def _last_character(context: CheckContext, end: Text, length: int) -> Span | None:
    """The offset of the last character of a text; None if the source writes that character in another way."""
    at = end.span.start + length - 1
    if end.span.end - end.span.start == len(end.text) and context.source.text[at] == end.text[length - 1]:
        return context.span(at, at + 1)
    return None


@rule(
    "ST139",
    "bold-title",
    "Titles are bold, or not, as the house format says",
    "structure",
    keys=("sections.NAME.items.bold",),
)
def bold_title(context: CheckContext) -> Iterator[Diagnostic]:
    """ST139: a title is not in bold, or is in bold although the house format wants that not."""
    for one in wanted_items(context):
        need, item = one.wanted.bold, one.item
        if need is Need.OPTIONAL or not item.title or not item.title_span.end:
            continue
        if need is Need.REQUIRED and not item.bold:
            label = f"{context.asker} asks for `**title**`"
            yield one.found("ST139", "bold", f"the title of {one.called} is not in bold", label=label)
        elif need is Need.FORBIDDEN and item.bold:
            yield one.found(
                "ST139", "bold", f"the title of {one.called} is in bold", label=f"{context.asker} allows none here"
            )


@rule(
    "ST137",
    "link-kind",
    "Titles link to the sites that the house format sets",
    "structure",
    keys=("sections.NAME.items.links_to", "links.kinds"),
)
def link_kind(context: CheckContext) -> Iterator[Diagnostic]:
    """ST137: a title links to another kind of address than the house format asks for."""
    kinds = context.house.links.kinds
    for one in wanted_items(context):
        wanted, link = one.wanted.link_kinds, one.item.link
        if not wanted or link is None or HINT.search(link.href):
            continue
        domains = [domain for kind in wanted for domain in kinds.get(kind, ())]
        if domains and not any(_is_of(link.href, domain) for domain in domains):
            listed = ", ".join(domains[:4]) + (", …" if len(domains) > 4 else "")
            message = f"{one.called} links to {quoted(_split(link.href)[0] or link.href, 40)}"
            label = f"{context.asker} asks for {' or '.join(wanted)} here: {listed}"
            yield one.found(
                "ST137", "links_to", message, link.href_span if link.href_span.end else link.span, label=label
            )


def _is_of(href: str, domain: str) -> bool:
    """Whether an address is on a domain or its subdomains; if `domain` has a path, below that path."""
    host, _, path = domain.partition("/")
    here, below = _split(href)
    if here != host and not here.endswith("." + host):
        return False
    return not path or below == path or below.startswith(path.rstrip("/") + "/")


def _split(href: str) -> tuple[str, str]:
    """Host and path of an address; both empty if it is not valid."""
    try:
        parts = urlsplit(href)
        return (parts.hostname or "").removeprefix("www."), parts.path.strip("/").lower()
    except ValueError:
        return "", ""
