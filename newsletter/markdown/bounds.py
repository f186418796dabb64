"""The limits of an issue: far more than any real issue needs, and small enough to be read and laid out in seconds.

The largest of 1,285 real issues have 127 KB, 1,830 blocks, and 1,315 brackets, 186 of them in one stretch. The raw text
is counted in one pass before anything is parsed, so code and comments count, too.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from newsletter.diagnostics import Diagnostic
from newsletter.late import late
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.markdown.source import Source

CODE = "ST149"
LARGEST = 2_000_000
"""The default limit in bytes of Markdown; the limits for a whole issue grow with the publication's own."""
LARGEST_FRONT = 100_000
"""The most characters of front matter."""
_SMALL = 400
"""Shorter texts, in characters, cannot exceed any limit."""


@dataclass(frozen=True, slots=True)
class Bound:
    """The limit for one kind of character in an issue, and in one stretch of it (between blank lines)."""

    called: str
    marks: tuple[str, ...]
    most: int
    in_stretch: int = 0
    """0: the same as for the whole issue."""


BOUNDS: tuple[Bound, ...] = (
    Bound("lines", ("\n",), 50_000),
    Bound("brackets", ("[",), 10_000, 4_000),
    Bound("marks of emphasis", ("*", "_", "~~"), 20_000),
    Bound("backticks", ("`",), 20_000, 4_000),
    Bound("angle brackets", ("<",), 10_000, 2_000),
    Bound("marks of quotations", (">",), 20_000, 4_000),
    Bound("addresses", ("://", "@", "www."), 6_000, 2_000),
    Bound("entities", ("&",), 20_000, 10_000),
    Bound("bars of tables", ("|",), 20_000, 10_000),
    Bound("braces", ("{",), 10_000, 4_000),
    Bound("colons of directives", (":::",), 4_000, 1_000),
    Bound("backslashes", ("\\",), 20_000, 10_000),
    Bound("circumflexes", ("^",), 10_000, 2_000),
    Bound("pictures", ("![",), 2_000),
)
"""Each kind that is slow to read has its own limit."""
MOST_BLOCKS = 8_000
"""Paragraphs, headings, list items, table rows: everything that begins on its own line."""
MOST_COLUMNS = 200
"""Vertical bars on one line: each row of a table is extended to the number of cells in its head."""
MOST_MARKS_ON_A_LETTER = 100
"""Combining marks in a row.

Some scripts need three, jokes have thirty; Unicode's Stream-Safe Text Format allows 30.
"""

_BLOCK = re.compile(
    r"^[ \t]{0,1000}(?:#|[-*+][ \t]|\d{1,9}[.)][ \t]|>|\||:::|<!--|\[)|\n[ \t]{0,1000}\n(?![ \t\n])", re.MULTILINE
)
_STRETCH_END = re.compile(r"\n[ \t]*\n")
_STACKED = late(rf"[^\w\s!-~\u2010-\u205e\u2190-\u2bff\u3000-\u303f\uff00-\uffef]{{{MOST_MARKS_ON_A_LETTER + 1}}}")
_MAY_STACK = re.compile("[^\x00-\u02ff\u2010-\u205e\u2190-\u2bff\u3000-\u303f\uff00-\uffef]")
"""Without one of these, a text has no combining mark."""


def too_much(source: Source, largest: int = LARGEST) -> Diagnostic | None:
    """ST149 for the first limit that an issue exceeds; None for every issue that a person wrote.

    `largest` is its allowed number of bytes. The limits for one stretch, one line and one letter never change.
    """
    text = source.text
    if len(text) <= _SMALL and (text.isascii() or len(text) <= MOST_MARKS_ON_A_LETTER):
        return None
    for check in (_size, _counts, _columns, _blocks, _stacked):
        for at, what in check(text, largest):
            return _refusal(source, at, what, more=check in {_size, _counts, _blocks})
    return None


def too_much_front(source: Source, begin: int, end: int) -> Diagnostic | None:
    """ST149 for a front matter from `begin` to `end` that is too large to read."""
    if end - begin <= LARGEST_FRONT:
        return None
    return _refusal(source, begin, f"a front matter of {end - begin:,} characters; the limit is {LARGEST_FRONT:,}")


def _refusal(source: Source, at: int, what: str, *, more: bool = False) -> Diagnostic:
    advice = "Nothing of it was read. Split the issue in two, or remove what was pasted by mistake."
    if more:
        advice += " If you need it, raise `issue_limit` in newsletter.yaml."
    place = source.span(at, min(at + 1, len(source.text)))
    return Diagnostic(source.path, place, CODE, f"this is too much for one issue: {what}", advice=advice)


# Each returns the place and the message.


def _size(text: str, largest: int) -> Iterator[tuple[int, str]]:
    if len(text) * 4 > largest and (size := len(text.encode(errors="replace"))) > largest:
        yield 0, f"{size:,} bytes; the limit is {largest:,}"


def _counts(text: str, largest: int) -> Iterator[tuple[int, str]]:
    for bound in BOUNDS:
        found = sum(map(text.count, bound.marks))
        most = _grown(bound.most, largest)
        if found > most:
            yield _place(text, bound.marks, most), f"{found:,} {bound.called}; the limit is {most:,}"
        elif bound.in_stretch and found > bound.in_stretch:
            yield from _in_stretches(text, bound)


def _in_stretches(text: str, bound: Bound) -> Iterator[tuple[int, str]]:
    start = 0
    while start < len(text):
        blank = _STRETCH_END.search(text, start)
        end = blank.end() if blank else len(text)
        found = sum(text.count(mark, start, end) for mark in bound.marks)
        if found > bound.in_stretch:
            yield (
                start,
                f"{found:,} {bound.called} without a blank line between; the limit is {bound.in_stretch:,}",
            )
        start = end


def _grown(most: int, largest: int) -> int:
    """A limit for the whole issue, scaled to `largest` bytes."""
    return most * largest // LARGEST


def _blocks(text: str, largest: int) -> Iterator[tuple[int, str]]:
    most = _grown(MOST_BLOCKS, largest)
    if text.count("\n") <= most // 2:
        return
    for count, found in enumerate(_BLOCK.finditer(text)):
        if count >= most:
            yield found.start(), f"more than {most:,} paragraphs, headings and entries of lists"


def _columns(text: str, _largest: int) -> Iterator[tuple[int, str]]:
    if text.count("|") <= MOST_COLUMNS:
        return
    start = 0
    for line in text.split("\n"):
        if line.count("|") > MOST_COLUMNS:
            yield start, f"{line.count('|'):,} vertical bars on one line; the limit is {MOST_COLUMNS}"
        start += len(line) + 1


def _stacked(text: str, _largest: int) -> Iterator[tuple[int, str]]:
    if text.isascii() or not _MAY_STACK.search(text):
        return
    for found in _STACKED.finditer(text):
        if all(unicodedata.category(char)[0] == "M" for char in found[0]):
            yield found.start(), f"more than {MOST_MARKS_ON_A_LETTER} combining marks on one letter"


def _place(text: str, marks: tuple[str, ...], most: int) -> int:
    """The approximate place of the first mark beyond the limit."""
    for count, found in enumerate(re.finditer("|".join(map(re.escape, marks)), text)):
        if count >= most:
            return found.start()
    return 0
