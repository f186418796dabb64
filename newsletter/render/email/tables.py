"""Which tables a phone has room for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.render.columns import display_width
from newsletter.walk import plain_text

if TYPE_CHECKING:
    from newsletter.model import Table, TableCell

PHONE = 335
"""The measure on a phone, in CSS pixels: 375 less the margins."""
COLUMN = 8
"""About what a character takes in a cell; one of twice the width takes two."""
GAP = 12
"""Between columns."""
LINE = 16
"""How many characters of a longer cell must fit on a line, for it to be read rather than spelt."""


def is_wide(table: Table) -> bool:
    """Whether a phone would set the table in columns too narrow to read, so that its rows are better stacked."""
    rows = (table.head, *table.rows)
    columns = max(map(len, rows), default=0)
    if columns < 3 or not any(cell.inlines for cell in table.head):
        return False
    needed = [max((_need(row[column]) for row in rows if column < len(row)), default=0) for column in range(columns)]
    return sum(needed) > PHONE


def _need(cell: TableCell) -> int:
    text = plain_text(cell.inlines)
    word = max(map(display_width, text.split()), default=0)
    # A word without spaces in it, as Chinese has, may end a line anywhere.
    word = word if text.isascii() else min(word, LINE)
    return COLUMN * max(word, min(display_width(text), LINE)) + GAP
