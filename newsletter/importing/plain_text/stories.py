"""The numbered stories of a plain text: their titles, the table of contents, the round-up at the end."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from newsletter.importing.plain_text.headings import by_topic
from newsletter.importing.plain_text.pieces import POINTING, TextPiece, TextReading, as_kind, shown
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence


def with_stories(pieces: list[TextPiece], reading: TextReading) -> list[TextPiece]:
    """Turns numbered titles into items.

    If only the table of contents has the titles, each is placed where its words fit.
    """
    pieces = list(pieces)
    listed = _contents(pieces)
    if listed and by_topic([piece.text for piece in pieces[slice(*listed)]], pieces[listed[1] :]):
        pieces[slice(*listed)] = [TextPiece(piece.text, "bullet", piece.line) for piece in pieces[slice(*listed)]]
        listed = None
    titles = [Titled(piece.number or 0, piece.text) for piece in pieces[listed[0] : listed[1]]] if listed else []
    if listed and titles:
        listed = (listed[0], listed[1] + _hints(pieces[listed[1] :]))
        rest = pieces[listed[1] :]
        stories = Stories(
            titles,
            [
                (
                    piece.text,
                    piece.number if piece.kind == "numbered" else None,
                    piece.kind in {"heading", "subheading"},
                )
                for piece in rest
            ],
        )
        places = placed(stories)
        if places:
            return _with_titles(pieces, listed, titles, places, reading)
    return _continued([_numbered_title(pieces, at) for at in range(len(pieces))])


def _continued(pieces: list[TextPiece]) -> list[TextPiece]:
    """Makes items of short numbered lines that continue the numbers of the items before."""
    found: list[TextPiece] = []
    last = 0
    for at, piece in enumerate(pieces):
        following = pieces[at + 1].kind if at + 1 < len(pieces) else ""
        counts_on = piece.kind == "numbered" and last > 0 and piece.number == last + 1
        if (
            counts_on
            and following in {"bullet", "quote", "text"}
            and len(piece.text) <= 120
            and not piece.text.endswith((".", "!", ";"))
        ):
            found.append(as_kind(piece, "item"))
        else:
            found.append(piece)
        if found[-1].kind == "item" and found[-1].number:
            last = found[-1].number
    return found


def _contents(pieces: Sequence[TextPiece]) -> tuple[int, int] | None:
    """The first and last index of a run of at least three numbered lines that counts from 1 without gaps, or None."""
    start = next((at for at, piece in enumerate(pieces) if piece.kind == "numbered" and piece.number == 1), None)
    while start is not None:
        end = start
        while end < len(pieces) and pieces[end].kind == "numbered" and pieces[end].number == end - start + 1:
            end += 1
        short = sum(len(piece.text) <= 160 for piece in pieces[start:end])
        if end - start >= 3 and short >= 0.8 * (end - start) and end < len(pieces):
            return start, end
        start = next(
            (
                at
                for at in range(max(end, start + 1), len(pieces))
                if pieces[at].kind == "numbered" and pieces[at].number == 1
            ),
            None,
        )
    return None


def _hints(pieces: Sequence[TextPiece]) -> int:
    """The number of lines below a table of contents that explain its use: `(Click the titles to read more)`."""
    count = 0
    for piece in pieces[:2]:
        if len(piece.text) > 160 or not (POINTING.search(piece.text) or re.fullmatch(r"\(.*\)", piece.text)):
            break
        count += 1
    return count


def _with_titles(
    pieces: list[TextPiece],
    listed: tuple[int, int],
    titles: Sequence[Titled],
    places: dict[int, tuple[int, bool]],
    reading: TextReading,
) -> list[TextPiece]:
    start, end = listed
    reading.report(
        "left out", f"a table of contents with {len(titles)} entries: newsletter makes its own", pieces[start].line
    )
    by_place = {at: (index, has_title) for index, (at, has_title) in places.items()}
    found = [*pieces[:start], *pieces[start + len(titles) : end]]
    linked = re.compile(r"https?://|\[\d{1,3}\]")
    unlinked = [
        str(titles[index].number)
        for index, (at, has_title) in places.items()
        if not linked.search(pieces[end + at].text if has_title else titles[index].text)
    ]
    if unlinked:
        reading.report(
            "lost",
            f"plain text has no links: the sources of the stories {', '.join(unlinked)} are unknown",
            pieces[start].line,
        )
    for at, piece in enumerate(pieces[end:]):
        if at not in by_place:
            found.append(_numbered_title(pieces, end + at))
            continue
        index, has_title = by_place[at]
        title = titles[index]
        if has_title:
            found.append(TextPiece(piece.text, "item", piece.line, title.number))
        else:
            reading.report(
                "changed",
                f"the heading of story {title.number} is only in the table of contents: it was placed where the text fits, so check it",
                piece.line,
            )
            found += [TextPiece(title.text, "item", piece.line, title.number), piece]
    for index, title in enumerate(titles):
        if index not in places:
            reading.report(
                "lost",
                f"the text of story {title.number}, “{shown(title.text)}”, was not found",
                pieces[start + index].line,
            )
    return found


def _numbered_title(pieces: Sequence[TextPiece], at: int) -> TextPiece:
    """The piece at `at`, as an item if it is a numbered title: short, no full stop, above a longer paragraph."""
    piece = pieces[at]
    following = pieces[at + 1] if at + 1 < len(pieces) else None
    if (
        piece.kind != "numbered"
        or following is None
        or len(piece.text) > 200
        or piece.text.endswith((".", "!", ";", ":"))
    ):
        return piece
    if following.kind == "text" and len(following.text) > len(piece.text):
        return as_kind(piece, "item")
    return piece


_CALL = re.compile(
    r"(?:let (?:me|us) know|(?:send|drop|write|e-?mail) (?:me|us)|reply to this|get in touch|tell (?:me|us)|(?:i|we)['’]d love to hear|what did (?:i|we) miss|(?:i|we) (?:have )?missed|"
    r"know of any|thank(?:s| you) for reading|see you (?:next|in)|until next (?:time|month|week))",
    re.IGNORECASE,
)


def with_rules_after_items(pieces: list[TextPiece]) -> list[TextPiece]:
    """Inserts a rule between the last item of a section and closing words to the readers."""
    found: list[TextPiece] = []
    in_item = False
    for at, piece in enumerate(pieces):
        last_of_section = at + 1 == len(pieces) or pieces[at + 1].kind == "heading"
        if piece.kind == "heading":
            in_item = False
        elif piece.kind == "item":
            in_item = True
        elif (
            in_item
            and last_of_section
            and piece.kind == "text"
            and len(piece.text) <= 300
            and _CALL.search(piece.text)
            and found[-1].kind != "item"
        ):
            found.append(TextPiece("", "rule", piece.line))
        found.append(piece)
    return found


_ROUNDUP = re.compile(
    r"\b(?:updates?|round-?up|in brief|briefs?|short(?:s| news)?|more (?:news|stories)|other news|and also|quick (?:hits|links|news)|news in|bits)\b",
    re.IGNORECASE,
)
_MANY = 6


def with_roundup(pieces: list[TextPiece], reading: TextReading) -> list[TextPiece]:
    """Makes a list of the last numbered story, if its title announces a round-up and it has many paragraphs."""
    starts = [at for at, piece in enumerate(pieces) if piece.kind == "item" and piece.number]
    if len(starts) < 3:
        return pieces
    start = starts[-1]
    end = next((at for at in range(start + 1, len(pieces)) if pieces[at].kind not in {"text", "quote"}), len(pieces))
    if end - start - 1 < _MANY or not _ROUNDUP.search(pieces[start].text):
        return pieces
    reading.report(
        "changed",
        f"the {end - start - 1} paragraphs of story {pieces[start].number} are now the entries of a round-up",
        pieces[start].line,
    )
    return [*pieces[: start + 1], *(as_kind(piece, "bullet") for piece in pieces[start + 1 : end]), *pieces[end:]]


_MOST_TITLES = 40
_MOST_PARAGRAPHS = 1_500
_WORD = re.compile(r"[^\W_]{2,}")
_COMMON = frozenset(
    "the and for with from that this these those its into over under about after before how why what when who will can could new more has have had are was were not but out all "
    "der die das und von mit für aus den dem ein eine les des une pour dans sur avec los las del una para por con".split()
)


@dataclass(frozen=True, slots=True)
class Titled:
    """A title in the table of contents."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Stories:
    """The titles and paragraphs to match."""

    titles: Sequence[Titled]
    paragraphs: Sequence[tuple[str, int | None, bool]]
    """The paragraphs after the table of contents: the text, the number of a numbered line, and whether it is a
    heading."""


def placed(stories: Stories) -> dict[int, tuple[int, bool]]:
    """The paragraph at which each story begins, and whether its title is there, by the index of the title.

    Titles and stories have the same order. Of all ways to divide the paragraphs into stories, the one is chosen in
    which stories share the most words with their titles; rare words count more. A story begins at a paragraph that
    shares words with its title. Empty if fewer than half of the titles could be placed.
    """
    titles = list(stories.titles)
    end = next((at for at, one in enumerate(stories.paragraphs) if one[2]), len(stories.paragraphs))
    texts = [one[0] for one in stories.paragraphs[:end]]
    if not texts or len(titles) > _MOST_TITLES or len(texts) > _MOST_PARAGRAPHS:
        return {}
    titled_at = _titles_in_text(titles, stories.paragraphs[:end])
    shared = _shared(titles, texts)
    starts = _best(len(titles), len(texts), shared, titled_at)
    found = {index: (at, titled_at.get(index) == at) for index, at in enumerate(starts) if at is not None}
    return found if len(found) * 2 > len(titles) else {}


def _stems(text: str) -> set[str]:
    """The stems of the words in a text."""
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


def _titles_in_text(titles: Sequence[Titled], paragraphs: Sequence[tuple[str, int | None, bool]]) -> dict[int, int]:
    """The titles that are also in the text: the index of the paragraph, by the index of the title.

    Such a paragraph has the number of the title or none, and half of its words.
    """
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
    """The score of each paragraph for each title: the sum over common words. Rare words count more."""
    of_titles = [_stems(title.text) for title in titles]
    of_texts = [_stems(text) for text in texts]
    weights: dict[str, float] = {}
    for word in set().union(*of_titles):
        having = sum(word in words for words in of_texts)
        naming = sum(word in words for words in of_titles)
        weights[word] = math.log((len(of_texts) + 1) / (having + 0.5)) / naming if having else 0.0
    return [[sum(weights[word] for word in title & words) for words in of_texts] for title in of_titles]


_START = 1.5
"""The factor for the score of a story's first paragraph, because a title mostly names what its story begins with."""
_LEAST = 0.8
"""The lowest score at which a paragraph can begin a story."""


def _best(titles: int, paragraphs: int, shared: list[list[float]], titled_at: dict[int, int]) -> list[int | None]:
    """The index of each story's first paragraph in the best division; None for a story without one."""
    minus = float("-inf")
    # best[k][p]: the highest score of stories 0..k with paragraphs 0..p, if story k is the last one begun.
    best = [[minus] * paragraphs for _ in range(titles)]
    begun = [[-1] * paragraphs for _ in range(titles)]
    fixed = {at: index for index, at in titled_at.items()}
    for p in range(paragraphs):
        for k in range(min(titles, p + 1)):
            value = shared[k][p]
            stay = best[k][p - 1] + value if p and p not in fixed else minus
            may_begin = (
                titled_at[k] == p
                if k in titled_at
                else (
                    (p not in fixed and (k == 0) == (p == 0) and k == 0)
                    or (k > 0 and p not in fixed and value >= _LEAST)
                )
            )
            before = 0.0 if k == 0 and p == 0 else best[k - 1][p - 1] if k and p else minus
            begin = before + (1_000.0 if titled_at.get(k) == p else _START * value) if may_begin else minus
            # If two divisions have the same score, a story begins later: a paragraph without common words continues the
            # last story.
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
