"""The features of HTML and CSS that are looked for in a letter: features.txt, a line for each, and how to look them up.

What a letter loses without a feature is our own judgement; which email clients lack it is a fact: see support.py.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from newsletter.late import late
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

TABLE = Path(__file__).with_name("features.txt")
_NOT_LOOKED_FOR = "not looked for"


class Harm(StrEnum):
    """The effect on readers where a feature is missing."""

    LOST = "lost"
    """Something cannot be seen, read or used, or is on top of something else, or what was to be hidden is seen."""
    LOOKS = "looks"
    """Everything is there and readable, but clearly looks different from what was meant."""
    LESS = "less"
    """Decoration: readers do not miss it."""


class Where(StrEnum):
    """Where to look for a sign."""

    ELEMENT = "element"  # <video>; with a pattern, one of its attributes decides: type=checkbox
    ATTRIBUTE = "attribute"  # hidden, on any element
    PROPERTY = "property"  # gap: 12px, in a style attribute or a style sheet
    FUNCTION = "function"  # calc( in the value of any property
    UNIT = "unit"  # 2rem
    WORD = "word"  # initial, as a value
    AT_RULE = "at-rule"  # @font-face
    MEDIA = "media"  # (prefers-color-scheme), within @media
    SELECTOR = "selector"  # what a selector is made of, by the name that css.py has for it: id, child
    PSEUDO = "pseudo"  # :hover, ::before
    PICTURE = "picture"  # the format of a picture, by its address
    ADDRESS = "address"  # where a link leads: "#", "mailto:"


_CALLED: Mapping[str, str] = {
    Where.ELEMENT: "`<{}>`",
    Where.ATTRIBUTE: "the attribute `{}`",
    Where.FUNCTION: "`{}()`",
    Where.UNIT: "the unit `{}`",
    Where.AT_RULE: "`@{}`",
    Where.MEDIA: "`@media ({})`",
    Where.PSEUDO: "`:{}`",
}
"""The names of signs in messages. The others are called by the sign itself."""


class Feature(NamedTuple):
    """A feature of Can I email as this tool looks for it."""

    slug: str
    """Its name there: `css-display-flex`. One that does several kinds of harm has several records."""
    harm: Harm
    why: str
    """The effect on readers, one clause: for the finding, or to explain why the missing feature does no harm."""
    mend: str
    """A way to do without it, one sentence; empty if there is no general one."""


class Sign(NamedTuple):
    """One thing in a letter that says: this feature is used here."""

    feature: Feature
    shown: str
    """Its name in messages."""
    attribute: str
    """The attribute of an element that decides; empty if none does."""
    value: re.Pattern[str] | None
    """An expression that the value must match; None for any value."""


@dataclass(frozen=True, slots=True)
class FeatureTable:
    """features.txt, read."""

    features: tuple[Feature, ...]
    signs: Mapping[str, Mapping[str, tuple[Sign, ...]]]
    """The meanings of each name in small letters, by the Where in which it is."""
    not_looked_for: Mapping[str, str]
    """Slugs of Can I email that no sign is for, each with the reason."""


def signs(where: Where, name: str) -> tuple[Sign, ...]:
    """The meanings of `name` in a letter at that place."""
    return feature_table().signs[where].get(name, ())


@cache
def feature_table() -> FeatureTable:
    """The table that came with the tool; read when it is first asked for, which takes some 3 ms."""
    features: list[Feature] = []
    found: dict[str, dict[str, tuple[Sign, ...]]] = {where: {} for where in Where}
    left_out: dict[str, str] = {}
    harms = {str(harm): harm for harm in Harm}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if not line or line[0] == "#":
            continue
        slug, harm, told, *rest = line.split(" | ")
        if harm == _NOT_LOOKED_FOR:
            left_out[slug] = told
            continue
        why, mend = rest if rest[1:] else (*rest, "")
        feature = Feature(slug, harms[harm], why, mend)
        features.append(feature)
        _enter(feature, told, found)
    return FeatureTable(tuple(features), found, left_out)


def _enter(feature: Feature, told: str, found: Mapping[str, dict[str, tuple[Sign, ...]]]) -> None:
    """Puts a feature under each name of its sign: with `property display ~ flex called a row`, under `display`."""
    told, _, called = told.partition(" called ")
    told, _, value = told.partition(" ~ ")
    where, *names = told.split(" ")
    attribute = ""
    if value and where == Where.ELEMENT:
        attribute, _, value = value.partition("=")
        value = f"(?:{value})\\Z"
    pattern = late(value, re.IGNORECASE) if value else None
    called = called or _CALLED.get(where, "`{}`")
    named = found[where]
    for name in names:
        named[name] = (*named.get(name, ()), Sign(feature, called.replace("{}", name), attribute, pattern))
