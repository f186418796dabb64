"""Picture files and the facts in their headers, each read once."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.files import PICTURE_LIMIT, read_bytes, stamp_of
from newsletter.pictures import PictureHeader, UnreadablePictureError, read_header
from newsletter.records import dataclass

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.files import Stamp

_HEAD = 1 << 18
"""How many bytes of a picture are read at first."""


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture file and the facts in its header."""

    size: int
    """Bytes."""
    header: PictureHeader | None
    """None if it cannot be read."""
    fault: str = ""
    """Why it cannot be read, to be appended to its name."""


def picture_file(file: Path) -> PictureFile:
    """The facts about a picture file. It is read again only when it has changed."""
    return _read(file, stamp_of(file))


@lru_cache(maxsize=512)
def _read(file: Path, stamp: Stamp | None) -> PictureFile:
    size = stamp[1] if stamp else 0
    try:
        try:
            header = read_header(read_bytes(file, PICTURE_LIMIT, first=_HEAD))
            if size <= _HEAD or not (header.animated or header.media_type == "image/gif"):
                return PictureFile(size, header)
            # All of its frames: the second frame of a GIF may start further on.
            return PictureFile(size, read_header(read_bytes(file, PICTURE_LIMIT)))
        except UnreadablePictureError:
            # Headers are almost always at the start. The rest is read only if that was not enough.
            return PictureFile(size, read_header(read_bytes(file, PICTURE_LIMIT)))
    except UnreadablePictureError as error:
        return PictureFile(size, None, str(error))
    except OSError as error:
        return PictureFile(size, None, f"cannot be read: {error.strerror}")
