"""The style table: prose.css as computed styles, by tag and container, so that a build never runs an inliner.

The table has `var(--token)` like the style sheet and is filled when a theme is loaded, so new colours need no new
table. premailer makes it (see inliner.py). The table of the bundled style sheet is shipped (styles.json).
"""

from __future__ import annotations

import hashlib
import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from newsletter.errors import ConfigurationError
from newsletter.files import read_bytes
from newsletter.memory import recall, store

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    Table = Mapping[tuple[str, str], str]
    """Declarations by (tag, container), `a:b;c:d`. A pair that is missing has those of (tag, "")."""

SHEET = "prose.css"
SHIPPED = "styles.json"
VERSION = 2
"""The version of the table format: a new version makes cached tables invalid."""

_VARIABLE = re.compile(r"var\(--([a-z0-9-]+)\)")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")

TAGS = (
    *("p", "p.head", "a", "a.noteref", "a.backlink", "a.picture", "strong", "em", "del", "sup", "code", "pre"),
    *("ul", "ol", "li", "li.task"),
    *("h4", "h5", "h6", "hr", "img", "span.credit", "span.label", "span.value", "table", "thead", "tbody"),
    *("th", "th.left", "th.right", "th.center", "td", "td.left", "td.right", "td.center"),
    *("span.comment", "span.keyword", "span.string", "span.number", "span.name", "span.inserted", "span.deleted"),
    "span.heading",
)
"""All tags for which HtmlWriter asks an email's look."""

CONTAINERS = (
    *("quotation", "item", "cell", "callout", "event", "poll", "audio", "figure", "footnote", "code"),
    *("title", "attribution", "roundup"),
)
FLAT = frozenset({"cell", "figure", "code", "title", "attribution"})
"""Containers with inline content only: they contain no other container."""
BLOCKS = frozenset({"p", "ul", "ol", "pre", "hr", "h4", "h5", "h6", "table"})
"""Tags that are direct children of their container, so that `.container > tag` means the same as the table."""


def fingerprint(sheet: str) -> str:
    """A hash of everything that a table is made from."""
    return hashlib.sha256(f"{VERSION}\n{sheet}".encode()).hexdigest()[:32]


def is_expressible(sheet: str) -> bool:
    """Whether a table by tag and container can express `sheet`, or an inliner must run over each letter."""
    plain = _COMMENT.sub("", sheet)
    if "@" in plain:
        return False
    return all(_is_plain(selector.strip()) for rule in _RULE.finditer(plain) for selector in rule[1].split(","))


def _is_plain(selector: str) -> bool:
    found = re.fullmatch(r"(?:\.([a-z]+)\s*(>|\s)\s*)?([a-z][a-z0-9]*)(?:\.([a-z]+))?", selector)
    if not found:
        return False
    container, relation, tag, kind = found.groups()
    if (f"{tag}.{kind}" if kind else tag) not in TAGS:
        return False
    if container is None:
        return True
    if container not in CONTAINERS:
        return False
    return tag in BLOCKS if relation == ">" else container in FLAT


def table_for(sheet: str, shipped: Path, cache: Path | None, make: Callable[[str], Table]) -> Table:
    """The table of `sheet`: the shipped one, else one in the cache, else a new one from `make`."""
    mark = fingerprint(sheet)
    with suppress(OSError, ValueError):
        table = _table(json.loads(read_bytes(shipped)), mark)
        if table is not None:
            return table
    root = cache.parents[1] if cache else None  # of .newsletter/cache
    if root is None or cache is None:
        return make(sheet)
    name = f"{cache.relative_to(root).as_posix()}/styles-{mark}.json"
    table = _table(recall(root, name), mark)
    if table is None:
        table = make(sheet)
        store(root, name, _plain(table, sheet))
    return table


def dump(table: Table, sheet: str) -> str:
    """`table` in the format in which it is shipped."""
    return json.dumps(_plain(table, sheet), indent=1, ensure_ascii=False) + "\n"


def _plain(table: Table, sheet: str) -> dict[str, Any]:
    rows = {f"{tag} {container}".strip(): style for (tag, container), style in sorted(table.items())}
    return {"made_for": fingerprint(sheet), "styles": rows}


def _table(kept: Any, mark: str) -> Table | None:
    try:
        if kept["made_for"] != mark:
            return None
        pairs = ((key.partition(" "), style) for key, style in kept["styles"].items())
        return {(tag, container): style for (tag, _, container), style in pairs}
    except (ValueError, KeyError, TypeError, AttributeError):
        # Missing, or not one of ours: it is made again.
        return None


def fill_variables(style: str, variables: Mapping[str, str], where: str) -> str:
    """`style` with each `var(--name)` replaced by its value.

    Raises ConfigurationError for a name that is not a token.
    """

    def value(found: re.Match[str]) -> str:
        try:
            return variables[found[1]]
        except KeyError:
            known = ", ".join(sorted(variables))
            raise ConfigurationError(
                f"{where}: var(--{found[1]}) is not a design token", hint=f"Choose one of: {known}."
            ) from None

    return _VARIABLE.sub(value, style)


CLASSES = {
    "a.noteref": "k",
    "a.backlink": "k",
    "code": "b",
    "hr": "r",
    "table": "r",
    "th": "s",
    "th.left": "s",
    "th.right": "s",
    "th.center": "s",
    "span.credit": "s",
    "span.label": "s lb",
    "span.value": "va",
    "span.comment": "s",
    "span.keyword": "k",
    "span.heading": "k",
    "span.deleted": "k",
    "span.string": "cs",
    "span.inserted": "cs",
    "span.number": "cn",
    "span.name": "cn",
}
"""The classes by which dark.css finds what has a colour of its own: k accent, s soft, r rule, b tint; lb a heading
in a cell, for phones, and va what it is the heading of."""

_ATTRIBUTES = {
    "table": ' width="100%" cellpadding="0" cellspacing="0" border="0"',
    "a.noteref": ' role="doc-noteref"',
    "a.backlink": ' role="doc-backlink"',
}
_OPENS = {"li": "item", "td": "cell", "th": "cell", "pre": "code"}
"""The container that an element is for its content, for an inliner (templates mark the others)."""
_UPRIGHT = ' style="font-style:normal;font-weight:bold"'
"""Emphasis in scripts without italics."""


class Attributes(dict[tuple[str, str], str]):
    """Attributes by (tag, container).

    A missing pair has the attributes of its tag in any container.
    """

    def __missing__(self, pair: tuple[str, str]) -> str:
        return self.get((pair[0], ""), "")


def styled(table: Table, variables: Mapping[str, str], where: str, *, right_to_left: bool) -> Attributes:
    """The table as attributes, its variables filled. `where` names the style sheet in an error."""
    attributes = Attributes()
    for tag in TAGS:
        plain = table.get((tag, ""), "")
        attributes[tag, ""] = _attributes_of(tag, plain, variables, where, right_to_left=right_to_left)
    attributes["em.upright", ""] = _UPRIGHT
    for (tag, container), style in table.items():
        attributes[tag, container] = _attributes_of(tag, style, variables, where, right_to_left=right_to_left)
    return attributes


def _attributes_of(
    tag: str, style: str, variables: Mapping[str, str], where: str, *, right_to_left: bool, opens: str = ""
) -> str:
    style = fill_variables(mirrored(tag, style) if right_to_left else style, variables, where)
    kind = CLASSES.get(tag, "")
    names = f"{kind} {opens}".strip()
    shown = f' class="{names}"' if names else ""
    return f"{_ATTRIBUTES.get(tag, '')}{shown}{f' style={chr(34)}{style}{chr(34)}' if style else ''}"


def marked() -> Attributes:
    """Classes instead of styles, for an inliner: the kind of each element, and the container that it is."""
    attributes = Attributes()
    for tag in TAGS:
        element, _, kind = tag.partition(".")
        opens = f"{kind} {_OPENS.get(element, '')}".strip()
        attributes[tag, ""] = _attributes_of(tag, "", {}, "", right_to_left=False, opens=opens)
    attributes["em.upright", ""] = _UPRIGHT
    return attributes


_MIRRORED = re.compile(r"\b(left|right)\b")
_FOUR_SIDES = re.compile(r"((?:margin|padding):\S+ )(\S+) (\S+) (\S+?)(?=;|$)")
_KEEPS_SIDE = re.compile(r"\.(left|right|center)$")


def mirrored(tag: str, style: str) -> str:
    """`style` for right-to-left scripts.

    An alignment that the author set stays.
    """
    if _KEEPS_SIDE.search(tag):
        return style
    style = _MIRRORED.sub(lambda found: "right" if found[1] == "left" else "left", style)
    return _FOUR_SIDES.sub(r"\1\4 \3 \2", style)
