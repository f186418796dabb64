"""HTML of the author, where the house format allows it: cleaned by nh3 before anything else sees it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from newsletter.late import late
from newsletter.model import Heading, HtmlBlock, RawHtml

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.markdown.context import Context
    from newsletter.model import Block, Inline

if TYPE_CHECKING:
    Node = TypeVar("Node", Inline, Block)

_MARK = "\ufdd8"
"""What separates two pieces of HTML while they are cleaned together; reading lets none through."""
_BLOCK = f'<div title="{_MARK}"></div>'
"""The same between blocks: as Markdown's own blocks do, it ends a paragraph that is still open."""
_NAME = late(r"</?([A-Za-z][A-Za-z0-9-]*)")
_COMMENT = late(r"<!--(?:-?>|.*?-->)", re.DOTALL)
_BLOCKS = frozenset(
    "article aside blockquote caption center col colgroup dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6 "
    "header hgroup hr li nav ol p pre summary table tbody td th thead tr ul".split()
)
"""Elements that end the paragraph they stand in, so that they are no inline content."""


def cleaned(nodes: Sequence[Node], context: Context) -> list[Node]:
    """The nodes of one parent with their HTML cleaned.

    Pieces are cleaned together, so that `<b>` keeps the `</b>` that stands behind some Markdown; blocks only up to the
    next heading, where a letter begins a new row. What is not safe to send is taken out, with a finding; what is never
    closed is closed at the end.
    """
    found: list[Node] = []
    run: list[Node] = []
    for node in nodes:
        if isinstance(node, Heading):
            found += _cleaned(run, context)
            found.append(node)
            run.clear()
        else:
            run.append(node)
    return found + _cleaned(run, context)


def _cleaned(nodes: Sequence[Node], context: Context) -> list[Node]:
    pieces = [node.html for node in nodes if isinstance(node, (RawHtml, HtmlBlock))]
    if not pieces:
        return list(nodes)
    inline = any(isinstance(node, RawHtml) for node in nodes)
    kept = iter(_clean(pieces, inline=inline))
    found: list[Node] = []
    for node in nodes:
        if not isinstance(node, (RawHtml, HtmlBlock)):
            found.append(node)
        elif (html := next(kept)).strip():
            found.append(replace(node, html=html))
        elif _COMMENT.sub("", node.html).strip() and not node.html.startswith("</"):
            in_line = inline and _names(node.html) <= _BLOCKS
            context.find(
                node.span,
                "ST116",
                f"this HTML is taken out: it {'cannot stand in a line of text' if in_line else 'is not safe in a letter'}",
                "Write it as Markdown, or with elements that do no more than set text.",
            )
    last = next((node for node in reversed(nodes) if isinstance(node, (RawHtml, HtmlBlock))), None)
    if last and (closing := next(kept, "")):
        found.append(replace(last, html=closing))
    return found


def _clean(pieces: Sequence[str], *, inline: bool) -> list[str]:
    """Each piece cleaned, then what closes the elements that no piece closes."""
    import nh3

    tags = nh3.ALLOWED_TAGS - _BLOCKS if inline else nh3.ALLOWED_TAGS
    between = _MARK if inline else _BLOCK

    def clean(html: str) -> str:
        return nh3.clean(html, tags=tags, link_rel=None)

    def together(pieces: Sequence[str]) -> list[str]:
        return clean(between.join([*pieces, ""])).split(between)

    found = together(pieces)
    if len(found) <= len(pieces):  # an element that is taken out with all it holds spans several pieces
        found = together([piece if _names(piece) <= nh3.ALLOWED_TAGS else "" for piece in pieces])
    return found if len(found) == len(pieces) + 1 else [clean(piece) for piece in pieces]


def _names(html: str) -> set[str]:
    """The names of the elements in a piece of HTML."""
    return {name.lower() for name in _NAME.findall(html)}
