r"""The building blocks of schemas. Each corresponds to a way in which a Table reads a configuration file.

Schemas are of draft-07, which the YAML support of editors knows. Descriptions are Markdown, for editors that render it.
Regular expressions are translated to the dialect of ECMA-262 (ECMAScript), with case and Unicode written out. A schema
never rejects what the tool accepts. Where the dialects differ, the translation accepts more (`\w` is any letter of any
script, and any other character beyond ASCII), and what cannot be translated is left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from newsletter.config.table import Key
    from newsletter.config.wellformed import Flaw

Schema = dict[str, Any]
"""A JSON Schema, or a part of one."""

DRAFT = "http://json-schema.org/draft-07/schema#"
ONE_LINE = r"^\s*[^\n]*\s*$"
NOT_EMPTY = r"\S"


def described(schema: Schema, text: str, **more: Any) -> Schema:
    """The schema with its description for editors. `more` has `default` and `examples`."""
    plain = text.replace("`", "")
    markdown = {"markdownDescription": text} if plain != text else {}
    return {"description": plain, **markdown, **schema, **more}


def row(key: Key, schema: Schema) -> Schema:
    """The schema of a key, with the texts for editors from its row."""
    default = {} if key.default is None else {"default": key.default}
    return described(schema, key.about, **default, **({"examples": [*key.examples]} if key.examples else {}))


def text(
    *,
    required: bool = False,
    lines: bool = False,
    pattern: str | re.Pattern[str] = "",
    check: Callable[[str], Flaw | None] | None = None,
) -> Schema:
    """The schema of `Table.text`: a text, or a number that is read as text; unless required, it may be empty.

    `check` is the loader's check of the text, from which editors get the explanation.
    """
    patterns = [] if lines else [ONE_LINE]
    if required:
        patterns.append(NOT_EMPTY)
    if pattern:
        patterns.append(_trimmed(pattern, empty=not required))
    schema: Schema = {"type": ["string", "number"] if _takes_numbers(pattern) else "string"}
    flaw = check("?") if check else None
    message = {"patternErrorMessage": f"It {flaw.problem}. {flaw.advice}"} if flaw else {}
    return _optional({**schema, **_fits(patterns), **message}, required=required)


def choice(values: Sequence[str]) -> Schema:
    """One of a few words, or empty."""
    return {"enum": [*values, None]}


def flag() -> Schema:
    """The schema of a value that `Table.flag` reads."""
    return {"type": ["boolean", "null"]}


def number(minimum: int | None = None, maximum: int | None = None) -> Schema:
    """The schema of a value that `Table.number` reads."""
    bounds = {"minimum": minimum, "maximum": maximum}
    return {"type": ["integer", "null"], **{key: bound for key, bound in bounds.items() if bound is not None}}


def texts(one: Schema | None = None, *, unique: bool = False) -> Schema:
    """The schema of `Table.texts`: a list of texts, or a single one."""
    one = one or {"type": ["string", "number"]}
    several: Schema = {"items": one, **({"uniqueItems": True} if unique else {})}
    if one.keys() <= {"type", "pattern"}:
        # As one schema, so that an editor reports the mistake itself, not that no alternative fits.
        kinds = one["type"] if isinstance(one["type"], list) else [one["type"]]
        return {**one, "type": ["array", *kinds, "null"], **several}
    return {"anyOf": [{"type": "array", **several}, one, {"type": "null"}]}


def entry(pattern: str | re.Pattern[str] = NOT_EMPTY, *, whole: bool = False) -> Schema:
    """A text in a list: it must not be empty, or must match the whole pattern."""
    found = ecma(pattern) if whole else pattern
    return {
        "type": ["string", "number"] if not whole or _takes_numbers(pattern) else "string",
        **({"pattern": found} if isinstance(found, str) else {}),
    }


def block(properties: Mapping[str, Schema], *, required: Sequence[str] = ()) -> Schema:
    """The schema of `Table.table` with its keys. Other keys are not allowed."""
    schema: Schema = {"type": ["object", "null"], "properties": dict(properties), "additionalProperties": False}
    return {**schema, "required": list(required)} if required else schema


def named(value: Schema, names: Schema | None = None) -> Schema:
    """A block whose keys the author chooses, within `names`."""
    schema: Schema = {"type": ["object", "null"], "additionalProperties": value}
    return {**schema, "propertyNames": names} if names else schema


def name(pattern: str | re.Pattern[str], *, but: Collection[str] = ()) -> Schema:
    """The name of a key: it must match the whole pattern, and must not be one of `but`."""
    schema: Schema = {"pattern": ecma(pattern)}
    return {**schema, "not": {"enum": sorted(but)}} if but else schema


def document(title: str, schema: Schema, definitions: Mapping[str, Schema] | None = None) -> Schema:
    """A whole document: `schema` is the schema of the outermost block, which is required."""
    whole: Schema = {"$schema": DRAFT, "title": title, **schema, "type": "object"}
    return {**whole, "definitions": dict(definitions)} if definitions else whole


def _fits(patterns: Sequence[str]) -> Schema:
    """A text that matches several patterns. The last one explains the value, and is the one in messages."""
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
    """The pattern for a text that may be empty, or have white space around it."""
    found = ecma(pattern) or r"^[\s\S]*$"
    return f"^\\s*{found[1:-1]}\\s*$" + ("|^\\s*$" if empty else "")


def _takes_numbers(pattern: str | re.Pattern[str]) -> bool:
    """Whether a number may be written for the text."""
    # A late pattern (newsletter.late) is not one of `re`, and only has the same methods.
    fits = re.compile(pattern).fullmatch if isinstance(pattern, str) else pattern.fullmatch
    return not pattern or all(map(fits, ("7", "2024")))


_WORD = "0-9A-Za-z_\x80-\U0010ffff"
_ASCII_WORD = "0-9A-Za-z_"
_SPECIAL = frozenset("^$\\.*+?()[]{}|/")
_SAME = frozenset("nrtfvdDsS")
r"""Escapes with the same meaning in both dialects. `\d` is ASCII only in ECMAScript, which makes no difference here."""
_QUANTIFIER = re.compile(r"[*+?]|\{(\d*)(,?)(\d*)\}")
_GROUP = re.compile(r"\((?:\?(?:P<\w+>|:|=|!|<=|<!))?(?!\?)")
_PART = re.compile(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)|.", re.DOTALL)


class _Untranslatable(Exception):  # noqa: N818 - no error of anybody's: it ends the attempt
    """The pattern uses something that ECMAScript does not have."""


def ecma(pattern: str | re.Pattern[str]) -> str | None:
    """A pattern for JSON Schema that matches the same whole texts as `pattern`, or in rare cases more.

    None if there is none. The flags ASCII and IGNORECASE are supported.
    """
    source = pattern if isinstance(pattern, str) else pattern.pattern
    flags = 0 if isinstance(pattern, str) else pattern.flags
    if flags & ~(re.UNICODE | re.ASCII | re.IGNORECASE):
        return None
    try:
        return f"^(?:{_Translation(source, flags).whole()})$"
    except _Untranslatable:
        return None


class _Translation:
    """The translation of one pattern, from left to right."""

    def __init__(self, source: str, flags: int) -> None:
        self._source = source
        self._at = 0
        self._ascii = bool(flags & re.ASCII)
        self._any_case = bool(flags & re.IGNORECASE)

    def whole(self) -> str:
        parts = []
        while self._at < len(self._source):
            parts.append(self._next())
        return "".join(parts)

    def _next(self) -> str:
        char = self._source[self._at]
        if quantifier := _QUANTIFIER.match(self._source, self._at):
            return self._quantifier(quantifier)
        if char == "(":
            return self._group()
        if char == "[":
            return self._class()
        if char in ")|^$":
            self._at += 1
            return char
        self._at += 1
        if char == ".":
            return "[^\\n]"
        if char == "\\":
            self._at -= 1
            return self._escape()
        return self._literal(char)

    def _quantifier(self, match: re.Match[str]) -> str:
        self._at = match.end()
        low, comma, high = match.groups() if match[0][0] == "{" else ("", "", "")
        if match[0][0] == "{" and not (low or high):
            return "\\{" + comma + "\\}"  # `{}` and `{,}` are text
        if self._source.startswith("+", self._at):
            raise _Untranslatable  # possessive
        lazy = "?" if self._source.startswith("?", self._at) else ""
        self._at += len(lazy)
        return (match[0] if match[0][0] != "{" else f"{{{low or 0}{comma}{high}}}") + lazy

    def _group(self) -> str:
        match = _GROUP.match(self._source, self._at)
        if match is None:
            raise _Untranslatable  # flags, conditions, comments, atomic groups
        self._at = match.end()
        kind = match[0][1:]
        return "(" + ("?:" if not kind or kind.startswith("?P") else kind)

    def _escape(self) -> str:
        match = _PART.match(self._source, self._at)
        if match is None or len(match[0]) < 2:
            raise _Untranslatable
        self._at = match.end()
        letter = match[0][1]
        if len(match[0]) > 2:
            return self._literal(chr(int(match[0][2:], 16)))  # noqa: FURB166 - it is \x, not 0x
        if letter in "AZ":
            return {"A": "^", "Z": "$"}[letter]
        if letter in "wW":
            return self._word(negated=letter == "W")
        if letter in _SAME:
            return match[0]
        if letter in "bB" and self._ascii:
            return match[0]
        if letter.isalnum():
            raise _Untranslatable  # back-references, named characters, and word boundaries in any script
        return self._literal(letter)

    def _word(self, *, negated: bool) -> str:
        if negated:
            return f"[^{_ASCII_WORD}]"
        return f"[{_ASCII_WORD if self._ascii else _WORD}]"

    def _literal(self, char: str) -> str:
        if self._any_case and char.swapcase() != char and len(char.swapcase()) == 1:
            return f"[{char}{char.swapcase()}]"
        return f"\\{char}" if char in _SPECIAL else char

    def _class(self) -> str:
        self._at += 1
        negated = self._source.startswith("^", self._at)
        self._at += negated
        members: list[str] = []
        while self._at < len(self._source) and (self._source[self._at] != "]" or not members):
            members.append(self._member(negated=negated))
        if self._at >= len(self._source):
            raise _Untranslatable
        self._at += 1
        return f"[{'^' * negated}{''.join(members)}]"

    def _member(self, *, negated: bool) -> str:
        first = self._one(negated=negated)
        if not (self._source.startswith("-", self._at) and self._source[self._at + 1 : self._at + 2] not in {"]", ""}):
            return self._in_class(first) + (self._in_class(first.swapcase()) if self._swaps(first, first) else "")
        self._at += 1
        last = self._one(negated=negated)
        if len(first) != 1 or len(last) != 1:
            raise _Untranslatable
        both = f"{self._in_class(first)}-{self._in_class(last)}"
        return both + (f"{first.swapcase()}-{last.swapcase()}" if self._swaps(first, last) else "")

    def _one(self, *, negated: bool) -> str:
        """The next character of a class, or an escape for several characters."""
        match = _PART.match(self._source, self._at)
        if match is None or match[0] == "\\":
            raise _Untranslatable
        self._at = match.end()
        escape = match[0]
        if len(escape) == 1:
            return escape
        if len(escape) > 2:
            return chr(int(escape[2:], 16))  # noqa: FURB166 - as above
        if escape == "\\w":
            return _ASCII_WORD if self._ascii or negated else _WORD
        if escape[1] in _SAME:
            return escape
        if escape[1].isalnum():
            raise _Untranslatable
        return escape[1]

    def _swaps(self, first: str, last: str) -> bool:
        letters = len(first) == len(last) == 1 and first.isalpha() and last.isalpha()
        return self._any_case and letters and first.isascii() and first.isupper() == last.isupper()

    def _in_class(self, member: str) -> str:
        return f"\\{member}" if member in {"]", "[", "\\", "^", "-"} else member
