"""Measures an issue for inference, in the same way as the rules do."""

from __future__ import annotations

import re
from dataclasses import field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsletter.check.rules.structure.items import entries_in
from newsletter.check.rules.structure.quotations import quotations_in
from newsletter.house.headings import fold
from newsletter.markdown.items import items_of
from newsletter.model import Code, Directive, Heading, Image, ItemShape, Link, List, Opener, Paragraph, Quotation, Text
from newsletter.records import dataclass
from newsletter.walk import (
    blocks_text,
    count_words,
    figures_in,
    images_in,
    plain_text,
    top_blocks,
    walk_inlines,
    words_in,
    words_in_issue,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from newsletter.markdown.source import Source
    from newsletter.model import Block, Issue, Item, Section


@dataclass(frozen=True, slots=True)
class SeenItem:
    """An item, in one of the shapes in which the section can be parsed."""

    words: int | None
    """The number of words below the title; None if there is no text."""
    title: int
    """The number of words in the title."""
    linked: bool
    author: bool
    picture: bool
    number: int | None
    category: str
    """The text before a colon in the title."""
    stopped: bool
    """Whether it ends in a full stop or the like."""
    bold: bool = False
    """Whether its title is in bold."""
    entries: int = 0
    """The number of short entries, if it is a round-up."""
    host: str = ""
    """The domain of its title's link, without `www.`; "" for a link within the publication."""


@dataclass(frozen=True, slots=True)
class SeenSection:
    """One section."""

    heading: str
    words: int
    figures: int
    items: Mapping[ItemShape, tuple[SeenItem, ...]] = field(default_factory=dict)
    """The items by the shape in which they are parsed. Shapes without items are left out."""
    first: str = ""
    """Its first paragraph as readers see it; "" if it begins with something else."""
    level: int = 0
    """The level of its heading, if that differs from other sections."""
    paragraphs: tuple[str, ...] = ()
    """The texts after it that may be standing matter: its last paragraphs, quotations and directives, as written."""
    listed: bool = False
    """Whether a list of its items comes before the first item."""
    texts: tuple[str, ...] = ()
    """All its paragraphs as written, each on one line."""


@dataclass(frozen=True, slots=True)
class SeenGroup:
    """A heading above sections."""

    heading: str
    first: int
    """The index of the section that follows it."""
    level: int = 1
    beside: bool = False
    """Whether it has the level of the sections, and those under it the level below."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One issue."""

    path: str
    name: str
    """The name of its folder or file."""
    number: int | None = None
    date: date | None = None
    language: str = "en"
    front: Mapping[str, object] = field(default_factory=dict)
    words: int = 0
    opening: int = 0
    """The number of words before the first section."""
    opened: bool = False
    """Whether there is an opening."""
    first: str = ""
    """The first paragraph of the opening as readers see it."""
    paragraphs: tuple[str, ...] = ()
    """The paragraphs of the opening as written, each on one line."""
    texts: tuple[str, ...] = ()
    """The paragraphs as in `paragraphs`, with those in lists and quotations."""
    comments: tuple[str, ...] = ()
    """The comments in the text, as written: `<!--excerpt-->`."""
    authors: tuple[str, ...] = ()
    """The names of its authors."""
    closing: tuple[str, ...] = ()
    """The last paragraphs, quotations and directives of the issue, as written."""
    sections: tuple[SeenSection, ...] = ()
    figures: tuple[tuple[bool, bool], ...] = ()
    """For each figure, whether it has a caption and a credit."""
    quotations: tuple[bool, ...] = ()
    """For each quotation, whether it has a source."""
    above: tuple[SeenGroup, ...] = ()
    """The headings that may be those of groups."""
    placeholders: tuple[str, ...] = ()
    """Texts that look like placeholders."""
    listed: bool = False
    """Whether the opening has a list of all items."""


PLACEHOLDER = re.compile(
    r"\b(?:INSERT|REPLACE|YOUR|PUT|ADD|FILL)(?:_[A-Z]+)+\b"
    r"|\b[A-Z]+_(?:[A-Z]+_)*(?:HERE|PLACEHOLDER|TODO|TBD)\b"
    r"|\bLorem ipsum\b"
)
_CATEGORY = re.compile(r"\s*([^:：]{2,40}?)\s*[:：]\s*(?=\S)")
_STOPS = tuple(".!?…。！？")
_CLOSING = "\"'”’»)]*_"
_LONGEST = 1500
"""The most characters of a paragraph that may be standing matter."""


def observe(issue: Issue, source: Source, name: str, level: int = 2, authors: Mapping[str, str] | None = None) -> Seen:
    """Measures an issue. `name` is the name of its folder or file, `level` the level of its sections.

    `authors` are the names of the publication's authors, by their keys.
    """
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
        first=_first(issue.opening),
        paragraphs=tuple(_boxes(issue.opening, source)),
        texts=tuple(_paragraphs(_with_inner(issue.opening), source)),
        comments=tuple(_comments(source.text)),
        authors=tuple((authors or {}).get(one, one) for one in issue.authors),
        closing=tuple(_boxes(_tail(issue.sections[-1]), source)) if issue.sections else (),
        sections=tuple(
            replace(_section(section, source), level=section.level if section.level != level else 0)
            for section in issue.sections
            if section.opener is Opener.HEADING  # text after a `---` needs no section in the house format
        ),
        above=tuple(
            SeenGroup(plain_text(block.inlines), first, block.level, block.level == level)
            for first, blocks in enumerate((issue.opening, *map(top_blocks, issue.sections)))
            for block in blocks
            if isinstance(block, Heading) and block.level in (level - 1, level)
        ),
        figures=tuple(
            (bool(plain_text(figure.caption).strip()), bool(plain_text(figure.credit).strip()))
            for figure in figures_in(issue)
        ),
        quotations=tuple(source is not None for blocks in texts_of(issue) for _, source in quotations_in(blocks)),
        placeholders=tuple(dict.fromkeys(_placeholders(issue))),
        listed=_lists(issue.opening, [item for section in issue.sections for item in section.items]),
    )


def texts_of(issue: Issue) -> Iterator[tuple[Block, ...]]:
    """The text of the opening, of each section, and of each item."""
    yield issue.opening
    for section in issue.sections:
        yield section.blocks
        yield from (item.blocks for item in section.items)


def _lists(blocks: tuple[Block, ...], items: Sequence[Item]) -> bool:
    """Whether there is a list with the titles of the items and nothing else."""
    titles = [fold(plain_text(item.title)).casefold() for item in items]
    return len(titles) > 1 and any(
        [_NUMBER.sub("", fold(blocks_text(entry.blocks))).casefold() for entry in block.items] == titles
        for block in blocks
        if isinstance(block, List)
    )


_NUMBER = re.compile(r"^\d{1,3}[.)]\s*")
_COMMENT = re.compile(r"<!--[^<>\n]{1,60}-->")
_CHANGING = re.compile(r"[\d{}]")


def _first(blocks: tuple[Block, ...]) -> str:
    return blocks_text(blocks[:1]).strip() if blocks and isinstance(blocks[0], Paragraph) else ""


def _with_inner(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """The blocks, and those within lists and quotations; code and directives have no text of their own here."""
    for block in blocks:
        yield block
        if isinstance(block, List):
            for entry in block.items:
                yield from _with_inner(entry.blocks)
        elif isinstance(block, Quotation):
            yield from _with_inner(block.blocks)


def _comments(text: str) -> Iterator[str]:
    """The short comments without numbers: markers for other programs."""
    return (found for found in _COMMENT.findall(text) if not _CHANGING.search(found))


def _paragraphs(blocks: Iterable[Block], source: Source) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph) and block.span.end - block.span.start <= _LONGEST:
            yield " ".join(source.text[block.span.start : block.span.end].split())


def _boxes(blocks: tuple[Block, ...], source: Source) -> Iterator[str]:
    """The paragraphs, each on one line, and the quotations and directives, with their lines."""
    for block in blocks:
        if isinstance(block, Directive | Quotation) and block.span.end - block.span.start <= _LONGEST:
            yield source.text[block.span.start : block.span.end].strip()
        else:
            yield from _paragraphs((block,), source)


def _section(section: Section, source: Source) -> SeenSection:
    items = {shape: tuple(map(_item, items_of(section, shape))) for shape in ItemShape}
    return SeenSection(
        heading=plain_text(section.title),
        words=words_in(section.blocks) + sum(words_in(item.blocks) for item in section.items),
        figures=len(list(figures_in(section))),
        items={shape: found for shape, found in items.items() if found},
        first=_first(section.blocks),
        paragraphs=tuple(_boxes(_tail(section), source)),
        listed=_lists(section.blocks, section.items),
        texts=tuple(
            text
            for blocks in (section.blocks, *(item.blocks for item in section.items))
            for text in _paragraphs(_with_inner(blocks), source)
        ),
    )


def _tail(section: Section) -> tuple[Block, ...]:
    """The blocks that may come after the content of a section: those of the last item, or those after the last list."""
    blocks = section.items[-1].blocks if section.items else section.blocks
    behind = max((at for at, block in enumerate(blocks, start=1) if isinstance(block, List)), default=0)
    return blocks[behind:]


def _item(item: Item) -> SeenItem:
    title = plain_text(item.title)
    category = _CATEGORY.match(title)
    ending = (blocks_text(item.blocks) or title).rstrip().rstrip(_CLOSING)
    return SeenItem(
        words=words_in(item.blocks) if item.blocks else None,
        title=count_words(title),
        linked=item.link is not None,
        author=bool(item.author),
        picture=next(images_in(item), None) is not None,
        number=item.number,
        category=category[1] if category else "",
        stopped=ending.endswith(_STOPS),
        bold=item.bold,
        entries=entries_in(item) if item.shape is ItemShape.HEADING else 0,
        host=_host(item.link.href) if item.link else "",
    )


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


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
