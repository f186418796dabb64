"""SVG as pixels, by resvg: the one module that knows it.

No font of the machine is used, so that the same drawing comes out everywhere; nothing outside of the SVG is read.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image
from resvg_py import svg_to_bytes

from newsletter.pictures import UnreadablePictureError
from newsletter.render.images.pixels import Ground, marked, pack

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FAMILY = "Liberation Sans"
"""What words are set in whose own fonts are not there."""


def draw(svg: bytes, size: tuple[int, int], *, fonts: Sequence[Path], mark: bool = False, ground: str = "") -> bytes:
    """`svg`, which was cleaned before, as PNG of `size` pixels on a `ground`, its words in `fonts`.

    Raises UnreadablePictureError where it cannot be drawn.
    """
    try:
        drawn = svg_to_bytes(
            svg_string=svg.decode(),
            width=size[0],
            height=size[1],
            skip_system_fonts=True,
            font_files=[str(font) for font in fonts],
            font_family=FAMILY,
            serif_family=FAMILY,
            sans_serif_family=FAMILY,
            cursive_family=FAMILY,
            fantasy_family=FAMILY,
            monospace_family=FAMILY,
        )
    except ValueError as error:
        raise UnreadablePictureError(f"cannot be drawn: {error}") from error
    image: Image.Image = Image.open(BytesIO(bytes(drawn)), formats=["PNG"])
    image.load()
    if image.size != size:
        image = image.resize(size, Image.Resampling.LANCZOS)
    image = Ground(ground).under(image)
    return pack(marked(image) if mark else image, "image/png")
