"""The schema of newsletter.yaml, made from the rows of its keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.registry import RULES
from newsletter.config.clients import called
from newsletter.config.publication import (
    ADDRESS,
    BLOCKS,
    CLIENT_KEYS,
    FILE,
    FOLDER,
    HOST,
    PUBLICATION,
    SERVICE_KEYS,
    SEVERITIES,
    UNEXPLAINED,
    SettingKind,
)
from newsletter.config.wellformed import web_address_flaw
from newsletter.schemas.values import (
    block,
    choice,
    described,
    document,
    entry,
    flag,
    name,
    named,
    number,
    row,
    text,
    texts,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from newsletter.config.table import Key
    from newsletter.schemas.values import Schema


def newsletter_schema() -> Schema:
    """The JSON Schema of newsletter.yaml."""
    return document(
        "newsletter.yaml: a publication",
        _block(PUBLICATION),
        {"rule": _rule(), "weight": choice(SEVERITIES), "percent": number(0, 100)},
    )


def _block(keys: Sequence[Key]) -> Schema:
    properties = {key.name: row(key, _value(key)) for key in keys}
    return block(properties, required=[key.name for key in keys if key.required])


def _value(key: Key) -> Schema:
    match key.kind:
        case SettingKind.LINE | SettingKind.LOOK:
            check = None if key.check in UNEXPLAINED else key.check
            return text(required=key.required, pattern=key.pattern, check=check)
        case SettingKind.LINES:
            return text(lines=True)
        case SettingKind.WORD:
            return choice(key.choices)
        case SettingKind.ADDRESS:
            return text(pattern=ADDRESS, check=web_address_flaw)
        case SettingKind.FOLDER:
            return text(required=key.required, pattern=FOLDER, check=web_address_flaw)
        case SettingKind.PICTURE:
            return text(pattern=FILE)
        case SettingKind.NUMBER:
            return number(key.least, key.most)
        case SettingKind.HOSTS:
            return texts(entry(HOST, whole=True))
        case SettingKind.ADDRESSES:
            return texts(entry(ADDRESS, whole=True))
        case SettingKind.CHOICES:
            return texts({"enum": [*key.choices]})
        case SettingKind.AUTHORS | SettingKind.SPONSORS | SettingKind.CAMPAIGNS:
            return named(_block(BLOCKS[key.of]))
        case SettingKind.FIELDS:
            return named(text(), name(key.pattern, but=key.taken))
        case SettingKind.VALUES:
            return named(text())
        case SettingKind.CLIENTS:
            return block({key: described({"$ref": "#/definitions/percent"}, f"{called(key)}.") for key in CLIENT_KEYS})
        case SettingKind.SERVICES:
            return block({name: _service(keys) for name, keys in SERVICE_KEYS.items()})
        case SettingKind.FLAG:
            return flag()
        case SettingKind.WORDS:
            return texts()
        case SettingKind.RULES:
            return texts({"$ref": "#/definitions/rule"})
        case SettingKind.SEVERITIES:
            return _severities()
        case _:
            inner = _block(BLOCKS[key.of])
            return {**inner, "type": "object"} if key.required else inner


def _service(keys: Sequence[Key]) -> Schema:
    """The schema of a service's settings. Under `paid` are those for the paid edition."""
    properties = {key.name: row(key, _value(key)) for key in keys}
    paid = described(block(properties), "Different values for the paid edition.")
    return block({**properties, "paid": paid})


def _rule() -> Schema:
    """The code of a rule, or the beginning of one, with the known ones as choices."""
    return {"anyOf": [{"enum": [rule.code for rule in RULES]}, entry(prefixes(rule.code for rule in RULES))]}


def _severities() -> Schema:
    """The severities of rules, by code or by the beginning of codes. Each code has its explanation."""
    severity = {"$ref": "#/definitions/weight"}
    return {
        "type": ["object", "null"],
        "properties": {
            rule.code: described(severity, f"{rule.summary}.", default=str(rule.severity)) for rule in RULES
        },
        "patternProperties": {prefixes(rule.code for rule in RULES): severity},
        "additionalProperties": False,
    }


def prefixes(codes: Iterable[str]) -> str:
    """A pattern for the beginnings of codes: the family, and any number of its digits."""
    families: dict[str, set[str]] = {}
    for code in codes:
        numbers = families.setdefault(code[:2], set())
        numbers.update(code[2:length] for length in range(3, len(code) + 1))
    return "^(?:" + "|".join(f"{family}(?:{_digits(numbers)})?" for family, numbers in sorted(families.items())) + ")$"


def _digits(numbers: set[str]) -> str:
    """A pattern for numbers and their beginnings: 1, 10 and 104 as `1(?:0(?:4)?)?`."""
    firsts = sorted({digits[0] for digits in numbers})
    parts = []
    for first in firsts:
        rest = {digits[1:] for digits in numbers if digits[0] == first and len(digits) > 1}
        parts.append(f"{first}(?:{_digits(rest)})?" if rest else first)
    if all(re.fullmatch("[0-9]", part) for part in parts):
        return f"[{''.join(parts)}]" if len(parts) > 1 else parts[0]
    return "|".join(parts)
