"""The headings of a plain text: lines in capitals, short lines between long ones, categories; and lists of topics."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.importing.plain_text.pieces import END, POINTING, TextPiece, TextReading, as_kind, is_caps, is_source

if TYPE_CHECKING:
    from collections.abc import Sequence


_CATEGORY = re.compile(r"([A-Z\u00c0-\uffff][^:：.!?。！？]{1,70})(?::\s+|：\s*)\S")


def with_headings(pieces: list[TextPiece]) -> list[TextPiece]:
    """Marks headings and items.

    Lines in capitals and short lines between paragraphs are headings; lines of a category are items.
    """
    categories = _categories(pieces)
    found: list[TextPiece] = []
    for at, piece in enumerate(pieces):
        kind = piece.kind
        if kind == "text":
            before = found[-1] if found else None
            if is_caps(piece.text):
                kind = (
                    "subheading"
                    if before is not None and before.kind == "heading" and re.match(r"[“\"«‘']", piece.text)
                    else "heading"
                )
            elif _is_category(piece.text, categories):
                kind = "item"
            elif _is_short_heading(pieces, at):
                kind = "item" if categories and _is_among_items(pieces, at, categories) else "heading"
        found.append(as_kind(piece, kind))
    return found


def _categories(pieces: Sequence[TextPiece]) -> set[str]:
    """The categories of a digest whose items are titled `Category: headline`.

    There must be at least three such lines, each above a paragraph.
    """
    lines = []
    for at, piece in enumerate(pieces[:-1]):
        found = (
            _CATEGORY.match(piece.text)
            if piece.kind == "text" and len(piece.text) <= 220 and not piece.text.endswith((".", "!", ";"))
            else None
        )
        if found and len(pieces[at + 1].text) > 1.3 * len(piece.text):
            lines.append(found[1].strip())
    return {category for line in lines for category in (line, *line.split(", "))} if len(lines) >= 3 else set()


def _is_category(text: str, categories: set[str]) -> bool:
    if not categories or len(text) > 240 or text.endswith((".", "!", ";")):
        return False
    found = _CATEGORY.match(text)
    return bool(found and found[1].strip() in categories) or any(
        text.startswith((f"{one}: ", f"{one}, ", f"{one}：")) for one in categories if len(one) > 3
    )


def _is_among_items(pieces: Sequence[TextPiece], at: int, categories: set[str]) -> bool:
    return any(_is_category(piece.text, categories) for piece in pieces[:at]) and any(
        _is_category(piece.text, categories) for piece in pieces[at + 1 :]
    )


def _is_short_heading(pieces: Sequence[TextPiece], at: int) -> bool:
    """Whether a line is a heading: short, without a full stop, between longer paragraphs."""
    text = pieces[at].text
    ended = text.rstrip("”\"’')]»").endswith(END) or POINTING.search(text)
    if (
        len(text) > 90
        or len(text) < 3
        or ended
        or not re.match(r"[\w“\"‘'«¿¡(#]", text)
        or text[0].islower()
        or (is_source(text) and text[0] in "–—-―")
    ):
        return False
    if re.search(r"https?://|@\w", text) or len(text.split()) > 14:
        return False
    before = pieces[at - 1].text if at else None
    following = next((piece for piece in pieces[at + 1 : at + 2]), None)
    if following is None or following.kind == "rule":
        return False
    room = max(80, 2 * len(text))
    listed = following.kind in {"bullet", "numbered"}
    run = [piece.text for piece in pieces[at + 1 : at + 4]]
    leads_list = len(run) == 3 and all(len(one) <= 60 and not one.endswith(END) for one in run)
    if not listed and not leads_list and len(following.text) < room:
        return False
    return (
        before is None or len(before) >= 60 or before.endswith((".", "!", "?", "”", "…", ")", "。", "！", "？", "」"))
    )


def without_topics(pieces: list[TextPiece], reading: TextReading) -> list[TextPiece]:
    """Makes lists of consecutive short lines.

    A list that repeats the categories of the items below is left out, because the tool makes its own.
    """
    found: list[TextPiece] = []
    at = 0
    while at < len(pieces):
        end = at
        while (
            end < len(pieces)
            and pieces[end].kind in {"text", "heading", "bullet"}
            and len(pieces[end].text) <= 60
            and not pieces[end].text.endswith(END)
            and not (pieces[end].kind == "heading" and end > at and pieces[end - 1].kind == "bullet")
        ):
            end += 1
        run = pieces[at:end]
        if run and run[0].kind == "heading" and (len(run) > 3 or (len(run) > 1 and run[1].kind == "bullet")):
            heading = run[0]
            run, at = [_without_dash(piece) for piece in run[1:]], at + 1
            if len(run) >= 2 and (sections := by_topic([piece.text for piece in run], pieces[end:])):
                found += [*_topics(heading, run, sections, reading), *sections]
                break
            found.append(heading)
        if len(run) < 3 or is_caps(run[0].text):
            found += run or [pieces[end]]
            at = max(end, at + 1)
            continue
        titles = [piece.text for piece in pieces[end:] if piece.kind == "item"]
        words = {word for title in titles for word in re.findall(r"\w{4,}", title.partition(":")[0].casefold())}
        known = sum(any(word in words for word in re.findall(r"\w{4,}", piece.text.casefold())) for piece in run)
        if titles and known >= 0.6 * len(run):
            reading.report(
                "left out",
                f"a list of {len(run)} topics: newsletter makes its own ({', '.join(piece.text for piece in run[:8])})",
                run[0].line,
            )
        else:
            found += [as_kind(piece, "bullet") for piece in run]
        at = end
    return found


# ── A heading with nothing but a list of topics, which the items below then name ────────────────────────────────────────


_TOPICS = 0.6
"""The share of the topics that the items must name."""
_BEHIND_TOPIC = r"(?=\s*[:：,，、–—|]|\s+-\s)"


def by_topic(topics: Sequence[str], pieces: Sequence[TextPiece]) -> list[TextPiece]:
    """The pieces with a heading for each topic above its items; empty if the items are not sorted by topic.

    Each item must begin with a topic or a category of its own. A topic must not come back after another one, and at
    least one must have several items: with one item for each topic, the topics are the titles.
    """
    end = next((at for at, piece in enumerate(pieces) if piece.kind == "heading"), len(pieces))
    names = {at: topic_of(piece.text, topics) for at, piece in enumerate(pieces[:end]) if piece.kind == "item"}
    order = [name for at, name in enumerate(names.values()) if at == 0 or name != list(names.values())[at - 1]]
    known = {name for name in order if name in topics}
    if not names or not all(order) or len(set(order)) < len(order) or len(order) == len(names):
        return []
    if min(names) > 0 or len(known) < max(2, _TOPICS * len(topics)):
        return []
    found: list[TextPiece] = []
    last = ""
    for at, piece in enumerate(pieces):
        if names.get(at, last) != last:
            last = names[at]
            found.append(TextPiece(last, "heading", piece.line))
        found.append(piece)
    return found


def _without_dash(piece: TextPiece) -> TextPiece:
    """An entry of a list without the dash before it, which could also be that of a source."""
    return TextPiece(piece.text.lstrip("–—- "), piece.kind, piece.line, piece.number)


def topic_of(title: str, topics: Sequence[str]) -> str:
    """The topic with which a title begins, or its own category before the colon; empty if it has neither."""
    for topic in sorted(topics, key=len, reverse=True):
        if re.match(re.escape(topic) + _BEHIND_TOPIC, title, re.IGNORECASE):
            return topic
    found = _CATEGORY.match(title)
    return found[1].strip() if found and len(found[1]) <= 40 else ""


def _topics(
    heading: TextPiece, topics: Sequence[TextPiece], sections: Sequence[TextPiece], reading: TextReading
) -> list[TextPiece]:
    """The list of topics. It is left out if the headings of the sections say the same, because the tool makes its own."""
    titles = {piece.text for piece in sections if piece.kind == "heading"}
    said = ", ".join(piece.text for piece in topics[:8])
    reading.report("changed", "the items are in sections by the topics that they name", heading.line)
    if all(piece.text in titles for piece in topics):
        reading.report(
            "left out",
            f"“{heading.text}”, a list of {len(topics)} topics: newsletter makes its own with `contents_of: sections` ({said})",
            heading.line,
        )
        return []
    return [as_kind(heading, "subheading"), *(as_kind(piece, "bullet") for piece in topics)]
