"""Finds the bundled kinds and the theme: inside the wheel, or at the top of a checkout."""

from __future__ import annotations

from pathlib import Path


def templates_folder() -> Path:
    """The folder with theme/, briefing/, essay/ and digest/ that came with the tool."""
    package = Path(__file__).resolve().parent
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"
