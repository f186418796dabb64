"""Sponsors of an issue: those that are booked for it, and the places for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model import Directive
from newsletter.walk import plain_text, walk_blocks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.config.publication import Publication, Sponsor
    from newsletter.model import Block, Issue

NAME = "sponsor"


def is_booked(sponsor: Sponsor, issue: Issue) -> bool:
    """Whether a sponsor is booked for an issue: by its number, its date, or its name."""
    day = issue.date.date().isoformat() if issue.date else ""
    folder = issue.path.removesuffix("/index.md").removesuffix(".md").rpartition("/")[2]
    number = "" if issue.number is None else str(issue.number)
    return any(one and one in {number, day, issue.slug, folder} for one in map(str.strip, sponsor.booked))


def sponsor_places(blocks: Sequence[Block] | Issue) -> tuple[Directive, ...]:
    """The places for sponsors in an issue or among blocks, in their order."""
    return tuple(block for block in walk_blocks(blocks) if type(block) is Directive and block.name == NAME)


def shown_in(issue: Issue, publication: Publication) -> tuple[Sponsor, ...]:
    """The sponsors that an issue may show: those that are booked for it, and those named in it."""
    if not publication.sponsors:
        return ()
    named = {plain_text(place.argument).strip() for place in sponsor_places(issue)}
    return tuple(one for one in publication.sponsors.values() if one.key in named or is_booked(one, issue))
