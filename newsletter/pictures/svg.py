"""SVG (SVG 2, W3C): its size, and a copy of it with only the parts that are drawn.

An SVG is a document: opened by itself it runs scripts and loads other files. So the author's file is never published
unchanged. The copy has only allowed content: elements that draw, attributes that run nothing, addresses within the
file. A file that would take too long to draw is refused, like a picture of too many pixels.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.pictures.headers import PictureHeader, UnreadablePictureError
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.pictures.svg_reading import Drawing

MEDIA_TYPE = "image/svg+xml"
HEAVIEST = 5_000_000
"""The largest SVG in bytes. A larger one is a failed export, or made to be slow."""
UNSIZED = 1120
"""The assumed width of an SVG without a width of its own: it fills the column and stays sharp."""

_WIDEST = 1e6
"""The most CSS pixels of either side that are computed. A picture of this size is refused anyway."""
_UNITS = {
    "": 1.0,
    "px": 1.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "mm": 96 / 25.4,
    "cm": 96 / 2.54,
    "in": 96.0,
    "q": 96 / 101.6,
    "em": 16.0,
    "rem": 16.0,
    "ex": 8.0,
    "ch": 8.0,
}
"""CSS pixels per unit."""
_LENGTH = re.compile(r"\s*\+?((?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)\s*([a-z]*)\s*")
"""A length in any unit of CSS, in upper or lower case."""
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")


@dataclass(frozen=True, slots=True)
class CleanSvg:
    """An SVG that can be published."""

    content: bytes
    lost: tuple[str, ...]
    """The removed content that readers could have seen or used: `script`, `foreignObject`, `a file from elsewhere` …"""
    text: str
    """The words in it, which are drawn in a font."""


def is_svg(content: bytes) -> bool:
    """Whether a file is an SVG, judging by its beginning."""
    start = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith(b"<") and b"<svg" in start


def read_svg(content: bytes, embedded: Callable[[bytes], object]) -> PictureHeader:
    """Reads an SVG; its size is in CSS pixels. Raises UnreadablePictureError for one that must not be published.

    `embedded` reads a picture within it, and raises UnreadablePictureError if it is none.
    """
    drawing = _drawing(content, embedded)
    return PictureHeader(MEDIA_TYPE, *_size(drawing), transparent=True, animated=drawing.animated)


def cleaned(content: bytes, embedded: Callable[[bytes], object]) -> CleanSvg:
    """The SVG without all parts that are not drawn. Takes and raises what `read_svg` does."""
    drawing = _drawing(content, embedded)
    return CleanSvg(drawing.written.encode(), tuple(dict.fromkeys(drawing.lost)), " ".join(drawing.text.split()))


def _drawing(content: bytes, embedded: Callable[[bytes], object]) -> Drawing:
    from newsletter.pictures.svg_reading import read_drawing

    if len(content) > HEAVIEST:
        raise UnreadablePictureError(
            f"is too large for an SVG: {len(content) / 1e6:.1f} MB; the limit is {HEAVIEST / 1e6:.0f}"
        )
    return read_drawing(content, embedded)


def _size(drawing: Drawing) -> tuple[int, int]:
    width, height = _length(drawing.root.get("width", "")), _length(drawing.root.get("height", ""))
    numbers = [float(number) for number in _NUMBER.findall(drawing.root.get("viewBox", ""))]
    box = (numbers[2], numbers[3]) if len(numbers) == 4 and min(numbers[2:]) > 0 else None
    if width and height:
        found = width, height
    elif box:
        ratio = box[1] / box[0]
        found = (height / ratio, height) if height else ((width or UNSIZED), (width or UNSIZED) * ratio)
    else:
        found = width or 300.0, height or 150.0  # The default size in CSS.
    return max(1, round(min(found[0], _WIDEST))), max(1, round(min(found[1], _WIDEST)))


def _length(value: str) -> float:
    """A length in CSS pixels; 0 for one that depends on its surroundings, such as a percentage."""
    found = _LENGTH.fullmatch(value.lower())
    return float(found[1]) * _UNITS.get(found[2], 0.0) if found else 0.0
