"""One heading against one pattern: exactly, or forgiving what a person would not see as a difference."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.house.patterns import TEXT_FIELDS, date_regex, is_fixed, pieces

if TYPE_CHECKING:
    from newsletter.language import Language
    from newsletter.model import Issue

_DECORATION = "[\\s\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2b00-\u2bff\ufe0f\u200d\u20e3\U0001f000-\U0001faff\U000e0020-\U000e007f]*"
"""Emoji, and the signs and spaces they are made of."""
_LOOSE_PIECE = re.compile(r"(\s*[-‐‑‒–—―−]+\s*)|(['‘’‚‛`´])|([\"“”„‟«»])|(\s+)|.", re.DOTALL)
_SPACE = re.compile(r"\s+")
_SHAPES = {"number": r"\d+", "title": r"\S.*?", "any": r".*?"}


@lru_cache(maxsize=4096)
def fold(heading: str) -> str:
    """A heading as it is compared: composed (Unicode NFC), runs of white space as one space, none at its ends."""
    return _SPACE.sub(" ", unicodedata.normalize("NFC", heading)).strip()


def fits(heading: str, pattern: str, language: Language, *, forgiving: bool = False) -> bool:
    """Whether a folded heading is one that the pattern describes.

    Forgiven on demand: case, straight and curly quotation marks, kinds of dash and the space around them, and emoji before
    or behind the heading.
    """
    if is_fixed(pattern) and not forgiving:
        return heading == fold("".join(piece.plain for piece in pieces(pattern)))
    return _match(heading, pattern, language, forgiving=forgiving) is not None


def corrected(heading: str, pattern: str, issue: Issue, language: Language) -> str | None:
    """What a folded heading should be by the pattern it fits or nearly fits; None where it does not even nearly fit.

    The date and the number are those of the issue; what the writer chose stays.
    """
    match = _match(heading, pattern, language) or _match(heading, pattern, language, forgiving=True)
    if match is None:
        return None
    written = match.groupdict()
    parts = []
    for place, piece in enumerate(pieces(fold(pattern))):
        value = field_value(piece.field, piece.argument, issue, language) if piece.field else piece.plain
        parts.append(written[f"f{place}"] if value is None else value)
    return fold("".join(parts))


def field_value(field: str, argument: str, issue: Issue, language: Language) -> str | None:
    """What a heading's field is in this issue; None where the writer chooses, or the issue does not say."""
    if field == "date" and issue.date is not None:
        return language.format_date(issue.date.date(), argument)
    if field == "number" and issue.number is not None:
        return str(issue.number)
    return None


def _match(heading: str, pattern: str, language: Language, *, forgiving: bool = False) -> re.Match[str] | None:
    dates: tuple[str, ...] = ()
    if not is_fixed(pattern):
        dates = tuple(date_regex(piece.argument, language) for piece in pieces(pattern) if piece.field == "date")
    return _compiled(pattern, dates, forgiving).fullmatch(heading)


@lru_cache(maxsize=1024)
def _compiled(pattern: str, dates: tuple[str, ...], forgiving: bool) -> re.Pattern[str]:
    """The regular expression of a pattern: the group `f3` is what its fourth piece, a field, stands for."""
    found = pieces(fold(pattern))
    remaining = iter(dates)
    parts: list[str] = []
    for place, piece in enumerate(found):
        if piece.field:
            shape = next(remaining) if piece.field == "date" else _SHAPES[piece.field]
            parts.append(f"(?P<f{place}>{shape})")
        elif forgiving:
            parts.append(_loose(piece.plain, first=place == 0, last=place == len(found) - 1))
        else:
            parts.append(re.escape(piece.plain))
    core = "".join(parts)
    if not forgiving:
        return re.compile(core)
    # Emoji around what the writer chose are the writer's.
    before, behind = ("" if piece.field in TEXT_FIELDS else _DECORATION for piece in (found[0], found[-1]))
    return re.compile(before + core + behind, re.IGNORECASE)


def _loose(text: str, *, first: bool, last: bool) -> str:
    """A regular expression for a stretch of plain text and all that differs from it only in what is forgiven."""
    if first:
        text = re.sub("^" + _DECORATION, "", text)
    if last:
        text = re.sub("(?:" + _DECORATION[:-1] + ")+$", "", text)
    return _LOOSE_PIECE.sub(_loose_piece, text)


def _loose_piece(match: re.Match[str]) -> str:
    dash, single, double, space = match.groups()
    if dash:
        return r"\s*[-‐‑‒–—―−]+\s*" if dash != dash.strip() or len(dash) > 1 else "[-‐‑‒–—―−]"
    if single:
        return "['‘’‚‛`´]"
    if double:
        return '["“”„‟«»]'
    return r"\s+" if space else re.escape(match[0])
