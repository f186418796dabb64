"""The outline of an issue: its sections in numbers, against what the house format asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.house.format import Need
from newsletter.house.match import match_sections
from newsletter.house.patterns import is_fixed
from newsletter.issue.items import items_of
from newsletter.preview.findings import heading
from newsletter.walk import words_in, words_in_issue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.house.format import Bounds, HouseFormat, SectionFormat
    from newsletter.language import Language
    from newsletter.model import Issue, Section

OPENING = "Opening"


def outline(issue: Issue, house: HouseFormat, language: Language) -> dict[str, Any]:
    """Rows from top to bottom, each with its counts and what is asked of them; required sections that are missing last."""
    matched = match_sections(issue, house, language)
    rows = []
    if issue.opening:
        rows.append(_row(OPENING, "", _count(words_in(issue.opening), house.opening, "word")))
    for section, form in zip(issue.sections, matched, strict=True):
        rows.append(_section(section, form))
    rows += _missing(house, matched)
    return {"rows": rows, "words": words_in_issue(issue)}


def _section(section: Section, form: SectionFormat | None) -> dict[str, Any]:
    words = words_in(section.blocks) + sum(words_in(item.blocks) for item in section.items)
    items = items_of(section, form.items.shape) if form and form.items else section.items
    counts = []
    if items or (form and form.items):
        counts.append(_count(len(items), form.items.count if form and form.items else None, "item"))
    counts.append(_count(words, form.words if form else None, "word"))
    row = _row(heading(section.title), section.anchor, *counts)
    row["line"] = section.title_span.line
    return row


def _row(name: str, anchor: str, *counts: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "anchor": anchor, "counts": list(counts), "missing": False, "line": 0}


def _count(number: int, asked: Bounds | None, noun: str) -> dict[str, Any]:
    free = asked is None or asked.free
    if free:
        said = f"{number:,} {noun}{'' if number == 1 else 's'}"
    else:
        said = f"{number:,} of {written(asked)}{' items' if noun == 'item' else ''}"
    return {"text": said, "state": "" if free else "fits" if asked and number in asked else "off"}


def written(bounds: Bounds | None) -> str:
    """`300–900`, `5 or more`, `up to 9`."""
    if bounds is None or bounds.free:
        return ""
    if bounds.minimum == bounds.maximum:
        return f"{bounds.minimum:,}"
    if bounds.maximum is None:
        return f"{bounds.minimum:,} or more"
    return f"{bounds.minimum:,}–{bounds.maximum:,}" if bounds.minimum else f"up to {bounds.maximum:,}"


def _missing(house: HouseFormat, matched: tuple[SectionFormat | None, ...]) -> Iterator[dict[str, Any]]:
    for form in house.sections:
        if form.need is Need.REQUIRED and form not in matched:
            fixed = next((each for each in form.headings if is_fixed(each)), "")
            yield {"name": fixed or form.key, "anchor": "", "counts": [], "missing": True, "line": 0}
