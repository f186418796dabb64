"""Rows of cells side by side in an email, and one below the other on a phone: pictures, columns, a cover with text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.render.directives.base import Templates
    from newsletter.render.html import HtmlWriter


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a row."""

    share: int
    """Its share of the width, in hundredths: 25, 33, 50, 67 or 75, for which head.css of the theme has classes."""
    html: str


def row(
    templates: Templates,
    writer: HtmlWriter,
    cells: Sequence[Cell],
    gap: int,
    *,
    below: int = 0,
    small: int = 0,
    flipped: bool = False,
) -> str:
    """Cells beside each other, with `gap` CSS pixels between two, taken from all cells equally.

    `below` is the space under each cell in pixels. `small` is the font size where it is that of labels. If `flipped`,
    the first cell is at the end of the line, but still above the others on a phone.
    """
    many = round(100 / min(cell.share for cell in cells)) if len({cell.share for cell in cells}) == 1 else len(cells)
    rest = 100 - sum(cell.share for cell in cells)
    written = []
    for at, cell in enumerate(cells):
        before, behind = round(gap * at / many), round(gap * (many - 1 - at) / many)
        sides = {"before": before, "behind": behind, "first": at == 0, "last": at == len(cells) - 1}
        written.append(
            templates.render(
                writer,
                "cell",
                "",
                {"share": cell.share, "rest": rest, "flipped": flipped, "below": below, "small": small, **sides},
                html=cell.html,
            )
        )
    return "".join(written)
