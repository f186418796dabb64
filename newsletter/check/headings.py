"""ST: headings that stand where no section and no item begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.mending import raise_headings
from newsletter.model import Heading
from newsletter.walk import walk_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.check.base import CheckContext
    from newsletter.diagnostics import Diagnostic
    from newsletter.model import Block


def title_in_body(context: CheckContext) -> Iterator[Diagnostic]:
    """ST110: a `#` heading in the body, where the issue's title comes from the front matter."""
    told = {*context.misplaced, *(found.heading.span.start for found in context.groups)}
    for block in walk_blocks(context.issue):
        if not isinstance(block, Heading) or block.span.start in told:
            continue
        if block.level < context.house.reading.section_level:
            yield context.found(
                "ST110",
                block.span,
                f"a `{'#' * block.level}` heading stands in the text",
                label="the issue's title is that of the front matter",
                mend=f"Start sections with `{'#' * context.house.reading.section_level}`.",
            )


def skipped_level(context: CheckContext) -> Iterator[Diagnostic]:
    """ST111: a heading is more than one level below the one above it."""
    top = context.house.reading.section_level
    yield from _skips(context, context.issue.opening, top - 1)
    for section in context.issue.sections:
        # What stands before items would become one of them: whether it is one is not certain.
        yield from _skips(context, section.blocks, top, certain=not section.items)
        for item in section.items:
            yield from _skips(context, item.blocks, top + 1, certain=True)


def _skips(
    context: CheckContext, blocks: Sequence[Block], level: int, *, certain: bool = False
) -> Iterator[Diagnostic]:
    for at, block in enumerate(blocks):
        if not isinstance(block, Heading) or block.level <= context.house.reading.section_level:
            continue
        if block.span.start in context.misplaced:
            level = context.house.reading.section_level
            continue
        if block.level > level + 1:
            above = f"`{'#' * level}`" if level > 1 else "the issue's title"
            yield context.found(
                "ST111",
                block.span,
                f"the heading skips a level: `{'#' * block.level}` below {above}",
                label=f"write `{'#' * (level + 1)}`",
                fix=raise_headings(context, blocks, at, level) if certain else None,
            )
        level = block.level
