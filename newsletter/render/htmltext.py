"""HTML of the author as plain text: its blocks as paragraphs, its breaks and bullets, and where its links lead."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from newsletter.digits import short_references
from newsletter.tokens import CLOSE, OPEN, PLACEHOLDER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

if TYPE_CHECKING:
    Numbered = Callable[[str, str], str]
    """Gives the words of a link with what tells its address, from both."""

_APART = frozenset(
    "address article aside blockquote details div dl fieldset figure footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p pre "
    "section table ul".split()
)
"""Elements that stand apart from what is around them."""
_LINES = frozenset("br caption dd dt figcaption li summary tr".split())
"""Elements that begin or end a line."""
_SPACES = re.compile(r"[ \t\r\f\v\n]+")
_UNSHOWN = frozenset(("script", "style", "template", "title"))


def html_text(html: str, numbered: Numbered) -> tuple[str, ...]:
    """The paragraphs of a piece of HTML that has been cleaned; line ends in them are to be kept."""
    held: list[str] = []
    html = PLACEHOLDER.sub(lambda found: _held(found[0], held), html)
    reader = _HtmlTextReader(lambda words, href: numbered(_given_back(words, held), _given_back(href, held)))
    reader.feed(short_references(html))
    reader.close()
    return tuple(_given_back(paragraph, held) for paragraph in reader.paragraphs())


_HELD = re.compile(f"{OPEN}([0-9]+){CLOSE}")


def _held(placeholder: str, held: list[str]) -> str:
    """What stands for a placeholder while tags are read: its fallback may hold quotation marks and even tags."""
    held.append(placeholder)
    return f"{OPEN}{len(held) - 1}{CLOSE}"


def _given_back(text: str, held: Sequence[str]) -> str:
    return _HELD.sub(lambda found: held[int(found[1])], text) if held else text


class _HtmlTextReader(HTMLParser):
    """Gathers text, in which a form feed parts paragraphs."""

    def __init__(self, numbered: Numbered) -> None:
        super().__init__(convert_charrefs=True)
        self._numbered = numbered
        self._parts: list[str] = []
        self._links: list[tuple[int, str]] = []
        """Those that are open: where in `_parts` their words begin, and where they lead."""
        self._unshown = 0

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Begins a paragraph, a line or a link."""
        given = dict(attrs)
        self._edge(tag)
        if tag in _UNSHOWN:
            self._unshown += 1
        elif tag == "li":
            self._parts.append("- ")
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
            words = _SPACES.sub(" ", "".join(self._parts[start:]))
            self._parts[start:] = [self._numbered(words, href)]
        elif tag in {"td", "th"}:
            self._parts.append(" ")
        elif tag != "br":
            self._edge(tag)

    def handle_data(self, data: str) -> None:
        """Text, in which white space is one space."""
        if not self._unshown:
            self._parts.append(_SPACES.sub(" ", data))

    def _edge(self, tag: str) -> None:
        if tag in _APART:
            self._parts.append("\f")
        elif tag in _LINES:
            self._parts.append("\n")

    def paragraphs(self) -> tuple[str, ...]:
        """What has been gathered."""
        found = "".join(self._parts).split("\f")
        lines = ("\n".join(filter(None, map(str.strip, paragraph.split("\n")))) for paragraph in found)
        return tuple(filter(None, lines))


def open_link(tag: str) -> str:
    """Where a link leads that the tag `tag` opens; empty where it opens none."""
    found = _Tag.of(tag)
    return found.said("href") if found.name == "a" else ""


def tag_text(tag: str) -> str:
    """What a tag alone says: a line end, or what a picture shows."""
    found = _Tag.of(tag)
    return "\n" if found.name == "br" else found.said("alt") if found.name == "img" else ""


class _Tag(HTMLParser):
    """A tag by itself."""

    name = ""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.given: dict[str, str | None] = {}
        self._placeholders: list[str] = []

    @classmethod
    def of(cls, tag: str) -> _Tag:
        """The first tag that a text opens."""
        reader = cls()
        reader.feed(short_references(PLACEHOLDER.sub(lambda found: _held(found[0], reader._placeholders), tag)))
        return reader

    def said(self, name: str) -> str:
        """The value of an attribute; empty where it has none."""
        return _given_back(self.given.get(name) or "", self._placeholders)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Notes it down."""
        self.name, self.given = tag, dict(attrs)
