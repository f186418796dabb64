"""The features of HTML and CSS that are looked for in an email, read from features.txt, and how to find them by name.

The harm that a missing feature does is our own judgement. The email clients that lack it are facts: see support.py.
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
    """Something cannot be seen, read or used, overlaps something else, or should be hidden and is visible."""
    LOOKS = "looks"
    """Everything is there and readable, but clearly looks different from the design."""
    LESS = "less"
    """Decoration: readers do not miss it."""


class Where(StrEnum):
    """The kind of place where a sign is looked for."""

    ELEMENT = "element"  # <video>; with a pattern, one of its attributes decides: type=checkbox
    ATTRIBUTE = "attribute"  # hidden, on any element
    PROPERTY = "property"  # gap: 12px, in a style attribute or a style sheet
    FUNCTION = "function"  # calc( in the value of any property
    UNIT = "unit"  # 2rem
    WORD = "word"  # initial, as a value
    AT_RULE = "at-rule"  # @font-face
    MEDIA = "media"  # (prefers-color-scheme), within @media
    SELECTOR = "selector"  # what a selector is made of, by the name that css.py has for it: id, child
    PSEUDO = "pseudo"  # a part of a selector, by its name in css.py: id, child
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
"""The form of a sign in messages, by the kind of its place. Signs of other kinds are shown unchanged."""


class Feature(NamedTuple):
    """A feature of Can I email as this tool looks for it."""

    slug: str
    """Its name at Can I email: `css-display-flex`. A feature that does several kinds of harm has several records."""
    harm: Harm
    why: str
    """The effect on readers, one clause.

    It is part of the finding, or explains why the missing feature does no harm.
    """
    advice: str
    """A way to do without the feature, one sentence; empty if there is no general one."""


class Sign(NamedTuple):
    """Something in an email that shows that a feature is used."""

    feature: Feature
    shown: str
    """Its name in messages."""
    attribute: str
    """The attribute of an element that decides; empty if no attribute does."""
    value: re.Pattern[str] | None
    """An expression that the value must match; None for any value."""


@dataclass(frozen=True, slots=True)
class FeatureTable:
    """The content of features.txt."""

    features: tuple[Feature, ...]
    signs: Mapping[str, Mapping[str, tuple[Sign, ...]]]
    """The signs with each lower-case name, by the kind of place."""
    not_looked_for: Mapping[str, str]
    """Slugs of Can I email for which no sign is looked for, each with the reason."""


def signs(where: Where, name: str) -> tuple[Sign, ...]:
    """The signs called `name` at that kind of place."""
    return feature_table().signs[where].get(name, ())


@cache
def feature_table() -> FeatureTable:
    """The table that comes with the tool. The first call reads it, which takes about 3 ms."""
    features: list[Feature] = []
    found: dict[str, dict[str, tuple[Sign, ...]]] = {where: {} for where in Where}
    left_out: dict[str, str] = {}
    harms = {str(harm): harm for harm in Harm}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if not line or line[0] == "#":
            continue
        slug, harm, spec, *rest = line.split(" | ")
        if harm == _NOT_LOOKED_FOR:
            left_out[slug] = spec
            continue
        why, advice = rest if rest[1:] else (*rest, "")
        feature = Feature(slug, harms[harm], why, advice)
        features.append(feature)
        _enter(feature, spec, found)
    return FeatureTable(tuple(features), found, left_out)


def _enter(feature: Feature, spec: str, found: Mapping[str, dict[str, tuple[Sign, ...]]]) -> None:
    """Adds a feature under each name of its sign: for `property display ~ flex called a row`, under `display`."""
    spec, _, called = spec.partition(" called ")
    spec, _, value = spec.partition(" ~ ")
    where, *names = spec.split(" ")
    attribute = ""
    if value and where == Where.ELEMENT:
        attribute, _, value = value.partition("=")
        value = f"(?:{value})\\Z"
    pattern = late(value, re.IGNORECASE) if value else None
    called = called or _CALLED.get(where, "`{}`")
    named = found[where]
    for name in names:
        named[name] = (*named.get(name, ()), Sign(feature, called.replace("{}", name), attribute, pattern))
