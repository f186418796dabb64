"""Dates as an author writes them in a fact (`date: 2026-12-04 to 2026-12-06`), and as readers see them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING

from newsletter.late import late

if TYPE_CHECKING:
    from newsletter.language.language import Language

ISO_DATE = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")
FROM_TO = late(
    rf"({ISO_DATE.pattern})(?:\s+(?:to|until|tot|t/m|à|au|bis|al?|hasta|fino al?|até|do|až|till?|по|до|से|sampai|hingga|đến|إلى|تا|עד)\s+|\s*(?:至|到|から|부터|[-–—〜～/]|--)\s*)({ISO_DATE.pattern})"
)
"""Two dates, joined in any common way, including the `/` of ISO 8601."""


def day_of(iso: str) -> date | None:
    """The day of an ISO date in the digits of any script; None if there is no such day."""
    try:
        return date.fromisoformat("".join(str(unicodedata.digit(mark, mark)) for mark in iso))
    except ValueError:
        return None


def written_out(value: str, language: Language) -> str:
    """A text with its ISO dates written out for readers of `language`. Other text is not changed."""
    if not ISO_DATE.search(value):
        return value
    value = FROM_TO.sub(lambda match: _interval(match, language), value)
    return ISO_DATE.sub(lambda match: language.long_date(day) if (day := day_of(match[0])) else match[0], value)


def _interval(match: re.Match[str], language: Language) -> str:
    first, last = day_of(match[1]), day_of(match[2])
    return language.interval(first, last) if first and last else match[0]
