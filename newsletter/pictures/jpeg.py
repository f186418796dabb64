"""Headers of JPEG: ITU-T T.81."""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING

from newsletter.pictures.base import PictureHeader, UnreadablePictureError, turned
from newsletter.pictures.exif import orientation_in

if TYPE_CHECKING:
    from collections.abc import Iterator

_U16 = Struct(">H")
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers that open a frame, whose header has the size."""
_ALONE = frozenset((0x01, *range(0xD0, 0xD9)))
"""Markers without a segment."""


def read_jpeg(content: bytes) -> PictureHeader:
    """The header of the JPEG `content`: EXIF comes first, then the frame with the size."""
    orientation = 0
    for marker, start, end in _jpeg_segments(content):
        if marker == 0xE1 and not orientation and content[start : start + 6] == b"Exif\0\0":
            orientation = orientation_in(content[start + 6 : end])
        if marker in _FRAMES:
            if content.rfind(b"\xff\xd9", end) < 0:
                raise UnreadablePictureError("is cut off: the end of the JPEG is missing")
            height, width = _U16.unpack_from(content, start + 1)[0], _U16.unpack_from(content, start + 3)[0]
            size = turned(width, height, orientation)
            printed = content[start + 5] == 4
            return PictureHeader("image/jpeg", *size, orientation=orientation or 1, photographic=True, printed=printed)
    raise UnreadablePictureError("is cut off: its header is not complete")


def _jpeg_segments(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of the data of each segment before the picture itself."""
    at = 2
    while at < len(content):
        if content[at] != 0xFF:
            raise UnreadablePictureError("is not a proper JPEG: its header is garbled")
        marker = content[at + 1]
        if marker == 0xFF:  # fill bytes may stand before a marker
            at += 1
        elif marker in _ALONE:
            at += 2
        else:
            end = at + 2 + int(_U16.unpack_from(content, at + 2)[0])
            yield marker, at + 4, end
            at = end


def without_metadata(content: bytes) -> bytes | None:
    """The JPEG with the same pixels and nothing else: no EXIF, no profile, no comment.

    None where something stands behind the picture (another one, with its own EXIF), or in it that is not understood.
    """
    kept = [content[:2]]
    for marker, start, end in _jpeg_segments(content):
        if marker == 0xDA:
            ends = content.find(b"\xff\xd9", end) + 2
            return b"".join((*kept, content[start - 4 :])) if ends == len(content) else None
        # Of the application segments, APP0 and APP14 alone say how the pixels are stored.
        if not (0xE1 <= marker <= 0xEF or marker == 0xFE) or marker == 0xEE:
            kept.append(content[start - 4 : end])
    return None
