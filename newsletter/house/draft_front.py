"""The front matter of a draft: what is known stands there, what is asked for is a hint, what is optional a comment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.hints import hint
from newsletter.house.format import Bounds, FieldType, Need
from newsletter.house.forms import fill_form, read_form
from newsletter.house.patterns import fields_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsletter.house.format import FieldFormat, HouseFormat
    from newsletter.language import Language

_PLAIN = re.compile(r"[^\W\d_](?:[^:#]|:(?=\S)|(?<=\S)#)*(?<![:\s])")
_PLAIN_IN_LIST = re.compile(r"[^\W\d_][\w .'-]*(?<!\s)")
_NEVER = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]")
_TAKEN = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
"""Words that this or another YAML reader takes for something else than text."""
_LONG = 120
"""From so many characters on a text is drafted as a block, in which colons and quotation marks need no care."""


def draft_front(house: HouseFormat, known: Mapping[str, object], language: Language) -> Iterator[str]:
    """The lines of the front matter. `known` holds texts, numbers, dates and tuples of texts by field name."""
    listed = [field for field in house.fields if field.span.end and field.name != "draft"]
    first = [field for field in house.fields if not field.span.end and field.name in ("title", "date", "kind")]
    for field in (*first, *listed):
        value = _by_form(field, known, language)
        if value not in (None, "", ()):
            yield f"{field.name}: {_written(value)}"
        elif field.required:
            yield from _asked(field, house)
        elif field in listed:
            yield f"# {field.name}: {_wish(field)}"
    yield "draft: true # take this line out when it may be published"


def _by_form(field: FieldFormat, known: Mapping[str, object], language: Language) -> object:
    """What is known of a field; where it has a form, that filled in as far as it can be."""
    value = known.get(field.name)
    if value is None and field.required and len(field.choices) == 1:
        return field.choices[0]
    if not field.forms or (isinstance(value, str) and any(read_form(value, form, language) for form in field.forms)):
        return value
    text = fill_form(field.forms[0], known, language)
    for piece in fields_in(text):
        text = text.replace(piece.text, hint(piece.field))
    return text if value is not None or field.required else None


def yaml_text(text: str, *, in_list: bool = False) -> str:
    """A text as a YAML value on one line that reads back as that text, whatever it holds; control characters are left out."""
    text = " ".join(_NEVER.sub("", text).split())
    plain = _PLAIN_IN_LIST if in_list else _PLAIN
    if plain.fullmatch(text) and text.lower() not in _TAKEN:
        return text
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def _written(value: object) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(yaml_text(str(entry), in_list=True) for entry in value) + "]"
    return yaml_text(value) if isinstance(value, str) else str(value)


def _asked(field: FieldFormat, house: HouseFormat, indent: str = "") -> Iterator[str]:
    """The lines for a required field that the writer has to fill."""
    name = f"{indent}{field.name}:"
    if field.type is FieldType.PICTURE:
        yield name
        yield f"{indent}  image: {hint('picture.jpg')}"
        yield f"{indent}  alt: {hint('what the picture shows')}"
        if house.credit is Need.REQUIRED:
            yield f"{indent}  credit: {hint('who made it')}"
    elif field.type is FieldType.NESTED:
        yield name
        for inner in [inner for inner in field.fields if inner.required] or field.fields[:1]:
            yield from _asked(inner, house, indent + "  ")
    elif field.type is FieldType.LIST:
        yield f"{name} [{yaml_text(hint(_wish(field)), in_list=True)}]"
    elif field.type is FieldType.TEXT and (field.length.maximum or _LONG) >= _LONG and not field.choices:
        yield f"{name} >-"
        yield f"{indent}  {hint(_wish(field))}"
    else:
        yield f"{name} {yaml_text(hint(_wish(field)))}"


def _wish(field: FieldFormat) -> str:
    """What a field wants, in words."""
    if field.type is FieldType.PICTURE:
        return "{image: picture.jpg, alt: what it shows, credit: who made it}"
    units = {FieldType.TEXT: "characters", FieldType.LIST: "entries", FieldType.NUMBER: ""}
    kinds = {
        FieldType.DATE: "a date such as 2024-01-31",
        FieldType.YES_NO: "true or false",
        FieldType.NUMBER: "a number",
    }
    said = field.hint.rstrip(".") or one_of(field.choices) or kinds.get(field.type, field.name)
    limits = bounds_words(field.length, units[field.type]) if field.type in units else ""
    return f"{said}; {limits}" if limits else said


def one_of(choices: Sequence[str]) -> str:
    """`one of calm, wild`; "" where there is no choice."""
    return f"one of {', '.join(choices)}" if choices else ""


def bounds_words(bounds: Bounds, unit: str) -> str:
    """`60–450 words`, `at most 150 words`, `at least 5 words`, `7 words`; "" where anything goes."""
    low, high = bounds.minimum or None, bounds.maximum
    if high == 0:
        return f"no {unit}".strip()
    if low is None and high is None:
        return ""
    if low is None:
        return f"at most {high} {unit}".strip()
    if high is None:
        return f"at least {low} {unit}".strip()
    return f"{low if low == high else f'{low}–{high}'} {unit}".strip()
