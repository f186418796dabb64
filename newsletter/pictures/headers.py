"""What is known of a picture, and why one may be refused."""

from __future__ import annotations

import struct
from binascii import crc32
from struct import Struct
from typing import TYPE_CHECKING

from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_PIXELS = 89_000_000
"""A picture of more is refused: a few kilobytes can unpack to gigabytes. (Pillow itself warns from 89,478,485 on.)"""


class UnreadablePictureError(ValueError):
    """The bytes are no picture that can go out; `str(error)` goes on from its file's name: "is cut off"."""


@dataclass(frozen=True, slots=True)
class PictureHeader:
    """What is known of a picture without unpacking it."""

    media_type: str
    width: int
    """Pixels, as readers see it: turned as `orientation` asks."""
    height: int
    orientation: int = 1
    """The EXIF value, 1 to 8, that is still to be applied to the pixels."""
    transparent: bool = False
    """Whether it may have pixels that the background shows through."""
    animated: bool = False
    photographic: bool = False
    """Whether it loses nothing that readers see when kept as JPEG."""
    printed: bool = False
    """Whether its colours are those of printers: cyan, magenta, yellow, black."""


def guard(width: int, height: int) -> None:
    """Raises UnreadablePictureError where a picture of this size is not to be unpacked."""
    if width * height > MAX_PIXELS:
        raise UnreadablePictureError(f"is too large: {width:,} × {height:,} pixels, where {MAX_PIXELS:,} are the most")


def turned(width: int, height: int, orientation: int) -> tuple[int, int]:
    """Width and height as readers see them: EXIF orientations from 5 on lay a picture on its side."""
    return (height, width) if orientation >= 5 else (width, height)


# ── The one thing that EXIF tells about how a picture looks: which way up it is ───────────────────────────────────────


def orientation_in(exif: bytes) -> int:
    """The value, 1 to 8, of the tag Orientation of the first directory of an EXIF block; 1 where there is none."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(exif[:4])
    if order is None:
        return 1
    short, long = struct.Struct(order + "H"), struct.Struct(order + "I")
    try:
        at = long.unpack_from(exif, 4)[0]
        for entry in range(at + 2, at + 2 + 12 * short.unpack_from(exif, at)[0], 12):
            if short.unpack_from(exif, entry)[0] == 0x0112:
                value = int(short.unpack_from(exif, entry + 8)[0])
                return value if 1 <= value <= 8 else 1
    except struct.error:  # a broken block is as good as none
        pass
    return 1


# ── Headers of GIF: the specification GIF89a ──────────────────────────────────────────────────────────────────────────


def read_gif(content: bytes) -> PictureHeader:
    """The header of the GIF `content`; frames are counted by walking over them."""
    width, height = int.from_bytes(content[6:8], "little"), int.from_bytes(content[8:10], "little")
    frames, transparent = walk_gif(content, stop=2)
    if not frames:
        raise UnreadablePictureError("is cut off: the GIF holds no picture")
    return PictureHeader("image/gif", width, height, transparent=transparent, animated=frames > 1)


def walk_gif(content: bytes, stop: int = 1 << 30) -> tuple[int, bool]:
    """How many frames there are, counted up to `stop`, and whether one of them has a transparent colour."""
    frames, transparent = 0, False
    at = past_head(content)
    while at < len(content) and frames < stop:
        if content[at] == 0x21:  # an extension; F9 is the graphic control
            transparent |= content[at + 1] == 0xF9 and bool(content[at + 3] & 1)
            at = past_blocks(content, at + 2)
        elif content[at] == 0x2C:  # a frame
            frames += 1
            at = past_blocks(content, past_head(content, frame=at) + 1)
        else:
            break
    return frames, transparent


def past_head(content: bytes, frame: int = -1) -> int:
    """The offset behind the header of the file, or of the frame at `frame`, and its palette."""
    return 13 + _gif_palette(content[10]) if frame < 0 else frame + 10 + _gif_palette(content[frame + 9])


def _gif_palette(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def past_blocks(content: bytes, at: int) -> int:
    """The offset behind a row of sub-blocks, each of which starts with its length and the last of which is empty."""
    while at < len(content) and content[at]:
        at += content[at] + 1
    return at + 1


# ── Headers of JPEG: ITU-T T.81 ───────────────────────────────────────────────────────────────────────────────────────


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


# ── Headers of PNG: ISO/IEC 15948 ─────────────────────────────────────────────────────────────────────────────────────


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


# ── Headers of WebP: RFC 9649 ─────────────────────────────────────────────────────────────────────────────────────────


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


# ── How many frames an animated picture has, without unpacking any ────────────────────────────────────────────────────


def frames_in(content: bytes) -> int:
    """The frames of a GIF, an animated PNG or an animated WebP; 1 for anything else, or where it is cut off."""
    try:
        if content.startswith((b"GIF87a", b"GIF89a")):
            return walk_gif(content)[0] or 1
        if content.startswith(b"\x89PNG\r\n\x1a\n"):
            start, size = chunks_of_png(content).get(b"acTL", (0, 0))
            return int.from_bytes(content[start : start + 4], "big") if size >= 4 else 1
        if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
            return _webp_frames(content) or 1
    except IndexError:
        pass
    return 1


def _webp_frames(content: bytes) -> int:
    frames, at = 0, 12
    while at + 8 <= len(content):
        frames += content[at : at + 4] == b"ANMF"
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        at += 8 + size + (size & 1)
    return frames
