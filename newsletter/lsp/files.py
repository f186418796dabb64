"""The files beside an issue, to be offered while it is written."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

PICTURES = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg", ".bmp", ".tif", ".tiff"})
_MOST = 500
"""So many are offered at most."""
_DEEPEST = 3
"""Folders below the issue's that are looked at."""


def files_below(folder: Path) -> list[str]:
    """The files in a folder and those below it, relative to it with forward slashes, by name; hidden ones are left out."""
    found: list[str] = []
    for where, folders, names in os.walk(folder):
        inside = os.path.relpath(where, folder).replace(os.sep, "/")
        prefix = "" if inside == "." else f"{inside}/"
        if prefix.count("/") >= _DEEPEST:
            folders.clear()
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [prefix + name for name in sorted(names) if not name.startswith(".")]
        if len(found) >= _MOST:
            break
    return found[:_MOST]


def pictures_below(folder: Path) -> list[str]:
    """Those that are pictures, as their names say."""
    return [name for name in files_below(folder) if os.path.splitext(name)[1].lower() in PICTURES]  # noqa: PTH122
