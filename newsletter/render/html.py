"""Blocks and inlines as HTML: the one place where they become it, for e-mail, page and feed.

What differs between the three is asked of a `Look`. All that is written is well-formed XML too (`<br />`, every tag
closed, every attribute quoted), since MJML's parser and some feed readers want it so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol

from newsletter import tokens
from newsletter.language.scripts import has_right_to_left, is_upright, other_direction
from newsletter.late import late
from newsletter.model import (
    Block,
    Break,
    Code,
    CodeBlock,
    Directive,
    Emphasis,
    Figure,
    Footnote,
    FootnoteReference,
    Heading,
    HtmlBlock,
    Image,
    Inline,
    Link,
    List,
    ListItem,
    Paragraph,
    PersonalField,
    Quotation,
    RawHtml,
    Strikethrough,
    Strong,
    Table,
    TableCell,
    Text,
    ThematicBreak,
)
from newsletter.render.addresses import with_placeholders
from newsletter.render.directives.directive_facts import is_shown, lead_stop
from newsletter.render.directives.embeds import Embed, embed_in
from newsletter.render.directives.html import write_directive, write_embed
from newsletter.render.highlight import coloured
from newsletter.render.letter import CLOSES
from newsletter.render.markup import escape, escape_attribute, is_safe, joins, unlinked
from newsletter.walk import blocks_text, plain_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from newsletter.language import Language
    from newsletter.model import Span

_START = late(r"<([a-z][a-z0-9]*)([^<>]*?)(\s*/?)>")
_STYLE = ' style="'
_VOID = frozenset({"br", "hr", "img"})
_SAID = ' dir="'


def turned(html: str, direction: str, *, aligned: bool) -> str:
    """`html` of one block with `dir` on its outermost element, unless it has one; `aligned` says its side, too, for mail programs."""
    found = _START.match(html) if _is_one(html) else None
    align = f"text-align:{'left' if direction == 'ltr' else 'right'}"
    if found is None:
        style = f'{_STYLE}{align}"' if aligned else ""
        return f'<div dir="{direction}"{style}>{html}</div>' if html else ""
    if _SAID in found[2]:
        return html  # code, say, which runs from left to right in every letter
    attributes = with_style(found[2], align) if aligned else found[2]
    return f'<{found[1]} dir="{direction}"{attributes}{found[3]}>{html[found.end() :]}'


def _is_one(html: str) -> bool:
    """Whether `html` is one element, rather than several side by side, as a card and the words about it are."""
    start = _START.match(html)
    if start is None:
        return False
    depth = 0
    for tag in re.finditer(rf"<(/?){start[1]}(?=[\s/>])[^<>]*?(/?)>", html):
        depth += -1 if tag[1] else 0 if tag[2] or start[1] in _VOID else 1
        if depth == 0:
            return not html[tag.end() :].strip()
    return False


def with_style(attributes: str, declaration: str) -> str:
    """Attributes, as written in a tag, with one more declaration."""
    if _STYLE in attributes:
        return attributes.replace(_STYLE, f"{_STYLE}{declaration};", 1)
    return f'{attributes}{_STYLE}{declaration}"'


# ── Blocks and inlines as HTML: the one place where they become it, for e-mail, page and feed ─────────────────────────
# What differs between the three is asked of a `Look`. All that is written is well-formed XML too (`<br />`, every tag
# closed, every attribute quoted), since MJML's parser and some feed readers want it so.


class Trace(Protocol):
    """Notes what HTML was written for."""

    def wrap(self, html: str, span: Span, /) -> str:
        """`html` marked as written for `span`; the empty text stays empty."""


_LIMITING = frozenset({"only", "paywall"})


class Look(Protocol):
    """How one output looks, and where its links and pictures lead."""

    @property
    def profile(self) -> str:
        """`email`, `web` or `feed`: what `::: only` names."""

    def turned(self, direction: str, /) -> Look:
        """The same look for blocks that run the other way: `ltr` or `rtl`."""

    def attributes(self, tag: str, container: str, /) -> str:
        """The attributes of an element, with a leading space: ` style="…"`, ` class="…"` or nothing.

        `tag` is the element's name, with a dot and what it is where a name alone does not tell: `p.attribution`,
        `td.right`, `li.task`, `span.keyword` (see highlight.ROLES), `span.credit`, `a.noteref`, `a.backlink`, `a.button`,
        `p.button`, `div.event`, `em.upright` and `blockquote.upright` (in a script without italics).
        `container` is the nearest of: what the caller gave, `quotation`, `item` (of a list), `cell`, `callout`,
        `event`, `poll`, `audio`, `figure`, `footnote`, `code`.
        """

    def link(self, href: str) -> str:
        """The address as this output needs it (absolute, or beside the page). Safe schemes only are asked for."""

    def image(self, image: Image) -> tuple[str, int, int]:
        """Address, width and height of a picture as shown, in CSS pixels; 0 and 0 where unknown."""


class HtmlWriter:
    """Writes blocks and inlines as HTML in one look. `overrides` replaces how single kinds of block are written.

    `trace` is told of each block and link. `frame` puts around the HTML of a picture what an output has besides it.
    """

    def __init__(
        self,
        look: Look,
        language: Language,
        overrides: Mapping[type, Callable[[HtmlWriter, Any, str], str]] | None = None,
        trace: Trace | None = None,
        frame: Callable[[Image, str], str] | None = None,
    ) -> None:
        self.look = look
        self._frame = frame
        self.language = language
        self.dir = language.dir
        """Which way it runs, where it is being written."""
        self._unmixed = False
        """Whether what is being written is taken to have no letter that runs from right to left; see `_if_unmixed`."""
        self._met_other = False
        """Whether one was met nevertheless."""
        self._attributes = look.attributes
        self._overrides = overrides or {}
        # What is wider than the web page scrolls by itself: the keyboard has to get there, too.
        self._scrolls = ' tabindex="0"' if look.profile == "web" else ""
        self._trace = trace
        self._inline_writers: dict[type, Callable[[Any, str], str]] = {
            Text: lambda inline, _container: escape(inline.text),
            Break: lambda inline, _container: "<br />\n" if inline.hard else "\n",
            Code: self._code,
            Emphasis: self._emphasis,
            Strong: self._marked("strong"),
            Strikethrough: self._marked("del"),
            Link: self._link,
            Image: self._image,
            PersonalField: lambda inline, _container: tokens.placeholder(inline.name, inline.fallback),
            FootnoteReference: self._note_reference,
            RawHtml: lambda inline, _container: inline.html,
        }
        self._block_writers: dict[type, Callable[[Any, str], str]] = {
            Paragraph: self._paragraph,
            Heading: self._heading,
            List: self._list,
            Quotation: self._quotation,
            CodeBlock: self.code_block,
            Table: self.table,
            Figure: self._figure,
            ThematicBreak: lambda _block, container: f"<hr{self._attributes('hr', container)} />",
            Directive: lambda block, container: write_directive(self, block, container),
            HtmlBlock: lambda block, _container: block.html,
        }

    # ── The two ways in ─────────────────────────────────────────────────────────────────────────────────────────────

    def inlines(self, inlines: Sequence[Inline], container: str = "") -> str:
        """Inline content as HTML."""
        written = []
        writers = self._inline_writers
        for index, inline in enumerate(inlines):
            if type(inline) is Text:
                if self._unmixed and not self._met_other:
                    self._met_other = has_right_to_left(inline.text)
                written.append(escape(inline.text))
            elif type(inline) is Break and not inline.hard and joins(inlines, index):
                continue
            elif self._trace and type(inline) is Link:
                written.append(self._trace.wrap(self._link(inline, container), inline.span))
            else:
                written.append(writers[type(inline)](inline, container))
        return "".join(written)

    def blocks(self, blocks: Sequence[Block], container: str = "") -> str:
        """Blocks as HTML, each on a line of its own; those meant for other outputs are left out."""
        return "\n".join(filter(None, [self.block(block, container) for block in blocks]))

    def block(self, block: Block, container: str = "") -> str:
        """One block as HTML; empty where this output does not show it."""
        if type(block) is Directive and block.name in _LIMITING:
            return self.blocks(block.blocks, container) if is_shown(block, self.look.profile) else ""
        html = self._if_unmixed(lambda: self._written(block, container))
        if html is None:
            direction = self._other(block)
            html = self._turned(block, container, direction) if direction else self._written(block, container)
        return self._trace.wrap(html, block.span) if self._trace else html

    def _written(self, block: Block, container: str) -> str:
        embed = embed_in(block, container)
        if embed and self.address(embed.link.href):
            write = self._overrides.get(Embed, write_embed)
            return write(self, embed, container)
        override = self._overrides.get(type(block))
        return override(self, block, container) if override else self._block_writers[type(block)](block, container)

    def _if_unmixed(self, write: Callable[[], str]) -> str | None:
        """What `write` gives, unless something that it writes may run the other way: then nothing, and it has to be asked.

        A letter from left to right hardly ever holds letters from right to left. To write, and to see that none came by,
        takes a tenth of the time of looking at each text before.
        """
        if self._unmixed:
            return write()
        if self.dir == "rtl":
            return None
        self._unmixed, self._met_other = True, False
        try:
            html = write()
        finally:
            self._unmixed = False
        return None if self._met_other else html

    def _other(self, block: Block) -> str:
        """The direction of a block where it is another than that of what is around it; else empty. Code runs as it does."""
        if type(block) is CodeBlock:
            return "ltr" if self.dir == "rtl" else ""
        return other_direction(blocks_text((block,)), self.dir)

    def _turned(self, block: Block, container: str, direction: str) -> str:
        """A block that runs the other way, with all that is in it."""
        look, before = self.look, self.dir
        self.look, self.dir = look.turned(direction), direction
        self._attributes = self.look.attributes
        try:
            return turned(self._written(block, container), direction, aligned=look.profile == "email")
        finally:
            self.look, self.dir, self._attributes = look, before, look.attributes

    def line(self, inlines: Sequence[Inline], container: str = "") -> str:
        """Inline content that stands by itself (a title, a cell, an answer), closed off where it runs the other way."""
        html = self._if_unmixed(lambda: self.inlines(inlines, container))
        if html is not None:
            return html
        direction = other_direction(plain_text(inlines), self.dir)
        if not direction:
            return self.inlines(inlines, container)
        before, self.dir = self.dir, direction
        try:
            return f'<span dir="{direction}">{self.inlines(inlines, container)}</span>'
        finally:
            self.dir = before

    def label(self, inlines: Sequence[Inline]) -> str:
        """Inline content as HTML without links, notes and pictures: for contents lists, and titles that are links."""
        return self.line(unlinked(inlines))

    def footnotes(self, footnotes: Sequence[Footnote]) -> str:
        """The notes as a list, each with a way back to where the text refers to it; empty where there are none."""
        if not footnotes:
            return ""
        items = "\n".join(map(self._footnote, footnotes))
        return f"<ol{self._numbered(self._attributes('ol', 'footnote'))}>\n{items}\n</ol>"

    def address(self, href: str) -> str:
        """`href` as the value of an attribute: placed, escaped, personal fields as placeholders; empty if unsafe."""
        href = with_placeholders(href)
        return escape_attribute(self.look.link(href)) if href and is_safe(href) else ""

    def picture(self, image: Image, container: str = "", tag: str = "img") -> str:
        """The `<img />` of a picture; its alternative text where the address is none to load."""
        return self._image(image, container, tag)

    # ── Inlines ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _marked(self, tag: str) -> Callable[[Any, str], str]:
        def write(inline: Emphasis | Strong | Strikethrough, container: str) -> str:
            return f"<{tag}{self._attributes(tag, container)}>{self.inlines(inline.inlines, container)}</{tag}>"

        return write

    def _emphasis(self, inline: Emphasis, container: str) -> str:
        kind = "em.upright" if is_upright(plain_text(inline.inlines)) else "em"
        return f"<em{self._attributes(kind, container)}>{self.inlines(inline.inlines, container)}</em>"

    def _code(self, inline: Code, container: str) -> str:
        direction = ' dir="ltr"' if self.dir == "rtl" else ""
        return f"<code{direction}{self._attributes('code', container)}>{escape(inline.text)}</code>"

    def _link(self, link: Link, container: str) -> str:
        return self.anchor(link, self.inlines(link.inlines, container), container)

    def anchor(self, link: Link, content: str, container: str = "", tag: str = "a") -> str:
        """`content` (HTML) as the text of `link`; `content` alone where its address is none to follow."""
        href = self.address(link.href)
        if not href:
            return content
        title = f' title="{escape_attribute(link.title)}"' if link.title else ""
        other = "" if self._unmixed else other_direction(plain_text(link.inlines), self.dir)
        title += f' dir="{other}"' if other else ""
        return f'<a href="{href}"{title}{self._attributes(tag, container)}>{content}</a>'

    def _image(self, image: Image, container: str, tag: str = "img") -> str:
        alt = escape_attribute(image.alt)
        if not image.src or not is_safe(with_placeholders(image.src)):
            return escape(image.alt)
        src, width, height = self.look.image(image)
        src = with_placeholders(src)
        size = f' width="{width}" height="{height}"' if width and height else ""
        written = f'<img src="{escape_attribute(src)}" alt="{alt}"{size}{self._attributes(tag, container)} />'
        return self._frame(image, written) if self._frame else written

    def _note_reference(self, reference: FootnoteReference, container: str) -> str:
        anchor = reference_anchor(reference.number, reference.occurrence)
        link = self._attributes("a.noteref", container)
        href = escape_attribute(self.look.link(f"#{note_anchor(reference.number)}"))
        number = self.language.numeral(reference.number)
        return f'<sup{self._attributes("sup", container)}><a href="{href}"{self._id(anchor)}{link}>{number}</a></sup>'

    # ── Blocks ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _paragraph(self, paragraph: Paragraph, container: str, lead: str = "") -> str:
        return f"<p{self._attributes('p', container)}>{lead}{self.inlines(paragraph.inlines, container)}</p>"

    def led(self, lead: Sequence[Inline], blocks: Sequence[Block], container: str) -> str:
        """Blocks that open in `lead` in bold: run into the first paragraph, or standing above where there is none."""
        if not lead:
            return self.blocks(blocks, container)
        strong, words = self._attributes("strong", container), self.inlines(lead, container)
        if blocks and type(blocks[0]) is Paragraph:
            bold = f"<strong{strong}>{words}{lead_stop(lead)}</strong> "
            opening = self._paragraph(blocks[0], container, bold)
            blocks = blocks[1:]
        else:
            opening = f"<p{self._attributes('p', container)}><strong{strong}>{words}</strong></p>"
        return "\n".join(filter(None, [opening, self.blocks(blocks, container)]))

    def _id(self, anchor: str) -> str:
        # A feed reader shows many letters on one page: an id would be there more than once.
        return f' id="{escape_attribute(anchor)}"' if anchor and self.look.profile != "feed" else ""

    def _heading(self, heading: Heading, container: str) -> str:
        tag = f"h{min(6, max(4, heading.level))}"
        return f"<{tag}{self._id(heading.anchor)}{self._attributes(tag, container)}>{self.inlines(heading.inlines, container)}</{tag}>"

    def _list(self, block: List, container: str) -> str:
        tag = "ol" if block.ordered else "ul"
        start = f' start="{block.start}"' if block.ordered and block.start != 1 else ""
        attributes = self._attributes(tag, container)
        attributes = self._numbered(attributes) if block.ordered else attributes
        items = "\n".join([self._list_item(item, container, tight=block.tight) for item in block.items])
        return f"<{tag}{start}{attributes}>\n{items}\n</{tag}>"

    def _numbered(self, attributes: str) -> str:
        """The attributes of a numbered list, with the digits of the language."""
        style = self.language.list_style if self.look.profile != "feed" else ""
        return with_style(attributes, f"list-style-type:{style}") if style else attributes

    def _list_item(self, item: ListItem, container: str, *, tight: bool) -> str:
        tag = "li" if item.checked is None else "li.task"
        written: list[str] = []
        for block in item.blocks:
            checked = None if written else item.checked
            if type(block) is Paragraph and Paragraph not in self._overrides:
                text = self._ticked(checked, self.line(block.inlines, "item"))
                written.append(text if tight else f"<p{self._attributes('p', 'item')}>{text}</p>")
            else:
                written.append(_box(checked) + self.block(block, "item"))
        if not item.blocks:
            written.append(_box(item.checked))
        content = "\n".join(filter(None, written))
        return f"<li{self._attributes(tag, container)}>{content}</li>"

    def _ticked(self, checked: bool | None, text: str) -> str:
        """The text of a task with its box, which on the web is the text's own, so that both are read out as one."""
        if checked is None or self.look.profile != "web":
            return _box(checked) + text
        ticked = ' checked=""' if checked else ""
        return f'<label><input type="checkbox" disabled=""{ticked} /> {text}</label>'

    def _quotation(self, quotation: Quotation, container: str) -> str:
        inner = self.blocks(quotation.blocks, "quotation")
        if quotation.attribution:
            inner += "\n" + self.attribution(quotation)
        kind = "blockquote.upright" if is_upright(blocks_text(quotation.blocks)) else "blockquote"
        return f"<blockquote{self._attributes(kind, container)}>\n{inner}\n</blockquote>"

    def attribution(self, quotation: Quotation) -> str:
        """Who said it, with a dash before it."""
        name = self.line(quotation.attribution, "quotation")
        tag = "footer" if self.look.profile == "web" else "p"
        by = self.language.around("attribution", name=name)
        return f"<{tag}{self._attributes('p.attribution', 'quotation')}>{by}</{tag}>"

    def code_block(self, block: CodeBlock, container: str = "") -> str:
        """A block of code as `<pre>`, coloured where its language is known."""
        written = []
        for role, characters in coloured(block.language, block.text.rstrip("\n")):
            text = escape(characters)
            colour = self._attributes(f"span.{role}", "code") if role else ""
            written.append(f"<span{colour}>{text}</span>" if colour else text)
        code = f"<code{self._attributes('code', 'code')}>{''.join(written)}</code>"
        return f"<pre{self._attributes('pre', container)}{self._scrolls}>{code}</pre>"

    def table(self, table: Table, container: str = "", *, shares: Sequence[int] = ()) -> str:
        """A table. With `shares`, columns have their hundredths of the width, and cells their heading in them, out of sight.

        That is for screens that set the rows one under the other.
        """
        attributes = self._attributes
        rows = [f"<table{attributes('table', container)}>"]
        if any(cell.inlines for cell in table.head):
            cells = self._cells("th", ' scope="col"', table.head, table.alignments, shares=shares)
            rows.append(f"<thead{attributes('thead', container)}>\n<tr>{cells}</tr>\n</thead>")
        rows.append(f"<tbody{attributes('tbody', container)}>")
        labels = [self._cell_label(cell) for cell in table.head] if shares else []
        rows += [f"<tr>{self._cells('td', '', row, table.alignments, labels)}</tr>" for row in table.rows]
        rows.append("</tbody>\n</table>")
        written = "\n".join(rows)
        return f"<div{attributes('div.table', container)}{self._scrolls}>{written}</div>" if self._scrolls else written

    def _cell_label(self, cell: TableCell) -> str:
        words = self.label(cell.inlines)
        return f"<span{self._attributes('span.label', 'cell')}>{words}</span> " if words else ""

    def _cells(
        self,
        tag: str,
        scope: str,
        cells: Sequence[TableCell],
        alignments: Sequence[str],
        labels: Sequence[str] = (),
        shares: Sequence[int] = (),
    ) -> str:
        written = []
        for index, cell in enumerate(cells):
            alignment = alignments[index] if index < len(alignments) else ""
            content = self.line(cell.inlines, "cell")
            # A heading without words is the head of nothing.
            name, of = (tag, scope) if content else ("td", "")
            kind = f"{name}.{alignment}" if alignment else name
            label = labels[index] if content and 0 < index < len(labels) else ""
            if label:  # a box of its own, so that all values stand under each other whatever their headings
                content = f"<span{self._attributes('span.value', 'cell')}>{content}</span>"
            if shares:
                of += f' width="{shares[index]}%"'
            written.append(f"<{name}{of}{self._attributes(kind, 'cell')}>{label}{content}</{name}>")
        return "".join(written)

    def _figure(self, figure: Figure, container: str) -> str:
        picture = self._image(figure.image, "figure")
        if figure.link:
            picture = self.anchor(figure.link, picture, "figure", "a.picture")
        caption = self.caption(figure)
        if caption:
            caption = f"\n<figcaption{self._attributes('figcaption', 'figure')}>{caption}</figcaption>"
        return f"<figure{self._attributes('figure', container)}>{picture}{caption}</figure>"

    def caption(self, figure: Figure) -> str:
        """Caption and credit of a figure, in that order; empty where it has neither."""
        parts = [self.line(figure.caption, "figure")] if figure.caption else []
        if figure.credit:
            credit = self._credit(figure)
            colour = self._attributes("span.credit", "figure")
            parts.append(f"<span{colour}>{credit}</span>" if colour else credit)
        last = plain_text(figure.caption)[-1:]
        # "The gates at night · Mara Lindqvist", but "The gates at night. Photo: Mara Lindqvist"
        apart = " · " if last.isalnum() and not figure.credit_word else " "
        return ("" if last in CLOSES else apart).join(parts)

    def _credit(self, figure: Figure) -> str:
        """`Photo: Jane Roe`, closed off as a whole where both run the other way."""
        if not figure.credit_word:
            return self.line(figure.credit, "figure")
        words = f"{figure.credit_word} {plain_text(figure.credit)}"
        direction = "" if self._unmixed else other_direction(words, self.dir)
        before, self.dir = self.dir, direction or self.dir
        try:
            text = self.line(figure.credit, "figure")
        finally:
            self.dir = before
        credit = self.language.around("labelled", label=escape(figure.credit_word), text=text)
        return f'<span dir="{direction}">{credit}</span>' if direction else credit

    def _footnote(self, note: Footnote) -> str:
        anchor = self._id(note_anchor(note.number))
        return f"<li{anchor}{self._attributes('li', 'footnote')}>{self.footnote(note)}</li>"

    def footnote(self, note: Footnote) -> str:
        """What a note says, and behind it the ways back to where the text refers to it."""
        back = " ".join(self._backlink(note.number, count) for count in range(1, note.references + 1))
        last = note.blocks[-1] if note.blocks else None
        ends_in_words = type(last) is Paragraph
        written = [self.block(block, "footnote") for block in (note.blocks[:-1] if ends_in_words else note.blocks)]
        words = f"{self.line(last.inlines, 'footnote')} " if type(last) is Paragraph else ""
        end = f"<p{self._attributes('p', 'footnote')}>{words}{back}</p>"
        written.append(self._trace.wrap(end, last.span) if self._trace and last else end)
        return "\n".join(filter(None, written))

    def _backlink(self, number: int, occurrence: int) -> str:
        label = escape_attribute(self.language.words["back_to_text"])
        href = escape_attribute(self.look.link(f"#{reference_anchor(number, occurrence)}"))
        return f'<a href="{href}" aria-label="{label}"{self._attributes("a.backlink", "footnote")}>↩\ufe0e</a>'


def _box(checked: bool | None) -> str:
    """The box of a task as a character; nothing where there is no task."""
    return "" if checked is None else "☑ " if checked else "☐ "


def note_anchor(number: int) -> str:
    """The `id` of a footnote. A colon never stands in the anchor of a heading, so that the two cannot be the same."""
    return f"fn:{number}"


def reference_anchor(number: int, occurrence: int) -> str:
    """The `id` of the place that refers to a footnote."""
    return f"fnref:{number}" if occurrence == 1 else f"fnref:{number}:{occurrence}"
