"""markdown-it's block parser, extended to record the source of all content.

The state records from which source lines a block's content was taken. The tokenizer records where each block begins.
The rules (block_rules.py) record the rest: cells of tables, the parts of link definitions. An inline token has the
source map of its content in `token.meta["source_map"]`. A block has the offset of its first character in the source in
`token.meta["start"]`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markdown_it.common.utils import MD_TRIM_CHARS, mdTrim
from markdown_it.parser_block import ParserBlock
from markdown_it.rules_block import StateBlock

from newsletter.markdown.reading import DEEPEST

if TYPE_CHECKING:
    from typing import Literal

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

    from newsletter.markdown.reading import ReadingState
    from newsletter.markdown.source import SourceMap


class Recorder(StateBlock):
    """The state of the block parser, which records the source of its last content."""

    def __init__(self, src: str, md: MarkdownIt, env: Any, tokens: list[Token]) -> None:
        super().__init__(src, md, env, tokens)
        self.base: int = env["base"]
        self.reading: ReadingState = env["reading"]
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
            token.meta["source_map"] = self._source_map(*self._cut)
            self._cut = None
        elif ttype == "list_item_open":
            token.attrs["offset"] = self.base + self.bMarks[self.line] + self.tShift[self.line]
        return token

    def _source_map(self, begin: int, content: str) -> SourceMap:
        lines = content.split("\n")
        ends = [self.base + self.eMarks[begin + index] for index in range(len(lines))]
        return self.reading.source.map_of_lines(lines, ends, len(content) - len(content.lstrip(MD_TRIM_CHARS)))


class RecordingBlocks(ParserBlock):
    """markdown-it's block parser, but it loses nothing at its nesting limit."""

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
                for rule in rules:  # the last rule, paragraph, accepts any remaining text
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
    """Makes one paragraph of blocks beyond the nesting limit, so that no text is lost."""
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
    reading: ReadingState = state.env["reading"]
    reading.too_deep(token.meta["source_map"].span(0, len(content)))


def _hold_back(state: StateBlock, line: int) -> None:
    """Adds a paywall, because a directive beyond the nesting limit may limit its text to some readers."""
    at = state.env["base"] + state.bMarks[line]
    token = state.push("directive_open", "", 0)
    token.map, token.markup, token.info = [line, line + 1], ":::", "paywall"
    source = state.env["reading"].source
    token.meta.update(start=at, end=at, name=source.span(at, at), source_map=source.map_from(at), fields={}, spans={})
