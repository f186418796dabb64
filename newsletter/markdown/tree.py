"""From markdown-it's flat tokens to nested blocks."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from markdown_it.common.utils import unescapeAll

from newsletter.diagnostics import Severity
from newsletter.editions import ONLY, PAYWALL
from newsletter.markdown.blocks import DEEPEST
from newsletter.markdown.directives import (
    DirectiveFrame,
    close_directive,
    directive_name,
    matching_frame,
    open_directive,
    stray_close,
    wall,
)
from newsletter.markdown.figures import captioned, figures_of, with_attribution
from newsletter.markdown.inline import read_inlines
from newsletter.markdown.markup import note_down_all
from newsletter.markdown.rawhtml import cleaned
from newsletter.markdown.sections import strip_number
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
from newsletter.walk import plain_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markdown_it.token import Token

    from newsletter.markdown.context import Context
    from newsletter.model import Block, Inline, Span

_NOT_WORD = re.compile(r"[^\w\s-]|_")
_GAPS = re.compile(r"[\s-]+")
_LONGEST = 80


class Anchors:
    """The anchors given so far."""

    def __init__(self) -> None:
        self._given: dict[str, int] = {}

    def of(self, inlines: tuple[Inline, ...]) -> str:
        """A new anchor for the heading: letters of any script and digits, lower case, `-2` where there is one already.

        A number in front of the heading is left out, so that links survive when items change places.
        """
        slug = slug_of(plain_text(strip_number(inlines)[1])) or slug_of(plain_text(inlines)) or "section"
        count = self._given.get(slug, 0) + 1
        self._given[slug] = count
        if count == 1:
            return slug
        while f"{slug}-{count}" in self._given:
            count += 1
        self._given[slug] = count
        self._given[f"{slug}-{count}"] = 1
        return f"{slug}-{count}"


def slug_of(text: str) -> str:
    """The words of `text` joined by hyphens."""
    slug = _GAPS.sub("-", _NOT_WORD.sub(" ", text.casefold())).strip("-")
    return slug if len(slug) <= _LONGEST else slug[:_LONGEST].rpartition("-")[0] or slug[:_LONGEST]


# ── From markdown-it's flat tokens to nested blocks ───────────────────────────────────────────────────────────────────


class Tree:
    """The blocks of one text, built from its tokens in the order of the source."""

    def __init__(self, tokens: Sequence[Token], context: Context, first_line: int) -> None:
        self.tokens = tokens
        self.context = context
        self.anchors = Anchors()
        self._first_line = first_line
        self._at = 0
        self._end = 0
        """Where the last block built so far ends in the source."""
        self._loose = False
        """Whether a paragraph that is set apart has been met in the list item being built."""
        self._directives = 0
        """How many are open, one in another."""
        self._only: list[DirectiveFrame] = []
        """The `only` that are open, one in another: a footnote defined in them is for their readers."""
        self._limited: dict[str, tuple[DirectiveFrame, ...]] = {}
        """By the label of a footnote, those that it is defined in."""
        self._notes: dict[str, tuple[int, Span]] = {}
        """The definitions of footnotes by label: the index of the first token in them, and where they begin."""
        self._ends: dict[int, int] = {}
        """By the index of the token that opens a definition, that of the first token behind it."""
        if context.footnote_labels:
            self._find_notes()

    # ── the whole ───────────────────────────────────────────────────────────────────────────────────────────────────

    def read(self) -> tuple[tuple[Block, ...], tuple[Footnote, ...]]:
        """The blocks of the text, and the footnotes it refers to."""
        blocks = self._blocks("")
        self._read_notes()
        for label in self._notes:
            if label not in self.context.footnotes:
                self._unused_note(blocks, label)
                self._read_notes()
        return tuple(blocks), tuple(
            Footnote(note.label, note.number, note.blocks or (), note.references, note.span or NOWHERE)
            for note in self.context.footnotes.values()
        )

    def _find_notes(self) -> None:
        opened: list[int] = []
        for index, token in enumerate(self.tokens):
            if token.type == "footnote_reference_open":
                opened.append(index)
                start = self.context.source.span(token.meta["start"], self._line_end(token, first=True))
                self._notes.setdefault(token.meta["label"], (index + 1, start))
            elif token.type == "footnote_reference_close":
                self._ends[opened.pop()] = index + 1

    def _read_notes(self) -> None:
        """Reads the footnotes that are referred to, and those that they refer to in turn."""
        notes = self.context.footnotes
        while unread := next((note for note in notes.values() if note.blocks is None), None):
            blocks, unread.span = self._note_blocks(unread.label)
            unread.blocks = self._for_its_readers(blocks, unread.label)

    def _note_blocks(self, label: str) -> tuple[tuple[Block, ...], Span]:
        self._at, span = self._notes[label]
        self._end = span.end
        blocks = tuple(self._blocks("footnote_reference_close"))
        return blocks, self.context.source.span(span.start, self._end)

    def _unused_note(self, blocks: list[Block], label: str) -> None:
        """A footnote nobody refers to is kept, as text, where it is defined."""
        inner, span = self._note_blocks(label)
        mark = self.context.source.span(span.start, span.start + len(label) + 3)
        self.context.find(
            mark,
            "ST129",
            f"no text refers to the footnote `[^{label}]`",
            f"It stays as text. Write `[^{label}]` where it belongs, or take it out.",
            severity=Severity.WARNING,
        )
        place = next((index for index, block in enumerate(blocks) if block.span.start > span.start), len(blocks))
        blocks[place:place] = self._for_its_readers(tuple(self._labelled(inner, label, span)), label)

    def _for_its_readers(self, blocks: tuple[Block, ...], label: str) -> tuple[Block, ...]:
        """The blocks of a footnote, in what its definition stands in where that names readers."""
        for frame in reversed(self._limited.get(label, ())):
            span = self.context.source.span(frame.token.meta["start"], frame.token.meta["end"])
            blocks = (Directive(ONLY, frame.argument, blocks=blocks, span=span),)
        return blocks

    def _labelled(self, blocks: Sequence[Block], label: str, span: Span) -> list[Block]:
        """The blocks of a footnote that stays text, with its label in front."""
        source, first = self.context.source, blocks[0] if blocks else None
        if isinstance(first, Paragraph) and first.span.line == span.line:
            mark = source.span(span.start, first.span.start)
            return [
                replace(first, inlines=(Text(source.text[mark.start : mark.end], mark), *first.inlines)),
                *blocks[1:],
            ]
        mark = source.span(span.start, span.start + len(label) + 4)
        return [Paragraph((Text(f"[^{label}]:", mark),), mark), *blocks]

    # ── containers ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _blocks(self, close: str) -> list[Block]:
        """The blocks up to the token `close`, which is passed over."""
        tokens = self.tokens
        found: list[Block] = []
        frames: list[DirectiveFrame] = []
        while self._at < len(tokens):
            token = tokens[self._at]
            if token.type == close:
                self._at += 1
                break
            if token.type == "directive_open":
                self._end = token.meta["end"]
                self._at += 1
                name = directive_name(token, self.context)
                deep = self._directives >= DEEPEST
                if name == PAYWALL or (deep and name in {ONLY, "paid"}):
                    # What is nested too deep to be held back by itself holds back all that follows.
                    (frames[-1].blocks if frames else found).append(self._wall(token, inside=bool(close or frames)))
                    continue
                frames.append(open_directive(token, self.context, name=name, flat=deep))
                self._directives += 1
                if frames[-1].names_readers:
                    self._only.append(frames[-1])
            elif token.type == "directive_close":
                self._at += 1
                self._close_directive(frames, found, token)
            else:
                (frames[-1].blocks if frames else found).extend(BUILDERS[token.type](self, token))
        while frames:
            self._end_frame(frames, found, None, cut=bool(close))
        return self._finished(found)

    def _finished(self, blocks: list[Block]) -> list[Block]:
        """The blocks of one container, with what can only be seen when all are there."""
        if self.context.options.allow_html:
            blocks = cleaned(blocks, self.context)
        return captioned(blocks, self.context) if any(isinstance(block, Figure) for block in blocks) else blocks

    def _close_directive(self, frames: list[DirectiveFrame], found: list[Block], token: Token) -> None:
        match = matching_frame(frames, token.markup)
        if match is None:
            stray_close(token, self.context)
            return
        # Colons may be counted (more around what has fewer) or not. Where one that has more is open, this may be its end.
        uncertain = any(len(frame.token.markup) > len(token.markup) for frame in frames[match + 1 :])
        while len(frames) > match + 1:
            self._end_frame(frames, found, None)
        self._end = token.meta["end"]
        self._end_frame(frames, found, token, cut=uncertain)

    def _wall(self, token: Token, *, inside: bool) -> Directive:
        """A paywall, with the line that closes it where somebody wrote one right behind."""
        following = self.tokens[self._at] if self._at < len(self.tokens) else None
        if following and following.type == "directive_close" and following.markup == token.markup:
            self._at += 1
        return wall(token, self.context, inside=inside)

    def _end_frame(
        self, frames: list[DirectiveFrame], found: list[Block], token: Token | None, *, cut: bool = False
    ) -> None:
        frame = frames.pop()
        self._directives -= 1
        if self._only and self._only[-1] is frame:
            self._only.pop()
        frame.blocks = self._finished(frame.blocks)
        outer = frames[-1].blocks if frames else found
        closed = token is not None
        outer.extend(close_directive(frame, self._end, closed=closed, cut=cut, context=self.context))

    def bullets(self, token: Token) -> list[Block]:
        """A list of either kind."""
        self._at += 1
        items: list[ListItem] = []
        outer_loose, tight = self._loose, True
        close = token.type.replace("open", "close")
        while self.tokens[self._at].type != close:
            item = self.tokens[self._at]
            self._at += 1
            self._loose = False
            self._end = self._line_end(item, first=True)
            blocks = self._blocks("list_item_close")
            tight = tight and not self._loose
            span = self.context.source.span(int(item.attrs["offset"]), self._end)
            items.append(ListItem(tuple(blocks), item.meta.get("checked"), span))
        self._at += 1
        self._loose = outer_loose
        start = int(token.attrs.get("start", 1))
        span = self.context.source.span(token.meta["start"], self._end)
        return [List(tuple(items), token.type == "ordered_list_open", start, tight, span)]

    def quotation(self, token: Token) -> list[Block]:
        """A quotation."""
        self._at += 1
        self._end = self._line_end(token, first=True)
        outer_loose = self._loose
        blocks = tuple(self._blocks("blockquote_close"))
        self._loose = outer_loose
        span = self.context.source.span(token.meta["start"], self._end)
        return [with_attribution(Quotation(blocks, (), span), self.context.source)]

    def note(self, token: Token) -> list[Block]:
        """A footnote's definition: read only when all references are known."""
        label = token.meta["label"]
        first = self._notes[label][0] == self._at + 1
        if first:
            self._limited[label] = tuple(self._only)
            self._at = self._ends[self._at]
            return []
        self._at += 1
        span = self.context.source.span(token.meta["start"], token.meta["start"] + len(label) + 3)
        self.context.find(
            span,
            "ST129",
            f"the footnote `[^{label}]` is defined twice",
            "The first one counts; this one stays as text. Give it a label of its own.",
            severity=Severity.WARNING,
        )
        return self._labelled(self._blocks("footnote_reference_close"), label, span)

    # ── leaves ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def paragraph(self, token: Token) -> list[Block]:
        """A paragraph, or the figures that it is."""
        content = self.tokens[self._at + 1]
        self._at += 3
        self._loose = self._loose or not token.hidden
        inlines, span = self._inlines(content)
        if not inlines:
            return []
        return figures_of(inlines, self.context) or [Paragraph(inlines, span)]

    def heading(self, token: Token) -> list[Block]:
        """A heading of any level."""
        content = self.tokens[self._at + 1]
        self._at += 3
        inlines, text_span = self._inlines(content)
        end = self._line_end(token)
        span = self.context.source.span(token.meta["start"], end)
        self._end = end
        return [Heading(int(token.tag[1]), inlines, self.anchors.of(inlines), span, text_span)]

    def code(self, token: Token) -> list[Block]:
        """A code block, fenced or indented."""
        self._at += 1
        self._end = self._line_end(token)
        span = self.context.source.span(token.meta["start"], self._end)
        info = unescapeAll(token.info).split(maxsplit=1)
        return [CodeBlock(token.content.removesuffix("\n"), info[0] if info else "", span)]

    def rule(self, token: Token) -> list[Block]:
        """A thematic break."""
        self._at += 1
        self._end = self._line_end(token)
        return [ThematicBreak(self.context.source.span(token.meta["start"], self._end))]

    def html(self, token: Token) -> list[Block]:
        """Raw HTML."""
        self._at += 1
        self._end = self._line_end(token)
        note_down_all(self.context, token.meta["start"], self._end)
        return [HtmlBlock(token.content, self.context.source.span(token.meta["start"], self._end))]

    def table(self, token: Token) -> list[Block]:
        """A table."""
        self._at += 1
        rows: list[tuple[TableCell, ...]] = []
        row: list[TableCell] = []
        alignments: list[str] = []
        noted = len(self.context.notes)
        while (part := self.tokens[self._at]).type != "table_close":
            self._at += 1
            if part.type == "tr_open":
                row, noted = [], len(self.context.notes)
            elif part.type == "inline":
                cell = self.context.source.span(part.meta["start"], part.meta["end"])
                row.append(TableCell(read_inlines(part.content, part.meta["places"], self.context), cell))
            elif part.type == "th_open":
                alignments.append(str(part.attrs.get("style", "")).removeprefix("text-align:"))
            elif part.type == "tr_close" and (any(cell.inlines for cell in row) or noted == len(self.context.notes)):
                rows.append(tuple(row))  # a row that held nothing but a comment is none
        self._at += 1
        self._end = self._line_end(token)
        span = self.context.source.span(token.meta["start"], self._end)
        return [Table(rows[0], tuple(rows[1:]), tuple(alignments), span)]

    def _inlines(self, token: Token) -> tuple[tuple[Inline, ...], Span]:
        places = token.meta["places"]
        span = self.context.span(places, 0, len(token.content))
        self._end = span.end
        return read_inlines(token.content, places, self.context), span

    def _line_end(self, token: Token, *, first: bool = False) -> int:
        """Where the last line of a block ends, or its first."""
        begin, end = token.map or (0, 1)
        return self.context.source.line_end(self._first_line + (begin if first else end - 1))


BUILDERS: dict[str, Callable[[Tree, Token], list[Block]]] = {
    "paragraph_open": Tree.paragraph,
    "heading_open": Tree.heading,
    "bullet_list_open": Tree.bullets,
    "ordered_list_open": Tree.bullets,
    "blockquote_open": Tree.quotation,
    "footnote_reference_open": Tree.note,
    "fence": Tree.code,
    "code_block": Tree.code,
    "hr": Tree.rule,
    "html_block": Tree.html,
    "table_open": Tree.table,
}
"""By the type of the token that begins a block."""
