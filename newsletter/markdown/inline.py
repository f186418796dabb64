"""Reading inline content: from the characters of a paragraph, heading or cell to inlines that know their place.

The grammar is CommonMark's as markdown-it reads it, with the same order of precedence, so that the two agree on every
text that holds nothing of our own dialect. The walk is our own because markdown-it's tokens do not say where they are.
The reader finds the characters that mean something; what they mean is said by the rules that it is handed, which are
listed in inline_rules.py.
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
"""The characters whose rules may take a bracket that would else close a link's text."""
_NEWLINE = re.compile(r"\n")
_DEEPEST_BRACKETS = 32
"""How many brackets are looked into, one in another, to see whether the outermost is a link."""
_DEEPEST_LABELS = 12
"""How deep pictures and notes are read in the texts of one another; what is deeper stays as it is written."""

Rule: TypeAlias = "Callable[[InlineReader, int, int, bool], int]"
"""A rule gets the reader, the offset of the character it answers to, the end of what may be read, and whether it is
`silent`; it gives the offset after what it took, or `NO`. When silent, it only says how far it would go."""


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
        """The place in the source of `start, end` of the content."""
        self.pieces: list[Piece] = []
        """The pieces that have been read so far."""
        self.pending = 0
        """Where the plain text begins that is not in `pieces` yet."""
        self.in_link = False
        self.commented = False
        """Whether a comment was left out, so that blanks and line breaks around it may have to go too."""
        self.unclosed = False
        """Whether a comment has been met that nothing closes: one finding is enough."""
        self._rules = rules
        """The rules by the character that triggers them."""
        self._special = special
        """Finds the next of these characters."""
        self._labels: dict[int, tuple[int, bool]] = {}
        """Where each opening bracket closes, and whether there is a link in it, by the opening bracket."""
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

    # ── What rules do with what they have read ──────────────────────────────────────────────────────────────────────

    def flush(self, end: int) -> None:
        """Makes a piece of the plain text up to `end`."""
        if end > self.pending:
            self.pieces.append((self.pending, end))

    def take(self, start: int, end: int, *pieces: Piece) -> int:
        """Adds what was read from `start` to `end`, after the plain text before it. Gives `end`."""
        self.flush(start)
        self.pieces += pieces
        self.pending = end
        return end

    def read_within(self, start: int, low: int, high: int, *, in_link: bool) -> tuple[Inline, ...]:
        """The inlines of `text[low:high]`, which is in a construct that begins at `start`."""
        self.flush(start)
        outer, self.in_link = self.in_link, in_link
        inlines = self.read(low, high)
        self.in_link = outer
        self.pending = start
        return inlines

    def joined(self, pieces: Sequence[Piece]) -> tuple[Inline, ...]:
        """The pieces as inlines: neighbouring plain text as one."""
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

    # ── What rules ask about what is to come ────────────────────────────────────────────────────────────────────────

    def label_end(self, start: int, high: int, *, nested: bool) -> int:
        """Where the bracket opened at `start` closes, or NO; NO too if a link is inside, unless `nested`."""
        found = self._labels.get(start)
        if found is None:
            self._match_brackets(start, high)
            found = self._labels[start]
        end, holds_link = found
        return end if end < high and (nested or not holds_link) else NO

    def _match_brackets(self, start: int, high: int) -> None:
        """Notes down where the bracket at `start` closes, and every bracket passed on the way."""
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
        """Where the construct at `at` ends; the next character if there is none."""
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
        """Where the last run of exactly this many backticks begins, or NO."""
        if self._backticks is None:
            self._backticks = {len(run[0]): run.start() for run in re.finditer("`+", self.text)}
        return self._backticks.get(length, NO)
