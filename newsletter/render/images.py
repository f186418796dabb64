"""Pictures as readers get them: planned from their headers while a letter is laid out, made only when it is written.

A picture goes out as a file of its own: at most twice as many pixels as it is shown with (for screens of double
density), upright, in sRGB, without what a camera noted about place and time. The author's file is never changed.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING

from newsletter.errors import UsageError
from newsletter.model import ImageFile
from newsletter.pictures import PictureHeader, UnreadablePictureError, find_picture, read_header

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

REVISION = 1
"""To be raised when the same picture would be made into other bytes: names, and with them all caches, change."""

DENSITY = 2
"""Pixels of the file per CSS pixel shown, at most."""

_SUFFIXES = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif"}
_DOUBLE = re.compile(r"@2x$", re.IGNORECASE)
"""The ending of a file's stem that says: this picture was made for screens of double density."""


def plan_images(srcs: Iterable[str], folder: Path, root: Path, *, shown_width: int = 560) -> dict[str, ImageFile]:
    """What becomes of the local pictures among `srcs`, addresses as written in an issue in `folder`.

    `shown_width` is the room for them, in CSS pixels. A picture that is smaller is shown at its own size, never
    enlarged; one named `…@2x.png` at half of it. Left out is what is no file within `root` or no picture: a check
    reports those.
    """
    planned = {}
    for src in dict.fromkeys(srcs):
        path = find_picture(src, folder, root)
        image = _plan(path, root, shown_width) if path else None
        if image:
            planned[src] = image
    return planned


def _plan(path: Path, root: Path, shown_width: int) -> ImageFile | None:
    try:
        content = path.read_bytes()
        header = read_header(content)
    except (OSError, UnreadablePictureError):
        return None
    double = _DOUBLE.search(path.stem)
    width = max(1, min(shown_width, round(header.width / (DENSITY if double else 1))))
    height = max(1, round(header.height * width / header.width))
    media_type = _media_type(header)
    # Whatever shapes the file is in its name, so that one address never has two contents: mail programs and their
    # picture proxies keep what they fetched once.
    traits = f"{REVISION} {width} {height} {media_type}".encode()
    digest = hashlib.sha256(traits + b"\n" + content).hexdigest()[:8]
    name = f"{_portable(_DOUBLE.sub('', path.stem))}-{digest}.{_SUFFIXES[media_type]}"
    return ImageFile(path.relative_to(root.resolve()).as_posix(), name, width, height, media_type)


def _media_type(header: PictureHeader) -> str:
    """What every mail program shows: photographs as JPEG, drawings and transparency as PNG, animation as it came."""
    if header.animated and header.media_type in _SUFFIXES:
        return header.media_type
    return "image/jpeg" if header.photographic else "image/png"


def _portable(stem: str) -> str:
    """Lower-case ASCII letters, digits and hyphens: the same file on every system, and an address without escapes."""
    ascii_only = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only)[:40].strip("-") or "picture"


def make_image(root: Path, image: ImageFile) -> bytes:
    """The bytes of `image`, made from its source in the workspace at `root`.

    A function of the source's content and of `image` alone. Raises UsageError where the source has gone, or where its
    pixels are broken although its header is sound.
    """
    try:
        content = (root / image.source).read_bytes()
        header = read_header(content)
    except OSError as error:
        raise UsageError(f"{image.source} cannot be read: {error.strerror}") from error
    except UnreadablePictureError as error:
        raise UsageError(f"{image.source} {error}") from error
    if header.animated and header.media_type == image.media_type:
        return content
    from newsletter.render.pixels import encode

    scale = min(1.0, DENSITY * image.width / header.width)
    size = max(1, round(header.width * scale)), max(1, round(header.height * scale))
    try:
        return encode(content, header, size, image.media_type)
    except UnreadablePictureError as error:
        raise UsageError(f"{image.source} {error}", hint="Save it anew as PNG or JPEG.") from error
