"""The head of a plain text (period, title, standfirst), and removal of boilerplate and comments."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.importing.phrases import boilerplate_kind
from newsletter.importing.plain_text.pieces import END, TextPiece, TextReading, as_kind, is_caps, shown
from newsletter.walk import count_words

if TYPE_CHECKING:
    from collections.abc import Sequence


_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = re.compile(rf"(?P<month>{'|'.join(_MONTHS)})[ ,]+(?P<year>(?:19|20)\d\d)", re.IGNORECASE)


def period_of_text(pieces: list[TextPiece]) -> tuple[list[TextPiece], tuple[str, str] | None]:
    """Removes a first line that only names a month.

    Returns the month as `2024-01` with that line, or None if there is none.
    """
    found = _MONTH.fullmatch(pieces[0].text) if pieces else None
    if not found:
        return pieces, None
    number = _MONTHS.index(found["month"].lower()) + 1
    return pieces[1:], (f"{found['year']}-{number:02d}", pieces[0].text)


def _is_masthead(pieces: Sequence[TextPiece]) -> bool:
    """Whether a first line in capitals is the name of the letter, not a heading: it is underlined or has a number."""
    return bool(re.search(r"#\s*\d|\bN[Oo]\.?\s*\d", pieces[0].text)) or (len(pieces) > 1 and pieces[1].kind == "rule")


def _is_above_title(pieces: Sequence[TextPiece], title: str) -> bool:
    """Whether pieces only precede the title (a name, a date, a slogan) and are not part of the letter."""
    return (
        sum(len(piece.text) for piece in pieces) <= 300
        and all(
            piece.kind in {"text", "rule"} and len(piece.text) <= 100 and not piece.text.endswith((",", ":"))
            for piece in pieces
        )
        and not any(title and _bare(piece.text) == _bare(title) for piece in pieces)
    )


def _bare(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _without_masthead(pieces: list[TextPiece], title: str, reading: TextReading) -> list[TextPiece]:
    """The pieces from an underlined title near the top on. Other lines with the same underline become headings."""
    at = next((at for at, piece in enumerate(pieces[:8]) if piece.kind == "title"), None)
    if at is None or not _is_above_title(pieces[:at], title):
        return [as_kind(piece, "heading") if piece.kind == "title" else piece for piece in pieces]
    if above := ", ".join(piece.text for piece in pieces[:at] if piece.text):
        reading.report("left out", f"text above the title: {shown(above, 160)}", pieces[0].line)
    return [pieces[at], *(as_kind(piece, "heading") if piece.kind == "title" else piece for piece in pieces[at + 1 :])]


def head_of(pieces: list[TextPiece], title: str, reading: TextReading) -> tuple[list[TextPiece], tuple[str, str]]:
    """The pieces after the title and standfirst, and these two (title, standfirst); each is empty if there is none.

    The title is a short first line. The standfirst is a short paragraph below it, before a longer one.
    """
    rest = _without_masthead(list(pieces), title, reading)
    if rest and (
        named := re.match(r"(?:Subject|Betreff|Objet|Asunto|Onderwerp|Oggetto|Assunto):\s+(?=\S)", rest[0].text)
    ):
        rest[0] = replace(rest[0], text=rest[0].text[named.end() :])
    if not rest:
        return rest, (title, "")
    first = rest[0]
    own_title = rest.pop(0).text if first.kind == "title" else ""
    if own_title:
        return rest, (title or own_title, "")
    same = title and _bare(first.text) == _bare(title)
    if same or (
        not title
        and first.kind == "text"
        and len(first.text) <= 200
        and not first.text.endswith(END[:2])
        and not (is_caps(first.text) and not _is_masthead(rest))
        and not boilerplate_kind(first.text)
        and not _asks_to_subscribe(first.text)
    ):
        own_title = rest.pop(0).text
    subtitle = ""
    if own_title and len(rest) > 2 and rest[0].kind == "text":
        second = rest[0].text
        longer = max(len(piece.text) for piece in rest[1:4])
        greets = re.match(r"(?:dear|hi|hello|hey|liebe|chers?|querid[oa]s?|good morning)\b", second, re.IGNORECASE)
        if (
            20 <= len(second) <= 180
            and longer > len(second)
            and second.endswith(END[:4])
            and not greets
            and not boilerplate_kind(second)
            and not _asks_to_subscribe(second)
        ):
            subtitle = rest.pop(0).text
            reading.report("changed", f"the line below the title is now the subtitle: “{shown(subtitle)}”")
    return rest, (title or own_title, subtitle)


_COMMENT = re.compile(r"\d{1,3}(?:mo|yr|min|[smhdwy])(?:\s*[•·(]|(?=[A-Z“\"'\u00c0-\uffff])|\s*$|\s*(?:ago|edited)\b)")
_SUBSCRIBING = re.compile(r"\b(?:subscribe|subscription|sign up|join (?:the|our) (?:mailing )?list)\b", re.IGNORECASE)
_LIST_WORDS = re.compile(r"\b(?:newsletter|inbox|mailed|mailing list|e-?mails?|updates|subscribers?)\b", re.IGNORECASE)


def _asks_to_subscribe(text: str) -> bool:
    """Whether a short paragraph is a subscribe box: it asks to subscribe and mentions the list twice."""
    return len(text) <= 260 and bool(_SUBSCRIBING.search(text)) and len(_LIST_WORDS.findall(text)) >= 2


def without_comments(pieces: list[TextPiece], reading: TextReading) -> list[TextPiece]:
    """The pieces without readers' comments at the end, in the form of LinkedIn and others: a name, an age, the text."""
    at = next((at for at, piece in enumerate(pieces) if _COMMENT.match(piece.text) and at > len(pieces) // 3), None)
    if at is None:
        return pieces
    start = at
    while (
        start > 0
        and at - start < 2
        and pieces[start - 1].kind == "text"
        and not pieces[start - 1].text.endswith((".", "!", "?", "…"))
        and len(pieces[start - 1].text) <= 240
    ):
        start -= 1
    comments = sum(1 for piece in pieces[start:] if _COMMENT.match(piece.text))
    if any(_SECTION_LIKE.match(piece.text) for piece in pieces[start + 1 :]):
        return pieces
    words = sum(count_words(piece.text) for piece in pieces[start:])
    reading.report(
        "left out",
        f"{comments} readers' comments at the end ({words} words), from “{shown(pieces[start].text, 40)}” on",
        pieces[start].line,
    )
    return pieces[:start]


_SECTION_LIKE = re.compile(r"[A-Z][A-Z\d ,–-]{12,}$")


_ITS_ADDRESS = re.compile(r"(?<!\s)\s*+:?\s*+(?:<?https?://\S+>?|\{\{[^{}]{1,80}\}\}|\*\|[^|*]{1,80}\|\*)\s*$")
"""The address after the text of a link: `Unsubscribe: https://…`."""


def without_boilerplate(pieces: list[TextPiece], reading: TextReading) -> list[TextPiece]:
    """The pieces without paragraphs that are boilerplate."""
    found: list[TextPiece] = []
    for at, piece in enumerate(pieces):
        bare = _ITS_ADDRESS.sub("", piece.text)
        what = boilerplate_kind(bare) if piece.kind in {"text", "heading"} else ""
        if not what and piece.kind == "text" and (at < 3 or at > len(pieces) - 5) and _asks_to_subscribe(piece.text):
            what = "prompts to subscribe"
        if what:
            reading.report("left out", f"{what}: “{shown(piece.text)}”", piece.line)
        else:
            found.append(piece)
    return found
