"""How findings about structure are mended. Each gives None where it is not certain what was meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.rules.identity import file_stem
from newsletter.check.wording import likeness
from newsletter.diagnostics import Edit, Fix
from newsletter.house.format import Need
from newsletter.house.headings import fits, fold
from newsletter.late import late
from newsletter.model import Heading, ItemShape, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.check.base import CheckContext
    from newsletter.model import Block, Item, Section

_NUMBER = re.compile(r"[\[*_~ ]*(?P<number>[0-9０-９]{1,3})(?P<behind>[.)] |[、．）]|[.)](?=[^\x00-\u02ff]))")
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_MARKS = late(r" {0,3}(?P<marks>#{1,6})(?=[ \t\n]|$)")
_MARKUP = late(r"[\\`*_\[\]<>&~{}]|#\s*$")
"""What means something else in Markdown than itself."""
_SURE = 0.9
"""How alike (difflib's ratio) a heading must be to one that is missing for it to be that one without doubt."""


# ── Numbers of items ────────────────────────────────────────────────────────────────────────────────────────────────


def renumber(context: CheckContext, items: Sequence[Item]) -> Fix | None:
    """Gives the items of a section the numbers 1, 2, 3 … where they have others, or none."""
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
    """Where an item's number is written."""
    start = item.title_span.start if item.shape is ItemShape.HEADING else item.span.start
    match = _NUMBER.match(context.source.text, start)
    return match if match and int(match["number"]) == item.number else None


def _new_number(context: CheckContext, item: Item, count: int, match: re.Match[str] | None, behind: str) -> Edit | None:
    heading = item.shape is ItemShape.HEADING
    if match is None:
        place = item.title_span.start
        return Edit(context.span(place, place), f"{count}{behind}") if heading and item.number is None else None
    number = str(count).translate(_WIDE) if match["number"][0] >= "０" else str(count)
    # The text of a list's entry stands as far in as its first line begins: a longer number would push that.
    several_lines = "\n" in context.source.text[item.span.start : item.span.end]
    if not heading and several_lines and len(number) > len(match["number"]):
        return None
    return Edit(context.span(match.start("number"), match.end("number")), number)


# ── Headings ────────────────────────────────────────────────────────────────────────────────────────────────────────


def write_heading(context: CheckContext, index: int, heading: str) -> Fix | None:
    """Writes the section at `index` with the heading that the house format has.

    Where more differs than case, quotation marks, dashes and emoji, that must be certain: the date is that of the file's
    name, too; or the heading is that of a required section with next to nothing misspelt.
    """
    section = context.issue.sections[index]
    plain = all(isinstance(inline, Text) for inline in section.title)
    if not plain or _MARKUP.search(_written(context, section)) or _MARKUP.search(heading) or "…" in heading:
        return None
    same = fits(fold(_written(context, section)), heading, context.language, forgiving=True)
    if same or _is_certain(context, index, heading):
        return Fix((Edit(section.title_span, heading),), f"write the heading as `{heading}`")
    return None


def _written(context: CheckContext, section: Section) -> str:
    return context.source.text[section.title_span.start : section.title_span.end]


def _is_certain(context: CheckContext, index: int, heading: str) -> bool:
    if index in context.slips:
        wanted, _ = context.slips[index]
        return (
            wanted.need is Need.REQUIRED and likeness(_written(context, context.issue.sections[index]), heading) > _SURE
        )
    date = context.issue.date
    return date is not None and file_stem(context.issue.path).startswith(date.date().isoformat())


def raise_headings(context: CheckContext, blocks: Sequence[Block], start: int, level: int) -> Fix | None:
    """Brings the heading at `start` of `blocks`, with those beside and below it, to where the one above, of `level`, asks.

    Not where a heading between the two levels stands further down: whose it would be then is not certain.
    """
    marks: list[re.Match[str]] = []
    top = 0
    for block in blocks[start:]:
        if not isinstance(block, Heading):
            continue
        if block.level <= level:
            break
        match = _MARKS.match(context.source.text, block.span.start)
        top = top or block.level
        if match is None or len(match["marks"]) != block.level or block.level < top:
            return None
        marks.append(match)
    shift = top - level - 1
    edits = (Edit(context.span(match.start("marks"), match.start("marks") + shift), "") for match in marks)
    return (
        Fix(tuple(edits), f"write `{'#' * (level + 1)}`, and what is below it in step") if marks and shift > 0 else None
    )
