"""SVG as pixels, by resvg: the only module that uses it.

No font of the machine is used, so that a drawing looks the same everywhere. Nothing outside of the SVG is read.
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

_DPI = 96.0
"""The pixels of an inch in CSS, for lengths in pt, mm, cm and in: without it resvg ignores them."""
FAMILY = "Liberation Sans"
"""The font for text whose own fonts are missing."""


def draw(svg: bytes, size: tuple[int, int], *, fonts: Sequence[Path], mark: bool = False, ground: str = "") -> bytes:
    """`svg`, already cleaned, as PNG of `size` pixels on a `ground`, with its text in `fonts`.

    Raises UnreadablePictureError if it cannot be drawn.
    """
    names = [str(font) for font in fonts]
    drawn = _in_time(svg, size, names) if _may_be_slow(svg) else pixels(svg, size, names)
    image: Image.Image = Image.open(BytesIO(drawn), formats=["PNG"])
    image.load()
    if image.size != size:
        image = image.resize(size, Image.Resampling.LANCZOS)
    image = Ground(ground).under(image)
    return pack(marked(image) if mark else image, "image/png")


def pixels(svg: bytes, size: tuple[int, int], fonts: Sequence[str]) -> bytes:
    """`svg` as PNG. Raises UnreadablePictureError if it cannot be drawn."""
    try:
        return bytes(
            svg_to_bytes(
                svg_string=svg.decode(),
                width=size[0],
                height=size[1],
                dpi=_DPI,
                skip_system_fonts=True,
                font_files=list(fonts),
                font_family=FAMILY,
                serif_family=FAMILY,
                sans_serif_family=FAMILY,
                cursive_family=FAMILY,
                fantasy_family=FAMILY,
                monospace_family=FAMILY,
            )
        )
    except ValueError as error:
        raise UnreadablePictureError(f"cannot be drawn: {error}") from error


# A few lines of SVG can keep resvg busy for hours, and nothing in this process can stop it: a filter with a huge radius,
# thousands of style rules for thousands of elements, extremely short dashes. Such a drawing is made in a separate process,
# which can be stopped. That takes a tenth of a second, so simple drawings are made in this one.

PATIENCE = 5.0
"""The most seconds that a drawing may take."""
MOST_MEMORY = 1_500_000_000
"""The most memory in bytes, on systems that can limit it."""
_SLOW_PARTS = (
    b"<fe",
    b"<pattern",
    b"<mask",
    b"<marker",
    b"dasharray",
    b"<textPath",
    b"<switch",
    b"<image",
    b"<clipPath",
)
_LARGE = 100_000
_MANY_TEXTS, _MANY_RULES, _MANY_USES = 200, 50, 200


def _may_be_slow(svg: bytes) -> bool:
    """Whether anything in a drawing may take more time than its size suggests."""
    return (
        len(svg) > _LARGE
        or any(part in svg for part in _SLOW_PARTS)
        or svg.count(b"<tspan") + svg.count(b"<text") > _MANY_TEXTS
        or svg.count(b"{") > _MANY_RULES
        or svg.count(b"<use") > _MANY_USES
    )


def _in_time(svg: bytes, size: tuple[int, int], fonts: Sequence[str]) -> bytes:
    """The picture that `pixels` returns, made in a separate process.

    Raises UnreadablePictureError if it takes too long, or too much memory.
    """
    import json
    import os
    import subprocess
    import sys

    order = json.dumps({"size": size, "fonts": list(fonts)}).encode()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        done = subprocess.run(  # noqa: S603 - this program itself
            [sys.executable, "-m", __name__],
            input=order + b"\n" + svg,
            env=environment,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadablePictureError(f"takes more than {PATIENCE:.0f} seconds to draw") from error
    if done.returncode == 1:
        raise UnreadablePictureError(done.stderr.decode(errors="replace").strip() or "cannot be drawn")
    if done.returncode:
        raise UnreadablePictureError("cannot be drawn: it takes too much memory, or the program that draws it crashes")
    return done.stdout


def main() -> int:
    """Draws the SVG from standard input, for `_in_time`."""
    import json
    import sys
    from contextlib import suppress

    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    line, _, svg = sys.stdin.buffer.read().partition(b"\n")
    order = json.loads(line)
    try:
        sys.stdout.buffer.write(pixels(svg, tuple(order["size"]), order["fonts"]))
    except UnreadablePictureError as error:
        sys.stderr.write(str(error))
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
