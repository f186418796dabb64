"""ST: the passages with which an issue and its parts begin and end."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING

from newsletter.check.rule import rule
from newsletter.check.rules.structure.sections import is_empty
from newsletter.check.wording import quoted
from newsletter.hints import HINT
from newsletter.house.passages import passage_regex, passage_shown
from newsletter.model import Directive, Heading
from newsletter.records import dataclass
from newsletter.walk import blocks_text, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.check.context import CheckContext
    from newsletter.diagnostics import Diagnostic
    from newsletter.model import Block, Section


@dataclass(frozen=True, slots=True)
class _Framing:
    """A part of an issue, and the passages at its beginning and end."""

    called: str
    blocks: tuple[Block, ...]
    begins: tuple[str, ...]
    """Passages; the part must begin with one of them."""
    ends: tuple[str, ...]
    about: tuple[str, ...] = ()


@rule(
    "ST170",
    "begins-and-ends",
    "Texts begin and end as the house format says",
    "text",
    gap=True,
    keys=("begins", "ends", "opening.begins", "opening.ends", "sections.NAME.begins", "sections.NAME.ends"),
)
def begins_and_ends(context: CheckContext) -> Iterator[Diagnostic]:
    """ST170: the issue, its opening or a section does not begin or end with the passage that the house format asks for."""
    for frame in _frames(context):
        for key, passages in (("begins", frame.begins), ("ends", frame.ends)):
            if not (frame.blocks and passages):
                continue
            edge = _edge(frame.blocks, -1 if key == "ends" else 0)
            # If a part is not written yet, ST112 reports its hint.
            if not (HINT.search(context.text_at(edge.span)) or _is_at_edge(context, frame, edge, key, passages)):
                shown = [quoted(passage_shown(one, context.issue, context.language)) for one in passages[:3]]
                message = f"{context.asker} asks {frame.called} to {key.removesuffix('s')} with {' or '.join(shown)}"
                label = f"this is what it {key} with"
                yield context.found("ST170", edge.span, message, label=label, about=(*frame.about, key))


def _frames(context: CheckContext) -> Iterator[_Framing]:
    issue, house = context.issue, context.house
    whole = (*issue.opening, *chain.from_iterable((_heading(one), *_blocks(one)) for one in issue.sections))
    yield _Framing("an issue", whole, house.begins, house.ends)
    yield _Framing("the opening", issue.opening, house.opening_begins, house.opening_ends, ("opening",))
    for index, section, wanted in context.wanted_sections():
        if not is_empty(context, index):
            called, about = quoted(plain_text(section.title), 40), ("sections", wanted.key)
            yield _Framing(called, tuple(_blocks(section)), wanted.begins, wanted.ends, about)


def _blocks(section: Section) -> Iterator[Block]:
    yield from section.blocks
    for item in section.items:
        yield from (Heading(0, item.title, "", item.title_span), *item.blocks)


def _heading(section: Section) -> Block:
    return Heading(section.level, section.title, "", section.title_span)


def _edge(blocks: Sequence[Block], at: int) -> Block:
    """The first or last block that a reader sees. Directives count by their content."""
    block = blocks[at]
    while isinstance(block, Directive) and block.blocks:
        block = block.blocks[at]
    return block


def _is_at_edge(context: CheckContext, frame: _Framing, edge: Block, key: str, passages: Sequence[str]) -> bool:
    """Whether the part begins or ends with one of the passages, as written or as readers see it."""
    text, first, last = context.source.text, frame.blocks[0].span.start, frame.blocks[-1].span.end
    seen = blocks_text((edge,)).strip()
    for passage in passages:
        regex = passage_regex(passage, context.issue, context.language)
        if key == "begins":
            if regex.match(text, edge.span.start, last) or regex.match(seen):
                return True
            continue
        ending = re.compile(rf"(?:{regex.pattern})\s*\Z")
        if any(ending.search(whole[-_TAIL:]) for whole in (text[first : edge.span.end], seen)):
            return True
    return False


_TAIL = 2_000
"""The number of characters at the end of a text in which its last words are looked for."""
