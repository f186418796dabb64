"""TX: marks that come in pairs and are incomplete: brackets, quotation marks and backticks.

A mark that opens in one paragraph may close in a later one, so incomplete marks are matched with each other before any
is reported.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from newsletter.check.facts.prose import ProseKind
from newsletter.check.rule import WARNING, rule
from newsletter.late import late
from newsletter.model import CodeBlock
from newsletter.records import dataclass
from newsletter.walk import walk_blocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsletter.check.context import CheckContext
    from newsletter.check.facts.prose import Prose
    from newsletter.diagnostics import Diagnostic


@dataclass(frozen=True, slots=True)
class Loose:
    """A mark without its other half in the same passage."""

    offset: int
    passage: int
    opens: bool
    """Whether it is an opening mark that is not closed; else it is a closing mark that was not opened."""
    family: str
    """A mark and its other half have the same family."""
    closed_by: int = -1
    """The place of a mark of another kind that was meant to close it."""


def by_passage(prose: Prose, pattern: re.Pattern[str]) -> Iterator[tuple[int, list[int]]]:
    """The index of each passage with matches of `pattern`, and the offsets of the matches.

    Only passages that readers read.
    """
    offsets = (match.start() for match in pattern.finditer(prose.text))
    for index, marks in groupby(offsets, prose.index_at):
        if prose.passages[index].prose:
            yield index, list(marks)


def unpaired(loose: Iterable[Loose]) -> list[Loose]:
    """The marks without those that open in one paragraph and close in a later one."""
    left: list[Loose] = []
    for mark in loose:
        if not mark.opens:
            opener = next((other for other in reversed(left) if other.opens and other.family == mark.family), None)
            if opener:
                left.remove(opener)
                continue
        left.append(mark)
    return left


_BRACKETS = late(r"[()\[\]（）［］【】〔〕《》〈〉]")
"""Braces are left out, because even outside of code they mostly are code."""
_PAIRS = {"(": ")", "[": "]", "（": "）", "［": "］", "【": "】", "〔": "〕", "《": "》", "〈": "〉"}
_WIDE = {"（": "(", "）": ")", "［": "[", "］": "]"}
"""The narrow form of each wide bracket. Chinese and Japanese mix both."""
_SMILEY = late(
    r"(?:^|(?<=[\s\W\d]))[:;=8xX>B][-‐o^'* ]?[()\[\]]|(?<![()\[\]])[()\[\]]{1,6}[-‐o^']?[:;=](?=\s|$)|\^_*\^;?\)|[oOT]_[oOT]\)"
)
_ENUMERATOR = late(
    r"[\s(（\[,;:，、；：。،؛/“\"'*•–—-](?:\d{1,3}(?:\.\d{1,2}){0,2}[a-zA-Z]?|[^\W\d_]\u05f3?|[ivxlcIVXLC]{2,6}|[اأ]لف|باء|جيم|دال|هاء|واو|زاي|حاء|طاء|ياء|أولا[ًّ]?|ثانيا[ًّ]?|ثالثا[ًّ]?|"
    r"[〇一二三四五六七八九十]{1,3}|[①-⑳])[.．]?$"
)
"""An enumerator before a bracket that only closes: `a`, `1`, `iv`, `1.2`, `الف`, `十二`."""
_LONGEST_ENUMERATOR = 12
_LONGEST_INTERVAL = 30
"""The most characters of an interval, `[0, 1)`."""


@rule("TX103", "unbalanced-brackets", "Each bracket is closed", "text", severity=WARNING)
def unbalanced_brackets(context: CheckContext) -> Iterator[Diagnostic]:
    """TX103: a bracket without its other half. A bracket inside code that a stray backtick opened is not reported."""
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
                "TX103", place, f"`{closer}` closes what `{char}` opened", label=f"expected `{_PAIRS[char]}`"
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
        elif not (char == ")" and _ENUMERATOR.search(_in_front(text, passage.start, at))):
            faults.append(_stray(text, index, at, opened))
    # LK102 reports a parenthesis that opens after `]`, as the address of a link.
    faults += [Loose(at, index, opens=True, family=_family(text[at])) for at in opened if text[at - 1] != "]"]
    if not faults:
        return []
    # With a smiley nearby, nothing is certain: its bracket may belong to a pair.
    return [] if _SMILEY.search(text, passage.start, passage.end) else sorted(faults, key=lambda mark: mark.offset)[:1]


def _in_front(text: str, start: int, at: int) -> str:
    """The character before a bracket; a space at the beginning of a passage."""
    begin = max(start, at - _LONGEST_ENUMERATOR)
    return f" {text[begin:at]}" if begin == start else text[begin:at]


def _stray(text: str, index: int, at: int, opened: list[int]) -> Loose:
    """A bracket that closes nothing, or something else than the open bracket."""
    if opened and text[at] in ")]）］】":
        return Loose(opened.pop(), index, opens=True, family="mixed", closed_by=at)
    return Loose(at, index, opens=False, family=_family(text[at]))


def _family(char: str) -> str:
    narrow = _WIDE.get(char, char)
    return _PAIRS.get(narrow, narrow)


def _is_interval(text: str, start: int, end: int) -> bool:
    """Whether `text[start:end]` is a half-open interval, `[0, 1)`, which closes with another kind of bracket."""
    inner = text[start + 1 : end]
    return text[start] in "([" and text[end] in ")]" and len(inner) <= _LONGEST_INTERVAL and inner.count(",") == 1


# A quotation of several paragraphs has an opening mark in each paragraph, or only in the first.


_QUOTES = late('["“”„‟«»「」『』]')
_HEBREW = re.compile('[\u05d0-\u05ea]"[\u05d0-\u05ea]')
"""A Hebrew abbreviation, which has the mark before its last letter."""
_CLOSERS = {"“": "”", "„": "“”", "‟": "”", "«": "»", "»": "«»", "「": "」", "『": "』"}
"""The closing marks of each opening mark: „German“, „Polish”, «French», »Danish«, »Finnish»."""
_FAMILIES = {"“": "“”", "”": "“”", "„": "“”", "‟": "“”", "«": "«»", "»": "«»"}


@rule("TX102", "unbalanced-quotes", "Each quotation is closed", "text", severity=WARNING)
def unbalanced_quotes(context: CheckContext) -> Iterator[Diagnostic]:
    """TX102: a quotation mark without its other half. Single marks are not checked, because they may be apostrophes."""
    prose = context.prose
    loose: list[Loose] = []
    for index, marks in by_passage(prose, _QUOTES):
        loose += _loose_quotes(prose, index, marks)
    for mark in unpaired(_without_reopened(prose, loose)):
        char = prose.text[mark.offset]
        if mark.closed_by >= 0:
            closer = prose.text[mark.closed_by]
            message, label = f"`{char}` opens this quotation and `{closer}` closes it", "use a matching pair"
            yield context.found("TX102", prose.place(mark.closed_by, mark.closed_by + 1), message, label=label)
        elif mark.opens:
            message = f"the quotation that `{char}` opens is never closed"
            yield context.found("TX102", prose.place(mark.offset, mark.offset + 1), message, label="opened here")
        else:
            message = f"`{char}` closes a quotation that was never opened"
            yield context.found("TX102", prose.place(mark.offset, mark.offset + 1), message, label="closed here")


def _loose_quotes(prose: Prose, index: int, offsets: list[int]) -> list[Loose]:
    """The marks of a passage without their other half, at most one of each kind, so that one mistake is one finding."""
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
    if prose.has_mark_in_address(prose.passages[index], '"'):
        return []  # `"See https://a.example/a"-he said`: the other mark became part of the bare address
    if any(text[at - 1].isdigit() or text[at - 1] in "'′" for at in offsets if at > prose.passages[index].start):
        return []  # inches or seconds, or a single mark within a quotation: that cannot be decided
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
    """The marks without those of quotations that continue in the next paragraph, which repeats the opening mark."""
    for mark in loose:
        following = prose.passages[mark.passage + 1 : mark.passage + 2]
        if mark.opens and mark.closed_by < 0 and following and following[0].kind is ProseKind.PARAGRAPH:
            opener = prose.text[mark.offset]
            if prose.text_of(following[0]).lstrip().startswith((opener, _CLOSERS.get(opener, opener))):
                continue
        yield mark


_BACKTICKS = re.compile("`+")
_FENCE = re.compile(r"[ \t>]*(?:[-*+]|\d{1,9}[.)])?[ \t]*(`{3,}|~{3,})")


@rule("TX104", "stray-backtick", "Each code block and backtick is closed", "text", severity=WARNING)
def stray_backtick(context: CheckContext) -> Iterator[Diagnostic]:
    """TX104: code that is not closed."""
    prose = context.prose
    reported = -1
    for match in _BACKTICKS.finditer(prose.text) if "`" in prose.text else ():
        index = prose.index_at(match.start())
        if prose.passages[index].field and prose.text_of(prose.passages[index]).count("`") % 2 == 0:
            continue  # backticks in front matter are text, and pairs of them are meant
        if index != reported and prose.passages[index].prose and not prose.is_escaped(match.start()):
            reported = index
            yield context.found(
                "TX104",
                prose.place(*match.span()),
                "this backtick opens or closes no code",
                label="its other half is missing",
                advice="Close the code, or write \\` for a backtick that readers should see.",
            )
    yield from _unclosed_fences(context)


def _unclosed_fences(context: CheckContext) -> Iterator[Diagnostic]:
    text = context.source.text
    for block in walk_blocks(context.issue) if "```" in text or "~~~" in text else ():
        if not isinstance(block, CodeBlock):
            continue
        written = text[block.span.start : block.span.end]
        fence = _FENCE.match(written)
        if not fence or block.text.lstrip().startswith(fence[1]):  # the latter is indented code
            continue
        closing = written.rstrip().rpartition("\n")[2].lstrip(" \t>").rstrip()
        if "\n" not in written.rstrip() or not (set(closing) == {fence[1][0]} and len(closing) >= len(fence[1])):
            place = context.span(block.span.start + fence.start(1), block.span.start + fence.end(1))
            yield context.found(
                "TX104", place, "the code that begins here is never closed", label=f"close it with a line of {fence[1]}"
            )
