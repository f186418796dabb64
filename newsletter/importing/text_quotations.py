"""The quotations of a plain text, and who said them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.importing.text_pieces import TextPiece, as_kind, is_source

if TYPE_CHECKING:
    from collections.abc import Sequence


_PAIRS = {"“": "”", "«": "»", "„": "“", "「": "」", "『": "』"}


def with_quotations(pieces: list[TextPiece]) -> list[TextPiece]:
    """Paragraphs that are in quotation marks as a whole, or above a line with a dash that names their source."""
    found: list[TextPiece] = []
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        if piece.kind == "text" and (end := _quoted_until(pieces, at)):
            found += [as_kind(piece, "quote"), *(as_kind(one, "quote on") for one in pieces[at + 1 : end])]
            at = end
            continue
        if (
            piece.kind in {"text", "bullet"}
            and re.match(r"[–—―-]{1,2}\s*\S", piece.text)
            and is_source(piece.text)
            and found
        ):
            last = found[-1]
            above = found[-2] if len(found) > 1 else None
            if last.kind in {"quote", "quote on"} or (
                last.kind == "text" and above is not None and above.text.endswith((":", "："))
            ):
                found[-1] = last if last.kind == "quote on" else as_kind(last, "quote")
                found.append(TextPiece(piece.text.lstrip("–—―- "), "source", piece.line))
                at += 1
                continue
        found.append(piece)
        at += 1
    return found


def _quoted_until(pieces: Sequence[TextPiece], at: int) -> int:
    """The index after the paragraphs, from `at` on, that one pair of quotation marks encloses; 0 if there are none."""
    text = pieces[at].text
    opening = text[:1]
    if opening == '"':
        whole = text.count('"') == 2 and re.search(r"\"[.,]?$", text) and len(text) >= 80
        return at + 1 if whole else 0
    closing = _PAIRS.get(opening)
    if not closing:
        return 0
    depth = 0
    for end in range(at, min(at + 12, len(pieces))):
        if pieces[end].kind != "text":
            return 0
        text = pieces[end].text
        # A paragraph that goes on with a quotation may open it once more.
        if end > at and text.startswith(opening) and depth:
            depth -= 1
        for place, char in enumerate(text):
            depth += (char == opening) - (char == closing)
            if depth == 0 and char == closing and text[place + 1 :].strip(".,;:)") != "":
                return 0
        if depth <= 0:
            long_enough = end > at or len(text) >= 80 or (at > 0 and pieces[at - 1].text.endswith((":", "：")))
            return end + 1 if long_enough else 0
    return 0
