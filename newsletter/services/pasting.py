"""HTML that can be pasted into an editor: headings, paragraphs, lists, quotations, pictures, links and code, and nothing else.

Editors drop unknown elements, often with their text. So each row of a table becomes a paragraph, a picture's caption
becomes a paragraph below it, and of other elements only the text stays.
"""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser

_KEPT = {
    **{tag: tag for tag in ("p", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong", "a", "h2", "h3")},
    "h1": "h2",
    "h4": "h3",
    "h5": "h3",
    "h6": "h3",
    "b": "strong",
    "i": "em",
    "cite": "em",
    "figcaption": "p",
    "caption": "p",
    "tr": "p",
    "dt": "p",
    "dd": "p",
    "summary": "p",
}
"""The element that replaces each element. Of other elements, only the content stays."""
_VOID = {"hr": "<hr>", "br": "<br>"}
_ATTRIBUTES = {"a": ("href",), "ol": ("start",)}
_BLOCKS = frozenset({"p", "ul", "ol", "blockquote", "pre", "h2", "h3", "li"})
_DROPPED = frozenset({"script", "style", "template", "form", "svg"})
_CELL = " · "
"""The separator between the cells of a row."""


def for_pasting(html: str) -> str:
    """A fragment with only the elements that editors accept. All text stays, in order."""
    writer = _Pasted()
    writer.feed(html)
    writer.close()
    return writer.text()


class _Pasted(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._out: list[str] = []
        self._open: list[tuple[str, str]] = []
        """The open elements: their original names, and the names that are written."""
        self._dropped = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DROPPED:
            self._dropped += 1
        elif tag == "img":
            self._picture(dict(attrs))
        elif tag in _VOID:
            self._out.append(_VOID[tag])
        elif tag in {"td", "th"}:
            self._cell()
        else:
            self._begin(tag, attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID and tag not in {"img", "td", "th"}:
            self.handle_endtag(tag)

    def _begin(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        written = _KEPT.get(tag, "")
        # A paragraph, or an element that became one, contains no blocks.
        if written in _BLOCKS and any(each in {"p", "h2", "h3"} for _, each in self._open):
            written = ""
        kept = [(name, value) for name, value in attrs if name in _ATTRIBUTES.get(written, ()) and value]
        self._open.append((tag, written))
        if written:
            self._out.append(f"<{written}{''.join(_attribute(name, value or '') for name, value in kept)}>")

    def _cell(self) -> None:
        if self._out and not self._out[-1].startswith("<p"):
            self._out.append(_CELL)

    def _picture(self, attributes: dict[str, str | None]) -> None:
        names = [name for name in ("src", "alt") if attributes.get(name)]
        self._out.append(f"<img{''.join(_attribute(name, attributes[name] or '') for name in names)}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in _DROPPED:
            self._dropped = max(0, self._dropped - 1)
            return
        if not any(tag == each for each, _ in self._open):
            return
        while self._open:
            opened, written = self._open.pop()
            if written:
                self._out.append(f"</{written}>")
            if opened == tag:
                return

    def handle_data(self, data: str) -> None:
        if not self._dropped:
            self._out.append(escape(data, quote=False))

    def text(self) -> str:
        """The result, with all open elements closed."""
        self._out += [f"</{written}>" for _, written in reversed(self._open) if written]
        return "".join(self._out)


def _attribute(name: str, value: str) -> str:
    return f' {name}="{escape(value)}"'
