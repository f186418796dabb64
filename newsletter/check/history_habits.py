"""HS: what the issues before had in common, and this one has not, though the house format lets it.

Only what was without exception is a habit; after the first exception it is told no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.history_record import section_key
from newsletter.check.wording import count_of, quoted
from newsletter.house.format import Need
from newsletter.walk import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.check.base import CheckContext
    from newsletter.check.history_record import PastIssue
    from newsletter.diagnostics import Diagnostic

LEAST = 6
"""So many issues make a habit."""
RECENT = 12
"""So far back it is looked for."""
FAR = 3
"""A length is out of the ordinary where it is so many times beyond the shortest or longest of them."""
SHOWN = 3


def broken_habit(context: CheckContext) -> Iterator[Diagnostic]:
    """HS106: a section or field that every recent issue had is missing, or a count that never changed has."""
    if context.own is None or context.past is None:
        return
    recent = context.past.of_kind(context.issue.kind)[-RECENT:]
    if len(recent) >= LEAST:
        yield from _missing_sections(context, context.own, recent)
        yield from _missing_fields(context, context.own, recent)
        yield from _other_counts(context, context.own, recent)
        yield from _other_length(context, context.own, recent)


def _missing_sections(context: CheckContext, own: PastIssue, recent: Sequence[PastIssue]) -> Iterator[Diagnostic]:
    told = {wanted.key for wanted in context.house.sections if wanted.need is not Need.OPTIONAL}
    told |= {wanted.key for wanted, _ in context.slips.values()}
    missing = [
        key
        for key in recent[-1].sections
        if key not in own.sections and key not in told and all(key in issue.sections for issue in recent)
    ]
    if missing:
        names = [quoted(recent[-1].headings[key]) for key in missing[:SHOWN]]
        what = ("the section " if len(missing) == 1 else "the sections ") + _listed(names, len(missing))
        yield context.found(
            "HS106", context.end, f"the last {len(recent)} issues all had {what}", label="this one has not"
        )


def _listed(names: Sequence[str], count: int) -> str:
    """`a`, `a and b`, `a, b, c and 2 more`."""
    shown = [*names, f"{count - len(names)} more"] if count > len(names) else list(names)
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _missing_fields(context: CheckContext, own: PastIssue, recent: Sequence[PastIssue]) -> Iterator[Diagnostic]:
    told = {field.name for field in context.house.fields if field.required}
    common = set(recent[-1].fields).intersection(*(issue.fields for issue in recent))
    missing = [] if context.broken_front else sorted(common - set(own.fields) - told - set(context.issue.front.values))
    if missing:
        names = _listed([quoted(name) for name in missing[:SHOWN]], len(missing))
        yield context.found(
            "HS106",
            context.start,
            f"the last {len(recent)} issues all had {names} in their front matter",
            label="this one has not",
        )


def _other_counts(context: CheckContext, own: PastIssue, recent: Sequence[PastIssue]) -> Iterator[Diagnostic]:
    for section, found, items in zip(context.issue.sections, context.matched, context.items, strict=True):
        key, count = section_key(section, found), len(items)
        told = found is not None and found.items is not None and count not in found.items.count
        usual = {issue.sections.get(key, 0) for issue in recent}
        number = min(usual)
        # What shares its key with other sections is counted with them, and no fault of one.
        if len(usual) == 1 and number and count and count != number and own.sections[key] == count and not told:
            yield context.found(
                "HS106",
                section.title_span,
                f"{quoted(plain_text(section.title))} has {count_of(count, 'item')}",
                label=f"{number} in each of the last {len(recent)} issues",
            )


def _other_length(context: CheckContext, own: PastIssue, recent: Sequence[PastIssue]) -> Iterator[Diagnostic]:
    low, high = min(issue.words for issue in recent), max(issue.words for issue in recent)
    if own.words in context.house.words and (own.words * FAR < low or own.words > high * FAR):
        yield context.found(
            "HS106",
            context.start,
            f"this issue has {count_of(own.words, 'word')}",
            label=f"the last {len(recent)} had {low:,} to {high:,}",
        )
