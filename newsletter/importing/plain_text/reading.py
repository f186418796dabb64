"""Converts a letter in plain text to Markdown: pasted from a web page or a social network, or from an email.

The structure is recognized by signs: lines in capitals, short lines between long ones, numbers, `Category: headline`,
quotation marks. Nothing is invented. Notes report what plain text cannot contain (the addresses of links) and each
heading that was placed where its words fit.
"""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING

from newsletter.importing.addresses import bare_address
from newsletter.importing.base import Counts, ImportNote
from newsletter.importing.markup import escaped, line_safe, link, paragraph
from newsletter.importing.plain_text.head import head_of, period_of_text, without_boilerplate, without_comments
from newsletter.importing.plain_text.headings import with_headings, without_topics
from newsletter.importing.plain_text.pieces import (
    POINTING,
    TextPiece,
    TextReading,
    as_kind,
    is_source,
    paragraphs_of,
    references_of,
    shown,
)
from newsletter.importing.plain_text.stories import with_roundup, with_rules_after_items, with_stories
from newsletter.importing.tags.merge_tags import with_fields, without_reserved, written
from newsletter.late import late
from newsletter.records import dataclass
from newsletter.walk import count_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


LARGEST = 4_000_000
"""The longest letter, in characters. The rest is cut off."""


@dataclass(frozen=True, slots=True)
class TextLetter:
    """A plain text as Markdown, with its title and period."""

    body: str
    title: str = ""
    subtitle: str = ""
    period: str = ""
    """A month, `2024-01`, if a line at the top names it."""
    notes: tuple[ImportNote, ...] = ()
    before: Counts = field(default_factory=Counts)


def markdown_of_text(text: str, *, place: str, title: str = "") -> TextLetter:
    """Converts a plain text to Markdown. `title` is the title if it is known from elsewhere."""
    reading = TextReading(place)
    text = without_reserved(text)[:LARGEST]
    before = Counts(count_words(text), len(re.findall(r"https?://", text)), 0)
    text, references = references_of(text)
    pieces = list(paragraphs_of(text))
    pieces, period = period_of_text(pieces)
    pieces, head = head_of(pieces, title, reading)
    pieces = without_comments(pieces, reading)
    pieces = without_boilerplate(pieces, reading)
    pieces = with_headings(pieces)
    pieces = with_stories(pieces, reading)
    pieces = without_topics(pieces, reading)
    pieces = with_quotations(pieces)
    pieces = with_rules_after_items(pieces)
    pieces = with_roundup(pieces, reading)
    report_lost_links(pieces, reading)
    body = _markdown(pieces, references, reading)
    title, subtitle = head
    return TextLetter(
        body,
        title or (period[1] if period else ""),
        subtitle,
        period[0] if period else "",
        tuple(reading.notes),
        before,
    )


def report_lost_links(pieces: Sequence[TextPiece], reading: TextReading) -> None:
    """Reports words that refer to a link, because plain text does not contain its address."""
    for piece in pieces:
        found = POINTING.search(piece.text) if piece.kind != "item" else None
        if found and not re.search(r"https?://|\[\d", piece.text):
            reading.report("lost", f"plain text has no address for the link “{shown(found[0])}”", piece.line)
        if gap := _GAP.search(piece.text):
            reading.report("lost", f"a name or link seems to be missing in “{shown(gap[0])}”", piece.line)


_GAP = re.compile(r"(?<![^\W_])(?:[^\W_]++[ \t]){0,3}[^\W_]++,[ \t]+,(?:[ \t][^\W_]+){0,3}")
"""Two commas with nothing between: a mention was a link on the page and got lost in copying."""


_ADDRESS = late(r"https?://[^\s<>\"'“”‘’()\[\]{}|\\]+(?<![.,;:!?])")


def _markdown(pieces: Sequence[TextPiece], references: dict[str, str], reading: TextReading) -> str:
    place = reading.place

    def line(text: str) -> str:
        text = with_fields(text, reading.notes.append, place)
        if "://" in text:
            text = re.sub(r"<((?:https?://|mailto:)[^\s<>]+)>", r"\1", text)
            text = _ADDRESS.sub(lambda found: bare_address(found[0]) or found[0], text)
        return _with_references(escaped(text), references)

    blocks: list[str] = []
    last = ""
    for piece in pieces:
        text = line(piece.text)
        if piece.kind in {"heading", "item"} and (whole := _LINKED.match(text)):
            text = f"[{whole[1]}]({whole[2]})"
        match piece.kind:
            case "heading":
                blocks.append(f"## {text}")
            case "item":
                blocks.append(f"### {f'{piece.number}. ' if piece.number else ''}{text}")
            case "subheading":
                blocks.append(f"**{text}**")
            case "rule":
                blocks.append("---")
            case "quote" | "quote on":
                quoted = f"> {line_safe(text)}"
                blocks.append(quoted if piece.kind == "quote" else f"{blocks.pop()}\n>\n{quoted}")
            case "source":
                quoting = blocks and blocks[-1].startswith(">")
                blocks[-1:] = [f"{blocks[-1]}\n> — {text}"] if quoting else [*blocks[-1:], f"— {text}"]
            case "bullet" | "numbered":
                mark = "-" if piece.kind == "bullet" else f"{piece.number}."
                entry = f"{mark} {line_safe(text)}"
                blocks.append(entry if last != piece.kind else f"{blocks.pop()}\n{entry}")
            case _:
                blocks.append(
                    "---" if piece.text.strip() == "--" else paragraph(text)
                )  # the separator above a signature
        last = piece.kind
    body = "\n\n".join(_without_loose_rules(blocks))
    return written(f"{body}\n") if body else ""


_LINKED = re.compile(r"([^\[\]]+?)[ \t]*\[\\\[\d{1,3}\\\]\]\((\S+)\)$")
"""A title followed by the number of its link."""


def _without_loose_rules(blocks: list[str]) -> Iterator[str]:
    """The blocks without rules at the edges, beside headings or after other rules."""
    for at, block in enumerate(blocks):
        following = blocks[at + 1] if at + 1 < len(blocks) else "#"
        before = blocks[at - 1] if at else "#"
        if block != "---" or not (following.startswith("#") or before.startswith("#") or before == "---"):
            yield block


def _with_references(text: str, references: dict[str, str]) -> str:
    if not references:
        return text
    return re.sub(
        r"\\\[(\d{1,3})\]",
        lambda found: (
            link(rf"\[{found[1]}\]", bare_address(references[found[1]]) or references[found[1]])
            if found[1] in references
            else found[0]
        ),
        text,
    )


_PAIRS = {"“": "”", "«": "»", "„": "“", "「": "」", "『": "』"}


def with_quotations(pieces: list[TextPiece]) -> list[TextPiece]:
    """Marks quotations: paragraphs in quotation marks, or above a line with a dash and their source."""
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
        # A further paragraph of a quotation may repeat the opening mark.
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
