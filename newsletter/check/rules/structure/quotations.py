"""ST: the sources of quotations."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from newsletter.check.rule import rule
from newsletter.house.format import Need
from newsletter.model import Directive, List, Paragraph, Quotation
from newsletter.walk import blocks_text, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.check.context import CheckContext
    from newsletter.diagnostics import Diagnostic
    from newsletter.house.format import QuotationFormat
    from newsletter.model import Block, Span

_DASHED = re.compile(r"\s*(?:[—–―‒]+|[-－]{1,2}(?!-)|[~〜～])\s*\S")
"""The beginning of a source line below a quotation."""


@rule("ST171", "quotation-source", "Quotations name their source", "structure", gap=True, keys=("quotations.source",))
def unsourced_quotation(context: CheckContext) -> Iterator[Diagnostic]:
    """ST171: a quotation has no source, or has one although the house format wants none."""
    house, parts = context.house, list(_parts(context))
    if all(wanted.source is Need.OPTIONAL for _, wanted, _ in parts):
        return
    for blocks, wanted, about in parts:
        for quotation, source in quotations_in(blocks) if wanted.source is not Need.OPTIONAL else ():
            if wanted.source is Need.REQUIRED and source is None:
                message, label = "the quotation has no source", f"{context.asker} asks for it"
                advice = "Write `> — Name` as its last line."
                place = context.span(quotation.span.start, context.line_end(quotation.span.start))
                yield context.found("ST171", place, message, label=label, advice=advice, about=about)
            elif wanted.source is Need.FORBIDDEN and source is not None:
                label = f"{(house.kind and context.asker) or 'the house format'} has none here"
                yield context.found("ST171", source, "the quotation names its source", label=label, about=about)


def _parts(context: CheckContext) -> Iterator[tuple[Sequence[Block], QuotationFormat, tuple[str, ...]]]:
    """Rows of blocks, the requirements for quotations in them, and the line of house.yaml that sets them."""
    house = context.house
    here = ("quotations", "source")
    yield context.issue.opening, house.quotations, here
    for section, found in zip(context.issue.sections, context.matched, strict=True):
        wanted = house.quotations if found is None else found.quotations
        about = here if found is None or wanted == house.quotations else ("sections", found.key, *here)
        for blocks in (section.blocks, *(item.blocks for item in section.items)):
            yield blocks, wanted, about


def quotations_in(blocks: Sequence[Block]) -> Iterator[tuple[Quotation, Span | None]]:
    """The outermost quotations, each with the place of its source."""
    for block, following in pairwise((*blocks, None)):
        if isinstance(block, Quotation) and blocks_text((block,)).strip():
            yield block, _source(block, following)
        elif isinstance(block, Directive):
            yield from quotations_in(block.blocks)
        elif isinstance(block, List):
            for item in block.items:
                yield from quotations_in(item.blocks)


def _source(quotation: Quotation, following: Block | None) -> Span | None:
    if quotation.attribution:
        return quotation.span
    if isinstance(following, Paragraph) and _DASHED.match(plain_text(following.inlines)):
        return following.span
    if isinstance(following, List) and len(following.items) == 1 and not following.ordered:
        return following.span  # `- Name`, which Markdown takes for a list
    return None
