"""One heading against one pattern: exactly, or forgiving what a person would not see as a difference.

Forgiven on demand are case, kinds of quotation mark, kinds of dash and the space around them, and emoji before or behind.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.house.patterns import TEXT_FIELDS, date_regex, number_regex, pieces, written_number

if TYPE_CHECKING:
    from collections.abc import Collection

    from newsletter.house.patterns import Piece
    from newsletter.language import Calendar, Language
    from newsletter.model import Issue

_SINGLE, _DOUBLE, _DASH = "'‘’‚‛`´", '"“”„‟«»', "[-‐‑‒–—―−]"
_QUOTES = str.maketrans(dict.fromkeys(_SINGLE, "'") | dict.fromkeys(_DOUBLE, '"'))
_DASHES = re.compile(rf"\s*{_DASH}+\s*")
_LOOSE_PIECE = re.compile(rf"(\s*{_DASH}+\s*)|([{_SINGLE}])|([{_DOUBLE}])|(\s+)|.", re.DOTALL)
_SPACE = re.compile(r"\s+")
_SHAPES = {"title": r"\S.*?", "any": r".*?"}
_DECORATION = frozenset(("So", "Sk", "Me"))
"""Unicode categories of emoji, skin tones and keycaps; variation selectors and joiners are named in `_is_decoration`."""


@lru_cache(maxsize=4096)
def fold(heading: str) -> str:
    """A heading as it is compared: composed (Unicode NFC), runs of white space as one space, none at its ends."""
    return _SPACE.sub(" ", unicodedata.normalize("NFC", heading)).strip()


def fits(heading: str, pattern: str, language: Language, *, forgiving: bool = False) -> bool:
    """Whether a folded heading is one that the pattern describes."""
    fixed = _fixed(pattern)
    if fixed is None:
        return _match(heading, pattern, language, forgiving=forgiving) is not None
    return heading == fixed or (forgiving and _loose(heading) == _loose(fixed))


def corrected(heading: str, pattern: str, issue: Issue, language: Language) -> str | None:
    """What a folded heading should be by the pattern it fits or nearly fits; None where it does not even nearly fit.

    The date and the number are those of the issue; what the writer chose stays.
    """
    fixed = _fixed(pattern)
    if fixed is not None:
        return fixed if fits(heading, pattern, language, forgiving=True) else None
    match = _match(heading, pattern, language) or _match(heading, pattern, language, forgiving=True)
    if match is None:
        return None
    written = match.groupdict()
    parts = []
    for place, piece in enumerate(pieces(fold(pattern))):
        said = written.get(f"f{place}", "")
        value = field_value(piece.field, piece.argument, issue, language) if piece.field else piece.plain
        # The digits of the language or 0 to 9: both are right.
        parts.append(said if value is None or (piece.field and value == language.numeral(said)) else value)
    return fold("".join(parts))


def same_but_for(forgiven: Collection[str], heading: str, other: str) -> bool:
    """Whether two folded headings are the same but for what is forgiven: case, quotes, dashes, emoji around them."""
    return heading == other or (bool(forgiven) and _without(forgiven, heading) == _without(forgiven, other))


def _without(forgiven: Collection[str], heading: str) -> str:
    if "emoji" in forgiven:
        heading = _bare(heading)
    if "quotes" in forgiven:
        heading = heading.translate(_QUOTES)
    if "dashes" in forgiven:
        heading = _DASHES.sub("-", heading)
    return heading.casefold() if "case" in forgiven else heading


def field_value(field: str, argument: str, issue: Issue, language: Language) -> str | None:
    """What a heading's field is in this issue; None where the writer chooses, or the issue does not say.

    In the digits of the language, as readers see them.
    """
    if field == "date" and issue.date is not None:
        return language.numeral(language.format_date(issue.date.date(), argument))
    if field == "number" and issue.number is not None:
        return language.numeral(written_number(issue.number, argument, language.code))
    return None


# ── Headings without fields ─────────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=1024)
def _fixed(pattern: str) -> str | None:
    """The one heading that a pattern describes; None where it has fields."""
    found = pieces(pattern)
    return None if any(piece.field for piece in found) else fold("".join(piece.plain for piece in found))


@lru_cache(maxsize=4096)
def _loose(heading: str) -> str:
    """What is the same for headings that differ only in what is forgiven."""
    return _DASHES.sub("-", _bare(heading).translate(_QUOTES)).casefold()


def _bare(text: str, *, left: bool = True, right: bool = True) -> str:
    """The text without emoji and space at its ends."""
    start, end = 0, len(text)
    while left and start < end and _is_decoration(text[start]):
        start += 1
    while right and end > start and _is_decoration(text[end - 1]):
        end -= 1
    return text[start:end]


def _is_decoration(character: str) -> bool:
    if character.isspace() or character in "\ufe0f\u200d":
        return True
    return not character.isascii() and unicodedata.category(character) in _DECORATION


# ── Headings with fields ────────────────────────────────────────────────────────────────────────────────────────────


def _match(heading: str, pattern: str, language: Language, *, forgiving: bool = False) -> re.Match[str] | None:
    if forgiving:
        # Emoji beside what the writer chose are the writer's.
        first, last = pieces(pattern)[0], pieces(pattern)[-1]
        heading = _bare(heading, left=first.field not in TEXT_FIELDS, right=last.field not in TEXT_FIELDS)
    return _compiled(pattern, language.calendar, language.code, forgiving).fullmatch(heading)


@lru_cache(maxsize=1024)
def _compiled(pattern: str, calendar: Calendar, language: str, forgiving: bool) -> re.Pattern[str]:
    """The regular expression of a pattern: the group `f3` is what its fourth piece, a field, stands for."""
    found = pieces(fold(pattern))
    parts: list[str] = []
    for place, piece in enumerate(found):
        if piece.field:
            shape = _shape(piece, calendar, language)
            parts.append(f"(?P<f{place}>{shape})")
        elif forgiving:
            text = _bare(piece.plain, left=place == 0, right=place == len(found) - 1)
            parts.append(_LOOSE_PIECE.sub(_loose_piece, text))
        else:
            parts.append(re.escape(piece.plain))
    return re.compile("".join(parts), re.IGNORECASE if forgiving else 0)


def _shape(piece: Piece, calendar: Calendar, language: str) -> str:
    if piece.field == "date":
        return date_regex(piece.argument, calendar)
    return number_regex(piece.argument, language) if piece.field == "number" else _SHAPES[piece.field]


def _loose_piece(match: re.Match[str]) -> str:
    dash, single, double, space = match.groups()
    if dash:
        return rf"\s*{_DASH}+\s*"
    if single:
        return f"[{_SINGLE}]"
    if double:
        return f"[{_DOUBLE}]"
    return r"\s+" if space else re.escape(match[0])
