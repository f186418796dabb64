"""Animations: turned into GIF where mail programs play nothing else, and the one frame that stands for all of them."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image, ImageSequence

from newsletter.pictures import UnreadablePictureError, guard
from newsletter.pictures.other import FORMATS, UNPACKING_FAILS
from newsletter.render.images.pixels import in_srgb

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOKED_AT = 60
"""Frames that are weighed against one another, evenly spread."""
ENOUGH = 0.6
"""The first frame stands for all where it shows so much of what the richest one shows."""
SHORTEST = 20
"""Milliseconds a frame: what is shorter, mail programs and browsers take for a tenth of a second."""
MOST_PIXELS = 400_000_000
"""Of all frames together: what is more would take minutes, and make a file that nobody can load."""

_FORMATS = (*FORMATS, "GIF", "PNG", "WEBP")


def animate(content: bytes, shown: tuple[int, int]) -> bytes:
    """The animation in the file `content` as a GIF of the size that it is `shown` at.

    Not at double density: a GIF weighs so much already. Raises UnreadablePictureError where its frames are broken.
    """
    frames, durations = [], []
    try:
        with _opened(content) as image:
            guard_frames(getattr(image, "n_frames", 1), *shown)
            loop = int(image.info.get("loop", 0))
            for frame in ImageSequence.Iterator(image):
                frames.append(_indexed(in_srgb(frame.copy()).resize(shown, Image.Resampling.LANCZOS)))
                durations.append(max(SHORTEST, round(frame.info.get("duration", 100))))
    except UNPACKING_FAILS as error:
        raise UnreadablePictureError(f"is broken: {error}") from error
    out = BytesIO()
    frames[0].save(
        out, "GIF", save_all=True, append_images=frames[1:], duration=durations, loop=loop, disposal=2, optimize=True
    )
    return out.getvalue()


def guard_frames(frames: int, width: int, height: int) -> None:
    """Raises UnreadablePictureError for an animation that is not to be unpacked."""
    guard(width, height)
    if frames * width * height > MOST_PIXELS:
        raise UnreadablePictureError(f"is too long: {frames} frames of {width} × {height} pixels")


def _indexed(image: Image.Image) -> Image.Image:
    """One frame in 256 colours, what is mostly transparent wholly so."""
    if image.mode == "RGBA" and image.getchannel("A").getextrema() != (255, 255):
        return image.convert("RGBa").convert("RGBA").quantize(255, Image.Quantize.FASTOCTREE)
    return image.convert("RGB").quantize(256, Image.Quantize.MEDIANCUT)


def telling_frame(content: bytes) -> int:
    """Which frame stands best for the animation: the first, but where it shows next to nothing yet.

    Raises UnreadablePictureError where its frames are broken.
    """
    try:
        with _opened(content) as image:
            guard_frames(getattr(image, "n_frames", 1), *image.size)
            weights = list(_weights(image))
    except UNPACKING_FAILS as error:
        raise UnreadablePictureError(f"is broken: {error}") from error
    richest = max(weight for weight, _ in weights)
    if weights[0][0] >= ENOUGH * richest:
        return 0
    return next(number for weight, number in weights if weight >= 0.95 * richest)


def _weights(image: Image.Image) -> Iterator[tuple[float, int]]:
    """How much there is to see in a frame (bits a pixel), and its number."""
    count = int(getattr(image, "n_frames", 1))
    for number in range(0, count, max(1, count // LOOKED_AT)):
        image.seek(number)
        yield image.convert("L").resize((96, 96)).entropy(), number


def _opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content), formats=_FORMATS)
