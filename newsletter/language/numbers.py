"""Writes and reads numbers in the form of a language: decimal and group separators, digits, percent (Unicode TR35, part 3)."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING

from newsletter.late import late
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_DIGITS = 15
"""The most digits of a number that can be read."""
_BLANKS = late("[\\s\u00a0\u2007\u2009\u202f'’\u066c]")
_MINUS = str.maketrans("−–‒﹣－", "-----")
_MARKS = re.compile("[\u200e\u200f\u061c\u2066-\u2069]")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Symbols:
    """The signs around digits in a language."""

    decimal: str = "."
    group: str = ","
    percent: str = "{0}%"
    """The pattern of a percentage; {0} is the number."""
    currency: str = "{0}\u00a0{1}"
    """The pattern of an amount; {0} is the number and {1} the currency sign."""
    least: int = 1
    """The fewest digits before the first separator: Spanish writes 1234, but 12.345."""
    sizes: tuple[int, ...] = (3,)
    """The number of digits in each group, from the right. The last one applies to all further groups."""


def written(number: Decimal, symbols: Symbols) -> str:
    """A number with all of its decimals, in ASCII digits."""
    sign, digits = "−" if number < 0 else "", f"{abs(number):f}"
    whole, _, part = digits.partition(".")
    return f"{sign}{_grouped(whole, symbols)}{symbols.decimal + part if part else ''}"


def _grouped(whole: str, symbols: Symbols) -> str:
    if len(whole) < symbols.sizes[0] + symbols.least:
        return whole
    groups, rest, at = list[str](), whole, 0
    while rest:
        size = symbols.sizes[min(at, len(symbols.sizes) - 1)]
        groups.insert(0, rest[-size:])
        rest, at = rest[:-size], at + 1
    return symbols.group.join(groups)


def read_number(text: str, symbols: Symbols, units: Sequence[str] = ()) -> Decimal | None:
    """The number in `text`, without one of its `units`; None if it is not a number.

    The language decides whether a sign separates decimals or groups. In German, 1.234 is more than a thousand; 1.5
    cannot have groups, so it is one and a half in every language.
    """
    plain = _MARKS.sub("", text).strip().translate(_MINUS)
    for unit in sorted(
        filter(None, (*(unit.strip() for unit in units), "%", "٪", "€", "$", "£", "¥")), key=len, reverse=True
    ):
        plain = plain.removesuffix(unit).removeprefix(unit).strip()
    plain = _BLANKS.sub("", plain).removeprefix("+").replace("\u066b", ".")
    plain = "".join(_digit(character) for character in plain)
    if sum(map(str.isdigit, plain)) > MOST_DIGITS:
        return None
    plain = _with_point(plain, symbols)
    return Decimal(plain) if _NUMBER.fullmatch(plain) else None


def _digit(character: str) -> str:
    return str(unicodedata.decimal(character)) if character.isdecimal() else character


def _with_point(text: str, symbols: Symbols) -> str:
    """`text` with a point before its decimals and no group separators."""
    points, commas = text.count("."), text.count(",")
    if points and commas:
        last = max(text.rfind("."), text.rfind(","))
        other = "," if text[last] == "." else "."
        return text.replace(other, "").replace(",", ".") if text.count(text[last]) == 1 else ""
    sign = "." if points else ","
    if not points + commas:
        return text
    grouped = re.fullmatch(rf"-?\d{{1,3}}(?:\{sign}\d{{2,3}})*\{sign}\d{{3}}", text) is not None
    if points + commas > 1:
        return text.replace(sign, "") if grouped else ""
    return (
        text.replace(sign, "") if grouped and symbols.decimal.replace("\u066b", ".") != sign else text.replace(",", ".")
    )
