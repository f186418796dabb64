"""Personal fields as people write them: `{{ first_name | there }}`, and equivalent spellings of other tools.

The meaning depends on the known names: `{{ First-Name }}` is `first_name` if there is such a field. Text in braces that
is not a field stays text; check/rules/structure/fields.py reports it if readers would see it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.late import late
from newsletter.model import NOWHERE, PersonalField, Text
from newsletter.tokens import PLACEHOLDER, fill, placeholder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from newsletter.markdown.source import Source
    from newsletter.model import Inline, Span

FIELD_HERE = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_]*(?:[ .\-][A-Za-z0-9_]+)*)\s*(?:\\?\|\s*([^{}|]*?)\s*)?\}\}")
"""`{{ name }}` and `{{ name | fallback }}`, with any name. A bar may be escaped as in tables."""
FIELD = re.compile(r"(?<!\\)" + FIELD_HERE.pattern)
"""A personal field in text whose backslash escapes are not resolved yet."""

_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OF_READER = re.compile(r"(?:subscriber|contact|recipient)\.", re.IGNORECASE)
"""Prefixes of other tools for a field of the reader. None of them uses one for anything else."""
_DEFAULT = late(
    r"""default(?:_if_none)?\s*(?::\s*|\(\s*|\s+(?=["'“‘]))(?:"([^"]*)"|'([^']*)'|“([^”]*)”|‘(.*)’|([^"'“‘\s][^"'()]*))\s*\)?"""
)
"""The filter of Liquid (`default: "there"`), Django (`default:"there"`), Jinja (`default("there")`) and Go (`default "there"`)."""


def meant(found: re.Match[str], known: AbstractSet[str]) -> tuple[str, str] | None:
    """Name and fallback of the field in a match of FIELD_HERE; None if its name is not `known`."""
    name = meant_name(found[1], known)
    if not name:
        return None
    fallback = " ".join((found[2] or "").split())
    default = _DEFAULT.fullmatch(fallback)
    return name, next(filter(None, default.groups()), "") if default else fallback


def meant_name(written: str, known: AbstractSet[str]) -> str:
    """The `known` name for a spelling with capitals, hyphens, spaces or `subscriber.`; else empty."""
    if written in known:
        return written
    name = folded(_OF_READER.sub("", written, count=1))
    return name if name in known else ""


def folded(name: str) -> str:
    """A name in the form of our fields: `FirstName`, `first-name` and `First name` are `first_name`."""
    return re.sub(r"[\s\-]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)).lower()


def is_plain(found: re.Match[str]) -> bool:
    """Whether a match has the plain form of a field's name, so that it is a field or a typo of one."""
    return _PLAIN_NAME.fullmatch(found[1]) is not None and not found[0].count("\\")


def with_placeholders_for(text: str, known: AbstractSet[str]) -> str:
    """`text` with its fields as placeholders, and other characters as they are."""
    if "{{" not in text:
        return text

    def written(found: re.Match[str]) -> str:
        field = meant(found, known)
        return placeholder(*field) if field else found[0]

    return FIELD.sub(written, text)


def as_inlines(text: str, span: Span = NOWHERE) -> tuple[Inline, ...]:
    """A text with placeholders as inlines, each of which has its `span`."""
    found: list[Inline] = []
    done = 0
    for match in PLACEHOLDER.finditer(text):
        found += [Text(text[done : match.start()], span), PersonalField(match[1], match[3], span)]
        done = match.end()
    return tuple(one for one in (*found, Text(text[done:], span)) if not isinstance(one, Text) or one.text)


def placed_inlines(text: str, source: Source, span: Span, known: AbstractSet[str]) -> tuple[Inline, ...]:
    """The text with its personal fields as inlines, each with its own place within `span`, where `text` is written."""
    inlines = as_inlines(text, span)
    fields = [one for one in FIELD.finditer(source.text, span.start, span.end) if meant(one, known)]
    if len(fields) != sum(isinstance(one, PersonalField) for one in inlines):
        return inlines
    placed: list[Inline] = []
    at = span.start
    for inline in inlines:
        if isinstance(inline, PersonalField):
            start, at = fields.pop(0).span()
            placed.append(replace(inline, span=source.span(start, at)))
        else:
            end = fields[0].start() if fields else span.end
            placed.append(replace(inline, span=source.span(at, end)))
    return tuple(placed)


def at_fallbacks(text: str, fallbacks: Mapping[str, str]) -> str:
    """A text with placeholders as people read it who are not subscribers."""
    return fill(text, lambda name, fallback: fallback or fallbacks.get(name, ""))
