"""The record of a directive's functions for each output, and content that several directives share."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, Protocol

from newsletter.records import dataclass
from newsletter.walk import plain_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from newsletter.model import Image, Inline, Link
    from newsletter.render.html import HtmlWriter
    from newsletter.render.text_blocks import TextWriter


class Templates(Protocol):
    """The email templates, as far as directives need them."""

    def render(
        self, writer: HtmlWriter, block: str, container: str = "", traits: Mapping[str, object] = ..., **html: str
    ) -> str:
        """Fills the template of a block.

        The template reads `traits` for its decisions, and inserts the texts in `html`.
        """

    def zone(self, container: str, html: str) -> str:
        """`html` marked as part of `container`, if an inliner needs to know."""

    def picture(self, writer: HtmlWriter, image: Image, link: Link | None = None, *, fluid: bool = True) -> str:
        """A picture as wide as the column allows, linked if there is a `link`.

        A `fluid` picture takes the full width of a phone.
        """

    def part(self, share: int, gap: int = 0) -> AbstractContextManager[int]:
        """Within the `with` block, the output has `share` hundredths of the width, with a `gap` to its neighbour.

        The gap is in CSS pixels; the value of the `with` statement is the width in CSS pixels.
        """


@dataclass(frozen=True, slots=True)
class DirectiveForms:
    """The functions that write one directive, for each output."""

    html: Callable[[HtmlWriter, Any, str], str]
    """Writes it for the page and feeds. The last argument names the container."""
    email: Callable[[Templates, HtmlWriter, Any, str], str]
    text: Callable[[TextWriter, Any, int], list[str]]
    """Writes it as plain text, in lines of at most this many columns."""


def lead_stop(argument: Sequence[Inline]) -> str:
    """The full stop that an argument lacks before following text; empty if it ends in punctuation."""
    words = plain_text(argument).rstrip()
    return "" if not words or unicodedata.category(words[-1]).startswith("P") else "."
