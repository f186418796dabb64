"""The e-mail's HTML as elements and runs of text with their places: enough for the rules, a hundred times quicker than a browser.

What only Outlook reads (conditional comments) is left out. Tags are balanced in what is sent; one that is not ends with
what it stands in.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from typing import TYPE_CHECKING

from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
_TOKEN = re.compile(
    r"""(?P<text>[^<]+)|<!--\[if[^\]]*\]><!-->|<!--.*?-->|<!doctype[^>]*>"""
    r"""|<(?P<raw>style|script|title)\b[^>]*>.*?</(?P=raw)\s*>"""
    r"""|</(?P<close>[a-z][\w:-]*)[^>]*>"""
    r"""|<(?P<open>[a-z][\w:-]*)(?P<attributes>(?:[^<>"']|"[^"]*"|'[^']*')*)>|<""",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""([^\s"'=<>/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+)))?""")
_DECLARATION = re.compile(r"\s*([a-z-]+)\s*:\s*((?:[^;\"']|\"[^\"]*\"|'[^']*')+)", re.IGNORECASE)
_NOTHING = re.compile(
    r"[\s\u00a0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe0f\ufeff]*"
)
"""What no reader sees: spaces, and characters of no width."""


@dataclass(frozen=True, slots=True)
class Element:
    """A tag with its attributes. `end` is where its content begins."""

    index: int
    name: str
    start: int
    end: int
    parent: int
    """Index of the element that it stands in; -1 for the outermost."""
    attributes: Mapping[str, str]
    """Names in small letters, values without entities."""

    @property
    def style(self) -> Mapping[str, str]:
        """Its own declarations, by property."""
        given = self.attributes.get("style")
        return declarations(given) if given else {}


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text between two tags, with its entities resolved."""

    start: int
    text: str
    element: int
    """Index of the element that it stands in; -1 outside of all."""


class Page:
    """The elements and runs of a document in order, and what follows from where they stand."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.elements: list[Element] = []
        self.runs: list[Run] = []
        self.styles: list[tuple[int, str]] = []
        """Style sheets: where they begin, and what they say."""
        self._read(html)
        self._hidden: dict[int, bool] = {-1: False}

    def _read(self, html: str) -> None:
        inside = [-1]
        for token in _TOKEN.finditer(html):
            kind = token.lastgroup
            if kind == "text":
                text = token[0]
                self.runs.append(Run(token.start(), unescape(text) if "&" in text else text, inside[-1]))
            elif kind == "raw":
                if token["raw"].lower() == "style":
                    self.styles.append((token.start(), token[0]))
            elif kind == "close":
                self._close(inside, token["close"].lower())
            elif kind == "attributes":
                self._open(inside, token)

    def _open(self, inside: list[int], token: re.Match[str]) -> None:
        name, index = token["open"].lower(), len(self.elements)
        element = Element(index, name, token.start(), token.end(), inside[-1], attributes(token["attributes"]))
        self.elements.append(element)
        if name not in VOID and not token["attributes"].endswith("/"):
            inside.append(index)

    def _close(self, inside: list[int], name: str) -> None:
        for depth in range(len(inside) - 1, 0, -1):
            if self.elements[inside[depth]].name == name:
                del inside[depth:]
                return

    # ── What follows ────────────────────────────────────────────────────────────────────────────────────────────────

    def around(self, index: int) -> Iterator[Element]:
        """The element with this index, and those that it stands in, the innermost first."""
        while index >= 0:
            element = self.elements[index]
            yield element
            index = element.parent

    def is_hidden(self, index: int) -> bool:
        """Whether its own style, or that of something around it, keeps an element from being shown."""
        known = self._hidden.get(index)
        if known is None:
            element = self.elements[index]
            known = self._hidden[index] = hides(element.style) or self.is_hidden(element.parent)
        return known

    def shows(self, run: Run) -> bool:
        """Whether readers see a run: columns of layout are set at 0 pixels, and what stands in them at more."""
        if self.is_hidden(run.element):
            return False
        sizes = (element.style.get("font-size") for element in self.around(run.element))
        size = next(filter(None, sizes), "")
        return not size or pixels(size) != 0

    def within(self, element: Element) -> tuple[list[Element], list[Run]]:
        """The elements and runs in `element`."""
        inner = {element.index}
        elements = []
        for other in self.elements[element.index + 1 :]:
            if other.parent not in inner:
                break
            inner.add(other.index)
            elements.append(other)
        return elements, [run for run in self.runs if run.element in inner]

    def name_of(self, element: Element) -> str:
        """What a screen reader says of a link: its label, else its text with the alt texts of pictures in it."""
        label = element.attributes.get("aria-label", "").strip()
        if label:
            return label
        elements, runs = self.within(element)
        said = [(run.start, run.text) for run in runs]
        said += [(other.start, f" {other.attributes.get('alt', '')} ") for other in elements if other.name == "img"]
        return (
            " ".join("".join(text for _, text in sorted(said)).split()) or element.attributes.get("title", "").strip()
        )


@lru_cache(maxsize=2)
def page_of(html: str) -> Page:
    """`html`, read once for all rules."""
    return Page(html)


@lru_cache(maxsize=4096)
def attributes(text: str) -> Mapping[str, str]:
    """The attributes of a tag."""
    return {
        found[1].lower(): unescape(found[2] if found[2] is not None else found[3] or found[4] or "")
        for found in _ATTRIBUTE.finditer(text)
    }


@lru_cache(maxsize=1024)
def declarations(style: str) -> Mapping[str, str]:
    """The declarations of a style attribute, by property in small letters; the last of each counts."""
    return {found[1].lower(): found[2].strip() for found in _DECLARATION.finditer(style)}


def hides(style: Mapping[str, str]) -> bool:
    """Whether an element with this style is not shown. What is shown to none but a screen reader counts as hidden."""
    if not style:
        return False
    return (
        style.get("display", "").startswith("none")
        or style.get("visibility", "").startswith("hidden")
        or style.get("opacity", "1").strip("0.") == ""
        or (pixels(style.get("max-height", "1px")) == 0 and style.get("overflow", "").startswith("hidden"))
    )


def pixels(length: str) -> float | None:
    """A length of CSS in pixels; None for one that depends on something else."""
    found = re.match(r"\s*(\d+(?:\.\d+)?|\.\d+)\s*(px|pt|)\s*(?:!important)?\s*$", length, re.IGNORECASE)
    if not found or (not found[2] and float(found[1]) != 0):
        return None
    return float(found[1]) * (4 / 3 if found[2].lower() == "pt" else 1)


def is_blank(text: str) -> bool:
    """Whether there is nothing in `text` to see."""
    return _NOTHING.fullmatch(text) is not None
