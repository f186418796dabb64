"""TX: unfinished text, words spelt in another way than the house format asks, and words to avoid."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.check.facts.prose import ProseKind, code_in
from newsletter.check.rule import WARNING, rule
from newsletter.check.rules.structure.leftovers import never_pattern
from newsletter.check.wording import quoted
from newsletter.diagnostics import Edit, Fix
from newsletter.language import primary_language
from newsletter.late import late
from newsletter.walk import images_in, links_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.context import CheckContext
    from newsletter.check.facts.prose import Prose, ProseBlock
    from newsletter.diagnostics import Diagnostic


_MARK = late(r"(?<![\w./#@$-])(?:(TKTK(?:TK)*|TK(?: TK)+|TK)(?![\w(/-]|\.\w)|(TODO|FIXME)(?![\w./'’-]|\(\)))")
_TO_DO = frozenset("es gl pt ca it".split())
"""Languages that have the word `todo`."""


@rule(
    "TX110",
    "unfinished-text",
    "No TK, TODO, FIXME, placeholder or merge conflict is left",
    "text",
    gap=True,
    keys=("text.placeholders",),
)
def unfinished(context: CheckContext) -> Iterator[Diagnostic]:
    """TX110: a mark for text that is still to be written, or for lines between which somebody has to choose.

    Code is not checked, and ST112 reports hints such as `TK(…)`.
    """
    prose = context.prose
    for match in _MARK.finditer(prose.text) if any(mark in prose.text for mark in ("TK", "TODO", "FIXME")) else ():
        passage = prose.passage_at(match.start())
        if _is_mark(prose, passage, match, context):
            yield context.found(
                "TX110",
                prose.place(*match.span()),
                f"{quoted(match[0])} is left in the text",
                label="replace it with the final text",
            )
    yield from _placeholders(context)
    yield from _conflicts(context)


_CONFLICT = late(r"^<{7} [^\n]*$", re.MULTILINE)


def _conflicts(context: CheckContext) -> Iterator[Diagnostic]:
    """The merge conflicts that git left in the text."""
    text = context.source.text
    for match in _CONFLICT.finditer(text, context.body_start) if "\n>>>>>>> " in text else ():
        if not any(span.start <= match.start() < span.end for span in code_in(context.issue)):
            label = "keep the lines of one side or of both, and delete the conflict markers"
            yield context.found("TX110", context.span(*match.span()), "this is a merge conflict", label=label)


def _placeholders(context: CheckContext) -> Iterator[Diagnostic]:
    """The publication's own placeholders, also in addresses. ST123 reports those that may never be published."""
    words = tuple(word for word in context.house.text.placeholders if word not in context.house.never)
    if not words:
        return
    places = [context.prose.place(*match.span()) for match, _ in _matches(context.prose, words, everywhere=True)]
    addresses = [link.href_span for link in links_in(context.issue)]
    addresses += [image.src_span for image in images_in(context.issue)]
    for span in dict.fromkeys(addresses):
        matches = _words(words, any_case=False).finditer(context.source.text, span.start, span.end)
        places += [context.span(*match.span()) for match in matches]
    for place in places:
        word = context.source.text[place.start : place.end]
        yield context.found(
            "TX110", place, f"{quoted(word)} is left in the text", label="replace it with the final text"
        )


def _is_mark(prose: Prose, passage: ProseBlock, match: re.Match[str], context: CheckContext) -> bool:
    """Whether it is a placeholder rather than a word: an issue may be about TODO comments."""
    if prose.text.startswith("]:", match.end()):
        return False  # the label of a link
    before = prose.text[passage.start : match.start()].rstrip(" \t\n[(<*:").strip()
    after = prose.text[match.end() : passage.end].lstrip()
    if match[1]:
        # TK ends its sentence, or punctuation follows it. In `TK Maxx` it is a name.
        return match[1] != "TK" or not after or after[0] in ".,;:!?)]}" or not before
    if primary_language(context.language_tag) in _TO_DO and not after.startswith(":"):
        return False
    return (not before or before[-1] in ".!?") and (not after or after[0] in ":-–—(]")


_ADDRESS_BEFORE = re.compile(r"[\w@#/.:\\-]$")
_ADDRESS_AFTER = re.compile(r"[/\\@_]|\.\w|-\w|:/")
_SAFE_IN_YAML = re.compile(r"[^\W_](?:[\w .+/-]*[^\W_])?")


@rule(
    "TX114",
    "spelling",
    "Words are spelt as the house format says",
    "text",
    severity=WARNING,
    fixable=True,
    keys=("spelling",),
)
def spelling(context: CheckContext) -> Iterator[Diagnostic]:
    """TX114: a word is spelt in another way than the house format asks."""
    wrong = {word: right for right, words in context.house.wording.spelling.items() for word in words}
    if not wrong:
        return
    for match, passage in _matches(context.prose, tuple(wrong)):
        start, end = match.span()
        text, word = context.prose.text, _matched(match)
        right = wrong[word]
        if _is_address(text, start, end) or _is_within(text, right, word, start):
            continue
        place = context.prose.place(start, end)
        yield context.found(
            "TX114",
            place,
            f"{context.asker} spells {quoted(word)} differently",
            label=f"write `{right}`",
            fix=Fix((Edit(place, right),), f"write `{right}`")
            if _may_write(context.prose, passage, start, end, right)
            else None,
        )


@rule(
    "TX115", "avoided-word", "No word that the house format avoids is left", "text", severity=WARNING, keys=("avoid",)
)
def avoid(context: CheckContext) -> Iterator[Diagnostic]:
    """TX115: a word that the house format avoids."""
    advice = {word.casefold(): advice for word, advice in context.house.wording.avoid.items()}
    if not advice:
        return
    for match, _ in _matches(context.prose, tuple(context.house.wording.avoid), any_case=True):
        if not _is_address(context.prose.text, *match.span()):
            yield context.found(
                "TX115",
                context.prose.place(*match.span()),
                f"{context.asker} avoids {quoted(_matched(match))}",
                label=advice.get(_matched(match).casefold(), ""),
            )


def _matches(
    prose: Prose, words: tuple[str, ...], *, any_case: bool = False, everywhere: bool = False
) -> Iterator[tuple[re.Match[str], ProseBlock]]:
    """The places of `words` in the text, as whole words. With `everywhere`, also in all of the front matter."""
    text = prose.text.casefold() if any_case else prose.text
    # Looking for plain words is many times faster than the expression, and nearly always enough.
    here = tuple(word for word in words if (word.casefold() if any_case else word).split()[0] in text)
    if not here:
        return
    for match in _words(here, any_case=any_case).finditer(prose.text):
        passage = prose.passage_at(match.start())
        if passage.prose or everywhere:
            yield match, passage


@lru_cache(maxsize=32)
def _words(words: tuple[str, ...], *, any_case: bool) -> re.Pattern[str]:
    pattern = never_pattern(words)
    return re.compile(pattern.pattern.replace(r"\ ", r"\s+"), re.IGNORECASE if any_case else 0)


def _matched(match: re.Match[str]) -> str:
    """The words that were found, on one line."""
    return " ".join(match[0].split())


def _is_address(text: str, start: int, end: int) -> bool:
    """Whether the word is part of an address, a path, a tag or a handle that is not a link: `@github`, `github.com`."""
    return bool(_ADDRESS_BEFORE.search(text, max(0, start - 1), start) or _ADDRESS_AFTER.match(text, end))


def _is_within(text: str, right: str, wrong: str, start: int) -> bool:
    """Whether the wrong spelling is part of the right one there: `Swift UI` for `Swift`."""
    at = right.find(wrong)
    while at >= 0:
        if text.startswith(right, start - at):
            return True
        at = right.find(wrong, at + 1)
    return False


def _may_write(prose: Prose, passage: ProseBlock, start: int, end: int, right: str) -> bool:
    if not prose.is_mendable(start, end) or "\n" in prose.text[start:end]:
        return False
    return passage.kind is not ProseKind.FIELD or bool(_SAFE_IN_YAML.fullmatch(right))


_ENGLISH_DOUBLES = frozenset(
    """
    had that her you who do did does will can may up down over by through out one two
    very really so too much many more most long far way big old new little good great high deep tiny huge half
    no yes ha he hee ho hey hi bye hear there now please again never ever go wait oh ooh ah uh um
    knock tap tick tut tsk chop la na da blah bla yada yadda boo choo cha chi dum ding dong pom tom win yo bang beep
    buzz click drip hush night jk lol rah rat row same walla bora duran mahi nom buffalo police
    """.split()
)
"""Words that English repeats on purpose: in grammar (`had had`), for emphasis (`very very`), as sound (`knock
knock`)."""

_SUBJECTS = frozenset("it this that what who there here he she they we you i thing problem point question".split())
_PARTICLE_VERBS = frozenset(
    """
    add bring build call carry catch check come cut dial dig drop fill fit get give go hand hang hold join keep kick
    let lock log look lean live move opt pass phone pile plug pull push put rely sign sit step stay sum take tie tune
    turn walk work zoom logged signed checked turned moved carried coming going getting logging signing checking
    """.split()
)
_ENGLISH_AFTER = {"is": _SUBJECTS, "are": _SUBJECTS, "was": _SUBJECTS, "in": _PARTICLE_VERBS, "on": _PARTICLE_VERBS}
"""Words that may occur twice only after certain words: `what it is is`, `log in in Paris`."""

_ENGLISH_SLIPS = frozenset(
    "a an the of to and or for with at from as it its be been these those not but if in on is are".split()
)
"""Words that are a typo when they occur twice, even with capitals: `For For`.

For other words, capitals mean a name: `Duran Duran`.
"""

_SLIPS = {
    "nl": "de een en niet maar ook als wordt worden deze dit".split(),
    "de": "und oder für im ein eine einen einem einer eines nicht auch als".split(),
    "fr": "le les un une des du de et ou dans pour sur avec ce cette ces qui aux mais".split(),
    "es": "el los las un una unos unas de del y o en con se su sus al pero".split(),
    "it": "il lo i gli le un una di del della dei delle e in per con su al".split(),
    "pt": "os as um uma de do dos das e ou em com se ao mas".split(),
    "sv": "och eller en ett av inte som".split(),
    "da": "og eller en et af ikke som".split(),
    "nb": "og eller en et av ikke som".split(),
    "nn": "og eller ein eit av ikkje som".split(),
    "no": "og eller en et av ikke som".split(),
    "pl": "oraz lub ale dla przez przy jako".split(),
    "cs": "nebo ale pro při jako".split(),
    "fi": "ja tai mutta että sekä".split(),
    "ru": "на из для но при без".split(),
    "uk": "на із для але при без".split(),
    "tr": "ve veya ile ama".split(),
}
"""Words that are a typo when they occur twice, in languages where most others may: `die die`, `nous nous`, `piano piano`.

Other languages are not checked, because many of them repeat words as part of their grammar.
"""

_DOUBLE = late(r"(?<![\w.@/#'’-])([^\W\d_]++)\s++\1(?![\w'’/-]|\.\w)", re.IGNORECASE)
_LONGEST_PARTICLE = 4
_WORD_BEHIND = re.compile(r"\s+(\w+)")
_WORD_BEFORE = re.compile(r"([^\W\d_]+)\s+$")


@rule("TX101", "doubled-word", "No word is doubled by mistake", "text", severity=WARNING)
def doubled_word(context: CheckContext) -> Iterator[Diagnostic]:
    """TX101: a word occurs twice in a row."""
    language = primary_language(context.language_tag)
    if language != "en" and language not in _SLIPS:
        return
    prose, done = context.prose, -1
    for match in _DOUBLE.finditer(prose.text):
        start, end = match.span()
        if start < done or _thrice(prose.text, match):
            done = end  # three times is on purpose: `no no no`, `und und und`
            continue
        passage = prose.passage_at(start)
        if not passage.prose or prose.has_joint(match.end(1), end - len(match[1])):
            continue
        first, second = match[1], prose.text[end - len(match[1]) : end]
        if _is_slip(first, second, prose.text[passage.start : start], language):
            yield context.found(
                "TX101", prose.place(start, end), f"{quoted(second.lower())} is repeated", label="once is enough"
            )


def _thrice(text: str, match: re.Match[str]) -> bool:
    behind = _WORD_BEHIND.match(text, match.end())
    return behind is not None and behind[1].lower() == match[1].lower()


def _is_slip(first: str, second: str, before: str, language: str) -> bool:
    """Whether the second word is a mistake."""
    word = first.lower()
    if language != "en":
        return word in _SLIPS[language] and not (first[0].isupper() and second[0].isupper())
    if word in _ENGLISH_DOUBLES or (len(word) == 1 and word != "a"):
        return False
    if word in _ENGLISH_AFTER and (previous := _WORD_BEFORE.search(before)):
        return previous[1].lower() not in _ENGLISH_AFTER[word]
    if word in _ENGLISH_SLIPS:
        return first != "A" or second == "a"
    if word.endswith("s") and len(word) > _LONGEST_PARTICLE:
        return False  # a noun and its verb: `how are tech workers workers`
    # Capitals mean a name, or a word and its name (`a type Type`, `Bar bar plots`).
    return second.islower() and first.islower()
