"""markdown-it's block parser, made to remember where everything it cuts out came from.

The rules are markdown-it's. Around them stands what records: the state notes down which source lines a block's content
was cut from, the tokenizer where each block begins, and a few wrappers what their rules would forget (cells of tables,
the parts of link definitions). The map of an inline token's content is in `token.meta["places"]`, the offset of a
block's first character in `token.meta["start"]`. All are offsets in the whole source.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from markdown_it.common.utils import MD_TRIM_CHARS, mdTrim, normalizeReference
from markdown_it.helpers import parseLinkTitle
from markdown_it.parser_block import ParserBlock
from markdown_it.rules_block import StateBlock, heading, reference, table

from newsletter.markdown.addresses import parse_destination
from newsletter.markdown.context import Definition
from newsletter.markdown.source import Places, places_of_lines

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

    from newsletter.markdown.context import Context
    from newsletter.model import Span

DEEPEST = 60
"""How deep blocks may stand in one another; markdown-it counts a list as two. Deeper ones become one paragraph."""


class Recorder(StateBlock):
    """The state of the block parser, remembering what it last cut out."""

    def __init__(self, src: str, md: MarkdownIt, env: Any, tokens: list[Token]) -> None:
        super().__init__(src, md, env, tokens)
        self.base: int = env["base"]
        self.context: Context = env["context"]
        self._cut: tuple[int, str] | None = None

    def getLines(self, begin: int, end: int, indent: int, keepLastLF: bool) -> str:  # noqa: N802, N803 - markdown-it's
        """The content of some lines."""
        content = super().getLines(begin, end, indent, keepLastLF)
        self._cut = (begin, content)
        return content

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        """Adds a token."""
        token = super().push(ttype, tag, nesting)
        if ttype == "inline" and self._cut:
            token.meta["places"] = self._places(*self._cut)
            self._cut = None
        elif ttype == "list_item_open":
            token.attrs["offset"] = self.base + self.bMarks[self.line] + self.tShift[self.line]
        return token

    def _places(self, begin: int, content: str) -> Places:
        lines = content.split("\n")
        ends = [self.base + self.eMarks[begin + index] for index in range(len(lines))]
        return places_of_lines(lines, ends, len(content) - len(content.lstrip(MD_TRIM_CHARS)))


class RecordingBlocks(ParserBlock):
    """The block parser: markdown-it's, but it loses nothing at the bottom of its nesting."""

    def parse(self, src: str, md: MarkdownIt, env: Any, outTokens: list[Token]) -> list[Token] | None:  # noqa: N803
        """The tokens of the blocks of `src`."""
        state = Recorder(src, md, env, outTokens)
        self.tokenize(state, state.line, state.lineMax)
        return state.tokens

    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:  # noqa: N803
        """Reads the lines from `startLine` up to `endLine`, as markdown-it does."""
        rules = self.ruler.getRules("")
        tokens, line, blank_seen = state.tokens, startLine, False
        while line < endLine:
            state.line = line = state.skipEmptyLines(line)
            if line >= endLine or state.sCount[line] < state.blkIndent:
                break
            start, count = state.bMarks[line] + state.tShift[line], len(tokens)
            if state.level >= DEEPEST:
                _flatten(state, line, endLine)
            else:
                for rule in rules:  # the last, paragraph, takes whatever is left
                    if rule(state, line, endLine, False):
                        break
            if len(tokens) > count:
                tokens[count].meta["start"] = state.env["base"] + start
            state.tight = not blank_seen
            line = state.line
            if line - 1 < endLine and state.isEmpty(line - 1):
                blank_seen = True
            if line < endLine and state.isEmpty(line):
                blank_seen = True
                line += 1
                state.line = line


def _flatten(state: StateBlock, start: int, end: int) -> None:
    """Makes one paragraph of what is nested too deep to be read as blocks, so that no word of it is lost."""
    stop = start + 1
    while stop < end and not state.isEmpty(stop) and state.sCount[stop] >= state.blkIndent:
        stop += 1
    content = mdTrim(state.getLines(start, stop, state.blkIndent, False))
    state.line = stop
    if ":::" in content:
        _hold_back(state, start)
    state.push("paragraph_open", "p", 1).map = [start, stop]
    token = state.push("inline", "", 0)
    token.map, token.content = [start, stop], content
    state.push("paragraph_close", "p", -1)
    context: Context = state.env["context"]
    too_deep(context, context.span(token.meta["places"], 0, len(content)))


def _hold_back(state: StateBlock, line: int) -> None:
    """A paywall: what is no longer read may be a directive that keeps something from some readers."""
    at = state.env["base"] + state.bMarks[line]
    token = state.push("directive_open", "", 0)
    token.map, token.markup, token.info = [line, line + 1], ":::", "paywall"
    token.meta.update(start=at, end=at, name=(at, at), places=Places([0], [at]), fields={}, spans={})


def too_deep(context: Context, span: Span) -> None:
    """Notes down ST127, once for a text."""
    if not any(found.code == "ST127" for found in context.findings):
        context.find(
            span,
            "ST127",
            "lists, quotations or directives are nested too deep here",
            f"What is deeper than {DEEPEST} levels is kept as plain text. Take some of the nesting away.",
        )


# ── Wrappers around markdown-it's rules ─────────────────────────────────────────────────────────────────────────────


def atx_heading(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    """`## Text ##`: where its text stands."""
    count = len(state.tokens)
    if not heading(state, startLine, endLine, silent):
        return False
    if not silent:
        level = len(state.tokens[count].markup)
        begin = state.bMarks[startLine] + state.tShift[startLine] + level
        raw = state.src[begin : state.eMarks[startLine]]
        begin += len(raw) - len(raw.lstrip(MD_TRIM_CHARS))
        state.tokens[count + 1].meta["places"] = Places([0], [state.env["base"] + begin])
    return True


def gfm_table(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    """A table: where each cell stands."""
    count = len(state.tokens)
    if not table(state, startLine, endLine, silent):
        return False
    if silent:
        return True
    cells: list[tuple[int, int, Places]] = []
    end = column = columns = 0
    for token in state.tokens[count:]:
        if token.type == "tr_open" and token.map:
            begin, end = state.bMarks[token.map[0]] + state.tShift[token.map[0]], state.eMarks[token.map[0]]
            cells, column = split_cells(state.src, begin, end, state.env["base"]), 0
            columns = columns or len(cells)
            _surplus(state.env["context"], cells[columns:])
        elif token.type == "inline":
            missing = (state.env["base"] + end, state.env["base"] + end, Places([0], [state.env["base"] + end]))
            start, stop, places = cells[column] if column < len(cells) else missing
            token.meta.update(start=start, end=stop, places=places)
            column += 1
    return True


def _surplus(context: Context, cells: Sequence[tuple[int, int, Places]]) -> None:
    """Notes down ST131 for the cells of a row that the table's head has no column for."""
    lost = [(start, end) for start, end, _ in cells if end > start]
    if lost:
        context.find(
            context.source.span(lost[0][0], lost[-1][1]),
            "ST131",
            "this row has more cells than the head of its table",
            "They are left out. Add columns to the head, or write `\\|` for a bar inside a cell.",
        )


def split_cells(src: str, begin: int, end: int, base: int) -> list[tuple[int, int, Places]]:
    """The cells of the row `src[begin:end]`: where each starts and ends, and the map of its content.

    A backslash in front of a pipe is not part of the content.
    """
    row = src[begin:end]
    begin += len(row) - len(row.lstrip(MD_TRIM_CHARS))
    end = begin + len(row.strip(MD_TRIM_CHARS))
    cells = []
    edges, escapes, escaped = [begin - 1], [], False
    for at in range(begin, end):
        if src[at] == "|":
            if escaped:
                escapes.append(at - 1)
            else:
                edges.append(at)
        escaped = src[at] == "\\"
    edges.append(end)
    for left, right in pairwise(edges):
        cells.append(_cell(src, left + 1, right, [at for at in escapes if left < at < right], base))
    if edges[1] == begin:
        cells.pop(0)
    if cells and edges[-2] == end - 1:
        cells.pop()
    return cells


def _cell(src: str, begin: int, end: int, escapes: Sequence[int], base: int) -> tuple[int, int, Places]:
    raw = src[begin:end]
    start = begin + len(raw) - len(raw.lstrip(MD_TRIM_CHARS))
    stop = max(begin + len(raw.rstrip(MD_TRIM_CHARS)), start)
    starts, shifts = [0], [base + start]
    for count, at in enumerate(escapes):
        starts.append(at - start - count)
        shifts.append(base + start + count + 1)
    return base + start, base + stop, Places(starts, shifts)


def link_definition(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    """`[label]: address "title"`: where its parts stand."""
    first = state.bMarks[startLine] + state.tShift[startLine]
    if silent or not state.src.startswith("[", first) or not reference(state, startLine, endLine, silent):
        return False
    lines, ends = [], []
    for line in range(startLine, state.line):
        lines.append(state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]])
        ends.append(state.env["base"] + state.eMarks[line])
    _note_definition(state.env["context"], "\n".join(lines), places_of_lines(lines, ends, 0))
    return True


def _note_definition(context: Context, text: str, places: Places) -> None:
    close = 1
    while text[close] != "]":
        close += 2 if text[close] == "\\" else 1
    start = _skip_space(text, close + 2)
    found = parse_destination(text, start, len(text), context.options.personal_fields)
    if found is None:  # pragma: no cover - the rule has read it already
        return
    href, end = found
    pointed = text[start] == "<"
    title, title_span = "", context.span(places, end, end)
    begin = _skip_space(text, end)
    if begin > end and begin < len(text):
        quoted = parseLinkTitle(text, begin, len(text))
        if quoted.ok and not text[quoted.pos :].strip(" \t"):
            title, title_span, end = quoted.str, context.span(places, begin + 1, quoted.pos - 1), quoted.pos
    span = context.span(places, 0, end)
    href_span = context.span(places, start + pointed, (found[1]) - pointed)
    definition = Definition(text[1:close], href, title, span, href_span, title_span)
    context.definitions.append(definition)
    context.references.setdefault(normalizeReference(definition.label), definition)


def _skip_space(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\n":
        at += 1
    return at
