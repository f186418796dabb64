"""The Markdown that issues are written in, set up on markdown-it: its block rules and ours, in their order."""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

from markdown_it import MarkdownIt, helpers

from newsletter.issue.addresses import encoded, find_destination
from newsletter.issue.blockrules import comment, directive, footnote, raw_html
from newsletter.issue.blocks import RecordingBlocks, atx_heading, gfm_table, link_definition

if TYPE_CHECKING:
    from types import ModuleType

    from markdown_it.parser_block import RuleFuncBlockType

    from newsletter.model import ReadingOptions


class Dialect(MarkdownIt):
    """markdown-it, normalising addresses the short way where that is enough."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - markdown-it's name
        """`url` percent-encoded."""
        return encoded(url)


@cache
def block_parser(options: ReadingOptions) -> MarkdownIt:
    """markdown-it with its block rules set up for `options`. Inline content is read by newsletter.issue.inline."""
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
