"""TX: brackets that are opened and not closed, or the other way round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.prose_loose import Loose, by_passage, unpaired
from newsletter.late import late

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.base import CheckContext
    from newsletter.check.prose import Prose
    from newsletter.diagnostics import Diagnostic


_BRACKETS = late(r"[()\[\]（）［］【】〔〕《》〈〉]")
"""Braces are left out: outside code, too, they are mostly code."""
_PAIRS = {"(": ")", "[": "]", "（": "）", "［": "］", "【": "】", "〔": "〕", "《": "》", "〈": "〉"}
_WIDE = {"（": "(", "）": ")", "［": "[", "］": "]"}
"""Wide and narrow brackets are mixed freely in Chinese and Japanese."""
_SMILEY = late(
    r"(?:^|(?<=[\s\W\d]))[:;=8xX>B][-‐o^'* ]?[()\[\]]|(?<![()\[\]])[()\[\]]{1,6}[-‐o^']?[:;=](?=\s|$)|\^_*\^;?\)|[oOT]_[oOT]\)"
)
_ENUMERATOR = late(r"(?:^|[\s(（,;:，、；：。/“\"])(?:\d{1,3}|[A-Za-z]|[ivxIVX]{2,5}|[0-9０-９]{1,3})[.]?$")
_LONGEST_INTERVAL = 30
"""Characters within `[0, 1)`."""


def unbalanced_brackets(context: CheckContext) -> Iterator[Diagnostic]:
    """TX103: a bracket without its other half. One that a stray backtick made part of some code is no finding more."""
    prose = context.prose
    loose: list[Loose] = []
    for index, marks in by_passage(prose, _BRACKETS):
        if "`" not in prose.text_of(prose.passages[index]):
            loose += _loose_brackets(prose, index, marks)
    for mark in unpaired(loose):
        char = prose.text[mark.offset]
        if mark.closed_by >= 0:
            closer = prose.text[mark.closed_by]
            place = prose.place(mark.closed_by, mark.closed_by + 1)
            yield context.found(
                "TX103", place, f"`{closer}` closes what `{char}` opened", label=f"`{_PAIRS[char]}` is wanted"
            )
        else:
            place = prose.place(mark.offset, mark.offset + 1)
            message = f"`{char}` is never closed" if mark.opens else f"`{char}` closes what was never opened"
            yield context.found("TX103", place, message, label="opened here" if mark.opens else "closed here")


def _loose_brackets(prose: Prose, index: int, offsets: list[int]) -> list[Loose]:
    text, passage = prose.text, prose.passages[index]
    opened: list[int] = []
    faults: list[Loose] = []
    for at in offsets:
        char = _WIDE.get(text[at], text[at])
        if char in _PAIRS:
            opened.append(at)
        elif opened and (char == _family(text[opened[-1]]) or _is_interval(text, opened[-1], at)):
            opened.pop()
        elif not (char == ")" and _ENUMERATOR.search(text, max(passage.start, at - 7), at)):
            faults.append(_stray(text, index, at, opened))
    # What opens behind `]` is the address of a link, which is told of elsewhere (LK102).
    faults += [Loose(at, index, opens=True, family=_family(text[at])) for at in opened if text[at - 1] != "]"]
    if not faults:
        return []
    # A smiley may have closed a bracket, or have been taken for one: where there is one, nothing can be told.
    return [] if _SMILEY.search(text, passage.start, passage.end) else sorted(faults, key=lambda mark: mark.offset)[:1]


def _stray(text: str, index: int, at: int, opened: list[int]) -> Loose:
    """A bracket that closes nothing, or something else than what is open."""
    if opened and text[at] in ")]）］】":
        return Loose(opened.pop(), index, opens=True, family="mixed", closed_by=at)
    return Loose(at, index, opens=False, family=_family(text[at]))


def _family(char: str) -> str:
    narrow = _WIDE.get(char, char)
    return _PAIRS.get(narrow, narrow)


def _is_interval(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` is a half-open interval, `[0, 1)`: these close with another bracket."""
    inner = text[start + 1 : end]
    return text[start] in "([" and text[end] in ")]" and len(inner) <= _LONGEST_INTERVAL and inner.count(",") == 1
