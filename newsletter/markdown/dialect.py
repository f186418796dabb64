"""The Markdown that issues are written in, set up on markdown-it: its block rules and ours, in their order."""

from __future__ import annotations

import re
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from markdown_it import MarkdownIt, helpers
from markdown_it.rules_block import html_block
from mdit_py_plugins.footnote.index import footnote_def

from newsletter.late import late
from newsletter.markdown.addresses import encoded, find_destination
from newsletter.markdown.blocks import RecordingBlocks, atx_heading, gfm_table, link_definition
from newsletter.markdown.markup import comment_end, note_down
from newsletter.markdown.source import Places

if TYPE_CHECKING:
    from types import ModuleType

    from markdown_it.parser_block import RuleFuncBlockType
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

    from newsletter.markdown.context import Context
    from newsletter.model import ReadingOptions

FIELDS = {"event": ("date", "time", "place"), "audio": ("length",), "video": ("length", "mark")}
"""The directives that take `key: value` lines at the top of their body, and the keys they know."""

_BLANK = "[\\s\\x1c-\\x1f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
"""What nobody sees: kinds of space, marks of direction, what a paste brings along. It hides no directive."""
_FENCE = re.compile(rf"{_BLANK}*+(:{{3,}}+){_BLANK}*+(?:(\S++){_BLANK}*+(.*))?$")
_FIELD = late(r"([a-z]+)[ \t]*:(?:[ \t]+(.*?))?[ \t]*$")


# ── Comments ────────────────────────────────────────────────────────────────────────────────────────────────────────


def comment(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    """A comment on lines of its own.

    A comment that ends on its line is read with the paragraph around it, as if the line were not there; so is one with
    text behind it. CommonMark would let either end the paragraph, and would take that text for HTML.
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
    context: Context = state.env["context"]
    base: int = state.env["base"]
    for begin, end in ends:
        note_down(context, src[begin:end], context.source.span(base + begin, base + end))
    state.line = line + 1
    if not alone:  # what stands behind the comment is read as a line of its own
        state.bMarks[line], state.tShift[line], state.sCount[line] = at, 0, state.blkIndent
        state.line = line
    return True


def _last_line(state: StateBlock, start: int, end: int) -> int:
    """The last line that can belong to a comment begun at `start`: all are, but those outside the list item."""
    line = start
    while line + 1 < end and (state.isEmpty(line + 1) or state.sCount[line + 1] >= state.blkIndent):
        line += 1
    return line


def raw_html(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    """Raw HTML, where it is allowed; comments are none."""
    if not state.md.options.html or state.src.startswith("<!--", state.bMarks[startLine] + state.tShift[startLine]):
        return False
    return html_block(state, startLine, endLine, silent)


# ── Footnotes ───────────────────────────────────────────────────────────────────────────────────────────────────────


def footnote(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    """`[^label]: text`, and the indented blocks under it."""
    first = state.bMarks[startLine] + state.tShift[startLine]
    if not state.src.startswith("[^", first):
        return False
    count = len(state.tokens)
    if not footnote_def(state, startLine, endLine, silent):
        return False
    if not silent:
        context: Context = state.env["context"]
        context.footnote_labels.add(state.tokens[count].meta["label"])
    return True


# ── Directives ──────────────────────────────────────────────────────────────────────────────────────────────────────


def directive(state: StateBlock, startLine: int, endLine: int, silent: bool) -> bool:  # noqa: N803
    """A line of three colons or more, with a name: opens a directive; without: closes one.

    Lines are only marked here. Which belong together is seen when the blocks of a container are gathered (tree.py).
    """
    start = state.bMarks[startLine] + state.tShift[startLine]
    first = state.src[start : start + 1]
    if (first != ":" and (not first or first.isprintable())) or state.is_code_block(startLine):
        return False
    found = _FENCE.match(state.src, start, state.eMarks[startLine])
    if not found:
        return False
    if silent:
        return True
    base: int = state.env["base"]
    token = state.push("directive_open" if found[2] else "directive_close", "", 0)
    token.map = [startLine, startLine + 1]
    token.markup = found[1]
    token.meta["end"] = base + found.end(1)
    state.line = startLine + 1
    if found[2]:
        token.info, token.content = found[2], _without_colons(found[3])
        token.meta["end"] = base + state.eMarks[startLine]
        token.meta["name"] = base + found.start(2), base + found.end(2)
        token.meta["places"] = Places([0], [base + found.start(3)])
        _fields(state, token, endLine)
    return True


def _without_colons(argument: str) -> str:
    """What stands behind a name, without the blanks and the colons that somebody closed the line with."""
    bare = argument.rstrip()
    kept = bare.rstrip(":")
    closed = len(bare) - len(kept) >= len(":::") and (not kept or kept[-1].isspace())
    return (kept if closed else bare).rstrip()


def _fields(state: StateBlock, token: Token, end: int) -> None:
    """Takes the `key: value` lines right under the opening line of a directive that has fields."""
    known = FIELDS.get(token.info, ())
    fields, spans = {}, {}
    base: int = state.env["base"]
    while known and state.line < end and not state.isEmpty(state.line):
        line = state.line
        start = state.bMarks[line] + state.tShift[line]
        found = _FIELD.match(state.src, start, state.eMarks[line])
        if not found or state.sCount[line] < state.blkIndent or found[1] not in known or found[1] in fields:
            break
        fields[found[1]] = found[2] or ""
        at = found.start(2) if found[2] else found.end(1)
        spans[found[1]] = base + at, base + (found.end(2) if found[2] else found.end(1))
        state.line = line + 1
    token.meta["fields"], token.meta["spans"] = fields, spans


# ── The Markdown that issues are written in, set up on markdown-it: its block rules and ours, in their order ──────────


class Dialect(MarkdownIt):
    """markdown-it, normalising addresses the short way where that is enough."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - markdown-it's name
        """`url` percent-encoded."""
        return encoded(url)


@cache
def block_parser(options: ReadingOptions) -> MarkdownIt:
    """markdown-it with its block rules set up for `options`. Inline content is read by newsletter.markdown.inline."""
    md = Dialect("commonmark", {"html": options.allow_html, "tasklists": True})
    # CommonMark's destinations, but with blanks where a personal field has them.
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
    """Adds a rule; `ends` are the blocks that it may end without a blank line."""
    md.block.ruler.before(other, name, rule, {"alt": ends})
