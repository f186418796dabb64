"""The entries of a contents list (items, sections, or the categories of items) and its heading."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.house.headings import field_value
from newsletter.house.patterns import pieces
from newsletter.model import Opener, Text
from newsletter.render.letter import ContentsEntry
from newsletter.walk import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.language import Language
    from newsletter.model import Issue, Item, Section

_CATEGORY = re.compile(r"\s*([^:：]+?)\s*[:：]\s*(?=\S)")


def contents_of(sections: Sequence[Section], what: str) -> tuple[ContentsEntry, ...]:
    """The entries of a contents list of `items`, `sections` or `categories`."""
    if what == "sections":
        headed = (one for one in sections if one.opener is Opener.HEADING and one.title)
        return tuple(ContentsEntry(section.title, section.anchor) for section in headed)
    items = [item for section in sections for item in section.items if item.anchor and item.title]
    if what == "categories":
        return tuple(_categories(items))
    return tuple(ContentsEntry(item.title, item.anchor, item.number) for item in items)


def _categories(items: Sequence[Item]) -> Iterator[ContentsEntry]:
    """Each category once, with a link to its first item; an item without a category has its own entry."""
    seen: set[str] = set()
    for item in items:
        title = plain_text(item.title)
        found = _CATEGORY.match(title)
        category = found[1] if found else title
        if category.casefold() not in seen:
            seen.add(category.casefold())
            yield ContentsEntry((Text(category),), item.anchor)


def contents_heading(pattern: str, issue: Issue, language: Language) -> str:
    """Its heading in this issue. Fields without a value are left out."""
    parts = ((field_value(piece, issue, language) or "") if piece.field else piece.plain for piece in pieces(pattern))
    return " ".join("".join(parts).split())
