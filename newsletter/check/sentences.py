"""Where sentences begin and end, as far as that can be told without understanding them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.late import late

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

_CLOSING = "\"'”’»›)\\]）」』】”’"
_OPENING = "\"'“‘„‚«‹([（「『【¿¡*_"
_END = late(rf"(?P<wide>[。！？｡]+[{_CLOSING}]*)|(?P<narrow>[.!?…؟۔।]+[{_CLOSING}]*)(?=\s)|(?P<break>\u2028)")
_NEXT = late(rf"\s+[{_OPENING}\s]*(?P<char>\S)")
_LAST_WORD = late(r"[^\s(\[“\"'„«]+$")
_INITIAL = late(r"[^\W\d_]")
_DOTTED = late(r"(?:[^\W\d_]\.)+[^\W\d_]")
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
"""After these a full stop seldom ends a sentence; in small letters, without their last full stop."""
_RARELY_LAST = frozenset(("etc", "inc", "ltd", "co", "corp", "enz", "usw", "al"))
"""Those that end one all the same where a capital follows."""


def sentences(text: str, language: str = "en") -> Iterator[tuple[int, int]]:
    """Start and end of each sentence of a paragraph, without the blanks around it.

    Chinese and Japanese sentences end at their full stop; others at a full stop, question or exclamation mark that a
    blank follows and no abbreviation, initial or number precedes; any at a hard line break (U+2028).
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
        # `J. Smith`, `the U.S. Senate`; `vitamin C. The …` is rarer.
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
