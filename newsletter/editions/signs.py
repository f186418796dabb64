"""Signs of paid text: everything in a source that could be meant to hold something back, wherever it is.

Nothing is parsed here, because a fence, a comment or an unfinished tag hides text from a parser, but not from a
search. The caller decides which signs acted; any other means that free readers might get text that is not for them. A
sign too many costs a finding, one too few a leak. The time is proportional to the text: every repetition has a limit.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from functools import cache, lru_cache
from heapq import merge
from html import unescape
from typing import TYPE_CHECKING

from newsletter.editions.names import ONLY, PAYWALL, meant_directive
from newsletter.late import late
from newsletter.records import dataclass
from newsletter.suggest import closest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.model import OpenedDirective

_UNSEEN = (
    " \\t\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufffd\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f"
)
"""Spaces and invisible characters, but not the end of a line."""
_COLONS = ":：﹕︓︰∶∷꞉ː˸։׃܃܄"
_COLON = f"(?:[{_COLONS}]|&(?:#0{{0,6}}58|#[xX]0{{0,6}}3[aA]|colon);?)"
_RUN = re.compile(rf"∷|{_COLON}(?:[{_UNSEEN}*_`~\\]{{0,4}}{_COLON})++")
"""Two or more colons in any form."""
_COLON_LIKE = f"{_COLONS}&"
_BRACKET = "<&{"
_MARKUP = re.compile(
    r"(?:<|&lt;?|&#0{0,6}60;?|&#[xX]0{0,6}3[cC];?)[ \t]?!(?P<comment>)"
    r"|<\w[^<>\n]{0,100}?\b(?:class|id|data-[\w-]{0,40})[^<>\n]{0,60}?"
    r"(?:paywall|premium|(?:members?|paid|subscribers?)[_-]?only)"
    r"|\{[.#](?:paywall|paid|premium|members?|subscribers?|patrons?)\b"
    r"|\{[{%#][^{}\n]{0,40}?\b(?:if|unless|has|is)\b[^{}\n]{0,40}?(?:member|subscri|paid|premium|paywall)",
    re.IGNORECASE,
)
"""The marks by which other tools hold text back: comments, classes, attributes and conditions."""
_READERS = r"(?:paid|paying|members?|subscribers?|premium|patrons?|supporters?|donors?)"
_ALONE = re.compile(
    rf"^[^\w\n]{{0,40}}+(?:only[^\w\n]{{1,8}}{_READERS}|(?<=:)paywall|(?<=[:;] )paywall)[^\w\n]{{0,40}}$"
    rf"|^[^\w\n]{{0,20}}?[\[{{<%][^\w\n]{{0,8}}(?:paywall|{_READERS}[^\w\n]{{0,2}}only|{_READERS})[^\w\n]{{0,8}}[\]}}>][^\w\n]{{0,20}}$"
    r"|^[^\w\n]{0,20}?([;!/+=~.|>,-])\1{1,9}[^\w\n]{0,8}paywall[^\w\n]{0,20}$"
    r"|^[^\w\n]{0,20}?([;!/+~|@$%&])\2{1,9}(?P<words>[^\n]{1,80})$",
    re.IGNORECASE | re.MULTILINE,
)
"""A line with nothing else: `only paid` after any marks, `[paywall]`, `;;; paywall`."""
_WORDS = re.compile(r"[^\W_]+")
_BEFORE = late(r"(?:[\W_]|\d{1,3}[.)])*+")
"""The characters that may precede the marks of a line that is meant to be a directive."""
_LINE = 200
"""The most characters of such a line."""
_TAIL = 80
"""The most characters after a mark in which readers may be named."""
_MOST = 20_000
"""The most marks that are examined."""
HARMLESS = frozenset(
    "details summary tip tips note notes warning info information danger caution important hint success failure error bug "
    "example examples quote abstract question faq todo seealso figure image video code columns column col row grid card cards "
    "tabs tab tabset section div center left right aside box panel block alert toc footnotes".split()
)
"""Names of containers in the Markdown of other tools that hold nothing back."""
_OWN = frozenset(
    "button callout event audio video post embed poll gallery beside columns chart stat toc divider sponsor".split()
)
"""Our own directives that hold nothing back, whatever follows their names."""
_ONLY_IN = frozenset(
    "only just nur bloss alleen slechts seulement uniquement solo solamente apenas somente soltanto bara endast kun vain tylko "
    "pouze jen csak doar sadece hanya".split()
)
"""`only` in several languages."""
_STEMS = """
member mitglied leden lidmaat abonn abonent abonat abbonat suscrip subscri assinant prenumer tilaaj jasen medlem betaal
betald betalt betalend bezahl zahlend kostenpflicht paid payed paying payant pagad pagant pagament platn placen predplat
odberat elofizet fizet odeme ucretli abone berbayar anggota pelanggan premium exclusiv eksklusiv ekskluzyw exklusiv
eksklusif esclusiv patron backer supporter unterstutzer insider backstage gated paywall donor donat donateur spender tier vip
contributor begunstiger vrienden
付费 付費 会员 會員 收费 收費 订阅 訂閱 订户 訂戶 专享 專享 专属 專屬 有料 会員 購読 課金 メンバー プレミアム 유료 회원 구독 멤버 프리미엄
платн подпис член участник премиум эксклюзив донат передплат учасник абон مدفوع اعضاء أعضاء عضو مشترك مشترک حصري
פרימיום מנוי בתשלום חברים सदस्य ग्राहक सशुल्क प्रीमियम συνδρομη μελη πληρωμ สมาชิก พรีเมียม
"""
"""The beginnings of words for paying readers, in several languages.

In scripts other than Latin, they may be anywhere in a word.
"""
_FEW = 6
"""The most words of such a comment. A longer one is a note by the writer."""
_WALLED = frozenset(
    "content contents for the a an start end begin below above from here on more continue reading rest after all part section "
    "block and or text read story post our of this is non fur voor pour para per users readers audience area zone put insert goes begins starts ends stops".split()
)
"""Words that may be beside such a word in a comment for a paywall."""
_LOOKALIKE = str.maketrans("аеорсухіјѕԁԛԝӏոαορνικυτ01ıłøđ", "aeopcyxijsdqwlnaopvikutolilod")
"""Cyrillic, Greek and Armenian letters, and digits, that look like Latin ones, and Latin ones that Unicode does not take apart."""


@dataclass(frozen=True, slots=True)
class PaidSign:
    """One sign, `text[start:end]`; a directive that it became has its name at a place from `start` to `end`."""

    start: int
    end: int
    comment: bool = False
    """Whether it is a comment, or markup of another tool."""


def idle_signs(text: str, opened: Sequence[OpenedDirective]) -> Iterator[PaidSign]:
    """The signs in a source text that have no effect; `opened` are all directives that were parsed in it."""
    acting = [each.name_span.start for each in opened if each.name in {ONLY, PAYWALL}]
    done = 0
    for sign in signs_in(text):
        at = bisect_left(acting, sign.start)
        if sign.start >= done and (at == len(acting) or acting[at] > sign.end):
            done = sign.end
            yield sign


@lru_cache(maxsize=4)
def signs_in(text: str) -> tuple[PaidSign, ...]:
    """All signs in a source text, in order. They are remembered, because several callers need them."""
    found = [*_fences(text), *_markup(text)]
    lines = {text.rfind("\n", 0, sign.start) for sign in found}
    at = 0
    for line in text.split("\n"):
        # A line that begins with another word is no such line, so most lines are not examined closely.
        if 0 < len(line) <= _LINE and (not line[0].isalnum() or line[0] in "oO") and at - 1 not in lines:
            match = _ALONE.match(line)
            if match and (match["words"] is None or _is_wall(folded_words(match["words"]))):
                found.append(PaidSign(at + len(line) - len(line.lstrip()), at + len(line)))
        at += len(line) + 1
    return tuple(sorted(found, key=lambda sign: sign.start))


def _found(first: str, whole: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """The same as `whole.finditer`, in a hundredth of the time. `first` are the characters with which a match can begin."""
    end = 0
    for at in merge(*(_places_of(sign, text) for sign in first)):
        if at >= end and (match := whole.match(text, at)):
            end = match.end()
            yield match


def _places_of(sign: str, text: str) -> Iterator[int]:
    at = text.find(sign)
    while at >= 0:
        yield at
        at = text.find(sign, at + 1)


def _fences(text: str) -> Iterator[PaidSign]:
    for count, run in enumerate(_found(_COLON_LIKE, _RUN, text)):
        if count == _MOST:  # not a letter: the rest is not examined, so it counts as a sign
            yield PaidSign(run.start(), len(text))
            return
        line_end = text.find("\n", run.end())
        line_end = len(text) if line_end < 0 else line_end
        tail = text[run.end() : min(line_end, run.end() + _TAIL)]
        words = folded_words(tail)
        end = run.end() + len(tail.rstrip())
        if not words:
            end = text.find("\n", line_end + 1)
            end = len(text) if end < 0 else end
            following = folded_words(text[line_end + 1 : min(end, line_end + 1 + _TAIL)])
            if _is_wall(following):
                yield PaidSign(run.start(), end)
        elif words[0] not in _OWN and _means_readers(text, run, words):
            yield PaidSign(run.start(), end)


def _means_readers(text: str, run: re.Match[str], words: Sequence[str]) -> bool:
    first = words[0]
    count = len(re.findall(_COLON, run[0])) + run[0].count("∷")
    glued = run.start() > 0 and text[run.start() - 1].isalnum() and text[run.end() : run.end() + 1].isalnum()
    if glued and run[0] == "::":  # `std::private`: a name in a programming language
        return first in {ONLY, PAYWALL} and (len(words) == 1 or _is_audience(words[1]))
    joined = "".join(words)
    if _is_near(first) or _is_audience(first) or joined == PAYWALL or joined in {f"{ONLY}paid", f"{ONLY}members"}:
        return True
    if any(word.startswith(PAYWALL) for word in words[:3]):
        return True
    if (first in _ONLY_IN or ONLY in words[:4]) and any(map(_is_audience, words[:4])):
        return True
    if count < len(":::"):
        return False
    if meant_directive(first, " ".join(words[1:8])):
        return True
    line = text.rfind("\n", 0, run.start()) + 1
    begins = _BEFORE.fullmatch(text, max(line, run.start() - _TAIL), run.start())
    return bool(begins) and first not in HARMLESS


@lru_cache(maxsize=1024)
def _is_near(word: str) -> bool:
    """Whether a word is `only` or `paywall`, or a typo of one."""
    plain = word.translate(_LOOKALIKE)
    if plain in {ONLY, PAYWALL} or plain.startswith((PAYWALL, "only")):
        return True
    return len(plain) > len("on") and bool(closest(plain, (ONLY, PAYWALL), cutoff=0.75, fold=str))


@lru_cache(maxsize=1024)
def _is_audience(word: str) -> bool:
    """Whether a word may mean paying readers."""
    latin, others = _stems()
    return word.translate(_LOOKALIKE).startswith(latin) or any(stem in word for stem in others)


@cache
def _stems() -> tuple[tuple[str, ...], tuple[str, ...]]:
    stems = [_fold(stem) for stem in _STEMS.split()]
    return tuple(stem for stem in stems if stem.isascii()), tuple(stem for stem in stems if not stem.isascii())


def _markup(text: str) -> Iterator[PaidSign]:
    for match in _found(_BRACKET, _MARKUP, text):
        if match["comment"] is None:
            yield PaidSign(match.start(), match.end(), comment=True)
            continue
        rest = text[match.end() : match.end() + _TAIL]
        close = rest.find(">")
        words = folded_words(rest[:close] if close >= 0 else rest.strip("-—– \t\n").partition("\n")[0])
        if words and words[0] != "check" and _is_wall(words):
            end = match.end() + (close + 1 if close >= 0 else len(rest.partition("\n")[0]))
            yield PaidSign(match.start(), end, comment=True)


def _is_wall(words: Sequence[str]) -> bool:
    """Whether the words mean a paywall: they name one, or paying readers, with hardly any other words."""
    if not words:
        return False
    if words[0].translate(_LOOKALIKE).startswith(PAYWALL) or (
        _is_near(words[0]) and any(map(_is_audience, words[1:3]))
    ):
        return True
    walls = [word for word in words if word.translate(_LOOKALIKE).startswith((PAYWALL, "membersonly", "onlypaid"))]
    if walls and len(words) <= _FEW - 2:
        return True
    named = [word for word in words if _is_audience(word)]
    others = (word for word in words if not (word in _WALLED or word in _ONLY_IN or _is_audience(word)))
    return bool(walls or named) and len(words) <= _FEW and next(others, None) is None


_STRIPPED = late(
    r"<!--[^>]{0,300}?-->|</?\w[^<>]{0,300}>|\]\([^()]{0,400}\)|\]\[[^\[\]]{0,200}\]|\{[#.:][^{}]{0,200}\}"
)
"""The parts of a Markdown line that are not text."""
_HEADED = late(r"[\W_]*?[#＃]|[\W\d_]*?<h[1-6]\b|[\W_]*?(?P<bold>\*\*|__|<b>|<strong>)")
_UNDERLINE = late(r"[ \t>]*(?:=+|-+)[ \t]*")
_LONGEST = 1000


def heading_lines(text: str, headings: Sequence[str], start: int = 0) -> Iterator[tuple[int, int]]:
    """The lines after `start` with nothing but one of `headings`, or that look like a heading and contain one."""
    wanted = [words for words in map(folded_words, headings) if words]
    if not wanted:
        return
    lines = text[start:].split("\n")
    at = start
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if 0 < len(line) <= _LONGEST and _is_like(line, below, wanted):
            yield at, at + len(line)
        at += len(line) + 1


def _is_like(line: str, below: str, wanted: Sequence[Sequence[str]]) -> bool:
    words = folded_words(_STRIPPED.sub(" ", line))
    while words and words[0].isdigit():
        words = words[1:]
    if not words:
        return False
    joined = "".join(words)
    if any(joined == "".join(heading) for heading in wanted):
        return True
    return _is_headed(line, below) and any(
        all(any(_is_alike(word, other) for other in words) for word in heading) or _is_cut(words, heading)
        for heading in wanted
    )


def _is_cut(words: Sequence[str], heading: Sequence[str]) -> bool:
    """Whether the words are a part of a heading, with or without typos: two of its words, or half of its characters at one end."""
    given, whole = "".join(words), "".join(heading)
    is_half = 2 * len(given) >= len(whole)
    if is_half and (whole.startswith(given) or whole.endswith(given)):
        return True
    count = len(words)
    if count < _CUT or count >= len(heading):
        return count >= _CUT and whole.startswith(given)
    return given in whole or any(
        _is_alike(given, "".join(heading[at : at + count])) for at in range(len(heading) - count + 1)
    )


_CUT = 2
"""The fewest words of a heading that count as the whole heading."""


def _is_headed(line: str, below: str) -> bool:
    headed = _HEADED.match(line)
    if headed and headed["bold"]:
        return line.rstrip(" \t:.").endswith((headed["bold"], "</b>", "</strong>"))
    return headed is not None or bool(below.strip() and _UNDERLINE.fullmatch(below))


def _is_alike(word: str, other: str) -> bool:
    """Whether two words are the same, or differ in number or by a typo."""
    if word == other:
        return True
    return min(len(word), len(other)) > len("all") and bool(closest(word, (other,), cutoff=0.8, fold=str))


@lru_cache(maxsize=1024)
def folded_words(text: str) -> tuple[str, ...]:
    """The words of a text without case, accents and invisible characters, entities resolved."""
    return tuple(_WORDS.findall(_fold(text)))


def _fold(text: str) -> str:
    if "&" in text:
        text = unescape(text)
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(
            each for each in decomposed if unicodedata.category(each) not in {"Mn", "Cf", "Mc", "Cc"} or each == "\n"
        )
    return text.casefold()
