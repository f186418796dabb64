"""Converts HTML in an author's Markdown to Markdown: removes wrappers; keeps pictures, links and emphasis."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from newsletter.blocks.sites import film_of
from newsletter.digits import short_references, unescape
from newsletter.importing.addresses import bare_address
from newsletter.importing.html.frames import FRAMES, frame_source, words_for
from newsletter.importing.markup import destination, escaped, link, paragraph
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

_DROPPED = frozenset("script style head title template noscript form button input select textarea svg".split())
_BLOCK = frozenset(
    "p div section article aside header footer figure blockquote ul ol li table tr center details summary".split()
)
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "del": "~~", "s": "~~", "strike": "~~"}
_MARKDOWN_WITHIN = re.compile(
    r"^(?:[ \t]*<(?:/?(?:div|section|center|article|aside|span|p|details|summary)\b)[^>]*>[ \t]*)+$", re.IGNORECASE
)


_WHOLE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#", re.IGNORECASE)
_IS_MARKDOWN = re.compile(r"<\w+[^>]*\smarkdown\s*=", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of HTML as Markdown."""

    text: str
    notes: tuple[tuple[str, str], ...]
    """(kind of note, message) for everything that was changed or left out."""


def fragment(html: str, picture: Callable[[dict[str, str], str], str], resolve: Callable[[str], str]) -> Fragment:
    """Converts `html` to Markdown.

    `picture` returns Markdown for a picture, from the attributes of its tag and its caption. `resolve` resolves a
    relative address. Lines with only wrapper tags (`<div align="center">`) are removed; the text between them is
    already Markdown.
    """
    lines = html.split("\n")
    if lines and all(_MARKDOWN_WITHIN.match(line) or not line.strip() or "<" not in line for line in lines):
        kept = "\n".join(line for line in lines if not _MARKDOWN_WITHIN.match(line))
        return Fragment(kept, (("changed", "HTML wrapper tags were removed"),))
    reader = _FragmentReader(picture, resolve, markdown=_IS_MARKDOWN.search(html) is not None)
    reader.feed(short_references(html))
    reader.close()
    return Fragment(reader.markdown(), tuple(dict.fromkeys(reader.notes)))


class _FragmentReader(HTMLParser):
    def __init__(
        self, picture: Callable[[dict[str, str], str], str], resolve: Callable[[str], str], *, markdown: bool
    ) -> None:
        super().__init__(convert_charrefs=True)
        self._markdown = markdown
        """Whether the text inside is already Markdown (`markdown="1"`, as in kramdown)."""
        self.notes: list[tuple[str, str]] = [("changed", "HTML became Markdown")]
        self._picture = picture
        self._resolve = resolve
        self._parts: list[str] = []
        self._dropping = 0
        self._waiting: list[dict[str, str]] = []
        """The pictures of a figure before its caption was read."""
        self._caption: list[str] | None = None
        self._in_figure = False
        self._links: list[str] = []
        self._rows: list[list[str]] | None = None
        self._plays = False
        """Whether the open player already has a recording."""
        self._poster = ""
        """The address of the picture that the player shows before it plays."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: unescape(value or "") for name, value in attrs}
        if tag in _DROPPED:
            self._dropping += tag != "input"
            self.notes.append(("left out", f"<{tag}>, which an email cannot have"))
        elif tag == "img":
            self._image(given)
        elif tag in FRAMES:
            self._frame(tag, given)
        elif tag == "param" and not self._plays and given.get("name") in {"movie", "src", "url"}:
            self._frame("object", {"src": given.get("value", "")})
        elif tag == "area":
            self._frame("area", {"src": given.get("href", ""), "title": given.get("alt", "")})
        elif tag == "figure":
            self._in_figure = True
            self._parts.append("\n\n")
        elif tag == "figcaption":
            self._caption = []
        elif tag == "a":
            href = given.get("href", "")
            whole = bare_address(href) if _WHOLE.match(href) else self._resolve(href)
            self._links.append(whole)
            self._put("[" if whole else "")
        elif tag == "table":
            self._rows = []
        elif tag == "tr" and self._rows is not None:
            self._rows.append([])
        elif tag in {"td", "th"} and self._rows:
            self._rows[-1].append("")
        else:
            self._plain_tag(tag)

    def _plain_tag(self, tag: str) -> None:
        if tag in _MARKS:
            self._put(_MARKS[tag])
        elif tag == "br":
            self._put("\\\n" if self._rows is None else " ")
        elif tag == "hr":
            self._put("\n\n---\n\n")
        elif re.fullmatch("h[1-6]", tag):
            self._put(f"\n\n{'#' * int(tag[1])} ")
        elif tag == "li":
            self._put("\n- ")
        elif tag in _BLOCK:
            self._put("\n\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _DROPPED:
            self._dropping = max(self._dropping - 1, 0)
        elif tag in {"audio", "video"}:
            self._end_player(tag)
        elif tag == "figure":
            self._in_figure = False
            self._show_pictures()
        elif tag == "a":
            whole = self._links.pop() if self._links else ""
            self._put(f"]({destination(whole)})" if whole else "")
        elif tag == "table":
            self._show_table()
        elif tag in _MARKS:
            self._put(_MARKS[tag])
        elif tag in _BLOCK or re.fullmatch("h[1-6]", tag):
            self._put("\n\n" if tag != "li" else "")

    def handle_data(self, data: str) -> None:
        if self._dropping:
            return
        if self._caption is not None and self._in_figure:
            self._caption.append(data)
        elif self._rows is not None:
            words = re.sub(r"\s+", " ", data)
            self._put(words.replace("|", "\\|") if self._markdown else escaped(words, in_cell=True))
        else:
            self._put(data if self._markdown else escaped(re.sub(r"\s+", " ", data)))

    def _frame(self, tag: str, given: dict[str, str]) -> None:
        """Converts a player or frame to a link."""
        source = frame_source(given)
        if tag in {"audio", "video", "object"}:
            self._poster = given.get("poster", "")
            self._plays = False
        if (
            self._dropping
            or (not source and tag not in {"iframe", "embed"})
            or (self._plays and tag in {"source", "embed"})
        ):
            return  # its `source` elements follow, or this is another format of the same recording
        self._plays = bool(source) and tag not in {"iframe", "embed"}
        address = bare_address(source) if _WHOLE.match(source) else self._resolve(source)
        if film := film_of(address):
            self.notes.append(("changed", f"an embedded video is now its address, {film}"))
            self._put(f"\n\n{film}\n\n")
        elif address:
            words = words_for(address, given.get("title", ""))
            self.notes.append(("changed", f"<{tag}> is now a link to {address[:100]}"))
            shown = link(escaped(words, in_link=True), address)
            self._put(f" {shown}" if tag == "area" else f"\n\n{shown}\n\n")
        else:
            unresolved = given.get("src", "") or given.get("srcdoc", "")
            kind = "lost" if unresolved else "left out"
            self.notes.append(
                (
                    kind,
                    f"<{tag}>: its address cannot be resolved: {unresolved[:100]}"
                    if unresolved
                    else f"<{tag}> without an address",
                )
            )

    def _end_player(self, tag: str) -> None:
        """Reports a player without a recording, and keeps its preview picture."""
        if not self._plays and not self._dropping:
            self.notes.append(("lost", f"<{tag}>, whose recording the source does not have"))
            if self._poster:
                self._image({"src": self._poster})
        self._plays, self._poster = False, ""

    def _image(self, given: dict[str, str]) -> None:
        if self._in_figure:
            self._waiting.append(given)
        else:
            self._put(self._picture(given, ""))

    def _put(self, text: str) -> None:
        if self._dropping:
            return
        if self._rows:
            if self._rows[-1]:
                self._rows[-1][-1] += text
        elif self._caption is None:
            self._parts.append(text)

    def _show_pictures(self) -> None:
        caption = " ".join("".join(self._caption or ()).split())
        self._caption = None
        for at, given in enumerate(self._waiting):
            self._parts.append(f"\n\n{self._picture(given, caption if at == len(self._waiting) - 1 else '')}\n\n")
        if caption and not self._waiting:
            self._parts.append(f"\n\n{escaped(caption)}\n\n")
        self._waiting = []

    def _show_table(self) -> None:
        rows, self._rows = [row for row in self._rows or () if row], None
        if not rows:
            return
        width = max(map(len, rows))
        lines = [
            f"| {' | '.join([' '.join(cell.split()) for cell in row] + [''] * (width - len(row)))} |" for row in rows
        ]
        lines.insert(1, f"|{' --- |' * width}")
        self._parts.append("\n\n" + "\n".join(lines) + "\n\n")

    def markdown(self) -> str:
        self._in_figure = False
        if self._waiting or self._caption is not None:
            self._show_pictures()
        self._show_table()
        text = "".join(self._parts)
        blocks = (_EDGES.sub("", block.strip()) for block in re.split(r"\n\s*\n", text))
        return "\n\n".join(_safe(block) for block in blocks if block)


_EDGES = re.compile(r"\A(?:\\\n\s*)+|(?:(?<!\\)\\(?:\n\s*|\Z))+\Z|\A\\\Z")
"""Line breaks at the edges of a block, where they would be only backslashes."""


def _safe(block: str) -> str:
    """A block of text, escaped so that it begins no other block. Blocks that this module wrote stay unchanged."""
    return block if re.match(r"(?:#{1,6} |- |\||---$|!\[|<!--)", block) else paragraph(block)
