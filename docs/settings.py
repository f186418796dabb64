"""The reference pages of newsletter.yaml, house.yaml and the front matter, made from the rows of their keys.

docs/generate.py writes them.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from tables import code, table

from newsletter.config import publication
from newsletter.config.publication import CLIENT_KEYS, PUBLICATION, SERVICE_KEYS, SettingKind
from newsletter.house import keys as house
from newsletter.house.format import FieldType
from newsletter.house.keys import ERA_KEYS, PARTS, STANDARD, WHEN, KeyKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from enum import StrEnum

    from newsletter.config.table import Key

Row = tuple[str, str, str]
HEAD: Row = ("key", "value", "what it is")

VALUES: Mapping[StrEnum, str] = {
    SettingKind.LINE: "text",
    SettingKind.LINES: "text, also of several lines",
    SettingKind.LOOK: "name of a look",
    SettingKind.ADDRESS: "web address",
    SettingKind.FOLDER: "web address",
    SettingKind.PICTURE: "picture file",
    SettingKind.FLAG: "`true` or `false`",
    SettingKind.WORDS: "text or list",
    SettingKind.HOSTS: "host or list",
    SettingKind.ADDRESSES: "web address or list",
    SettingKind.RULES: "list of codes or prefixes",
    SettingKind.SEVERITIES: "`error`, `warning` or `off`, by code or prefix",
    SettingKind.FIELDS: "fallbacks, by name of the field",
    SettingKind.VALUES: "texts, by name",
    SettingKind.CLIENTS: "percentages, by [email client](#email-clients)",
    KeyKind.LINE: "text",
    KeyKind.LINES: "text, also of several lines",
    KeyKind.FLAG: "`true` or `false`",
    KeyKind.NEED: "`required`, `optional` or `forbidden`",
    KeyKind.COUNT: "[how many](../guide/house-format.md#syntax)",
    KeyKind.TEXTS: "text or list",
    KeyKind.WORDS: "list",
    KeyKind.NAMES: "name or list of names",
    KeyKind.PASSAGES: "text, list, or texts with how often each",
    KeyKind.HEADINGS: "heading or list of headings",
    KeyKind.FORMS: "[text with fields](../guide/house-format.md#forms), or a list",
    KeyKind.CATEGORIES: "`any`, `none`, or a list",
    KeyKind.TAGS: "`any`, `none`, or a list",
    KeyKind.PATTERN: "regular expression",
    KeyKind.FORGIVEN: "list",
    KeyKind.AVOID: "list of words, or advice by word",
    KeyKind.ORDER: "`fixed`, `free`, or a list of sections",
    KeyKind.KIND: "name of a kind",
}
"""The names of the kinds of values in the table. Other kinds are named after their choices, limits or block."""

NAMED: Mapping[str, str] = {
    "place": "`start`, `end`, `after opening`, `before SECTION` or `after SECTION`, by name of a snippet",
    "spelling": "wrong spellings, by the right one",
    "weight": "`error`, `warning` or `off`, by code or prefix",
    "domains": "domains, by name of the kind",
    "part": "a house format with `when`, by name",
}
"""The blocks of house.yaml under names that have no keys of their own."""
ALSO = {"front": "field", "item": "items"}
"""The blocks that have the same keys as another block."""
_OR = {
    "front": ", or only `required` or `optional`",
    "field": ", or only `required` or `optional`",
    "item": ", without the keys from `shape` on",
}
"""The short forms of blocks."""
FIELD_VALUES: Mapping[StrEnum, str] = {
    FieldType.YES_NO: "`true` or `false`",
    FieldType.PERIOD: "month, quarter, week, year or range",
    FieldType.PICTURE: "file or [block](#inside-cover)",
    FieldType.ORIGINAL: "web address or [block](#inside-original)",
}
"""The names of the types of fields in the table, if they differ from the types themselves."""


class Page(NamedTuple):
    """The keys of one configuration file."""

    top: Sequence[Key]
    blocks: Mapping[str, Sequence[Key]]


NEWSLETTER = Page(PUBLICATION, publication.BLOCKS)
HOUSE = Page(house.ROOT, house.BLOCKS)
_NAMES = {
    SettingKind.AUTHORS: "KEY",
    SettingKind.SPONSORS: "KEY",
    SettingKind.CAMPAIGNS: "SERVICE",
    KeyKind.NAMED: "NAME",
}
"""The kinds of blocks whose keys are names, and the placeholder for such a name."""


def newsletter_page() -> Iterator[str]:
    """All keys of newsletter.yaml."""
    yield from ("# newsletter.yaml", "")
    yield "Every key of newsletter.yaml, with its value and its default. [Configuration](../guide/configuration.md) has an example of the whole"
    yield "file. With the [JSON Schema](../guide/editor.md#yaml-with-schemas), an editor completes and checks the keys."
    yield ""
    yield from _sections(NEWSLETTER)
    for name, keys in SERVICE_KEYS.items():
        yield from (f"## services.{name}", "")
        rows = (_row(NEWSLETTER, key, {}, f"services.{name}.") for key in keys)
        yield from _table(rows) if keys else ("It has no keys of its own.", "")
    yield from ("## Editions at a service", "")
    yield "Each block of a service may have a block `paid`, with different values of its keys for the paid edition."
    yield from ("", "## Email clients", "")
    yield f"The keys of `email.clients`: {', '.join(f'`{key}`' for key in CLIENT_KEYS)}."
    yield ""


def house_page() -> Iterator[str]:
    """All keys of house.yaml."""
    yield from ("# house.yaml", "")
    yield "Every key of a house format, with its value and its default. [House formats](../guide/house-format.md) explains them with examples."
    yield "With the [JSON Schema](../guide/editor.md#yaml-with-schemas), an editor completes and checks the keys."
    yield ""
    yield from _sections(HOUSE)
    yield from (
        "## Eras",
        "",
        "Every block, and most values, can hold for a part of the issues only. See [Eras](../guide/house-format.md#eras).",
    )
    yield ""
    yield from table(("key", "what it is"), ((f"`{key}`", about) for key, about in ERA_KEYS.items()))
    yield from ("## Variants", "", "Each block under `variants` has the keys of the top level, and this one:", "")
    yield from table(("key", "what it is"), [("`when`", WHEN)])


def front_matter_page() -> Iterator[str]:
    """The standard fields of front matter."""
    yield from ("# Front matter", "")
    yield "The fields that every issue may have. The house format says which are [required](../guide/house-format.md#front-matter), and can add"
    yield "fields of its own. [Writing](../guide/writing.md#front-matter) has an example."
    yield ""
    yield from table(
        ("field", "value", "what it is"),
        ((f"`{one.name}`", FIELD_VALUES.get(one.holds, str(one.holds)), one.about) for one in STANDARD),
    )
    for holds, fields in PARTS.items():
        named = " and ".join(f"`{one.name}`" for one in STANDARD if one.holds is holds)
        yield from (f"## Inside {named.replace('`', '')}", "")
        yield from table(("field", "what it is"), ((f"`{name}`", about) for name, about in fields.items()))


def _sections(page: Page) -> Iterator[str]:
    """The keys at the top level, then those of each block under its path.

    A block in several places is described once.
    """
    places = _places(page)
    yield from ("## Top level", "")
    yield from _table(_row(page, key, places) for key in page.top)
    for block, path in places.items():
        yield from (f"## {path}", "")
        yield from _table(_row(page, key, places, f"{path}.") for key in page.blocks[block])


def linked(page: Page, file: str, path: str) -> str:
    """The path of a key as a link to its row in the reference page `file`. Raises KeyError if there is no such key."""
    block, _, name = path.rpartition(".")
    keys = {above: page.blocks[of] for of, above in _places(page).items()} | {"": page.top}
    if not any(key.name == name for key in keys[block]):
        raise KeyError(path)
    return f"[{path}](../reference/{file}#{path.lower()})"


def _places(page: Page) -> dict[str, str]:
    """The path of each block, by its name, in the order of the page.

    It is the path at the top level if there is one, otherwise the first.
    """
    found: dict[str, str] = {}
    outer = {key.of for key in page.top}

    def visit(keys: Iterable[Key], above: str) -> None:
        for key in keys:
            block = ALSO.get(key.of, key.of)
            if block in page.blocks and block not in found and not (above and block in outer):
                path = f"{above}{key.name}" + (f".{_NAMES[key.kind]}" if key.kind in _NAMES else "")
                found[block] = path
                visit(page.blocks[block], f"{path}.")

    visit(page.top, "")
    return found


def _row(page: Page, key: Key, places: Mapping[str, str], above: str = "") -> Row:
    """The row of a key in the block `above`, with an anchor: the path of the key in lower case."""
    required = "**required**: " if key.required else ""
    otherwise = "" if key.default is None else f"; default {code(_yaml(key.default))}"
    example = f" Example: {code(f'{key.name}: {_yaml(key.examples[0])}')}." if key.examples else ""
    anchor = f'<a id="{above}{key.name}"></a>'.lower()
    return f"{anchor}`{key.name}`", f"{required}{_value(page, key, places)}{otherwise}", f"{key.about}{example}"


def _value(page: Page, key: Key, places: Mapping[str, str]) -> str:
    block = ALSO.get(key.of, key.of)
    if block in page.blocks and key.kind not in VALUES:
        link = f"[`{places[block]}`](#{_anchor(places[block])})"
        return f"{link}{_OR.get(key.of, '')}"
    if key.of in NAMED:
        return NAMED[key.of]
    if key.kind is SettingKind.SERVICES:
        return "a block for each service, such as [`services.mailchimp`](#servicesmailchimp)"
    if key.kind in {SettingKind.NUMBER, KeyKind.NUMBER}:
        return _number(key)
    if key.choices and key.kind not in {KeyKind.ORDER, KeyKind.NAMES}:
        words = " · ".join(f"`{word}`" for word in key.choices)
        return words if key.kind in {SettingKind.WORD, KeyKind.WORD} else f"one or a list of {words}"
    return VALUES[key.kind]


def _number(key: Key) -> str:
    if key.least is not None and key.most is not None:
        return f"number, {key.least} to {key.most}"
    return "number" if not key.least else f"number, {key.least} or more"


def _yaml(value: object) -> str:
    """A value as YAML on one line.

    True, lists and mappings are written as in JSON, without unnecessary quotation marks.
    """
    if isinstance(value, str):
        return (
            value if re.fullmatch(r"[\w/][^:#{}\[\]]*|[\w]+:[^\s#]*", value) else json.dumps(value, ensure_ascii=False)
        )
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_yaml(name)}: {_yaml(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_yaml, value)) + "]"
    return json.dumps(value)


def _anchor(heading: str) -> str:
    """The anchor that GitHub and the site give to a heading with letters, digits, dots and hyphens."""
    return re.sub(r"[^\w-]", "", heading.lower())


def _table(rows: Iterable[Row]) -> Iterator[str]:
    return table(HEAD, rows)
