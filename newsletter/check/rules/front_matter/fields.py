"""FM: the fields that the house format requires, and their values."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from newsletter.check.facts.elsewhere import doubt
from newsletter.check.facts.files import file_stem
from newsletter.check.rule import rule
from newsletter.check.rules.front_matter.identity import expected, first_fitting, formed_texts
from newsletter.check.rules.front_matter.release import holding
from newsletter.check.wording import asked, quoted
from newsletter.hints import HINT
from newsletter.house.expressions import expression
from newsletter.house.format import Bounds, FieldFormat, FieldType
from newsletter.house.keys import PARTS, STANDARD_FIELDS
from newsletter.suggest import closest, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsletter.check.context import CheckContext
    from newsletter.diagnostics import Diagnostic
    from newsletter.model import Path

STANDARD = tuple(FieldFormat(name, holds) for name, holds in STANDARD_FIELDS.items())
"""The fields that the tool itself uses. Every issue may have them."""

_TYPE_NAMES = {
    FieldType.TEXT: "a text",
    FieldType.NUMBER: "a number",
    FieldType.DATE: "a date such as 2024-01-31",
    FieldType.YES_NO: "true or false",
    FieldType.LIST: "a list",
    FieldType.PICTURE: "a picture: {image: cover.jpg, alt: …}",
    FieldType.PERIOD: "a period such as 2026-11, 2026-Q3 or 2026-11-01/2026-11-15",
    FieldType.ORIGINAL: "where it was first published: a web address, or {url: …, title: …, publication: …}",
    FieldType.NESTED: "fields of its own",
}


@rule("FM101", "missing-field", "Required fields have a value", "front matter", gap=True, keys=("front.NAME.required",))
def missing_field(context: CheckContext) -> Iterator[Diagnostic]:
    """FM101: a required field is missing or empty."""
    if context.broken_front:
        return
    slips = {meant for _, meant in _unknown(context) if meant}
    for path, wanted in _required(context.house.fields, context.issue.front.values):
        name = dotted(path)
        if path in context.issue.front.key_spans:
            yield context.found(
                "FM101",
                context.issue.front.where_key(*path),
                f"`{name}` is empty",
                label=f"{context.asker} asks for it",
                about=_line(path, "required"),
            )
        elif name not in slips:
            place = context.issue.front.where_key(*path[:-1]) if len(path) > 1 else context.start
            yield context.found(
                "FM101",
                place,
                f"the front matter has no `{name}`",
                label=f"{context.asker} asks for it",
                advice=" ".join(
                    filter(None, (f"Add a line `{wanted.name}: {_example(wanted)}`.", _doubt(context, path)))
                ),
                about=_line(path, "required"),
            )


def _doubt(context: CheckContext, path: Path) -> str:
    return doubt(context.history, context.own, lambda issue: path[0] in issue.fields) if len(path) == 1 else ""


def _required(fields: Sequence[FieldFormat], values: Mapping[str, object]) -> Iterator[tuple[Path, FieldFormat]]:
    for wanted in fields:
        value = values.get(wanted.name)
        if value is None or value in ("", [], {}):
            if wanted.required:
                yield (wanted.name,), wanted
        elif isinstance(value, dict):
            for path, inner in _required(wanted.fields, value):
                yield (wanted.name, *path), inner


def _example(wanted: FieldFormat) -> str:
    if wanted.choices:
        return wanted.choices[0]
    shapes = {
        FieldType.NUMBER: "14",
        FieldType.DATE: "2024-01-31",
        FieldType.YES_NO: "true",
        FieldType.LIST: "[…]",
        FieldType.PICTURE: "{image: cover.jpg, alt: …}",
        FieldType.PERIOD: "2024-01",
        FieldType.ORIGINAL: "{url: https://…, publication: …}",
    }
    return shapes.get(wanted.type, "…")


@rule("FM102", "unknown-field", "The house format knows each field", "front matter", keys=("front", "other_fields"))
def unknown_field(context: CheckContext) -> Iterator[Diagnostic]:
    """FM102: neither the house format nor the tool knows a field."""
    if context.house.own_fields:
        return
    held = {path[0] for path in holding(context)}
    for path, meant in _unknown(context):
        if path[0] in held:  # FM130 reports it
            continue
        if meant:
            advice = f"Did you mean `{meant}`?"
        elif " " in str(path[-1]) and len(path) > 1:
            # `{alt: A river, seen from above}`: the comma ends the text.
            advice = "Remove it. If it belongs to the text before the comma, put that text in quotes."
        elif len(path) == 1:
            advice = "Take it out, or set `other_fields: true` in house.yaml to allow fields of your own."
        else:
            advice = "Take it out."
        place, message = context.issue.front.where_key(*path), f"{context.asker} has no field `{dotted(path)}`"
        yield context.found("FM102", place, message, advice=advice, about=("front",))


def _unknown(context: CheckContext) -> Iterator[tuple[Path, str]]:
    return _unknown_in(_known(context), context.issue.front.values, ())


def _unknown_in(
    known: Mapping[str, FieldFormat], values: Mapping[str, object], above: Path
) -> Iterator[tuple[Path, str]]:
    """The path of each unknown field, and the dotted name of the missing field that it may be a typo for."""
    for name, value in values.items():
        wanted = known.get(name)
        if wanted is None:
            meant = closest(str(name), [other for other in known if other not in values])
            yield (*above, name), dotted((*above, meant)) if meant else ""
        elif isinstance(value, dict) and wanted.type in PARTS:
            yield from _unknown_in({part: FieldFormat(part) for part in PARTS[wanted.type]}, value, (*above, name))
        elif isinstance(value, dict) and wanted.fields:
            yield from _unknown_in({inner.name: inner for inner in wanted.fields}, value, (*above, name))


@rule("FM103", "wrong-type", "Values have the type of their field", "front matter", keys=("front.NAME.type",))
def wrong_type(context: CheckContext) -> Iterator[Diagnostic]:
    """FM103: the value does not have the type of its field."""
    for path, wanted, value in given(context):
        if fits(wanted, value):
            continue
        written = context.text_at(context.issue.front.where(*path))
        kind = "a whole number" if wanted.name == "number" else _TYPE_NAMES[wanted.type]
        message = f"`{dotted(path)}` must be {kind}, not {_describe(value, written)}"
        if wanted.type is FieldType.PICTURE and isinstance(value, dict):
            message += " without `image`"
        advice = _right_kind(wanted, value, " ".join(written.split()))
        yield _found(context, "FM103", path, "type", message, advice=advice)
    yield from _no_names(context)


def _no_names(context: CheckContext) -> Iterator[Diagnostic]:
    """FM103 for lists of names: entries that are no names.

    Numbers, dates and truth values count as names, as written.
    """
    front = context.issue.front
    for key in ("authors", "tags"):
        value = front.values.get(key)
        for index, entry in enumerate(value) if isinstance(value, list) else ():
            path = (key, index)
            if path in front.broken or front.text(*path) or front.text(*path, "name"):
                continue
            written = context.text_at(front.where(*path)) if entry is None else ""
            message = f"`{dotted(path)}` is " + (
                f"empty: `{written}` means no value in YAML" if written else "empty" if not entry else "no name"
            )
            advice = f'If it is a name, put it in quotes: `"{written}"`.' if written else "Write a name, or remove it."
            yield _found(context, "FM103", path, "type", message, advice=advice)


def _right_kind(wanted: FieldFormat, value: object, written: str) -> str:
    """The advice for a value of the wrong type: how to write it in the type of its field."""
    bare = written.strip("\"'")
    match wanted.type:
        case FieldType.TEXT if not isinstance(value, dict) and '"' not in written:
            return f'Put it in quotes: `{wanted.name}: "{written}"`.'
        case FieldType.NUMBER if isinstance(value, str) and bare.replace(",", "").isdecimal():
            return f"Write only its digits, without quotation marks: `{wanted.name}: {bare.replace(',', '')}`."
        case FieldType.DATE if bare != written and re.match(r"\d{4}-\d\d-\d\d", bare):
            return f"Remove the quotation marks: `{wanted.name}: {bare}`."
        case FieldType.DATE:
            return f"Write it as year-month-day: `{wanted.name}: 2024-01-31`."
        case FieldType.YES_NO:
            return f"Write `{wanted.name}: true` or `{wanted.name}: false`, without quotation marks."
        case FieldType.LIST if not isinstance(value, dict):
            return f"Write it between brackets: `{wanted.name}: [{written}]`."
        case FieldType.PICTURE:
            return f"Write `{wanted.name}: {{image: cover.jpg, alt: What it shows}}`."
        case _:
            return ""


def fits(wanted: FieldFormat, value: object) -> bool:
    """Whether a value is of the type of its field."""
    match wanted.type:
        case FieldType.TEXT:
            return isinstance(value, str)
        case FieldType.NUMBER:
            kinds = int if wanted.name == "number" else int | float
            return isinstance(value, kinds) and not isinstance(value, bool)
        case FieldType.DATE:
            return isinstance(value, date)
        case FieldType.YES_NO:
            return isinstance(value, bool)
        case FieldType.LIST:
            # A list with one entry may be written without brackets: `authors: pascal`.
            return isinstance(value, list | str)
        case FieldType.PICTURE:
            return isinstance(value, str) or (isinstance(value, dict) and isinstance(value.get("image"), str))
        case FieldType.PERIOD:
            return isinstance(value, str | int | date | list) and not isinstance(value, bool)
        case FieldType.ORIGINAL:
            return isinstance(value, str | dict)
        case FieldType.NESTED:
            return isinstance(value, dict)


def _describe(value: object, written: str) -> str:
    match value:
        case bool():
            return f"`{written}`"
        case int() | float():
            return f"the number {written}"
        case date():
            return "a date"
        case list():
            return "a list"
        case dict():
            return "a group of fields"
        case _:
            return f"the text {quoted(str(value), 40)}"


@rule(
    "FM104",
    "field-length",
    "Values have the length or size that the house format sets",
    "front matter",
    keys=("front.NAME.length",),
)
def field_length(context: CheckContext) -> Iterator[Diagnostic]:
    """FM104: a text or a list is too short or too long, or a number is out of bounds."""
    for path, wanted, value in given(context):
        if wanted.length.free or not fits(wanted, value):
            continue
        size, noun = _size(wanted, value)
        if size is not None and not _within(size, wanted.length):
            has = f"has {size or 'none'}" if noun else f"is {size:g}"
            message = f"{context.asker} asks for {asked(wanted.length, noun)} in `{dotted(path)}`, this {has}"
            yield _found(context, "FM104", path, "length", message)


def _size(wanted: FieldFormat, value: object) -> tuple[float | None, str]:
    if wanted.type is FieldType.LIST:
        return len(value) if isinstance(value, list) else 1, "entry"
    if isinstance(value, str):
        return len(value), "character"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value, ""
    return None, ""


def _within(size: float, bounds: Bounds) -> bool:
    return (bounds.minimum is None or size >= bounds.minimum) and (bounds.maximum is None or size <= bounds.maximum)


@rule(
    "FM105",
    "field-pattern",
    "Texts have the form that the house format sets",
    "front matter",
    keys=("front.NAME.pattern", "front.NAME.form"),
)
def field_pattern(context: CheckContext) -> Iterator[Diagnostic]:
    """FM105: a text does not match the pattern in the house format."""
    for path, wanted, text in _texts(context):
        if wanted.pattern and not expression(wanted.pattern).fits(text):
            message = f"`{dotted(path)}` does not have the form that {context.asker} asks for"
            yield _found(context, "FM105", path, "pattern", message, label=f"must match {quoted(wanted.pattern)}")
    name = file_stem(context.issue.path)
    for path, text, forms in formed_texts(context):
        if first_fitting(context, text, forms) is None:
            message = f"`{dotted(path)}` does not have the form that {context.asker} asks for"
            label = " or ".join(quoted(expected(context, form, name), 40) for form in forms[:2])
            yield _found(context, "FM105", path, "form", message, label=label)


@rule(
    "FM106",
    "field-choice",
    "Texts are one of the choices in the house format",
    "front matter",
    keys=("front.NAME.choices",),
)
def field_choice(context: CheckContext) -> Iterator[Diagnostic]:
    """FM106: a text is not one of the choices."""
    for path, wanted, text in _texts(context):
        if wanted.choices and text not in wanted.choices:
            message, label = f"`{dotted(path)}` cannot be {quoted(text)}", "one of " + ", ".join(wanted.choices)
            advice = did_you_mean(text, wanted.choices)
            yield _found(context, "FM106", path, "choices", message, label=label, advice=advice)


def _known(context: CheckContext) -> dict[str, FieldFormat]:
    return {wanted.name: wanted for wanted in (*STANDARD, *context.house.fields)}


def given(context: CheckContext) -> Iterator[tuple[Path, FieldFormat, object]]:
    """The fields with a value. FM101 reports empty fields, and ST112 hints that are not filled in."""
    return _given_in(_known(context), context.issue.front.values, ())


def _given_in(
    known: Mapping[str, FieldFormat], values: Mapping[str, object], above: Path
) -> Iterator[tuple[Path, FieldFormat, object]]:
    for name, value in values.items():
        wanted = known.get(name)
        if wanted is None or value is None or value == "" or (isinstance(value, str) and HINT.search(value)):
            continue
        yield (*above, name), wanted, value
        if isinstance(value, dict) and wanted.fields:
            yield from _given_in({inner.name: inner for inner in wanted.fields}, value, (*above, name))


def _texts(context: CheckContext) -> Iterator[tuple[Path, FieldFormat, str]]:
    """The texts of a field, for a list one by one."""
    for path, wanted, value in given(context):
        if isinstance(value, str):
            yield path, wanted, value
        elif isinstance(value, list):
            for index, entry in enumerate(value):
                text = entry if isinstance(entry, str) else context.issue.front.text(*path, index)
                if text and not HINT.search(text):
                    yield (*path, index), wanted, text


def _found(
    context: CheckContext, code: str, path: Path, key: str, message: str, *, label: str = "", advice: str = ""
) -> Diagnostic:
    """A finding at the value of the field at `path`; `key` is the key of the requirement in the house format."""
    place = context.issue.front.where(*path)
    return context.found(code, place, message, label=label, advice=advice, about=_line(path, key))


def _line(path: Path, key: str) -> tuple[str, ...]:
    """The line of house.yaml with the `key` of a field. Requirements for a list are those for its entries."""
    return ("front", *(part for part in path if isinstance(part, str)), key)


def dotted(path: Path) -> str:
    """The path of a value as messages write it. Entries of lists are counted from 1."""
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
