"""Reads PNG, JPEG, GIF and WebP files without decoding a pixel.

For each it gives the header, the number of frames, and a copy without metadata. The copy has exactly the same frames,
but nothing about who made the picture, when, where and how.
"""

from __future__ import annotations

import struct
import zlib
from binascii import crc32
from struct import Struct
from typing import TYPE_CHECKING

from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

MAX_PIXELS = 89_000_000
"""The most pixels of a picture: a few kilobytes can unpack to gigabytes. (Pillow itself warns from 89,478,485 on.)"""


class UnreadablePictureError(ValueError):
    """The bytes are not a picture that can be published. `str(error)` continues after the file's name: "is cut off"."""


@dataclass(frozen=True, slots=True)
class PictureHeader:
    """The properties of a picture that can be read without decoding it."""

    media_type: str
    width: int
    """The width in pixels as readers see it, after `orientation` was applied."""
    height: int
    orientation: int = 1
    """The EXIF value, 1 to 8, that still has to be applied to the pixels."""
    transparent: bool = False
    """Whether it may have transparent pixels."""
    animated: bool = False
    photographic: bool = False
    """Whether it can be saved as JPEG without visible loss."""
    printed: bool = False
    """Whether its colours are CMYK, for printing."""


def guard(width: int, height: int) -> None:
    """Raises UnreadablePictureError if a picture of this size must not be decoded."""
    if width * height > MAX_PIXELS:
        raise UnreadablePictureError(f"is too large: {width:,} × {height:,} pixels; the limit is {MAX_PIXELS:,}")


MOST_PIXELS = 400_000_000
"""The most pixels of all frames together. More would take minutes, and make a file that nobody can load."""


def guard_frames(frames: int, width: int, height: int) -> None:
    """Raises UnreadablePictureError for an animation that must not be decoded."""
    guard(width, height)
    if frames * width * height > MOST_PIXELS:
        raise UnreadablePictureError(f"is too long: {frames:,} frames of {width:,} × {height:,} pixels")


def turned(width: int, height: int, orientation: int) -> tuple[int, int]:
    """Width and height as readers see them. EXIF orientations from 5 on turn a picture on its side."""
    return (height, width) if orientation >= 5 else (width, height)


def kind_of(content: bytes) -> str:
    """`png`, `jpeg`, `gif` or `webp`, by the first bytes of a file; empty for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    return "webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else ""


def frames_in(content: bytes) -> int:
    """The number of frames of a GIF, an animated PNG or an animated WebP; 1 for any other file, or if it is cut off."""
    try:
        match kind_of(content):
            case "gif":
                return _gif_frames(content)[0] or 1
            case "png":
                start, size = _png_contents(content).get(b"acTL", (0, 0))
                return int.from_bytes(content[start : start + 4], "big") if size >= 4 else 1
            case "webp":
                return sum(name == b"ANMF" for name, _, _ in _webp_chunks(content)) or 1
    except IndexError:
        pass
    return 1


def without_notes(content: bytes) -> bytes:
    """The GIF, PNG or WebP `content` with only its visible data. Any other file is returned unchanged."""
    match kind_of(content):
        case "gif":
            return _bare_gif(content)
        case "png":
            return _bare_png(content)
        case "webp":
            return _bare_webp(content)
        case _:
            return content


def orientation_in(exif: bytes) -> int:
    """The orientation of a picture: the tag Orientation, 1 to 8, of the first directory of an EXIF block; 1 if there is none."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(exif[:4])
    if order is None:
        return 1
    short, long = Struct(order + "H"), Struct(order + "I")
    try:
        at = long.unpack_from(exif, 4)[0]
        for entry in range(at + 2, at + 2 + 12 * short.unpack_from(exif, at)[0], 12):
            if short.unpack_from(exif, entry)[0] == 0x0112:
                value = int(short.unpack_from(exif, entry + 8)[0])
                return value if 1 <= value <= 8 else 1
    except struct.error:  # A broken block is treated as if there were none.
        pass
    return 1


# ── GIF: the specification GIF89a ─────────────────────────────────────────────────────────────────────────────────────


_GIF_KEPT = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")
"""The application extensions for playback and colours. Others hold metadata such as XMP."""
_EXTENSION, _FRAME = 0x21, 0x2C
_CONTROL, _COMMENT, _APPLICATION = 0xF9, 0xFE, 0xFF
"""Kinds of extensions."""


def read_gif(content: bytes) -> PictureHeader:
    """The header of the GIF `content`; frames are counted by walking over them."""
    width, height = int.from_bytes(content[6:8], "little"), int.from_bytes(content[8:10], "little")
    frames, transparent = _gif_frames(content, stop=2)
    if not frames:
        raise UnreadablePictureError("is cut off: the GIF holds no picture")
    return PictureHeader("image/gif", width, height, transparent=transparent, animated=frames > 1)


def _gif_frames(content: bytes, stop: int = 1 << 30) -> tuple[int, bool]:
    """The number of frames, counted up to `stop`, and whether one of them has a transparent colour."""
    frames, transparent = 0, False
    for at, _ in _gif_parts(content):
        if content[at] == _EXTENSION:
            transparent |= content[at + 1] == _CONTROL and bool(content[at + 3] & 1)
        else:
            frames += 1
            if frames == stop:
                break
    return frames, transparent


def _bare_gif(content: bytes) -> bytes:
    kept = [content[: _past_head(content)]]
    for at, end in _gif_parts(content):
        comment = foreign = False
        if content[at] == _EXTENSION:
            comment = content[at + 1] == _COMMENT
            foreign = content[at + 1] == _APPLICATION and content[at + 3 : at + 14] not in _GIF_KEPT
        if not (comment or foreign):
            kept.append(content[at:end])
    return b"".join((*kept, b";"))


def _gif_parts(content: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of each extension and frame."""
    at = _past_head(content)
    while at < len(content):
        if content[at] == _EXTENSION:
            end = _past_blocks(content, at + 2)
        elif content[at] == _FRAME:
            end = _past_blocks(content, _past_head(content, frame=at) + 1)
        else:
            return
        yield at, end
        at = end


def _past_head(content: bytes, frame: int = -1) -> int:
    """The offset after the header of the file, or of the frame at `frame`, and after its palette."""
    return 13 + _gif_palette(content[10]) if frame < 0 else frame + 10 + _gif_palette(content[frame + 9])


def _gif_palette(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _past_blocks(content: bytes, at: int) -> int:
    """The offset after a row of sub-blocks. Each starts with its length, and the last is empty."""
    while at < len(content) and content[at]:
        at += content[at] + 1
    return at + 1


# ── JPEG: ITU-T T.81 ──────────────────────────────────────────────────────────────────────────────────────────────────


_U16, _SIDES = Struct(">H"), Struct(">HH")
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
            height, width = _SIDES.unpack_from(content, start + 1)
            size = turned(width, height, orientation)
            printed = content[start + 5] == 4
            return PictureHeader("image/jpeg", *size, orientation=orientation or 1, photographic=True, printed=printed)
    raise UnreadablePictureError("is cut off: its header is not complete")


def _jpeg_segments(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of the data of each segment before the image data."""
    at = 2
    while at < len(content):
        if content[at] != 0xFF:
            raise UnreadablePictureError("is not a proper JPEG: its header is damaged")
        marker = content[at + 1]
        if marker == 0xFF:  # There may be fill bytes before a marker.
            at += 1
        elif marker in _ALONE:
            at += 2
        else:
            end = at + 2 + int(_U16.unpack_from(content, at + 2)[0])
            yield marker, at + 4, end
            at = end


def without_metadata(content: bytes) -> bytes | None:
    """The JPEG with the same pixels and nothing else: no EXIF, no profile, no comment.

    None if other data follows the picture (such as another picture with its own EXIF), or if a part of it is unknown.
    """
    kept = [content[:2]]
    for marker, start, end in _jpeg_segments(content):
        if marker == 0xDA:
            ends = content.find(b"\xff\xd9", end) + 2
            return b"".join((*kept, content[start - 4 :])) if ends == len(content) else None
        # Of the application segments, only APP0 and APP14 say how the pixels are stored.
        if not (0xE1 <= marker <= 0xEF or marker == 0xFE) or marker == 0xEE:
            kept.append(content[start - 4 : end])
    return None


# ── PNG: ISO/IEC 15948 ────────────────────────────────────────────────────────────────────────────────────────────────


_PNG_KEPT = frozenset(b"IHDR PLTE IDAT IEND tRNS acTL fcTL fdAT gAMA cHRM sRGB iCCP sBIT bKGD pHYs".split())
_PHOTOGRAPHIC = 0.35
"""Above this number of compressed bytes per byte of pixels, a picture is a photograph.

Drawings and screenshots have fewer.
"""
_FEWEST_BYTES = 16_384
"""Below this number of compressed bytes of pixels, the ratio says nothing."""

_U32, _IHDR = Struct(">I"), Struct(">IIBB")


def read_png(content: bytes) -> PictureHeader:
    """The header of the PNG `content`, animated ones (APNG) included."""
    chunks = _png_contents(content)
    if content[12:16] != b"IHDR" or b"IEND" not in chunks:
        raise UnreadablePictureError("is cut off: the end of the PNG is missing")
    _guard_notes(content)
    width, height, depth, colour = _IHDR.unpack_from(content, 16)
    exif_start, exif_size = chunks.get(b"eXIf", (0, 0))
    orientation = orientation_in(content[exif_start : exif_start + exif_size])
    transparent = bool(colour & 4) or b"tRNS" in chunks
    channels = {0: 1, 2: 3, 4: 2, 6: 4}.get(colour, 0)  # An indexed picture (3) is drawn, not photographed.
    packed = chunks.get(b"IDAT", (0, 0))[1]
    dense = packed > max(_FEWEST_BYTES, width * height * channels * (depth / 8) * _PHOTOGRAPHIC)
    return PictureHeader(
        "image/png",
        *turned(width, height, orientation),
        orientation=orientation,
        transparent=transparent,
        animated=b"acTL" in chunks,
        photographic=channels > 0 and dense and not transparent,
    )


_MOST_NOTED = 1 << 20
"""The most bytes of an unpacked colour profile or text; Pillow allows no more."""


def _guard_notes(content: bytes) -> None:
    """Raises UnreadablePictureError if a profile or text would unpack to far more bytes than it has."""
    left = 64 * _MOST_NOTED
    for name, at, end in _png_chunks(content):
        packed = _packed_note(name, content[at + 8 : end - 4]) if name in _NOTES else b""
        try:
            size = len(zlib.decompressobj().decompress(packed, _MOST_NOTED + 1)) if packed else 0
        except zlib.error:  # This is left out.
            continue
        left -= size
        if size > _MOST_NOTED or left < 0:
            raise UnreadablePictureError(f"holds {_NOTES[name]} that would unpack to more than 1 MB")


_NOTES = {b"iCCP": "a colour profile", b"zTXt": "a note", b"iTXt": "a note"}


def _packed_note(name: bytes, data: bytes) -> bytes:
    """The compressed text of a chunk: after its keyword, and in iTXt also after a language and a translated keyword."""
    rest = data.partition(b"\0")[2]
    if name != b"iTXt":
        return rest[1:]
    return rest[2:].partition(b"\0")[2].partition(b"\0")[2] if rest[:1] == b"\1" else b""


def _png_contents(content: bytes) -> dict[bytes, tuple[int, int]]:
    """The offset of each chunk's data and its size in bytes, by the chunk's name.

    The sizes of chunks with the same name are added up. Raises UnreadablePictureError if the pixels are damaged (by
    their CRC).
    """
    found: dict[bytes, tuple[int, int]] = {}
    whole = memoryview(content)
    for name, at, end in _png_chunks(content):
        if end > len(content):
            break
        if name == b"IDAT" and crc32(whole[at + 4 : end - 4]) != _U32.unpack_from(content, end - 4)[0]:
            raise UnreadablePictureError("is damaged: its pixels are not those that were saved")
        start, before = found.get(name, (at + 8, 0))
        found[name] = start, before + end - at - 12
    return found


def _bare_png(content: bytes) -> bytes:
    chunks = (content[at:end] for name, at, end in _png_chunks(content) if name in _PNG_KEPT)
    return b"".join((content[:8], *chunks))


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and end of each chunk: its length, its name, its data and its CRC."""
    at = 8
    while at + 12 <= len(content):
        end = at + 12 + int(_U32.unpack_from(content, at)[0])
        yield content[at + 4 : at + 8], at, end
        at = end


# ── WebP: RFC 9649 ────────────────────────────────────────────────────────────────────────────────────────────────────


_WEBP_KEPT = frozenset((b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_EXIF_AND_XMP = 0x0C
"""The bits for EXIF and XMP in the flags of VP8X (§2.7.1)."""


def read_webp(content: bytes) -> PictureHeader:
    """The header of the WebP `content`, simple, lossless or extended."""
    found = list(_webp_chunks(content))
    if found and found[-1][2] > len(content) + 1:
        raise UnreadablePictureError("is cut off: the end of the WebP is missing")
    chunks = {name: at + 8 for name, at, _ in reversed(found)}  # The first chunk of each name is used.
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


def _bare_webp(content: bytes) -> bytes:
    kept = []
    for name, at, end in _webp_chunks(content):
        chunk = content[at:end]
        if name == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~_EXIF_AND_XMP]) + chunk[9:]
        if name in _WEBP_KEPT:
            kept.append(chunk)
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _webp_chunks(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and end of each chunk: its name, its length, its data, and padding to an even length."""
    at = 12
    while at + 8 <= len(content):
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        end = at + 8 + size + (size & 1)
        yield content[at : at + 4], at, end
        at = end


READERS: Mapping[str, Callable[[bytes], PictureHeader]] = {
    "png": read_png,
    "jpeg": read_jpeg,
    "gif": read_gif,
    "webp": read_webp,
}
"""The functions that read headers, by the kind of picture."""
