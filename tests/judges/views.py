"""The view that a program has of an email: its conditional comments are resolved, and all tags must close in order.

Only Word's engine (Outlook on Windows, `mso` from 9 to 16) still reads conditional comments. All other programs treat
them as comments. There are two forms:

<!--[if mso]> for Word alone <![endif]-->
<!--[if !mso]><!--> for all except Word <!--<![endif]-->

https://learn.microsoft.com/en-us/previous-versions/windows/internet-explorer/ie-developer/compatibility/ms537512(v=vs.85)
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

WORD = 16
"""The version that every Outlook since 2016 reports."""
VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_HIDDEN = re.compile(r"\[if ([^\]]*)\]>(.*)<!\[endif\]", re.DOTALL)
_REVEALED = re.compile(r"<!--\[if ([^\]]*)\]><!-->(.*?)<!--<!\[endif\]-->", re.DOTALL)
_TERM = re.compile(r"(!)?\s*(?:(lt|lte|gt|gte)\s+)?(mso|IE)(?:\s+(\d+))?")

# The allowed children of these elements, and their allowed parents: more lenient than HTML, but strict enough to find a
# broken table.
_WITHIN = {
    "table": {"tr", "tbody", "thead", "tfoot", "caption", "colgroup"},
    "tbody": {"tr"},
    "thead": {"tr"},
    "tfoot": {"tr"},
    "tr": {"td", "th"},
    "ul": {"li"},
    "ol": {"li"},
}
_ONLY_IN = {
    "tr": {"table", "tbody", "thead", "tfoot"},
    "td": {"tr"},
    "th": {"tr"},
    "tbody": {"table"},
    "thead": {"table"},
    "li": {"ul", "ol"},
}
# The elements before which HTML closes a `<p>` by itself.
_NOT_IN_P = {"p", "table", "div", "ul", "ol", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "hr"}


def browser_view(html: str) -> str:
    """The view of a browser, and of every client except Word: without comments."""
    return _COMMENT.sub("", _REVEALED.sub(lambda found: found[2], html))


def word_view(html: str) -> str:
    """The view of Outlook on Windows."""

    def revealed(found: re.Match[str]) -> str:
        return found[2] if holds(found[1]) else ""

    def hidden(found: re.Match[str]) -> str:
        condition = _HIDDEN.fullmatch(found[1])
        return condition[2] if condition and holds(condition[1]) else ""

    return _COMMENT.sub(hidden, _REVEALED.sub(revealed, html))


def holds(condition: str) -> bool:
    """Whether a condition such as `mso | IE`, `!mso` or `gte mso 9` is true in Word, which is not Internet Explorer."""
    return any(
        all(map(_term, part.strip("() ").split("&"))) for part in condition.replace("(", "").replace(")", "").split("|")
    )


def _term(term: str) -> bool:
    read = _TERM.fullmatch(term.strip())
    if read is None:
        raise ValueError(f"no condition that Outlook knows: {term!r}")
    negated, comparison, program, number = read.groups()
    version = int(number or 0)
    found = (
        program == "mso"
        and {
            None: not number or version == WORD,
            "lt": version > WORD,
            "lte": version >= WORD,
            "gt": version < WORD,
            "gte": version <= WORD,
        }[comparison]
    )
    return found != bool(negated)


class Outline(HTMLParser):
    """Parses a view strictly.

    `faults` has the tags that do not close in order, `tags` each start tag with its depth.
    """

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.faults: list[str] = []
        self.tags: list[tuple[int, str, str]] = []
        """Depth, name and class."""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        if self.rawdata:
            self._fault(f"text that no tag ends: {self.rawdata[:40]!r}")
        if self._open:
            self._fault(f"never closed: {' '.join(self._open)}")

    def _fault(self, message: str) -> None:
        line, column = self.getpos()
        self.faults.append(f"{line}:{column + 1}: {message}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._stands(tag, attrs) and tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # Only the XML of Office can close itself. HTML ignores the slash.
        if tag not in VOID and ":" not in tag:
            self._fault(f"<{tag} /> is left open by HTML")
        self._stands(tag, attrs)

    def _stands(self, tag: str, attrs: list[tuple[str, str | None]]) -> bool:
        parent = self._open[-1] if self._open else ""
        if tag not in _WITHIN.get(parent, {tag}):
            self._fault(f"<{tag}> right within <{parent}>")
        if parent not in _ONLY_IN.get(tag, {parent}):
            self._fault(f"<{tag}> in <{parent}>")
        if tag in _NOT_IN_P and "p" in self._since_cell():
            self._fault(f"<{tag}> within <p>, which it closes")
        if tag == "a" and "a" in self._since_cell():
            self._fault("<a> within <a>")
        names = [name for name, _ in attrs]
        if len(set(names)) < len(names):
            self._fault(f"<{tag}> says an attribute twice")
        self.tags.append((len(self._open), tag, dict(attrs).get("class") or ""))
        return True

    def _since_cell(self) -> list[str]:
        """The open elements, from the innermost table cell on."""
        for index in range(len(self._open) - 1, -1, -1):
            if self._open[index] in {"td", "th"}:
                return self._open[index + 1 :]
        return self._open

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1] == tag:
            self._open.pop()
        elif tag in VOID:
            self._fault(f"</{tag}>, which has no end")
        else:
            self._fault(f"</{tag}> where {' '.join(self._open[-3:]) or 'nothing'} is open")
            if tag in self._open:
                del self._open[len(self._open) - 1 - self._open[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        parent = self._open[-1] if self._open else ""
        if data.strip() and parent in {"table", "tbody", "thead", "tr", "ul", "ol"}:
            self._fault(f"text right within <{parent}>: {data.strip()[:40]!r}")
