"""The schema of the front matter of a kind: the fields of its house format, and those that every issue may have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.house.format import FieldType
from newsletter.house.keys import PARTS, about_field
from newsletter.period import BETWEEN, ONE, YEARS
from newsletter.schemas.values import NOT_EMPTY, described, document, ecma

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsletter.config.publication import Author
    from newsletter.house.format import Bounds, FieldFormat, HouseFormat
    from newsletter.house.versions import HouseVersions
    from newsletter.schemas.values import Schema

_DATE = r"^[12][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])(?:[Tt \t].*)?$"
_DAYS = re.sub(r"\?P<\w+>", "?:", ONE)
_PERIOD: Schema = {
    "anyOf": [
        {"type": "string", "pattern": rf"^\s*{_DAYS}(?:{BETWEEN}{_DAYS})?\s*$"},
        {"type": "integer", "minimum": YEARS.start, "exclusiveMaximum": YEARS.stop},
        {"type": "array", "items": {"type": ["string", "integer"]}, "minItems": 1, "maxItems": 2},
    ],
    "examples": ["2026-11", "2026-Q3", "2026-W47", "2026-11-01/2026-11-15"],
}
_KEY_OF_AUTHOR = r"^[a-z0-9]+(?:[-_.][a-z0-9]+)*$"


def front_schema(house: HouseVersions, authors: Mapping[str, Author] | None = None) -> Schema:
    """The JSON Schema of the front matter of a kind, for all of its eras and variants.

    `authors` are those of the publication. Other texts that look like an author's key are errors.
    """
    several: list[Schema] = []
    for one in house.all():
        schema = _of(one, authors or {})
        if schema not in several:
            several.append(schema)
    title = f"{house.latest.name}: front matter"
    return document(title, several[0] if len(several) == 1 else {"anyOf": several})


def _of(house: HouseFormat, authors: Mapping[str, Author]) -> Schema:
    properties = {field.name: _field(field, own=house.own_fields) for field in house.fields}
    if authors and "authors" in properties:
        properties["authors"] = _authors(properties["authors"], authors)
    required = [field.name for field in house.fields if field.required]
    return _block(properties, required, own=house.own_fields)


def _block(properties: Mapping[str, Schema], required: Sequence[str], *, own: bool) -> Schema:
    schema: Schema = {"type": "object", "properties": dict(properties)}
    if not own:
        schema["additionalProperties"] = False
    return {**schema, "required": list(required)} if required else schema


def _field(field: FieldFormat, *, own: bool) -> Schema:
    schema = _value(field, own=own)
    description = about_field(field.name) or field.hint or f"`{field.name}`, of this kind's own."
    if not field.required:
        schema = _or_empty(schema)
    return described(schema, description)


def _value(field: FieldFormat, *, own: bool) -> Schema:
    match field.type:
        case FieldType.TEXT:
            return {
                **_text(field),
                **_length(field.length, "minLength", "maxLength", least=1 if field.required else None),
            }
        case FieldType.NUMBER:
            kind = "integer" if field.name == "number" else "number"
            return {"type": kind, **_length(field.length, "minimum", "maximum")}
        case FieldType.DATE:
            return {"type": "string", "pattern": _DATE, "examples": ["2024-01-31", "2024-01-31 09:30"]}
        case FieldType.PERIOD:
            return _PERIOD
        case FieldType.YES_NO:
            return {"type": "boolean"}
        case FieldType.LIST:
            return _list(field)
        case FieldType.PICTURE | FieldType.ORIGINAL:
            return _parts(PARTS[field.type], own=own)
        case FieldType.NESTED:
            inner = {part.name: _field(part, own=own) for part in field.fields}
            block = _block(inner, [part.name for part in field.fields if part.required], own=own)
            return block if field.required else {"anyOf": [block, {"enum": [{}]}]}


def _text(field: FieldFormat) -> Schema:
    if field.choices:
        return {"enum": [*field.choices]}
    pattern = ecma(field.pattern) if field.pattern else None
    return {"type": "string", "pattern": pattern} if pattern else {"type": "string"}


def _list(field: FieldFormat) -> Schema:
    entry = _text(field) if field.choices or field.pattern else {}
    # In a list only texts are checked; if one entry is enough, it may be written without a list.
    entries: Schema = {"anyOf": [entry, {"not": {"type": "string"}}]} if entry else {}
    least = 1 if field.required else None
    several = {"type": "array", "items": entries, **_length(field.length, "minItems", "maxItems", least=least)}
    if (field.length.minimum or 0) > 1 or field.length.maximum == 0:
        return several
    return {"anyOf": [several, {"type": "string", **entry, **({"pattern": NOT_EMPTY} if field.required else {})}]}


def _parts(about: Mapping[str, str], *, own: bool) -> Schema:
    first = next(iter(about))
    parts = {
        part: described({"type": "string"} if part == first else {}, description) for part, description in about.items()
    }
    return {"anyOf": [{"type": "string"}, _block(parts, [first], own=own)]}


def _authors(schema: Schema, authors: Mapping[str, Author]) -> Schema:
    """The field `authors`, with those of the publication as choices. Any full name is allowed."""
    known: Schema = {"anyOf": [{"enum": sorted(authors)}, {"not": {"type": "string", "pattern": _KEY_OF_AUTHOR}}]}
    narrowed = {"allOf": [{"anyOf": [{"type": "array", "items": known}, {"not": {"type": "array"}, **known}]}]}
    return {**schema, **narrowed}


def _length(bounds: Bounds, low: str, high: str, *, least: int | None = None) -> Schema:
    minimum = max(bounds.minimum or 0, least) if least else bounds.minimum
    found = {low: minimum, high: bounds.maximum}
    return {key: bound for key, bound in found.items() if bound is not None}


def _or_empty(schema: Schema) -> Schema:
    """The schema of a field that is not required: it may be empty."""
    empty: list[object] = [None, ""]
    if set(schema) == {"enum"}:
        return {"enum": [*schema["enum"], *empty]}
    if schema.get("type") == "string" and schema.keys() <= {"type", "maxLength"}:
        return {**schema, "type": ["string", "null"]}
    if "anyOf" in schema:
        return {"anyOf": [*schema["anyOf"], {"enum": empty}]}
    return {"anyOf": [schema, {"enum": empty}]}
