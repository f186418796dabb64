"""How much room the columns of a table need, and whether a phone has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.render.columns import display_width
from newsletter.walk import plain_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model import Table, TableCell

PHONE = 335
"""The measure on a phone, in CSS pixels: 375 less the margins."""
COLUMN = 9
"""About what a character takes in a cell; one of twice the width takes two."""
GAP = 18
"""Between columns."""
SHORT = 8
"""Up to so many characters are a figure, with its unit, that should stay on one line."""
LINE = 14
"""How many characters of a longer cell must fit on a line, for it to be read rather than spelt."""


def shares(table: Table, room: int) -> tuple[int, ...]:
    """The part of the width that each column gets, in hundredths; nothing where a phone has room for the table anyway.

    No column is narrower than its longest word if a screen with `room` (CSS pixels) can help it; what is left goes to those
    with the most to say, in their cells rather than in their headings. A table without headings has none to set beside its cells, and is left as it is.
    """
    rows = (table.head, *table.rows)
    columns = max(map(len, rows), default=0)
    if columns < 3 or not any(cell.inlines for cell in table.head):  # Two columns always fit.
        return ()
    cells = [[row[at] for row in rows if at < len(row)] for at in range(columns)]
    words = _fitted([COLUMN * max(map(_longest_word, column)) + GAP for column in cells], room)
    wishes = [max(word, COLUMN * min(_longest(column), LINE) + GAP) for word, column in zip(words, cells, strict=True)]
    if sum(wishes) <= PHONE:
        return ()
    given = [float(word) for word in words]
    for first in (1, 0):  # cells without the heading, then with it
        more = [
            max(0.0, COLUMN * _longest(column[first:]) + GAP - width)
            for width, column in zip(given, cells, strict=True)
        ]
        spare = max(0.0, room - sum(given))
        part = spare / sum(more) if first == 0 and any(more) else min(1.0, spare / max(1.0, sum(more)))
        given = [width + part * extra for width, extra in zip(given, more, strict=True)]
    return tuple(round(100 * width / sum(given)) for width in given)


def _fitted(widths: Sequence[int], room: int) -> list[int]:
    """No wider together than `room`: the widest give way, so that a figure beside an endless word stays whole."""
    left = room
    for index, width in enumerate(sorted(widths)):
        fair = left // (len(widths) - index)
        if width > fair:
            return [min(each, fair) for each in widths]
        left -= width
    return list(widths)


def _longest(cells: Sequence[TableCell]) -> int:
    return max((display_width(plain_text(cell.inlines)) for cell in cells), default=0)


def _longest_word(cell: TableCell) -> int:
    text = plain_text(cell.inlines)
    if len(text) <= SHORT:
        return display_width(text)
    word = max(map(display_width, text.split()), default=0)
    # Chinese has no spaces, and may end a line anywhere.
    return word if text.isascii() else min(word, LINE)
