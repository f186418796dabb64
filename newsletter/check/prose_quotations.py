"""TX: quotations that are opened and not closed, or the other way round.

A quotation of several paragraphs opens in each of them, or in the first alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.prose import Kind
from newsletter.check.prose_loose import Loose, by_passage, unpaired
from newsletter.late import late

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsletter.check.base import CheckContext
    from newsletter.check.prose import Prose
    from newsletter.diagnostics import Diagnostic


_QUOTES = late('["“”„‟«»「」『』]')
_HEBREW = late('[\u05d0-\u05ea]"[\u05d0-\u05ea]')
"""An abbreviation: its mark stands before the last letter."""
_CLOSERS = {"“": "”", "„": "“”", "‟": "”", "«": "»", "»": "«»", "「": "」", "『": "』"}
"""What closes each mark: „German“, „Polish”, «French», »Danish«, »Finnish»."""
_FAMILIES = {"“": "“”", "”": "“”", "„": "“”", "‟": "“”", "«": "«»", "»": "«»"}


def unbalanced_quotes(context: CheckContext) -> Iterator[Diagnostic]:
    """TX102: a quotation that is never closed, or closed and never opened. Single marks are apostrophes just as often."""
    prose = context.prose
    loose: list[Loose] = []
    for index, marks in by_passage(prose, _QUOTES):
        loose += _loose_quotes(prose, index, marks)
    for mark in unpaired(_without_reopened(prose, loose)):
        char = prose.text[mark.offset]
        if mark.closed_by >= 0:
            closer = prose.text[mark.closed_by]
            message, label = f"`{char}` opens this quotation and `{closer}` closes it", "one of a pair is wanted"
            yield context.found("TX102", prose.place(mark.closed_by, mark.closed_by + 1), message, label=label)
        elif mark.opens:
            message = f"the quotation that `{char}` opens is never closed"
            yield context.found("TX102", prose.place(mark.offset, mark.offset + 1), message, label="opened here")
        else:
            message = f"`{char}` closes a quotation that was never opened"
            yield context.found("TX102", prose.place(mark.offset, mark.offset + 1), message, label="closed here")


def _loose_quotes(prose: Prose, index: int, offsets: list[int]) -> list[Loose]:
    """The marks of one passage that have no other half in it: one at most of each kind, for one slip is one finding."""
    straight = _loose_straight(prose, index, [at for at in offsets if prose.text[at] == '"'])
    curly = _loose_curly(prose, index, [at for at in offsets if prose.text[at] != '"'])
    if straight and curly and curly[0].family == "“”":
        first, last = sorted((straight[0], curly[0]), key=lambda mark: mark.offset)
        return [Loose(first.offset, index, opens=True, family="mixed", closed_by=last.offset)]
    return [*straight, *curly]


def _loose_straight(prose: Prose, index: int, offsets: list[int]) -> list[Loose]:
    text = prose.text
    offsets = [at for at in offsets if not _HEBREW.match(text, at - 1)]
    if len(offsets) % 2 == 0:
        return []
    if any(text[at - 1].isdigit() or text[at - 1] in "'′" for at in offsets if at > prose.passages[index].start):
        return []  # inches or seconds, or a single mark within a quotation: which is which cannot be told
    if prose.text_of(prose.passages[index]).strip() == '"':
        return []  # a ditto mark
    opened = -1
    for at in offsets:
        begins = not _blank(text, at + 1, prose.passages[index].end)
        ends = at > prose.passages[index].start and not text[at - 1].isspace() and text[at - 1] not in "([{"
        if opened >= 0 and ends:
            opened = -1
        elif opened >= 0:
            return [Loose(opened, index, opens=True, family='"')]
        elif begins:
            opened = at
        else:
            return [Loose(at, index, opens=False, family='"')]
    return [Loose(opened, index, opens=True, family='"')] if opened >= 0 else []


def _blank(text: str, at: int, end: int) -> bool:
    return at >= end or text[at].isspace()


def _loose_curly(prose: Prose, index: int, offsets: list[int]) -> list[Loose]:
    text, start = prose.text, prose.passages[index].start
    opened: list[int] = []
    for at in offsets:
        char = text[at]
        if opened and char in _CLOSERS.get(text[opened[-1]], "”"):
            opened.pop()
        elif char in _CLOSERS or (char == "”" and (at == start or text[at - 1].isspace())):
            if char in "«»" and at > start and text[at - 1] == "\n":
                continue  # French repeats the mark at the beginning of each line
            opened.append(at)
        elif not (char == "”" and text[at - 1].isdigit()):  # inches
            return [Loose(at, index, opens=False, family=_FAMILIES.get(char, "「」"))]
    return [Loose(at, index, opens=True, family=_FAMILIES.get(text[at], "「」")) for at in opened[:1]]


def _without_reopened(prose: Prose, loose: Iterable[Loose]) -> Iterator[Loose]:
    """Without quotations that go on in the next paragraph, which opens them anew."""
    for mark in loose:
        following = prose.passages[mark.passage + 1 : mark.passage + 2]
        if mark.opens and mark.closed_by < 0 and following and following[0].kind is Kind.PARAGRAPH:
            opener = prose.text[mark.offset]
            if prose.text_of(following[0]).lstrip().startswith((opener, _CLOSERS.get(opener, opener))):
                continue
        yield mark
