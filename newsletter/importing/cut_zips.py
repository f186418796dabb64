"""Finds the complete entries at the beginning of a zip whose end, with the list of its entries, is missing.

Each entry has a local header before its content (APPNOTE.TXT 4.3.7). Of an entry that was written to a stream, only the
data behind its content has the sizes; where it ends is known after unpacking it.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, BinaryIO

from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADER = struct.Struct("<4s5H3I2H")
_ENTRY, _DESCRIPTOR = b"PK\x03\x04", b"PK\x07\x08"
_ENCRYPTED, _STREAMED = 0x1, 0x8
_PIECE = 1 << 16
_UNKNOWN = 0xFFFFFFFF
"""The size in the header of an entry over 4 GB."""
_DEFAULT_RATIO = 200
_SMALL = 1_000_000


@dataclass(frozen=True, slots=True)
class CutEntry:
    """An entry of a cut zip."""

    info: zipfile.ZipInfo
    start: int
    """The offset of its content."""
    complete: bool
    """Whether its content is there to the end."""


def entries_of(file: BinaryIO, size: int, most: int) -> Iterator[CutEntry]:
    """The entries of a zip of `size` bytes, in order, until the first that is not complete or cannot be passed.

    At most `most` bytes are unpacked in search of ends.
    """
    at, left = 0, most
    while True:
        file.seek(at)
        head = file.read(_HEADER.size)
        if len(head) < _HEADER.size or head[:4] != _ENTRY:
            return
        _, _, flags, method, _, _, crc, packed, unpacked, name_size, extra_size = _HEADER.unpack(head)
        raw = file.read(name_size)
        if len(raw) < name_size:
            return
        info = zipfile.ZipInfo(raw.decode("utf-8" if flags & 0x800 else "cp437", "replace") or "?")
        info.flag_bits, info.compress_type, info.header_offset = flags, method, at
        info.CRC, info.compress_size, info.file_size = crc, packed, unpacked
        start = at + _HEADER.size + name_size + extra_size
        if flags & _STREAMED and not flags & _ENCRYPTED and method == zipfile.ZIP_DEFLATED:
            file.seek(start)
            end = _measure(file, info, left)
            left -= info.file_size
        else:
            known = not flags & _STREAMED and _UNKNOWN not in (packed, unpacked)
            end = start + packed if known else 0
        complete = 0 < end <= size
        yield CutEntry(info, start, complete)
        if not complete:
            return
        at = end


def _measure(file: BinaryIO, info: zipfile.ZipInfo, most: int) -> int:
    """Unpacks the content at the position of `file` and sets its sizes; returns the end of the entry.

    Returns 0 if the content is not whole, is not what its checksum says, or unpacks to more than `most` bytes.
    """
    unpacker, start = zlib.decompressobj(-zlib.MAX_WBITS), file.tell()
    crc, packed, unpacked = 0, 0, 0
    while not unpacker.eof:
        piece = unpacker.unconsumed_tail or file.read(_PIECE)
        if not piece:
            return 0
        try:
            out = unpacker.decompress(piece, _PIECE * 4)
        except zlib.error:
            return 0
        crc, unpacked = zlib.crc32(out, crc), unpacked + len(out)
        packed = file.tell() - start
        if unpacked > most or unpacked > max(_SMALL, _DEFAULT_RATIO * packed):
            return 0
    packed = file.tell() - start - len(unpacker.unused_data)
    file.seek(start + packed)
    behind = file.read(24)
    at = 4 if behind[:4] == _DESCRIPTOR else 0
    for size in (4, 8):  # sizes of 64 bits if the entry was written for over 4 GB
        shape = struct.Struct(f"<I{'II' if size == 4 else 'QQ'}")
        if len(behind) >= at + shape.size and shape.unpack_from(behind, at) == (crc, packed, unpacked):
            info.CRC, info.compress_size, info.file_size = crc, packed, unpacked
            return start + packed + at + shape.size
    return 0


def content_of(file: BinaryIO, entry: CutEntry, most: int) -> bytes:
    """The content of a complete entry, or its first `most` bytes.

    Raises BadZipFile if it is damaged, and NotImplementedError for another method than deflate.
    """
    if entry.info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotImplementedError
    file.seek(entry.start)
    size = entry.info.file_size
    packed = file.read(
        min(entry.info.compress_size, size + size // 8 + 1024)
    )  # deflate makes no content longer than that
    if entry.info.compress_type == zipfile.ZIP_STORED:
        content = packed
    else:
        content = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, max(most, 1))
    if size <= most and (len(content) != size or zlib.crc32(content) != entry.info.CRC):
        raise zipfile.BadZipFile
    return content[:most]
