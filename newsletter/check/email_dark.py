"""How the e-mail looks in programs that ask it for its dark colours: its rules for the dark over what stands on elements."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from newsletter.check.email_colours import colour_of
from newsletter.check.email_html import UNKNOWN, declarations

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.check.email_html import Element, Page

_DARK = re.compile(r"@media[^{}]*prefers-color-scheme\s*:\s*dark[^{}]*\{((?:[^{}]*\{[^{}]*\})*)", re.IGNORECASE)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_PART = re.compile(r"\s*(>)?\s*([a-z][a-z0-9]*)?((?:\.[\w-]+)*)", re.IGNORECASE)
_GROUNDS = ("background-color", "background")
_IMPORTANT = "!important"


class _Compound(NamedTuple):
    """`td.a.b` of a selector."""

    tag: str
    classes: frozenset[str]
    is_child: bool
    """Whether it stands directly in the one before it."""


class _Rule(NamedTuple):
    """A colour for the elements that a selector is about."""

    selector: tuple[_Compound, ...]
    is_ground: bool
    colour: str
    important: bool
    weight: tuple[int, int]
    """Its specificity: classes, then tags."""


class DarkLook(NamedTuple):
    """The colours of an element and its ground, `#rrggbb`; UNKNOWN where they cannot be told."""

    text: str = UNKNOWN
    ground: str = UNKNOWN


def dark_looks(page: Page) -> list[DarkLook]:
    """How each element of the e-mail is shown in the dark, by its index; nothing where its rules are beyond this reader."""
    rules: list[_Rule] = []
    for _, style in page.styles:
        for block in _DARK.findall(_COMMENT.sub("", style)):
            for selectors, body in _RULE.findall(block):
                read = _rules(selectors.strip(), body)
                if read is None:
                    return []
                rules += read
    if not rules:
        return []
    looks: list[DarkLook] = []
    for element in page.elements:
        around = looks[element.parent] if element.parent >= 0 else DarkLook()
        looks.append(_look(page, element, rules, around))
    return looks


def _rules(selectors: str, body: str) -> list[_Rule] | None:
    """The rules of one block; None where it gives a colour to what only a browser could find."""
    said = declarations(body)
    given = [(name in _GROUNDS, said[name]) for name in ("color", *_GROUNDS) if name in said]
    if not given:
        return []
    found = []
    for text in selectors.split(","):
        selector = _selector(text)
        if selector is None:
            return None
        weight = sum(len(part.classes) for part in selector), sum(bool(part.tag) for part in selector)
        for is_ground, value in given:
            colour = colour_of(value) or UNKNOWN
            found.append(_Rule(selector, is_ground, colour, _IMPORTANT in value, weight))
    return found


def _selector(text: str) -> tuple[_Compound, ...] | None:
    parts, at, text = [], 0, text.strip()
    while at < len(text):
        found = _PART.match(text, at)
        if found is None or not (found[2] or found[3]):
            return None
        parts.append(_Compound((found[2] or "").lower(), frozenset(found[3].split(".")[1:]), bool(found[1])))
        at = found.end()
        if at < len(text) and text[at] not in " \t\n>":
            return None
    return tuple(parts) or None


def _look(page: Page, element: Element, rules: Sequence[_Rule], around: DarkLook) -> DarkLook:
    style = element.style
    text = style.get("color") or (element.attributes.get("color", "") if element.name == "font" else "")
    ground = next((style[name] for name in _GROUNDS if name in style), "") or element.attributes.get("bgcolor", "")
    classes = _classes(element.attributes.get("class", ""))
    matched = [rule for rule in rules if _is_about(page, element, classes, rule.selector)]
    own_text = _won(matched, text, is_ground=False)
    own_ground = UNKNOWN if "background-image" in style else _won(matched, ground, is_ground=True)
    if not own_text and element.name == "a" and "href" in element.attributes:
        own_text = UNKNOWN  # that of the mail program
    return DarkLook(own_text or around.text, own_ground or around.ground)


def _won(matched: Sequence[_Rule], inline: str, *, is_ground: bool) -> str:
    """What an element has in the end; empty where nothing says so."""
    rules = [rule for rule in matched if rule.is_ground is is_ground and (rule.important or not inline)]
    if rules:
        return max(reversed(rules), key=lambda rule: (rule.important, rule.weight)).colour  # of equals, the last
    if inline in {"", "inherit", "none", "transparent", "initial"}:
        return ""
    return colour_of(inline) or UNKNOWN


def _is_about(page: Page, element: Element, classes: frozenset[str], selector: tuple[_Compound, ...]) -> bool:
    *before, last = selector
    if not _fits(element, classes, last):
        return False
    return not before or any(_leads_up(page, element.parent, tuple(before), is_child=last.is_child))


def _leads_up(page: Page, index: int, selector: tuple[_Compound, ...], *, is_child: bool) -> Iterator[bool]:
    for around in page.around(index):
        if _fits(around, _classes(around.attributes.get("class", "")), selector[-1]):
            rest = selector[:-1]
            yield not rest or any(_leads_up(page, around.parent, rest, is_child=selector[-1].is_child))
        if is_child:
            return


def _fits(element: Element, classes: frozenset[str], compound: _Compound) -> bool:
    return (not compound.tag or compound.tag == element.name) and compound.classes <= classes


@lru_cache(maxsize=512)
def _classes(value: str) -> frozenset[str]:
    return frozenset(value.split())
