"""The features by their signs, for the scanner to look them up; made once, when first asked for."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from newsletter.check.rules.clients.features import FEATURES
from newsletter.check.rules.clients.signs import Feature, Where
from newsletter.late import late
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.check.rules.clients.signs import Sign


@dataclass(frozen=True, slots=True)
class Entry:
    """A feature under one of its names."""

    feature: Feature
    shown: str
    """What a message calls it."""
    attribute: str = ""
    """Of an element: the attribute that decides."""
    value: re.Pattern[str] | None = None
    """What the value has to hold; None: any."""


Entries = tuple[Entry, ...]


@cache
def entries() -> Mapping[Where, Mapping[str, Entries]]:
    """What each name says, by where it stands."""
    found: dict[Where, dict[str, Entries]] = {where: {} for where in Where}
    for feature in FEATURES:
        for sign in feature.signs:
            for name in sign.names:
                found[sign.where][name] = (*found[sign.where].get(name, ()), _entry(feature, sign, name))
    return found


def _entry(feature: Feature, sign: Sign, name: str) -> Entry:
    attribute, equals, value = sign.value.rpartition("=") if sign.where is Where.ELEMENT else ("", "", sign.value)
    if sign.where is Where.ELEMENT and equals:
        value = f"(?:{value})\\Z"
    pattern = late(value, re.IGNORECASE) if value else None
    return Entry(feature, sign.shown or _SHOWN[sign.where].format(name), attribute, pattern)


_SHOWN = {
    Where.ELEMENT: "`<{}>`",
    Where.ATTRIBUTE: "the attribute `{}`",
    Where.PROPERTY: "`{}`",
    Where.FUNCTION: "`{}()`",
    Where.UNIT: "the unit `{}`",
    Where.WORD: "`{}`",
    Where.AT_RULE: "`@{}`",
    Where.MEDIA: "`@media ({})`",
    Where.SELECTOR: "{}",
    Where.PSEUDO: "`:{}`",
    Where.PICTURE: "{}",
    Where.ADDRESS: "{}",
}
