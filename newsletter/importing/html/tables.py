"""Tables of a page: which have data, and which are layout; the cells of those with data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bs4.element import Tag

from newsletter.digits import whole_number
from newsletter.importing.html.lines import (
    HEADINGS,
    text_in,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4.element import PageElement


def has_data(table: Tag) -> bool:
    """Whether a table contains data, not a layout."""
    if (
        str(table.get("role") or "").lower() in {"presentation", "none"}
        or table.find("table") is not None
        or table.find_parent("x-data")
    ):
        return False
    rows = [row for row in table.find_all("tr", limit=5_000) if row.find(["td", "th"]) is not None]
    widths = [sum(span_of(cell) for cell in row.find_all(["td", "th"])) for row in rows]
    if not rows or max(widths) < 2 or max(widths) > 40:
        return False
    cells = table.find_all(["td", "th"])
    if any(
        cell.find([*HEADINGS, "ul", "ol", "blockquote", "pre", "x-button", "x-block", "x-video", "x-audio"])
        for cell in cells
    ):
        return False
    if table.find("th") is not None and any(text_in(cell) for cell in table.find_all("th")):
        return True
    if table.get("cellpadding") == "0" and (table.get("border") in {"0", None}):
        return False
    longest = max(len(text_in(cell)) for cell in cells)
    return len(rows) > 1 and len(set(widths)) == 1 and longest < 120 and table.find("x-figure") is None


def outside_cells(node: Tag, *, in_row: bool = False) -> Iterator[PageElement]:
    """The content of a table that is in no cell of a row. Browsers show it above the table (HTML, 13.2.6.4.9)."""
    for child in node.children:
        if not isinstance(child, Tag):
            yield child
        elif child.name == "tr" or (child.find(["tr", "td", "th"]) and child.name not in {"td", "th"}):
            yield from outside_cells(child, in_row=in_row or child.name == "tr")
        elif not in_row or child.name not in {"td", "th"}:
            yield child


def alignment_of(cell: Tag) -> str:
    """The alignment of a cell: by its style, its attribute, or its class on a page of this tool."""
    style = re.search(r"text-align:\s*(right|center)", str(cell.get("style") or ""))
    written = {str(cell.get("align") or ""), *cell.get_attribute_list("class")} & {"left", "right", "center"}
    return style[1] if style else min(written, default="")  # emails align all other cells left by style


def span_of(cell: Tag) -> int:
    """The number of columns that a cell covers, at most 40."""
    return min(whole_number(str(cell.get("colspan"))) or 1, 40)
