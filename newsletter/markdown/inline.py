"""Reads inline content: from the characters of a paragraph, heading or cell to inlines with their places.

The grammar is CommonMark's as in markdown-it, with the same precedence. So both agree on every text without our own
extensions. The loop is our own because markdown-it's tokens do not record their places. The reader finds special
characters; the rules in inline_rules.py handle them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias, cast

from newsletter.markdown.emphasis import EmphasisMark, with_emphasis
from newsletter.markdown.html import cleaned
from newsletter.model import Break, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from newsletter.markdown.emphasis import Piece
    from newsletter.markdown.reading import ReadingState
    from newsletter.markdown.source import SourceMap
    from newsletter.model import Inline

NO = -1
_IN_BRACKETS = re.compile(r"[!&<\[\]\\^`{]")
"""The characters whose rules may include a bracket that would otherwise close a link's text."""
_NEWLINE = re.compile(r"\n")
_DEEPEST_BRACKETS = 32
"""How many levels of brackets are searched to decide whether the outermost is a link."""
_DEEPEST_LABELS = 12
"""How many levels of pictures and notes inside each other are read; deeper ones stay text."""

Rule: TypeAlias = "Callable[[InlineReader, int, int, bool], int]"
"""A rule for one special character.

It gets the reader, the offset of the character, the end of the content, and whether it is `silent`. It returns the
offset after the construct, or `NO`. When silent, it only finds the end.
"""


class InlineReader:
    """One stretch of inline content while it is read."""

    __slots__ = (
        *("_backticks", "_brackets", "_depth", "_labels", "_rules", "_skips", "_special"),
        *("commented", "in_link", "pending", "pieces", "reading", "span", "text", "unclosed"),
    )

    def __init__(
        self,
        text: str,
        source_map: SourceMap,
        reading: ReadingState,
        rules: Mapping[str, Rule],
        special: re.Pattern[str],
    ) -> None:
        self.text = text
        self.reading = reading
        self.span = source_map.span
        """The place in the source of the content's `start, end`."""
        self.pieces: list[Piece] = []
        """The pieces that have been read so far."""
        self.pending = 0
        """The start of the plain text that is not in `pieces` yet."""
        self.in_link = False
        self.commented = False
        """Whether a comment was left out, so that spaces and line breaks around it may be removed too."""
        self.unclosed = False
        """Whether an unclosed comment was found: one finding is enough."""
        self._rules = rules
        """The rules by the character that triggers them."""
        self._special = special
        """Finds the next of these characters."""
        self._labels: dict[int, tuple[int, bool]] = {}
        """By opening bracket: where it closes, and whether there is a link inside."""
        self._skips: dict[int, int] = {}
        self._brackets = 0
        self._depth = 0
        self._backticks: dict[int, int] | None = None

    def read(self, low: int, high: int) -> tuple[Inline, ...]:
        """The inlines of `text[low:high]`."""
        outer, self.pieces, self.pending = (self.pieces, self.pending), [], low
        self._depth += 1
        special = self._special if self._depth <= _DEEPEST_LABELS else _NEWLINE
        text, rules, search, position = self.text, self._rules, special.search, low
        while found := search(text, position, high):
            at = found.start()
            end = rules[text[at]](self, at, high, False)
            position = end if end > at else at + 1
        self._depth -= 1
        self.flush(high)
        if self.commented and self.pieces and isinstance(self.pieces[-1], Break):
            self.pieces.pop()
        marked = EmphasisMark in map(type, self.pieces)
        inlines = with_emphasis(self.pieces, self, high, wide=self.reading.wide) if marked else self.joined(self.pieces)
        self.pieces, self.pending = outer
        return inlines

    def flush(self, end: int) -> None:
        """Makes a piece of the plain text up to `end`."""
        if end > self.pending:
            self.pieces.append((self.pending, end))

    def take(self, start: int, end: int, *pieces: Piece) -> int:
        """Adds the construct from `start` to `end`, after the plain text before it. Returns `end`."""
        self.flush(start)
        self.pieces += pieces
        self.pending = end
        return end

    def read_within(self, start: int, low: int, high: int, *, in_link: bool) -> tuple[Inline, ...]:
        """The inlines of `text[low:high]`, inside a construct that begins at `start`."""
        self.flush(start)
        outer, self.in_link = self.in_link, in_link
        inlines = self.read(low, high)
        self.in_link = outer
        self.pending = start
        return inlines

    def joined(self, pieces: Sequence[Piece]) -> tuple[Inline, ...]:
        """The pieces as inlines, with adjacent plain text joined."""
        inlines: list[Inline] = []
        start = end = -1
        for piece in pieces:
            if isinstance(piece, tuple) and piece[0] == end:
                end = piece[1]
                continue
            if end > start:
                inlines.append(Text(self.text[start:end], self.span(start, end)))
            start, end = piece if isinstance(piece, tuple) else (-1, -1)
            if end < 0:
                inlines.append(cast("Inline", piece))
        if end > start:
            inlines.append(Text(self.text[start:end], self.span(start, end)))
        return tuple(cleaned(inlines, self.reading) if self.reading.options.allow_html else inlines)

    def label_end(self, start: int, high: int, *, nested: bool) -> int:
        """The end of the bracket opened at `start`, or NO; also NO if a link is inside, unless `nested`."""
        found = self._labels.get(start)
        if found is None:
            self._match_brackets(start, high)
            found = self._labels[start]
        end, holds_link = found
        return end if end < high and (nested or not holds_link) else NO

    def _match_brackets(self, start: int, high: int) -> None:
        """Records where the bracket at `start` closes, and the same for all brackets inside."""
        text, labels, position = self.text, self._labels, start + 1
        opened = [(start, False)]
        while opened and (found := _IN_BRACKETS.search(text, position, high)):
            at = found.start()
            if text[at] == "]":
                begin, holds_link = opened.pop()
                labels[begin] = at, holds_link
                if holds_link and opened:
                    opened[-1] = opened[-1][0], True
                position = at + 1
                continue
            position = self._skip(at, high)
            if text[at] == "[":
                if position == at + 1:
                    opened.append((at, False))
                else:
                    opened[-1] = opened[-1][0], True
        for begin, holds_link in opened:
            labels[begin] = NO, holds_link

    def _skip(self, at: int, high: int) -> int:
        """The end of the construct at `at`; the next character if there is none."""
        end = self._skips.get(at)
        if end is None:
            if self._brackets >= _DEEPEST_BRACKETS:
                return high
            self._brackets += 1
            end = max(self._rules[self.text[at]](self, at, high, True), at + 1)
            self._brackets -= 1
            self._skips[at] = end
        return end

    def last_backticks(self, length: int) -> int:
        """The start of the last run of exactly this many backticks, or NO."""
        if self._backticks is None:
            self._backticks = {len(run[0]): run.start() for run in re.finditer("`+", self.text)}
        return self._backticks.get(length, NO)
