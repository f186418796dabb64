"""Galleries, and pictures beside text: their pictures, and how these are shown."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.model import Directive, Figure
from newsletter.pictures import is_local
from newsletter.walk import walk_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.model import Block, Image, Issue

FEWEST, MOST = 2, 9
"""The fewest and the most pictures of a gallery."""
COLUMNS = ("2", "3", "4")
"""The values for the number of pictures in a row."""
WIDEST = 4
"""The most pictures in a row if the author gives no number."""
SHOWN = 300
"""The width in CSS pixels for which each picture is made: half a column on a desktop, and nearly the whole screen of a phone."""
_RATIO = re.compile(r"([1-9]\d?)\s*[:/×x]\s*([1-9]\d?)", re.IGNORECASE)
_FLATTEST = 4
"""The most extreme ratio to which a picture may be cropped, wide or high."""
SMALL = "#small"
"""The suffix of the address of a picture that fills a part of the width. The ratio to which it is cropped follows."""


def ratio_of(written: str) -> str:
    """The ratio in a text such as `3:2`; empty if a picture cannot be cropped to it."""
    found = _RATIO.fullmatch(written.strip())
    if not found:
        return ""
    across, down = int(found[1]), int(found[2])
    return f"{across}:{down}" if max(across, down) <= _FLATTEST * min(across, down) else ""


def columns_of(written: str, count: int) -> int:
    """The number of pictures in a row, out of `count`: as `written`, else so that no row has only one. At least 1."""
    if written.strip() in COLUMNS:
        return int(written)
    return max(count, 1) if count <= WIDEST else {5: 3, 6: 3, 7: 4, 8: 4}.get(count, 3)


def figures_of(gallery: Directive) -> tuple[Figure, ...]:
    """The pictures of a gallery."""
    return tuple(block for block in gallery.blocks if isinstance(block, Figure))


def small(image: Image, gallery: Directive) -> Image:
    """The picture as the gallery shows it."""
    ratio = ratio_of(gallery.fields.get("ratio", ""))
    return replace(image, src=f"{image.src}{SMALL}{ratio}") if is_local(image.src) else image


SHARES = {"quarter": 25, "third": 33, "half": 50}
"""The share of the width, in hundredths, by the value of `width`; the first is the default."""
SIDES = ("left", "right")
ROUND = "round"


def parts_of(beside: Directive) -> tuple[Figure | None, tuple[Block, ...]]:
    """The picture of a block, with the address of a square one if it is to be round; and the other content."""
    figure = next((block for block in beside.blocks if isinstance(block, Figure)), None)
    rest = tuple(block for block in beside.blocks if block is not figure)
    if figure and is_round(beside) and is_local(figure.image.src):
        figure = replace(figure, image=replace(figure.image, src=f"{figure.image.src}{SMALL}1:1"))
    return figure, rest


def is_round(beside: Directive) -> bool:
    """Whether its picture is shown round."""
    return beside.fields.get("shape", "").strip().lower() == ROUND


def small_pictures(issue: Issue) -> Iterator[tuple[str, str]]:
    """Each cropped picture: by its address as written, followed by SMALL and its ratio; and by that ratio."""
    for block in walk_blocks(issue):
        if not isinstance(block, Directive):
            continue
        sources = [small(figure.image, block).src for figure in figures_of(block)] if block.name == "gallery" else []
        figure = parts_of(block)[0] if block.name == "beside" else None
        sources += [figure.image.src] if isinstance(figure, Figure) else []
        yield from ((src, src.rpartition(SMALL)[2]) for src in sources if SMALL in src and is_local(src))
