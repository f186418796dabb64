"""Blocks and inlines as plain text: lines of at most a given width, links as numbers with their addresses below."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from newsletter import tokens
from newsletter.model import (
    Block,
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
    Text,
    ThematicBreak,
)
from newsletter.render.addresses import from_anywhere, with_placeholders
from newsletter.render.columns import CLOSING, GLUE, OPENING, display_width, wrap
from newsletter.render.directives import directive_facts
from newsletter.render.directives.embeds import VIDEO, Embed, embed_in
from newsletter.render.htmltext import html_text, open_link, tag_text
from newsletter.render.letter import beside
from newsletter.render.markup import is_safe, joins, unlinked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from newsletter.language import Language
    from newsletter.render.letter import Letter

_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def superscript(number: int, language: Language) -> str:
    """A number as a note is marked: ¹²; in brackets where the digits of the language have no small ones."""
    written = language.numeral(number)
    return written.translate(_SUPERSCRIPT) if written.isascii() else f"({written})"


class TextWriter:
    """Writes blocks as lines, and keeps the addresses that they link to until `take_addresses` sets them down."""

    def __init__(self, letter: Letter) -> None:
        self.language = letter.language
        self._letter = letter
        self._in_notes = False
        self._last_number = 0
        self._addresses: dict[str, int] = {}
        self._writers: dict[type, Callable[[Any, int], list[str]]] = {
            Paragraph: lambda block, width: wrap(self.inlines(block.inlines), width),
            Heading: lambda block, width: wrap(self._marked(block.inlines, 0), width),
            List: self._list,
            Quotation: self._quotation,
            CodeBlock: self._code_block,
            Table: self._table,
            Figure: self._figure,
            ThematicBreak: lambda _block, width: ["* * *".center(width).rstrip()],
            Directive: self._directive,
            HtmlBlock: lambda block, width: spaced(wrap(one, width) for one in html_text(block.html, self._numbered)),
        }

    # ── The ways in ─────────────────────────────────────────────────────────────────────────────────────────────────

    def blocks(self, blocks: Sequence[Block], width: int) -> list[str]:
        """Blocks as lines, with an empty one between two, and one more before a heading."""
        if not any(type(block) is Heading for block in blocks):
            return spaced(self._block(block, width) for block in blocks)
        lines: list[str] = []
        for block in blocks:
            lines = spaced([lines, self._block(block, width)], 2 if type(block) is Heading else 1)
        return lines

    def _block(self, block: Block, width: int) -> list[str]:
        embed = embed_in(block, "footnote" if self._in_notes else "")
        return self._embed(embed, width) if embed else self._writers[type(block)](block, width)

    def notes(self, blocks: Sequence[Block], width: int) -> list[str]:
        """The blocks of a footnote, in which a link alone is a reference."""
        self._in_notes = True
        try:
            return self.blocks(blocks, width)
        finally:
            self._in_notes = False

    def inlines(self, inlines: Sequence[Inline]) -> str:
        """Inline content as one text, links followed by their numbers. Line ends in it are the author's hard breaks."""
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
                written[start:] = [self._numbered("".join(written[start:]), href)]
            else:
                written.append(self._inline(inline))
        return "".join(written)

    def take_addresses(self) -> list[str]:
        """The addresses linked to since the last call, each on a line of its own under its number."""
        lines = [f"[{self.language.numeral(number)}] {address}" for address, number in self._addresses.items()]
        self._addresses = {}
        return lines

    def address(self, href: str) -> str:
        """Where a link leads, absolute; empty where that is nowhere a text can lead to."""
        href = with_placeholders(href)
        return "" if not href or href.startswith("#") or not is_safe(href) else from_anywhere(self._letter, href)

    # ── Inlines ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _inline(self, inline: Inline) -> str:
        match inline:
            case Break():
                return "\n" if inline.hard else " "
            case Strong():
                return self._marked(inline.inlines, 0)
            case Emphasis():
                return self._marked(inline.inlines, 1)
            case Strikethrough():
                return f"~{self.inlines(inline.inlines)}~"
            case Link():
                return self._link(inline)
            case Code():
                return f"`{inline.text}`"
            case Image():
                return inline.alt
            case PersonalField():
                return tokens.placeholder(inline.name, inline.fallback)
            case FootnoteReference():
                return superscript(inline.number, self.language)
            case RawHtml():
                return tag_text(inline.html)
            case Text():
                return inline.text

    def _marked(self, inlines: Sequence[Inline], kind: int) -> str:
        if len(inlines) == 1 and isinstance(inlines[0], Link):
            # The number stands outside of the marks: `*The Long Ebb* [8]`.
            return self._numbered(self._marked(inlines[0].inlines, kind), inlines[0].href)
        text = self.inlines(inlines)
        return f"{OPENING[kind]}{text}{CLOSING[kind]}" if text.strip() else text

    def _link(self, link: Link) -> str:
        return self._numbered(self.inlines(link.inlines), link.href)

    def _numbered(self, text: str, href: str) -> str:
        address = self.address(href)
        shown = re.sub(r"^(?:mailto:|https?://)", "", address)
        if not address or text == address or (text == shown and not text.isalpha() and ("@" in text or "www." in text)):
            return text
        if address not in self._addresses:
            self._last_number += 1
            self._addresses[address] = self._last_number
        number = f"[{self.language.numeral(self._addresses[address])}]"
        bare = text.rstrip(" ")
        return f"{bare}{GLUE}{number}{text[len(bare) :]}" if bare else number

    # ── Blocks ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _list(self, block: List, width: int) -> list[str]:
        last = block.start + len(block.items) - 1
        indent = len(str(last)) + 2 if block.ordered else 2
        items = []
        for number, item in enumerate(block.items, block.start):
            marker = f"{self.language.numeral(number)}. ".rjust(indent) if block.ordered else "- "
            items.append(self._list_item(item, marker, width, tight=block.tight))
        return [line for item in items for line in item] if block.tight else spaced(items)

    def _list_item(self, item: ListItem, marker: str, width: int, *, tight: bool = True) -> list[str]:
        box = "" if item.checked is None else "[x] " if item.checked else "[ ] "
        inner = max(width - len(marker) - len(box), 20)
        paragraphs = [self._writers[type(block)](block, inner) for block in item.blocks]
        tight = tight and all(type(block) in {Paragraph, List} for block in item.blocks)
        lines = [line for lines in paragraphs for line in lines] if tight else spaced(paragraphs)
        return hanging(lines, marker + box)

    def _quotation(self, quotation: Quotation, width: int) -> list[str]:
        lines = self.blocks(quotation.blocks, max(width - 2, 20))
        if quotation.attribution:
            by = self.language.around("attribution", name=self.inlines(quotation.attribution))
            lines += wrap(by, max(width - 2, 20))
        return [f"> {line}".rstrip() for line in lines]

    def _code_block(self, block: CodeBlock, _width: int) -> list[str]:
        return [f"    {line}".rstrip() for line in block.text.rstrip("\n").expandtabs(4).split("\n")]

    def _table(self, table: Table, width: int) -> list[str]:
        head = [self._cell(cell.inlines) for cell in table.head]
        rows = [[self._cell(cell.inlines) for cell in row] for row in table.rows]
        count = max(map(len, [head, *rows]))
        grid = [row + [""] * (count - len(row)) for row in [head, *rows]]
        widths = [max(display_width(row[column]) for row in grid) for column in range(count)]
        if sum(widths) + 2 * (count - 1) > width:
            return self._table_as_list(grid, width)
        alignments = [*table.alignments, *[""] * count]
        lines = ["  ".join(map(_aligned, row, widths, alignments)).rstrip() for row in grid]
        rule = "  ".join("-" * column for column in widths)
        return [lines[0], rule, *lines[1:]] if any(head) else lines[1:]

    def _table_as_list(self, grid: list[list[str]], width: int) -> list[str]:
        head, *rows = grid
        items = []
        for row in rows:
            cells = [self._labelled(name, cell) if name else cell for name, cell in zip(head, row, strict=True) if cell]
            items.append(hanging([line for cell in cells for line in wrap(cell, width - 2)], "- "))
        return spaced(items)

    def _cell(self, inlines: Sequence[Inline]) -> str:
        return self.inlines(inlines).replace("\n", " ").strip()

    def _figure(self, figure: Figure, width: int) -> list[str]:
        about = self.inlines(figure.caption) or figure.image.alt
        if figure.credit:
            credit = self.inlines(figure.credit)
            if figure.credit_word:
                credit = self._labelled(figure.credit_word, credit)
            credit = self.language.isolated(credit)
            about = beside(about, self.language.around("aside", text=credit)) if about else credit
        if figure.link:
            about = self._numbered(about, figure.link.href)
        return wrap(f"[{about}]", width) if about else []

    # ── Directives ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _directive(self, directive: Directive, width: int) -> list[str]:
        match directive.name:
            case "only" | "paywall":
                return self.blocks(directive.blocks, width) if directive_facts.is_shown(directive, "text") else []
            case "button":
                return self._pointer(directive, "", width)
            case "audio":
                return self._pointer(directive, directive.fields.get("length", ""), width)
            case "event":
                return self._event(directive, width)
            case "poll":
                return self._poll(directive, width)
            case _:
                return self._led(directive, width)

    def _pointer(self, directive: Directive, aside: str, width: int) -> list[str]:
        """`Label:` and the address on a line of its own."""
        link = directive_facts.lead_link(directive)
        if link is None:
            return spaced([wrap(self.inlines(directive.argument), width), self.blocks(directive.blocks, width)])
        label = self.inlines(unlinked(directive_facts.lead_label(directive)))
        label = beside(label, self.language.around("aside", text=aside)) if aside else label
        return spaced([self._pointed(label, link.href, width), self.blocks(directive_facts.body(directive), width)])

    def _embed(self, embed: Embed, width: int) -> list[str]:
        """What the picture shows, what else is said, and where to see it: the address on a line of its own."""
        shown = self._figure(embed.figure, width) if embed.figure and not embed.title else []
        call = " · ".join(filter(None, (embed.call(self.language), embed.length)))
        if embed.title:
            title = self.inlines(unlinked(embed.title))
            label = beside(title, self.language.around("aside", text=call))
        else:
            label = call
        pointed, about = self._pointed(label, embed.link.href, width), self.blocks(embed.blocks, width)
        return spaced([shown, pointed, about] if embed.kind == VIDEO else [about, shown, pointed])

    def _pointed(self, label: str, href: str, width: int) -> list[str]:
        address = self.address(href)
        if not address or label == address:
            return wrap(label, width)
        return [*wrap(self._labelled(label, "").rstrip(), width), address]

    def _labelled(self, label: str, text: str) -> str:
        return self.language.around("labelled", label=label, text=text)

    def _event(self, directive: Directive, width: int) -> list[str]:
        title = wrap(self._marked(directive.argument, 0), width) if directive.argument else []
        facts = " · ".join(directive_facts.event_facts(directive, self.language))
        return spaced([title + (wrap(facts, width) if facts else []), self.blocks(directive.blocks, width)])

    def _poll(self, directive: Directive, width: int) -> list[str]:
        question = wrap(self._marked(directive.argument, 0), width) if directive.argument else []
        return spaced([question, *(self._choices(block, width) for block in directive.blocks)])

    def _choices(self, block: Block, width: int) -> list[str]:
        if not isinstance(block, List):
            return self._writers[type(block)](block, width)
        return [line for item in block.items for line in self._choice(item, width)]

    def _choice(self, item: ListItem, width: int) -> list[str]:
        only = item.blocks[0] if len(item.blocks) == 1 else None
        if isinstance(only, Paragraph) and len(only.inlines) == 1 and isinstance(only.inlines[0], Link):
            link = only.inlines[0]
            return hanging(self._pointed(self.inlines(link.inlines), link.href, width - 2), "- ")
        return self._list_item(item, "- ", width)

    def _led(self, directive: Directive, width: int) -> list[str]:
        lead, blocks = directive.argument, directive.blocks
        if lead and blocks and isinstance(blocks[0], Paragraph):
            stop = Text(directive_facts.lead_stop(lead))
            opening = f"{self._marked((*lead, stop), 0)} {self.inlines(blocks[0].inlines)}"
            return spaced([wrap(opening, width), self.blocks(blocks[1:], width)])
        return spaced([wrap(self._marked(lead, 0), width) if lead else [], self.blocks(blocks, width)])


def spaced(groups: Iterable[list[str]], gap: int = 1) -> list[str]:
    """Groups of lines one below the other, with `gap` empty lines between two; groups without words are left out."""
    lines: list[str] = []
    for group in groups:
        if any(group):
            lines += [""] * gap if lines else []
            lines += group
    return lines


def hanging(lines: list[str], marker: str) -> list[str]:
    """Lines with `marker` before the first and as much space before the others."""
    if not lines:
        return [marker.rstrip()]
    indent = " " * len(marker)
    return [f"{marker if not index else indent}{line}".rstrip() for index, line in enumerate(lines)]


def _aligned(cell: str, width: int, alignment: str) -> str:
    missing = width - display_width(cell)
    left = {"right": missing, "center": missing // 2}.get(alignment, 0)
    return " " * left + cell + " " * (missing - left)
