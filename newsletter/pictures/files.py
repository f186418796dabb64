"""Picture files as far as their headers tell, each read once."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.pictures import PictureHeader, UnreadablePictureError, read_header
from newsletter.records import dataclass

if TYPE_CHECKING:
    from pathlib import Path

_HEAD = 1 << 18
"""How many bytes of a picture are read at first."""


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture file as far as its header tells."""

    size: int
    """Bytes."""
    header: PictureHeader | None
    """None where it cannot be read."""
    fault: str = ""
    """Why it cannot, to go on from its name."""


def picture_file(file: Path) -> PictureFile:
    """What is known of a picture file; read again only when it has changed."""
    try:
        stat = file.stat()
    except OSError as error:
        return PictureFile(0, None, f"cannot be read: {error.strerror}")
    return _read(file, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=512)
def _read(file: Path, size: int, _changed: int) -> PictureFile:
    try:
        with file.open("rb") as content:
            head = content.read(_HEAD)
            try:
                header = read_header(head)
                if size > _HEAD and header.media_type == "image/gif" and not header.animated:
                    header = read_header(head + content.read())  # the second frame may start further on
                return PictureFile(size, header)
            except UnreadablePictureError:
                # Headers are at the start, all but always: the rest is read only where that did not do.
                return PictureFile(size, read_header(head + content.read()))
    except UnreadablePictureError as error:
        return PictureFile(size, None, str(error))
    except OSError as error:
        return PictureFile(size, None, f"cannot be read: {error.strerror}")
