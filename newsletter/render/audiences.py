"""Which readers get what of one issue, by itself, by its house format and by its standing matter."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.editions import (
    Limit,
    Readers,
    edition_of,
    has_limits,
    is_for_some_readers,
    limit_from,
    limits_in,
)
from newsletter.house.match import match_sections
from newsletter.house.standing import expand
from newsletter.issue.parse import parse_fragment
from newsletter.model import Directive, Link, Paragraph, Text
from newsletter.records import dataclass
from newsletter.render.directives import lead_link
from newsletter.render.letter import Standing
from newsletter.walk import walk_blocks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.house.format import HouseFormat, SectionFormat
    from newsletter.language import Language
    from newsletter.model import Block, Issue, ReadingOptions
    from newsletter.workspace import Publication


@dataclass(frozen=True, slots=True)
class Whole:
    """All that anybody gets of an issue."""

    issue: Issue
    matched: tuple[SectionFormat | None, ...]
    """Per section, what the house format has for it."""
    limits: tuple[Limit | None, ...]
    """Per section, whom the house format keeps it for."""
    standing: Mapping[str, tuple[Standing, ...]]
    """Standing matter by its place."""
    written_for_all: bool
    """Whether everybody gets all that the issue itself says, in every output: most issues are so."""
    limited: bool
    """Whether anything of it or of its standing matter is not for everybody or not for every output."""
    editions: bool
    """Whether paying readers get something else than the others."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What some readers get of it."""

    issue: Issue
    matched: tuple[SectionFormat | None, ...]


def whole_of(issue: Issue, house: HouseFormat, publication: Publication, language: Language) -> Whole:
    """The whole of `issue`."""
    matched = match_sections(issue, house, language)
    limits = tuple(limit_from(" ".join(form.only)) if form and form.only else None for form in matched)
    standing = _standing(issue, house, publication, language)
    of_standing = [
        limit for several in standing.values() for one in several for limit in limits_in(walk_blocks(one.blocks))
    ]
    for_all = not has_limits(issue, limits)
    return Whole(
        issue,
        matched,
        limits,
        standing,
        written_for_all=for_all,
        limited=bool(of_standing) or not for_all,
        editions=any(limit.named for limit in of_standing) or (not for_all and is_for_some_readers(issue, limits)),
    )


def shown_of(whole: Whole, readers: Readers, publication: Publication, language: Language) -> Shown:
    """What `readers` get of it; the very issue, where everybody gets it whole."""
    if whole.written_for_all:
        return Shown(whole.issue, whole.matched)
    edition = edition_of(whole.issue, readers, whole.limits, lambda wall: (call_to_pay(wall, publication, language),))
    return Shown(edition.issue, tuple(whole.matched[index] for index in edition.kept))


def call_to_pay(wall: Directive, publication: Publication, language: Language) -> Directive:
    """What stands in place of a paywall for those who do not pay: what they miss, and where to become a paying reader.

    The words behind `::: paywall` stand in for the fixed ones; a link among them is where the button leads.
    """
    link = lead_link(wall)
    words = language.words
    said = wall.argument if wall.argument and link is None else (Text(words["rest_for_paying"]),)
    address = publication.subscribe_url
    label = link or (Link(address, (Text(words["become_paying"]),)) if address else None)
    button = (Directive("button", (label,), span=wall.span),) if label else ()
    return Directive("callout", blocks=(Paragraph(said, wall.span), *button), span=wall.span)


def _standing(
    issue: Issue, house: HouseFormat, publication: Publication, language: Language
) -> dict[str, tuple[Standing, ...]]:
    places: dict[str, tuple[Standing, ...]] = {}
    for matter in house.standing:
        text = expand(matter, issue, publication, language)
        if text:
            one = Standing(matter.snippet, _fragment(text, matter.path, house.reading), matter.path)
            places[matter.place] = (*places.get(matter.place, ()), one)
    return places


@lru_cache(maxsize=64)
def _fragment(text: str, path: str, options: ReadingOptions) -> tuple[Block, ...]:
    # Most snippets come out the same for every issue: a build of many reads each once.
    return parse_fragment(text, path, options)[0]
