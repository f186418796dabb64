"""Removes what an author's HTML hides, because the styles that hide it are removed as well."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.late import late

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Reader = Callable[[str, set[str], Callable[[str, str, str], str | None]], str]
    """Gives HTML with all tags closed, and with such attributes only, as the function says by element, name and value."""

_MAY_HIDE = late(r"\bstyle\s*=|\bhidden\b|<(?:style|template|dialog|datalist)\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"[\s\"'/]([a-zA-Z][\w:-]*)\s*(?==|[\s/>])")
_HIDES = "data-hides"
"""The attribute that temporarily marks hidden elements."""
_UNSHOWN = frozenset({"dialog", "datalist", "template"})
"""Elements that browsers do not show by default; a dialog is shown if it is `open`."""
_PLAIN_SELECTOR = late(r"(?:[a-z][a-z0-9]*)?([.#][\w-]+)|([a-z][a-z0-9]*)", re.IGNORECASE)
_ZERO = re.compile(r"0*\.?0+(?:[a-z]+|%)?")
_FAR = re.compile(r"-\d{3,}(?:\.\d*)?(?:px|pt|em|rem|vw|vh|%)?")


def is_hiding(style: str) -> bool:
    """Whether CSS declarations hide an element, by any of the usual methods."""
    declared = _declarations(style)

    def zero(*names: str) -> bool:
        return any(_ZERO.fullmatch(declared.get(name, "1")) for name in names)

    clipped = declared.get("overflow", "").startswith(("hidden", "clip"))
    placed = declared.get("position") in {"absolute", "fixed"}
    return (
        declared.get("display") == "none"
        or declared.get("visibility") in {"hidden", "collapse"}
        or zero("opacity", "font-size")
        or (clipped and zero("height", "max-height", "width", "max-width"))
        or declared.get("color") == "transparent"
        or "scale(0)" in declared.get("transform", "")
        or _FAR.fullmatch(declared.get("text-indent", "")) is not None
        or (placed and any(_FAR.fullmatch(declared.get(side, "")) for side in ("left", "right", "top", "bottom")))
        or (placed and _is_clipped_away(declared))
    )


def _is_clipped_away(declared: dict[str, str]) -> bool:
    clip = "".join(declared.get("clip", "").split())
    return clip.startswith(
        ("rect(0,0,0,0", "rect(1px,1px,1px,1px", "rect(0000", "rect(0px,0px,0px,0px")
    ) or declared.get("clip-path", "") in {"inset(50%)", "inset(100%)"}


def _declarations(style: str) -> dict[str, str]:
    declared = {}
    for declaration in re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL).split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            declared[name.strip().lower()] = re.sub(r"\s*!\s*important\s*$", "", value.strip().lower())
    return declared


def without_hidden(pieces: Sequence[str], between: str, reader: Reader) -> tuple[list[str], list[bool]] | None:
    """The pieces of one stretch of HTML without hidden content, and whether the place after each is hidden.

    None if nothing is hidden. `between` separates pieces while they are parsed together; `reader` parses HTML as
    browsers do.
    """
    whole = between.join([*pieces, ""])
    if not _MAY_HIDE.search(whole):
        return None
    html = _marked(whole, reader)
    if _HIDES not in html:
        return None
    kept, hidden = "", []
    for part, unseen in _parts(html):
        for index, text in enumerate(part.split(between)):
            if index:
                hidden.append(unseen)
                kept += between
            kept += "" if unseen else text
    found = kept.split(between)
    return (found[:-1], hidden) if len(found) == len(pieces) + 1 else None


def _marked(html: str, reader: Reader) -> str:
    """`html` as browsers read it, all tags closed, with an attribute on each hidden element."""
    names = _named_in_sheets(html)
    given = {name.lower() for name in _ATTRIBUTE.findall(html)} | {"style", "hidden", "open", "class", "id", _HIDES}

    def noted(_element: str, attribute: str, value: str) -> str | None:
        if attribute == "style":
            return f"{_HIDES}:1" if is_hiding(value) else None
        if attribute in {"class", "id"} and any(
            {"class": ".", "id": "#"}[attribute] + name in names for name in value.split()
        ):
            return _HIDES
        return "" if attribute == "hidden" else value

    marked = reader(_opened(html, names), given - {_HIDES}, noted)
    return re.sub(rf' (?:style="{_HIDES}:1"|hidden=""|(?:class|id)="{_HIDES}")', f' {_HIDES}=""', marked)


def _opened(html: str, names: frozenset[str]) -> str:
    """`html` with an attribute on elements that are hidden by their name, class or id."""
    unshown = "|".join(sorted({*_UNSHOWN, *(name for name in names if name[0] not in ".#")}))
    # An HTML parser moves the content of a template elsewhere, with the marks between pieces.
    html = re.sub(r"<(/?)template\b", r"<\1datalist", html, flags=re.IGNORECASE)
    return re.sub(rf"<({unshown})\b(?![^<>]*\sopen\b)([^<>]*>)", r'<\1 hidden=""\2', html, flags=re.IGNORECASE)


def _named_in_sheets(html: str) -> frozenset[str]:
    """The classes, ids and elements that style sheets in `html` hide.

    Rules for only some media do not count.
    """
    names = set()
    for sheet in _sheets(html):
        depth = 0
        for rule in sheet.split("}"):
            *outer, selectors, style = ["", *rule.split("{")] if "{" in rule else ["", rule]
            depth += len([one for one in outer if one.strip()]) if style.strip() or "{" in rule else -1
            if depth <= 0 and is_hiding(style):
                plain = (_PLAIN_SELECTOR.fullmatch(one.strip()) for one in selectors.rpartition(";")[2].split(","))
                names |= {one[1] or one[2].lower() for one in plain if one}
    return frozenset(names)


def _sheets(html: str) -> Iterator[str]:
    low, at = html.lower(), 0
    while (start := low.find("<style", at)) >= 0 and (end := low.find("</style", start)) >= 0:
        yield html[html.find(">", start) + 1 : end]
        at = end


_ATTRIBUTES = r'(?: [^\s"<>=]+="[^"]*")*'
"""Attributes in parsed HTML, where a value may contain `>`."""
_START = re.compile(f"<([a-z][a-z0-9-]*)({_ATTRIBUTES})>")


def _parts(html: str) -> list[tuple[str, bool]]:
    """`html` in pieces that are either shown or hidden."""
    parts, done = [], 0
    for start in _START.finditer(html):
        if start.start() < done or f' {_HIDES}=""' not in start[2]:
            continue
        end = _end_of_element(html, start)
        parts += [(html[done : start.start()], False), (html[start.start() : end], True)]
        done = end
    return [*parts, (html[done:], False)]


_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())


def _end_of_element(html: str, start: re.Match[str]) -> int:
    if start[1] in _VOID:
        return start.end()
    depth = 1
    for tag in re.compile(f"<(/?){start[1]}{_ATTRIBUTES}>").finditer(html, start.end()):
        depth += -1 if tag[1] else 1
        if not depth:
            return tag.end()
    return len(html)
