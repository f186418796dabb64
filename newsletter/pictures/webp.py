"""Headers of WebP: RFC 9649."""

from __future__ import annotations

from newsletter.pictures.base import PictureHeader, UnreadablePictureError, turned
from newsletter.pictures.exif import orientation_in


def read_webp(content: bytes) -> PictureHeader:
    """The header of the WebP `content`, simple, lossless or extended."""
    chunks: dict[bytes, int] = {}
    at = 12
    while at + 8 <= len(content):
        chunks.setdefault(content[at : at + 4], at + 8)
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        at += 8 + size + (size & 1)
    if at > len(content) + 1:
        raise UnreadablePictureError("is cut off: the end of the WebP is missing")
    width, height, transparent = _webp_size(content, chunks)
    animated = b"ANIM" in chunks
    orientation = orientation_in(content[chunks[b"EXIF"] :].removeprefix(b"Exif\0\0")) if b"EXIF" in chunks else 1
    return PictureHeader(
        "image/webp",
        *turned(width, height, orientation),
        orientation=orientation,
        transparent=transparent,
        animated=animated,
        photographic=(animated or b"VP8 " in chunks) and not transparent,
    )


def _webp_size(content: bytes, chunks: dict[bytes, int]) -> tuple[int, int, bool]:
    """Width, height and whether there is transparency."""
    if start := chunks.get(b"VP8X"):
        width = int.from_bytes(content[start + 4 : start + 7], "little") + 1
        height = int.from_bytes(content[start + 7 : start + 10], "little") + 1
        return width, height, bool(content[start] & 0x10)
    if start := chunks.get(b"VP8L"):
        bits = int.from_bytes(content[start + 1 : start + 5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bool(bits >> 28 & 1)
    if start := chunks.get(b"VP8 "):
        width = int.from_bytes(content[start + 6 : start + 8], "little") & 0x3FFF
        height = int.from_bytes(content[start + 8 : start + 10], "little") & 0x3FFF
        return width, height, False
    raise UnreadablePictureError("is not a proper WebP: it holds no picture")
