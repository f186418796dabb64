"""Finds the file of a picture by its address, as an author writes it."""

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
"""How an address starts that is not a file beside the issue: a scheme, a root, a fragment; or nothing at all."""


def is_local(src: str) -> bool:
    """Whether `src` names a file relative to the issue, rather than an address on the web."""
    return not _REMOTE.match(src)


def find_picture(src: str, folder: Path, root: Path) -> Path | None:
    """The file that `src` in an issue in `folder` names; None if there is none within `root`.

    Percent-encoding is decoded if that leads to a file; names in other Unicode forms are tried (a picture saved on a
    Mac). A symbolic link counts as its target, which must not be outside of `root`.
    """
    if not is_local(src):
        return None
    ground = root.resolve()
    for name in names_of(src, folder):
        try:
            path = (folder / name).resolve()
            # What is still a link once all are followed leads round in a circle; since Python 3.13 that raises nothing.
            if path.is_relative_to(ground) and is_there(path) and not path.is_symlink():
                return path
        except (OSError, ValueError, RuntimeError):  # too long, a NUL, a loop of links
            continue
    return None


def names_of(src: str, folder: Path) -> Iterator[str]:
    """The names, relative to the issue's folder, of which the first that there is a file of is what `src` means."""
    decoded = unquote(re.split(r"[?#]", src, maxsplit=1)[0])
    yield from dict.fromkeys((decoded, src, spelled(folder, decoded)))


STILLS = ("png", "jpg", "jpeg", "webp")
"""`name.still.png` beside `name.gif` is the author's own choice of what stands for the animation."""
_MAY_MOVE = (".gif", ".webp", ".png", ".apng", ".avif")


def possible_stills(name: str) -> Iterator[str]:
    """The files that would stand for the picture file `name`, were they there and did it move."""
    stem, dot, ending = name.rpartition(".")
    if (dot + ending).lower() in _MAY_MOVE:
        yield from (f"{stem}.still.{suffix}" for suffix in STILLS)
