"""The numbered stories of a plain text, the list of contents that names them, the last of them, and what comes after."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.importing.stories import Stories, Titled, placed
from newsletter.importing.text_pieces import POINTING, TextPiece, TextReading, as_kind, shown

if TYPE_CHECKING:
    from collections.abc import Sequence


def with_stories(pieces: list[TextPiece], reading: TextReading) -> list[TextPiece]:
    """Numbered titles as items. Of a list of contents whose titles are not in the text below, each is put where its words fit."""
    pieces = list(pieces)
    listed = _contents(pieces)
    titles = [Titled(piece.number or 0, piece.text) for piece in pieces[listed[0] : listed[1]]] if listed else []
    if listed and titles:
        listed = (listed[0], listed[1] + _hints(pieces[listed[1] :]))
        behind = pieces[listed[1] :]
        stories = Stories(
            titles,
            [
                (
                    piece.text,
                    piece.number if piece.kind == "numbered" else None,
                    piece.kind in {"heading", "subheading"},
                )
                for piece in behind
            ],
        )
        places = placed(stories)
        if places:
            return _with_titles(pieces, listed, titles, places, reading)
    return [_numbered_title(pieces, at) for at in range(len(pieces))]


def _contents(pieces: Sequence[TextPiece]) -> tuple[int, int] | None:
    """Where a run of three or more numbered lines stands that counts from 1 and has nothing between."""
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
    """How many lines below a list of contents say how to use it: `(Click the titles to read more)`."""
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
    reading.tell("left out", f"a list of contents with {len(titles)} entries: newsletter makes one", pieces[start].line)
    by_place = {at: (index, said) for index, (at, said) in places.items()}
    found = [*pieces[:start], *pieces[start + len(titles) : end]]
    linked = re.compile(r"https?://|\[\d{1,3}\]")
    unlinked = [
        str(titles[index].number)
        for index, (at, said) in places.items()
        if not linked.search(pieces[end + at].text if said else titles[index].text)
    ]
    if unlinked:
        reading.tell(
            "lost",
            f"plain text has no links: the sources of the stories {', '.join(unlinked)} are unknown",
            pieces[start].line,
        )
    for at, piece in enumerate(pieces[end:]):
        if at not in by_place:
            found.append(_numbered_title(pieces, end + at))
            continue
        index, said = by_place[at]
        title = titles[index]
        if said:
            found.append(TextPiece(piece.text, "item", piece.line, title.number))
        else:
            reading.tell(
                "changed",
                f"the heading of story {title.number} is only in the list of contents: it was placed where the text fits, so check it",
                piece.line,
            )
            found += [TextPiece(title.text, "item", piece.line, title.number), piece]
    for index, title in enumerate(titles):
        if index not in places:
            reading.tell(
                "lost",
                f"the text of story {title.number}, “{shown(title.text)}”, was not found",
                pieces[start + index].line,
            )
    return found


def _numbered_title(pieces: Sequence[TextPiece], at: int) -> TextPiece:
    """A numbered line that is a title: short, without a full stop, with a longer paragraph below; any other as it is."""
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


# ── What comes after the stories, and the last of them ────────────────────────────────────────────────────────────────

_CALL = re.compile(
    r"(?:let (?:me|us) know|(?:send|drop|write|e-?mail) (?:me|us)|reply to this|get in touch|tell (?:me|us)|(?:i|we)['’]d love to hear|what did (?:i|we) miss|(?:i|we) (?:have )?missed|"
    r"know of any|thank(?:s| you) for reading|see you (?:next|in)|until next (?:time|month|week))",
    re.IGNORECASE,
)


def with_rules_behind_items(pieces: list[TextPiece]) -> list[TextPiece]:
    """A line `---` between the last item of a section and words to the readers behind it, which are no part of that."""
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
    """The last numbered story, where it is called one of many short ones and has as many paragraphs: each is an entry."""
    starts = [at for at, piece in enumerate(pieces) if piece.kind == "item" and piece.number]
    if len(starts) < 3:
        return pieces
    start = starts[-1]
    end = next((at for at in range(start + 1, len(pieces)) if pieces[at].kind not in {"text", "quote"}), len(pieces))
    if end - start - 1 < _MANY or not _ROUNDUP.search(pieces[start].text):
        return pieces
    reading.tell(
        "changed",
        f"the {end - start - 1} paragraphs of story {pieces[start].number} are now the entries of a round-up",
        pieces[start].line,
    )
    return [*pieces[: start + 1], *(as_kind(piece, "bullet") for piece in pieces[start + 1 : end]), *pieces[end:]]
