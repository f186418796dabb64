"""Turns markdown-it's flat tokens into nested blocks."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING

from markdown_it.common.utils import unescapeAll

from newsletter.diagnostics import Severity
from newsletter.editions import ONLY, PAYWALL
from newsletter.markdown.directives import (
    ALONE,
    DirectiveFrame,
    alone,
    close_directive,
    directive_name,
    line_of,
    matching_frame,
    open_directive,
    stray_close,
    wall,
)
from newsletter.markdown.figures import captioned, figures_of, with_attribution
from newsletter.markdown.html import cleaned, note_down_all, unmasked
from newsletter.markdown.inline_rules import read_inlines
from newsletter.markdown.reading import DEEPEST
from newsletter.markdown.sections import Anchors
from newsletter.model import (
    NOWHERE,
    CodeBlock,
    Directive,
    Figure,
    Footnote,
    Heading,
    HtmlBlock,
    List,
    ListItem,
    Paragraph,
    Quotation,
    Table,
    TableCell,
    Text,
    ThematicBreak,
)
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markdown_it.token import Token

    from newsletter.markdown.reading import ReadingState
    from newsletter.model import Block, Inline, Span


@dataclass(slots=True)
class _Container:
    """A container of blocks while they are collected: the whole text, a list entry, a quotation, a footnote."""

    nested: bool
    """Whether it is not the whole text."""
    blocks: list[Block] = field(default_factory=list)
    frames: list[DirectiveFrame] = field(default_factory=list)
    """The open directives in it, from the outermost to the innermost."""

    @property
    def innermost(self) -> list[Block]:
        """The list for the next block."""
        return self.frames[-1].blocks if self.frames else self.blocks


@dataclass(slots=True)
class _NoteDefinition:
    """The definition of a footnote."""

    start: Span
    """Its first line."""
    first: int
    """The index of the first token in it."""
    end: int = 0
    """The index of the first token after it."""
    within: tuple[DirectiveFrame, ...] = ()
    """The `only` around it, outermost first."""


class Tree:
    """The blocks of one text, built from its tokens in the order of the source."""

    def __init__(self, tokens: Sequence[Token], reading: ReadingState, first_line: int) -> None:
        self._tokens = tokens
        self._reading = reading
        self._source = reading.source
        self._first_line = first_line
        self._anchors = Anchors()
        self._at = 0
        """The index of the next token."""
        self._end = 0
        """The end of the last block so far in the source."""
        self._loose = False
        """Whether the current list item has a paragraph with blank lines around it."""
        self._container = _Container(nested=False)
        self._directives = 0
        """The number of open directives."""
        self._only: list[DirectiveFrame] = []
        """The open `only` directives: a footnote defined in them is for their readers."""
        self._notes = self._note_definitions() if reading.footnote_labels else {}
        """The blocks of each footnote, by its label."""

    def read(self) -> tuple[tuple[Block, ...], tuple[Footnote, ...]]:
        """The blocks of the text, and the footnotes it refers to."""
        blocks = self._blocks("")
        self._reading.headings = self._anchors.headings
        self._read_notes()
        for label in self._notes:
            if label not in self._reading.footnotes:
                self._keep_unused_note(blocks, label)
                self._read_notes()
        return tuple(blocks), tuple(
            Footnote(note.label, note.number, note.blocks or (), note.references, note.span or NOWHERE)
            for note in self._reading.footnotes.values()
        )

    def _blocks(self, close: str) -> list[Block]:
        """The blocks up to the token `close`, which is consumed."""
        outer, self._container = self._container, _Container(nested=bool(close))
        container, tokens = self._container, self._tokens
        while self._at < len(tokens):
            token = tokens[self._at]
            self._at += 1
            if token.type == close:
                break
            container.innermost.extend(BUILDERS[token.type](self, token))
        while container.frames:
            self._end_frame(None, cut=container.nested)
        self._container = outer
        return self._finished(container.blocks)

    def _next(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _finished(self, blocks: list[Block]) -> list[Block]:
        """The blocks of one container, after the steps that need all of them."""
        if self._reading.options.allow_html:
            blocks = cleaned(blocks, self._reading)
        return captioned(blocks, self._reading) if any(isinstance(block, Figure) for block in blocks) else blocks

    def paragraph(self, token: Token) -> list[Block]:
        """A paragraph, or the figures in it."""
        self._loose = self._loose or not token.hidden
        inlines, span = self._content()
        if not inlines:
            return []
        return figures_of(inlines, self._reading) or [Paragraph(inlines, span)]

    def heading(self, token: Token) -> list[Block]:
        """A heading of any level."""
        inlines, text_span = self._content()
        return [Heading(int(token.tag[1]), inlines, self._anchors.of(inlines), self._lines(token), text_span)]

    def code(self, token: Token) -> list[Block]:
        """A code block, fenced or indented."""
        info = unescapeAll(token.info).split(maxsplit=1)
        return [CodeBlock(unmasked(token.content.removesuffix("\n")), info[0] if info else "", self._lines(token))]

    def thematic_break(self, token: Token) -> list[Block]:
        """A line of dashes, stars or underscores."""
        return [ThematicBreak(self._lines(token))]

    def html(self, token: Token) -> list[Block]:
        """Raw HTML."""
        span = self._lines(token)
        note_down_all(self._reading, span.start, span.end)
        return [HtmlBlock(unmasked(token.content), span)]

    def table(self, token: Token) -> list[Block]:
        """A table."""
        rows: list[tuple[TableCell, ...]] = []
        row: list[TableCell] = []
        noted = len(self._reading.notes)
        alignments: list[str] = []
        while (part := self._next()).type != "table_close":
            if part.type == "th_open":
                alignments.append(str(part.attrs.get("style", "")).removeprefix("text-align:"))
            elif part.type == "inline":
                row.append(self._cell(part))
            elif part.type == "tr_open":
                row, noted = [], len(self._reading.notes)
            elif part.type == "tr_close" and (any(cell.inlines for cell in row) or noted == len(self._reading.notes)):
                rows.append(tuple(row))  # a row with only a comment is left out
        return [Table(rows[0], tuple(rows[1:]), tuple(alignments), self._lines(token))]

    def _cell(self, token: Token) -> TableCell:
        return TableCell(read_inlines(token.content, token.meta["source_map"], self._reading), token.meta["span"])

    def _content(self) -> tuple[tuple[Inline, ...], Span]:
        """The inlines of the current paragraph or heading, and their place. Consumes its closing token."""
        token = self._next()
        self._at += 1
        span = token.meta["source_map"].span(0, len(token.content))
        self._end = span.end
        return read_inlines(token.content, token.meta["source_map"], self._reading), span

    def _lines(self, token: Token) -> Span:
        """The stretch from the first character of a block to the end of its last line."""
        self._end = self._line_end(token)
        return self._source.span(token.meta["start"], self._end)

    def _line_end(self, token: Token, *, first: bool = False) -> int:
        """The end of the last line of a block, or of its first."""
        begin, end = token.map or (0, 1)
        return self._source.line_end(self._first_line + (begin if first else end - 1))

    def bullets(self, token: Token) -> list[Block]:
        """A list of either kind."""
        items: list[ListItem] = []
        outer_loose, tight = self._loose, True
        close = token.type.replace("open", "close")
        while (item := self._next()).type != close:
            self._loose = False
            self._end = self._line_end(item, first=True)
            blocks = self._blocks("list_item_close")
            tight = tight and not self._loose
            span = self._source.span(int(item.attrs["offset"]), self._end)
            items.append(ListItem(tuple(blocks), item.meta.get("checked"), span))
        self._loose = outer_loose
        start = int(token.attrs.get("start", 1))
        span = self._source.span(token.meta["start"], self._end)
        return [List(tuple(items), token.type == "ordered_list_open", start, tight, span)]

    def quotation(self, token: Token) -> list[Block]:
        """A quotation."""
        self._end = self._line_end(token, first=True)
        outer_loose = self._loose
        blocks = tuple(self._blocks("blockquote_close"))
        self._loose = outer_loose
        span = self._source.span(token.meta["start"], self._end)
        return [with_attribution(Quotation(blocks, (), span), self._source)]

    def directive(self, token: Token) -> list[Block]:
        """The line that opens a directive. Its blocks are collected up to the line that closes it."""
        self._end = token.meta["end"]
        name = directive_name(token, self._reading)
        deep = self._directives >= DEEPEST
        if name == PAYWALL or (deep and name in {ONLY, "paid"}):
            # A block nested too deep for its own limit to readers extends the limit to everything after it.
            return [self._wall(token)]
        if name in ALONE:
            self._pass_close(token, within=True)
            return [alone(token, name, self._reading)]
        frame = open_directive(token, self._reading, name=name, flat=deep)
        self._container.frames.append(frame)
        self._directives += 1
        if frame.names_readers:
            self._only.append(frame)
        return []

    def _wall(self, token: Token) -> Directive:
        """A paywall, with the line that closes it if there is one directly after."""
        self._pass_close(token)
        return wall(token, self._reading, inside=self._container.nested or bool(self._container.frames))

    def _pass_close(self, token: Token, *, within: bool = False) -> None:
        """Consumes an unnecessary closing line directly after a directive, unless it may close one `within`."""
        following = self._tokens[self._at] if self._at < len(self._tokens) else None
        if within and any(len(frame.token.markup) == len(token.markup) for frame in self._container.frames):
            return
        if following and following.type == "directive_close" and following.markup == token.markup:
            self._at += 1

    def directive_end(self, token: Token) -> list[Block]:
        """The line that closes a directive, and the unclosed ones inside."""
        frames = self._container.frames
        match = matching_frame(frames, token.markup)
        if match is None:
            stray_close(token, self._reading)
            return []
        # The number of colons may matter (more around fewer) or not. If one with more is open, this may close it.
        uncertain = any(len(frame.token.markup) > len(token.markup) for frame in frames[match + 1 :])
        while len(frames) > match + 1:
            self._end_frame(None)
        self._end = token.meta["end"]
        self._end_frame(token, cut=uncertain)
        return []

    def _end_frame(self, token: Token | None, *, cut: bool = False) -> None:
        """Closes the innermost directive, with its closing line if there is one."""
        frame = self._container.frames.pop()
        self._directives -= 1
        if self._only and self._only[-1] is frame:
            self._only.pop()
        frame.blocks = self._finished(frame.blocks)
        ended = close_directive(frame, self._end, closed=token is not None, cut=cut, reading=self._reading)
        self._container.innermost.extend(ended)

    def _note_definitions(self) -> dict[str, _NoteDefinition]:
        """The first definition of each footnote."""
        found: dict[str, _NoteDefinition] = {}
        opened: list[_NoteDefinition] = []
        for index, token in enumerate(self._tokens):
            if token.type == "footnote_reference_open":
                line = self._source.span(token.meta["start"], self._line_end(token, first=True))
                opened.append(_NoteDefinition(line, index + 1))
                found.setdefault(token.meta["label"], opened[-1])
            elif token.type == "footnote_reference_close":
                opened.pop().end = index + 1
        return found

    def note(self, token: Token) -> list[Block]:
        """A footnote's definition: skipped, and read only when all references are known."""
        label = token.meta["label"]
        definition = self._notes[label]
        if definition.first == self._at:
            definition.within = tuple(self._only)
            self._at = definition.end
            return []
        span = self._source.span(token.meta["start"], token.meta["start"] + len(label) + 3)
        advice = "Only the first one is used, and this one stays as text. Give it its own label."
        self._reading.find(
            span, "ST129", f"the footnote `[^{label}]` is defined twice", advice, severity=Severity.WARNING
        )
        return self._labelled(self._blocks("footnote_reference_close"), label, span)

    def _read_notes(self) -> None:
        """Reads the footnotes with references, and those that they refer to in turn."""
        notes = self._reading.footnotes
        while unread := next((note for note in notes.values() if note.blocks is None), None):
            blocks, unread.span = self._note_blocks(unread.label)
            unread.blocks = self._for_its_readers(blocks, unread.label)

    def _note_blocks(self, label: str) -> tuple[tuple[Block, ...], Span]:
        definition = self._notes[label]
        self._at, self._end = definition.first, definition.start.end
        blocks = tuple(self._blocks("footnote_reference_close"))
        return blocks, self._source.span(definition.start.start, self._end)

    def _keep_unused_note(self, blocks: list[Block], label: str) -> None:
        """A footnote without references is kept as text, at its definition."""
        inner, span = self._note_blocks(label)
        mark = self._source.span(span.start, span.start + len(label) + 3)
        message = f"no text refers to the footnote `[^{label}]`"
        advice = f"It stays as text. Write `[^{label}]` where it belongs, or take it out."
        self._reading.find(mark, "ST129", message, advice, severity=Severity.WARNING)
        place = next((index for index, block in enumerate(blocks) if block.span.start > span.start), len(blocks))
        blocks[place:place] = self._for_its_readers(tuple(self._labelled(inner, label, span)), label)

    def _for_its_readers(self, blocks: tuple[Block, ...], label: str) -> tuple[Block, ...]:
        """The blocks of a footnote, inside a copy of the `only` around its definition."""
        for frame in reversed(self._notes[label].within):
            blocks = (Directive(ONLY, frame.argument, blocks=blocks, span=line_of(frame.token, self._reading)),)
        return blocks

    def _labelled(self, blocks: Sequence[Block], label: str, span: Span) -> list[Block]:
        """The blocks of a footnote that stays text, after its label."""
        first = blocks[0] if blocks else None
        if isinstance(first, Paragraph) and first.span.line == span.line:
            mark = self._source.span(span.start, first.span.start)
            label_text = Text(self._source.text[mark.start : mark.end], mark)
            return [replace(first, inlines=(label_text, *first.inlines)), *blocks[1:]]
        mark = self._source.span(span.start, span.start + len(label) + 4)
        return [Paragraph((Text(f"[^{label}]:", mark),), mark), *blocks]


BUILDERS: dict[str, Callable[[Tree, Token], list[Block]]] = {
    "paragraph_open": Tree.paragraph,
    "heading_open": Tree.heading,
    "fence": Tree.code,
    "code_block": Tree.code,
    "hr": Tree.thematic_break,
    "html_block": Tree.html,
    "table_open": Tree.table,
    "bullet_list_open": Tree.bullets,
    "ordered_list_open": Tree.bullets,
    "blockquote_open": Tree.quotation,
    "directive_open": Tree.directive,
    "directive_close": Tree.directive_end,
    "footnote_reference_open": Tree.note,
}
"""The builders, by the type of the first token of a block, or of a directive's line.

Each returns the blocks that are complete.
"""
