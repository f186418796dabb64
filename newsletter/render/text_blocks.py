"""Blocks and inlines as plain text: lines of at most a given width, links as numbers with their addresses below."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from newsletter import tokens
from newsletter.config.publication import LINK_PLACES
from newsletter.markdown.addresses import encoded
from newsletter.model import (
    Break,
    Code,
    CodeBlock,
    Directive,
    Emphasis,
    Figure,
    FootnoteReference,
    Heading,
    HtmlBlock,
    Image,
    Link,
    List,
    Paragraph,
    PersonalField,
    Quotation,
    RawHtml,
    Strikethrough,
    Strong,
    Table,
    Text,
    ThematicBreak,
)
from newsletter.render.columns import CLOSING, GLUE, OPENING, display_width, wrap
from newsletter.render.directives.only import OPENED, is_shown
from newsletter.render.htmltext import html_text, open_link, tag_text
from newsletter.render.letter import beside
from newsletter.render.markup import from_anywhere, is_safe, joins, with_placeholders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from newsletter.language import Language
    from newsletter.model import Block, Inline, ListItem
    from newsletter.render.htmltext import HtmlLine
    from newsletter.render.letter import Letter

SCREENFUL = 40
"""Addresses follow after at most this many lines: readers do not look for them further down."""
NARROWEST = 20
"""The least columns for nested content (a list in a list in a quotation)."""
_STRONG, _EMPHASIS = 0, 1
"""The indexes of marks in `columns.OPENING` and `CLOSING`."""
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def superscript(number: int, language: Language) -> str:
    """The number of a note as a superscript: ¹²; in brackets if the language's digits have no superscript form."""
    written = language.numeral(number)
    return written.translate(_SUPERSCRIPT) if written.isascii() else f"({written})"


class TextWriter:
    """Writes blocks as lines, and keeps the addresses of their links until `take_addresses` writes them.

    `directive` writes a directive; `embed` writes a block that is a video or a post.
    """

    def __init__(
        self,
        letter: Letter,
        directive: Callable[[TextWriter, Directive, int], list[str]],
        embed: Callable[[TextWriter, Block, int], list[str] | None],
    ) -> None:
        self.language = letter.language
        self.in_notes = False
        """Whether footnotes are being written, where a link alone is an ordinary reference."""
        self._letter = letter
        self._directive = directive
        self._embed = embed
        self._last_number = 0
        self._addresses: dict[str, int] = {}
        self._links = letter.publication.text.links
        self._fresh = False
        """Whether addresses are directly above."""

    def blocks(self, blocks: Sequence[Block], width: int) -> list[str]:
        """Blocks as lines, with an empty line between two, and one more before a heading."""
        if not any(type(block) is Heading for block in blocks):
            return spaced(self.block(block, width) for block in blocks)
        lines: list[str] = []
        for block in blocks:
            lines = spaced([lines, self.block(block, width)], 2 if type(block) is Heading else 1)
        return lines

    def block(self, block: Block, width: int) -> list[str]:
        """A block, or the embed in its place if it is a video or a post."""
        embedded = self._embed(self, block, width)
        return self.plain_block(block, width) if embedded is None else embedded

    def plain_block(self, block: Block, width: int) -> list[str]:
        """A block without embedding."""
        if type(block) is not Directive:
            return _WRITERS[type(block)](self, block, width)
        if block.name in OPENED:
            return self.blocks(block.blocks, width) if is_shown(block, "text") else []
        return self._directive(self, block, width)

    def notes(self, blocks: Sequence[Block], width: int) -> list[str]:
        """The blocks of a footnote."""
        self.in_notes = True
        try:
            return self.blocks(blocks, width)
        finally:
            self.in_notes = False

    def list_item(self, item: ListItem, marker: str, width: int, *, tight: bool = True) -> list[str]:
        """A list item after its marker."""
        box = "" if item.checked is None else "[x] " if item.checked else "[ ] "
        inner = max(width - len(marker) - len(box), NARROWEST)
        # In a list, a link alone stays an ordinary reference.
        blocks = [(self.plain_block if type(one) is Paragraph else self.block)(one, inner) for one in item.blocks]
        tight = tight and all(type(block) in {Paragraph, List} for block in item.blocks)
        return hanging([line for lines in blocks for line in lines] if tight else spaced(blocks), marker + box)

    def title(self, inlines: Sequence[Inline], width: int) -> list[str]:
        """Lines marked as strong; none without text."""
        return wrap(self.strong(inlines), width) if inlines else []

    def flowing(self, blocks: Sequence[Block], width: int) -> list[str]:
        """Blocks as `blocks` writes them, with the addresses after each screenful if they belong near their links."""
        if self._links != LINK_PLACES[0]:
            return self.blocks(blocks, width)
        lines: list[str] = []
        since = 0  # the addresses written last
        for block, more, gap in self._pieces(blocks, width):
            if not any(more):
                continue
            if type(block) is Heading and since > SCREENFUL // 2:
                lines = spaced([lines, self.take_addresses("item")])
                since = 0
            lines = spaced([lines, more], gap)
            since += len(more) + gap
            if since >= SCREENFUL and self._addresses:
                lines = spaced([lines, self.take_addresses("item")])
                since = 0
                self._fresh = True
        return lines

    def _pieces(self, blocks: Sequence[Block], width: int) -> Iterator[tuple[Block, list[str], int]]:
        """Each block or list item, with the number of empty lines before it."""
        for block in blocks:
            if type(block) is List and len(block.items) > 1:
                for index, item in enumerate(_items(self, block, width)):
                    # After addresses, an item of a tight list is separated like others.
                    tight = block.tight and index and not self._fresh
                    self._fresh = False
                    yield block, item, 0 if tight else 1
            else:
                self._fresh = False
                yield block, self.block(block, width), 2 if type(block) is Heading else 1

    def inlines(self, inlines: Sequence[Inline]) -> str:
        """Inline content as one text, with numbers after links. Its line ends are the author's hard breaks."""
        written: list[str] = []
        opened: list[tuple[int, str]] = []
        for index, inline in enumerate(inlines):
            if type(inline) is Text:
                written.append(inline.text)
            elif type(inline) is Break and not inline.hard and joins(inlines, index):
                continue
            elif type(inline) is RawHtml and (href := open_link(inline.html)):
                opened.append((len(written), href))
            elif type(inline) is RawHtml and inline.html == "</a>" and opened:
                start, href = opened.pop()
                written[start:] = [self.numbered("".join(written[start:]), href)]
            else:
                written.append(self._inline(inline))
        return "".join(written)

    def _inline(self, inline: Inline) -> str:
        match inline:
            case Break():
                return "\n" if inline.hard else " "
            case Strong():
                return self.strong(inline.inlines)
            case Emphasis():
                return self._marked(inline.inlines, _EMPHASIS)
            case Strikethrough():
                return f"~{self.inlines(inline.inlines)}~"
            case Link():
                return self.numbered(self.inlines(inline.inlines), inline.href)
            case Code():
                return f"`{inline.text}`"
            case Image():
                return inline.spoken or inline.alt
            case PersonalField():
                return tokens.placeholder(inline.name, inline.fallback)
            case FootnoteReference():
                return superscript(inline.number, self.language)
            case RawHtml():
                return tag_text(inline.html)
            case Text():
                return inline.text

    def strong(self, inlines: Sequence[Inline]) -> str:
        """Inline content between the marks of strong text."""
        return self._marked(inlines, _STRONG)

    def _marked(self, inlines: Sequence[Inline], kind: int) -> str:
        if len(inlines) == 1 and isinstance(inlines[0], Link):
            # The number is outside of the emphasis: `*The Long Ebb* [8]`.
            return self.numbered(self._marked(inlines[0].inlines, kind), inlines[0].href)
        text = self.inlines(inlines)
        return f"{OPENING[kind]}{text}{CLOSING[kind]}" if text.strip() else text

    def labelled(self, label: str, text: str) -> str:
        """`Label: text`."""
        return self.language.around("labelled", label=label, text=text)

    def with_aside(self, text: str, aside: str) -> str:
        """`text (aside)`."""
        return beside(text, self.language.around("aside", text=aside))

    def address(self, href: str) -> str:
        """The absolute address of a link; empty if it cannot be used in plain text."""
        href = with_placeholders(href)
        return "" if not href or href.startswith("#") or not is_safe(href) else from_anywhere(self._letter, href)

    def numbered(self, text: str, href: str) -> str:
        """`text` with the number of its address, unless the text is the address."""
        address = self.address(href)
        shown = re.sub(r"^(?:mailto:|https?://)", "", address)
        if not address or text == address or (text == shown and not text.isalpha() and ("@" in text or "www." in text)):
            return text
        if "@" in text and not text.isascii() and encoded(f"mailto:{text}") == address:
            return text  # an email address with non-ASCII letters, whose encoded form nobody can read
        if address not in self._addresses:
            self._last_number += 1
            self._addresses[address] = self._last_number
        number = f"[{self.language.numeral(self._addresses[address])}]"
        bare = text.rstrip(" ")
        return f"{bare}{GLUE}{number}{text[len(bare) :]}" if bare else number

    def pointed(self, label: str, href: str, width: int) -> list[str]:
        """`Label:` and the address on its own line."""
        address = self.address(href)
        if not address or label == address:
            return wrap(label, width)
        return [*wrap(self.labelled(label, "").rstrip(), width), address]

    def noted(self) -> tuple[int, dict[str, int]]:
        """The addresses so far, for `go_back`."""
        return self._last_number, dict(self._addresses)

    def go_back(self, noted: tuple[int, dict[str, int]]) -> None:
        """Forgets the addresses added since `noted`, when their text is discarded."""
        self._last_number, self._addresses = noted

    def take_addresses(self, under: str = "section") -> list[str]:
        """The addresses not yet written, each with its number on its own line, if they belong here.

        `under` is the kind of place: one of LINK_PLACES.
        """
        if LINK_PLACES.index(under) < LINK_PLACES.index(self._links):
            return []
        lines = [f"[{self.language.numeral(number)}] {address}" for address, number in self._addresses.items()]
        self._addresses = {}
        return lines


def _items(writer: TextWriter, block: List, width: int) -> Iterator[list[str]]:
    last = block.start + len(block.items) - 1
    indent = len(str(last)) + 2 if block.ordered else 2
    for number, item in enumerate(block.items, block.start):
        marker = f"{writer.language.numeral(number)}. ".rjust(indent) if block.ordered else "- "
        yield writer.list_item(item, marker, width, tight=block.tight)


def _list(writer: TextWriter, block: List, width: int) -> list[str]:
    items = list(_items(writer, block, width))
    return [line for item in items for line in item] if block.tight else spaced(items)


def _quotation(writer: TextWriter, quotation: Quotation, width: int) -> list[str]:
    inner = max(width - 2, NARROWEST)
    lines = writer.blocks(quotation.blocks, inner)
    if quotation.attribution:
        lines += wrap(writer.language.around("attribution", name=writer.inlines(quotation.attribution)), inner)
    return [f"> {line}".rstrip() for line in lines]


def _code_block(_writer: TextWriter, block: CodeBlock, _width: int) -> list[str]:
    return [f"    {line}".rstrip() for line in block.text.rstrip("\n").expandtabs(4).split("\n")]


def _table(writer: TextWriter, table: Table, width: int) -> list[str]:
    rows = [[_cell(writer, cell.inlines) for cell in row] for row in (table.head, *table.rows)]
    count = max(map(len, rows))
    grid = [row + [""] * (count - len(row)) for row in rows]
    widths = [max(display_width(row[column]) for row in grid) for column in range(count)]
    if sum(widths) + 2 * (count - 1) > width:
        return _table_as_list(writer, grid, width)
    alignments = [*table.alignments, *[""] * count]
    head, *lines = ["  ".join(map(_aligned, row, widths, alignments)).rstrip() for row in grid]
    rule = "  ".join("-" * column for column in widths)
    return [head, rule, *lines] if any(grid[0]) else lines


def _table_as_list(writer: TextWriter, grid: list[list[str]], width: int) -> list[str]:
    head, *rows = grid
    items = []
    for row in rows:
        cells = [writer.labelled(name, cell) if name else cell for name, cell in zip(head, row, strict=True) if cell]
        items.append(hanging([line for cell in cells for line in wrap(cell, width - 2)], "- "))
    return spaced(items)


def _cell(writer: TextWriter, inlines: Sequence[Inline]) -> str:
    return writer.inlines(inlines).replace("\n", " ").strip()


def _aligned(cell: str, width: int, alignment: str) -> str:
    missing = width - display_width(cell)
    left = {"right": missing, "center": missing // 2}.get(alignment, 0)
    return " " * left + cell + " " * (missing - left)


def figure_text(writer: TextWriter, figure: Figure, width: int) -> list[str]:
    """The description of a picture, in brackets; empty if there is none."""
    about = writer.inlines(figure.caption) or figure.image.spoken or figure.image.alt
    if credit := writer.inlines(figure.credit).strip():
        if figure.credit_word:
            credit = writer.labelled(figure.credit_word, credit)
        credit = writer.language.isolated(credit)
        about = writer.with_aside(about, credit) if about else credit
    if figure.link:
        about = writer.numbered(about, figure.link.href)
    return wrap(f"[{about}]", width) if about else []


def _html(writer: TextWriter, block: HtmlBlock, width: int) -> list[str]:
    paragraphs = html_text(block.html, writer.numbered, writer.language.numeral)
    return spaced([line for one in paragraph for line in _html_line(one, width)] for paragraph in paragraphs)


def _html_line(line: HtmlLine, width: int) -> list[str]:
    if line.verbatim:
        return [f"    {line.text}".rstrip()]
    marker = " " * line.indent + line.marker
    return hanging(wrap(line.text, max(width - len(marker), NARROWEST)), marker)


_WRITERS: dict[type, Callable[[TextWriter, Any, int], list[str]]] = {
    Paragraph: lambda writer, block, width: wrap(writer.inlines(block.inlines), width),
    Heading: lambda writer, block, width: wrap(writer.strong(block.inlines), width),
    List: _list,
    Quotation: _quotation,
    CodeBlock: _code_block,
    Table: _table,
    Figure: figure_text,
    ThematicBreak: lambda _writer, _block, width: ["* * *".center(width).rstrip()],
    HtmlBlock: _html,
}
"""All blocks except directives."""


def spaced(groups: Iterable[list[str]], gap: int = 1) -> list[str]:
    """Groups of lines one below the other, with `gap` empty lines between two; groups without text are left out."""
    lines: list[str] = []
    for group in groups:
        if any(group):
            lines += [""] * gap if lines else []
            lines += group
    return lines


def hanging(lines: list[str], marker: str) -> list[str]:
    """Lines with `marker` before the first, and spaces of the same width before the others."""
    if not lines:
        return [marker.rstrip()]
    indent = " " * len(marker)
    return [f"{marker if not index else indent}{line}".rstrip() for index, line in enumerate(lines)]
