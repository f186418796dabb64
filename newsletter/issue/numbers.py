"""Numbers in front of titles: `1.`, `1)`, `1、`, `１．` and `١.`."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.model import NOWHERE, Emphasis, Link, Span, Strikethrough, Strong, Text

if TYPE_CHECKING:
    from newsletter.model import Inline

_NUMBER = re.compile(r"\s*([0-9０-９٠-٩۰-۹]{1,3})\s*(?:[.)](?=\s|$|[^\x00-\u02ff])|[、．）](?![0-9０-９]))\s*")


def strip_number(inlines: tuple[Inline, ...]) -> tuple[int | None, tuple[Inline, ...]]:
    """The number that a title begins with, and the title without it; None and the whole title where there is none."""
    if not inlines:
        return None, inlines
    first, rest = inlines[0], inlines[1:]
    if isinstance(first, Text):
        found = _NUMBER.match(first.text)
        if not found or (found.end() == len(first.text) and not rest):
            return None, inlines
        left = text_from(first, found.end())
        return int(found[1]), (left, *rest) if left.text else rest
    if isinstance(first, (Emphasis, Strong, Strikethrough, Link)):
        number, inner = strip_number(first.inlines)
        if number is not None:
            return number, (replace(first, inlines=inner), *rest) if inner else rest
    return None, inlines


def text_from(text: Text, start: int, end: int | None = None) -> Text:
    """The part `start:end` of a text, with its place (the whole place where the source says the text otherwise)."""
    span, part = text.span, text.text[start:end]
    if span is NOWHERE or span.end - span.start != len(text.text):
        return Text(part, span)
    return Text(part, Span(span.start + start, span.start + start + len(part), span.line, span.column + start))
