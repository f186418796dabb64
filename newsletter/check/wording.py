"""Phrases for messages, and the likeness of headings."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.model import Opener
from newsletter.walk import plain_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.house.format import Bounds
    from newsletter.model import Section

_NOT_WORDS = re.compile(r"[\W_]+")
_ENOUGH = 12
"""The fewest characters before an `…` that identify a text."""
NEAR = 0.8
"""The least likeness (difflib's ratio) of two headings of which one is taken for a typo of the other."""


ALL_BUT = 0.92
"""The least likeness of a typo if there is less other evidence for it."""
_SAME_WORD = 0.65
"""The least likeness of two words at the same place of two headings that are taken for the same word, misspelt."""


def quoted(text: str, limit: int = 60) -> str:
    """`text` in backticks, on one line, shortened if it is long."""
    line = " ".join(text.split())
    return f"`{line}`" if len(line) <= limit else f"`{line[: limit - 1].rstrip()}…`"


def section_called(section: Section, limit: int = 60) -> str:
    """A section in a message: its heading in quotation marks, else its kind."""
    if section.opener is Opener.HEADING:
        return quoted(plain_text(section.title), limit)
    return "the run of stories" if section.opener is Opener.ITEMS else "the text after the `---`"


def count_of(number: int, noun: str) -> str:
    """`1 item`, `4 items`, `no items`."""
    return f"1 {noun}" if number == 1 else f"{number or 'no'} {plural_of(noun)}"


def plural_of(noun: str) -> str:
    """`items`, `entries`, `addresses`, `boxes`, `keys`."""
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "z", "ch", "sh")) else f"{noun}s"


def asked(bounds: Bounds, noun: str = "") -> str:
    """The words for `bounds`: `5–9 items`, `at least 3 items`, `at most 1 item`, `7 items`."""
    low, high = bounds.minimum, bounds.maximum
    if high == 0:
        return count_of(0, noun) if noun else "none"
    if low is not None and high is not None:
        number, many = (str(low), low) if low == high else (f"{low}–{high}", high)
    elif low is not None:
        number, many = f"at least {low}", low
    else:
        number, many = f"at most {high}", high or 0
    if not noun:
        return number
    return f"{number} {count_of(many, noun).partition(' ')[2]}"


def listed(names: Sequence[str], count: int = 0) -> str:
    """`a`, `a and b`, `a, b and c`; or `a, b, c and 2 more` if `count`, the number of all, is larger."""
    shown = [*names, f"{count - len(names)} more"] if count > len(names) else list(names)
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def likeness(heading: str, expected: str) -> float:
    """The likeness of two headings, from 0 to 1, without regard to case, punctuation and emoji.

    An `…` in `expected` matches any text.
    """
    left, _, _ = expected.partition("…")
    bare = _bare(left)
    if "…" in expected:
        start = " ".join(_bare(heading).split()[: len(bare.split())])
        return _ratio(start, bare) if len(bare) >= _ENOUGH else 0.0
    return _ratio(_bare(heading), bare)


def _ratio(one: str, other: str) -> float:
    if one == other:
        return 1.0 if one else 0.0
    if 2.0 * min(len(one), len(other)) / (len(one) + len(other)) < NEAR:
        return 0.0  # too different in length, which is quick to see
    mine, theirs = one.split(), other.split()
    if len(mine) == len(theirs) > 1 and any(_other_word(*pair) for pair in zip(mine, theirs, strict=True)):
        return 0.0
    import difflib  # imported late, because few headings are compared

    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= NEAR else 0.0


def _other_word(one: str, other: str) -> bool:
    """Whether two words at the same place are different words, rather than one misspelt: `extended` and `returned` proposals."""
    if one == other:
        return False
    import difflib

    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio() < _SAME_WORD


@lru_cache(maxsize=512)
def _bare(heading: str) -> str:
    return _NOT_WORDS.sub(" ", unicodedata.normalize("NFKC", heading).casefold()).strip()
