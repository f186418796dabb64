"""Galleries and pictures beside text: which pictures they hold, and how those are shown."""

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
"""Pictures of a gallery."""
COLUMNS = ("2", "3", "4")
"""Pictures in a row, as they may be written."""
WIDEST = 4
"""The most pictures in a row if the author gives no number."""
SHOWN = 300
"""CSS pixels that each is made for: half a column on a desk, and nearly the whole of one on a phone."""
_RATIO = re.compile(r"([1-9]\d?)\s*[:/×x]\s*([1-9]\d?)", re.IGNORECASE)
_FLATTEST = 4
"""How many times as wide as high, or as high as wide, a picture may be cut."""
SMALL = "#small"
"""The suffix of the address of a picture that is made for a part of the width. The ratio to which it is cut follows."""


def ratio_of(written: str) -> str:
    """`3:2` of what is written as `ratio`; empty if it is none that a picture can be cut to."""
    found = _RATIO.fullmatch(written.strip())
    if not found:
        return ""
    across, down = int(found[1]), int(found[2])
    return f"{across}:{down}" if max(across, down) <= _FLATTEST * min(across, down) else ""


def columns_of(written: str, count: int) -> int:
    """How many of `count` pictures are in a row: as `written`, else so many that no row has but one."""
    if written.strip() in COLUMNS:
        return int(written)
    return count if count <= WIDEST else {5: 3, 6: 3, 7: 4, 8: 4}.get(count, 3)


def figures_of(gallery: Directive) -> tuple[Figure, ...]:
    """Its pictures."""
    return tuple(block for block in gallery.blocks if isinstance(block, Figure))


def small(image: Image, gallery: Directive) -> Image:
    """The picture as the gallery shows it."""
    ratio = ratio_of(gallery.fields.get("ratio", ""))
    return replace(image, src=f"{image.src}{SMALL}{ratio}") if is_local(image.src) else image


# ── Beside text ───────────────────────────────────────────────────────────────────────────────────────────────────────


SHARES = {"quarter": 25, "third": 33, "half": 50}
"""The share of the width, in hundredths, by the value of `width`; the first is the default."""
SIDES = ("left", "right")
ROUND = "round"


def parts_of(beside: Directive) -> tuple[Figure | None, tuple[Block, ...]]:
    """The picture, its address that of one cut to a square where it is to be round; and what is beside it."""
    figure = next((block for block in beside.blocks if isinstance(block, Figure)), None)
    rest = tuple(block for block in beside.blocks if block is not figure)
    if figure and is_round(beside) and is_local(figure.image.src):
        figure = replace(figure, image=replace(figure.image, src=f"{figure.image.src}{SMALL}1:1"))
    return figure, rest


def is_round(beside: Directive) -> bool:
    """Whether its picture is a disc."""
    return beside.fields.get("shape", "").strip().lower() == ROUND


# ── All that are made smaller than the column ─────────────────────────────────────────────────────────────────────────


def small_pictures(issue: Issue) -> Iterator[tuple[str, str]]:
    """Each by its address as written, with SMALL and the ratio that it is cut to after it; and by that ratio."""
    for block in walk_blocks(issue):
        if not isinstance(block, Directive):
            continue
        sources = [small(figure.image, block).src for figure in figures_of(block)] if block.name == "gallery" else []
        figure = parts_of(block)[0] if block.name == "beside" else None
        sources += [figure.image.src] if isinstance(figure, Figure) else []
        yield from ((src, src.rpartition(SMALL)[2]) for src in sources if SMALL in src and is_local(src))
