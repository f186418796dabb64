"""Blocks that have a template of their own in an email: figure, quotation, code, table, divider and the directives."""

from __future__ import annotations

import re
from contextlib import contextmanager
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from newsletter.language.scripts import is_upright
from newsletter.model import CodeBlock, Directive, Figure, List, Quotation, Table, ThematicBreak
from newsletter.render.columns import display_width, is_unspaced
from newsletter.render.html import with_style
from newsletter.render.html_blocks import BLOCKS, NO_FIT, TableFit, caption, code_block, rows, table
from newsletter.render.markup import escape, escape_attribute
from newsletter.walk import blocks_text, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsletter.model import Image, Link, TableCell
    from newsletter.render.email.theme import EmailTheme
    from newsletter.render.email.trace import EmailTrace
    from newsletter.render.html import BlockWriter, HtmlWriter
    from newsletter.render.letter import Letter

SIDES = {
    "ltr": {"dir": "ltr", "start": "left", "end": "right"},
    "rtl": {"dir": "rtl", "start": "right", "end": "left"},
}
"""The direction values that every template gets."""

LIST, QUOTATION, BOX, NARROWEST = 26, 25, 50, 40
"""The width that a list, a quotation and a box take away, and the least that they leave, in CSS pixels."""
_BOXES = frozenset({"callout", "event", "quote-card", "sponsor"})
_MARK = "\ufdd3"
"""Encloses the number of a text while a template is filled whose own HTML is hidden from the inliner."""
_ASIDE = re.compile(r"<!--#(\d+)-->")
_ADDRESSES = frozenset({"href"})
"""Texts that are in attributes even if nothing is styled."""
_NONE: Mapping[str, object] = MappingProxyType({})


class BlockTemplates:
    """Writes single blocks of one letter with their templates, as HTML that can be anywhere: in a list, in a callout."""

    def __init__(self, letter: Letter, theme: EmailTheme, trace: EmailTrace | None = None) -> None:
        self._letter = letter
        self._theme = theme
        self._trace = trace
        self._inliner = bool(theme.sheet)
        self._aside: list[str] = []
        self._inset = 0

    def writers(self) -> dict[type, BlockWriter]:
        """The writers by kind of block, except for directives."""
        return {
            Figure: partial(_figure, self),
            List: self.inside(LIST, BLOCKS[List]),
            Quotation: self.inside(QUOTATION, partial(_quotation, self)),
            CodeBlock: partial(_code, self),
            Table: partial(_table, self),
            ThematicBreak: lambda writer, _break, _container: self.render(writer, "divider", html=""),
        }

    def in_boxes(self, writers: Mapping[type, BlockWriter]) -> Mapping[type, BlockWriter]:
        """`writers`, with the padding of a box taken into account for directives."""
        write = writers[Directive]
        boxed = self.inside(BOX, write)
        return {**writers, Directive: lambda *block: (boxed if block[1].name in _BOXES else write)(*block)}

    @property
    def design_column(self) -> int:
        """The width of text and pictures outside of lists and boxes, in CSS pixels."""
        return self._theme.design.column

    @property
    def column(self) -> int:
        """The width at the current place, for example in a list or a callout, in CSS pixels."""
        return max(self.design_column - self._inset, NARROWEST)

    @contextmanager
    def inset(self, pixels: int) -> Iterator[None]:
        """Within the `with` block, the output is inside an element that takes `pixels` from the width."""
        self._inset += pixels
        try:
            yield
        finally:
            self._inset -= pixels

    @contextmanager
    def part(self, share: int, gap: int = 0) -> Iterator[int]:
        """Within the `with` block, the output has `share` hundredths of the width, with a `gap` to its neighbour.

        The gap is in CSS pixels; the value of the `with` statement is the width in CSS pixels.
        """
        room = self.column * share // 100 - round(gap * (100 - share) / 100)
        with self.inset(self.column - room):
            yield room

    def inside(self, pixels: int, write: BlockWriter) -> BlockWriter:
        """`write` for an element that takes `pixels` from the width of its content."""

        def written(writer: HtmlWriter, block: Any, container: str) -> str:
            with self.inset(pixels):
                return write(writer, block, container)

        return written

    def picture(
        self, writer: HtmlWriter, image: Image, link: Link | None = None, most: int = 0, *, fluid: bool = True
    ) -> str:
        """A picture as wide as the column or at most `most` CSS pixels, linked if there is a `link`.

        A `fluid` picture shrinks on a phone.
        """
        src, width, height = writer.source(image)
        if not src:
            return escape(image.spoken or image.alt)
        most = min(most, self.column) if most else self.column
        shown = min(width, most) if width else most
        # Outlook supports neither max-width nor auto: without a width it would show the file in its full size.
        size = f' width="{shown}"' + (f' height="{round(height * shown / width)}"' if width and height else "")
        # The full width, up to its own: with the two swapped, a picture that is not loaded keeps its width on a phone.
        wide = "100%" if fluid and shown == most else f"100%;max-width:{shown}px"
        if (
            not width
        ):  # The email client learns the width when it loads the picture: its own width, but no wider than the column.
            wide = f"auto;max-width:{'100%' if fluid else f'{shown}px'}"
        style = f"display:block;border:0;width:{wide};height:auto;border-radius:{self._theme.design.radius}px"
        about = f'alt="{escape_attribute(image.spoken or image.alt)}"{writer.attributes("img", "figure")}{size} style="{style}"'
        html = f'<img src="{src}" {about} />'
        made = self._letter.images.get(image.src)
        # Pictures that are named only in a comment are listed as attachments.
        if (
            made and made.still and self._letter.picture_base != "cid:"
        ):  # Outlook on Windows shows only a first picture, and plays nothing.
            still = f'<img src="{self._letter.picture_base}{made.still}" {about} />'
            html = f"<!--[if mso]>{still}<![endif]--><!--[if !mso]><!-->{html}<!--<![endif]-->"
        return writer.anchor(link, html, "figure", "a.picture") if link else html

    def in_line(self, image: Image, written: str) -> str:
        """The `<img>` of an inline picture, no wider than the column: Outlook would show it in the size of its file."""
        made, room = self._letter.images.get(image.src), self.column
        if not written.startswith("<img "):
            return written
        if made is None:
            fluid = with_style(written[4:-3], "width:auto;height:auto;max-width:100%")
            return f'<img{fluid} width="{room}" />'
        if made.width <= room:
            return written
        height = round(made.height * room / made.width)
        size = f' width="{made.width}" height="{made.height}"'
        fluid = with_style(f' width="{room}" height="{height}"', f"width:100%;max-width:{room}px;height:auto")
        return written.replace(size, fluid, 1)

    def render(
        self, writer: HtmlWriter, block: str, container: str = "", traits: Mapping[str, object] = _NONE, **html: str
    ) -> str:
        """Fills the template of a block.

        The template reads `traits` for its decisions, and inserts the texts in `html`.
        """
        values = {name: Markup(text) for name, text in html.items()}  # noqa: S704 (written by HtmlWriter)
        traits = {**SIDES[writer.dir], **traits}
        if self._inliner:
            written = self._set_aside(block, container, traits, values)
        else:
            written = self._theme.render(f"{block}.html", {**traits, **values})
        return self._trace.block(written, f"{block}.html") if self._trace else written

    def zone(self, container: str, html: str) -> str:
        """`html` marked as part of `container`, if an inliner needs to know."""
        return f'<x-zone class="{container}">{html}</x-zone>' if self._inliner and html else html

    def _set_aside(self, block: str, container: str, traits: Mapping[str, object], values: Mapping[str, Markup]) -> str:
        """The block with the template's own HTML as comments.

        A style sheet for prose must not apply to the template's tables.
        """
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

    @property
    def aside(self) -> Sequence[str]:
        """The templates' own HTML that is hidden from the inliner."""
        return self._aside

    def restore(self, runs: Sequence[str]) -> list[str]:
        """`runs` after the inliner, with the templates' own HTML put back."""
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
    fit = fit_of(block, templates.column, narrow=templates.design_column - templates.column)
    columns = max((len(row) for row in (block.head, *block.rows)), default=1)
    beside = 1 if fit.rows else max(columns, 1)
    with templates.inset(templates.column - max(templates.column // beside - GAP, GAP)):
        html = rows(writer, block, container) if fit.rows else table(writer, block, container, fit=fit)
    return templates.render(writer, "table", container, {"stacked": fit.stacked}, html=html)


PHONE = 335
"""The text width on a phone, in CSS pixels: 375 minus the margins."""
COLUMN = 9
"""The approximate width of a character in a cell; wide characters count twice."""
LEAST = 7.5
"""The average width of a word, in characters. In narrower columns words cannot be kept whole."""
GAP = 18
"""The distance between columns."""
SHORT = 12
"""Up to this many characters count as a figure with its unit, which should stay on one line."""
LINE = 14
"""How many characters of a longer cell must fit on a line to be readable."""
ENDLESS = 24
"""Longer words (addresses, chains of words) may be broken, so that they do not turn a whole table into rows."""
WHOLE, ONE_LINE = "word-break:normal", "white-space:nowrap"
"""The styles that keep words, or a whole cell, from being broken.

Everything else in a letter may break, to fit on any screen.
"""


def fit_of(table: Table, room: int, *, narrow: int = 0) -> TableFit:
    """How a table fits into `room` CSS pixels, and into a phone, which has `narrow` pixels less for it than for the letter.

    No column is narrower than its longest word if possible. The rest of the width goes to the columns with the most
    text in their cells, headings not counted. If words do not fit side by side on a phone, the phone shows the cells of
    a row one below the other. If they fit on no screen, the table is written that way.
    """
    lines = (table.head, *table.rows)
    columns = max(map(len, lines), default=0)
    if columns < 2:
        return NO_FIT
    phone = PHONE - narrow
    headed = any(cell.inlines for cell in table.head)
    cells = [[row[at] for row in lines if at < len(row)] for at in range(columns)]
    if sum(COLUMN * _longest(column) + GAP for column in cells) <= phone:
        return NO_FIT  # everything fits on one line
    longest = [max(map(_longest_word, column)) for column in cells]
    if sum(LEAST * min(word, ENDLESS) + GAP for word in longest) > room:
        return TableFit(rows=True)
    words = [COLUMN * max(map(_longest_figure, column)) + GAP for column in cells]
    if sum(words) > room:
        words = [COLUMN * word + GAP for word in longest]
    fitted = _fitted(words, room)
    wishes = [max(word, COLUMN * min(_longest(column), LINE) + GAP) for word, column in zip(fitted, cells, strict=True)]
    stacked = sum(words) > phone or (columns > 2 and headed and sum(wishes) > phone)
    kept = () if stacked else tuple(ONE_LINE if _longest(column) <= SHORT else WHOLE for column in cells)
    return TableFit(_shares(fitted, cells, room), stacked=stacked, kept=kept)


def _shares(words: Sequence[int], cells: Sequence[Sequence[TableCell]], room: int) -> tuple[int, ...]:
    """The width of each column, in hundredths; `words` has the width of the longest word in each."""
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
    """Shrinks widths until their sum is at most `room`.

    The widest shrink first, so that a figure beside a very long word stays whole.
    """
    left = room
    for index, width in enumerate(sorted(widths)):
        fair = left // (len(widths) - index)
        if width > fair:
            return [min(each, fair) for each in widths]
        left -= width
    return list(widths)


def _longest(cells: Sequence[TableCell]) -> int:
    return max((display_width(plain_text(cell.inlines)) for cell in cells), default=0)


def _longest_figure(cell: TableCell) -> int:
    text = plain_text(cell.inlines)
    return display_width(text) if len(text) <= SHORT else _longest_word(cell)


def _longest_word(cell: TableCell) -> int:
    words = plain_text(cell.inlines).split()
    return max((_breadth(word) for word in words), default=0)


def _breadth(word: str) -> int:
    width = display_width(word)
    return min(width, LINE) if is_unspaced(word) else width
