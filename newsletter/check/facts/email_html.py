"""The email's HTML as elements and runs of text, with their places and computed styles, in light and dark mode.

This is enough for the rules, and a hundred times faster than a browser. Of style sheets, only the colours for dark mode
are read. Conditional comments for Outlook are left out. The tags of the email are balanced; an unclosed one ends with
its parent.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from newsletter.check.facts.colours import colour_of
from newsletter.check.facts.email_tags import CLOSES, SHEET, VOID, declarations, tag_of
from newsletter.digits import unescape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from newsletter.check.facts.email_tags import Tag

UNKNOWN = "?"
"""A colour that cannot be known."""
_MARKUP = re.compile(
    r"""(<!--\[if[^\]]*\]><!-->|<!--.*?-->|<!doctype[^>]*>"""
    r"""|<style\b[^>]*>.*?</style\s*>|<script\b[^>]*>.*?</script\s*>|<title\b[^>]*>.*?</title\s*>"""
    r"""|</[a-z][\w:-]*+[^>]*+>"""
    r"""|<[a-z][\w:-]*+(?:[^<>"']|"[^"]*"|'[^']*')*+>|<)""",
    re.DOTALL | re.IGNORECASE,
)
"""Everything that is not text; a `<` without a tag stands alone."""
_NOTHING = re.compile(
    r"[\s\u00a0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe0f\ufeff]*"
)
"""Invisible characters: spaces, and characters without width."""


class Element(NamedTuple):
    """A tag at its place. `end` is the offset at which its content begins."""

    number: int
    """Its index in `Page.elements`."""
    name: str
    start: int
    end: int
    parent: int
    """The index of the parent element; -1 for the outermost."""
    tag: Tag

    @property
    def attributes(self) -> Mapping[str, str]:
        """By name in lower case. Entities in values are resolved."""
        return self.tag.attributes

    @property
    def style(self) -> Mapping[str, str]:
        """The declarations in its style attribute, by property."""
        return self.tag.style


class TextRun(NamedTuple):
    """The text between two tags, with its entities resolved."""

    start: int
    text: str
    element: int
    """The index of the element that contains it; -1 outside of all."""


class Page:
    """The elements and text runs of a document, in order, and what is computed from them."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.elements: list[Element] = []
        self.runs: list[TextRun] = []
        self.sheets: list[str] = []
        """The content of its style elements."""
        self._ends: list[int] = []
        """The end of the content of each element, by index."""
        self._read(html)
        self._run_starts = [run.start for run in self.runs]

    def _read(self, html: str) -> None:
        # Text and markup in turn. Splitting takes a third of the time of going from match to match.
        written = _MARKUP.split(html)
        places = [*accumulate(map(len, written))]
        elements, runs, ends, inside = self.elements, self.runs, self._ends, [-1]
        if text := written[0]:
            runs.append(TextRun(0, unescape(text) if "&" in text else text, -1))
        for at in range(1, len(written), 2):
            tag = tag_of(written[at])
            kind, end = tag.kind, places[at]
            if kind == CLOSES:
                self._close(inside, tag.name, places[at - 1])
            elif kind <= VOID:
                index = len(elements)
                elements.append(Element(index, tag.name, places[at - 1], end, inside[-1], tag))
                if kind == VOID:
                    ends.append(end)
                else:
                    ends.append(len(html))
                    inside.append(index)
            elif kind == SHEET:
                self.sheets.append(written[at])
            if text := written[at + 1]:
                runs.append(TextRun(end, unescape(text) if "&" in text else text, inside[-1]))

    def _close(self, inside: list[int], name: str, at: int) -> None:
        innermost = inside[-1]
        if innermost >= 0 and self.elements[innermost].name == name:  # always, except in unusual HTML
            self._ends[innermost] = at
            inside.pop()
            return
        for depth in range(len(inside) - 1, 0, -1):
            if self.elements[inside[depth]].name == name:
                for index in inside[depth:]:
                    self._ends[index] = at
                del inside[depth:]
                return

    def around(self, index: int) -> Iterator[Element]:
        """The element with this index and its ancestors, innermost first."""
        while index >= 0:
            element = self.elements[index]
            yield element
            index = element.parent

    @cached_property
    def tags(self) -> tuple[Tag, ...]:
        """Every tag of an element once. A rule that finds nothing in them need not look at each element."""
        return tuple({element.tag: None for element in self.elements})

    @cached_property
    def _by_name(self) -> dict[str, list[Element]]:
        found: dict[str, list[Element]] = {}
        for element in self.elements:
            found.setdefault(element.name, []).append(element)
        return found

    def named(self, name: str) -> Sequence[Element]:
        """The elements called `name`, in order."""
        return self._by_name.get(name, ())

    @cached_property
    def styles(self) -> list[ComputedStyle]:
        """The computed style of each element, by its index."""
        styles: list[ComputedStyle] = []
        for element in self.elements:
            styles.append(computed_style(element.tag, styles[element.parent] if element.parent >= 0 else PLAIN))
        return styles

    @cached_property
    def dark_colours(self) -> list[DarkColours]:
        """The colours of each element in dark mode, by index.

        Empty if the email has no dark mode, or if the rules need more than this module computes.
        """
        rules = dark_rules(self.sheets)
        colours: list[DarkColours] = []
        for element in self.elements if rules else ():
            around = colours[element.parent] if element.parent >= 0 else DarkColours()
            colours.append(_dark_colours_of(self, element, rules, around))
        return colours

    def style_of(self, run: TextRun) -> ComputedStyle:
        """The computed style of a run."""
        return self.styles[run.element] if run.element >= 0 else PLAIN

    def is_hidden(self, index: int) -> bool:
        """Whether an element is hidden by its own style or by that of an ancestor."""
        return index >= 0 and self.styles[index].hidden

    @cached_property
    def _showing(self) -> list[bool]:
        return [not style.hidden and style.size != 0 for style in self.styles]

    def shows(self, run: TextRun) -> bool:
        """Whether readers see a run. A column with `font-size: 0` may contain visible text with a larger size."""
        return run.element < 0 or self._showing[run.element]

    @cached_property
    def shown(self) -> list[TextRun]:
        """The visible runs."""
        showing = self._showing
        return [run for run in self.runs if run.element < 0 or showing[run.element]]

    @cached_property
    def unshown(self) -> list[TextRun]:
        """The runs that readers do not see."""
        showing = self._showing
        return [run for run in self.runs if run.element >= 0 and not showing[run.element]]

    def shown_between(self, start: int, end: int) -> list[TextRun]:
        """The visible runs that begin at these offsets of the HTML."""
        starts = self._shown_starts
        return self.shown[bisect_left(starts, start) : bisect_left(starts, end)]

    @cached_property
    def _shown_starts(self) -> list[int]:
        return [run.start for run in self.shown]

    @cached_property
    def words(self) -> list[TextRun]:
        """The visible runs with at least one letter or digit."""
        return [run for run in self.shown if any(map(str.isalnum, run.text))]

    @cached_property
    def styles_of_words(self) -> frozenset[ComputedStyle]:
        """The computed styles of those runs."""
        return self.styles_of(self.words)

    def styles_of(self, runs: Iterable[TextRun]) -> frozenset[ComputedStyle]:
        """The computed styles of `runs`."""
        inside, styles = {run.element for run in runs}, self.styles
        # By their ids first: most elements share their style with others, and hashing each takes five times as long.
        found = {id(style): style for style in (styles[index] if index >= 0 else PLAIN for index in inside)}
        return frozenset(found.values())

    def within(self, element: Element) -> tuple[list[Element], list[TextRun]]:
        """The elements and runs inside `element`."""
        end = self._ends[element.number]
        last = element.number + 1
        while last < len(self.elements) and self.elements[last].start < end:
            last += 1
        first, behind = bisect_left(self._run_starts, element.end), bisect_left(self._run_starts, end)
        return self.elements[element.number + 1 : last], self.runs[first:behind]

    def name_of(self, element: Element) -> str:
        """The text that a screen reader reads for a link: its label, else its text with the alt texts of its pictures."""
        label = element.attributes.get("aria-label", "").strip()
        if label:
            return label
        elements, runs = self.within(element)
        texts = [(run.start, run.text) for run in runs]
        texts += [(other.start, f" {other.attributes.get('alt', '')} ") for other in elements if other.name == "img"]
        return (
            " ".join("".join(text for _, text in sorted(texts)).split()) or element.attributes.get("title", "").strip()
        )


@lru_cache(maxsize=2)
def read_page(html: str) -> Page:
    """The parsed `html`. It is parsed once for all rules."""
    return Page(html)


def is_blank(text: str) -> bool:
    """Whether `text` has no visible characters."""
    return _NOTHING.fullmatch(text) is not None


class ComputedStyle(NamedTuple):
    """The style of an element in light mode, computed from style attributes only."""

    hidden: bool = False
    size: float | None = None
    """The size of its text in pixels; None if no size is set, or if it depends on other units."""
    text: str = "#000000"
    """Its colour as `#rrggbb`; UNKNOWN if it cannot be computed."""
    ground: str = "#ffffff"
    bold: bool = False


PLAIN = ComputedStyle()
_FACES = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "strong", "b", "th"})
_BOLD = re.compile(r"bold|[6-9]00")
_SHINES_THROUGH = frozenset({"", "none", "transparent", "inherit", "initial"})
_GROUND_ATTRIBUTES = frozenset({"bgcolor", "background"})


@lru_cache(maxsize=4096)
def computed_style(tag: Tag, around: ComputedStyle) -> ComputedStyle:
    """The computed style of an element whose parent has the style `around`."""
    style = tag.style
    if (
        not style
        and tag.name not in _FACES
        and tag.name not in {"a", "font"}
        and not _GROUND_ATTRIBUTES & tag.attributes.keys()
    ):
        return around
    size, bold = around.size, around.bold
    if "font-size" in style:
        size = pixels(style["font-size"])
    if "font-weight" in style:
        bold = _BOLD.match(style["font-weight"]) is not None
    elif tag.name in _FACES:
        bold = True
    return ComputedStyle(around.hidden or hides(style), size, _text(tag, around), _ground(tag, around), bold)


def _text(tag: Tag, around: ComputedStyle) -> str:
    given = _given_text(tag)
    if given and given != "inherit":
        return colour_of(given) or UNKNOWN
    # A link without a colour gets the one of the email client.
    return UNKNOWN if tag.name == "a" and "href" in tag.attributes else around.text


def _given_text(tag: Tag) -> str:
    return tag.style.get("color") or (tag.attributes.get("color", "") if tag.name == "font" else "")


def _ground(tag: Tag, around: ComputedStyle) -> str:
    style = tag.style
    if "background-image" in style or "background" in tag.attributes:
        return UNKNOWN
    given = style.get("background-color") or style.get("background") or tag.attributes.get("bgcolor", "")
    return around.ground if given in _SHINES_THROUGH else colour_of(given) or UNKNOWN


def hides(style: Mapping[str, str]) -> bool:
    """Whether an element with this style is hidden. Text for screen readers only counts as hidden."""
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
    """A CSS length in pixels; None if it depends on something else."""
    found = re.match(r"\s*(\d+(?:\.\d+)?|\.\d+)\s*(px|pt|)\s*(?:!important)?\s*$", length, re.IGNORECASE)
    if not found or (not found[2] and float(found[1]) != 0):
        return None
    return float(found[1]) * (4 / 3 if found[2].lower() == "pt" else 1)


_DARK = re.compile(r"@media[^{}]*prefers-color-scheme\s*:\s*dark[^{}]*\{((?:[^{}]*\{[^{}]*\})*)", re.IGNORECASE)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_PART = re.compile(r"\s*(>)?\s*([a-z][a-z0-9]*)?((?:\.[\w-]+)*)", re.IGNORECASE)
_GROUNDS = ("background-color", "background")
_IMPORTANT = "!important"


class DarkColours(NamedTuple):
    """The text and background colour of an element, as `#rrggbb`; UNKNOWN if they cannot be computed."""

    text: str = UNKNOWN
    ground: str = UNKNOWN


class _Compound(NamedTuple):
    """A part of a selector: `td.a.b`."""

    tag: str
    classes: frozenset[str]
    is_child: bool
    """Whether it must be a direct child of the part before it."""


class DarkRule(NamedTuple):
    """A colour in dark mode, for the elements that match a selector."""

    selector: tuple[_Compound, ...]
    is_ground: bool
    colour: str
    important: bool
    specificity: tuple[int, int]
    """Its specificity: classes, then tags."""


def dark_rules(sheets: Iterable[str]) -> list[DarkRule]:
    """The rules of style sheets about colours in dark mode. Empty if only a browser could evaluate them."""
    rules: list[DarkRule] = []
    for sheet in sheets:
        for block in _DARK.findall(_COMMENT.sub("", sheet)):
            for selectors, body in _RULE.findall(block):
                read = _read_rule(selectors.strip(), body)
                if read is None:
                    return []
                rules += read
    return rules


def _read_rule(selectors: str, body: str) -> list[DarkRule] | None:
    declared = declarations(body)
    given = [(name in _GROUNDS, declared[name]) for name in ("color", *_GROUNDS) if name in declared]
    found = []
    for text in selectors.split(",") if given else ():
        selector = _read_selector(text.strip())
        if selector is None:
            return None
        specificity = sum(len(part.classes) for part in selector), sum(bool(part.tag) for part in selector)
        for is_ground, value in given:
            colour = colour_of(value) or UNKNOWN
            found.append(DarkRule(selector, is_ground, colour, _IMPORTANT in value, specificity))
    return found


def _read_selector(text: str) -> tuple[_Compound, ...] | None:
    parts, at = [], 0
    while at < len(text):
        found = _PART.match(text, at)
        if found is None or not (found[2] or found[3]):
            return None
        parts.append(_Compound((found[2] or "").lower(), frozenset(found[3].split(".")[1:]), bool(found[1])))
        at = found.end()
        if at < len(text) and text[at] not in " \t\n>":
            return None
    return tuple(parts) or None


def _dark_colours_of(page: Page, element: Element, rules: Sequence[DarkRule], around: DarkColours) -> DarkColours:
    style = element.style
    ground = next((style[name] for name in _GROUNDS if name in style), "") or element.attributes.get("bgcolor", "")
    classes = _classes(element)
    matched = [rule for rule in rules if _is_about(page, element, classes, rule.selector)]
    own_text = _winner(matched, _given_text(element.tag), is_ground=False)
    own_ground = UNKNOWN if "background-image" in style else _winner(matched, ground, is_ground=True)
    if not own_text and element.name == "a" and "href" in element.attributes:
        own_text = UNKNOWN  # the colour of the email client
    return DarkColours(own_text or around.text, own_ground or around.ground)


def _winner(matched: Sequence[DarkRule], inline: str, *, is_ground: bool) -> str:
    """The declaration that wins for an element; empty if there is none."""
    rules = [rule for rule in matched if rule.is_ground is is_ground and (rule.important or not inline)]
    if rules:
        return max(
            reversed(rules), key=lambda rule: (rule.important, rule.specificity)
        ).colour  # of equal ones, the last
    return "" if inline in _SHINES_THROUGH else colour_of(inline) or UNKNOWN


def _is_about(page: Page, element: Element, classes: frozenset[str], selector: tuple[_Compound, ...]) -> bool:
    *before, last = selector
    if not _fits(element, classes, last):
        return False
    return not before or any(_leads_up(page, element.parent, tuple(before), is_child=last.is_child))


def _leads_up(page: Page, index: int, selector: tuple[_Compound, ...], *, is_child: bool) -> Iterator[bool]:
    for around in page.around(index):
        if _fits(around, _classes(around), selector[-1]):
            rest = selector[:-1]
            yield not rest or any(_leads_up(page, around.parent, rest, is_child=selector[-1].is_child))
        if is_child:
            return


def _fits(element: Element, classes: frozenset[str], compound: _Compound) -> bool:
    return (not compound.tag or compound.tag == element.name) and compound.classes <= classes


def _classes(element: Element) -> frozenset[str]:
    return frozenset(element.attributes.get("class", "").split())
