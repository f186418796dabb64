"""TX: headings in capitals, long sentences and paragraphs, and an old year in the copyright line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.facts.prose import HARD_BREAK, STAND_IN, ProseKind
from newsletter.check.rule import WARNING, rule
from newsletter.check.wording import asked, count_of, quoted
from newsletter.late import late
from newsletter.walk import count_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.context import CheckContext
    from newsletter.check.facts.prose import ProseBlock
    from newsletter.diagnostics import Diagnostic
    from newsletter.house.format import Bounds

_CLOSING = "\"'”’»›)\\]）」』】”’"
_OPENING = "\"'“‘„‚«‹([（「『【¿¡*_"
_END = late(rf"(?P<wide>[。！？｡]+[{_CLOSING}]*)|(?P<narrow>[.!?…؟۔।]+[{_CLOSING}]*)(?=\s)|(?P<break>\u2028)")
_NEXT = re.compile(rf"\s+[{_OPENING}\s]*(?P<char>\S)")
_LAST_WORD = late(r"[^\s(\[“\"'„«]+$")
_INITIAL = re.compile(r"[^\W\d_]")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_ABBREVIATIONS = frozenset(
    """
    mr mrs ms dr prof st sr jr rev hon gen col capt lt sgt gov sen rep pres inc ltd co corp llc dept univ assn bros
    vs v cf eg ie viz al approx est ca c no nos vol vols pp p ed eds fig figs ch sec art para tel ext min max avg
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun
    bijv bv blz dhr mevr mw drs ir ing nr o.a m.n d.w.z enz evt incl excl resp afb vgl zgn
    bzw usw ggf evtl inkl exkl abs abb str hr fr frl tsd mio mrd vgl sog u.a z.b d.h
    mme mlle m av env p.ex etc chap
    sra srta dra ud uds pág núm aprox ej
    """.split()
)
"""Abbreviations that are seldom the last word of a sentence; in lower case, without their last full stop."""
_RARELY_LAST = frozenset(("etc", "inc", "ltd", "co", "corp", "enz", "usw", "al"))
"""Abbreviations that end a sentence if a capital follows."""


def sentences(text: str, language: str = "en") -> Iterator[tuple[int, int]]:
    """Start and end of each sentence of a paragraph, without surrounding space.

    Chinese and Japanese sentences end at their full stop. Others end at a full stop, question or exclamation mark with
    a space after it, except after an abbreviation, initial or number. A hard line break (U+2028) always ends a
    sentence.
    """
    start = 0
    for match in _END.finditer(text):
        if match["narrow"] and not _ends(text, start, match, language):
            continue
        yield from _trimmed(text, start, match.end())
        start = match.end()
    yield from _trimmed(text, start, len(text))


def _ends(text: str, start: int, match: re.Match[str], language: str) -> bool:
    following = _NEXT.match(text, match.end())
    if not following:
        return True
    char = following["char"]
    if char.islower():
        return False  # `… he said`, `Yahoo! is`
    if match["narrow"][0] != ".":
        return True
    before = _LAST_WORD.search(text, start, match.start())
    if match["narrow"].startswith("..") or not before:
        return True
    word = before[0].lower().strip("*_")
    if _INITIAL.fullmatch(word) or _DOTTED.fullmatch(word):
        # `J. Smith`, `the U.S. Senate`; `vitamin C. The …` is less common.
        return False
    if word.isdigit() and len(word) <= 2:
        return not language.lower().startswith(
            ("de", "da", "nb", "nn", "no", "cs", "sk", "pl", "hu", "fi", "et", "hr", "sl")
        )
    return word not in _ABBREVIATIONS or (word in _RARELY_LAST and char.isupper())


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    part = text[start:end]
    if part.strip():
        yield start + len(part) - len(part.lstrip()), start + len(part.rstrip())


_WORD = re.compile(r"[^\W\d_]+")
_SHOUTED = frozenset(
    """
    A AN THE AND OR OF FOR TO IN ON AT BY WITH FROM YOUR OUR MY THIS THAT IS ARE WAS NEW NOW NOT NO ALL HOW WHY WHAT
    DE HET EEN EN VAN VOOR OP MET DER DIE DAS UND EIN EINE FÜR MIT VON LE LA LES DES DU ET POUR EL LOS LAS DEL Y POR
    """.split()
)
"""Short words that are no abbreviations. If one is in capitals, the heading is in capitals, too."""
_LINE_END = re.compile(f"[\n{HARD_BREAK}]")
_LONGEST_ABBREVIATION = 6
_SPOKEN_FIELDS = frozenset(("title", "subtitle", "subject", "preheader"))


@rule("TX111", "shouting", "Headings are not all in capitals", "text", severity=WARNING)
def shouting(context: CheckContext) -> Iterator[Diagnostic]:
    """TX111: a heading all in capitals. Abbreviations, and scripts without capitals, are not reported."""
    for passage in context.prose.passages:
        if passage.kind is not ProseKind.HEADING and passage.field not in _SPOKEN_FIELDS:
            continue
        text = context.prose.text_of(passage)
        if text.isupper() and _shouts(_WORD.findall(text)):
            what = "the heading" if passage.kind is ProseKind.HEADING else f"`{passage.field}`"
            yield context.found(
                "TX111",
                context.prose.place(passage.start, passage.end),
                f"{what} is all in capitals",
                label="use normal capitalization",
            )


def _shouts(words: list[str]) -> bool:
    spoken = [
        word for word in words if len(word) > 1 and all(map(str.isupper, word))
    ]  # `P2Pトランザクション` is not in capitals
    if len(spoken) < 2:
        return False
    long = sum(len(word) > _LONGEST_ABBREVIATION for word in spoken)
    return long > 0 or any(word in _SHOUTED for word in spoken)


@rule(
    "TX112",
    "sentence-length",
    "Sentences have the length that the house format sets",
    "text",
    severity=WARNING,
    keys=("text.sentence",),
)
def sentence_length(context: CheckContext) -> Iterator[Diagnostic]:
    """TX112: a sentence is longer or shorter than the house format asks."""
    bounds = context.house.text.sentence
    for passage, text in _paragraphs(context, bounds):
        for start, end in sentences(text, context.language_tag):
            yield from _counted(context, "TX112", "sentence", bounds, passage.start + start, passage.start + end)


@rule(
    "TX113",
    "paragraph-length",
    "Paragraphs have the length that the house format sets",
    "text",
    severity=WARNING,
    keys=("text.paragraph",),
)
def paragraph_length(context: CheckContext) -> Iterator[Diagnostic]:
    """TX113: a paragraph is longer or shorter than the house format asks."""
    bounds = context.house.text.paragraph
    for passage, _ in _paragraphs(context, bounds):
        yield from _counted(context, "TX113", "paragraph", bounds, passage.start, passage.end)


def _paragraphs(context: CheckContext, bounds: Bounds) -> Iterator[tuple[ProseBlock, str]]:
    """The paragraphs that may be out of bounds, judged by their characters: a word has at least one."""
    for passage in context.prose.of_kind(ProseKind.PARAGRAPH) if not bounds.free else ():
        text = context.prose.text_of(passage)
        shortest = 2 if text.isascii() else 1
        if bounds.minimum is not None or len(text) > shortest * (bounds.maximum or 0):
            yield passage, text


def _counted(context: CheckContext, code: str, noun: str, bounds: Bounds, start: int, end: int) -> Iterator[Diagnostic]:
    """The finding for a stretch with too few or too many words."""
    text = context.prose.text
    words = count_words(text[start:end].replace(STAND_IN, "x"))
    if words and words not in bounds:
        # Only the first line is underlined, so that the message stays readable.
        line = _LINE_END.search(text, start + 1, end)
        place = context.prose.place(start, line.start() if line else end)
        label = f"{context.asker} asks for {asked(bounds)}"
        yield context.found(code, place, f"this {noun} has {count_of(words, 'word')}", label=label)


_COPYRIGHT = late(
    r"(?:©|\(c\)|\bcopyright\b)(?:[ \t]*(?:©|\(c\)|copyright))?[ \t,]*(?:(?P<from>(?:19|20)\d\d)[ \t]*[-–—/][ \t]*)?"
    r"(?P<year>(?:19|20)\d\d|(?<=[-–—/])\d\d|(?<=[-–—/][ \t])\d\d)\b(?![ \t]*[-–—/][ \t]*(?:\d|present|now|today))",
    re.IGNORECASE,
)
_LONGEST_LINE = 40
"""The most words of a paragraph that counts as a copyright line."""


@rule("TX109", "stale-year", "The copyright line names the year of the issue", "text", severity=WARNING)
def stale_year(context: CheckContext) -> Iterator[Diagnostic]:
    """TX109: the publication's own copyright line has a year before that of the issue.

    Lines for other works are not checked.
    """
    date = context.issue.date
    text = context.prose.text
    if date is None or ("©" not in text and "(c)" not in text.lower() and "opyright" not in text.lower()):
        return
    for match in _COPYRIGHT.finditer(text):
        passage = context.prose.passage_at(match.start())
        year = int(match["year"]) if len(match["year"]) == 4 else date.year // 100 * 100 + int(match["year"])
        if year < date.year and passage.kind is ProseKind.PARAGRAPH and _is_own(context, passage, match):
            yield context.found(
                "TX109",
                context.prose.place(*match.span("year")),
                f"the copyright line says {quoted(match['year'])}",
                label=f"the issue is from {date.year}",
            )


def _is_own(context: CheckContext, passage: ProseBlock, match: re.Match[str]) -> bool:
    """Whether the copyright line is the publication's: it begins the paragraph, and names the publication, its sender or nobody."""
    words = context.prose.text_of(passage)
    if context.prose.text[passage.start : match.start()].strip() or len(words.split()) > _LONGEST_LINE:
        return False
    names = (context.publication.title, context.publication.sender.name)
    behind = context.prose.text[match.end() : passage.end].strip(" \t\n.,;|·•-–—")
    return not behind or any(name and name.casefold() in behind.casefold() for name in names)
