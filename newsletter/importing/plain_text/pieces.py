"""Splits a plain text into paragraphs, joins their wrapped lines, and finds the kind of each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.importing.base import ImportNote
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A paragraph of a plain text."""

    text: str
    kind: str = "text"
    """`text`, `title`, `heading`, `item`, `subheading`, `quote`, `quote on` (a further paragraph of a quotation),
    `source`, `bullet`, `numbered` or `rule`."""
    line: int = 0
    number: int | None = None


class TextReading:
    """Collects the notes about a plain text."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.notes: list[ImportNote] = []

    def report(self, kind: str, message: str, line: int = 0) -> None:
        """Adds a note, unless it is already there. `line` is the line in the text; 0 if it is unknown."""
        note = ImportNote(f"{self.place}:{line}" if line else self.place, message, kind)  # type: ignore[arg-type]
        if note not in self.notes and len(self.notes) < 200:
            self.notes.append(note)


END = (".", "!", "?", "…", ":", ";", ",", "。", "！", "？", "：")
"""Characters at the end of a sentence or of a part of one."""
POINTING = re.compile(
    r"\b(?:click|listen|read|watch|see|view|download|register|sign up|find|book|subscribe|join|more)\b[^.!?]{0,80}\bhere\b|\bclick (?:on )?(?:the )?(?:links?|titles?|button)\b|\bread more\b|\blinks? (?:in|below|above)\b",
    re.IGNORECASE,
)
"""Words that refer to a link."""


def shown(text: str, most: int = 60) -> str:
    """A text in one line, shortened to `most` characters for a note."""
    plain = " ".join(text.split())
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"


def as_kind(piece: TextPiece, kind: str) -> TextPiece:
    """The same paragraph with another kind."""
    return TextPiece(piece.text, kind, piece.line, piece.number)


def is_caps(text: str) -> bool:
    """Whether a line is in capitals (at least nine of ten letters)."""
    letters = [char for char in text if char.isalpha()]
    return (
        len(letters) >= 6
        and len(text) <= 140
        and sum(char.isupper() for char in letters) >= 0.9 * len(letters)
        and any(char.lower() != char.upper() for char in letters)
    )


_BULLET = re.compile(r"[ \t]*(?:[•‣▪◦●○∙·–*+-]|➤|►|▶|✔|✓)[ \t]+(?=\S)")
_NUMBER = re.compile(r"[ \t]*(\d{1,2})(?:[.)]|、)[ \t]*(?=\S)(?![\d])")
_REFERENCE = re.compile(r"^[ \t]*\[(\d{1,3})\]:?[ \t]+<?((?:https?://|mailto:)[^\s<>]+)>?[ \t]*$", re.MULTILINE)
_RULE = re.compile(r"[ \t]*(?:[-=_*~–—•·#+][ \t]*){3,}$")


def references_of(text: str) -> tuple[str, dict[str, str]]:
    """The text without its list of numbered addresses (`[1] https://…`), and the address for each number.

    A number is included only if it has one address and is used in the text.
    """
    found: dict[str, set[str]] = {}
    for one in _REFERENCE.finditer(text):
        found.setdefault(one[1], set()).add(one[2])
    known = {
        number: next(iter(addresses))
        for number, addresses in found.items()
        if len(addresses) == 1 and text.count(f"[{number}]") > 1
    }
    if not known:
        return text, {}
    return _REFERENCE.sub(lambda one: "" if one[1] in known else one[0], text), known


def paragraphs_of(text: str) -> Iterator[TextPiece]:
    """The paragraphs of a text: one per line (pasted pages), or wrapped and separated by blank lines (emails)."""
    lines = text.replace("\u2028", "\n").replace("\u2029", "\n\n").split("\n")
    full = [line for line in lines if line.strip()]
    wrapped = (
        bool(full) and max(map(len, full)) <= 120 and sum(not line.strip() for line in lines[:-1]) >= len(full) / 12
    )
    block: list[tuple[int, str]] = []
    for number, raw in enumerate([*lines, ""], 1):
        line = raw.replace("\t", " ").rstrip()
        if line.strip() and wrapped:
            block.append((number, line))
        elif line.strip():
            yield _piece(line, number)
        elif block:
            yield from _unwrapped(block)
            block = []


_UNDERLINE = re.compile(r"([=~-])\1{2,}[ \t]*")


def _unwrapped(block: list[tuple[int, str]]) -> Iterator[TextPiece]:
    """The paragraphs in a block without blank lines. Wrapped lines are joined; lines that end early stay separate."""
    width = max(len(line) for _, line in block)
    text, start, last = "", 0, ""
    for number, line in block:
        if text and start == number - 1 and len(text) <= 120 and (mark := _UNDERLINE.fullmatch(line)):
            yield TextPiece(text, "title" if mark[1] == "=" else "heading", start)
            text, last = "", ""
            continue
        quoted = line.lstrip().startswith(">")
        source = quoted and re.match(r"[ ]*(?:>[ ]?)+[–—―]", line)
        begins = (
            not text or source or _BULLET.match(line) or _NUMBER.match(line) or _RULE.match(line) or _RULE.match(last)
        )
        # A line with room for the next word was ended on purpose.
        ended = bool(last) and (
            len(last) + 1 + len(line.split(" ")[0]) <= min(width, 60) or quoted != last.lstrip().startswith(">")
        )
        if begins or ended:
            if text:
                yield _piece(text, start)
            text, start = line.strip(), number
        else:
            text = f"{text} {re.sub(r'^[ ]*(?:>[ ]?)+', '', line).strip()}"
        last = line
    if text:
        yield _piece(text, start)


def _piece(line: str, number: int) -> TextPiece:
    if _RULE.match(line):
        return TextPiece("", "rule", number)
    if line.lstrip().startswith(">"):
        if (words := re.sub(r"^[ ]*(?:>[ ]?)+", "", line).strip())[:1] in {"–", "—", "―"}:
            return TextPiece(words.lstrip("–—― "), "source", number)
        return TextPiece(re.sub(r"^[ ]*(?:>[ ]?)+", "", line).strip(), "quote", number)
    if found := _BULLET.match(line):
        mark = line[: found.end()].strip()
        if mark not in {"–", "-"} or not re.match(r"[“\"'‘A-Z].{0,160}$", line[found.end() :]) or not is_source(line):
            return TextPiece(line[found.end() :].strip(), "bullet", number)
    if found := _NUMBER.match(line):
        return TextPiece(line[found.end() :].strip(), "numbered", number, int(found[1]))
    return TextPiece(line.strip(), "text", number)


def is_source(line: str) -> bool:
    """Whether a line with a dash names a source: `– “Its title”, China Daily`, `— Mark Twain`."""
    words = line.strip().lstrip("–—-― ")
    return (
        len(words) <= 160
        and not words.endswith((".", ":", ";"))
        and bool(re.match(r"[“\"‘'«]?[A-Z\u00c0-\u024f\u0370-\uffff]", words))
    )
