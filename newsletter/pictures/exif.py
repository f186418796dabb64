"""The one thing that EXIF tells about how a picture looks: which way up it is."""

from __future__ import annotations

import struct


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
