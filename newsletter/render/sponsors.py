"""The sponsors of newsletter.yaml at their places in an issue.

`::: sponsor NAME` is a sponsor from newsletter.yaml, or one that the issue itself describes. `::: sponsor` alone is a
place for a sponsor who is booked for the issue, in the order of newsletter.yaml. If there is none, the place is
removed.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.blocks.sponsors import NAME, is_booked, sponsor_places
from newsletter.markdown.parse import parse_fragment
from newsletter.model import Directive, Figure, Image, Link, ReadingOptions, Text
from newsletter.render.letter import AuthorBox, Contents, Opening, SectionPart, Standing, of_publication
from newsletter.walk import plain_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from newsletter.config.publication import Sponsor
    from newsletter.diagnostics import Diagnostic
    from newsletter.model import Block, Issue
    from newsletter.render.letter import Part

_STAYS = "email text feed"
"""The outputs that still show a sponsor whose time on the page is over."""
UTM = ("source", "medium", "campaign")
"""The campaign parameters that a sponsor may set; the filled directive has them as fields `utm_…`."""


def with_sponsors(
    parts: Sequence[Part], issue: Issue, sponsors: Mapping[str, Sponsor], gone: Collection[str] = ()
) -> tuple[Part, ...]:
    """`parts` with each place filled or removed; the page shows no sponsors that are `gone`."""
    named = {plain_text(place.argument).strip() for part in parts for place in sponsor_places(_blocks(part))}
    waiting = iter([one for one in sponsors.values() if one.key not in named and is_booked(one, issue)])
    return tuple(_filled_part(part, _Filler(sponsors, waiting, gone)) for part in parts)


def _blocks(part: Part) -> Sequence[Block]:
    match part:
        case Opening() | Standing():
            return part.blocks
        case SectionPart(section=section):
            return (*section.blocks, *(block for item in section.items for block in item.blocks))
        case AuthorBox() | Contents():
            return ()


def _filled_part(part: Part, filler: _Filler) -> Part:
    match part:
        case Opening() | Standing():
            return replace(part, blocks=filler.blocks(part.blocks))
        case SectionPart(section=section):
            blocks = filler.blocks(section.blocks)
            items = tuple(replace(item, blocks=filler.blocks(item.blocks)) for item in section.items)
            return replace(part, section=replace(section, blocks=blocks, items=items))
        case AuthorBox() | Contents():
            return part


class _Filler:
    """Fills places in order."""

    def __init__(self, sponsors: Mapping[str, Sponsor], waiting: Iterator[Sponsor], gone: Collection[str]) -> None:
        self._sponsors = sponsors
        self._waiting = waiting
        self._gone = gone

    def blocks(self, blocks: Sequence[Block]) -> tuple[Block, ...]:
        """`blocks` with their places filled."""
        return tuple(filled for block in blocks for filled in self._block(block))

    def _block(self, block: Block) -> tuple[Block, ...]:
        if type(block) is not Directive:
            return (block,)
        if block.name != NAME:
            return (replace(block, blocks=self.blocks(block.blocks)),) if block.blocks else (block,)
        called = plain_text(block.argument).strip()
        sponsor = self._sponsors.get(called) if called else None
        if not called and not block.blocks:
            sponsor = next(self._waiting, None)
            if sponsor is None:
                return ()
        if sponsor is None:
            return (block,)
        filled = _filled(block, sponsor)
        if sponsor.key in self._gone:
            return (Directive("only", (Text(_STAYS),), blocks=(filled,), span=block.span),)
        return (filled,)


def _filled(place: Directive, sponsor: Sponsor) -> Directive:
    """A place with the sponsor's data from newsletter.yaml; text in the issue takes precedence."""
    words = (Text(sponsor.name, place.name_span),)
    name = (Link(sponsor.url, words, span=place.name_span),) if sponsor.url else words
    blocks = place.blocks or sponsor_text(sponsor.text)[0]
    if sponsor.picture and not any(isinstance(block, Figure) for block in blocks):
        image = Image(of_publication(sponsor.picture), sponsor.alt or sponsor.name)
        link = Link(sponsor.url, (image,)) if sponsor.url else None
        blocks = (Figure(image, link=link), *blocks)
    own = {f"utm_{key}": value for key in UTM if (value := getattr(sponsor.utm, key))}
    return replace(place, argument=name, blocks=blocks, fields=own)


@lru_cache(maxsize=64)
def sponsor_text(text: str) -> tuple[tuple[Block, ...], tuple[Diagnostic, ...]]:
    """The text of a sponsor in newsletter.yaml, read as Markdown, and the findings, with their offsets in the text."""
    return parse_fragment(text, "newsletter.yaml", ReadingOptions()) if text else ((), ())
