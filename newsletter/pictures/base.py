"""What is known of a picture, and why one may be refused."""

from __future__ import annotations

from newsletter.records import dataclass

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
