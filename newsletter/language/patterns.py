"""What the CLDR writes in small languages of its own: date patterns, and rules for plurals (Unicode TR35)."""

from __future__ import annotations

import re
from functools import lru_cache

from newsletter.late import late

_PATTERN_PART = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+")
_CONDITION = re.compile(r"n(?: % (?P<modulo>\d+))? (?P<relation>=|!=) (?P<ranges>\d+(?:\.\.\d+)?(?:,\d+(?:\.\.\d+)?)*)")
_WIDTHS = {"y": 4, "Y": 4, "M": 4, "L": 4, "d": 2, "E": 4, "c": 4, "w": 2}


@lru_cache(maxsize=256)
def date_parts(pattern: str) -> tuple[tuple[str | None, str], ...]:
    """The fields of a date pattern as (letter, as written), and the text between them as (None, text).

    Raises ValueError for a letter without meaning here.
    """
    parts: list[tuple[str | None, str]] = []
    end = 0
    for match in _PATTERN_PART.finditer(pattern):
        if match.start() != end:
            break
        end = match.end()
        letter = match[2]
        if letter is None:
            text = match[0] if match[1] is None else match[1].replace("''", "'") or "'"
            parts.append((None, text))
        elif len(match[0]) > _WIDTHS.get(letter, 0):
            msg = f"`{match[0]}` means nothing in a date pattern"
            raise ValueError(msg)
        else:
            parts.append((letter, match[0]))
    if end != len(pattern):
        msg = f"a quotation mark in the date pattern `{pattern}` is never closed"
        raise ValueError(msg)
    return tuple(parts)


def holds(rule: str, n: int) -> bool:
    """Whether a CLDR plural rule (`n % 10 = 2..4 and n % 100 != 12..14`) holds for the whole number `n`."""
    return any(all(_condition(part, n) for part in either.split(" and ")) for either in rule.split(" or "))


def _condition(text: str, n: int) -> bool:
    match = _CONDITION.fullmatch(text.strip())
    if not match:
        return False
    value = n % int(match["modulo"]) if match["modulo"] else n
    bounds = (part.partition("..") for part in match["ranges"].split(","))
    within = any(int(low) <= value <= int(high or low) for low, _, high in bounds)
    return within == (match["relation"] == "=")


def is_rule(rule: str) -> bool:
    """Whether `rule` is one that `holds` can read."""
    return all(_CONDITION.fullmatch(part) for part in re.split(" and | or ", rule))


_TAG = late(r"<[^>]*>|[\u2066-\u2069]")
_I_SOUND = late(r"(?:i|hi(?![ae]))", re.IGNORECASE)


def before_its_sound(pattern: str, second: str, language: str) -> str:
    """A pattern that joins two parts, changed where the second asks for another `and` (UTS #35 part 2, §11.1 leaves it to us).

    Spanish says `Ana e Inés`; Hebrew sets a hyphen before what is in other letters.
    """
    start = _TAG.sub("", second).lstrip()
    if language[:2] == "es" and pattern.endswith(" y {1}") and _I_SOUND.match(start):
        return f"{pattern.removesuffix(' y {1}')} e {{1}}"
    if language[:2] == "he" and pattern.endswith("ו{1}") and start and not "\u0590" <= start[0] <= "\u05ff":
        return f"{pattern.removesuffix('{1}')}-{{1}}"
    return pattern
