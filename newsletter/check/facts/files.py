"""The files of an issue: its own name, the pictures that readers see, and what is in its folder."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsletter.files import can_be_read
from newsletter.hints import HINT
from newsletter.names import composed
from newsletter.pictures import find_picture, is_local
from newsletter.records import dataclass
from newsletter.walk import images_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from newsletter.model import Issue, Span


@dataclass(frozen=True, slots=True)
class PictureUse:
    """A picture that readers see, in any part of the issue."""

    src: str
    """The address as written."""
    alt: str
    span: Span
    """The whole picture in the source, with alt text and title."""
    src_span: Span
    """The address alone; the same as `span` if it has no place of its own."""
    name: str = "the picture"
    """The name in messages: `the picture`, `the cover`."""


def pictures_of(issue: Issue) -> Iterator[PictureUse]:
    """The cover and the pictures of the text, in order."""
    if issue.cover is not None:
        span = issue.cover.span
        path = ("cover", "image") if ("cover", "image") in issue.front.value_spans else ("cover",)
        yield PictureUse(issue.cover.src, issue.cover.alt, span, issue.front.where(*path), "the cover")
    for image in images_in(issue):
        yield PictureUse(image.src, image.alt, image.span, image.src_span if image.src_span.end else image.span)


def files_of(pictures: Sequence[PictureUse], folder: Path, root: Path) -> dict[str, Path | None]:
    """The file of each picture, by its address; None if it is not found in the workspace at `root`.

    Hints are left out, because ST112 reports them; so are personal fields, which are known only when the email is sent.
    """
    return {
        src: find_picture(src, folder, root)
        for src in dict.fromkeys(picture.src for picture in pictures)
        if is_local(src) and not HINT.search(unquote(src)) and "{{" not in unquote(src)
    }


def file_stem(path: str) -> str:
    """The name of an issue, from its folder or its file, in Unicode NFC on every system."""
    folder, _, file = path.rpartition("/")
    return composed(folder.rpartition("/")[2] if file == "index.md" and folder else file.removesuffix(".md"))


def path_in(address: str) -> str:
    """The path in a relative address, decoded and without query and fragment."""
    return unquote(re.split(r"[?#]", address, maxsplit=1)[0])


def is_file(path: Path) -> bool:
    """Whether the file exists and may be read. False for invalid paths, too."""
    return can_be_read(path)


def is_within(path: Path, root: Path) -> bool | None:
    """Whether `path` is below `root` after symbolic links are resolved; None if this cannot be found out."""
    try:
        return path.resolve().is_relative_to(root.resolve())
    except (OSError, ValueError, RuntimeError):
        return None


def names_in(folder: Path) -> list[str]:
    """The names of the files and folders in a folder, sorted; none if it cannot be read."""
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 (names only)
    except OSError:
        return []
