"""The normalized form of words, which is the same for all spellings, and the words of scripts without spaces.

Case, accents, Arabic and Hebrew vowel marks and compatibility forms are ignored (Unicode NFKC, case folding). Chinese,
Japanese, Korean, Thai, Lao, Khmer, Burmese and Tibetan are divided into pairs of characters, so that any part of a text
can be found: `中国氢能` gives `中国 国氢 氢能 能`.
"""

from __future__ import annotations

import unicodedata

from newsletter.late import late
from newsletter.names import PLAIN_LETTERS
from newsletter.records import dataclass

_POINTS = (
    (0x0300, 0x036F),  # Latin, Greek, Cyrillic
    (0x0483, 0x0487),
    (0x0591, 0x05BD),  # Hebrew points and accents
    (0x05BF, 0x05BF),
    (0x05C1, 0x05C2),
    (0x05C4, 0x05C7),
    (0x0610, 0x061A),  # Arabic vowels, hamza and madda
    (0x0640, 0x0640),  # the sign that only extends a word
    (0x064B, 0x065F),
    (0x0670, 0x0670),
    (0x06D6, 0x06ED),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20F0),
    (0xFE20, 0xFE2F),
)
"""Marks that people leave out when they type.

In other scripts such marks are vowels, or make another letter of a kana.
"""
_UNSPACED = late(
    "[\u0e01-\u0eff\u0f00-\u0fff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u30ff\u3105-\u312f\u3130-\u318f"
    "\u31a0-\u31ff\u3400-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00016fe0-\U00016fff\U0001b000-\U0001b2ff"
    "\U00020000-\U0003ffff]+"
)
"""Scripts of which any part of a text can be found: those without spaces, and Hangul, whose words include particles."""


class _Folds(dict[int, str]):
    """The normalised form of each character, by code point. `str.translate` requests it, and it is computed once."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _folded(chr(code))
        return folded


def _folded(char: str) -> str:
    """The normalised form of a character; a space if it separates words, nothing if it is invisible."""
    taken_apart = unicodedata.normalize("NFKD", char)
    kept = "".join(each for each in taken_apart if not _is_point(each)).casefold().translate(PLAIN_LETTERS)
    out = "".join(each if _is_of_a_word(each) else "" if _is_unseen(each) else " " for each in kept)
    return unicodedata.normalize("NFC", out)


def _is_point(char: str) -> bool:
    code = ord(char)
    return code > 0x2FF and any(first <= code <= last for first, last in _POINTS)


def _is_of_a_word(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char)[0] == "M"


def _is_unseen(char: str) -> bool:
    return unicodedata.category(char) == "Cf"


_FOLDS = _Folds()


def words(text: str) -> list[str]:
    """The words of a text for an index; of text without spaces, each pair of characters, and the last character."""
    folded = text.lower().translate(_FOLDS) if text.isascii() else composed_text(text).translate(_FOLDS)
    if not folded.isascii() and _UNSPACED.search(folded):
        folded = _UNSPACED.sub(lambda found: f" {' '.join(_pairs(found[0]))} ", folded)
    return folded.split()


def composed_text(text: str) -> str:
    """A text in Unicode NFC, to which all offsets here refer."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run))]


def asked_words(text: str) -> list[str]:
    """The words for a query, in order; of text without spaces, only the pairs."""
    found = words(text)
    # The last character alone would match only at the end of a text.
    ends_in_pair = len(found) > 1 and len(found[-1]) == 1 and _UNSPACED.fullmatch(found[-1])
    joined = ends_in_pair and len(found[-2]) > 1 and found[-2][-1] == found[-1] and _UNSPACED.fullmatch(found[-2])
    return found[:-1] if joined else found


def is_unspaced(word: str) -> bool:
    """Whether a word is of a script of which any part of a text can be found."""
    return not word.isascii() and _UNSPACED.fullmatch(word) is not None


@dataclass(frozen=True, slots=True)
class Placed:
    """A word and its place in the composed text."""

    word: str
    start: int
    end: int


def placed_words(text: str) -> list[Placed]:
    """The words that `words` returns, with their places. `text` is in Unicode NFC."""
    chars: list[tuple[str, int]] = []
    for at, char in enumerate(text):
        chars += [(each, at) for each in _FOLDS[ord(char)]]
    found: list[Placed] = []
    start = 0
    while start < len(chars):
        if chars[start][0].isspace():
            start += 1
            continue
        unspaced = is_unspaced(chars[start][0])
        end = start
        while end < len(chars) and not chars[end][0].isspace() and is_unspaced(chars[end][0]) == unspaced:
            end += 1
        if unspaced:
            for at in range(start, end):
                last = min(at + 1, end - 1)
                found.append(
                    Placed("".join(char for char, _ in chars[at : last + 1]), chars[at][1], chars[last][1] + 1)
                )
        else:
            word = "".join(char for char, _ in chars[start:end])
            found.append(Placed(word, chars[start][1], chars[end - 1][1] + 1))
        start = end
    return found
