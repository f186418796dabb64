"""From an issue to what inferring looks at. Everything is measured as the rules measure it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.infer.seen import Seen, SeenItem, SeenSection
from newsletter.issue.items import items_of
from newsletter.model import Code, Image, ItemShape, Link, Paragraph, Text
from newsletter.walk import (
    blocks_text,
    count_words,
    figures_in,
    images_in,
    plain_text,
    walk_inlines,
    words_in,
    words_in_issue,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.issue.source import Source
    from newsletter.model import Block, Issue, Item, Section

PLACEHOLDER = re.compile(
    r"\b(?:INSERT|REPLACE|YOUR|PUT|ADD|FILL)(?:_[A-Z]+)+\b"
    r"|\b[A-Z]+_(?:[A-Z]+_)*(?:HERE|PLACEHOLDER|TODO|TBD)\b"
    r"|\bLorem ipsum\b"
)
_CATEGORY = re.compile(r"\s*([^:：]{2,40}?)\s*[:：]\s*(?=\S)")
_STOPS = tuple(".!?…。！？")
_CLOSING = "\"'”’»)]*_"
_LONGEST = 1500
"""Characters of a paragraph that may be standing matter."""


def observe(issue: Issue, source: Source, name: str) -> Seen:
    """What inferring looks at of an issue; `name` is that of its folder or file."""
    return Seen(
        path=issue.path,
        name=name,
        number=issue.number,
        date=issue.date.date() if issue.date else None,
        language=issue.language,
        front=issue.front.values,
        words=words_in_issue(issue),
        opening=words_in(issue.opening),
        opened=bool(issue.opening),
        paragraphs=tuple(_paragraphs(issue.opening, source)),
        sections=tuple(_section(section, source) for section in issue.sections),
        figures=tuple(
            (bool(plain_text(figure.caption).strip()), bool(plain_text(figure.credit).strip()))
            for figure in figures_in(issue)
        ),
        placeholders=tuple(dict.fromkeys(_placeholders(issue))),
    )


def _paragraphs(blocks: tuple[Block, ...], source: Source) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph) and block.span.end - block.span.start <= _LONGEST:
            yield " ".join(source.text[block.span.start : block.span.end].split())


def _section(section: Section, source: Source) -> SeenSection:
    items = {shape: tuple(map(_item, items_of(section, shape))) for shape in ItemShape}
    return SeenSection(
        heading=plain_text(section.title),
        words=words_in(section.blocks) + sum(words_in(item.blocks) for item in section.items),
        figures=len(list(figures_in(section))),
        items={shape: found for shape, found in items.items() if found},
        first=next(_paragraphs(section.blocks[:1], source), ""),
    )


def _item(item: Item) -> SeenItem:
    title = plain_text(item.title)
    category = _CATEGORY.match(title)
    said = (blocks_text(item.blocks) or title).rstrip().rstrip(_CLOSING)
    return SeenItem(
        words=words_in(item.blocks) if item.blocks else None,
        title=count_words(title),
        linked=item.link is not None,
        author=bool(item.author),
        picture=next(images_in(item), None) is not None,
        number=item.number,
        category=category[1] if category else "",
        stopped=said.endswith(_STOPS),
    )


def _placeholders(issue: Issue) -> Iterator[str]:
    for inline in walk_inlines(issue):
        if isinstance(inline, Code):
            continue
        for text in _texts(inline):
            yield from PLACEHOLDER.findall(text)


def _texts(inline: object) -> Iterator[str]:
    if isinstance(inline, Text):
        yield inline.text
    elif isinstance(inline, Link):
        yield inline.href
    elif isinstance(inline, Image):
        yield inline.src
        yield inline.alt
