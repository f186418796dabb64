"""`::: columns`: two or three columns of short text; on a phone, one below the other.

They are separated by `---`, or each begins with a heading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.blocks.columns import FEWEST, MOST, columns_of
from newsletter.model import Heading
from newsletter.render.directives.base import DirectiveForms
from newsletter.render.directives.rows import Cell, row
from newsletter.render.html_blocks import lines, title
from newsletter.render.text_blocks import spaced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model import Block, Directive
    from newsletter.render.directives.base import Templates
    from newsletter.render.html import HtmlWriter
    from newsletter.render.text_blocks import TextWriter

GAP = 28
"""The distance between two columns, in CSS pixels."""


def _column(writer: HtmlWriter, part: Sequence[Block], container: str) -> str:
    """One column.

    Its heading is bold text, because it has no place in the outline of the letter.
    """
    first = part[0] if part else None
    if not isinstance(first, Heading):
        return writer.blocks(part, container)
    strong = writer.attributes("strong", container)
    words = f"<strong{strong}>{writer.line(first.inlines, container)}</strong>"
    head = f"<p{writer.id(first.anchor)}{writer.attributes('p.head', container)}>{words}</p>"
    return lines(writer.noted(head, first.span), writer.blocks(part[1:], container))


def _html(writer: HtmlWriter, columns: Directive, container: str) -> str:
    parts = [_column(writer, part, container) for part in columns_of(columns)]
    parts = [f"<div>\n{part}\n</div>" for part in parts if part]
    if writer.look.profile == "web":
        parts = [f'<div class="columns of-{min(len(parts), MOST)}">\n{lines(*parts)}\n</div>'] if parts else []
    return lines(title(writer, columns.argument, container), *parts)


def _email(templates: Templates, writer: HtmlWriter, columns: Directive, container: str) -> str:
    parts, cells = columns_of(columns), []
    share = 100 // max(FEWEST, min(len(parts), MOST))
    for part in parts:
        with templates.part(share, GAP):
            html = _column(writer, part, container)
        cells += [Cell(share, html)] if html else []
    rows = [row(templates, writer, cells[at : at + MOST], GAP) for at in range(0, len(cells), MOST)]
    shown = templates.render(writer, "columns", "", html="".join(rows)) if rows else ""
    return title(writer, columns.argument, container) + shown


def _text(writer: TextWriter, columns: Directive, width: int) -> list[str]:
    return spaced([writer.title(columns.argument, width), *(writer.blocks(one, width) for one in columns_of(columns))])


COLUMNS = DirectiveForms(_html, _email, _text)
