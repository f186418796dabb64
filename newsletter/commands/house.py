"""House formats in words, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.config.load import load_workspace
from newsletter.config.table import nearest
from newsletter.errors import UsageError
from newsletter.house.describe import describe
from newsletter.house.versions import resolve
from newsletter.project.project import Project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path


def house_in_words(
    root: Path, kind: str | None, *, number: int | None = None, day: date | None = None, variant: str | None = None
) -> Iterator[str]:
    """What an issue of `kind`, else of the publication's, is made of: of an era, by number and date, and of a variant.

    Raises UsageError for a kind or variant that is not there, and ConfigurationError with every fault of house.yaml.
    """
    workspace = load_workspace(root)
    house = Project(workspace).house(kind or workspace.publication.kind)
    variants = house.formats.variants if house.formats else ()
    if variant is None:
        yield from describe(resolve(house, number=number, date=day))
    elif variant not in variants:
        close = nearest(variant, variants)
        msg = f"{house.kind} has no variant called `{variant}`"
        raise UsageError(
            msg, hint=f"did you mean {close}?" if close else f"there is: {', '.join(variants)}" if variants else ""
        )
    elif house.formats:
        yield from describe(house.formats.named(variant, number, day))
    if house.formats and variant is None:
        yield from _others(variants, house.formats.moments)


def _others(variants: tuple[str, ...], moments: tuple[str, ...]) -> Iterator[str]:
    if moments or variants:
        yield ""
    if moments:
        yield f"It changes with {', '.join(moments)}: --number or --date show how it was."
    if variants:
        yield f"Variants, shown by --variant: {', '.join(variants)}"
