"""The files of pictures, each made once and cached by a name with a hash of everything it is made from."""

from __future__ import annotations

import re
from stat import S_ISREG
from typing import TYPE_CHECKING

from newsletter import memory
from newsletter.project.cache import CACHE
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from newsletter.model import ImageFile
    from newsletter.project.project import Project

FOLDER = f"{CACHE}/images"
WORTH_IT = 8
"""With at most this many pictures, starting processes costs more than it saves."""
KEPT = 30 * 24 * 60 * 60
"""How long unused files are kept, in seconds: a switch to another branch may need them again."""

_OURS = re.compile(r"-[0-9a-f]{8}(?:-still)?\.[a-z]+$")
"""The ending of each name in the cache."""


@dataclass(frozen=True, slots=True)
class PictureJob:
    """One file of one picture to make."""

    image: ImageFile
    name: str


@dataclass(frozen=True, slots=True)
class PictureFault:
    """A picture whose pixels are broken although its header is correct."""

    source: str
    """The author's file, relative to the workspace."""
    fault: str
    """Continues a sentence after its name: "is broken: …"."""


def kept(name: str) -> str:
    """The path of the file `name` in the cache, relative to the workspace."""
    return f"{FOLDER}/{name}"


def jobs_for(root: Path, images: Iterable[ImageFile]) -> tuple[PictureJob, ...]:
    """The files of `images` that are not cached yet, each once."""
    from newsletter.render.images.plan import file_names

    wanted = {name: PictureJob(image, name) for image in images for name in file_names(image)}
    return tuple(job for name, job in wanted.items() if memory.kept(root, kept(name)) is None)


def make_picture(project: Project, job: PictureJob) -> PictureFault | None:
    """Makes and caches one file. Returns a fault of its source instead of raising it."""
    from newsletter.render.images.plan import BrokenPictureError, make_image

    root = project.workspace.root
    try:
        memory.keep(root, kept(job.name), make_image(root, job.image, job.name))
    except BrokenPictureError as error:
        return PictureFault(error.source, error.fault)
    return None


def picture_bytes(root: Path, image: ImageFile, name: str) -> bytes:
    """One file of a picture: the cached one, else a new one, which is then cached.

    Raises UsageError if its source is missing or broken.
    """
    from newsletter.render.images.plan import make_image

    content = memory.kept(root, kept(name))
    if content is None:
        content = make_image(root, image, name)
        memory.keep(root, kept(name), content)
    return content


def stored_picture(root: Path, stored: str, images: Iterable[ImageFile]) -> bytes:
    """The file for `stored`, the path of a picture in the cache, which is one of `images`.

    It is made again if it could not be cached.
    """
    from newsletter.render.images.plan import file_names

    name = stored.rpartition("/")[2]
    return picture_bytes(root, next(image for image in images if name in file_names(image)), name)


def prune(root: Path, shown: Collection[str], now: float) -> int:
    """Removes old cached pictures that no output shows, and returns the number of removed files.

    `shown` are file names. `now` is in seconds since 1970.
    """
    removed = 0
    for path in _kept_files(root):
        try:
            found = path.lstat()
            if S_ISREG(found.st_mode) and path.name not in shown and now - found.st_mtime > KEPT:
                path.unlink()
                removed += 1
        except OSError:  # another build was faster, or the file is open elsewhere
            continue
    return removed


def _kept_files(root: Path) -> Iterator[Path]:
    folder = root / FOLDER
    # A link could lead to files that are not ours.
    ours = folder.is_dir() and memory.is_unlinked(root, f"{FOLDER}/any")
    return (path for path in folder.iterdir() if _OURS.search(path.name)) if ours else iter(())
