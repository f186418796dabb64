"""TX: words that stand twice in a row, and which of them may, by language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.prose_words import primary_language
from newsletter.check.wording import quoted
from newsletter.late import late

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.base import CheckContext
    from newsletter.diagnostics import Diagnostic

_ENGLISH_DOUBLES = frozenset(
    """
    had that her you who do did does will can may up down over by through out one two
    very really so too much many more most long far way big old new little good great high deep tiny huge half
    no yes ha he hee ho hey hi bye hear there now please again never ever go wait oh ooh ah uh um
    knock tap tick tut tsk chop la na da blah bla yada yadda boo choo cha chi dum ding dong pom tom win yo bang beep
    buzz click drip hush night jk lol rah rat row same walla bora duran mahi nom buffalo police
    """.split()
)
"""What English says twice on purpose: in grammar (`had had`), for weight (`very very`), as sound (`knock knock`)."""

_SUBJECTS = frozenset("it this that what who there here he she they we you i thing problem point question".split())
_PARTICLE_VERBS = frozenset(
    """
    add bring build call carry catch check come cut dial dig drop fill fit get give go hand hang hold join keep kick
    let lock log look lean live move opt pass phone pile plug pull push put rely sign sit step stay sum take tie tune
    turn walk work zoom logged signed checked turned moved carried coming going getting logging signing checking
    """.split()
)
_ENGLISH_AFTER = {"is": _SUBJECTS, "are": _SUBJECTS, "was": _SUBJECTS, "in": _PARTICLE_VERBS, "on": _PARTICLE_VERBS}
"""What may stand twice behind some words only: `what it is is`, `log in in Paris`."""

_ENGLISH_SLIPS = frozenset(
    "a an the of to and or for with at from as it its be been these those not but if in on is are".split()
)
"""Words that are a slip when they stand twice even in capitals, where others are a name: `For For`, not `Duran Duran`."""

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
}
"""Words that are a slip when they stand twice, in languages where most others may: `die die`, `nous nous`, `piano
piano`. A language that is not here is left alone: in many, to say a word twice is grammar."""

_DOUBLE = late(r"(?<![\w.@/#'’-])([^\W\d_]++)\s++\1(?![\w'’/-]|\.\w)", re.IGNORECASE)
_LONGEST_PARTICLE = 4
_WORD_BEHIND = late(r"\s+(\w+)")
_WORD_BEFORE = late(r"([^\W\d_]+)\s+$")


def doubled_word(context: CheckContext) -> Iterator[Diagnostic]:
    """TX101: a word stands twice in a row."""
    language = primary_language(context)
    if language != "en" and language not in _SLIPS:
        return
    prose, done = context.prose, -1
    for match in _DOUBLE.finditer(prose.text):
        start, end = match.span()
        if start < done or _thrice(prose.text, match):
            done = end  # three times is no slip: `no no no`, `und und und`
            continue
        passage = prose.passage_at(start)
        if not passage.prose or prose.has_joint(match.end(1), end - len(match[1])):
            continue
        first, second = match[1], prose.text[end - len(match[1]) : end]
        if _is_slip(first, second, prose.text[passage.start : start], language):
            yield context.found(
                "TX101",
                prose.place(start, end),
                f"{quoted(second.lower())} stands here twice",
                label="once is enough",
            )


def _thrice(text: str, match: re.Match[str]) -> bool:
    behind = _WORD_BEHIND.match(text, match.end())
    return behind is not None and behind[1].lower() == match[1].lower()


def _is_slip(first: str, second: str, before: str, language: str) -> bool:
    """Whether the two words are one too many."""
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
        return False  # a noun and its verb or predicate: `how are tech workers workers`
    # Two capitals are a name, or a word and its own name (`a type Type`); so is what stands in capitals alone.
    return second.islower() and (first.islower() or first.istitle())
