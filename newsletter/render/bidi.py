"""Which way blocks run, as HTML says it: `dir` on what runs the other way than the letter, and all of it turned around.

Mail programs do not all know `dir="auto"`, and it takes a sentence that begins with a foreign name for a foreign one. So
the direction is worked out here, from the text (see scripts.other_direction).
"""

from __future__ import annotations

import re

from newsletter.late import late

_START = late(r"<([a-z][a-z0-9]*)([^<>]*?)(\s*/?)>")
_STYLE = ' style="'
_VOID = frozenset({"br", "hr", "img"})
_SAID = ' dir="'


def turned(html: str, direction: str, *, aligned: bool) -> str:
    """`html` of one block with `dir` on its outermost element, unless it has one; `aligned` says its side, too, for mail programs."""
    found = _START.match(html) if _is_one(html) else None
    align = f"text-align:{'left' if direction == 'ltr' else 'right'}"
    if found is None:
        style = f'{_STYLE}{align}"' if aligned else ""
        return f'<div dir="{direction}"{style}>{html}</div>' if html else ""
    if _SAID in found[2]:
        return html  # code, say, which runs from left to right in every letter
    attributes = with_style(found[2], align) if aligned else found[2]
    return f'<{found[1]} dir="{direction}"{attributes}{found[3]}>{html[found.end() :]}'


def _is_one(html: str) -> bool:
    """Whether `html` is one element, rather than several side by side, as a card and the words about it are."""
    start = _START.match(html)
    if start is None:
        return False
    depth = 0
    for tag in re.finditer(rf"<(/?){start[1]}(?=[\s/>])[^<>]*?(/?)>", html):
        depth += -1 if tag[1] else 0 if tag[2] or start[1] in _VOID else 1
        if depth == 0:
            return not html[tag.end() :].strip()
    return False


def with_style(attributes: str, declaration: str) -> str:
    """Attributes, as written in a tag, with one more declaration."""
    if _STYLE in attributes:
        return attributes.replace(_STYLE, f"{_STYLE}{declaration};", 1)
    return f'{attributes}{_STYLE}{declaration}"'
