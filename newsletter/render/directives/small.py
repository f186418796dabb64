"""The pictures of a letter that are made smaller than its column, and those of them that are cut, for galleries and what stands beside text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model import Directive, Figure
from newsletter.pictures import is_local
from newsletter.render.directives.beside import parts_of
from newsletter.render.directives.gallery import SMALL, figures_of, small
from newsletter.walk import walk_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.model import Issue


def small_pictures(issue: Issue) -> Iterator[tuple[str, str]]:
    """Each by its address as written, with SMALL and the ratio that it is cut to behind it; and by that ratio."""
    for block in walk_blocks(issue):
        if not isinstance(block, Directive):
            continue
        sources = [small(figure.image, block).src for figure in figures_of(block)] if block.name == "gallery" else []
        figure = parts_of(block)[0] if block.name == "beside" else None
        sources += [figure.image.src] if isinstance(figure, Figure) else []
        yield from ((src, src.rpartition(SMALL)[2]) for src in sources if SMALL in src and is_local(src))
