"""Headers of PNG: ISO/IEC 15948."""

from __future__ import annotations

from binascii import crc32
from struct import Struct

from newsletter.pictures.base import PictureHeader, UnreadablePictureError, turned
from newsletter.pictures.exif import orientation_in

_PHOTOGRAPHIC = 0.35
"""Compressed bytes per byte of pixels above which a picture is a photograph; what is drawn or captured stays below."""
_TELLING = 16_384
"""Bytes of compressed pixels below which that ratio tells nothing."""

_U32 = Struct(">I")


def read_png(content: bytes) -> PictureHeader:
    """The header of the PNG `content`, animated ones (APNG) included."""
    chunks = chunks_of_png(content)
    if content[12:16] != b"IHDR" or b"IEND" not in chunks:
        raise UnreadablePictureError("is cut off: the end of the PNG is missing")
    start = 16
    width, height = _U32.unpack_from(content, start)[0], _U32.unpack_from(content, start + 4)[0]
    depth, colour = content[start + 8], content[start + 9]
    exif_start, exif_size = chunks.get(b"eXIf", (0, 0))
    orientation = orientation_in(content[exif_start : exif_start + exif_size])
    transparent = bool(colour & 4) or b"tRNS" in chunks
    channels = {0: 1, 2: 3, 4: 2, 6: 4}.get(colour, 0)  # an indexed picture (3) is drawn, not photographed
    packed = chunks.get(b"IDAT", (0, 0))[1]
    dense = packed > max(_TELLING, width * height * channels * (depth / 8) * _PHOTOGRAPHIC)
    return PictureHeader(
        "image/png",
        *turned(width, height, orientation),
        orientation=orientation,
        transparent=transparent,
        animated=b"acTL" in chunks,
        photographic=channels > 0 and dense and not transparent,
    )


def chunks_of_png(content: bytes) -> dict[bytes, tuple[int, int]]:
    """By a chunk's name, where its data starts and how many bytes it is; for several of a name, of all together.

    Raises UnreadablePictureError where the pixels are not those that were saved (by their CRC).
    """
    chunks: dict[bytes, tuple[int, int]] = {}
    at, whole = 8, memoryview(content)
    while at + 12 <= len(content):
        size = int(_U32.unpack_from(content, at)[0])
        if at + 12 + size > len(content):
            break
        name = content[at + 4 : at + 8]
        if name == b"IDAT" and crc32(whole[at + 4 : at + 8 + size]) != _U32.unpack_from(content, at + 8 + size)[0]:
            raise UnreadablePictureError("is damaged: its pixels are not those that were saved")
        start, before = chunks.get(name, (at + 8, 0))
        chunks[name] = start, before + size
        at += 12 + size
    return chunks
