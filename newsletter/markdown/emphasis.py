"""Emphasis: which runs of `*`, `_` and `~` may open and close it, and what stands between the marks that pair."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Protocol, TypeAlias, cast

from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline.balance_pairs import processDelimiters
from markdown_it.rules_inline.state_inline import Delimiter

from newsletter.model import Emphasis, Strikethrough, Strong
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.rules_inline import StateInline

    from newsletter.model import Inline, Span

_DEEPEST = 40
"""How many levels of emphasis are kept: all beyond shows no more, and would only exhaust those who walk the tree."""
_KINDS: dict[str, type[Emphasis | Strong | Strikethrough]] = {"em": Emphasis, "strong": Strong, "s": Strikethrough}
_OUTER_HALF = "-"


@dataclass(slots=True)
class EmphasisMark:
    """One `*`, one `_` or one `~~`, and what it turned out to be."""

    char: str
    start: int
    width: int
    length: int
    """Of the run it stands in, for the rule of three (CommonMark §6.2, 9 and 10); 0: the rule does not hold."""
    opens: bool
    closes: bool
    role: str = ""
    """`<em`, `<strong`, `<s`, the same with `>`; `-` for the outer half of a double mark; empty: plain text."""


Piece: TypeAlias = "Inline | EmphasisMark | tuple[int, int]"
"""What has been read of some content: an inline, a mark of emphasis, or a stretch of plain text as (start, end)."""


class Content(Protocol):
    """The content that pieces were read from."""

    def joined(self, pieces: Sequence[Piece]) -> tuple[Inline, ...]:
        """The pieces, none of which is a mark, as inlines."""

    def span(self, start: int, end: int, /) -> Span:
        """The place in the source of `start:end`."""


def with_emphasis(pieces: list[Piece], content: Content) -> tuple[Inline, ...]:
    """The inlines that pieces with marks among them make: what stands between marks that pair is emphasis."""
    _pair(pieces)
    levels: list[tuple[int, list[Piece]]] = [(0, [])]
    for piece in pieces:
        if not isinstance(piece, EmphasisMark):
            levels[-1][1].append(piece)
        elif not piece.role:
            levels[-1][1].append((piece.start, piece.start + piece.width))
        elif piece.role[0] == "<":
            levels.append((piece.start - (piece.role == "<strong"), []))
        elif piece.role[0] == ">":
            start, inner = levels.pop()
            if len(levels) > _DEEPEST:
                levels[-1][1].extend(inner)
                continue
            end = piece.start + (1 if piece.role == ">em" else 2)
            levels[-1][1].append(_KINDS[piece.role[1:]](content.joined(inner), content.span(start, end)))
    return content.joined(levels[0][1])


# ── Pairing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _pair(pieces: list[Piece]) -> None:
    """Says of each mark what it is, by CommonMark's algorithm (in markdown-it's hands)."""
    found = [
        (index, piece)
        for index, piece in enumerate(pieces)
        if isinstance(piece, EmphasisMark) and (piece.opens or piece.closes)
    ]
    marks = [mark for _, mark in found]
    delimiters = [Delimiter(ord(mark.char), mark.length, at, -1, mark.opens, mark.closes) for at, mark in found]
    processDelimiters(cast("StateInline", None), delimiters)
    _pair_tildes(pieces, delimiters, marks)
    _pair_stars(delimiters, marks)


def _pair_stars(delimiters: Sequence[Delimiter], marks: Sequence[EmphasisMark]) -> None:
    """From the last on: two `*` or `_` side by side whose partners are so, too, are strong."""
    index = len(delimiters) - 1
    while index >= 0:
        close = delimiters[index].end
        if close >= 0 and marks[index].char != "~":
            double = _is_double(delimiters, index)
            name = "strong" if double else "em"
            marks[index].role, marks[close].role = f"<{name}", f">{name}"
            if double:
                marks[index - 1].role = marks[close + 1].role = _OUTER_HALF
                index -= 1
        index -= 1


def _is_double(delimiters: Sequence[Delimiter], index: int) -> bool:
    opener, before = delimiters[index], delimiters[index - 1]
    return (
        index > 0
        and before.end == opener.end + 1
        and before.marker == opener.marker
        and before.token == opener.token - 1
        and delimiters[opener.end + 1].token == delimiters[opener.end].token + 1
    )


def _pair_tildes(pieces: list[Piece], delimiters: Sequence[Delimiter], marks: Sequence[EmphasisMark]) -> None:
    lone = []
    for index, opener in enumerate(delimiters):
        if opener.end >= 0 and marks[index].char == "~":
            marks[index].role, marks[opener.end].role = "<s", ">s"
            before = delimiters[opener.end].token - 1
            if before >= 0 and _is_lone_tilde(pieces[before]):
                lone.append(before)
    # `~~~` closes as `~` and `~~`: the odd one belongs behind the closing mark.
    for at in reversed(lone):
        last = at + 1
        while last < len(pieces) and isinstance(mark := pieces[last], EmphasisMark) and mark.role == ">s":
            last += 1
        pieces[at], pieces[last - 1] = pieces[last - 1], pieces[at]


def _is_lone_tilde(piece: Piece) -> bool:
    return isinstance(piece, EmphasisMark) and piece.char == "~" and piece.width == 1


# ── Flanking ────────────────────────────────────────────────────────────────────────────────────────────────────────
# CommonMark §6.2 with the CJK-friendly amendments.
# Plain CommonMark leaves `**標題：**正文` as it is, because punctuation stands inside the closing marks and a letter
# outside. The amendments (tats-u/markdown-cjk-friendly) let marks beside Chinese, Japanese and Korean characters count
# as flanking. Text without such characters is read exactly as CommonMark says.

_FIRST_CJK = "\u1100"
_QUOTATION_MARKS = frozenset("‘’“”")
_FULLWIDTH_FORM = "\ufe01"
_EMOJI = (
    *(range(0x231A, 0x231C), range(0x23E9, 0x2600), range(0x2600, 0x2630), range(0x2638, 0x2B56)),
    *(range(0x1F000, 0x1F200), range(0x1F201, 0x1F202), range(0x1F21A, 0x1F21B), range(0x1F22F, 0x1F230)),
    *(range(0x1F232, 0x1F237), range(0x1F238, 0x1F23B), range(0x1F250, 0x1F252), range(0x1F300, 0x1FB00)),
)
"""Where wide characters are wide because they are emoji (UTS #51, Emoji_Presentation), not because they are CJK."""


def flanking(text: str, start: int, end: int, low: int, high: int) -> tuple[bool, bool]:
    """Whether the run of marks `text[start:end]` may open and may close, in content that goes from `low` to `high`."""
    before = text[start - 1] if start > low else " "
    after = text[end] if end < high else " "
    beyond = ""
    if "\ufe00" <= before <= "\ufe0e" and start - 1 > low and not _is_space(text[start - 2]):
        beyond = text[start - 2]
    main = beyond or before
    if _is_space(main) or _is_space(after):
        return not _is_space(after), not _is_space(main)
    opens, closes = _is_punctuation(main), _is_punctuation(after)
    if text[start] == "_":
        return opens, closes
    beside_cjk = _is_cjk(after) or (_is_cjk_form(beyond, before) if beyond else _is_cjk_or_variation(before))
    return opens or beside_cjk or not closes, closes or beside_cjk or not opens


@cache
def _is_space(char: str) -> bool:
    return isWhiteSpace(ord(char))


@cache
def _is_punctuation(char: str) -> bool:
    return isMdAsciiPunct(ord(char)) or isPunctChar(char)


def _is_cjk(char: str) -> bool:
    return char >= _FIRST_CJK and _is_wide_script(char)


def _is_cjk_or_variation(char: str) -> bool:
    return _is_cjk(char) or "\U000e0100" <= char <= "\U000e01ef"


def _is_cjk_form(char: str, selector: str) -> bool:
    return _is_cjk(char) or (selector == _FULLWIDTH_FORM and char in _QUOTATION_MARKS)


@cache
def _is_wide_script(char: str) -> bool:
    width = unicodedata.east_asian_width(char)
    if width == "W":
        return not any(ord(char) in emoji for emoji in _EMOJI)
    return width in "FH" or "\u1100" <= char <= "\u11ff" or "\ud7b0" <= char <= "\ud7ff"
