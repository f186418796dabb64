"""Emphasis: which runs of `*`, `_` and `~` can open and close it, and the content between paired marks."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Protocol, TypeAlias, cast

from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline.balance_pairs import processDelimiters
from markdown_it.rules_inline.state_inline import Delimiter

from newsletter.late import late
from newsletter.markdown.html import comment_end
from newsletter.model import Break, Emphasis, Strikethrough, Strong
from newsletter.records import dataclass
from newsletter.tokens import MASKED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from markdown_it.rules_inline import StateInline

    from newsletter.model import Inline, Span

_DEEPEST = 40
"""The most levels of emphasis: more make no visible difference, and could overflow recursive code."""
_KINDS: dict[str, type[Emphasis | Strong | Strikethrough]] = {"em": Emphasis, "strong": Strong, "s": Strikethrough}
_OUTER_HALF = "-"


@dataclass(slots=True)
class EmphasisMark:
    """One `*`, `_` or `~~`, and its role."""

    char: str
    start: int
    width: int
    length: int
    """The length of its run, for the rule of three (CommonMark §6.2, 9 and 10); 0: the rule does not apply."""
    opens: bool
    closes: bool
    role: str = ""
    """`<em`, `<strong`, `<s`, the same with `>`; `-` for the outer half of a double mark; empty: plain text."""


Piece: TypeAlias = "Inline | EmphasisMark | tuple[int, int]"
"""A piece of content: an inline, a mark of emphasis, or plain text as (start, end)."""


class Content(Protocol):
    """The source of the pieces."""

    @property
    def text(self) -> str:
        """The whole text, as written."""

    def joined(self, pieces: Sequence[Piece]) -> tuple[Inline, ...]:
        """The pieces as inlines; none of them is a mark."""

    def span(self, start: int, end: int, /) -> Span:
        """The place in the source of `start:end`."""


def with_emphasis(pieces: list[Piece], content: Content, high: int, *, wide: bool) -> tuple[Inline, ...]:
    """The inlines of pieces with marks among them: text between paired marks is emphasis.

    The pieces were read up to `high`; `wide` is set in Chinese, Japanese or Korean letters.
    """
    _pair(pieces)
    if left := _left(pieces):
        _look_through(pieces, content.text, high, left)
        if _left(pieces) and (wide or any(map(_is_cjk, content.text))):
            _read_as_meant(pieces, content.text)
    return _nested(pieces, content)


def _nested(pieces: Sequence[Piece], content: Content) -> tuple[Inline, ...]:
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
            if not inner:  # except for a comment
                continue
            end = piece.start + (1 if piece.role == ">em" else 2)
            levels[-1][1].append(_KINDS[piece.role[1:]](content.joined(inner), content.span(start, end)))
    return content.joined(levels[0][1])


def _pair(pieces: list[Piece]) -> None:
    """Sets the role of each mark by CommonMark's algorithm (as implemented in markdown-it)."""
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
    """Pairs marks from the last to the first.

    Two adjacent `*` or `_` with adjacent partners are strong.
    """
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
    # `~~~` closes as `~` and `~~`: the odd one belongs after the closing mark.
    for at in reversed(lone):
        last = at + 1
        while last < len(pieces) and isinstance(mark := pieces[last], EmphasisMark) and mark.role == ">s":
            last += 1
        pieces[at], pieces[last - 1] = pieces[last - 1], pieces[at]


def _is_lone_tilde(piece: Piece) -> bool:
    return isinstance(piece, EmphasisMark) and piece.char == "~" and piece.width == 1


# If CommonMark leaves a `**` or `__` visible, the marks are paired in another way, but only if fewer then stay visible.
# Emphasis according to CommonMark is not changed.


@dataclass(frozen=True, slots=True)
class _MarkRun:
    """Marks side by side: `**` are two."""

    marks: tuple[EmphasisMark, ...]

    @property
    def start(self) -> int:
        return self.marks[0].start

    @property
    def end(self) -> int:
        return self.marks[-1].start + 1


def _left(pieces: Sequence[Piece]) -> int:
    """The number of marks `**` and `__` that would stay visible."""
    return sum(
        isinstance(piece, EmphasisMark) and not piece.role and piece.char != "~" and piece.length > 1
        for piece in pieces
    )


def _runs(pieces: Sequence[Piece], char: str) -> list[_MarkRun]:
    runs: list[list[EmphasisMark]] = []
    for piece in pieces:
        if isinstance(piece, EmphasisMark) and piece.char == char:
            if runs and runs[-1][-1].start + 1 == piece.start:
                runs[-1].append(piece)
            else:
                runs.append([piece])
    return [_MarkRun(tuple(run)) for run in runs]


def _look_through(pieces: list[Piece], text: str, high: int, left: int) -> None:
    """Pairs again, without the comments and invisible characters beside the marks."""
    before = [(mark, mark.role, mark.opens, mark.closes) for mark in pieces if isinstance(mark, EmphasisMark)]
    for char in "*_":
        for run in _runs(pieces, char):
            begin, end = _back(text, run.start), _ahead(text, run.end, high)
            if (begin, end) != (run.start, run.end):
                opens, closes = _flanks(char, text[:begin][-2:], text[end:high][:1])
                for mark in run.marks:
                    mark.opens, mark.closes = mark.opens or opens, mark.closes or closes
    for mark, *_ in before:
        mark.role = ""
    _pair(pieces)
    if _left(pieces) >= left:
        for mark, role, opens, closes in before:
            mark.role, mark.opens, mark.closes = role, opens, closes


_INVISIBLE = late(
    f"[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff{MASKED}]"
    "|&(?:#(?:8203|8204|8205|8288|65279|173|[xX](?:200[bBcCdD]|2060|[fF][eE][fF][fF]|[aA][dD]))|ZeroWidthSpace|zwn?j|NoBreak|shy);"
)
_LONGEST_ENTITY = len("&ZeroWidthSpace;")


def _ahead(text: str, at: int, high: int) -> int:
    """The offset after the comments and invisible characters at `at`."""
    while at < high:
        found = _INVISIBLE.match(text, at, high)
        end = comment_end(text, at, high) if text.startswith("<!--", at) else found.end() if found else -1
        if end < 0:
            break
        at = end
    return at


def _back(text: str, at: int) -> int:
    """The offset before the comments and invisible characters that end at `at`."""
    while at:
        lower = max(at - _LONGEST_ENTITY, 0)
        if text.endswith("-->", 0, at) and (start := text.rfind("<!--", 0, at)) >= 0:
            at = start
        elif found := next((one for one in _INVISIBLE.finditer(text, lower, at) if one.end() == at), None):
            at = found.start()
        else:
            break
    return at


def _read_as_meant(pieces: list[Piece], text: str) -> None:
    """Pairs `**` with the next `**`, as Chinese and Japanese editors do, with or without spaces beside it.

    An odd number of runs stays as it is. So do marks that would overlap others, and text that may be a power or a name
    with underscores.
    """
    for char in "*_":
        runs = [run for run in _runs(pieces, char) if len(run.marks) > 1]
        before = [(mark, mark.role) for run in runs for mark in run.marks]
        if all(role for _, role in before):
            continue
        pairs = _alternate(runs, text, char)
        if pairs is not None and _nests(pieces):
            _move_blanks_out(pieces, text, pairs)
        else:
            for mark, role in before:
                mark.role = role


_ROLES_OF_OPENING = {2: ("-", "<strong"), 3: ("<em", "-", "<strong")}
_ROLES_OF_CLOSING = {2: (">strong", "-"), 3: (">strong", "-", ">em")}


def _alternate(runs: Sequence[_MarkRun], text: str, char: str) -> list[tuple[_MarkRun, _MarkRun]] | None:
    """The runs that open and close alternately, with their roles; None if one of them cannot be meant that way."""
    pairs: list[tuple[_MarkRun, _MarkRun]] = []
    opened: _MarkRun | None = None
    for run in runs:
        length = len(run.marks)
        if opened is None and length in _ROLES_OF_OPENING:
            opened = run
        elif length == 4 and (_stands_alone(run, text) if opened is None else len(opened.marks) == 2):
            _give(run, (_OUTER_HALF,) * 4)  # closes and opens again, or is emphasis of nothing
        elif opened is not None and length == len(opened.marks) and _is_plausible(opened, run, text, char):
            _give(opened, _ROLES_OF_OPENING[length])
            _give(run, _ROLES_OF_CLOSING[length])
            pairs.append((opened, run))
            opened = None
        else:
            return None
    return pairs if opened is None else None


def _give(run: _MarkRun, roles: Sequence[str]) -> None:
    for mark, role in zip(run.marks, roles, strict=True):
        mark.role = role


def _stands_alone(run: _MarkRun, text: str) -> bool:
    """Whether `****` is empty emphasis, beside a comment or something invisible; else it may be a masked word."""
    return _back(text, run.start) < run.start or _ahead(text, run.end, len(text)) > run.end


def _is_plausible(opened: _MarkRun, closed: _MarkRun, text: str, char: str) -> bool:
    """Whether the text between two runs was plainly meant as emphasis, which includes a comment alone."""
    inner = text[_ahead(text, opened.end, closed.start) : _back(text, closed.start)]
    seen = inner.strip()
    if not seen:
        return closed.start > opened.end and not inner
    wide = any(map(_is_cjk, seen)) and not (_is_ascii_letter(seen[0]) and _is_ascii_letter(seen[-1]))
    return wide or (char == "*" and (inner[0] == seen[0] or inner[-1] == seen[-1]))


def _is_ascii_letter(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _nests(pieces: Sequence[Piece]) -> bool:
    """Whether all emphasis is properly nested."""
    opened: list[str] = []
    for piece in pieces:
        role = piece.role if isinstance(piece, EmphasisMark) else ""
        if role[:1] == "<":
            opened.append(role[1:])
        elif role[:1] == ">" and (not opened or opened.pop() != role[1:]):
            return False
    return not opened


def _move_blanks_out(pieces: list[Piece], text: str, pairs: Sequence[tuple[_MarkRun, _MarkRun]]) -> None:
    """Moves spaces and line ends at the edges of emphasis outside of it, or removes them at the edges of the content."""
    places = {id(piece): index for index, piece in enumerate(pieces)}
    moved: dict[int, list[Piece]] = {}
    for opened, closed in pairs:
        inner = range(places[id(opened.marks[-1])] + 1, places[id(closed.marks[0])])
        moved[places[id(opened.marks[0])]] = _take_blanks(pieces, text, inner, front=True)
        moved[places[id(closed.marks[-1])] + 1] = _take_blanks(pieces, text, reversed(inner), front=False)[::-1]
    pieces.append((0, 0))
    moved |= {0: [], len(pieces) - 1: []}
    pieces[:] = [one for index, piece in enumerate(pieces) for one in (*moved.get(index, ()), piece)]


def _take_blanks(pieces: list[Piece], text: str, indexes: Iterable[int], *, front: bool) -> list[Piece]:
    """Removes the spaces and line ends at the beginning of the pieces, or at their end if they are reversed."""
    taken: list[Piece] = []
    for index in indexes:
        piece = pieces[index]
        start, end = piece if isinstance(piece, tuple) else (0, 0)
        left = text[start:end].lstrip(_BLANKS) if front else text[start:end].rstrip(_BLANKS)
        if isinstance(piece, tuple):
            cut = end - len(left) if front else start + len(left)
            pieces[index], blanks = ((cut, end), (start, cut)) if front else ((start, cut), (cut, end))
            taken.append(blanks)
        elif isinstance(piece, Break):
            pieces[index] = (0, 0)
            taken.append(piece)
        if left or not isinstance(piece, (tuple, Break)):
            break
    return taken


_BLANKS = " \t\u3000"


# CommonMark §6.2 with the CJK-friendly amendments.
# Plain CommonMark leaves `**標題：**正文` as it is, because punctuation is inside the closing marks and a letter
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
    return _flanks(text[start], text[max(start - 2, low) : start], text[end:high][:1])


def _flanks(char: str, behind: str, after: str) -> tuple[bool, bool]:
    """Whether marks may open and may close, by the two characters before them and the one after.

    A missing character is an edge.
    """
    before, after = behind[-1:] or " ", after or " "
    beyond = ""
    if "\ufe00" <= before <= "\ufe0e" and len(behind) > 1 and not _is_space(behind[0]):
        beyond = behind[0]
    main = beyond or before
    if _is_space(main) or _is_space(after):
        return not _is_space(after), not _is_space(main)
    opens, closes = _is_punctuation(main), _is_punctuation(after)
    if char == "_":
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
