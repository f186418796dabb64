"""The front matter of a kind: what every issue may say, and what its house format asks on top."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.house.format import FieldFormat, FieldType
from newsletter.house.forms import form_fault
from newsletter.house.values import CONTRADICTION, EXPRESSION, HEADING, TWICE, bounds, era_keys, not_empty, word

if TYPE_CHECKING:
    from newsletter.model import Path, YamlDocument
    from newsletter.yamlread import Table

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


def read_fields(front: Table, document: YamlDocument) -> tuple[FieldFormat, ...]:
    """The fields of a kind: those of its house format in their order, then the standard ones it says nothing of."""
    listed = tuple(_field(front, name, document, ("front",), STANDARD_FIELDS.get(name)) for name in front.names())
    names = {field.name for field in listed}
    rest = (FieldFormat(name, holds) for name, holds in STANDARD_FIELDS.items() if name not in names)
    return (*listed, *rest)


def _field(front: Table, name: str, document: YamlDocument, path: Path, standard: FieldType | None) -> FieldFormat:
    span = document.where_key(*path, name)
    if isinstance(front.value(name), str):
        need = front.text(name, "optional", choices=("required", "optional"))
        return FieldFormat(name, standard or FieldType.TEXT, required=need == "required", span=span)
    table = front.table(name)
    inner = table.table("fields")
    below: Path = (*path, name, "fields")
    field = FieldFormat(
        name,
        word(table, "type", FieldType, FieldType.NESTED if inner.names() else standard or FieldType.TEXT),
        required=table.flag("required"),
        length=bounds(table, "length"),
        pattern=_pattern(table),
        choices=table.texts("choices", check=not_empty),
        fields=tuple(_field(inner, inside, document, below, None) for inside in inner.names()),
        hint=table.text("hint", lines=True),
        span=span,
        forms=read_forms(table, "form"),
        consecutive=table.flag("consecutive"),
    )
    era_keys(table)
    _contradictions(table, field, standard)
    return field


def read_forms(table: Table, key: str) -> tuple[str, ...]:
    """Forms, of which a text must fit one."""
    found = []
    for place, form in enumerate(table.texts(key, check=not_empty)):
        if fault := form_fault(form):
            table.fault(f"the form `{form}` cannot be read: {fault}", key, place, code=HEADING)
        else:
            found.append(form)
    return tuple(found)


def _pattern(table: Table) -> str:
    pattern = table.text("pattern")
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        table.fault(f"{table.named('pattern')} is no regular expression: {error}", "pattern", code=EXPRESSION)
        return ""
    return pattern


def _contradictions(table: Table, field: FieldFormat, standard: FieldType | None) -> None:
    def contradiction(key: str, message: str, mend: str = "") -> None:
        table.fault(message, key, mend=mend, code=CONTRADICTION)

    if standard not in {None, field.type}:
        contradiction("type", f"`{field.name}` always holds {NAMES[standard or field.type]}", "Take `type` away.")
    if field.fields and field.type is not FieldType.NESTED:
        contradiction("fields", f"`{field.name}` holds {NAMES[field.type]}, which has no fields of its own")
    if field.type is FieldType.NESTED and not field.fields:
        contradiction("type", f"`{field.name}` is nested, but has no fields", "List them under `fields`.")
    if not field.length.free and field.type not in _WITH_LENGTH:
        contradiction("length", f"`{field.name}` holds {NAMES[field.type]}, which has no length")
    for key, given in (("pattern", field.pattern), ("choices", field.choices), ("form", field.forms)):
        if given and field.type not in _WITH_WORDS:
            contradiction(key, f"`{field.name}` holds {NAMES[field.type]}, which has no {key}", "Take it away.")
    if field.consecutive and field.name != "number":
        contradiction(
            "consecutive", f"only `number` goes on from the issue before, not `{field.name}`", "Take it away."
        )
    for place, choice in enumerate(field.choices):
        if choice in field.choices[:place]:
            table.fault(f"`{choice}` is listed twice", "choices", place, code=TWICE)
