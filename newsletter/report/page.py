"""The page of a rule on a terminal: the Markdown of docs/rules/ as plain text.

It supports headings, paragraphs, lists, tables and fenced code. A test checks that the pages use nothing else.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.render.columns import display_width, wrap
from newsletter.report.base import painted, safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

COLUMNS = 80
"""The largest width of a paragraph, and the width without a terminal. Longer lines are hard to read."""
_CODE = "    "

_FENCE = re.compile(r"(`{3,}|~{3,})(.*)")
_HEADING = re.compile(r"(#{1,6}) +(.*)")
_ITEM = re.compile(r"(?:[-*]|\d+\.) +")
_CODE_SPAN = re.compile(r"(`+)(.+?)\1")
_LINK = re.compile(r"\[([^\]\n]*)\]\(([^)\s]+)\)")
_STRONG = re.compile(r"\*\*(.+?)\*\*")
_BOLD, _QUIET = "1", "2"


def page_as_text(page: str, *, columns: int = COLUMNS, colour: bool = False) -> str:
    """The page as text: headings bold if there is `colour`, code indented, paragraphs wrapped at `columns`."""
    text, before = "", ""
    for kind, lines in _blocks(page):
        text += "" if not text else "\n" if kind == before == "item" else "\n\n"
        text += "\n".join(_shown(kind, lines, columns, colour=colour))
        before = kind
    return text + "\n"


def without_local_links(page: str) -> str:
    """The page as Markdown for use outside docs/: links to other files of docs/ would be broken, and become plain text."""
    return "\n".join(line if in_code else _outside_code(line, _unlinked) for line, in_code in _lines(page))


def first_paragraph(page: str, code: str) -> str:
    """The first paragraph of a rule's page, below the heading with its code, on one line."""
    below = False
    for kind, lines in _blocks(page):
        if kind == "heading":
            below = below or code in lines[0].split()
        elif kind == "paragraph" and below:
            return _plain(" ".join(lines), colour=False)
    return ""


def _lines(page: str) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it belongs to fenced code, the fences included."""
    fence = ""
    for line in page.split("\n"):
        mark = _FENCE.match(line)
        opening = mark is not None and not fence
        yield line, bool(fence) or opening
        if mark and opening:
            fence = mark[1]
        elif fence and line.strip() == fence:
            fence = ""


def _blocks(page: str) -> Iterator[tuple[str, list[str]]]:
    """The blocks of a page, each as its kind and its lines."""
    kind, lines = "", list[str]()
    for line, in_code in _lines(page):
        now = "code" if in_code else _kind_of(line, kind)
        closes = in_code and kind == "code" and len(lines) > 1 and line.strip() == _fence_of(lines[0])
        if now != kind or now == "heading" or (now == "item" and _ITEM.match(line)):
            if kind:
                yield kind, lines
            kind, lines = now, []
        lines.append(line)
        if closes:
            yield kind, lines
            kind, lines = "", []
    if kind:
        yield kind, lines


def _fence_of(line: str) -> str:
    mark = _FENCE.match(line)
    return mark[1] if mark else ""


def _kind_of(line: str, before: str) -> str:
    if not line.strip():
        return ""
    if _HEADING.match(line):
        return "heading"
    if line.startswith("|"):
        return "table"
    if _ITEM.match(line):
        return "item"
    return "item" if before == "item" and line.startswith("  ") else "paragraph"


def _shown(kind: str, lines: list[str], columns: int, *, colour: bool) -> list[str]:
    match kind:
        case "code":
            return _code(lines, colour=colour)
        case "table":
            return _table(lines, colour=colour)
        case "heading":
            text = _HEADING.sub(r"\2", lines[0])
            return [painted(_plain(text, colour=False), _BOLD, colour=colour)]
        case "item":
            text = _ITEM.sub("", " ".join(line.strip() for line in lines), count=1)
            return [
                ("  " if place else "- ") + line
                for place, line in enumerate(_wrapped(text, columns - 2, colour=colour))
            ]
        case _:
            return _wrapped(" ".join(lines), columns, colour=colour)


def _code(lines: list[str], *, colour: bool) -> list[str]:
    """The code, indented, under the name of its file if it has one; without its fences."""
    mark = _FENCE.match(lines[0])
    named = [word for word in (mark[2].split() if mark else []) if "." in word]
    label = [_CODE + painted(f"({named[0]})", _QUIET, colour=colour)] if named else []
    body = lines[1:-1] if len(lines) > 1 and lines[-1].strip() == _fence_of(lines[0]) else lines[1:]
    return [*label, *((_CODE + safe(line)).rstrip() for line in body)]


def _table(lines: list[str], *, colour: bool) -> list[str]:
    rows = [[_plain(cell.strip(), colour=False) for cell in line.strip().strip("|").split(" | ")] for line in lines]
    del rows[1:2]  # The line of dashes.
    count = max(map(len, rows))
    widths = [max((display_width(row[place]) for row in rows if place < len(row)), default=0) for place in range(count)]
    shown = [
        "  ".join(cell + " " * (width - display_width(cell)) for cell, width in zip(row, widths, strict=False)).rstrip()
        for row in rows
    ]
    return [painted(shown[0], _BOLD, colour=colour), *shown[1:]]


def _wrapped(text: str, columns: int, *, colour: bool) -> list[str]:
    # Wrapped before styles are added, because they take no columns. Bold text stays within one word or line.
    lines = wrap(_plain(text, colour=colour), max(columns, 20))
    return [line.replace("\x01", "\x1b[1m").replace("\x02", "\x1b[0m") for line in lines]


def _plain(text: str, *, colour: bool) -> str:
    """A line without Markdown. Code keeps its backticks, which distinguish it from the words around it."""
    bold = "\x01\\1\x02" if colour else "\\1"
    return _outside_code(safe(text), lambda part: _STRONG.sub(bold, _LINK.sub(_link_text, part)))


def _link_text(link: re.Match[str]) -> str:
    return f"{link[1]} <{link[2]}>" if re.match("https?:", link[2]) and link[1] != link[2] else link[1]


def _unlinked(text: str) -> str:
    return _LINK.sub(lambda link: link[0] if re.match("https?:", link[2]) else link[1], text)


def _outside_code(line: str, change: Callable[[str], str]) -> str:
    """The line with `change` applied to the text outside code."""
    parts, at = [], 0
    for code in _CODE_SPAN.finditer(line):
        parts += [change(line[at : code.start()]), code[0]]
        at = code.end()
    return "".join([*parts, change(line[at:])])
