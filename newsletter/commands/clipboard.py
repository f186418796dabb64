"""Copies to the clipboard with the desktop's own tools.

Copies rich text if a letter is pasted into a visual editor, otherwise the HTML source.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_PATIENCE = 20
"""The time limit for a tool, in seconds."""
_POWERSHELL = (
    "[Console]::InputEncoding = [Text.Encoding]::UTF8; Set-Clipboard -AsHtml -Value ([Console]::In.ReadToEnd())"
)


@dataclass(frozen=True, slots=True)
class Tool:
    """A program that copies its standard input to the clipboard."""

    program: str
    rich: tuple[str, ...] | None
    """Its arguments for HTML that is pasted as rich text; None if it does not support that."""
    plain: tuple[str, ...] | None
    needs: str = ""
    """An environment variable that must be set for the tool to work."""
    wrapped: Callable[[bytes], bytes] = bytes
    """Converts the HTML to the form that this tool expects."""


def _as_script(html: bytes) -> bytes:
    return f"set the clipboard to «data HTML{html.hex()}»\n".encode()


TOOLS = (
    Tool("wl-copy", ("--type", "text/html"), ("--type", "text/plain;charset=utf-8"), needs="WAYLAND_DISPLAY"),
    Tool("xclip", ("-selection", "clipboard", "-t", "text/html"), ("-selection", "clipboard"), needs="DISPLAY"),
    Tool("osascript", ("-",), None, wrapped=_as_script),
    Tool("pbcopy", None, ()),
    Tool("powershell.exe", ("-NoProfile", "-Command", _POWERSHELL), None),
    Tool("clip.exe", None, ()),
)
"""The tools, in the order in which they are tried: Wayland, X, macOS, Windows, and Linux on Windows."""


def copy(html: str, *, rich: bool, environment: Mapping[str, str] | None = None) -> str:
    """Copies `html` to the clipboard.

    Returns the name of the tool that did it; empty if there is none, or it failed.
    """
    environment = os.environ if environment is None else environment
    for tool in TOOLS:
        arguments = tool.rich if rich else tool.plain
        found = shutil.which(tool.program, path=environment.get("PATH"))
        if arguments is None or found is None or (tool.needs and not environment.get(tool.needs)):
            continue
        content = tool.wrapped(html.encode()) if rich else html.encode()
        if _ran([found, *arguments], content, environment):
            return tool.program
    return ""


def _ran(command: list[str], content: bytes, environment: Mapping[str, str]) -> bool:
    # Some tools keep running in the background to serve the clipboard, so their output is not waited for.
    quiet = subprocess.DEVNULL
    try:
        done = subprocess.run(  # noqa: S603  # a tool of the desktop, by its full path, without a shell
            command, input=content, stdout=quiet, stderr=quiet, timeout=_PATIENCE, check=False, env=dict(environment)
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
