"""TX: headings that shout, sentences and paragraphs that go on, and last year in this year's copyright line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.prose import HARD_BREAK, STAND_IN, Kind
from newsletter.check.sentences import sentences
from newsletter.check.wording import asked, count_of, quoted
from newsletter.late import late
from newsletter.walk import count_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.base import CheckContext
    from newsletter.check.prose import Passage
    from newsletter.diagnostics import Diagnostic
    from newsletter.house.format import Bounds
    from newsletter.model import Span

# ── Headings ────────────────────────────────────────────────────────────────────────────────────────────────────────

_WORD = late(r"[^\W\d_]+")
_SHOUTED = frozenset(
    """
    A AN THE AND OR OF FOR TO IN ON AT BY WITH FROM YOUR OUR MY THIS THAT IS ARE WAS NEW NOW NOT NO ALL HOW WHY WHAT
    DE HET EEN EN VAN VOOR OP MET DER DIE DAS UND EIN EINE FÜR MIT VON LE LA LES DES DU ET POUR EL LOS LAS DEL Y POR
    """.split()
)
"""Short words that no abbreviation is: where they are in capitals, the capitals are no abbreviations."""
_LINE_END = late(f"[\n{HARD_BREAK}]")
_LONGEST_ABBREVIATION = 6
_SPOKEN_FIELDS = frozenset(("title", "subtitle", "subject", "preheader"))


def shouting(context: CheckContext) -> Iterator[Diagnostic]:
    """TX111: a heading all in capitals. Abbreviations are, and scripts without capitals never shout."""
    for passage in context.prose.passages:
        if passage.kind is not Kind.HEADING and passage.field not in _SPOKEN_FIELDS:
            continue
        text = context.prose.text_of(passage)
        if text.isupper() and _shouts(_WORD.findall(text)):
            what = "the heading" if passage.kind is Kind.HEADING else f"`{passage.field}`"
            yield context.found(
                "TX111",
                context.prose.place(passage.start, passage.end),
                f"{what} is all in capitals",
                label="write it as you would say it",
            )


def _shouts(words: list[str]) -> bool:
    spoken = [
        word for word in words if len(word) > 1 and all(map(str.isupper, word))
    ]  # `P2Pトランザクション` is no shout
    if len(spoken) < 2:
        return False
    long = sum(len(word) > _LONGEST_ABBREVIATION for word in spoken)
    return long > 0 or any(word in _SHOUTED for word in spoken)


# ── Lengths ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def sentence_length(context: CheckContext) -> Iterator[Diagnostic]:
    """TX112: a sentence is longer, or shorter, than the house wants sentences."""
    bounds = context.house.text.sentence
    if bounds.free:
        return
    for passage in _paragraphs(context):
        text = context.prose.text_of(passage)
        if _is_within(text, bounds):
            continue
        for start, end in sentences(text, context.issue.language or context.publication.language):
            count = count_words(text[start:end].replace(STAND_IN, "x"))
            if count and count not in bounds:
                yield context.found(
                    "TX112",
                    _first_line(context, passage.start + start, passage.start + end),
                    f"this sentence has {count_of(count, 'word')}",
                    label=f"{context.asker} asks for {asked(bounds)}",
                )


def paragraph_length(context: CheckContext) -> Iterator[Diagnostic]:
    """TX113: a paragraph is longer, or shorter, than the house wants paragraphs."""
    bounds = context.house.text.paragraph
    if bounds.free:
        return
    for passage in _paragraphs(context):
        text = context.prose.text_of(passage)
        if _is_within(text, bounds):
            continue
        count = count_words(text.replace(STAND_IN, "x"))
        if count and count not in bounds:
            yield context.found(
                "TX113",
                _first_line(context, passage.start, passage.end),
                f"this paragraph has {count_of(count, 'word')}",
                label=f"{context.asker} asks for {asked(bounds)}",
            )


def _is_within(text: str, bounds: Bounds) -> bool:
    """Whether `text` is too short to be worth counting: a word takes a character, and a blank where it is spaced."""
    shortest = 2 if text.isascii() else 1
    return bounds.minimum is None and len(text) <= shortest * (bounds.maximum or 0)


def _paragraphs(context: CheckContext) -> Iterator[Passage]:
    return context.prose.of_kind(Kind.PARAGRAPH)


def _first_line(context: CheckContext, start: int, end: int) -> Span:
    """The first line of a stretch: what is underlined is to be read, not to fill the screen."""
    line = _LINE_END.search(context.prose.text, start + 1, end)
    return context.prose.place(start, line.start() if line else end)


# ── Copyright lines ─────────────────────────────────────────────────────────────────────────────────────────────────

_COPYRIGHT = late(
    r"(?:©|\(c\)|\bcopyright\b)(?:[ \t]*(?:©|\(c\)|copyright))?[ \t,]*(?:(?P<from>(?:19|20)\d\d)[ \t]*[-–—/][ \t]*)?"
    r"(?P<year>(?:19|20)\d\d|(?<=[-–—/])\d\d|(?<=[-–—/][ \t])\d\d)\b(?![ \t]*[-–—/][ \t]*(?:\d|present|now|today))",
    re.IGNORECASE,
)
_LONGEST_LINE = 40
"""Words of a paragraph that is a copyright line."""


def stale_year(context: CheckContext) -> Iterator[Diagnostic]:
    """TX109: the publication's own copyright line names a year before that of the issue. Others' works keep theirs."""
    date = context.issue.date
    text = context.prose.text
    if date is None or ("©" not in text and "(c)" not in text.lower() and "opyright" not in text.lower()):
        return
    for match in _COPYRIGHT.finditer(text):
        passage = context.prose.passage_at(match.start())
        year = int(match["year"]) if len(match["year"]) == 4 else date.year // 100 * 100 + int(match["year"])
        if year < date.year and passage.kind is Kind.PARAGRAPH and _is_own(context, passage, match):
            yield context.found(
                "TX109",
                context.prose.place(*match.span("year")),
                f"the copyright line says {quoted(match['year'])}",
                label=f"the issue is of {date.year}",
            )


def _is_own(context: CheckContext, passage: Passage, match: re.Match[str]) -> bool:
    """Whether the line is the publication's: it begins the paragraph and names it, its sender, or nobody."""
    words = context.prose.text_of(passage)
    if context.prose.text[passage.start : match.start()].strip() or len(words.split()) > _LONGEST_LINE:
        return False
    names = (context.publication.title, context.publication.sender.name)
    behind = context.prose.text[match.end() : passage.end].strip(" \t\n.,;|·•-–—")
    return not behind or any(name and name.casefold() in behind.casefold() for name in names)
