"""ST: how long items are, what they end with, and where their titles lead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsletter.check.items import called, wanted_items
from newsletter.check.wording import asked, quoted
from newsletter.diagnostics import Edit, Fix
from newsletter.hints import HINT
from newsletter.house.format import Need
from newsletter.late import late
from newsletter.model import Code, Emphasis, List, Paragraph, Strikethrough, Strong, Text
from newsletter.walk import blocks_text, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.check.base import CheckContext
    from newsletter.diagnostics import Diagnostic
    from newsletter.model import Block, Inline, Item, Span

_STOPS = ".。．｡।!?！？…‽"
_FULL_STOPS = ".。．｡"
_CLOSERS = "\"'”’»)]）」』】*_"
_ABBREVIATION = late(r"(?:\b(?:etc|inc|ltd|co|corp|jr|sr|al|vs|no|st|bros)|(?:^|\W)\w|\.\w+|\.)\.$", re.IGNORECASE)
"""What ends in a full stop that is the word's own: Inc., e.g., J., v1.2., and an ellipsis of dots."""


def item_length(context: CheckContext) -> Iterator[Diagnostic]:
    """ST135: a title, or an item as a whole, has too many characters, or too few."""
    for _, place, item, wanted in wanted_items(context):
        title = " ".join(plain_text(item.title).split())
        if HINT.search(title):
            continue
        if not wanted.title.free and len(title) not in wanted.title:
            message = (
                f"{context.asker} asks for {asked(wanted.title, 'character')} in the title of {called(item, place)}"
            )
            yield context.found("ST135", item.title_span, f"{message}, it has {len(title)}")
        if not wanted.length.free:
            length = len(" ".join(f"{title} {blocks_text(item.blocks)}".split()))
            if length not in wanted.length:
                message = f"{context.asker} asks for {asked(wanted.length, 'character')} in {called(item, place)}"
                yield context.found("ST135", item.title_span, f"{message}, it has {length}")


def full_stop(context: CheckContext) -> Iterator[Diagnostic]:
    """ST136: an item does not end in a full stop where it should, or does where it should not."""
    for _, place, item, wanted in wanted_items(context):
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
            )
        elif wanted.full_stop is Need.FORBIDDEN and text[-1] in _FULL_STOPS and not _ABBREVIATION.search(text):
            yield context.found(
                "ST136",
                span or item.title_span,
                f"{called(item, place)} ends in a full stop",
                label=f"{context.asker} has none here",
                fix=Fix((Edit(span, ""),), "take out the full stop") if span else None,
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


def bold_title(context: CheckContext) -> Iterator[Diagnostic]:
    """ST139: a title is not in bold, or is where that is not wanted."""
    for _, place, item, wanted in wanted_items(context):
        if wanted.bold is Need.OPTIONAL or not item.title or not item.title_span.end:
            continue
        if wanted.bold is Need.REQUIRED and not item.bold:
            yield context.found(
                "ST139",
                item.title_span,
                f"the title of {called(item, place)} is not in bold",
                label=f"{context.asker} asks for `**title**`",
            )
        elif wanted.bold is Need.FORBIDDEN and item.bold:
            yield context.found(
                "ST139", item.title_span, f"the title of {called(item, place)} is in bold", label="without here"
            )


def link_kind(context: CheckContext) -> Iterator[Diagnostic]:
    """ST137: a title leads to another kind of place than the house format asks for."""
    kinds = context.house.links.kinds
    for _, place, item, wanted in wanted_items(context):
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
