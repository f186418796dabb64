"""The pictures in an author's HTML, in the form of Markdown's pictures, with their places."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from newsletter.late import late
from newsletter.model import Image
from newsletter.tokens import OPEN, PLACEHOLDER, fill

if TYPE_CHECKING:
    from newsletter.markdown.source import Source
    from newsletter.model import Span

IMG = re.compile(r"<img((?: [a-z-]+=\"[^\"]*\")*) ?/?>")
"""A picture in cleaned HTML, with its attributes."""
ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
_BRACES = str.maketrans({"{": "%7B", "}": "%7D"})
"""As in all addresses: braces that are not a field are encoded."""
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_WRITTEN = re.compile(r"<img(?=[\s/>])(?:[^>\"']|\"[^\"]*\"|'[^']*')*>", re.IGNORECASE)
_SOURCE = late(r"[\s/\"']src\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]*))", re.IGNORECASE)


def pictures_in(html: str, span: Span, source: Source) -> tuple[Image, ...]:
    """The pictures of cleaned HTML, one for each `IMG`; the HTML is at `span`.

    Their places are those of the tags, if no tag was removed.
    """
    tags = IMG.findall(html) if "<img" in html else []
    if not tags:
        return ()
    places = _places(span, source)
    known = len(places) == len(tags)
    return tuple(_picture(tag, *(places[at] if known else (span, span))) for at, tag in enumerate(tags))


def _picture(attributes: str, span: Span, src_span: Span) -> Image:
    values = {name: unescape(value) for name, value in ATTRIBUTE.findall(attributes)}
    alt = values.get("alt", "")
    return Image(
        src=PLACEHOLDER.sub(_as_written, values.get("src", "").strip().translate(_BRACES)),
        alt=fill(alt, lambda _name, fallback: fallback),
        span=span,
        src_span=src_span,
        spoken=alt if OPEN in alt else "",
    )


def _as_written(field: re.Match[str]) -> str:
    name, fallback = field[1], field[3]
    return f"{{{{ {name} | {fallback} }}}}" if fallback else f"{{{{ {name} }}}}"


def _places(span: Span, source: Source) -> list[tuple[Span, Span]]:
    """The span of each tag, and that of the address in it."""
    text = _COMMENT.sub(lambda comment: " " * len(comment[0]), source.text[span.start : span.end])
    places = []
    for tag in _WRITTEN.finditer(text):
        start, end = span.start + tag.start(), span.start + tag.end()
        whole = source.span(start, end)
        named = _SOURCE.search(tag[0])
        group = next((number for number in (1, 2, 3) if named and named[number] is not None), 0)
        address = source.span(start + named.start(group), start + named.end(group)) if named and named[group] else whole
        places.append((whole, address))
    return places
