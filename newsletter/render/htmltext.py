"""HTML of the author as plain text: its blocks as paragraphs, its breaks and bullets, and where its links lead."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from newsletter.digits import short_references, whole_number
from newsletter.records import dataclass
from newsletter.tokens import CLOSE, OPEN, PLACEHOLDER

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

if TYPE_CHECKING:
    Numbered = Callable[[str, str], str]
    """Returns the words of a link and the reference to its address, from both."""

_APART = frozenset(
    "address article aside blockquote details div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p pre "
    "section table ul".split()
)
"""Elements that are separate paragraphs."""
_LINES = frozenset("br caption dd dt figcaption li summary tr".split())
"""Elements that begin or end a line."""
_SPACES = re.compile(r"[ \t\r\f\v\n]+")
_UNSHOWN = frozenset(("script", "style", "template", "title"))
_ITEM, _VERBATIM = "\ufddd", "\ufdde"
"""Internal marks: the first encloses a list marker with its indent, the second begins a line of `<pre>`."""
_BEGINNING = re.compile(f"{_ITEM}([0-9]+){_ITEM}([^{_ITEM}]*){_ITEM}")
_LISTED = re.compile(r"<(/?)(ol|ul|li)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HtmlLine:
    """A line of text that an author's HTML makes, before it is wrapped."""

    text: str
    indent: int = 0
    """The indent in columns, for text in lists."""
    marker: str = ""
    """The marker of an entry of a list: `- `, `3. `."""
    verbatim: bool = False
    """Whether it comes from `<pre>`: its spaces are kept, and it is not wrapped."""


def html_text(html: str, numbered: Numbered, numeral: Callable[[int], str] = str) -> tuple[tuple[HtmlLine, ...], ...]:
    """The paragraphs of cleaned HTML, line by line. `numeral` formats the number of a list item."""
    held: list[str] = []
    html = short_references(PLACEHOLDER.sub(lambda found: _held(found[0], held), html))
    reader = _HtmlTextReader(
        lambda words, href: numbered(_given_back(words, held), _given_back(href, held)), numeral, _item_counts(html)
    )
    reader.feed(html)
    reader.close()
    return tuple(
        tuple(replace(line, text=_given_back(line.text, held)) for line in paragraph)
        for paragraph in reader.paragraphs()
    )


def _item_counts(html: str) -> list[int]:
    """The number of items of each numbered list, in the order of their start tags."""
    counts: list[int] = []
    opened: list[int] = []
    for tag in _LISTED.finditer(html):
        name = tag[2].lower()
        if name == "li" and not tag[1] and opened:
            counts[opened[-1]] += 1
        elif name != "li" and not tag[1]:
            opened.append(len(counts))
            counts.append(0)
        elif name != "li" and opened:
            opened.pop()
    return counts


_HELD = re.compile(f"{OPEN}([0-9]+){CLOSE}")


def _held(placeholder: str, held: list[str]) -> str:
    """The mark that replaces a placeholder during parsing, because its fallback may contain quotes and even tags."""
    held.append(placeholder)
    return f"{OPEN}{len(held) - 1}{CLOSE}"


def _given_back(text: str, held: Sequence[str]) -> str:
    return _HELD.sub(lambda found: held[int(found[1])], text) if held else text


@dataclass(slots=True)
class _OpenList:
    """A list whose items are being read."""

    kind: str = ""
    """The numbering of its items, as HTML's `type`; empty if they are not numbered."""
    number: int = 1
    """The number of the next item."""
    step: int = 1
    width: int = 2
    """The width of the current item's marker, in columns."""


class _HtmlTextReader(HTMLParser):
    """Collects text; a form feed separates paragraphs."""

    def __init__(self, numbered: Numbered, numeral: Callable[[int], str], counts: Sequence[int]) -> None:
        super().__init__(convert_charrefs=True)
        self._numbered = numbered
        self._numeral = numeral
        self._counts = iter(counts)
        self._parts: list[str] = []
        self._links: list[tuple[int, str]] = []
        """The open links: the index in `_parts` where their text begins, and their address."""
        self._lists: list[_OpenList] = []
        self._unshown = 0
        self._verbatim = 0
        """The number of open `<pre>` elements."""
        self._marked = False
        """Whether a list marker has just been written, with nothing after it."""

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Begins a paragraph, a line, a list item or a link."""
        given = dict(attrs)
        self._edge(tag)
        if tag in _UNSHOWN:
            self._unshown += 1
        elif tag in {"ol", "ul"}:
            self._lists.append(_opened(tag, given, next(self._counts, 0)))
        elif tag == "li":
            self._entry(given)
        elif tag == "pre":
            self._verbatim += 1
            self._parts.append(_VERBATIM)
        elif tag == "img":
            self._parts.append(given.get("alt") or "")
        elif tag == "a" and given.get("href"):
            self._links.append((len(self._parts), given["href"] or ""))

    def handle_endtag(self, tag: str) -> None:
        """Ends a paragraph, a line or a link."""
        if tag in _UNSHOWN:
            self._unshown = max(0, self._unshown - 1)
        elif tag == "a" and self._links:
            start, href = self._links.pop()
            words = "".join(self._parts[start:])
            self._parts[start:] = [self._numbered(words if self._verbatim else _SPACES.sub(" ", words), href)]
        elif tag in {"td", "th"}:
            self._parts.append(" ")
        elif tag != "br":
            self._marked = False
            if tag in {"ol", "ul"} and self._lists:
                self._lists.pop()
            elif tag == "pre":
                self._verbatim = max(0, self._verbatim - 1)
            self._edge(tag)

    def handle_data(self, data: str) -> None:
        """Text with white space collapsed, except in `<pre>`."""
        if self._unshown:
            return
        if self._verbatim:
            data = data.removeprefix("\n") if self._parts[-1:] == [_VERBATIM] else data
            self._parts.append(data.replace("\f", " ").replace("\n", f"\n{_VERBATIM}"))
        else:
            self._parts.append(_SPACES.sub(" ", data))
        self._marked = self._marked and not data.strip()

    def _entry(self, given: Mapping[str, str | None]) -> None:
        """The marker of a list item, at the start of its line."""
        if not self._lists:
            self._parts.append(self._begin(0, "- "))
            return
        listed = self._lists[-1]
        listed.number = _whole(given.get("value"), listed.number)
        marker = (
            f"{_counted(listed.number, given.get('type') or listed.kind, self._numeral)}. " if listed.kind else "- "
        )
        listed.number += listed.step
        listed.width = len(marker)
        self._parts.append(self._begin(sum(one.width for one in self._lists[:-1]), marker))
        self._marked = True

    @staticmethod
    def _begin(indent: int, marker: str) -> str:
        return f"{_ITEM}{indent}{_ITEM}{marker}{_ITEM}"

    def _edge(self, tag: str) -> None:
        if self._marked and tag != "li":
            return  # the first paragraph of an item follows its marker
        nested = tag in {"ol", "ul"} and self._lists
        if tag in _APART and not nested:
            self._parts.append("\f")
        elif tag in _LINES or nested:
            self._parts.append("\n")
        else:
            return
        if self._verbatim:
            self._parts.append(_VERBATIM)
        elif self._lists:
            self._parts.append(self._begin(sum(one.width for one in self._lists), ""))

    def paragraphs(self) -> tuple[tuple[HtmlLine, ...], ...]:
        """The paragraphs so far."""
        found = (_lines_of(paragraph) for paragraph in "".join(self._parts).split("\f"))
        return tuple(filter(None, found))


def _lines_of(paragraph: str) -> tuple[HtmlLine, ...]:
    lines = [_line_of(line) for line in paragraph.split("\n")]
    while lines and not lines[-1].text.strip() and not lines[-1].marker:
        lines.pop()
    return tuple(line for line in lines if line.text or line.marker or line.verbatim)


def _line_of(line: str) -> HtmlLine:
    if line.startswith(_VERBATIM):
        return HtmlLine(line.replace(_VERBATIM, "").expandtabs(4).rstrip(), verbatim=True)
    beginnings = _BEGINNING.findall(line)
    text = _BEGINNING.sub("", line).replace(_VERBATIM, "").strip()
    if not beginnings:
        return HtmlLine(text)
    indent, marker = next((one for one in beginnings if one[1]), beginnings[-1])
    return HtmlLine(text, int(indent), marker)


def _opened(tag: str, given: Mapping[str, str | None], count: int) -> _OpenList:
    if tag == "ul":
        return _OpenList()
    backwards = "reversed" in given
    kind = given.get("type") or "1"
    return _OpenList(kind, _whole(given.get("start"), count if backwards else 1), -1 if backwards else 1)


def _whole(written: str | None, otherwise: int) -> int:
    found = re.fullmatch(r"\s*(-?)([0-9]+)\s*", written or "")
    number = whole_number(found[2]) if found else None
    return otherwise if number is None or found is None else -number if found[1] else number


_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


def _counted(number: int, kind: str, numeral: Callable[[int], str]) -> str:
    """A number in the format of HTML's `type` (HTML §4.4.5)."""
    if kind in {"i", "I"} and 0 < number < 4000:
        left, written = number, ""
        for value, letters in _ROMAN:
            written += letters * (left // value)
            left %= value
    elif kind in {"a", "A"} and number > 0:
        left, written = number, ""
        while left:
            left, letter = divmod(left - 1, 26)
            written = chr(ord("a") + letter) + written
    else:
        return numeral(number)
    return written.upper() if kind.isupper() else written


def open_link(tag: str) -> str:
    """The address of the link that `tag` opens; empty if it opens none."""
    found = _Tag.of(tag)
    return found.attribute("href") if found.name == "a" else ""


def tag_text(tag: str) -> str:
    """The text of a tag alone: a line end, or the description of a picture."""
    found = _Tag.of(tag)
    return "\n" if found.name == "br" else found.attribute("alt") if found.name == "img" else ""


class _Tag(HTMLParser):
    """The parser for a single tag."""

    name = ""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.given: dict[str, str | None] = {}
        self._placeholders: list[str] = []

    @classmethod
    def of(cls, tag: str) -> _Tag:
        """The first tag in a text."""
        reader = cls()
        reader.feed(short_references(PLACEHOLDER.sub(lambda found: _held(found[0], reader._placeholders), tag)))
        return reader

    def attribute(self, name: str) -> str:
        """The value of an attribute; empty if it is missing."""
        return _given_back(self.given.get(name) or "", self._placeholders)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Records the tag and its attributes."""
        self.name, self.given = tag, dict(attrs)
