"""The part of a result that is shown: the text with the most search terms, the matches in it, and its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.archive.search.folding import Placed, composed_text, placed_words
from newsletter.archive.search.passages import CAPTION, TEXT, TITLE, Run
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from newsletter.archive.search.passages import TextPassage
    from newsletter.archive.search.query import Term

LONG = 180
"""The most characters of a snippet.

Scripts without spaces get half as many, because each character has more content.
"""
_BEFORE = 50
"""The characters before the first match."""
LINK = "link"
"""The kind of a snippet that is a link's address."""
_KINDS = (TITLE, LINK, CAPTION, TEXT)
"""The kinds of runs. Of two runs with equally many matches, the one with the later kind is shown.

Titles are always shown.
"""


@dataclass(frozen=True, slots=True)
class HitSnippet:
    """A piece of text with its matches."""

    text: str
    marks: tuple[tuple[int, int], ...]
    """Start and end of each match in `text`."""
    line: int
    """The line of the first match in the source, or of the text if it has none."""
    kind: str = ""
    """The kind of its run: title, text, caption or link."""
    paid: bool = False

    @property
    def pieces(self) -> Iterator[tuple[str, bool]]:
        """The pieces of the text, each with whether it is a match."""
        done = 0
        for start, end in self.marks:
            if done < start:
                yield self.text[done:start], False
            yield self.text[start:end], True
            done = end
        if done < len(self.text):
            yield self.text[done:], False


def snippet_of(passage: TextPassage, terms: Sequence[Term]) -> HitSnippet:
    """The piece of a passage with most of the `terms`; its beginning if there are none."""
    best: tuple[tuple[int, int, int], Run, list[tuple[int, int]]] | None = None
    for order, run in enumerate(_runs(passage)):
        marks, found = _marks(run.text, terms)
        if not found:
            continue
        rank = (found, _KINDS.index(run.kind), -order)
        if best is None or rank > best[0]:
            best = rank, run, marks
    if best is None:
        first = next((run for run in _runs(passage) if run.kind != TITLE), None) or next(_runs(passage), None)
        if first is None:
            return HitSnippet("", (), passage.line)
        text, _ = _cut(composed_text(first.text), [(0, 0)])
        return HitSnippet(text, (), first.line_at(0), first.kind, first.paid)
    _, run, marks = best
    text, shown = _cut(composed_text(run.text), marks)
    return HitSnippet(text, tuple(shown), run.line_at(marks[0][0]), run.kind, run.paid)


def title_marks(title: str, terms: Sequence[Term]) -> tuple[tuple[int, int], ...]:
    """The matches in a title, as offsets of the composed text."""
    return tuple(_marks(title, terms)[0])


def _runs(passage: TextPassage) -> Iterator[Run]:
    yield from passage.runs
    for link in passage.links:
        text = f"{link.text} <{link.href}>" if link.text and link.text != link.href else link.href
        yield Run(LINK, text, ((0, link.line),), link.paid)


def _marks(text: str, terms: Sequence[Term]) -> tuple[list[tuple[int, int]], int]:
    """The matches in a text, in order and merged; and the number of different terms that match."""
    placed = placed_words(composed_text(text))
    found: list[tuple[int, int]] = []
    count = 0
    for term in terms:
        here = list(_places_of(term, placed))
        count += bool(here)
        found += here
    return _merged(sorted(found)), count


def _places_of(term: Term, placed: Sequence[Placed]) -> Iterator[tuple[int, int]]:
    wanted, last = term.words, term.words[-1]
    for at in range(len(placed) - len(wanted) + 1):
        behind = placed[at + len(wanted) - 1]
        if any(placed[at + nth].word != word for nth, word in enumerate(wanted[:-1])):
            continue
        if behind.word == last:
            yield placed[at].start, behind.end
        elif term.begins and behind.word.startswith(last):
            # A pair of characters of which the first was searched for. In other scripts, the whole word is marked.
            pair = len(behind.word) == 2 and len(last) == 1 and not last.isascii()
            yield placed[at].start, behind.start + 1 if pair else behind.end


def _merged(marks: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in marks:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _cut(text: str, marks: Sequence[tuple[int, int]]) -> tuple[str, list[tuple[int, int]]]:
    """The piece of text around the first matches, on one line, with `…` where text is left out; and the matches in it."""
    wide = sum(ord(char) > 0x2E7F for char in text[:400]) * 3 > min(len(text), 400)
    room, before = (LONG // 2, _BEFORE // 2) if wide else (LONG, _BEFORE)
    first = marks[0][0]
    start = 0 if first <= before else _word_start(text, first - before)
    end = len(text) if len(text) - start <= room else _word_end(text, start + room)
    end = max(end, marks[0][1])
    lead, tail = ("… " if start else ""), (" …" if end < len(text) else "")
    inside = "".join(" " if char.isspace() else char for char in text[start:end])
    shift = len(lead) - start
    shown = [(begin + shift, min(stop, end) + shift) for begin, stop in marks if start <= begin < end]
    return f"{lead}{inside}{tail}", shown


def _word_start(text: str, at: int) -> int:
    """The beginning of the next word after `at`, if it is near."""
    near = text.find(" ", at, at + 25)
    return near + 1 if near >= 0 else at


def _word_end(text: str, at: int) -> int:
    near = text.rfind(" ", max(at - 25, 0), at)
    return near if near >= 0 else at
