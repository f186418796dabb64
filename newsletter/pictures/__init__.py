"""Picture files: where a picture that an author names stands on disk, and what its header says of it.

PNG, JPEG, GIF and WebP, which is nearly every picture there is, are read here from their headers, in microseconds and
without Pillow (its import alone takes longer than a whole check may); SVG, which is XML, with expat. Pillow reads the rest.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from newsletter.pictures.find import find_picture, is_local
from newsletter.pictures.headers import (
    MAX_PIXELS,
    PictureHeader,
    UnreadablePictureError,
    guard,
    read_gif,
    read_jpeg,
    read_png,
    read_webp,
)
from newsletter.pictures.other import read_other
from newsletter.pictures.svg import is_svg, read_svg

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["MAX_PIXELS", "PictureHeader", "UnreadablePictureError", "find_picture", "guard", "is_local", "read_header"]


def read_header(content: bytes) -> PictureHeader:
    """What the file's `content` says of the picture.

    Raises UnreadablePictureError where it is not a picture, is cut off, or is larger than MAX_PIXELS.
    """
    try:
        header = _reader_for(content)(content)
    except (struct.error, IndexError) as error:
        raise UnreadablePictureError("is cut off: its header is not complete") from error
    if header.width < 1 or header.height < 1:
        raise UnreadablePictureError("is not a picture: it has no size")
    guard(header.width, header.height)
    return header


def _reader_for(content: bytes) -> Callable[[bytes], PictureHeader]:
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return read_png
    if content.startswith(b"\xff\xd8\xff"):
        return read_jpeg
    if content.startswith((b"GIF87a", b"GIF89a")):
        return read_gif
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return read_webp
    return read_svg if is_svg(content) else read_other
