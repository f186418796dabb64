"""Completions: what may be written at a place."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from lsprotocol import types

from newsletter.records import dataclass

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Offer:
    """One text to write in place of what is begun."""

    start: int
    """Where what is begun begins: an offset of the text."""
    end: int
    text: str
    """The text that is inserted."""
    label: str = ""
    """The label in the list; empty for the text itself."""
    detail: str = ""
    """A short description, beside it on the same line."""
    about: str = ""
    """The full description, in Markdown."""
    snippet: str = ""
    """The text with places to fill in, in the syntax of LSP; empty if there are none."""
    kind: types.CompletionItemKind = types.CompletionItemKind.Text


def escaped(text: str) -> str:
    """A text as a part of a snippet."""
    return text.replace("\\", "\\\\").replace("$", "\\$").replace("}", "\\}")


# ── The files beside an issue, to be offered while it is written ──────────────────────────────────────────────────────


PICTURES = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg", ".bmp", ".tif", ".tiff"})
_MOST = 500
"""This many are offered at most."""
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
    """The files that are pictures by their names."""
    return [name for name in files_below(folder) if os.path.splitext(name)[1].lower() in PICTURES]  # noqa: PTH122
