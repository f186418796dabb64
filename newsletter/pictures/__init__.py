"""Picture files: finds the file that an author names, and reads the facts in its header.

PNG, JPEG, GIF and WebP, which are nearly all pictures, are read here from their headers. That takes microseconds and
does not need Pillow, whose import alone takes longer than a whole check may. SVG, which is XML, is read with expat.
Pillow reads the rest.
"""

from __future__ import annotations

import struct

from newsletter.pictures.find import find_picture, is_local
from newsletter.pictures.headers import (
    MAX_PIXELS,
    READERS,
    PictureHeader,
    UnreadablePictureError,
    frames_in,
    guard,
    guard_frames,
    kind_of,
)
from newsletter.pictures.other import read_other
from newsletter.pictures.svg import CleanSvg, cleaned, is_svg, read_svg

__all__ = [
    "MAX_PIXELS",
    "CleanSvg",
    "PictureHeader",
    "UnreadablePictureError",
    "clean_svg",
    "find_picture",
    "guard",
    "is_local",
    "read_header",
]


def read_header(content: bytes) -> PictureHeader:
    """Reads the header of a picture from its `content`.

    Raises UnreadablePictureError if it is not a picture, is cut off, or is larger than MAX_PIXELS.
    """
    try:
        header = _read(content)
    except (struct.error, IndexError) as error:
        raise UnreadablePictureError("is cut off: its header is not complete") from error
    if header.width < 1 or header.height < 1:
        raise UnreadablePictureError("is not a picture: it has no size")
    guard(header.width, header.height)
    if header.animated:
        guard_frames(frames_in(content), header.width, header.height)
    return header


def _read(content: bytes) -> PictureHeader:
    if reader := READERS.get(kind_of(content)):
        return reader(content)
    return read_svg(content, read_header) if is_svg(content) else read_other(content)


def clean_svg(content: bytes) -> CleanSvg:
    """The SVG without all parts that are not drawn. Raises UnreadablePictureError for one that cannot be published."""
    return cleaned(content, read_header)
