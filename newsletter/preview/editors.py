"""Opens a file at a line in the editor of the person who runs the preview.

The editor is set by $VISUAL or $EDITOR, never by the page. An editor that needs a terminal cannot be opened from a
page. The page then offers to copy the position.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import PurePath
from typing import TYPE_CHECKING

from newsletter.errors import UsageError, reason_of
from newsletter.records import dataclass

if TYPE_CHECKING:
    from pathlib import Path

_GOTO = ("code", "code-insiders", "codium", "vscodium", "cursor", "windsurf", "positron")
_COLON = ("subl", "sublime_text", "zed", "zeditor", "atom", "pulsar", "lapce", "fresh")
_PLUS = ("gvim", "mvim", "gedit", "gnome-text-editor", "xed", "pluma", "geany", "mousepad", "neovide")
_WAITING = frozenset({"-w", "--wait"})


@dataclass(frozen=True, slots=True)
class FilePosition:
    """The position at which a file is opened."""

    path: str
    """The path in the workspace, with forward slashes."""
    line: int
    column: int


def opener() -> list[str] | None:
    """The command of an editor with a window of its own; None if the person has set none."""
    for variable in ("VISUAL", "EDITOR"):
        try:
            command = [part for part in shlex.split(os.environ.get(variable, "")) if part not in _WAITING]
        except ValueError:  # The quotation marks are not closed.
            continue
        if command and _name(command) in {*_GOTO, *_COLON, *_PLUS, "kate", "idea", "pycharm", "mate", "bbedit"}:
            return command
    return None


def arguments(command: list[str], file: str, place: FilePosition) -> list[str]:
    """The arguments for opening a file at a line, by editor."""
    name, line, column = _name(command), str(place.line), str(place.column)
    if name in _GOTO:
        return [*command, "--goto", f"{file}:{line}:{column}"]
    if name in _COLON:
        return [*command, f"{file}:{line}:{column}"]
    if name == "kate":
        return [*command, "--line", line, "--column", column, file]
    if name in {"idea", "pycharm"}:
        return [*command, "--line", line, file]
    if name in {"mate", "bbedit"}:
        return [*command, "-l" if name == "mate" else f"+{line}", *([line] if name == "mate" else []), file]
    return [*command, f"+{line}", file]


def open_in_editor(root: Path, place: FilePosition) -> str:
    """Opens the file, and returns a message about it.

    Raises UsageError if it is not a file of the workspace, or there is no editor.
    """
    file = _file(root, place)
    command = opener()
    if command is None:
        raise UsageError("$VISUAL and $EDITOR do not name an editor with its own window")
    found = shutil.which(command[0])
    if found is None:
        raise UsageError(f"{command[0]} is not installed")
    try:
        subprocess.Popen(  # noqa: S603 - the person's own editor, with a file that was looked up
            arguments([found, *command[1:]], str(file), place),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise UsageError(f"{command[0]} does not start: {reason_of(error)}") from error
    return f"opened in {_name(command)}"


def _file(root: Path, place: FilePosition) -> Path:
    parts = place.path.split("/")
    unfit = not place.path or "\\" in place.path or "\0" in place.path or place.line < 1 or place.column < 1
    if unfit or any(part in {"", ".", ".."} or part.startswith(".") for part in parts):
        raise UsageError("this is not a file of the workspace")
    file = root.joinpath(*parts)
    try:
        real = file.resolve(strict=True)
    except (OSError, ValueError, RuntimeError):  # The file is missing, its name is invalid, or its links form a circle.
        raise UsageError("this is not a file of the workspace") from None
    if not real.is_file() or not real.is_relative_to(root.resolve()) or real.suffix not in {".md", ".yaml", ".yml"}:
        raise UsageError("this is not a file of the workspace")
    return real


def _name(command: list[str]) -> str:
    return PurePath(command[0]).name.lower().removesuffix(".exe").removesuffix(".cmd")
