"""Declarations of CSS, in a style attribute or a rule: what features they use."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.check.email_clients.index import entries
from newsletter.check.email_clients.marks import Mark
from newsletter.check.email_clients.pictures import picture_marks
from newsletter.check.email_clients.signs import Where
from newsletter.late import late

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.check.email_clients.index import Entry

_DECLARATION = re.compile(
    r"""(?<![\w-])([\w-]++)\s*+:((?:[^;"'()]++|"[^"]*+"|'[^']*+'|\((?:[^()"']++|"[^"]*+"|'[^']*+'|\([^()]*+\))*+\)|["'()])*+)"""
)
_FUNCTION = late(r"([a-z-]+)\(", re.IGNORECASE)
_UNIT = re.compile(r"(?<![\w#.-])[+-]?(?:\d+\.?|\.)\d*([a-z]+|%)", re.IGNORECASE)
_WORD = re.compile(r"!\s*important|(?<![\w-])[a-z]+(?:-[a-z]+)+(?![\w(-])|(?<![\w-])initial(?![\w-])", re.IGNORECASE)
_QUOTED = re.compile(r""""[^"]*"|'[^']*'|(?<=url\()[^)]*""", re.IGNORECASE)
_URL = late(r"""url\(\s*["']?([^"')]*)""", re.IGNORECASE)

_GROUNDS = frozenset(
    {"css-background-image", "css-linear-gradient", "css-radial-gradient", "css-conic-gradient", "html-background"}
)
"""What a plain colour stands in for."""


@lru_cache(maxsize=4096)
def declaration_marks(style: str) -> tuple[Mark, ...]:
    """The features that a list of declarations uses, by their offsets in it.

    Spared are those that only matter to a box that is not shown, and those of which an earlier declaration of the same
    property does without.
    """
    found: list[Mark] = []
    earlier: dict[str, set[str]] = {}
    names = set()
    for declaration in _DECLARATION.finditer(style.replace("&quot;", '"     ')):
        name, value = declaration[1].lower(), declaration[2]
        marks = list(_marks(name, value, declaration.start(), declaration.start(2), declaration.end()))
        slugs = {mark.feature.slug for mark in marks}
        if name in earlier:
            marks = [mark if mark.feature.slug in earlier[name] else mark._replace(spared=True) for mark in marks]
            earlier[name] &= slugs
        else:
            earlier[name] = slugs
        names.add(name)
        found += marks
    return tuple(_spare(found, {"css-background-color"} if "background-color" in names else set()))


def _spare(marks: Sequence[Mark], beside: set[str]) -> Iterator[Mark]:
    hidden = any(mark.feature.slug == "css-display-none" for mark in marks)
    for mark in marks:
        slug = mark.feature.slug
        spared = (hidden and slug != "css-display-none") or (slug in _GROUNDS and bool(beside))
        yield mark._replace(spared=True) if spared and not mark.spared else mark


def spared_by_ground(marks: Sequence[Mark]) -> list[Mark]:
    """The marks of an element that has a colour behind what it may not show."""
    return list(_spare(marks, {"html-bgcolor"}))


def _marks(name: str, value: str, start: int, value_start: int, end: int) -> Iterator[Mark]:
    where = entries()
    for entry in where[Where.PROPERTY].get(name, ()):
        if entry.value is None:
            yield Mark(entry.feature, entry.shown, start, end)
        elif found := entry.value.search(value):
            shown = f"`{name}: {found[0].strip().rstrip('(').lower()}`"
            shown = shown.replace(": url`", ": url()`").replace("`background: url", "`background: … url")
            yield Mark(entry.feature, shown, start, end)
    plain = _QUOTED.sub(lambda text: " " * len(text[0]), value)
    if "(" in value:
        for found in _FUNCTION.finditer(plain):
            yield from _all(_function(found[1].lower(), plain[found.end() :]), found, value_start)
        for found in _URL.finditer(value):
            if not name.startswith("src"):
                yield from (mark.moved(value_start + found.start()) for mark in picture_marks(found[1]))
    for found in _UNIT.finditer(plain):
        yield from _all(where[Where.UNIT].get(found[1].lower(), ()), found, value_start)
    if "-" in plain or "!" in plain or "initial" in plain:
        for found in _WORD.finditer(plain):
            word = "!important" if found[0][0] == "!" else found[0].lower()
            yield from _all(where[Where.WORD].get(word, ()), found, value_start)


def _function(name: str, rest: str) -> tuple[Entry, ...]:
    # rgb() with an alpha value is rgba() by another name.
    arguments = rest.partition(")")[0]
    if name == "rgb" and ("/" in arguments or arguments.count(",") > 2):
        name = "rgba"
    return entries()[Where.FUNCTION].get(name, ())


def _all(found: tuple[Entry, ...], place: re.Match[str], by: int) -> Iterator[Mark]:
    for entry in found:
        yield Mark(entry.feature, entry.shown, by + place.start(), by + place.end())
