"""The columns of a block: separated by `---`, or each under a heading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.model import ThematicBreak
from newsletter.walk import under_headings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model import Block, Directive

FEWEST, MOST = 2, 3


def columns_of(columns: Directive) -> list[Sequence[Block]]:
    """The blocks of each column, without empty columns."""
    parted: list[list[Block]] = [[]]
    for block in columns.blocks:
        if isinstance(block, ThematicBreak):
            parted.append([])
        else:
            parted[-1].append(block)
    if len(parted) > 1:
        return [part for part in parted if part]
    before, headed = under_headings(columns.blocks)
    return [*([before] if before else []), *headed]
