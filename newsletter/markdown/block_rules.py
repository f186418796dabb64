"""The Markdown of issues on top of markdown-it: its block rules and ours, in order.

Ours are comments and directives. Some of markdown-it's rules are wrapped, to record the source of their content.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from types import SimpleNamespace
from typing import TYPE_CHECKING, TypeAlias, cast

from markdown_it import MarkdownIt, helpers
from markdown_it.common.utils import MD_TRIM_CHARS, normalizeReference
from markdown_it.helpers import parseLinkTitle
from markdown_it.rules_block import heading, html_block, reference, table
from mdit_py_plugins.footnote.index import footnote_def

from newsletter.markdown.addresses import encoded, find_destination, parse_destination
from newsletter.markdown.blocks import RecordingBlocks
from newsletter.markdown.directives import directive
from newsletter.markdown.fields import FIELD, meant_name
from newsletter.markdown.html import comment_end, note_down
from newsletter.markdown.links import title_of
from newsletter.markdown.reading import Definition
from newsletter.markdown.source import SourceMap

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence
    from types import ModuleType

    from markdown_it.parser_block import RuleFuncBlockType
    from markdown_it.rules_block import StateBlock

    from newsletter.markdown.reading import ReadingState
    from newsletter.model import ReadingOptions


class Dialect(MarkdownIt):
    """markdown-it with a fast path for normalising simple addresses."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - markdown-it's name
        """`url` percent-encoded."""
        return encoded(url)


@cache
def block_parser(options: ReadingOptions) -> MarkdownIt:
    """markdown-it with its block rules set up for `options`. Inline content is read by newsletter.markdown.inline."""
    md = Dialect("commonmark", {"html": options.allow_html, "tasklists": True})
    # CommonMark's destinations, with spaces allowed in personal fields.
    fields = options.personal_fields
    names = {name: getattr(helpers, name) for name in helpers.__all__}
    names["parseLinkDestination"] = lambda text, start, end: find_destination(text, start, end, fields)
    md.helpers = cast("ModuleType", SimpleNamespace(**names))
    md.block = RecordingBlocks()
    md.block.ruler.enableOnly(
        "table code fence blockquote hr list reference html_block heading lheading paragraph".split()
    )
    _replace(md, "table", gfm_table, ["paragraph", "reference"])
    _replace(md, "reference", link_definition, [])
    _replace(md, "heading", atx_heading, ["paragraph", "reference", "blockquote"])
    _replace(md, "html_block", raw_html, ["paragraph", "reference", "blockquote"])
    _before(md, "html_block", "comment", comment, ["paragraph", "reference", "blockquote"])
    _before(md, "reference", "footnote", footnote, ["paragraph", "reference"])
    _before(md, "blockquote", "directive", directive, ["paragraph", "reference", "blockquote", "list"])
    return md


def _replace(md: MarkdownIt, name: str, rule: RuleFuncBlockType, ends: list[str]) -> None:
    md.block.ruler.at(name, rule, {"alt": ends})


def _before(md: MarkdownIt, other: str, name: str, rule: RuleFuncBlockType, ends: list[str]) -> None:
    """Adds a rule; `ends` are the blocks that it can end without a blank line."""
    md.block.ruler.before(other, name, rule, {"alt": ends})


def comment(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    """A comment on its own lines.

    A comment that ends on its first line, or has text after it, is read with the paragraph around it, as if the line
    were missing. In CommonMark it would end the paragraph, and the text after it would be HTML.
    """
    src, start = state.src, state.bMarks[startLine] + state.tShift[startLine]
    if not src.startswith("<!--", start) or state.is_code_block(startLine) or src.find("-->", start) < 0:
        return False
    last = _last_line(state, startLine, endLine)
    limit = state.eMarks[last]
    ends, at = [], start
    while src.startswith("<!--", at) and (end := comment_end(src, at, limit)) > 0:
        ends.append((at, end))
        at = end
        while at < limit and src[at] in " \t":
            at += 1
    if not ends:
        return False
    line = startLine
    while state.eMarks[line] < at:
        line += 1
    alone = at >= state.eMarks[line]
    if line == startLine and (silent or not alone):
        return False
    if silent:
        return True
    reading: ReadingState = state.env["reading"]
    base: int = state.env["base"]
    for begin, end in ends:
        note_down(reading, src[begin:end], reading.source.span(base + begin, base + end))
    state.line = line + 1
    if not alone:  # text after the comment is read as a separate line
        state.bMarks[line], state.tShift[line], state.sCount[line] = at, 0, state.blkIndent
        state.line = line
    return True


def _last_line(state: StateBlock, start: int, end: int) -> int:
    """The last line that can belong to a comment that begins at `start`: lines outside of the list item cannot."""
    line = start
    while line + 1 < end and (state.isEmpty(line + 1) or state.sCount[line + 1] >= state.blkIndent):
        line += 1
    return line


def raw_html(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    """Raw HTML, where it is allowed, except comments."""
    if not state.md.options.html or state.src.startswith("<!--", state.bMarks[startLine] + state.tShift[startLine]):
        return False
    return html_block(state, startLine, endLine, silent)


def footnote(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    """`[^label]: text`, and the indented blocks under it."""
    first = state.bMarks[startLine] + state.tShift[startLine]
    if not state.src.startswith("[^", first):
        return False
    count = len(state.tokens)
    if not footnote_def(state, startLine, endLine, silent):
        return False
    if not silent:
        reading: ReadingState = state.env["reading"]
        reading.footnote_labels.add(state.tokens[count].meta["label"])
    return True


def atx_heading(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    """`## Text ##`: records the place of its text. Returns whether there is one, like all these rules."""
    count = len(state.tokens)
    if not heading(state, startLine, endLine, silent):
        return False
    if not silent:
        level = len(state.tokens[count].markup)
        begin = state.bMarks[startLine] + state.tShift[startLine] + level
        raw = state.src[begin : state.eMarks[startLine]]
        begin += len(raw) - len(raw.lstrip(MD_TRIM_CHARS))
        state.tokens[count + 1].meta["source_map"] = state.env["reading"].source.map_from(state.env["base"] + begin)
    return True


_Cell: TypeAlias = "tuple[int, int, Sequence[int]]"
"""The start and end of a cell, and its backslashes before pipes."""


def gfm_table(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    """A table: records the place of each cell."""
    under = startLine + 1
    if under >= endLine or not state.src.startswith(("|", "-", ":"), state.bMarks[under] + state.tShift[under]):
        return False
    count, written = len(state.tokens), state.src
    try:
        _hide_bars(state, startLine, startLine)
        if "|" not in state.src[state.bMarks[startLine] : state.eMarks[startLine]]:
            return False
        if silent or "{{" not in written:
            return table(state, startLine, endLine, silent) and (silent or _note_cells(state, count))
        if not table(state, startLine, endLine, True):
            return False
        last = startLine + 1
        while last + 1 < endLine and not state.isEmpty(last + 1):
            last += 1
        _hide_bars(state, startLine, last)
        return table(state, startLine, endLine, False) and _note_cells(state, count)
    finally:
        state.src = written


_HELD_BAR = "\ufddd"
"""Replaces the bar in a personal field while a row is split into cells."""


def _hide_bars(state: StateBlock, first: int, last: int) -> None:
    """Hides the bars of the personal fields in some lines, so that they do not separate cells."""
    low, high = state.bMarks[first], state.eMarks[last]
    start = state.src.find("{{", low, high)
    if start < 0 or state.src.find("|", start, high) < 0:
        return
    known = state.env["reading"].options.personal_fields

    def hidden(found: re.Match[str]) -> str:
        inside = found[2] is not None and "\n" not in found[0] and "\\|" not in found[0]
        return found[0].replace("|", _HELD_BAR) if inside and meant_name(found[1], known) else found[0]

    state.src = state.src[:low] + FIELD.sub(hidden, state.src[low:high]) + state.src[high:]


def _note_cells(state: StateBlock, count: int) -> bool:
    """Records the places of the cells of a table, whose tokens begin at `count`."""
    reading, base = state.env["reading"], state.env["base"]
    cells: list[_Cell] = []
    end = column = columns = 0
    for token in state.tokens[count:]:
        if token.type == "tr_open" and token.map:
            begin, end = state.bMarks[token.map[0]] + state.tShift[token.map[0]], state.eMarks[token.map[0]]
            cells, column = _split_row(state.src, begin, end), 0
            columns = columns or len(cells)
            _report_surplus(reading, base, cells[columns:])
        elif token.type == "inline":
            start, stop, escapes = cells[column] if column < len(cells) else (end, end, [])
            token.content = token.content.replace(_HELD_BAR, "|")
            token.meta["span"] = reading.source.span(base + start, base + stop)
            token.meta["source_map"] = _map_of_cell(reading, base + start, [at - start for at in escapes])
            column += 1
    return True


def _report_surplus(reading: ReadingState, base: int, cells: Sequence[_Cell]) -> None:
    """Reports ST131 for cells of a row beyond the columns of the table's head."""
    lost = [(start, end) for start, end, _ in cells if end > start]
    if lost:
        span = reading.source.span(base + lost[0][0], base + lost[-1][1])
        advice = "They are left out. Add columns to the head, or write `\\|` for a bar inside a cell."
        reading.find(span, "ST131", "this row has more cells than the head of its table", advice)


def _split_row(src: str, begin: int, end: int) -> list[_Cell]:
    """The cells of the row `src[begin:end]`."""
    row = src[begin:end]
    begin += len(row) - len(row.lstrip(MD_TRIM_CHARS))
    end = begin + len(row.strip(MD_TRIM_CHARS))
    edges, escapes, escaped = [begin - 1], [], False
    for at in range(begin, end):
        if src[at] == "|":
            if escaped:
                escapes.append(at - 1)
            else:
                edges.append(at)
        escaped = src[at] == "\\"
    edges.append(end)
    cells = [
        _cell(src, left + 1, right, [at for at in escapes if left < at < right]) for left, right in pairwise(edges)
    ]
    if edges[1] == begin:
        cells.pop(0)
    if cells and edges[-2] == end - 1:
        cells.pop()
    return cells


def _cell(src: str, begin: int, end: int, escapes: Sequence[int]) -> _Cell:
    raw = src[begin:end]
    start = begin + len(raw) - len(raw.lstrip(MD_TRIM_CHARS))
    return start, max(begin + len(raw.rstrip(MD_TRIM_CHARS)), start), escapes


def _map_of_cell(reading: ReadingState, start: int, escapes: Sequence[int]) -> SourceMap:
    """A backslash in front of a pipe is not part of the content."""
    starts, shifts = [0], [start]
    for count, at in enumerate(escapes):
        starts.append(at - count)
        shifts.append(start + count + 1)
    return SourceMap(reading.source, starts, shifts)


def link_definition(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    """`[label]: address "title"`: records the places of its parts."""
    first = state.bMarks[startLine] + state.tShift[startLine]
    if silent or not state.src.startswith("[", first) or not reference(state, startLine, endLine, silent):
        return False
    lines, ends = [], []
    for line in range(startLine, state.line):
        lines.append(state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]])
        ends.append(state.env["base"] + state.eMarks[line])
    reading: ReadingState = state.env["reading"]
    _note_definition(reading, "\n".join(lines), reading.source.map_of_lines(lines, ends, 0))
    return True


def _note_definition(reading: ReadingState, text: str, source_map: SourceMap) -> None:
    close = 1
    while text[close] != "]":
        close += 2 if text[close] == "\\" else 1
    start = _skip_space(text, close + 2)
    found = parse_destination(text, start, len(text), reading.options.personal_fields)
    if found is None:  # pragma: no cover - the rule has read it already
        return
    href, end = found
    pointed = text[start] == "<"
    href_span = source_map.span(start + pointed, end - pointed)
    title, title_span = "", source_map.span(end, end)
    begin = _skip_space(text, end)
    if end < begin < len(text):
        quoted = parseLinkTitle(text, begin, len(text))
        if quoted.ok and not text[quoted.pos :].strip(" \t"):
            title = title_of(quoted.str, text[begin : quoted.pos], reading)
            title_span, end = source_map.span(begin + 1, quoted.pos - 1), quoted.pos
    definition = Definition(text[1:close], href, title, source_map.span(0, end), href_span, title_span)
    reading.definitions.append(definition)
    reading.references.setdefault(normalizeReference(definition.label), definition)


def _skip_space(text: str, at: int) -> int:
    while at < len(text) and text[at] in " \t\n":
        at += 1
    return at
