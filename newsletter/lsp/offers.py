"""Completions: the possible texts at a position."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from lsprotocol import types

from newsletter.records import dataclass

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Offer:
    """One text that replaces what is already written."""

    start: int
    """The offset where the text to be replaced begins."""
    end: int
    text: str
    """The text that is inserted."""
    label: str = ""
    """The label in the list; empty for the text itself."""
    detail: str = ""
    """A short description on the same line."""
    about: str = ""
    """The full description, in Markdown."""
    snippet: str = ""
    """The text with placeholders, in the syntax of LSP; empty if there are none."""
    kind: types.CompletionItemKind = types.CompletionItemKind.Text


def escaped(text: str) -> str:
    """A text escaped for use in a snippet."""
    return text.replace("\\", "\\\\").replace("$", "\\$").replace("}", "\\}")


PICTURES = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg", ".bmp", ".tif", ".tiff"})
_MOST = 500
"""The most files that are offered."""
_DEEPEST = 3
"""How many levels of folders below the issue's folder are searched."""


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
    """The files whose names are those of pictures."""
    return [name for name in files_below(folder) if os.path.splitext(name)[1].lower() in PICTURES]  # noqa: PTH122
