"""Post-processing: the ordered steps from the compiler's output to the email, each small and pure."""

from __future__ import annotations

import re
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from newsletter.late import late

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.render.design import Face

_OPEN, _CLOSE = "<!--[if mso | IE]>", "<![endif]-->"
_TABLE = "<table "
_ROLE = re.compile(r"\brole=")
_LAST_SEMICOLON = re.compile(r'(\sstyle="[^"&]*);"')


def join_comments(html: str) -> str:
    """Joins adjacent conditional comments for the same programs. Others stay as they are."""
    parts = html.split(_CLOSE)
    joined = [parts[0]]
    for before, part in pairwise(parts):
        if part.startswith(_OPEN) and before[before.rfind("<!--[if") :].startswith(_OPEN):
            joined.append(part[len(_OPEN) :])
        else:
            joined.append(_CLOSE + part)
    return "".join(joined)


def tidy(html: str) -> str:
    """The HTML without white space between tags, empty lines in style sheets, and semicolons at the end of styles."""
    html = _LAST_SEMICOLON.sub(r'\1"', html)
    lines = [stripped for line in html.split("\n") if (stripped := line.strip())]
    between = ["" if before.endswith(">") and after.startswith("<") else "\n" for before, after in pairwise(lines)]
    return "".join(chain.from_iterable(zip(lines, [*between, ""], strict=True)))


def mark_layout(html: str) -> str:
    """Gives tables without a role the role of layout, so that screen readers announce no rows and columns."""
    before, *tables = html.split(_TABLE)
    marked = (table if _has_role(table) else f'role="presentation" {table}' for table in tables)
    return _TABLE.join((before, *marked))


def _has_role(table: str) -> bool:
    """Whether the attributes at the start of `table` have a role."""
    end = table.find(">")
    return _ROLE.search(table, 0, end if end >= 0 else len(table)) is not None


STEPS: tuple[Callable[[str], str], ...] = (
    # Outlook's tables are opened and closed in comments; adjacent ones become one. This comes before the author's text
    # is inserted, which may have comments of its own.
    join_comments,
    # White space that only separates tags. Also before the author's text is inserted: its code keeps every space.
    tidy,
    # All tables so far are layout: the compiler drops the role of mj-table, and the author's tables come later.
    mark_layout,
)
"""The steps in order, all before the author's text is inserted. `set_in` comes last, so that it covers everything."""


_PLACE = late(r"(<[a-z][a-z0-9]*\b[^<>]*?\sstyle=\")([^\"]*)|(<style\b[^>]*>)(.*?)(?=</style>)", re.DOTALL)
_HEIGHT = re.compile(r"(line-height:)(\d+(?:\.\d+)?)px")
_SIZE = re.compile(r"font-size:(\d+(?:\.\d+)?)px")
_SPACING = re.compile(r"letter-spacing:[^;}\"]*;?|text-transform:uppercase;?")
_SLANT = re.compile(r"font-style:italic")
LABEL = 116
"""The font size of labels in scripts without small capitals, in percent of the size for Latin."""
_SMALLEST = 10
"""Lines of fewer pixels contain no text: they only make space."""
_TALLEST = 2.2
"""From this ratio of line height to font size on, a line is not text but sets the height of a button or a mark."""


def set_in(face: Face, html: str) -> str:
    """`html` with all styles, in attributes and style elements, adapted to `face`. Text is not changed."""
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
