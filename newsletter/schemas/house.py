"""The schema of house.yaml: what `house.read` and its siblings read, key by key.

Any value may be `{is: value, since: …, until: …}` and any block may have `since`, `until` and `eras`; so each way of reading is
a definition that allows that, and the keys refer to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.registry import RULES
from newsletter.config.load import SEVERITIES
from newsletter.editions import NAMES
from newsletter.house.format import FieldType, Need
from newsletter.house.load import NAME
from newsletter.house.read import (
    DOMAIN,
    FORGIVEN,
    FORMATS,
    KEY,
    KIND,
    OPENING,
    RANGE,
    RULE,
    SECTION_LOOKS,
    STANDARD_FIELDS,
)
from newsletter.house.versions import NUMBER
from newsletter.model import ItemShape
from newsletter.schemas import explained
from newsletter.schemas.values import choice, described, document, entry, flag, name, number, text, texts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from newsletter.schemas.values import Schema

DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_WITH_LENGTH = (FieldType.TEXT, FieldType.LIST, FieldType.NUMBER)
_WITH_WORDS = (FieldType.TEXT, FieldType.LIST)
_BOUNDS = ("since", "until")
_NOTHING: Schema = {"enum": [None, "", []], "errorMessage": "A field of this type has none."}
FAMILIES_OF_ISSUES = ("FM", "ST", "LK", "FG", "TX", "EM", "HS")


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
        "opening": _block("opening", _opening()),
        "section": _block("section", _section()),
        "items": _block("items", {**_item(), **_items()}),
        "item": _block("item", _item()),
        "set": {"anyOf": [_ref("names"), _ref("some")]},
        "some": _block("some", _set()),
        "group": _block("group", _group()),
        "figures": _block("figures", _figures()),
        "links": _block("links", _links()),
        "text": _block("text", _text()),
        "part": _block("part", {**_root(), "when": described(_conditions(), explained.WHEN)}),
        "weight": _dated(choice(SEVERITIES)),
    }
    keys = [key for key in definitions["part"]["properties"] if key not in {*_BOUNDS, "is", "when"}]
    whole = {"properties": {key: _ref(f"part/properties/{key}") for key in keys}, "additionalProperties": False}
    return document("house.yaml: what an issue of one kind is made of", whole, definitions)


def _root() -> dict[str, Schema]:
    """The outermost keys."""
    said = explained.ROOT
    kinds: dict[str, tuple[Schema, dict[str, Any]]] = {
        "name": (_ref("line"), {"examples": ["Monthly briefing"]}),
        "extends": ({"type": "string", **name(NAME)}, {"examples": ["briefing", "essay", "digest"]}),
        "front": (_front(), {}),
        "other_fields": (_ref("flag"), {"default": False}),
        "file_name": (_ref("texts"), {"examples": ["{date:yyyy-MM-dd}-{slug}"]}),
        "opening": (_ref("opening"), {}),
        "sections": (_named(_ref("section"), name(KEY, but=[OPENING])), {}),
        "order": (_order(), {"default": "fixed"}),
        "sets": (_named(_ref("set")), {}),
        "groups": (_named(_ref("group")), {}),
        "forgive": (_forgive(), {"examples": [["case", "emoji"]]}),
        "words": (_ref("count"), {"examples": ["at most 2000"]}),
        "contains": (_ref("passages"), {"examples": ["Happy reading!", {"Comments on": 2}]}),
        "contents": (_ref("flag"), {"default": False}),
        "cover": (_ref("flag"), {"default": False}),
        "author_box": (_ref("flag"), {"default": False}),
        "standing": (_named(_place(), name(NAME)), {"examples": [{"subscribe": "after opening"}]}),
        "figures": (_ref("figures"), {}),
        "links": (_ref("links"), {}),
        "text": (_ref("text"), {}),
        "spelling": (_named(_ref("texts")), {"examples": [{"GitHub": ["Github", "github"]}]}),
        "avoid": ({"anyOf": [_ref("texts"), _named(_ref("line"))]}, {"examples": [["leverage", "synergy"]]}),
        "never": (_ref("texts"), {"examples": [["INSERT_LINK_HERE"]]}),
        "severity": (_severity(), {"examples": [{"ST124": "off", "FG": "warning"}]}),
        "section_level": (_dated(number(2, 5)), {"default": 2}),
        "allow_html": (_ref("flag"), {"default": False}),
        "variants": (_named(_ref("part")), {}),
    }
    return {key: described(schema, said[key], **more) for key, (schema, more) in kinds.items()}


# ── Blocks ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _opening() -> dict[str, Schema]:
    kinds = {"required": _ref("flag"), "words": _ref("count"), "contains": _ref("passages"), "hint": _ref("lines")}
    return {key: described(schema, explained.OPENING[key]) for key, schema in kinds.items()}


def _set() -> dict[str, Schema]:
    kinds = {"sections": _ref("names"), "count": _ref("count")}
    return {key: described(schema, explained.SET[key]) for key, schema in kinds.items()}


def _group() -> dict[str, Schema]:
    kinds = {"heading": _ref("texts"), "sections": _ref("names"), "required": _ref("flag")}
    return {key: described(schema, explained.GROUP[key]) for key, schema in kinds.items()}


def _section() -> dict[str, Schema]:
    kinds: dict[str, tuple[Schema, dict[str, Any]]] = {
        "heading": (_ref("texts"), {"examples": ["News of {date:MMMM yyyy}"]}),
        "required": (_ref("flag"), {"default": True}),
        "repeat": (_ref("count"), {"default": "at most 1"}),
        "words": (_ref("count"), {}),
        "figures": (_ref("count"), {}),
        "contains": (_ref("passages"), {}),
        "items": (_ref("items"), {}),
        "contents": (_ref("flag"), {"default": False}),
        "look": (_dated(choice(SECTION_LOOKS)), {}),
        "place": (_dated(choice(("first", "last"))), {}),
        "forgive": (_forgive(), {}),
        "only": (_texts({"enum": [*NAMES]}), {"examples": ["paid", ["email", "paid"]]}),
        "hint": (_ref("lines"), {}),
    }
    return {key: described(schema, explained.SECTION[key], **more) for key, (schema, more) in kinds.items()}


def _items() -> dict[str, Schema]:
    """What is said of a section's items together."""
    kinds: dict[str, tuple[Schema, dict[str, Any]]] = {
        "shape": (_dated(choice([*ItemShape])), {"default": "heading"}),
        "count": (_ref("count"), {"examples": ["5-9"]}),
        "numbered": (_ref("flag"), {"default": False}),
        "last": (_ref("item"), {}),
    }
    return {key: described(schema, explained.ITEMS[key], **more) for key, (schema, more) in kinds.items()}


def _item() -> dict[str, Schema]:
    """What is said of each."""
    need = (_ref("need"), {"default": "optional"})
    kinds: dict[str, tuple[Schema, dict[str, Any]]] = {
        "link": need,
        "links_to": (_ref("names"), {}),
        "author": need,
        "picture": need,
        "credit": need,
        "categories": (_ref("texts"), {"default": "none", "examples": ["any", ["Chips", "Energy"]]}),
        "title": (_ref("count"), {"examples": ["at most 90"]}),
        "words": (_ref("count"), {"examples": ["60-450"]}),
        "length": (_ref("count"), {"examples": ["at most 280"]}),
        "full_stop": need,
        "bold": need,
        "look": (_dated(choice(("roundup",))), {}),
        "entries": (_ref("count"), {"examples": ["3-15"]}),
        "hint": (_ref("lines"), {}),
    }
    return {key: described(schema, explained.ITEM[key], **more) for key, (schema, more) in kinds.items()}


def _figures() -> dict[str, Schema]:
    kinds = {
        "caption": _ref("need"),
        "credit": _ref("need"),
        "credit_words": _ref("texts"),
        "weight": _dated(number(1)),
        "width": _dated(number(1)),
        "formats": _texts({"enum": [*FORMATS]}),
    }
    return {key: described(schema, explained.FIGURES[key]) for key, schema in kinds.items()}


def _links() -> dict[str, Schema]:
    domains = _texts(entry(DOMAIN, whole=True), unique=True)
    kinds = {
        "kinds": _named(domains, name(KIND)),
        "http": _ref("flag"),
        "tracking": _ref("flag"),
        "shorteners": _ref("flag"),
        "repeats": _ref("names"),
    }
    return {key: described(schema, explained.LINKS[key]) for key, schema in kinds.items()}


def _text() -> dict[str, Schema]:
    kinds = {
        "quotes": _dated(choice(("typographic", "straight"))),
        "sentence": _ref("count"),
        "paragraph": _ref("count"),
        "placeholders": _ref("texts"),
    }
    return {key: described(schema, explained.TEXT[key]) for key, schema in kinds.items()}


def _severity() -> Schema:
    codes = {
        rule.code: described(_ref("weight"), f"{rule.summary}.", default=str(rule.severity))
        for rule in RULES
        if rule.family in FAMILIES_OF_ISSUES
    }
    return _named(_ref("weight"), name(RULE), codes)


# ── Front matter ────────────────────────────────────────────────────────────────────────────────────────────────────


def _front() -> Schema:
    standard = {
        field: described(_ref(f"field-{holds}"), explained.STANDARD[field]) for field, holds in STANDARD_FIELDS.items()
    }
    standard["number"] = described(_ref("field-of-number"), explained.STANDARD["number"])
    return _named(_ref("field"), properties=standard)


def _fields() -> dict[str, Schema]:
    """A field of the house format's own, and one of each type that standard fields have."""
    own = _block("own-field", _field())
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


def _field() -> dict[str, Schema]:
    kinds: dict[str, Schema] = {
        "required": _ref("flag"),
        "length": _ref("count"),
        "pattern": _ref("line"),
        "choices": _texts(entry(), unique=True),
        "form": _ref("texts"),
        "consecutive": {"enum": [False, None]},
        "type": _dated(choice([*FieldType])),
        "fields": _named(_ref("field")),
        "hint": _ref("lines"),
    }
    return {key: described(schema, explained.FIELD[key]) for key, schema in kinds.items()}


def _standard(own: str, instead: Mapping[str, Schema]) -> dict[str, Schema]:
    """A field whose type is known: as any other, but for what it has `instead`."""
    keys = {
        key: described(instead[key], explained.FIELD[key]) if key in instead else _ref(f"own-field/properties/{key}")
        for key in explained.FIELD
    }
    return {own: _or_need(f"{own}-block"), f"{own}-block": _block(f"{own}-block", keys)}


def _or_need(block: str) -> Schema:
    """A field as a block, or only whether it is required."""
    return _dated({"anyOf": [choice(("required", "optional")), _ref(block)]})


def _limits(holds: FieldType) -> dict[str, Schema]:
    """The keys that a field of a type cannot have."""
    without = [] if holds in _WITH_LENGTH else ["length"]
    without += [] if holds in _WITH_WORDS else ["pattern", "choices", "form"]
    limits = dict.fromkeys(without, _NOTHING)
    return limits if holds is FieldType.NESTED else {**limits, "fields": {**_NOTHING, "enum": [None, {}]}}


# ── Values ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _count() -> Schema:
    """How many: a number, or a range in one of its spellings."""
    told = "It must be a number or a range. Write 7, 5-9, at least 5 or at most 9."
    return {**text(pattern=RANGE), "type": ["integer", "string", "null"], "patternErrorMessage": told}


def _order() -> Schema:
    keys: Schema = {"type": "array", "items": {"type": "string"}, "uniqueItems": True}
    listed: Schema = {"type": "array", "items": {"anyOf": [{"type": "string"}, keys]}, "uniqueItems": True}
    return _dated({"anyOf": [choice(("fixed", "free")), listed]})


def _forgive() -> Schema:
    return _texts({"enum": [*FORGIVEN, "all", "nothing"]})


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


# ── Eras ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _moment() -> Schema:
    """The number or the date of an issue. A bare 2024 could be either, and is neither."""
    said = text(required=True, pattern=NUMBER)["pattern"]
    return described(
        {
            "type": ["integer", "string"],
            "not": {"type": "integer", "minimum": 1900, "maximum": 2199},
            "pattern": f"{said}|^{DATE}",
        },
        explained.MOMENT,
        examples=[120, "2024-01-31"],
    )


def _dated(schema: Schema, *, short: bool = False) -> Schema:
    """A value, or one with the era in which it holds; `short`: the era alone will do."""
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
    """A list of texts, or a single one; each entry may have an era, too."""
    found = texts(one, unique=unique)
    (found if "items" in found else found["anyOf"][0])["items"] = _dated(one)
    return _dated(found)


def _block(own: str, properties: Mapping[str, Schema]) -> Schema:
    """A block with its keys, and with those that say when it holds; `own` is the name of its definition."""
    eras: Schema = {
        "type": "array",
        "items": {"allOf": [_ref(own)], "anyOf": [{"required": ["since"]}, {"required": ["until"]}]},
    }
    alone: Schema = {"properties": dict.fromkeys(("is", *_BOUNDS), True), "additionalProperties": False}
    return {
        "type": ["object", "null"],
        "properties": {
            **properties,
            "since": described(_ref("moment"), explained.SINCE),
            "until": described(_ref("moment"), explained.UNTIL),
            "is": described(_ref(own), explained.IS),
            "eras": described(eras, explained.ERAS),
        },
        "additionalProperties": False,
        "dependencies": {"is": alone},
    }


def _named(value: Schema, names: Schema | None = None, properties: Mapping[str, Schema] | None = None) -> Schema:
    """A block whose keys the author chooses, within `names`; `properties` are keys with a meaning of their own.

    It may have an era itself, so that `since` and `until` are a name or that.
    """
    schema: Schema = {"type": ["object", "null"], "additionalProperties": value}
    if names:
        schema["propertyNames"] = {"anyOf": [names, {"enum": ["is", *_BOUNDS]}]}
    either: Schema = {"anyOf": [value, _ref("moment")]}
    return {**schema, "properties": {**dict.fromkeys(_BOUNDS, either), "is": True, **(properties or {})}}


def _ref(definition: str) -> Schema:
    return {"$ref": f"#/definitions/{definition}"}
