"""A letter in plain text, as it was pasted from a web page or a network or came by mail, with its structure told again.

All structure is told by what stands there: lines in capitals, short lines between long ones, numbers, `Category: headline`, words
between quotation marks. Nothing is made up: what plain text cannot hold (the addresses of links) is told in notes, as is each
heading that was put where the words fit and not where the text had it.
"""

from __future__ import annotations

import re
from dataclasses import field
from typing import TYPE_CHECKING

from newsletter.importing.addresses import bare_address
from newsletter.importing.base import Counts, ImportNote
from newsletter.importing.markup import escaped, line_safe, link, paragraph
from newsletter.importing.merge_tags import with_fields, without_reserved, written
from newsletter.importing.phrases import furniture
from newsletter.importing.stories import Stories, Titled, placed
from newsletter.late import late
from newsletter.records import dataclass
from newsletter.walk import count_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


LARGEST = 4_000_000
"""Characters of a letter."""


@dataclass(frozen=True, slots=True)
class TextLetter:
    """What a text came to."""

    body: str
    title: str = ""
    subtitle: str = ""
    period: str = ""
    """`2024-01`, where a line at the top names the month."""
    notes: tuple[ImportNote, ...] = ()
    before: Counts = field(default_factory=Counts)


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A paragraph, with what it was told to be."""

    text: str
    kind: str = "text"
    """`text`, `title`, `heading`, `item`, `subheading`, `quote`, `quote on` (its next paragraph), `source`, `bullet`, `numbered`, `rule`."""
    line: int = 0
    number: int | None = None


def markdown_of_text(text: str, *, place: str, title: str = "") -> TextLetter:
    """A plain text as Markdown in our dialect. `title` is the letter's, where it is known from elsewhere."""
    reading = _TextReading(place)
    text = without_reserved(text)[:LARGEST]
    before = Counts(count_words(text), len(re.findall(r"https?://", text)), 0)
    text, references = _references(text)
    pieces = list(_paragraphs(text))
    pieces, period = _period(pieces)
    pieces, head = _head(pieces, title, reading)
    pieces = _without_comments(pieces, reading)
    pieces = _without_furniture(pieces, reading)
    pieces = _headings(pieces)
    pieces = _stories(pieces, reading)
    pieces = _topics(pieces, reading)
    pieces = _quotations(pieces)
    pieces = _behind_items(pieces)
    pieces = _roundup(pieces, reading)
    _lost_links(pieces, reading)
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


class _TextReading:
    """Where notes go."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.notes: list[ImportNote] = []

    def tell(self, kind: str, message: str, line: int = 0) -> None:
        note = ImportNote(f"{self.place}:{line}" if line else self.place, message, kind)  # type: ignore[arg-type]
        if note not in self.notes and len(self.notes) < 200:
            self.notes.append(note)


def _shown(text: str, most: int = 60) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"


# ── Lines and paragraphs ────────────────────────────────────────────────────────────────────────────────────────────

_BULLET = re.compile(r"[ \t]*(?:[•‣▪◦●○∙·–*+-]|➤|►|▶|✔|✓)[ \t]+(?=\S)")
_NUMBER = re.compile(r"[ \t]*(\d{1,2})(?:[.)]|、)[ \t]*(?=\S)(?![\d])")
_REFERENCE = re.compile(r"^[ \t]*\[(\d{1,3})\]:?[ \t]+<?((?:https?://|mailto:)[^\s<>]+)>?[ \t]*$", re.MULTILINE)
_RULE = re.compile(r"[ \t]*(?:[-=_*~–—•·#+][ \t]*){3,}$")


def _references(text: str) -> tuple[str, dict[str, str]]:
    """The text without the addresses that its numbers in square brackets stand for; and these, where each has one meaning."""
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


def _paragraphs(text: str) -> Iterator[TextPiece]:
    """Paragraphs: one a line, as pages are pasted; or parted by blank lines and wrapped, as mails are."""
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
    """The paragraphs of lines that no blank line parts: joined where they were broken at the edge, apart where they are lines."""
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
        # A line that had room for the next word was ended on purpose.
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
        if mark not in {"–", "-"} or not re.match(r"[“\"'‘A-Z].{0,160}$", line[found.end() :]) or not _is_source(line):
            return TextPiece(line[found.end() :].strip(), "bullet", number)
    if found := _NUMBER.match(line):
        return TextPiece(line[found.end() :].strip(), "numbered", number, int(found[1]))
    return TextPiece(line.strip(), "text", number)


def _is_source(line: str) -> bool:
    """Whether a line with a dash names a source: `– “Its title”, China Daily`, `— Mark Twain`."""
    words = line.strip().lstrip("–—-― ")
    return (
        len(words) <= 160
        and not words.endswith((".", ":", ";"))
        and bool(re.match(r"[“\"‘'«]?[A-Z\u00c0-\u024f\u0370-\uffff]", words))
    )


# ── The head ────────────────────────────────────────────────────────────────────────────────────────────────────────

_MONTHS = "january february march april may june july august september october november december".split()
_MONTH = re.compile(rf"(?P<month>{'|'.join(_MONTHS)})[ ,]+(?P<year>(?:19|20)\d\d)", re.IGNORECASE)
_END = (".", "!", "?", "…", ":", ";", ",", "。", "！", "？", "：")


def _period(pieces: list[TextPiece]) -> tuple[list[TextPiece], tuple[str, str] | None]:
    """The month that a line of its own at the very top names."""
    found = _MONTH.fullmatch(pieces[0].text) if pieces else None
    if not found:
        return pieces, None
    number = _MONTHS.index(found["month"].lower()) + 1
    return pieces[1:], (f"{found['year']}-{number:02d}", pieces[0].text)


def _is_masthead(pieces: Sequence[TextPiece]) -> bool:
    """Whether a first line in capitals is the letter's name rather than a heading: it is underlined, or has a number."""
    return bool(re.search(r"#\s*\d|\bN[Oo]\.?\s*\d", pieces[0].text)) or (len(pieces) > 1 and pieces[1].kind == "rule")


def _without_masthead(pieces: list[TextPiece], reading: _TextReading) -> list[TextPiece]:
    """What follows from the title on, where one is underlined near the top; headings underlined like it are headings."""
    at = next((at for at, piece in enumerate(pieces[:8]) if piece.kind == "title"), None)
    if at is None or sum(len(piece.text) for piece in pieces[:at]) > 300:
        return [_as(piece, "heading") if piece.kind == "title" else piece for piece in pieces]
    if said := ", ".join(piece.text for piece in pieces[:at] if piece.text):
        reading.tell("left out", f"what stands above the title: {_shown(said, 160)}", pieces[0].line)
    return [pieces[at], *(_as(piece, "heading") if piece.kind == "title" else piece for piece in pieces[at + 1 :])]


def _head(pieces: list[TextPiece], title: str, reading: _TextReading) -> tuple[list[TextPiece], tuple[str, str]]:
    """Title and standfirst: a short line at the top, and a short paragraph right below it with a longer one behind."""
    rest = _without_masthead(list(pieces), reading)
    if not rest:
        return rest, (title, "")
    first = rest[0]
    said = rest.pop(0).text if first.kind == "title" else ""
    if said:
        return rest, (title or said, "")
    same = title and re.sub(r"\W+", "", first.text).casefold() == re.sub(r"\W+", "", title).casefold()
    if same or (
        not title
        and first.kind == "text"
        and len(first.text) <= 200
        and not first.text.endswith(_END[:2])
        and not (_is_caps(first.text) and not _is_masthead(rest))
        and not furniture(first.text)
        and not _asks_to_subscribe(first.text)
    ):
        said = rest.pop(0).text
    subtitle = ""
    if said and len(rest) > 2 and rest[0].kind == "text":
        second = rest[0].text
        longer = max(len(piece.text) for piece in rest[1:4])
        greets = re.match(r"(?:dear|hi|hello|hey|liebe|chers?|querid[oa]s?|good morning)\b", second, re.IGNORECASE)
        if (
            20 <= len(second) <= 180
            and longer > len(second)
            and second.endswith(_END[:4])
            and not greets
            and not furniture(second)
            and not _asks_to_subscribe(second)
        ):
            subtitle = rest.pop(0).text
            reading.tell("changed", f"the line below the title is the subtitle now: “{_shown(subtitle)}”")
    return rest, (title or said, subtitle)


# ── What is no part of the letter ─────────────────────────────────────────────────────────────────────────────────────

_COMMENT = re.compile(r"\d{1,3}(?:mo|yr|min|[smhdwy])(?:\s*[•·(]|(?=[A-Z“\"'\u00c0-\uffff])|\s*$|\s*(?:ago|edited)\b)")
_SUBSCRIBING = re.compile(r"\b(?:subscribe|subscription|sign up|join (?:the|our) (?:mailing )?list)\b", re.IGNORECASE)
_LIST_WORDS = re.compile(r"\b(?:newsletter|inbox|mailed|mailing list|e-?mails?|updates|subscribers?)\b", re.IGNORECASE)


def _asks_to_subscribe(text: str) -> bool:
    """Whether a short paragraph is a subscribe box: it asks to, and says what one gets by mail."""
    return len(text) <= 260 and bool(_SUBSCRIBING.search(text)) and len(_LIST_WORDS.findall(text)) >= 2


def _without_comments(pieces: list[TextPiece], reading: _TextReading) -> list[TextPiece]:
    """What readers wrote below, as LinkedIn and others show it: who somebody is, how long ago, and the words."""
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
    reading.tell(
        "left out",
        f"{comments} comments of readers at the end ({words} words), from “{_shown(pieces[start].text, 40)}” on",
        pieces[start].line,
    )
    return pieces[:start]


_SECTION_LIKE = re.compile(r"[A-Z][A-Z\d ,–-]{12,}$")


_ITS_ADDRESS = re.compile(r"\s*:?\s*(?:<?https?://\S+>?|\{\{[^{}]{1,80}\}\}|\*\|[^|*]{1,80}\|\*)\s*$")
"""The address behind the words of a link: `Unsubscribe: https://…`."""


def _without_furniture(pieces: list[TextPiece], reading: _TextReading) -> list[TextPiece]:
    found: list[TextPiece] = []
    for at, piece in enumerate(pieces):
        bare = _ITS_ADDRESS.sub("", piece.text)
        what = furniture(bare) if piece.kind in {"text", "heading"} else ""
        if not what and piece.kind == "text" and (at < 3 or at > len(pieces) - 5) and _asks_to_subscribe(piece.text):
            what = "what asks to subscribe"
        if what:
            reading.tell("left out", f"{what.split(':')[0]}: “{_shown(piece.text)}”", piece.line)
        else:
            found.append(piece)
    return found


# ── Headings ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _is_caps(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return (
        len(letters) >= 6
        and len(text) <= 140
        and sum(char.isupper() for char in letters) >= 0.9 * len(letters)
        and any(char.lower() != char.upper() for char in letters)
    )


_CATEGORY = re.compile(r"([A-Z\u00c0-\uffff][^:：.!?]{1,70})[:：]\s+\S")


def _headings(pieces: list[TextPiece]) -> list[TextPiece]:
    """Lines in capitals open sections; short lines between paragraphs are headings, those of a category items."""
    categories = _categories(pieces)
    found: list[TextPiece] = []
    for at, piece in enumerate(pieces):
        kind = piece.kind
        if kind == "text":
            before = found[-1] if found else None
            if _is_caps(piece.text):
                kind = (
                    "subheading"
                    if before is not None and before.kind == "heading" and re.match(r"[“\"«‘']", piece.text)
                    else "heading"
                )
            elif _is_category(piece.text, categories):
                kind = "item"
            elif _is_short_heading(pieces, at):
                kind = "item" if categories and _is_among_items(pieces, at, categories) else "heading"
        found.append(_as(piece, kind))
    return found


def _as(piece: TextPiece, kind: str) -> TextPiece:
    return TextPiece(piece.text, kind, piece.line, piece.number)


def _categories(pieces: Sequence[TextPiece]) -> set[str]:
    """The categories of a digest, whose items are titled `Category: headline`: three or more such lines, each above a paragraph."""
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
        text.startswith((f"{one}: ", f"{one}, ")) for one in categories if len(one) > 3
    )


def _is_among_items(pieces: Sequence[TextPiece], at: int, categories: set[str]) -> bool:
    return any(_is_category(piece.text, categories) for piece in pieces[:at]) and any(
        _is_category(piece.text, categories) for piece in pieces[at + 1 :]
    )


def _is_short_heading(pieces: Sequence[TextPiece], at: int) -> bool:
    """Whether a line is a heading: short, without a full stop, and with longer paragraphs on either side."""
    text = pieces[at].text
    ended = text.rstrip("”\"’')]»").endswith(_END) or _POINTING.search(text)
    if (
        len(text) > 90
        or len(text) < 3
        or ended
        or not re.match(r"[\w“\"‘'«¿¡(#]", text)
        or text[0].islower()
        or (_is_source(text) and text[0] in "–—-―")
    ):
        return False
    if re.search(r"https?://|@\w", text) or len(text.split()) > 14:
        return False
    before = pieces[at - 1].text if at else None
    behind = next((piece for piece in pieces[at + 1 : at + 2]), None)
    if behind is None or behind.kind == "rule":
        return False
    room = max(80, 2 * len(text))
    listed = behind.kind in {"bullet", "numbered"}
    run = [piece.text for piece in pieces[at + 1 : at + 4]]
    leads_list = len(run) == 3 and all(len(one) <= 60 and not one.endswith(_END) for one in run)
    if not listed and not leads_list and len(behind.text) < room:
        return False
    return before is None or len(before) >= 60 or before.endswith((".", "!", "?", "”", "…", ")"))


# ── Stories with numbers, and lists of contents ───────────────────────────────────────────────────────────────────────


def _stories(pieces: list[TextPiece], reading: _TextReading) -> list[TextPiece]:
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
        if len(piece.text) > 160 or not (_POINTING.search(piece.text) or re.fullmatch(r"\(.*\)", piece.text)):
            break
        count += 1
    return count


def _with_titles(
    pieces: list[TextPiece],
    listed: tuple[int, int],
    titles: Sequence[Titled],
    places: dict[int, tuple[int, bool]],
    reading: _TextReading,
) -> list[TextPiece]:
    start, end = listed
    reading.tell("left out", f"a list of contents with {len(titles)} entries: the tool makes one", pieces[start].line)
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
            f"a plain text has no links: the sources of the stories {', '.join(unlinked)} are not known",
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
                f"the heading of story {title.number} is in the list of contents alone: it stands where the words fit, see whether it does",
                piece.line,
            )
            found += [TextPiece(title.text, "item", piece.line, title.number), piece]
    for index, title in enumerate(titles):
        if index not in places:
            reading.tell(
                "lost",
                f"the text of story {title.number}, “{_shown(title.text)}”, was not found",
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
        return _as(piece, "item")
    return piece


# ── The topics of a digest ──────────────────────────────────────────────────────────────────────────────────────────


def _topics(pieces: list[TextPiece], reading: _TextReading) -> list[TextPiece]:
    """Short lines one below another: a list; left out where it names the categories of the items below, as the tool makes such a list."""
    found: list[TextPiece] = []
    at = 0
    while at < len(pieces):
        end = at
        while (
            end < len(pieces)
            and pieces[end].kind in {"text", "heading", "bullet"}
            and len(pieces[end].text) <= 60
            and not pieces[end].text.endswith(_END)
        ):
            end += 1
        run = pieces[at:end]
        if run and run[0].kind == "heading" and len(run) > 3:
            found.append(run[0])
            run, at = run[1:], at + 1
        if len(run) < 3 or _is_caps(run[0].text):
            found += run or [pieces[end]]
            at = max(end, at + 1)
            continue
        titles = [piece.text for piece in pieces[end:] if piece.kind == "item"]
        words = {word for title in titles for word in re.findall(r"\w{4,}", title.partition(":")[0].casefold())}
        known = sum(any(word in words for word in re.findall(r"\w{4,}", piece.text.casefold())) for piece in run)
        if titles and known >= 0.6 * len(run):
            reading.tell(
                "left out",
                f"a list of {len(run)} topics: the tool makes one ({', '.join(piece.text for piece in run[:8])})",
                run[0].line,
            )
        else:
            found += [_as(piece, "bullet") for piece in run]
        at = end
    return found


# ── Quotations ──────────────────────────────────────────────────────────────────────────────────────────────────────

_PAIRS = {"“": "”", "«": "»", "„": "“", "「": "」", "『": "』"}


def _quotations(pieces: list[TextPiece]) -> list[TextPiece]:
    """Paragraphs that stand in quotation marks as a whole, or above a line with a dash that names their source."""
    found: list[TextPiece] = []
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        if piece.kind == "text" and (end := _quoted_until(pieces, at)):
            found += [_as(piece, "quote"), *(_as(one, "quote on") for one in pieces[at + 1 : end])]
            at = end
            continue
        if (
            piece.kind in {"text", "bullet"}
            and re.match(r"[–—―-]{1,2}\s*\S", piece.text)
            and _is_source(piece.text)
            and found
        ):
            last = found[-1]
            above = found[-2] if len(found) > 1 else None
            if last.kind in {"quote", "quote on"} or (
                last.kind == "text" and above is not None and above.text.endswith((":", "："))
            ):
                found[-1] = last if last.kind == "quote on" else _as(last, "quote")
                found.append(TextPiece(piece.text.lstrip("–—―- "), "source", piece.line))
                at += 1
                continue
        found.append(piece)
        at += 1
    return found


def _quoted_until(pieces: Sequence[TextPiece], at: int) -> int:
    """Behind the paragraphs, from `at` on, that one pair of quotation marks stands around; 0 where none does."""
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


# ── What stands behind the stories, and the last of them ────────────────────────────────────────────────────────────────

_CALL = re.compile(
    r"(?:let (?:me|us) know|(?:send|drop|write|e-?mail) (?:me|us)|reply to this|get in touch|tell (?:me|us)|(?:i|we)['’]d love to hear|what did (?:i|we) miss|(?:i|we) (?:have )?missed|"
    r"know of any|thank(?:s| you) for reading|see you (?:next|in)|until next (?:time|month|week))",
    re.IGNORECASE,
)


def _behind_items(pieces: list[TextPiece]) -> list[TextPiece]:
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


def _roundup(pieces: list[TextPiece], reading: _TextReading) -> list[TextPiece]:
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
        f"the {end - start - 1} paragraphs of story {pieces[start].number} are the entries of a round-up now",
        pieces[start].line,
    )
    return [*pieces[: start + 1], *(_as(piece, "bullet") for piece in pieces[start + 1 : end]), *pieces[end:]]


# ── What a plain text cannot hold ─────────────────────────────────────────────────────────────────────────────────────

_POINTING = re.compile(
    r"\b(?:click|listen|read|watch|see|view|download|register|sign up|find|book|subscribe|join|more)\b[^.!?]{0,80}\bhere\b|\bclick (?:on )?(?:the )?(?:links?|titles?|button)\b|\bread more\b|\blinks? (?:in|below|above)\b",
    re.IGNORECASE,
)


def _lost_links(pieces: Sequence[TextPiece], reading: _TextReading) -> None:
    for piece in pieces:
        found = _POINTING.search(piece.text) if piece.kind != "item" else None
        if found and not re.search(r"https?://|\[\d", piece.text):
            reading.tell("lost", f"the address of a link is not in a plain text: “{_shown(found[0])}”", piece.line)


# ── Markdown ────────────────────────────────────────────────────────────────────────────────────────────────────────


_ADDRESS = late(r"https?://[^\s<>\"'“”‘’()\[\]{}|\\]+(?<![.,;:!?])")


def _markdown(pieces: Sequence[TextPiece], references: dict[str, str], reading: _TextReading) -> str:
    place = reading.place

    def line(text: str) -> str:
        text = with_fields(text, reading.notes.append, place)
        if "://" in text:
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
                blocks.append(paragraph(text))
        last = piece.kind
    body = "\n\n".join(_without_loose_rules(blocks))
    return written(f"{body}\n") if body else ""


_LINKED = re.compile(r"([^\[\]]+?)[ \t]*\[\\\[\d{1,3}\\\]\]\((\S+)\)$")
"""A title with the number of its link behind it."""


def _without_loose_rules(blocks: list[str]) -> Iterator[str]:
    """The blocks without rules at the edges, beside headings and in a row."""
    for at, block in enumerate(blocks):
        behind = blocks[at + 1] if at + 1 < len(blocks) else "#"
        before = blocks[at - 1] if at else "#"
        if block != "---" or not (behind.startswith("#") or before.startswith("#") or before == "---"):
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
