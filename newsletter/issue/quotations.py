"""Who said it: the attribution at the end of a quotation."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.issue.numbers import text_from
from newsletter.model import Break, List, Paragraph, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.issue.source import Source
    from newsletter.model import Block, Inline, Quotation

_DASH = re.compile(r"\s*(?:[—–―]+|--+)\s*")


def with_attribution(quotation: Quotation, source: Source) -> Quotation:
    """The quotation with its last line as attribution, where that begins with a dash and stands under other text.

    `- Name` directly under the text is meant as one too, though Markdown takes it for a list of one entry.
    """
    blocks = quotation.blocks
    last = blocks[-1] if blocks else None
    if isinstance(last, Paragraph):
        kept, line = _last_line(last.inlines)
        name = _behind_dash(line)
        if name and (kept or len(blocks) > 1) and not (kept and _behind_dash(_last_line(kept)[1])):
            left: tuple[Block, ...] = (replace(last, inlines=kept),) if kept else ()
            return replace(quotation, blocks=(*blocks[:-1], *left), attribution=name)
    if isinstance(last, List):
        if len(blocks) > 1 and (entry := _single_entry(last, blocks[-2], source)):
            return replace(quotation, blocks=blocks[:-1], attribution=entry)
        left_over, name = _lazy_line(last)
        if name:
            return replace(quotation, blocks=(*blocks[:-1], left_over), attribution=name)
    return quotation


def _lazy_line(entries: List) -> tuple[List, tuple[Inline, ...]]:
    """A line with a dash right under a list, which Markdown takes for more of the list's last paragraph."""
    item = entries.items[-1]
    last = item.blocks[-1] if item.blocks else None
    name: tuple[Inline, ...] = ()
    if isinstance(last, List):
        last, name = _lazy_line(last)
    elif isinstance(last, Paragraph):
        kept, line = _last_line(last.inlines)
        if kept and line and line[0].span.column < last.span.column:
            last, name = replace(last, inlines=kept), _behind_dash(line)
    if not last or not name:
        return entries, ()
    shortened = replace(item, blocks=(*item.blocks[:-1], last))
    return replace(entries, items=(*entries.items[:-1], shortened)), name


def _last_line(inlines: tuple[Inline, ...]) -> tuple[tuple[Inline, ...], tuple[Inline, ...]]:
    """What stands before the last line break, and behind it."""
    for index in range(len(inlines) - 1, -1, -1):
        if isinstance(inlines[index], Break):
            return inlines[:index], inlines[index + 1 :]
    return (), inlines


def _behind_dash(line: Sequence[Inline]) -> tuple[Inline, ...]:
    """The line without the dash it begins with; empty where it begins with none, or holds nothing else."""
    first = line[0] if line else None
    found = _DASH.match(first.text) if isinstance(first, Text) else None
    if not isinstance(first, Text) or not found:
        return ()
    rest = text_from(first, found.end())
    return (rest, *line[1:]) if rest.text else tuple(line[1:])


def _single_entry(entries: List, above: Block, source: Source) -> tuple[Inline, ...]:
    """What the one entry of a bullet list directly under a paragraph says."""
    item = entries.items[0]
    if entries.ordered or len(entries.items) != 1 or len(item.blocks) != 1 or source.text[item.span.start] != "-":
        return ()
    entry = item.blocks[0]
    directly = isinstance(above, Paragraph) and source.position(above.span.end)[0] + 1 == entries.span.line
    return entry.inlines if directly and isinstance(entry, Paragraph) and item.checked is None else ()
