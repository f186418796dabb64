"""Post-processing: the ordered steps from what the compiler gives to what is sent, each small and pure."""

from __future__ import annotations

import re
from itertools import chain, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.render.design import Face

_OPEN, _CLOSE = "<!--[if mso | IE]>", "<![endif]-->"
_PLAIN_TABLE = re.compile(r"<table (?![^>]*\brole=)")


def join_comments(html: str) -> str:
    """Conditional comments for the same programs that meet, as one. Others stay as they are."""
    parts = html.split(_CLOSE)
    joined = [parts[0]]
    for before, part in pairwise(parts):
        if part.startswith(_OPEN) and before[before.rfind("<!--[if") :].startswith(_OPEN):
            joined.append(part[len(_OPEN) :])
        else:
            joined.append(_CLOSE + part)
    return "".join(joined)


def tidy(html: str) -> str:
    """The HTML without white space between tags and without empty lines in style sheets."""
    lines = [stripped for line in html.split("\n") if (stripped := line.strip())]
    between = ["" if before.endswith(">") and after.startswith("<") else "\n" for before, after in pairwise(lines)]
    return "".join(chain.from_iterable(zip(lines, [*between, ""], strict=True)))


def mark_layout(html: str) -> str:
    """Tables without a role are layout to a screen reader: no rows and columns are read out."""
    return _PLAIN_TABLE.sub('<table role="presentation" ', html)


STEPS: tuple[Callable[[str], str], ...] = (
    # Outlook's tables are opened and closed in comments; those that meet become one. Before the author's words are in,
    # which may hold comments of their own.
    join_comments,
    # White space that only separates tags, for the same reason now: code of an author keeps every space.
    tidy,
    # Every table until here is layout; the compiler drops the role of mj-table. Tables of the author's stay tables.
    mark_layout,
)
"""The steps in their order, all before the author's words are put in. `set_in` comes last, so that nothing escapes it."""


# ── Styles made fit for a script: the templates are written for Latin, whatever a workspace makes of them ────────────

_PLACE = re.compile(r"(<[a-z][a-z0-9]*\b[^<>]*?\sstyle=\")([^\"]*)|(<style\b[^>]*>)(.*?)(?=</style>)", re.DOTALL)
_HEIGHT = re.compile(r"(line-height:)(\d+(?:\.\d+)?)px")
_SIZE = re.compile(r"font-size:(\d+(?:\.\d+)?)px")
_SPACING = re.compile(r"letter-spacing:[^;}\"]*;?|text-transform:uppercase;?")
_SLANT = re.compile(r"font-style:italic")
LABEL = 116
"""How much larger a label is set that is in small capitals for Latin, in percent: it has none to be read by."""
_SMALLEST = 10
"""Lines of fewer pixels hold no text: they keep a space open."""
_TALLEST = 2.2
"""Where a line is that many times as high as its letters, it is no line of text but the height of a button or a mark."""


def set_in(face: Face, html: str) -> str:
    """`html` with every style, in attributes and style elements, as `face` is set. Text is left alone."""
    return _PLACE.sub(lambda found: _restyled(found, face), html)


def _restyled(found: re.Match[str], face: Face) -> str:
    start, style = (found[1], found[2]) if found[1] else (found[3], found[4])
    if not face.spacing:
        if "text-transform:uppercase" in style:
            style = _SIZE.sub(lambda size: f"font-size:{float(size[1]) * LABEL / 100:g}px", style)
        style = _SPACING.sub("", style)
    if not face.italics:
        style = _SLANT.sub("font-style:normal", style)
    if face.leading != 100:
        size = _SIZE.search(style) if found[1] else None
        style = _HEIGHT.sub(lambda height: _taller(height, size, face.leading), style)
    return f"{start}{style}"


def _taller(height: re.Match[str], size: re.Match[str] | None, percent: int) -> str:
    pixels = float(height[2])
    if pixels < _SMALLEST or (size and pixels >= float(size[1]) * _TALLEST):
        return height[0]
    return f"{height[1]}{round(pixels * percent / 100)}px"
