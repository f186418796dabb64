"""Finds the line of house.yaml with a requirement: the place of a key by its path, in any era, variant or file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.diagnostics import HouseLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.diagnostics import Diagnostic
    from newsletter.house.format import HouseFormat, HouseText
    from newsletter.model import Path, Span

_ELSEWHERE = {"order": "sections"}
"""For a key, the one that has the same requirement if the key is missing: without `order`, the order of `sections` counts."""


def with_lines(found: Diagnostic, house: HouseFormat) -> Diagnostic:
    """A finding with the line of house.yaml that has the requirement, or that inserts the snippet."""
    if house.written is None or found.asked is not None:
        return found
    about: Path = found.about
    if not about:
        snippet = next((one.snippet for one in house.standing if one.path == found.path), "")
        about = ("standing", snippet) if snippet else ()
    asked = line_of(house.written, about)
    return replace(found, asked=asked) if asked else found


def line_of(written: HouseText, about: Sequence[str | int]) -> HouseLine | None:
    """The line of `about`, else of the nearest block around it; None if neither exists."""
    names = tuple(about)
    if names and names[0] in _ELSEWHERE and names[:1] not in written.document.key_spans:
        names = (_ELSEWHERE[str(names[0])],)
    for length in range(len(names), 0, -1):
        key = written.document.key_spans.get(names[:length])
        if key is not None:
            path, text = written.files.get(names[:length], written.file)
            span = _on_one_line(key, written.document.value_spans.get(names[:length]), text)
            return HouseLine(path, span, _line(span, text))
    return None


def _on_one_line(key: Span, value: Span | None, text: str) -> Span:
    """The key, with its value if that is on the same line."""
    if value is None or value.start < key.end or "\n" in text[key.start : value.end]:
        return key
    return replace(key, end=value.end)


def _line(span: Span, text: str) -> str:
    """The line without a comment after it."""
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.end)
    line = text[start : end if end >= 0 else len(text)]
    comment = line.find(" #", span.end - start)
    return (line if comment < 0 else line[:comment]).strip()
