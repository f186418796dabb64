"""Each kind of block as semantic HTML, for page, feed and most of an email: functions for an HtmlWriter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.language.scripts import is_upright
from newsletter.model import (
    CodeBlock,
    Figure,
    Heading,
    HtmlBlock,
    Link,
    List,
    Paragraph,
    Quotation,
    Strong,
    Table,
    ThematicBreak,
)
from newsletter.records import dataclass
from newsletter.render.directives.base import lead_stop
from newsletter.render.highlight import coloured
from newsletter.render.html import note_anchor, note_link, reference_anchor, with_style
from newsletter.render.letter import CLOSES
from newsletter.render.markup import escape, escape_attribute
from newsletter.walk import blocks_text, plain_text, under_headings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from newsletter.model import Block, Footnote, Inline, ListItem, TableCell
    from newsletter.render.html import BlockWriter, HtmlWriter


def lines(*parts: str) -> str:
    """Pieces of HTML, each on its own line, without empty ones."""
    return "\n".join(filter(None, parts))


def paragraph(writer: HtmlWriter, block: Paragraph, container: str, lead: str = "") -> str:
    """A paragraph that begins with `lead` (HTML)."""
    return f"<p{writer.attributes('p', container)}>{lead}{writer.inlines(block.inlines, container)}</p>"


def title(writer: HtmlWriter, words: Sequence[Inline], container: str) -> str:
    """A title in bold above blocks; empty if it has no text."""
    strong = writer.attributes("strong", container)
    text = writer.line(words, container)
    return f"<p{writer.attributes('p', container)}><strong{strong}>{text}</strong></p>" if text else ""


def led(writer: HtmlWriter, lead: Sequence[Inline], blocks: Sequence[Block], container: str) -> str:
    """Blocks that begin with `lead` in bold, in their first paragraph or, if there is none, above them."""
    if not lead:
        return writer.blocks(blocks, container)
    strong, words = writer.attributes("strong", container), writer.inlines(lead, container)
    if blocks and type(blocks[0]) is Paragraph:
        bold = f"<strong{strong}>{words}{lead_stop(lead)}</strong> "
        opening = paragraph(writer, blocks[0], container, bold)
        blocks = blocks[1:]
    else:
        opening = f"<p{writer.attributes('p', container)}><strong{strong}>{words}</strong></p>"
    return lines(opening, writer.blocks(blocks, container))


def roundup_entries(blocks: Iterable[Block]) -> list[list[Block]]:
    """The blocks of a round-up, grouped by entry.

    An entry is a sub-heading with everything below it. Without sub-headings, or before the first, each paragraph is an
    entry. But if some paragraphs begin in bold or with a link, only those begin an entry, and the following ones belong
    to it.
    """
    before, headed = under_headings(list(blocks))
    return [*_led_entries(before), *map(list, headed)]


def _led_entries(blocks: Sequence[Block]) -> list[list[Block]]:
    led_in = any(map(_opens_entry, blocks))
    entries: list[list[Block]] = []
    for block in blocks:
        goes_on = led_in and type(block) is Paragraph and not _opens_entry(block)
        if goes_on and entries and type(entries[-1][-1]) is Paragraph:
            entries[-1].append(block)
        else:
            entries.append([block])
    return entries


def _opens_entry(block: Block) -> bool:
    return type(block) is Paragraph and bool(block.inlines) and type(block.inlines[0]) in {Strong, Link}


def _heading(writer: HtmlWriter, heading: Heading, container: str) -> str:
    tag = f"h{min(6, max(4, heading.level))}"
    words = writer.inlines(heading.inlines, container)
    return f"<{tag}{writer.id(heading.anchor)}{writer.attributes(tag, container)}>{words}</{tag}>"


def _quotation(writer: HtmlWriter, quotation: Quotation, container: str) -> str:
    inner = writer.blocks(quotation.blocks, "quotation")
    if quotation.attribution:
        inner += "\n" + _attribution(writer, quotation)
    kind = "blockquote.upright" if is_upright(blocks_text(quotation.blocks)) else "blockquote"
    return f"<blockquote{writer.attributes(kind, container)}>\n{inner}\n</blockquote>"


def _attribution(writer: HtmlWriter, quotation: Quotation) -> str:
    """The source of a quotation, with a dash before it."""
    name = writer.line(quotation.attribution, "quotation")
    tag = "footer" if writer.look.profile == "web" else "p"
    by = writer.language.around("attribution", name=name)
    return f"<{tag}{writer.attributes('p.attribution', 'quotation')}>{by}</{tag}>"


def code_block(writer: HtmlWriter, block: CodeBlock, container: str) -> str:
    """A block of code as `<pre>`, coloured if its language is known."""
    written = []
    for role, characters in coloured(block.language, block.text.rstrip("\n")):
        text = escape(characters)
        colour = writer.attributes(f"span.{role}", "code") if role else ""
        written.append(f"<span{colour}>{text}</span>" if colour else text)
    code = f"<code{writer.attributes('code', 'code')}>{''.join(written)}</code>"
    return f"<pre{writer.attributes('pre', container)}{_scrolls(writer)}>{code}</pre>"


def _scrolls(writer: HtmlWriter) -> str:
    # Code that is wider than the web page scrolls sideways, so it must be reachable with the keyboard.
    return ' tabindex="0"' if writer.look.profile == "web" else ""


def _list(writer: HtmlWriter, block: List, container: str) -> str:
    tag = "ol" if block.ordered else "ul"
    start = f' start="{block.start}"' if block.ordered and block.start != 1 else ""
    attributes = _numbered(writer, container) if block.ordered else writer.attributes(tag, container)
    items = "\n".join([_list_item(writer, item, container, tight=block.tight) for item in block.items])
    return f"<{tag}{start}{attributes}>\n{items}\n</{tag}>"


def _numbered(writer: HtmlWriter, container: str) -> str:
    """The attributes of a numbered list, with the digits of the language."""
    attributes = writer.attributes("ol", container)
    style = writer.language.list_style if writer.look.profile != "feed" else ""
    return with_style(attributes, f"list-style-type:{style}") if style else attributes


def _list_item(writer: HtmlWriter, item: ListItem, container: str, *, tight: bool) -> str:
    tag = "li" if item.checked is None else "li.task"
    written: list[str] = []
    for block in item.blocks:
        checked = None if written else item.checked
        if type(block) is Paragraph:
            text = _ticked(writer, checked, writer.line(block.inlines, "item"))
            written.append(text if tight else f"<p{writer.attributes('p', 'item')}>{text}</p>")
        else:
            written.append(_box(checked) + writer.block(block, "item"))
    if not item.blocks:
        written.append(_box(item.checked))
    return f"<li{writer.attributes(tag, container)}>{lines(*written)}</li>"


def _ticked(writer: HtmlWriter, checked: bool | None, text: str) -> str:
    """The text of a task with its checkbox.

    On the web the text is the label of the box, so that both are read out together.
    """
    if checked is None or writer.look.profile != "web":
        return _box(checked) + text
    ticked = ' checked=""' if checked else ""
    return f'<label><input type="checkbox" disabled=""{ticked} /> {text}</label>'


def _box(checked: bool | None) -> str:
    """The checkbox of a task as a character; empty if it is not a task."""
    return "" if checked is None else "☑ " if checked else "☐ "


@dataclass(frozen=True, slots=True)
class TableFit:
    """The layout of a table in the available width."""

    shares: tuple[int, ...] = ()
    """The width of each column in hundredths; empty if the client decides."""
    stacked: bool = False
    """Whether a narrow screen shows the cells of a row one below the other.

    Each cell then has its heading in it, hidden on wide screens.
    """
    kept: tuple[str, ...] = ()
    """The CSS declaration that keeps words unbroken, by column."""
    rows: bool = False
    """Whether the columns fit on no screen; see `rows`."""


NO_FIT = TableFit()
"""For a table that fits anyway."""


def table(writer: HtmlWriter, block: Table, container: str, *, fit: TableFit = NO_FIT) -> str:
    """A table in columns, with the widths in `fit`."""
    written = [f"<table{writer.attributes('table', container)}>"]
    widths = [f' width="{share}%"' for share in fit.shares]
    headed = any(cell.inlines for cell in block.head)
    if headed:
        heads = _row(writer, "th", block.head, block, widths, fit.kept)
        written.append(f"<thead{writer.attributes('thead', container)}>\n{heads}\n</thead>")
    written.append(f"<tbody{writer.attributes('tbody', container)}>")
    labels = ["", *[_label(writer, cell) for cell in block.head[1:]]] if fit.stacked else []
    for index, row in enumerate(block.rows):
        first = not headed and index == 0  # the first row sets the widths of columns
        written.append(_row(writer, "td", row, block, widths if first else (), fit.kept, labels))
    html = "\n".join((*written, "</tbody>\n</table>"))
    scrolls = _scrolls(writer)
    return f"<div{writer.attributes('div.table', container)}{scrolls}>{html}</div>" if scrolls else html


def _row(
    writer: HtmlWriter,
    tag: str,
    row: Sequence[TableCell],
    block: Table,
    widths: Sequence[str],
    kept: Sequence[str],
    labels: Sequence[str] = (),
) -> str:
    cells = [
        _cell(writer, tag, cell, _at(block.alignments, at), _at(widths, at), label=_at(labels, at), kept=_at(kept, at))
        for at, cell in enumerate(row)
    ]
    return f"<tr>{''.join(cells)}</tr>"


def rows(writer: HtmlWriter, block: Table, container: str) -> str:
    """A table whose columns do not fit side by side: its cells one below the other, each after its heading."""
    headed = any(cell.inlines for cell in block.head)
    written = [f"<table{writer.attributes('table', container)}>", f"<tbody{writer.attributes('tbody', container)}>"]
    for row in block.rows:
        for at, cell in enumerate(row):
            words = writer.line(cell.inlines, "cell")
            if at == 0:
                words = f"<strong{writer.attributes('strong', 'cell')}>{words}</strong>" if words else ""
            elif not words:
                continue
            head = writer.label(block.head[at].inlines) if headed and at and at < len(block.head) else ""
            if head:
                style = f"font-weight:normal;text-align:{'left' if writer.dir == 'ltr' else 'right'}"
                about = with_style(writer.attributes("td", "cell"), style)
                head = f'<th scope="row" width="35%"{about}>{head}</th>'
            span = "" if head or not headed else ' colspan="2"'
            written.append(f"<tr>{head}<td{span}{writer.attributes('td', 'cell')}>{words}</td></tr>")
    return "\n".join((*written, "</tbody>\n</table>"))


def _at(texts: Sequence[str], index: int) -> str:
    return texts[index] if index < len(texts) else ""


def _label(writer: HtmlWriter, cell: TableCell) -> str:
    words = writer.label(cell.inlines)
    return f"<span{writer.attributes('span.label', 'cell')}>{words}</span> " if words else ""


def _cell(
    writer: HtmlWriter,
    tag: str,
    cell: TableCell,
    alignment: str,
    width: str = "",
    *,
    label: str = "",
    kept: str = "",
) -> str:
    content = writer.line(cell.inlines, "cell")
    if not content:
        tag, label = "td", ""  # A heading without text is not a `<th>`.
    if label:  # a separate box, so that all values are aligned whatever the length of their headings
        content = f"<span{writer.attributes('span.value', 'cell')}>{content}</span>"
    scope = ' scope="col"' if tag == "th" else ""
    attributes = writer.attributes(f"{tag}.{alignment}" if alignment else tag, "cell")
    if kept and content:
        attributes = with_style(attributes, kept)
    return f"<{tag}{scope}{width}{attributes}>{label}{content}</{tag}>"


def _figure(writer: HtmlWriter, figure: Figure, container: str) -> str:
    picture = writer.picture(figure.image, "figure")
    if figure.link:
        picture = writer.anchor(figure.link, picture, "figure", "a.picture")
    return captioned(writer, picture, figure, container)


def captioned(writer: HtmlWriter, shown: str, figure: Figure | None, container: str) -> str:
    """`shown` as a figure, with its caption and credit below."""
    words = caption(writer, figure) if figure else ""
    if words:
        words = f"\n<figcaption{writer.attributes('figcaption', 'figure')}>{words}</figcaption>"
    return f"<figure{writer.attributes('figure', container)}>{shown}{words}</figure>"


def caption(writer: HtmlWriter, figure: Figure) -> str:
    """Caption and credit of a figure, in that order; empty if it has neither."""
    parts = [writer.line(figure.caption, "figure")] if figure.caption else []
    if figure.credit:
        credit = _credit(writer, figure)
        colour = writer.attributes("span.credit", "figure")
        parts.append(f"<span{colour}>{credit}</span>" if colour else credit)
    last = plain_text(figure.caption)[-1:]
    # "The gates at night · Mara Lindqvist", but "The gates at night. Photo: Mara Lindqvist"
    apart = " · " if last.isalnum() and not figure.credit_word else " "
    return ("" if last in CLOSES else apart).join(parts)


def _credit(writer: HtmlWriter, figure: Figure) -> str:
    """`Photo: Jane Roe`, isolated as a whole if both parts have another direction."""
    if not figure.credit_word:
        return writer.line(figure.credit, "figure")
    direction = writer.other_direction(figure.credit, f"{figure.credit_word} ")
    with writer.running(direction or writer.dir):
        text = writer.line(figure.credit, "figure")
    credit = writer.language.around("labelled", label=escape(figure.credit_word), text=text)
    return f'<span dir="{direction}">{credit}</span>' if direction else credit


def footnotes(writer: HtmlWriter, notes: Sequence[Footnote]) -> str:
    """The notes as a list, each with links back to its references; empty if there are none."""
    if not notes:
        return ""
    items = [
        f"<li{writer.id(note_anchor(note.number))}{_note_attributes(writer, note.number)}>{footnote(writer, note)}</li>"
        for note in notes
    ]
    return f"<ol{_numbered(writer, 'footnote')}>\n{lines(*items)}\n</ol>"


def _note_attributes(writer: HtmlWriter, number: int) -> str:
    attributes = writer.attributes("li", "footnote")
    if writer.look.profile != "web":
        return attributes
    # On a large screen it is beside the text, below the previous note: see style.css.
    return f'{attributes} style="--ref:--r{number};--note:--n{number};--above:--n{number - 1}"'


def footnote(writer: HtmlWriter, note: Footnote) -> str:
    """The text of a note, followed by links back to its references."""
    back = " ".join(filter(None, (_backlink(writer, note.number, count) for count in range(1, note.references + 1))))
    last = note.blocks[-1] if note.blocks else None
    before = writer.blocks(note.blocks[:-1] if type(last) is Paragraph else note.blocks, "footnote")
    words = f"{writer.line(last.inlines, 'footnote')} " if type(last) is Paragraph else ""
    end = f"<p{writer.attributes('p', 'footnote')}>{words if back else words.rstrip()}{back}</p>"
    return lines(before, writer.noted(end, last.span) if last else end)


def _backlink(writer: HtmlWriter, number: int, occurrence: int) -> str:
    label = escape_attribute(writer.language.words["back_to_text"])
    href = escape_attribute(writer.look.link(f"#{reference_anchor(number, occurrence)}"))
    where = note_link(writer, href, f' aria-label="{label}"')
    return f"<a{where}{writer.attributes('a.backlink', 'footnote')}>↩\ufe0e</a>" if where else ""


BLOCKS: Mapping[type, BlockWriter] = {
    Paragraph: paragraph,
    Heading: _heading,
    List: _list,
    Quotation: _quotation,
    CodeBlock: code_block,
    Table: table,
    Figure: _figure,
    ThematicBreak: lambda writer, _break, container: f"<hr{writer.attributes('hr', container)} />",
    HtmlBlock: lambda writer, block, container: writer.own_html(block, container),
}
"""All blocks except directives."""
