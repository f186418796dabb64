"""HTML of the author, where the house format allows it: cleaned by nh3 before anything else sees it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from newsletter.model import HtmlBlock, RawHtml

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.issue.context import Context
    from newsletter.model import Block, Inline

    Node = TypeVar("Node", Inline, Block)

_BETWEEN = "\ufdd8"
"""Stands for the Markdown between two pieces of HTML while they are cleaned together; reading lets none through."""
_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)")
_COMMENT = re.compile(r"<!--(?:-?>|.*?-->)", re.DOTALL)


def cleaned(nodes: Sequence[Node], context: Context) -> list[Node]:
    """The nodes of one parent with their HTML cleaned.

    Pieces are cleaned together, so that `<b>` keeps the `</b>` that stands behind some Markdown. What is not safe to
    send is taken out, with a finding; what is never closed is closed at the end.
    """
    pieces = [node.html for node in nodes if isinstance(node, (RawHtml, HtmlBlock))]
    if not pieces:
        return list(nodes)
    kept = iter(_clean(pieces))
    found: list[Node] = []
    for node in nodes:
        if not isinstance(node, (RawHtml, HtmlBlock)):
            found.append(node)
        elif html := next(kept):
            found.append(replace(node, html=html))
        elif _COMMENT.sub("", node.html).strip() and not node.html.startswith("</"):
            context.find(
                node.span,
                "ST116",
                "this HTML is taken out: it is not safe in a letter",
                "Write it as Markdown, or with elements that do no more than set text.",
            )
    last = next((node for node in reversed(nodes) if isinstance(node, (RawHtml, HtmlBlock))), None)
    if last and (closing := next(kept, "")):
        found.append(replace(last, html=closing))
    return found


def _clean(pieces: Sequence[str]) -> list[str]:
    """Each piece cleaned, then what closes the elements that no piece closes."""
    import nh3

    def together(pieces: Sequence[str]) -> list[str]:
        return nh3.clean(_BETWEEN.join([*pieces, ""]), link_rel=None).split(_BETWEEN)

    found = together(pieces)
    if len(found) <= len(pieces):  # an element that is taken out with all it holds spans several pieces
        found = together([piece if _names(piece) <= nh3.ALLOWED_TAGS else "" for piece in pieces])
    return found if len(found) == len(pieces) + 1 else [nh3.clean(piece, link_rel=None) for piece in pieces]


def _names(html: str) -> set[str]:
    """The names of the elements in a piece of HTML."""
    return {name.lower() for name in _NAME.findall(html)}
