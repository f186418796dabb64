"""Blocks that have a template of their own, for Prose to call: figure, quotation, divider and the directives."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from newsletter.language.scripts import is_upright, isolated
from newsletter.late import late
from newsletter.model import CodeBlock, Directive, Figure, List, Quotation, Table, ThematicBreak
from newsletter.render.columns import display_width
from newsletter.render.directives import directive_facts
from newsletter.render.directives.embeds import VIDEO, Embed
from newsletter.render.email.look import EmailLook
from newsletter.render.markup import escape
from newsletter.walk import blocks_text, plain_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from newsletter.model import Image, Link, TableCell
    from newsletter.render.email.theme import EmailTheme
    from newsletter.render.email.trace import EmailTrace
    from newsletter.render.html import HtmlWriter

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


# ── Blocks that have a template of their own, for Prose to call: figure, quotation, divider and the directives ────────


_MARK = "\ufdd3"
"""Around the number of a text, while a template is written whose own HTML is to be set aside."""
_ASIDE = late(r"<!--#(\d+)-->")
_ADDRESSES = frozenset({"href"})
"""Texts that stand in attributes, where nothing is styled."""

SIDES = {
    "ltr": {"dir": "ltr", "start": "left", "end": "right"},
    "rtl": {"dir": "rtl", "start": "right", "end": "left"},
}
"""What every template is given of the script's direction."""
_NONE: Mapping[str, object] = MappingProxyType({})


class BlockTemplates:
    """Writes single blocks of one letter by their templates, as HTML that stands anywhere: in a list, in a call-out.

    `shared` is what every template gets: the direction of the script.
    """

    def __init__(self, theme: EmailTheme, shared: Mapping[str, object], trace: EmailTrace | None = None) -> None:
        self._theme = theme
        self._trace = trace
        self.shared = shared
        self._inliner = bool(theme.sheet)
        self._aside: list[str] = []

    def overrides(self) -> dict[type, Callable[[HtmlWriter, Any, str], str]]:
        """By kind of block, for Prose."""
        writers: dict[type, Callable[[HtmlWriter, Any, str], str]] = {
            Figure: self._figure,
            Quotation: self._quotation,
            CodeBlock: self._code,
            Table: self._table,
            ThematicBreak: lambda _prose, _block, _container: self._render("divider"),
            Directive: self._directive,
            Embed: self._embed,
        }
        return {kind: self._facing(write) for kind, write in writers.items()}

    def _facing(self, write: Callable[[HtmlWriter, Any, str], str]) -> Callable[[HtmlWriter, Any, str], str]:
        """`write` with the sides of the block's direction, which may be another than the letter's."""

        def written(prose: HtmlWriter, block: Any, container: str) -> str:
            if prose.dir == self.shared["dir"]:
                return write(prose, block, container)
            before, self.shared = self.shared, {**self.shared, **SIDES[prose.dir]}
            try:
                return write(prose, block, container)
            finally:
                self.shared = before

        return written

    def zone(self, container: str, html: str) -> str:
        """`html` marked as standing in `container`, where an inliner has to know."""
        return f'<x-zone class="{container}">{html}</x-zone>' if self._inliner and html else html

    def restore(self, runs: Sequence[str]) -> list[str]:
        """`runs` that went through an inliner, with the templates' own HTML put back."""
        return [_ASIDE.sub(lambda found: self._aside[int(found[1])], run) for run in runs]

    def picture(self, prose: HtmlWriter, image: Image, link: Link | None, most: int, *, fluid: bool = True) -> str:
        """A picture at most `most` CSS pixels wide, linked where `link` is; a `fluid` one shrinks on a phone."""
        plain = prose.picture(image, "figure")
        if not plain.startswith("<img"):
            return plain
        _, width, height = prose.look.image(image)
        shown = min(width, most) if width else most
        # Outlook knows neither max-width nor auto: without a width it would show a file as large as it is.
        size = f' width="{shown}"' + (f' height="{round(height * shown / width)}"' if width and height else "")
        plain = plain.replace(f' width="{width}" height="{height}"', "", 1).removesuffix(" />")
        # All of the room, up to its own width: the other way round a picture that is not loaded keeps its width on a phone.
        wide = "100%" if fluid and shown == most else f"100%;max-width:{shown}px"
        plain += f'{size} style="display:block;border:0;width:{wide};height:auto;border-radius:{self._theme.design.radius}px" />'
        still = prose.look.still(image) if isinstance(prose.look, EmailLook) else ""
        if still:  # Outlook on Windows shows a first picture only, and plays nothing
            other = re.sub(r' src="[^"]*"', lambda _: f' src="{still}"', plain, count=1)
            plain = f"<!--[if mso]>{other}<![endif]--><!--[if !mso]><!-->{plain}<!--<![endif]-->"
        return prose.anchor(link, plain, "figure", "a.picture") if link else plain

    def _figure(self, prose: HtmlWriter, figure: Figure, _container: str) -> str:
        picture = self.picture(prose, figure.image, figure.link, self._theme.design.column)
        return self._render("figure", "figure", picture=picture, caption=prose.caption(figure))

    def _embed(self, prose: HtmlWriter, embed: Embed, _container: str) -> str:
        figure, room = embed.figure, self._theme.design.column
        return self._render(
            "embed",
            "embed",
            href=prose.address(embed.link.href),
            picture=self.picture(prose, figure.image, embed.link, room) if figure else "",
            caption=self.zone("figure", prose.caption(figure)) if figure else "",
            title=prose.label(embed.title),
            label=escape(isolated(embed.call(prose.language), prose.dir)),
            site=escape(embed.site),
            length=escape(embed.length),
            html=prose.blocks(embed.blocks, "embed"),
            video="1" if embed.kind == VIDEO else "",
        )

    def _quotation(self, prose: HtmlWriter, quotation: Quotation, _container: str) -> str:
        html = prose.blocks(quotation.blocks, "quotation")
        by = prose.line(quotation.attribution, "attribution")
        by = prose.language.around("attribution", name=self.zone("attribution", by)) if by else ""
        slant = "normal" if is_upright(blocks_text(quotation.blocks)) else "italic"
        return self._render("quotation", "quotation", {"slant": slant}, html=html, attribution=by)

    def _code(self, prose: HtmlWriter, block: CodeBlock, container: str) -> str:
        return self._render("code", container, html=prose.code_block(block, container))

    def _table(self, prose: HtmlWriter, table: Table, container: str) -> str:
        parts = shares(table, self._theme.design.column)
        html = prose.table(table, container, shares=parts)
        return self._render("table", container, {"stacked": bool(parts)}, html=html)

    def _directive(self, prose: HtmlWriter, directive: Directive, container: str) -> str:
        writers = {"button": self._button, "event": self._event, "audio": self._audio, "poll": self._poll}
        return writers.get(directive.name, self._callout)(prose, directive, container)

    def _button(self, prose: HtmlWriter, directive: Directive, container: str) -> str:
        link = directive_facts.lead_link(directive)
        rest = prose.blocks(directive_facts.body(directive), container)
        href = prose.address(link.href) if link else ""
        label = prose.label(link.inlines if link else directive.argument)
        if link is None or not href:
            return f"<p{prose.look.attributes('p', container)}>{label}</p>{rest}" if label else rest
        return self._render("button", href=href, label=label) + rest

    def _callout(self, prose: HtmlWriter, directive: Directive, _container: str) -> str:
        html = prose.led(directive.argument, directive.blocks, "callout")
        return self._render("callout", "callout", html=html) if html else ""

    def _event(self, prose: HtmlWriter, directive: Directive, _container: str) -> str:
        title = prose.line(directive.argument, "event")
        facts = " · ".join(map(escape, directive_facts.event_facts(directive, prose.language, prose.dir)))
        html = prose.blocks(directive.blocks, "event")
        return self._render("event", "event", title=title, facts=facts, html=html)

    def _audio(self, prose: HtmlWriter, directive: Directive, container: str) -> str:
        link = directive_facts.lead_link(directive)
        href = prose.address(link.href) if link else ""
        html = prose.blocks(directive_facts.body(directive), container)
        label = prose.label(link.inlines if link else directive.argument)
        if link is None or not href:
            return f"<p{prose.look.attributes('p', container)}>{label}</p>{html}" if label else html
        length = escape(directive.fields.get("length", ""))
        return self._render("audio", href=href, label=label, length=length, html=html)

    def _poll(self, prose: HtmlWriter, directive: Directive, container: str) -> str:
        links = [(prose.address(link.href), prose.label(link.inlines)) for link in directive_facts.choices(directive)]
        choices = [{"href": Markup(href), "label": Markup(label)} for href, label in links if href]  # noqa: S704
        whole = len(choices) == sum(len(block.items) for block in directive.blocks if isinstance(block, List))
        others = [block for block in directive.blocks if not isinstance(block, List)]
        # An answer without a link that can be followed stays: as a list.
        html = prose.blocks(others if whole else directive.blocks, container)
        question = prose.line(directive.argument, "poll")
        return self._render("poll", "poll", {"choices": choices if whole else []}, question=question, html=html)

    def _render(self, block: str, container: str = "", traits: Mapping[str, object] = _NONE, **html: str) -> str:
        """A template filled with `traits`, which it asks, and with `html`, which it sets."""
        # What Prose has written is HTML already.
        values = {name: Markup(text) for name, text in html.items()}  # noqa: S704
        if self._inliner:
            written = self._set_aside(block, container, traits, values)
        else:
            written = self._theme.render(f"{block}.html", {**self.shared, **traits, **values})
        return self._trace.block(written, f"{block}.html") if self._trace else written

    def _set_aside(self, block: str, container: str, traits: Mapping[str, object], values: Mapping[str, Markup]) -> str:
        """The block with the template's own HTML as comments: a style sheet for prose is not about its tables."""
        numbers = {name: str(index) for index, name in enumerate(values)}
        marks = {name: f"{_MARK}{numbers[name]}{_MARK}" if text else "" for name, text in values.items()}
        plain = {name: values[name] if name in _ADDRESSES else mark for name, mark in marks.items()}
        written = self._theme.render(f"{block}.html", {**self.shared, **traits, **plain})
        texts = list(values.values())
        pieces = []
        for index, piece in enumerate(written.split(_MARK)):
            if index % 2:
                pieces.append(self.zone(container, texts[int(piece)]))
            else:
                self._aside.append(piece)
                pieces.append(f"<!--#{len(self._aside) - 1}-->")
        return "".join(pieces)
