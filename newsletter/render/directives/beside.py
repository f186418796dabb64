"""`::: beside`: a picture (a cover, a portrait, a product) with text beside it; on a phone, the text is below.

`side` is the side of the picture in the reading direction: in a right-to-left script, `left` is the right. `width` is
the picture's share of the width. `shape: round` cuts the picture to a circle.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.blocks.pictures import ROUND, SHARES, SIDES, is_round, parts_of
from newsletter.render.directives.base import DirectiveForms
from newsletter.render.directives.rows import Cell, row
from newsletter.render.html_blocks import caption, lines, title
from newsletter.render.text_blocks import spaced

if TYPE_CHECKING:
    from newsletter.model import Directive
    from newsletter.render.directives.base import Templates
    from newsletter.render.html import HtmlWriter
    from newsletter.render.text_blocks import TextWriter

_RADIUS = re.compile(r"border-radius:\d+px")
GAP = 28
"""The distance between picture and text, in CSS pixels."""


def _width(beside: Directive) -> str:
    width = beside.fields.get("width", "").strip().lower()
    return width if width in SHARES else next(iter(SHARES))


def _at_end(beside: Directive) -> bool:
    return beside.fields.get("side", "").strip().lower() == SIDES[1]


def _html(writer: HtmlWriter, beside: Directive, container: str) -> str:
    figure, rest = parts_of(beside)
    text = lines(title(writer, beside.argument, container), writer.blocks(rest, container))
    if figure is None:
        return text
    picture = writer.picture(figure.image, "figure")
    shown = writer.anchor(figure.link, picture, "figure", "a.picture") if figure.link else picture
    words = caption(writer, figure)
    shown = f"<figure>{shown}{f'<figcaption>{words}</figcaption>' if words else ''}</figure>"
    if writer.look.profile != "web":
        return lines(shown, text)
    kinds = ("beside", _width(beside), "end" if _at_end(beside) else "", ROUND if is_round(beside) else "")
    return f'<div class="{" ".join(filter(None, kinds))}">\n{shown}\n<div>\n{text}\n</div>\n</div>'


def _email(templates: Templates, writer: HtmlWriter, beside: Directive, container: str) -> str:
    figure, rest = parts_of(beside)
    if figure is None:
        return lines(title(writer, beside.argument, container), writer.blocks(rest, container))
    width = _width(beside)
    share = SHARES[width]
    with templates.part(share, GAP):
        picture = templates.picture(writer, figure.image, figure.link, fluid=width == "half")
    if is_round(beside):
        picture = _RADIUS.sub("border-radius:50%", picture)
    with templates.part(100 - share, GAP):
        text = lines(title(writer, beside.argument, container), writer.blocks(rest, container))
    words = caption(writer, figure)
    picture = templates.render(writer, "beside-picture", "figure", picture=picture, caption=words)
    cells = [Cell(share, picture), Cell(100 - share, text)]
    html = row(templates, writer, cells, GAP, flipped=_at_end(beside))
    return templates.render(writer, "beside", "", {"flipped": _at_end(beside)}, html=html)


def _text(writer: TextWriter, beside: Directive, width: int) -> list[str]:
    figure, rest = parts_of(beside)
    shown = writer.plain_block(figure, width) if figure else []
    return spaced([writer.title(beside.argument, width), shown, writer.blocks(rest, width)])


BESIDE = DirectiveForms(_html, _email, _text)
