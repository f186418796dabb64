"""Pairing the marks of emphasis, and making inlines of the pieces that a run was read into."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, cast

from markdown_it.rules_inline.balance_pairs import processDelimiters
from markdown_it.rules_inline.state_inline import Delimiter

from newsletter.issue.rawhtml import cleaned
from newsletter.model import Emphasis, Strikethrough, Strong
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.rules_inline import StateInline

    from newsletter.issue.inline import Run
    from newsletter.model import Inline

    Piece: TypeAlias = Inline | "Mark" | tuple[int, int]

_DEEPEST = 40
"""How many levels of emphasis are kept: all beyond shows no more, and would only exhaust those who walk the tree."""


@dataclass(slots=True)
class Mark:
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


def assemble(pieces: list[Piece], run: Run) -> tuple[Inline, ...]:
    """The inlines that the pieces make."""
    if any(isinstance(piece, Mark) for piece in pieces):
        _pair(pieces)
        return _nested(pieces, run)
    return _joined(pieces, run)


def _pair(pieces: list[Piece]) -> None:
    """Says of each mark what it is, by CommonMark's algorithm (in markdown-it's hands)."""
    places = [index for index, piece in enumerate(pieces) if isinstance(piece, Mark) and (piece.opens or piece.closes)]
    marks = [cast("Mark", pieces[index]) for index in places]
    delimiters = [
        Delimiter(ord(mark.char), mark.length, index, -1, mark.opens, mark.closes)
        for mark, index in zip(marks, places, strict=True)
    ]
    processDelimiters(cast("StateInline", None), delimiters)
    _pair_tildes(pieces, delimiters, marks)
    index = len(delimiters) - 1
    while index >= 0:
        opener = delimiters[index]
        if opener.end >= 0 and marks[index].char != "~":
            close = opener.end
            double = (
                index > 0
                and delimiters[index - 1].end == close + 1
                and delimiters[index - 1].marker == opener.marker
                and delimiters[index - 1].token == opener.token - 1
                and delimiters[close + 1].token == delimiters[close].token + 1
            )
            name = "strong" if double else "em"
            marks[index].role, marks[close].role = f"<{name}", f">{name}"
            if double:
                marks[index - 1].role = marks[close + 1].role = "-"
                index -= 1
        index -= 1


def _pair_tildes(pieces: list[Piece], delimiters: Sequence[Delimiter], marks: Sequence[Mark]) -> None:
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
        while last < len(pieces) and isinstance(pieces[last], Mark) and cast("Mark", pieces[last]).role == ">s":
            last += 1
        pieces[at], pieces[last - 1] = pieces[last - 1], pieces[at]


def _is_lone_tilde(piece: Piece) -> bool:
    return isinstance(piece, Mark) and piece.char == "~" and piece.width == 1


_KINDS: dict[str, type[Emphasis | Strong | Strikethrough]] = {"em": Emphasis, "strong": Strong, "s": Strikethrough}


def _nested(pieces: list[Piece], run: Run) -> tuple[Inline, ...]:
    levels: list[tuple[int, list[Piece]]] = [(0, [])]
    for piece in pieces:
        if not isinstance(piece, Mark) or not piece.role:
            levels[-1][1].append((piece.start, piece.start + piece.width) if isinstance(piece, Mark) else piece)
        elif piece.role[0] == "<":
            levels.append((piece.start - (piece.role == "<strong"), []))
        elif piece.role[0] == ">":
            start, inner = levels.pop()
            if len(levels) > _DEEPEST:
                levels[-1][1].extend(inner)
                continue
            end = piece.start + (2 if piece.role != ">em" else 1)
            kind = _KINDS[piece.role[1:]]
            levels[-1][1].append(kind(_joined(inner, run), run.context.span(run.places, start, end)))
    return _joined(levels[0][1], run)


def _joined(pieces: Sequence[Piece], run: Run) -> tuple[Inline, ...]:
    """The pieces as inlines: neighbouring plain text as one, no line break at either end, none twice."""
    joined: list[Inline] = []
    start = end = -1
    for piece in pieces:
        if isinstance(piece, tuple):
            if piece[0] != end:
                if end > start:
                    joined.append(run.text_piece(start, end))
                start = piece[0]
            end = piece[1]
            continue
        if end > start:
            joined.append(run.text_piece(start, end))
        start = end = -1
        joined.append(cast("Inline", piece))
    if end > start:
        joined.append(run.text_piece(start, end))
    return tuple(cleaned(joined, run.context) if run.context.options.allow_html else joined)
