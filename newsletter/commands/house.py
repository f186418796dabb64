"""House formats in words, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.config.load import load_workspace
from newsletter.config.table import nearest
from newsletter.errors import UsageError
from newsletter.house.describe import describe
from newsletter.project.project import Project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from newsletter.house.versions import HouseVersions


def house_in_words(
    root: Path, kind: str | None, *, number: int | None = None, day: date | None = None, variant: str | None = None
) -> Iterator[str]:
    """Describes in words the house format of `kind` (default: the publication's), for an issue's number and date, and for a variant.

    Raises UsageError for an unknown kind or variant, and ConfigurationError with every fault of house.yaml.
    """
    workspace = load_workspace(root)
    house = Project(workspace).house(kind or workspace.publication.kind)
    if variant is None:
        yield from describe(house.for_issue(number=number, date=day))
        yield from _others(house)
    elif variant in house.variants:
        yield from describe(house.of_variant(variant, number=number, date=day))
    else:
        known = ", ".join(house.variants)
        close = nearest(variant, house.variants)
        raise UsageError(
            f"{house.latest.kind} has no variant `{variant}`",
            hint=f"Did you mean `{close}`?" if close else f"Choose one of: {known}." if known else "",
        )


def _others(house: HouseVersions) -> Iterator[str]:
    if not house.same_for_all:
        yield ""
    if house.moments:
        yield f"It changes with {', '.join(house.moments)}. --number and --date show earlier versions."
    if house.variants:
        yield f"Variants, shown by --variant: {', '.join(house.variants)}"
