"""Blocks that have a template of their own in an e-mail: figure, quotation, code, table, divider and the directives."""

from __future__ import annotations

import re
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from markupsafe import Markup

from newsletter.language.scripts import is_upright
from newsletter.model import CodeBlock, Figure, Quotation, Table, ThematicBreak
from newsletter.render.columns import display_width
from newsletter.render.html_blocks import caption, code_block, table
from newsletter.render.markup import escape, escape_attribute
from newsletter.walk import blocks_text, plain_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsletter.model import Image, Link, TableCell
    from newsletter.render.email.theme import EmailTheme
    from newsletter.render.email.trace import EmailTrace
    from newsletter.render.html import BlockWriter, HtmlWriter
    from newsletter.render.letter import Letter

SIDES = {
    "ltr": {"dir": "ltr", "start": "left", "end": "right"},
    "rtl": {"dir": "rtl", "start": "right", "end": "left"},
}
"""What every template is given of the direction of what it is for."""

_MARK = "\ufdd3"
"""Around the number of a text, while a template is written whose own HTML is to be set aside."""
_ASIDE = re.compile(r"<!--#(\d+)-->")
_ADDRESSES = frozenset({"href"})
"""Texts that stand in attributes, where nothing is styled."""
_NONE: Mapping[str, object] = MappingProxyType({})


class BlockTemplates:
    """Writes single blocks of one letter by their templates, as HTML that stands anywhere: in a list, in a call-out."""

    def __init__(self, letter: Letter, theme: EmailTheme, trace: EmailTrace | None = None) -> None:
        self._letter = letter
        self._theme = theme
        self._trace = trace
        self._inliner = bool(theme.sheet)
        self._aside: list[str] = []

    def writers(self) -> dict[type, BlockWriter]:
        """By kind of block, all but directives."""
        return {
            Figure: partial(_figure, self),
            Quotation: partial(_quotation, self),
            CodeBlock: partial(_code, self),
            Table: partial(_table, self),
            ThematicBreak: lambda writer, _break, _container: self.render(writer, "divider"),
        }

    @property
    def column(self) -> int:
        """How wide text and pictures may be, in CSS pixels."""
        return self._theme.design.column

    def picture(
        self, writer: HtmlWriter, image: Image, link: Link | None = None, most: int = 0, *, fluid: bool = True
    ) -> str:
        """A picture at most `most` CSS pixels wide, or as the column is; linked where `link` is; a `fluid` one shrinks on a phone."""
        src, width, height = writer.source(image)
        if not src:
            return escape(image.alt)
        most = most or self.column
        shown = min(width, most) if width else most
        # Outlook knows neither max-width nor auto: without a width it would show a file as large as it is.
        size = f' width="{shown}"' + (f' height="{round(height * shown / width)}"' if width and height else "")
        # All of the room, up to its own width: the other way round a picture that is not loaded keeps its width on a phone.
        wide = "100%" if fluid and shown == most else f"100%;max-width:{shown}px"
        style = f"display:block;border:0;width:{wide};height:auto;border-radius:{self._theme.design.radius}px"
        about = f'alt="{escape_attribute(image.alt)}"{writer.attributes("img", "figure")}{size} style="{style}"'
        html = f'<img src="{src}" {about} />'
        made = self._letter.images.get(image.src)
        if made and made.still:  # Outlook on Windows shows a first picture only, and plays nothing
            still = f'<img src="{self._letter.picture_base}{made.still}" {about} />'
            html = f"<!--[if mso]>{still}<![endif]--><!--[if !mso]><!-->{html}<!--<![endif]-->"
        return writer.anchor(link, html, "figure", "a.picture") if link else html

    def render(
        self, writer: HtmlWriter, block: str, container: str = "", traits: Mapping[str, object] = _NONE, **html: str
    ) -> str:
        """The template of a block filled with `traits`, which it asks, and with `html`, which it sets."""
        values = {name: Markup(text) for name, text in html.items()}  # noqa: S704 (written by HtmlWriter)
        traits = {**SIDES[writer.dir], **traits}
        if self._inliner:
            written = self._set_aside(block, container, traits, values)
        else:
            written = self._theme.render(f"{block}.html", {**traits, **values})
        return self._trace.block(written, f"{block}.html") if self._trace else written

    # ── Where a style sheet needs an inliner ────────────────────────────────────────────────────────────────────────

    def zone(self, container: str, html: str) -> str:
        """`html` marked as standing in `container`, where an inliner has to know."""
        return f'<x-zone class="{container}">{html}</x-zone>' if self._inliner and html else html

    def _set_aside(self, block: str, container: str, traits: Mapping[str, object], values: Mapping[str, Markup]) -> str:
        """The block with the template's own HTML as comments: a style sheet for prose is not about its tables."""
        texts = list(values.values())
        marks = {name: f"{_MARK}{index}{_MARK}" if text else "" for index, (name, text) in enumerate(values.items())}
        plain = {name: values[name] if name in _ADDRESSES else mark for name, mark in marks.items()}
        pieces = []
        for index, piece in enumerate(self._theme.render(f"{block}.html", {**traits, **plain}).split(_MARK)):
            if index % 2:
                pieces.append(self.zone(container, texts[int(piece)]))
            else:
                self._aside.append(piece)
                pieces.append(f"<!--#{len(self._aside) - 1}-->")
        return "".join(pieces)

    def restore(self, runs: Sequence[str]) -> list[str]:
        """`runs` that went through an inliner, with the templates' own HTML put back."""
        return [_ASIDE.sub(lambda found: self._aside[int(found[1])], run) for run in runs]


def _figure(templates: BlockTemplates, writer: HtmlWriter, figure: Figure, _container: str) -> str:
    picture = templates.picture(writer, figure.image, figure.link)
    return templates.render(writer, "figure", "figure", picture=picture, caption=caption(writer, figure))


def _quotation(templates: BlockTemplates, writer: HtmlWriter, quotation: Quotation, _container: str) -> str:
    html = writer.blocks(quotation.blocks, "quotation")
    by = writer.line(quotation.attribution, "attribution")
    by = writer.language.around("attribution", name=templates.zone("attribution", by)) if by else ""
    traits = {"slant": "normal" if is_upright(blocks_text(quotation.blocks)) else "italic"}
    return templates.render(writer, "quotation", "quotation", traits, html=html, attribution=by)


def _code(templates: BlockTemplates, writer: HtmlWriter, block: CodeBlock, container: str) -> str:
    return templates.render(writer, "code", container, html=code_block(writer, block, container))


def _table(templates: BlockTemplates, writer: HtmlWriter, block: Table, container: str) -> str:
    parts = shares(block, templates.column)
    html = table(writer, block, container, shares=parts)
    return templates.render(writer, "table", container, {"stacked": bool(parts)}, html=html)


# ── How wide the columns of a table are ─────────────────────────────────────────────────────────────────────────────

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
