"""A directive for the outputs: a record of how each writes it; and the content that several directives share."""

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
    """The templates of an email, as far as directives are set in them."""

    def render(
        self, writer: HtmlWriter, block: str, container: str = "", traits: Mapping[str, object] = ..., **html: str
    ) -> str:
        """The template of a block filled with `traits`, which it asks, and with `html`, which it sets."""

    def zone(self, container: str, html: str) -> str:
        """`html` marked as standing in `container`, if an inliner has to know."""

    def picture(self, writer: HtmlWriter, image: Image, link: Link | None = None, *, fluid: bool = True) -> str:
        """A picture as wide as the column allows, linked where `link` is; a `fluid` one has all of the width of a phone."""

    def part(self, share: int, gap: int = 0) -> AbstractContextManager[int]:
        """Within the block, the output has so many hundredths of the width, with `gap` CSS pixels to its neighbour: the pixels that are given."""


@dataclass(frozen=True, slots=True)
class DirectiveForms:
    """How one directive is written."""

    html: Callable[[HtmlWriter, Any, str], str]
    """How it is shown on the page and in feeds; the last argument names the container."""
    email: Callable[[Templates, HtmlWriter, Any, str], str]
    text: Callable[[TextWriter, Any, int], list[str]]
    """How it is shown in plain text, in lines of at most this many columns."""


def lead_stop(argument: Sequence[Inline]) -> str:
    """The full stop that an argument lacks where text runs on after it; nothing if it has an end of its own."""
    words = plain_text(argument).rstrip()
    return "" if not words or unicodedata.category(words[-1]).startswith("P") else "."
