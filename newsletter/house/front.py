"""The front matter of a kind: what every issue may say, and what its house format asks on top."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.house.format import Bounds, FieldFormat, FieldType
from newsletter.house.reader import CONTRADICTION, EXPRESSION, TWICE, WRONG_VALUE, suggestion

if TYPE_CHECKING:
    from newsletter.house.reader import Entry

STANDARD_FIELDS = {
    "kind": FieldType.TEXT,
    "title": FieldType.TEXT,
    "subtitle": FieldType.TEXT,
    "number": FieldType.NUMBER,
    "date": FieldType.DATE,
    "updated": FieldType.DATE,
    "slug": FieldType.TEXT,
    "authors": FieldType.LIST,
    "summary": FieldType.TEXT,
    "preheader": FieldType.TEXT,
    "subject": FieldType.TEXT,
    "language": FieldType.TEXT,
    "tags": FieldType.LIST,
    "cover": FieldType.PICTURE,
    "draft": FieldType.YES_NO,
    "id": FieldType.TEXT,
}
"""The fields with a meaning of their own, which every issue may have, and what they hold."""

NAMES = {
    FieldType.TEXT: "a text",
    FieldType.NUMBER: "a number",
    FieldType.DATE: "a date",
    FieldType.YES_NO: "true or false",
    FieldType.LIST: "a list",
    FieldType.PICTURE: "a picture",
    FieldType.NESTED: "a block of fields of its own",
}
"""What a field holds, for people."""

_WITH_LENGTH = (FieldType.TEXT, FieldType.LIST, FieldType.NUMBER)
_WITH_WORDS = (FieldType.TEXT, FieldType.LIST)


def read_fields(front: Entry | None) -> tuple[FieldFormat, ...]:
    """The fields of a kind: those of its house format in their order, then the standard ones it says nothing of."""
    listed = () if front is None else tuple(_read(front, STANDARD_FIELDS))
    names = {field.name for field in listed}
    rest = (FieldFormat(name, holds) for name, holds in STANDARD_FIELDS.items() if name not in names)
    return (*listed, *rest)


def _read(front: Entry, standard: dict[str, FieldType]) -> list[FieldFormat]:
    return [_field(front, name, value, standard.get(name)) for name, value in front.children()]


def _field(front: Entry, name: str, value: object, standard: FieldType | None) -> FieldFormat:
    span = front.document.where_key(*front.path, name)
    if isinstance(value, str):
        if value not in {"required", "optional"}:
            mend = suggestion(value, ("required", "optional"))
            front.faults.add(
                WRONG_VALUE, front.where(name), f"`{name}` must be required, optional or a block of keys", mend
            )
        return FieldFormat(name, standard or FieldType.TEXT, required=value == "required", span=span)
    entry = front.inner(name, value)
    nested = entry.child("fields")
    holds = entry.choice("type", FieldType, FieldType.NESTED if nested else standard or FieldType.TEXT)
    field = FieldFormat(
        name,
        holds,
        required=entry.flag("required"),
        length=entry.bounds("length"),
        pattern=_pattern(entry),
        choices=entry.texts("choices") or (),
        fields=tuple(_read(nested, {})) if nested else (),
        hint=entry.text("hint"),
        span=span,
    )
    entry.done()
    _contradictions(entry, field, standard)
    return field


def _pattern(entry: Entry) -> str:
    pattern = entry.text("pattern")
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        entry.faults.add(EXPRESSION, entry.where("pattern"), f"`pattern` is no regular expression: {error}")
        return ""
    return pattern


def _contradictions(entry: Entry, field: FieldFormat, standard: FieldType | None) -> None:
    def contradiction(key: str, message: str, mend: str = "") -> None:
        entry.faults.add(CONTRADICTION, entry.where(key), message, mend)

    if standard not in {None, field.type}:
        contradiction("type", f"`{field.name}` always holds {NAMES[standard or field.type]}", "Take `type` away.")
    if field.fields and field.type is not FieldType.NESTED:
        contradiction("fields", f"`{field.name}` holds {NAMES[field.type]}, which has no fields of its own")
    if field.type is FieldType.NESTED and not field.fields:
        contradiction("type", f"`{field.name}` is nested, but has no fields", "List them under `fields`.")
    if field.length != Bounds() and field.type not in _WITH_LENGTH:
        contradiction("length", f"`{field.name}` holds {NAMES[field.type]}, which has no length")
    for key in ("pattern", "choices"):
        if entry.has(key) and field.type not in _WITH_WORDS:
            contradiction(key, f"`{field.name}` holds {NAMES[field.type]}, which has no {key}", "Take it away.")
    for place, choice in enumerate(field.choices):
        if choice in field.choices[:place]:
            entry.faults.add(TWICE, entry.where("choices", place), f"`{choice}` is listed twice")
