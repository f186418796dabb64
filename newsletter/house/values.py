"""What house.yaml has values of, beyond texts and numbers: how many, whether needed, one of a set. And the codes of its faults."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from newsletter.house.format import Bounds, Need
from newsletter.yamlread import Flaw

if TYPE_CHECKING:
    from enum import StrEnum

    from newsletter.yamlread import Table

CONTRADICTION = "101"
HEADING = "102"
TWICE = "103"
SNIPPET = "104"
PLACE = "105"
EXPRESSION = "106"
SNIPPET_FIELD = "107"
NAME = "108"
"""A name that stands nowhere else in the file: of a section, a kind of link, a group."""
ERA = "109"
BASE = "110"
VARIANT = "111"

ANY = Bounds()
_NOT_BOUNDS = Flaw("must be a number or a range", "Write 7, 5-9, at least 5 or at most 9.")

RANGE = re.compile(
    r"(?P<low>\d+)\s*(?:-|–|to)\s*(?P<high>\d+)"
    r"|at least\s+(?P<at_least>\d+)|(?P<from>\d+)\s*[-–]"
    r"|(?:at most\s+|[-–]\s*)(?P<at_most>\d+)"
    r"|(?P<exactly>\d+)",
    re.ASCII | re.IGNORECASE,
)
_Word = TypeVar("_Word", bound="StrEnum")


def bounds(table: Table, key: str, default: Bounds = ANY) -> Bounds:
    """How many: `7`, `5-9`, `at least 5`, `at most 9` (or `5-`, `-9`)."""
    value = table.value(key)
    if isinstance(value, bool | list | dict):
        table.fault(f"{table.named(key)} {_NOT_BOUNDS.problem}", key, mend=_NOT_BOUNDS.mend)
        return default
    written = table.text(key, check=lambda text: None if parse_bounds(text) else _NOT_BOUNDS)
    found = parse_bounds(written) if written else None
    if found is None:
        return default
    low, high = found.minimum, found.maximum
    if low is not None and high is not None and low > high:
        message = f"{table.named(key)} can never hold: at least {low} and at most {high}"
        table.fault(message, key, mend=f"Write {high}-{low}.", code=CONTRADICTION)
        return default
    return found


def parse_bounds(text: str) -> Bounds | None:
    """The bounds that a text says; None where it says none."""
    match = RANGE.fullmatch(text)
    if match is None:
        return None
    said = {name: int(digits) for name, digits in match.groupdict().items() if digits is not None}
    if "exactly" in said:
        return Bounds(said["exactly"], said["exactly"])
    low = next((said[name] for name in ("low", "at_least", "from") if name in said), None)
    return Bounds(low, said.get("high", said.get("at_most")))


def word(table: Table, key: str, words: type[_Word], default: _Word) -> _Word:
    """One of the words of an enumeration."""
    return words(table.text(key, default, choices=tuple(words)))


def need(table: Table, key: str, default: Need = Need.OPTIONAL) -> Need:
    """`required`, `optional` or `forbidden`."""
    return word(table, key, Need, default)


def not_empty(text: str) -> Flaw | None:
    """Whether there is a text at all."""
    return None if text.strip() else Flaw("is empty", "Write a text, or take it out.")


def era_keys(table: Table) -> None:
    """The keys that any block may have; eras.py has dealt with them before a block is read, so that they are only named here."""
    for key in ("since", "until", "eras"):
        table.value(key)
