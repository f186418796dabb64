"""Finds the file of a picture by the address in the Markdown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsletter.files import is_there
from newsletter.names import spelled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|/|\\|#|\?|$")
"""The start of an address that is not a relative file: a scheme, a root or a fragment; or an empty address."""


def is_local(src: str) -> bool:
    """Whether `src` names a file relative to the issue, rather than an address on the web."""
    return not _REMOTE.match(src)


def find_picture(src: str, folder: Path, root: Path) -> Path | None:
    """The file that `src` names in an issue in `folder`; None if there is none within `root`.

    Percent-encoding is decoded if that leads to a file. Names in other Unicode forms are tried (a picture saved on a
    Mac). A symbolic link counts as its target, which must be inside `root`.
    """
    if not is_local(src):
        return None
    ground = root.resolve()
    for name in names_of(src, folder):
        try:
            path = (folder / name).resolve()
            # A path that is still a link after all were followed is a loop; since Python 3.13 that raises nothing.
            if path.is_relative_to(ground) and is_there(path) and not path.is_symlink():
                return path
        except (OSError, ValueError, RuntimeError):  # Too long, a NUL, or a loop of links.
            continue
    return None


def names_of(src: str, folder: Path) -> Iterator[str]:
    """The possible names for `src`, relative to the issue's folder. The first one with a file is used."""
    decoded = unquote(re.split(r"[?#]", src, maxsplit=1)[0])
    yield from dict.fromkeys((decoded, src, spelled(folder, decoded)))


STILLS = ("png", "jpg", "jpeg", "webp")
"""An author can put `name.still.png` beside `name.gif`, to choose the still image for the animation."""
_MAY_MOVE = (".gif", ".webp", ".png", ".apng", ".avif")


def possible_stills(name: str) -> Iterator[str]:
    """The files that would be the still image of the picture file `name`, if it is animated."""
    stem, dot, ending = name.rpartition(".")
    if (dot + ending).lower() in _MAY_MOVE:
        yield from (f"{stem}.still.{suffix}" for suffix in STILLS)
