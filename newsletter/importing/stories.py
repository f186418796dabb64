"""The paragraphs of each story, if only a list of contents has the titles: found by the words that they share.

Titles and stories have one order. Of all ways to part the paragraphs into as many stories, the one is taken whose stories share most
with their titles, counted by how rare each word is; a story begins at a paragraph that shares something with its title.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_TITLES = 40
_MOST_PARAGRAPHS = 1_500
_WORD = re.compile(r"[^\W_]{2,}")
_COMMON = frozenset(
    "the and for with from that this these those its into over under about after before how why what when who will can could new more has have had are was were not but out all "
    "der die das und von mit für aus den dem ein eine les des une pour dans sur avec los las del una para por con".split()
)


@dataclass(frozen=True, slots=True)
class Titled:
    """A title of the list."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Stories:
    """The titles and paragraphs to match."""

    titles: Sequence[Titled]
    paragraphs: Sequence[tuple[str, int | None, bool]]
    """What comes after the list: its text, its number where it is a numbered line, and whether it is a heading."""


def placed(stories: Stories) -> dict[int, tuple[int, bool]]:
    """The paragraph at which each story begins, and whether its title is there, by the index of the title.

    Empty if the words do not tell: fewer than half of the titles could be placed.
    """
    titles = list(stories.titles)
    end = next((at for at, one in enumerate(stories.paragraphs) if one[2]), len(stories.paragraphs))
    texts = [one[0] for one in stories.paragraphs[:end]]
    if not texts or len(titles) > _MOST_TITLES or len(texts) > _MOST_PARAGRAPHS:
        return {}
    said = _said(titles, stories.paragraphs[:end])
    shared = _shared(titles, texts)
    starts = _best(len(titles), len(texts), shared, said)
    found = {index: (at, said.get(index) == at) for index, at in enumerate(starts) if at is not None}
    return found if len(found) * 2 > len(titles) else {}


def _stems(text: str) -> set[str]:
    """The words of a text, without what few letters at their end make of them."""
    words = (word.casefold() for word in _WORD.findall(text.replace("’", "'")))
    return {_stem(word) for word in words if word not in _COMMON and (len(word) > 2 or not word.isascii())}


def _stem(word: str) -> str:
    for ending in (
        "isation",
        "ization",
        "ations",
        "ation",
        "ments",
        "ment",
        "ers",
        "ing",
        "ies",
        "ed",
        "es",
        "er",
        "s",
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def _said(titles: Sequence[Titled], paragraphs: Sequence[tuple[str, int | None, bool]]) -> dict[int, int]:
    """The titles that are in the text themselves: lines of their number that share half of their words."""
    found: dict[int, int] = {}
    after = -1
    for index, title in enumerate(titles):
        words = _stems(title.text)
        for at, (text, number, _) in enumerate(paragraphs):
            same = len(words & _stems(text)) >= 0.5 * max(len(words), 1)
            alone = len(text) <= 1.5 * len(title.text) + 20
            if at > after and same and alone and number in {title.number, None}:
                found[index], after = at, at
                break
    return found


def _shared(titles: Sequence[Titled], texts: Sequence[str]) -> list[list[float]]:
    """How much each title and paragraph share: a word counts more if fewer titles and paragraphs have it."""
    of_titles = [_stems(title.text) for title in titles]
    of_texts = [_stems(text) for text in texts]
    weights: dict[str, float] = {}
    for word in set().union(*of_titles):
        having = sum(word in words for words in of_texts)
        naming = sum(word in words for words in of_titles)
        weights[word] = math.log((len(of_texts) + 1) / (having + 0.5)) / naming if having else 0.0
    return [[sum(weights[word] for word in title & words) for words in of_texts] for title in of_titles]


_START = 1.5
"""How many times what the first paragraph of a story shares counts: titles are about how stories begin."""
_LEAST = 0.8
"""What a first paragraph must share with its title at least."""


def _best(titles: int, paragraphs: int, shared: list[list[float]], said: dict[int, int]) -> list[int | None]:
    """The paragraph with which each story begins, in the way to part them that shares most."""
    minus = float("-inf")
    # best[k][p]: the most that stories 0..k can share with paragraphs 0..p, story k being the last begun.
    best = [[minus] * paragraphs for _ in range(titles)]
    begun = [[-1] * paragraphs for _ in range(titles)]
    fixed = {at: index for index, at in said.items()}
    for p in range(paragraphs):
        for k in range(min(titles, p + 1)):
            value = shared[k][p]
            stay = best[k][p - 1] + value if p and p not in fixed else minus
            may_begin = (
                said[k] == p
                if k in said
                else (
                    (p not in fixed and (k == 0) == (p == 0) and k == 0)
                    or (k > 0 and p not in fixed and value >= _LEAST)
                )
            )
            before = 0.0 if k == 0 and p == 0 else best[k - 1][p - 1] if k and p else minus
            begin = before + (1_000.0 if said.get(k) == p else _START * value) if may_begin else minus
            # Of two ways that share as much, the one in which a story begins later: what shares nothing goes on with the last.
            if begin > stay:
                best[k][p], begun[k][p] = begin, p
            else:
                best[k][p], begun[k][p] = stay, begun[k][p - 1] if p else -1
    starts: list[int | None] = [None] * titles
    k = max(range(titles), key=lambda index: (best[index][paragraphs - 1], index))
    p = paragraphs - 1
    while k >= 0 and best[k][p] > minus:
        at = begun[k][p]
        starts[k] = at
        p, k = at - 1, k - 1
        if p < 0:
            break
    return starts
