"""The schema of house.yaml, made from the rows of its keys.

Any value may be `{is: value, since: …, until: …}`, and any block may have `since`, `until` and `eras`. So each kind of
value is a definition that allows this, and the keys refer to the definitions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.registry import RULES
from newsletter.config.publication import SEVERITIES
from newsletter.house.format import FieldType, Need
from newsletter.house.keys import (
    ABOUT_MOMENT,
    BLOCKS,
    DOMAIN,
    ERA_KEYS,
    FIELD,
    MOMENT,
    RANGE,
    ROOT,
    STANDARD,
    STANDARD_FIELDS,
    WHEN,
    YEARS,
    KeyKind,
)
from newsletter.house.read import keys_without
from newsletter.model import BLOCK_NAMES
from newsletter.schemas.values import choice, described, document, entry, flag, name, number, row, text, texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsletter.config.table import Key
    from newsletter.schemas.values import Schema

DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
FAMILIES_OF_ISSUES = ("FM", "ST", "LK", "FG", "TX", "EM", "HS")
_BOUNDS = ("since", "until")
_NOTHING: Schema = {"enum": [None, "", []], "errorMessage": "Fields of this type have none."}


def house_schema() -> Schema:
    """The JSON Schema of a house.yaml."""
    definitions = {
        "moment": _moment(),
        "line": _dated(text()),
        "lines": _dated(text(lines=True)),
        "flag": _dated(flag(), short=True),
        "need": _dated(choice([*Need]), short=True),
        "count": _dated(_count()),
        "texts": _texts(entry()),
        "names": _texts({"type": ["string", "number"]}, unique=True),
        "passages": {"anyOf": [_ref("texts"), _named(_ref("count"))]},
        **_fields(),
        **{block: _block(block, _keys(BLOCKS[block])) for block in ("opening", "section", "items", "item")},
        "set": {"anyOf": [_ref("names"), _ref("some")]},
        "some": _block("some", _keys(BLOCKS["set"])),
        **{block: _block(block, _keys(BLOCKS[block])) for block in ("group", "use", "figures", "links", "text")},
        "part": _block("part", {**_keys(ROOT), "when": described(_conditions(), WHEN)}),
        "weight": _dated(choice(SEVERITIES)),
    }
    # A house format as a whole has no era, but may list the eras of its keys.
    keys = [*(key.name for key in ROOT), "eras"]
    whole = {"properties": {key: _ref(f"part/properties/{key}") for key in keys}, "additionalProperties": False}
    return document("house.yaml: what an issue of one kind is made of", whole, definitions)


def _keys(keys: Sequence[Key]) -> dict[str, Schema]:
    return {key.name: row(key, _value(key)) for key in keys}


def _value(key: Key) -> Schema:
    match key.kind:
        case KeyKind.WORD:
            return _dated(choice(key.choices))
        case KeyKind.NUMBER:
            return _dated(number(key.least, key.most))
        case KeyKind.TEXTS | KeyKind.WORDS | KeyKind.FORGIVEN if key.choices:
            return _texts({"enum": [*key.choices]})
        case KeyKind.TEXTS:
            return _texts(entry(), unique=True)
        case KeyKind.WORDS | KeyKind.HEADINGS | KeyKind.FORMS | KeyKind.CATEGORIES | KeyKind.TAGS:
            return _ref("texts")
        case KeyKind.PATTERN:
            return _ref("line")
        case KeyKind.AVOID:
            return {"anyOf": [_ref("texts"), _named(_ref("line"))]}
        case KeyKind.ORDER:
            return _order(key.choices)
        case KeyKind.KIND:
            return {"type": "string", **name(key.pattern)}
        case KeyKind.BLOCK | KeyKind.SPREAD | KeyKind.ITEMS | KeyKind.LAST:
            return _ref(key.of)
        case KeyKind.NAMED:
            return _names(key)
        case _:
            return _ref(key.kind)


def _names(key: Key) -> Schema:
    """A block whose keys are names, by the schema of its values."""
    names = name(key.pattern, but=key.taken) if key.pattern else None
    match key.of:
        case "front":
            standard = {field.name: described(_ref(f"field-{field.holds}"), field.about) for field in STANDARD}
            standard["number"]["$ref"] = _ref("field-of-number")["$ref"]
            return _named(_ref("field"), properties=standard)
        case "weight":
            return _named(_ref("weight"), names, _rules())
        case "place":
            return _named(_place(), names)
        case "spelling":
            return _named(_ref("texts"))
        case "use":
            of_block = {"anyOf": [_ref(KeyKind.COUNT), _ref(KeyKind.NEED), _ref("use")]}
            return _named(of_block, properties=dict.fromkeys(BLOCK_NAMES, of_block))
        case "domains":
            return _named(_texts(entry(DOMAIN, whole=True), unique=True), names)
        case block:
            return _named(_ref(block), names)


def _rules() -> dict[str, Schema]:
    return {
        rule.code: described(_ref("weight"), f"{rule.summary}.", default=str(rule.severity))
        for rule in RULES
        if rule.family in FAMILIES_OF_ISSUES
    }


def _fields() -> dict[str, Schema]:
    """The schemas of a field of the house format, and of each type of standard field."""
    own = _block("own-field", _keys(FIELD))
    own["properties"]["consecutive"] = _instead("consecutive", {"enum": [False, None]})
    own["allOf"] = [
        {"if": {"properties": {"type": {"const": str(holds)}}, "required": ["type"]}, "then": {"properties": limits}}
        for holds in FieldType
        if (limits := _limits(holds))
    ]
    found = {"field": _or_need("own-field"), "own-field": own}
    for holds in sorted(set(STANDARD_FIELDS.values())):
        found |= _standard(f"field-{holds}", {"type": choice([holds]), **_limits(holds)})
    limits = {"type": choice([FieldType.NUMBER]), **_limits(FieldType.NUMBER), "consecutive": _ref("flag")}
    return found | _standard("field-of-number", limits)


def _standard(own: str, instead: Mapping[str, Schema]) -> dict[str, Schema]:
    """A standard field, whose type is fixed: like any other, except for the keys in `instead`."""
    keys = {
        key.name: row(key, instead[key.name]) if key.name in instead else _ref(f"own-field/properties/{key.name}")
        for key in FIELD
    }
    return {own: _or_need(f"{own}-block"), f"{own}-block": _block(f"{own}-block", keys)}


def _instead(name: str, schema: Schema) -> Schema:
    return next(row(key, schema) for key in FIELD if key.name == name)


def _or_need(block: str) -> Schema:
    """A field as a block, or only `required` or the like."""
    return _dated({"anyOf": [choice(("required", "optional")), _ref(block)]})


def _limits(holds: FieldType) -> dict[str, Schema]:
    """The keys that a field of this type cannot have."""
    limits = dict.fromkeys(keys_without(holds), _NOTHING)
    return {**limits, "fields": {**_NOTHING, "enum": [None, {}]}} if "fields" in limits else limits


def _count() -> Schema:
    """A count: a number, or a range in one of its spellings."""
    message = "It must be a number or a range. Write 7, 5-9, at least 5 or at most 9."
    return {**text(pattern=RANGE), "type": ["integer", "string", "null"], "patternErrorMessage": message}


def _order(words: Sequence[str]) -> Schema:
    keys: Schema = {"type": "array", "items": {"type": "string"}, "uniqueItems": True}
    listed: Schema = {"type": "array", "items": {"anyOf": [{"type": "string"}, keys]}, "uniqueItems": True}
    return _dated({"anyOf": [choice(words), listed]})


def _place() -> Schema:
    place = r"^\s*(?:start|end|after\s+opening|(?:before|after)\s+\S+)\s*$"
    return _dated({"type": ["string", "null"], "pattern": place})


def _conditions() -> Schema:
    written: Schema = {"type": ["string", "number", "boolean"]}
    pattern: Schema = {"type": "object", "properties": {"pattern": {"type": "string"}}, "additionalProperties": False}
    return {
        "type": ["object", "null"],
        "minProperties": 1,
        "additionalProperties": {"anyOf": [written, {"type": "array", "items": written, "minItems": 1}, pattern]},
    }


def _moment() -> Schema:
    """The number or the date of an issue. A plain 2024 could be either, so it is not allowed."""
    moment = text(required=True, pattern=MOMENT)["pattern"]
    return described(
        {
            "type": ["integer", "string"],
            "not": {"type": "integer", "minimum": YEARS[0], "maximum": YEARS[-1]},
            "pattern": f"{moment}|^{DATE}",
        },
        ABOUT_MOMENT,
        examples=[120, "2024-01-31"],
    )


def _dated(schema: Schema, *, short: bool = False) -> Schema:
    """A value, or a value with its era. With `short`, an era without a value is allowed, too."""
    dated: Schema = {
        "type": "object",
        "properties": {"is": schema, "since": _ref("moment"), "until": _ref("moment")},
        "additionalProperties": False,
        "anyOf": [{"required": ["since"]}, {"required": ["until"]}],
        **({} if short else {"required": ["is"]}),
    }
    if set(schema) == {"anyOf"}:
        return {"anyOf": [*schema["anyOf"], dated]}
    return {"anyOf": [schema, dated]}


def _texts(one: Schema, *, unique: bool = False) -> Schema:
    """A list of texts, or a single one. Each entry may have an era."""
    found = texts(one, unique=unique)
    (found if "items" in found else found["anyOf"][0])["items"] = _dated(one)
    return _dated(found)


def _block(own: str, properties: Mapping[str, Schema]) -> Schema:
    """A block with its keys and its era; `own` is the name of its definition."""
    eras: Schema = {
        "type": "array",
        "items": {"allOf": [_ref(own)], "anyOf": [{"required": ["since"]}, {"required": ["until"]}]},
    }
    schemas = {"since": _ref("moment"), "until": _ref("moment"), "is": _ref(own), "eras": eras}
    alone: Schema = {"properties": dict.fromkeys(("is", *_BOUNDS), True), "additionalProperties": False}
    return {
        "type": ["object", "null"],
        "properties": {
            **properties,
            **{key: described(schemas[key], about) for key, about in ERA_KEYS.items()},
        },
        "additionalProperties": False,
        "dependencies": {"is": alone},
    }


def _named(value: Schema, names: Schema | None = None, properties: Mapping[str, Schema] | None = None) -> Schema:
    """A block whose keys the author chooses, within `names`. `properties` are keys with a fixed meaning.

    The block may have an era. So `since` and `until` are either names or the era.
    """
    schema: Schema = {"type": ["object", "null"], "additionalProperties": value}
    if names:
        schema["propertyNames"] = {"anyOf": [names, {"enum": ["is", *_BOUNDS]}]}
    either: Schema = {"anyOf": [value, _ref("moment")]}
    return {**schema, "properties": {**dict.fromkeys(_BOUNDS, either), "is": True, **(properties or {})}}


def _ref(definition: str) -> Schema:
    return {"$ref": f"#/definitions/{definition}"}
