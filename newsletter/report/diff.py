"""The changes of a fix as a unified diff: exact for programs that apply it, and safe to show on a terminal."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from newsletter.report.base import painted, safe

if TYPE_CHECKING:
    from collections.abc import Iterator

_COLOURS = {"---": "1", "+++": "1", "@@": "36", "-": "31", "+": "32"}
_NO_END = "\\ No newline at end of file"


def render_diff(path: str, before: bytes, after: bytes, *, colour: bool = False, terminal: bool = False) -> str:
    """The change of the file `path` from `before` to `after`, which are UTF-8; empty if there is none.

    On a terminal, characters that could move, recolour or reorder its text are made visible.
    """
    lines = difflib.unified_diff(_lines(before), _lines(after), path, path)
    return "".join(_shown(line, colour=colour, terminal=terminal) for line in lines)


def _lines(content: bytes) -> list[str]:
    # Only a line feed ends a line here. Other line separators are part of the line, and are kept.
    lines = content.decode("utf-8").split("\n")
    return [f"{line}\n" for line in lines[:-1]] + [line for line in lines[-1:] if line]


def _shown(line: str, *, colour: bool, terminal: bool) -> str:
    return "".join(f"{_coloured(part, colour)}\n" for part in _parts(line, terminal=terminal))


def _parts(line: str, *, terminal: bool) -> Iterator[str]:
    text = line.removesuffix("\n")
    yield safe(text.expandtabs()) if terminal else text
    if text == line:
        yield _NO_END


def _coloured(line: str, colour: bool) -> str:
    code = next((code for sign, code in _COLOURS.items() if line.startswith(sign)), "")
    return painted(line, code, colour=colour and bool(code))
