"""Standing matter: the snippets that the tool inserts into every issue, with their fields filled in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from newsletter.house.headings import period_text
from newsletter.house.patterns import PERIOD, pieces

if TYPE_CHECKING:
    from newsletter.config.publication import Publication
    from newsletter.house.format import StandingMatter
    from newsletter.house.patterns import Piece
    from newsletter.language import Language
    from newsletter.model import Issue

SNIPPET_FIELDS = (
    "publication",
    "url",
    "subscribe_url",
    "reply_to",
    "sender",
    "address",
    "title",
    "subtitle",
    "number",
    "date",
    "period",
    "authors",
)
"""The fields that snippets and draft.md may use."""

ADDRESS_FIELDS = frozenset({"url", "subscribe_url", "reply_to"})

_NUMBERED = frozenset({"number", "date", "period"})
"""Fields that are written in the digits of the language, except in addresses."""
_MARKDOWN = re.compile(r"([\\`*_\[\]{}<>#|~&!])")
_AT_LINE_START = re.compile(r"^(\d*)([-+=:.)])")
_IN_ADDRESS = re.compile(r"\]\([^()\s]*$|<[a-z]+:[^<>\s]*$")


def expand(matter: StandingMatter, issue: Issue, publication: Publication, language: Language) -> str | None:
    """The Markdown of a snippet with its fields filled in; None if a field is empty, in which case it is left out."""
    values = field_values(issue, publication)
    parts: list[str] = []
    for piece in pieces(matter.text):
        if piece.field not in SNIPPET_FIELDS:
            parts.append(piece.text)
            continue
        value = values[piece.field] if piece.field in values else fill_time(piece, issue, language)
        if not value:
            return None
        before = "".join(parts)
        if piece.field in _NUMBERED and not _IN_ADDRESS.search(before):
            value = language.numeral(value)
        parts.append(_placed(value, piece.field, before))
    return "".join(parts)


def field_values(issue: Issue, publication: Publication) -> dict[str, str]:
    """The value of each field except `date` and `period`; "" if neither the issue nor the publication has it."""
    known = publication.authors
    values = {
        "publication": publication.title,
        "url": publication.url,
        "subscribe_url": publication.subscribe_url,
        "reply_to": publication.sender.reply_to or publication.sender.email,
        "sender": publication.sender.name,
        "address": publication.address,
        "title": issue.title,
        "subtitle": issue.subtitle,
        "number": "" if issue.number is None else str(issue.number),
        "authors": ", ".join(known[key].name if key in known else key for key in issue.authors),
    }
    return {name: " ".join(value.split()) for name, value in values.items()}


def fill_time(piece: Piece, issue: Issue, language: Language) -> str:
    """The date or period of the issue in the pattern of a field, or in words; "" if it has none."""
    if piece.field == PERIOD:
        return period_text(piece, issue, language) or ""
    if issue.date is None:
        return ""
    day = issue.date.date()
    return language.format_date(day, piece.argument) if piece.argument else language.long_date(day)


def _placed(value: str, field: str, before: str) -> str:
    """The value as Markdown: percent-encoded in an address, else with special characters escaped."""
    if _IN_ADDRESS.search(before):
        return quote(value, safe="/:?#[]@!$&'*+,;=%~-._" if field in ADDRESS_FIELDS else "")
    if field in ADDRESS_FIELDS:
        return value
    escaped = _MARKDOWN.sub(r"\\\1", value)
    return _AT_LINE_START.sub(r"\1\\\2", escaped) if before.endswith("\n") or not before else escaped
