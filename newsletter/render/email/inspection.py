"""Checks MJML against our own list of components, because the compiler accepts anything without a message.

A template is checked before it is filled, with its Jinja code blanked out, so that each problem has its line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.diagnostics import Diagnostic
from newsletter.late import late
from newsletter.model import Span
from newsletter.records import dataclass
from newsletter.suggest import GUESS, closest, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Component:
    """One tag of MJML."""

    name: str
    parents: tuple[str, ...]
    attributes: frozenset[str]
    """Its own attributes, besides `COMMON`."""

    @property
    def free(self) -> bool:
        """Whether its content is HTML rather than components."""
        return self.name in _FREE


COMMON = frozenset({"css-class", "mj-class"})
"""The attributes that every component of the body takes."""

IN_COLUMN = ("mj-column", "mj-hero")
_IN_BODY = ("mj-body", "mj-wrapper")
_FREE = frozenset(
    "mj-preview mj-style mj-title mj-text mj-table mj-button mj-social-element mj-navbar-link mj-accordion-title "
    "mj-accordion-text mj-raw".split()
)
_PADDING = "padding padding-top padding-right padding-bottom padding-left"
_BOX = f"{_PADDING} container-background-color"
_BORDER = "border border-top border-right border-bottom border-left"
_TYPE = "color font-family font-size font-style font-weight"
_FONT = f"{_TYPE} letter-spacing line-height text-decoration text-transform"
_BACKGROUND = (
    "background-color background-url background-repeat background-size background-position background-position-x "
    "background-position-y"
)
_ROW_OF = f"{_BACKGROUND} {_BORDER} {_PADDING} border-radius direction full-width text-align"
_LINKED = "href name rel target"
_ICON = "icon-width icon-height icon-position icon-align icon-wrapped-alt icon-wrapped-url icon-unwrapped-alt icon-unwrapped-url"
_ACCORDION = f"{_PADDING} background-color color font-family font-size font-weight"


def _component(name: str, parents: tuple[str, ...], *attributes: str) -> Component:
    return Component(name, parents, frozenset(" ".join(attributes).split()))


COMPONENTS = (
    _component("mjml", (), "lang dir owa"),
    # The head.
    _component("mj-head", ("mjml",)),
    _component("mj-attributes", ("mj-head",)),
    _component("mj-all", ("mj-attributes",)),
    _component("mj-class", ("mj-attributes",), "name"),
    _component("mj-breakpoint", ("mj-head",), "width"),
    _component("mj-font", ("mj-head",), "name href"),
    _component("mj-preview", ("mj-head",)),
    _component("mj-style", ("mj-head",)),
    _component("mj-title", ("mj-head",)),
    # The body and its rows.
    _component("mj-body", ("mjml",), "width background-color"),
    _component("mj-wrapper", ("mj-body",), _ROW_OF),
    _component("mj-section", _IN_BODY, _ROW_OF),
    _component(
        "mj-hero",
        _IN_BODY,
        _BOX,
        "background-color background-height background-position background-url background-width",
        "border-radius height inner-background-color inner-padding mode vertical-align width",
    ),
    _component("mj-group", ("mj-section",), "width vertical-align background-color direction"),
    _component(
        "mj-column",
        ("mj-section", "mj-group"),
        _BORDER,
        _PADDING,
        "background-color border-radius direction inner-background-color inner-border inner-border-top",
        "inner-border-right inner-border-bottom inner-border-left inner-border-radius vertical-align width",
    ),
    # What is in a column.
    _component("mj-text", IN_COLUMN, _BOX, _FONT, "align height vertical-align"),
    _component(
        "mj-table",
        IN_COLUMN,
        _BOX,
        "align border cellpadding cellspacing color font-family font-size line-height role table-layout",
        "vertical-align width",
    ),
    _component(
        "mj-image",
        IN_COLUMN,
        _BOX,
        _BORDER,
        _LINKED,
        "align alt border-radius fluid-on-mobile font-size height max-height sizes src srcset title usemap width",
    ),
    _component(
        "mj-button",
        IN_COLUMN,
        _BOX,
        _BORDER,
        _FONT,
        _LINKED,
        "align background-color border-radius height inner-padding text-align title vertical-align width",
    ),
    _component("mj-divider", IN_COLUMN, _BOX, "align border-color border-style border-width width"),
    _component("mj-spacer", IN_COLUMN, _BOX, "height"),
    _component(
        "mj-social",
        IN_COLUMN,
        _BOX,
        _TYPE,
        "align border-radius icon-height icon-padding icon-size inner-padding line-height mode table-layout",
        "text-decoration text-padding",
    ),
    _component(
        "mj-social-element",
        ("mj-social",),
        _PADDING,
        _TYPE,
        _LINKED,
        "align alt background-color border-radius icon-height icon-padding icon-size line-height sizes src srcset",
        "text-decoration text-padding title vertical-align",
    ),
    _component("mj-navbar", IN_COLUMN, _PADDING, "align base-url"),
    _component("mj-navbar-link", ("mj-navbar",), _PADDING, _FONT, _LINKED),
    _component("mj-accordion", IN_COLUMN, _BOX, _ICON, "border font-family"),
    _component("mj-accordion-element", ("mj-accordion",), _ICON, "background-color border font-family"),
    _component("mj-accordion-title", ("mj-accordion-element",), _ACCORDION),
    _component("mj-accordion-text", ("mj-accordion-element",), _ACCORDION, "letter-spacing line-height"),
    _component(
        "mj-raw",
        ("mjml", "mj-head", "mj-body", "mj-wrapper", "mj-section", "mj-group", *IN_COLUMN, "mj-social", "mj-navbar"),
        "position",
    ),
)

BY_NAME = {component.name: component for component in COMPONENTS}

REFUSED = {
    "mj-carousel": "the compiler gives it random ids, so builds would differ every time",
    "mj-carousel-image": "the compiler gives mj-carousel random ids, so builds would differ every time",
    "mj-include": "Jinja combines templates: use {% include %}",
    "mj-html-attributes": "the compiler does not know it",
    "mj-selector": "the compiler does not know it",
    "mj-html-attribute": "the compiler does not know it",
}
"""Tags of MJML that are left out on purpose, and why."""

REFUSED_ATTRIBUTES = {
    ("mj-style", "inline"): "the compiler prints it as an ordinary style: put the rule into prose.css",
    ("mj-navbar", "hamburger"): "the compiler gives it random ids, so builds would differ every time",
}


def attributes_of(component: Component) -> frozenset[str]:
    """All attributes that `component` may have."""
    return component.attributes | COMMON


UNKNOWN_TAG, UNKNOWN_ATTRIBUTE, MISPLACED = "CF101", "CF102", "CF103"

_STATEMENT = re.compile(r"\{#.*?#\}|\{%.*?%\}|<!--.*?-->", re.DOTALL)
_EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_TAG = late(r"""<(/?)([a-z][a-z0-9-]*)((?:[^<>"']|"[^"]*"|'[^']*')*?)(/?)>""", re.IGNORECASE)
_ATTRIBUTE = late(r"""([a-z_:][\w:.-]*)\s*=\s*(?:"[^"]*"|'[^']*')""", re.IGNORECASE)
_ROW = re.compile(r"\s*<mj-(?:section|wrapper|hero)\b")
_INCLUDE = re.compile(r"""\{%-?\s*include\s+["']([\w.-]+\.mjml)["']""")
_LETTER, _ROW_FRAME = "letter.mjml", "row.mjml"
_ROWS, _BLOCKS = late(r"\{\{-?\s*rows\b"), late(r"\{\{-?\s*blocks\b")
PIECES = (
    *("heading.mjml", "item.mjml", "prose.mjml", "contents.mjml", "roundup.mjml", "recommendation.mjml"),
    *("footnotes.mjml", "authors.mjml"),
)
"""The templates that the layout fills: each is a row of the letter, or part of a column."""
_FILLED = "x"
"""Replaces each character of Jinja code: a name made only of these is not known yet."""
_VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "col", "wbr", "area", "base"})


@dataclass(frozen=True, slots=True)
class MjmlFault:
    """A tag or attribute that MJML does not have, or does not allow at this place."""

    offset: int
    end: int
    code: str
    message: str
    advice: str = ""


def template_faults(source: str, path: str) -> tuple[Diagnostic, ...]:
    """The problem with the MJML of a template, before any Jinja code has run."""
    return tuple(_diagnostic(fault, source, path) for fault in find_faults(plain(source)))


def place_faults(source: str, path: str, parent: str) -> tuple[Diagnostic, ...]:
    """The problem with an otherwise correct template inside the component that includes it."""
    faults = [*find_faults(plain(source), parent)] or [*_lost(source, path, parent)]
    return tuple(_diagnostic(fault, source, path) for fault in faults)


def _lost(source: str, path: str, parent: str) -> Iterator[MjmlFault]:
    """The parts of the layout that are at a place where MJML does not allow them."""
    for name, mark, holders in ((_LETTER, _ROWS, ("mj-body", "mj-wrapper")), (_ROW_FRAME, _BLOCKS, IN_COLUMN)):
        found = mark.search(source) if path.endswith(f"/{name}") else None
        if found:
            place = _innermost(plain(source), found.start(), parent)
            if place in BY_NAME and place not in holders:
                what = found[0].lstrip("{- ")
                message = f"`{what}` is not allowed in <{place}>: it would be lost"
                advice = f"Put it into {' or '.join(f'<{holder}>' for holder in holders)}."
                yield MjmlFault(found.start(), found.end(), MISPLACED, message, advice)


def parents_in(templates: Mapping[str, str]) -> dict[str, str]:
    """The component that contains each template, by the template's name.

    A template is inside another that includes it, or inside the layout. `templates` has all templates by name,
    letter.mjml and row.mjml among them. A template whose place is unknown is left out.
    """
    parents = {_LETTER: ""}
    _follow(_LETTER, templates, parents)
    rows = _place_of(_ROWS, _LETTER, templates, parents)
    if rows:
        parents.setdefault(_ROW_FRAME, rows)
        _follow(_ROW_FRAME, templates, parents)
    column = _place_of(_BLOCKS, _ROW_FRAME, templates, parents)
    for name in (name for name in PIECES if name in templates):
        place = rows if is_row(plain(templates[name])) else column
        if place and name not in parents:
            parents[name] = place
            _follow(name, templates, parents)
    return parents


def _follow(name: str, templates: Mapping[str, str], parents: dict[str, str]) -> None:
    """Records the component around each template that this one includes, and around those that they include."""
    source = templates.get(name, "")
    mjml = plain(source)
    for found in _INCLUDE.finditer(source):
        inner = found[1]
        place = _innermost(mjml, found.start(), parents[name])
        if inner in templates and inner not in parents and place:
            parents[inner] = place
            _follow(inner, templates, parents)


def _place_of(mark: re.Pattern[str], name: str, templates: Mapping[str, str], parents: Mapping[str, str]) -> str:
    """The component around a value that a template is filled with; empty if the template does not use it."""
    source = templates.get(name, "")
    found = mark.search(source)
    return _innermost(plain(source), found.start(), parents.get(name, "")) if found else ""


def _innermost(mjml: str, offset: int, parent: str) -> str:
    """The innermost element around `mjml[offset]`."""
    stack = [parent] if parent else []
    for tag in _TAG.finditer(mjml, 0, offset):
        name = tag[2].lower()
        if tag[1]:
            if name in stack:
                del stack[len(stack) - 1 - stack[::-1].index(name) :]
        elif not tag[4] and name not in _VOID:
            stack.append(name)
    return stack[-1] if stack else ""


def plain(source: str) -> str:
    """A template with each character of Jinja code replaced."""
    return _EXPRESSION.sub(_filler(_FILLED), _STATEMENT.sub(_filler(" "), source))


def find_faults(mjml: str, parent: str = "") -> Iterator[MjmlFault]:
    """Tags and attributes that MJML 4 does not have, and components in places where they are not allowed.

    `parent` is the component that `mjml` will be in; empty if that is not known. Offsets count characters.
    """
    stack: list[str] = [parent] if parent else []
    for tag in _TAG.finditer(mjml):
        closing, name, attributes, empty = tag[1], tag[2].lower(), tag[3], tag[4]
        if closing:
            if name in stack:
                del stack[len(stack) - 1 - stack[::-1].index(name) :]
            continue
        if name == "mjml" or name.startswith("mj-"):
            yield from _component_faults(tag, name, attributes, stack)
        elif stack and stack[-1] in BY_NAME and not BY_NAME[stack[-1]].free and set(name) != {_FILLED}:
            message = f"<{name}> is not allowed in <{stack[-1]}>: it would be lost"
            yield MjmlFault(tag.start(), tag.end(), MISPLACED, message, "Put HTML into mj-text, mj-table or mj-raw.")
        if not empty and name not in _VOID:
            stack.append(name)


def is_row(mjml: str) -> bool:
    """Whether `mjml` is a row of the letter, rather than what is in a column of one."""
    return _ROW.match(mjml) is not None


def is_balanced(mjml: str) -> bool:
    """Whether every tag is closed in order, as the compiler's XML parser requires."""
    stack: list[str] = []
    for tag in _TAG.finditer(re.sub(r"<!--.*?-->", "", mjml, flags=re.DOTALL)):
        if tag[1]:
            if not stack or stack.pop() != tag[2].lower():
                return False
        elif not tag[4]:
            stack.append(tag[2].lower())
    return not stack


def _component_faults(tag: re.Match[str], name: str, attributes: str, stack: list[str]) -> Iterator[MjmlFault]:
    start, end = tag.start(), tag.end()
    component = BY_NAME.get(name)
    if component is None:
        if name in REFUSED:
            yield MjmlFault(start, end, UNKNOWN_TAG, f"<{name}> cannot be used: {REFUSED[name]}")
            return
        close = closest(name, BY_NAME, cutoff=GUESS, fold=str)
        advice = f"Did you mean <{close}>?" if close else ""
        yield MjmlFault(start, end, UNKNOWN_TAG, f"<{name}> is not an MJML component", advice)
        return
    in_defaults = "mj-attributes" in stack
    unknown = bool(stack) and stack[-1].startswith("mj-") and stack[-1] not in BY_NAME  # reported already
    if stack and not in_defaults and not unknown and stack[-1] not in component.parents:
        places = " or ".join(f"<{parent}>" for parent in component.parents) or "nothing"
        message = f"<{name}> is not allowed in <{stack[-1]}>"
        yield MjmlFault(start, end, MISPLACED, message, f"It is allowed in {places}.")
    if in_defaults and name in {"mj-class", "mj-all"}:
        return
    base = tag.start(3)
    for attribute in _ATTRIBUTE.finditer(attributes):
        yield from _attribute_faults(component, attribute, base)


def _attribute_faults(component: Component, attribute: re.Match[str], base: int) -> Iterator[MjmlFault]:
    name = attribute[1]
    known = attributes_of(component)
    if name in known:
        return
    start, end = base + attribute.start(), base + attribute.end()
    reason = REFUSED_ATTRIBUTES.get((component.name, name))
    if reason:
        yield MjmlFault(start, end, UNKNOWN_ATTRIBUTE, f"`{name}` of <{component.name}> cannot be used: {reason}")
        return
    advice = did_you_mean(name, known, cutoff=GUESS, fold=str)
    yield MjmlFault(start, end, UNKNOWN_ATTRIBUTE, f"<{component.name}> has no attribute `{name}`", advice)


def _filler(character: str) -> Callable[[re.Match[str]], str]:
    # The same length and lines, so that places in the result are places in the template.
    return lambda found: "".join("\n" if each == "\n" else character for each in found[0])


def _diagnostic(fault: MjmlFault, source: str, path: str) -> Diagnostic:
    line = source.count("\n", 0, fault.offset) + 1
    column = fault.offset - source.rfind("\n", 0, fault.offset)
    return Diagnostic(path, Span(fault.offset, fault.end, line, column), fault.code, fault.message, advice=fault.advice)
