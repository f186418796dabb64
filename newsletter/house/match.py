"""Matches the sections of an issue to those of the house format.

In three rounds, each deterministic and at most sections × formats long:

1. **Exactly.** A heading claims the section whose heading it is, to the letter (after Unicode NFC, white space folded). Where
   several fit: one without fields before one with fields, one that may still come before one that has come often enough,
   one that follows the last claim before an earlier one, and then the first in the format.
2. **Nearly.** What is left claims in the same way, forgiving case, kinds of quotation mark and dash, and emoji around it.
   `near_match` then says what the heading should be.
3. **Free sections** (those without a heading of their own) take what no other section claimed, in order: first those headings
   that are between the format's neighbours of the free section; each of several free sections in one such gap gets what it
   needs, and then, from the first on, as many as it may have. A required free section that is still missing takes
   what is left elsewhere: it is out of order then, rather than missing.

Sections that begin without a heading claim those of the format that do: stories the one with items; what comes after a `---`
as free sections do, in order.

What is still left is unknown: None.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from newsletter.editions import limit_from
from newsletter.house.format import Need
from newsletter.house.headings import corrected, field_value, fits, fold, same_but_for
from newsletter.house.patterns import is_fixed, pieces
from newsletter.model import Opener
from newsletter.walk import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.editions import Limit
    from newsletter.house.format import HouseFormat, SectionFormat
    from newsletter.language import Language
    from newsletter.model import Issue


def match_sections(issue: Issue, house: HouseFormat, language: Language) -> tuple[SectionFormat | None, ...]:
    """The section format of each of `issue.sections`; None if the house format has none for it."""
    headings = [fold(plain_text(section.title)) for section in issue.sections]
    claims: list[int | None] = [None] * len(headings)
    openers = [section.opener for section in issue.sections]
    for forgiving in (False, True):
        if None in claims:
            _claim(headings, claims, house.sections, language, forgiving=forgiving)
    for opener in (Opener.ITEMS, Opener.HEADING, Opener.RULE):
        if None in claims:
            _fill_free(claims, house, [at for at, found in enumerate(openers) if found is opener], opener)
    return tuple(None if claim is None else house.sections[claim] for claim in claims)


def limits_of(issue: Issue, matched: Sequence[SectionFormat | None]) -> tuple[Limit | None, ...]:
    """The readers and outputs to which each section is limited.

    Text after a `---` has the same readers as the text before it.
    """
    limits: list[Limit | None] = []
    for section, form in zip(issue.sections, matched, strict=True):
        if section.opener is Opener.RULE:
            limits.append(limits[-1] if limits else None)
        else:
            limits.append(limit_from(" ".join(form.only)) if form and form.only else None)
    return tuple(limits)


def is_heading_of(heading: str, house: HouseFormat, language: Language) -> bool:
    """Whether a heading is, exactly or nearly, that of a section.

    If stories have the same level, other headings are stories.
    """
    return any(True for _ in _fitting(fold(heading), house.sections, language, forgiving=True))


def near_match(heading: str, section: SectionFormat, issue: Issue, language: Language) -> str | None:
    """The right heading of a matched section whose heading is only nearly right; None if it is right.

    Nearly right is a heading that round 2 forgives, or one with a date or number of another issue, such as a heading
    copied from last month.
    """
    heading = fold(heading)
    candidates = [corrected(heading, pattern, issue, language) for pattern in section.headings]
    if any(same_but_for(section.forgive, heading, candidate) for candidate in candidates if candidate is not None):
        return None
    exact = (fits(heading, pattern, language) for pattern in section.headings)
    ranked = sorted(zip(candidates, exact, strict=True), key=lambda pair: not pair[1])
    return next((candidate for candidate, _ in ranked if candidate is not None), None)


def expected_headings(section: SectionFormat, issue: Issue, language: Language) -> tuple[str, ...]:
    """The headings that the section may have in this issue, for people. Text that the writer chooses is `…`."""
    return tuple(
        "".join(
            (field_value(piece, issue, language) or "…") if piece.field else piece.plain for piece in pieces(pattern)
        )
        for pattern in section.headings
    )


def _claim(
    headings: Sequence[str],
    claims: list[int | None],
    sections: Sequence[SectionFormat],
    language: Language,
    *,
    forgiving: bool,
) -> None:
    counts = [claims.count(place) for place in range(len(sections))]
    last = -1
    for number, heading in enumerate(headings):
        if claims[number] is None and heading:
            fitting = list(_fitting(heading, sections, language, forgiving=forgiving))
            if not fitting:
                continue
            _, place = min(
                fitting,
                key=lambda found: (
                    not found[0],
                    not _may_come(sections[found[1]], counts[found[1]]),
                    found[1] < last,
                    found[1],
                ),
            )
            claims[number] = place
            counts[place] += 1
        last = claims[number] or 0


def _fitting(
    heading: str, sections: Sequence[SectionFormat], language: Language, *, forgiving: bool
) -> Iterator[tuple[bool, int]]:
    """The sections whose heading matches, each with whether it is a fixed text and its place in the format."""
    for place, section in enumerate(sections):
        fitting = [pattern for pattern in section.headings if fits(heading, pattern, language, forgiving=forgiving)]
        if fitting:
            yield any(map(is_fixed, fitting)), place


def _may_come(section: SectionFormat, count: int) -> bool:
    maximum = section.repeat.maximum
    return maximum is None or count < maximum


def _fill_free(claims: list[int | None], house: HouseFormat, open_ones: Sequence[int], opener: Opener) -> None:
    """Assigns the sections `open_ones`, which begin with `opener`, to those of the format that begin so and have no heading."""
    free = [place for place, one in enumerate(house.sections) if not one.headings and one.opener is opener]
    gaps = [(_gap(claims, house.sections[place], house.sections), place) for place in free]
    for gap, places in groupby(gaps, key=lambda pair: pair[0]):
        numbers = [number for number in open_ones if number in gap and claims[number] is None]
        _share(claims, numbers, [place for _, place in places], house)
    missing = [place for place in free if claims.count(place) < _needed(house.sections[place])]
    left = (number for number in open_ones if claims[number] is None)
    for place in missing:
        for _ in range(_needed(house.sections[place]) - claims.count(place)):
            number = next(left, None)
            if number is None:
                return
            claims[number] = place


def _gap(claims: Sequence[int | None], free: SectionFormat, sections: Sequence[SectionFormat]) -> range:
    """The part of the issue in which a free section belongs, between its neighbours in the format."""
    end = len(claims)
    if free.place:
        return range(1 if end else 0) if free.place == "first" else range(max(end - 1, 0), end)
    if free.rank is None:
        return range(end)
    start = 0
    for number, claim in enumerate(claims):
        rank = None if claim is None else sections[claim].rank
        if rank is None or rank == free.rank:
            continue
        if rank < free.rank:
            start = number + 1
        else:
            end = min(end, number)
    return range(start, end)


def _share(claims: list[int | None], numbers: Sequence[int], places: Sequence[int], house: HouseFormat) -> None:
    """Assigns the headings of one gap to its free sections: first as many as each needs, then as many as each may have."""
    shares = []
    available = len(numbers)
    for place in places:
        shares.append(min(_needed(house.sections[place]), available))
        available -= shares[-1]
    for at, place in enumerate(places):
        maximum = house.sections[place].repeat.maximum
        more = available if maximum is None else min(available, max(0, maximum - shares[at]))
        shares[at] += more
        available -= more
    owners = (place for place, share in zip(places, shares, strict=True) for _ in range(share))
    for number, owner in zip(numbers, owners, strict=False):
        claims[number] = owner


def _needed(section: SectionFormat) -> int:
    return max(section.repeat.minimum or 0, 1) if section.need is Need.REQUIRED else 0
