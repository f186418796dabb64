"""The front matter of an issue that is being written: its end, and the field at an offset."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.house.format import FieldFormat
from newsletter.house.keys import PARTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.house.format import HouseFormat
    from newsletter.model import Path as Place
    from newsletter.model import YamlDocument

_OPENS = re.compile(r"---[ \t]*\n")
_CLOSES = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_BODY = re.compile(r"^(?:\#|[ \t]*$)", re.MULTILINE)


def front_end(text: str) -> int:
    """The end of the front matter, including its closing line; 0 if there is none.

    If it is not closed yet, it ends at its first empty line or heading.
    """
    opened = _OPENS.match(text)
    if not opened:
        return 0
    closed = _CLOSES.search(text, opened.end())
    if closed:
        return closed.end()
    body = _BODY.search(text, opened.end())
    return body.start() if body else len(text)


def in_front(text: str, offset: int) -> bool:
    """Whether an offset is between the lines that open and close the front matter."""
    opened = _OPENS.match(text)
    if not opened or offset < opened.end():
        return False
    closed = _CLOSES.search(text, opened.end())
    return offset < closed.start() if closed else offset <= front_end(text)


def field_at(document: YamlDocument, offset: int) -> Place | None:
    """The path of the innermost key or value at an offset."""
    found: list[tuple[int, Place]] = []
    for spans in (document.key_spans, document.value_spans):
        found += [(len(path), path) for path, span in spans.items() if path and span.start <= offset <= span.end]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def format_of(house: HouseFormat, path: Place) -> FieldFormat | None:
    """The field of the house format at a path. An entry of a list has the field of the list."""
    fields: Sequence[FieldFormat] = house.fields
    found: FieldFormat | None = None
    for step in path:
        if isinstance(step, int):
            continue
        found = next((field for field in fields if field.name == step), None)
        if found is None:
            return None
        fields = inner_fields(found)
    return found


def inner_fields(field: FieldFormat) -> Sequence[FieldFormat]:
    """The fields inside a field."""
    parts = PARTS.get(field.type)
    return (
        field.fields
        if parts is None
        else tuple(FieldFormat(name, required=not place) for place, name in enumerate(parts))
    )
