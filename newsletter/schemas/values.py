"""The pieces that schemas are made of: each stands for one of the ways in which a configuration file is read by a Table.

Schemas are of draft-07, which editors' YAML support has; descriptions are Markdown, for the editors that show it so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from newsletter.schemas.patterns import ecma

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from newsletter.config.keys import Key
    from newsletter.config.wellformed import Flaw

Schema = dict[str, Any]
"""A JSON Schema, or a part of one."""

DRAFT = "http://json-schema.org/draft-07/schema#"
ONE_LINE = r"^\s*[^\n]*\s*$"
NOT_EMPTY = r"\S"


def described(schema: Schema, text: str, **more: Any) -> Schema:
    """The schema with what an editor shows of it; `more` are `default` and `examples`."""
    plain = text.replace("`", "")
    markdown = {"markdownDescription": text} if plain != text else {}
    return {"description": plain, **markdown, **schema, **more}


def row(key: Key, schema: Schema) -> Schema:
    """The schema of a key, with what its row has for editors."""
    default = {} if key.default is None else {"default": key.default}
    return described(schema, key.about, **default, **({"examples": [*key.examples]} if key.examples else {}))


def text(
    *,
    required: bool = False,
    lines: bool = False,
    pattern: str | re.Pattern[str] = "",
    check: Callable[[str], Flaw | None] | None = None,
) -> Schema:
    """What `Table.text` takes: a text, or a number for the text that it is written as; unless required, nothing, too.

    `check` is what the loader holds the text to: of it an editor has the words.
    """
    patterns = [] if lines else [ONE_LINE]
    if required:
        patterns.append(NOT_EMPTY)
    if pattern:
        patterns.append(_trimmed(pattern, empty=not required))
    schema: Schema = {"type": ["string", "number"] if _takes_numbers(pattern) else "string"}
    flaw = check("?") if check else None
    told = {"patternErrorMessage": f"It {flaw.problem}. {flaw.mend}"} if flaw else {}
    return _optional({**schema, **_fits(patterns), **told}, required=required)


def choice(values: Sequence[str]) -> Schema:
    """One of a few words, or nothing."""
    return {"enum": [*values, None]}


def flag() -> Schema:
    """What `Table.flag` takes."""
    return {"type": ["boolean", "null"]}


def number(minimum: int | None = None, maximum: int | None = None) -> Schema:
    """What `Table.number` takes."""
    bounds = {"minimum": minimum, "maximum": maximum}
    return {"type": ["integer", "null"], **{key: bound for key, bound in bounds.items() if bound is not None}}


def texts(one: Schema | None = None, *, unique: bool = False) -> Schema:
    """What `Table.texts` takes: a list of texts, or a single one."""
    one = one or {"type": ["string", "number"]}
    several: Schema = {"items": one, **({"uniqueItems": True} if unique else {})}
    if one.keys() <= {"type", "pattern"}:
        # Said in one schema, a mistake is told as what it is, and not as fitting none of several.
        kinds = one["type"] if isinstance(one["type"], list) else [one["type"]]
        return {**one, "type": ["array", *kinds, "null"], **several}
    return {"anyOf": [{"type": "array", **several}, one, {"type": "null"}]}


def entry(pattern: str | re.Pattern[str] = NOT_EMPTY, *, whole: bool = False) -> Schema:
    """A text in a list: one that is not empty, or fits a pattern as a whole."""
    found = ecma(pattern) if whole else pattern
    return {
        "type": ["string", "number"] if not whole or _takes_numbers(pattern) else "string",
        **({"pattern": found} if isinstance(found, str) else {}),
    }


def block(properties: Mapping[str, Schema], *, required: Sequence[str] = ()) -> Schema:
    """What `Table.table` takes, with each of its keys: others mean nothing."""
    schema: Schema = {"type": ["object", "null"], "properties": dict(properties), "additionalProperties": False}
    return {**schema, "required": list(required)} if required else schema


def named(value: Schema, names: Schema | None = None) -> Schema:
    """A block whose keys the author chooses, within `names`."""
    schema: Schema = {"type": ["object", "null"], "additionalProperties": value}
    return {**schema, "propertyNames": names} if names else schema


def name(pattern: str | re.Pattern[str], *, but: Collection[str] = ()) -> Schema:
    """A key: it fits a pattern as a whole, and is none of those that are taken."""
    schema: Schema = {"pattern": ecma(pattern)}
    return {**schema, "not": {"enum": sorted(but)}} if but else schema


def document(title: str, schema: Schema, definitions: Mapping[str, Schema] | None = None) -> Schema:
    """A whole schema: `schema` is that of the outermost block, which is there."""
    whole: Schema = {"$schema": DRAFT, "title": title, **schema, "type": "object"}
    return {**whole, "definitions": dict(definitions)} if definitions else whole


def _fits(patterns: Sequence[str]) -> Schema:
    """A text that fits all of several patterns; the last is that of what it is, and the one to tell of."""
    if not patterns:
        return {}
    *others, last = patterns
    return {"pattern": last, **({"allOf": [{"pattern": pattern} for pattern in others]} if others else {})}


def _optional(schema: Schema, *, required: bool) -> Schema:
    if required:
        return schema
    kinds = schema["type"]
    return {**schema, "type": [*([kinds] if isinstance(kinds, str) else kinds), "null"]}


def _trimmed(pattern: str | re.Pattern[str], *, empty: bool) -> str:
    """The pattern for a text that may have white space around it, or be empty."""
    found = ecma(pattern) or r"^[\s\S]*$"
    return f"^\\s*{found[1:-1]}\\s*$" + ("|^\\s*$" if empty else "")


def _takes_numbers(pattern: str | re.Pattern[str]) -> bool:
    """Whether a number may stand for the text that it is written as."""
    # A pattern that is compiled late (newsletter.late) is none of `re`'s own, and knows its methods only.
    fits = re.compile(pattern).fullmatch if isinstance(pattern, str) else pattern.fullmatch
    return not pattern or all(map(fits, ("7", "2024")))
