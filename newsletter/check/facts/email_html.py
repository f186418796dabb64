"""The e-mail's HTML as elements and runs of text with their places: enough for the rules, a hundred times quicker than a browser.

What only Outlook reads (conditional comments) is left out. Tags are balanced in what is sent; one that is not ends with
what it stands in.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property, lru_cache
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

from newsletter.check.facts.colours import colour_of
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
class TextRun:
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
        self.runs: list[TextRun] = []
        self.styles: list[tuple[int, str]] = []
        """Style sheets: where they begin, and what they say."""
        self._ends: list[int] = []
        """By element, where its content ends."""
        self._read(html)
        self._run_starts = [run.start for run in self.runs]

    def _read(self, html: str) -> None:
        inside = [-1]
        for token in _TOKEN.finditer(html):
            kind = token.lastgroup
            if kind == "text":
                text = token[0]
                self.runs.append(TextRun(token.start(), unescape(text) if "&" in text else text, inside[-1]))
            elif kind == "raw":
                if token["raw"].lower() == "style":
                    self.styles.append((token.start(), token[0]))
            elif kind == "close":
                self._close(inside, token["close"].lower(), token.start())
            elif kind == "attributes":
                self._open(inside, token)

    def _open(self, inside: list[int], token: re.Match[str]) -> None:
        name, index = token["open"].lower(), len(self.elements)
        element = Element(index, name, token.start(), token.end(), inside[-1], attributes(token["attributes"]))
        self.elements.append(element)
        self._ends.append(token.end())
        if name not in VOID and not token["attributes"].endswith("/"):
            self._ends[-1] = len(self.html)
            inside.append(index)

    def _close(self, inside: list[int], name: str, at: int) -> None:
        innermost = inside[-1]
        if innermost >= 0 and self.elements[innermost].name == name:  # as ever, but where somebody wrote odd HTML
            self._ends[innermost] = at
            inside.pop()
            return
        for depth in range(len(inside) - 1, 0, -1):
            if self.elements[inside[depth]].name == name:
                for index in inside[depth:]:
                    self._ends[index] = at
                del inside[depth:]
                return

    # ── What follows ────────────────────────────────────────────────────────────────────────────────────────────────

    def around(self, index: int) -> Iterator[Element]:
        """The element with this index, and those that it stands in, the innermost first."""
        while index >= 0:
            element = self.elements[index]
            yield element
            index = element.parent

    @cached_property
    def looks(self) -> list[ComputedStyle]:
        """How each element is shown, by its index."""
        looks: list[ComputedStyle] = []
        for element in self.elements:
            looks.append(computed_style(element, looks[element.parent] if element.parent >= 0 else PLAIN))
        return looks

    def look(self, run: TextRun) -> ComputedStyle:
        """How a run is shown."""
        return self.looks[run.element] if run.element >= 0 else PLAIN

    def is_hidden(self, index: int) -> bool:
        """Whether its own style, or that of something around it, keeps an element from being shown."""
        return index >= 0 and self.looks[index].hidden

    def shows(self, run: TextRun) -> bool:
        """Whether readers see a run: columns of layout are set at 0 pixels, and what stands in them at more."""
        look = self.look(run)
        return not look.hidden and look.size != 0

    def within(self, element: Element) -> tuple[list[Element], list[TextRun]]:
        """The elements and runs in `element`."""
        end = self._ends[element.index]
        last = element.index + 1
        while last < len(self.elements) and self.elements[last].start < end:
            last += 1
        first, behind = bisect_left(self._run_starts, element.end), bisect_left(self._run_starts, end)
        return self.elements[element.index + 1 : last], self.runs[first:behind]

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


class ComputedStyle(NamedTuple):
    """How an element is shown by day, as far as style attributes alone tell."""

    hidden: bool = False
    size: float | None = None
    """Of its text, in pixels; None where that is not said, or depends on more than lengths in pixels."""
    text: str = "#000000"
    """Its colour `#rrggbb`; UNKNOWN where it cannot be told."""
    ground: str = "#ffffff"
    bold: bool = False


UNKNOWN = "?"
PLAIN = ComputedStyle()
_FACES = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "strong", "b", "th"})
_BOLD = re.compile(r"bold|[6-9]00")
_SHINES_THROUGH = frozenset({"", "none", "transparent", "inherit", "initial"})


def computed_style(element: Element, around: ComputedStyle) -> ComputedStyle:
    """How an element is shown that stands in one that is shown as `around` says."""
    style = element.style
    if (
        not style
        and element.name not in _FACES
        and element.name not in {"a", "font"}
        and not _GROUNDS & element.attributes.keys()
    ):
        return around
    size, bold = around.size, around.bold
    if "font-size" in style:
        size = pixels(style["font-size"])
    if "font-weight" in style:
        bold = _BOLD.match(style["font-weight"]) is not None
    elif element.name in _FACES:
        bold = True
    return ComputedStyle(
        around.hidden or hides(style), size, _text(element, style, around), _ground(element, style, around), bold
    )


_GROUNDS = frozenset({"bgcolor", "background"})


def _text(element: Element, style: Mapping[str, str], around: ComputedStyle) -> str:
    given = style.get("color") or (element.attributes.get("color", "") if element.name == "font" else "")
    if given and given != "inherit":
        return colour_of(given) or UNKNOWN
    # A link without a colour has that of the mail program.
    return UNKNOWN if element.name == "a" and "href" in element.attributes else around.text


def _ground(element: Element, style: Mapping[str, str], around: ComputedStyle) -> str:
    if "background-image" in style or "background" in element.attributes:
        return UNKNOWN
    given = style.get("background-color") or style.get("background") or element.attributes.get("bgcolor", "")
    return around.ground if given in _SHINES_THROUGH else colour_of(given) or UNKNOWN


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


@lru_cache(maxsize=256)
def pixels(length: str) -> float | None:
    """A length of CSS in pixels; None for one that depends on something else."""
    found = re.match(r"\s*(\d+(?:\.\d+)?|\.\d+)\s*(px|pt|)\s*(?:!important)?\s*$", length, re.IGNORECASE)
    if not found or (not found[2] and float(found[1]) != 0):
        return None
    return float(found[1]) * (4 / 3 if found[2].lower() == "pt" else 1)


def is_blank(text: str) -> bool:
    """Whether there is nothing in `text` to see."""
    return _NOTHING.fullmatch(text) is not None
