"""The files of pictures, each made once: kept by a name that says all it was made from, in whichever process that happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.project.cache import CACHE
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from newsletter.model import ImageFile
    from newsletter.project.project import Project

FOLDER = f"{CACHE}/images"
WORTH_IT = 8
"""Up to so many pictures, starting processes costs more than it saves."""
KEPT = 30 * 24 * 60 * 60
"""Seconds for which a file that nothing shows any more is kept: whoever goes back to another branch needs it again."""


@dataclass(frozen=True, slots=True)
class PictureJob:
    """One file of one picture to make."""

    image: ImageFile
    name: str


@dataclass(frozen=True, slots=True)
class PictureFault:
    """A picture whose pixels are broken although its header is sound."""

    source: str
    """The author's file, relative to the workspace."""
    fault: str
    """Goes on from its name: "is broken: …"."""


def kept(name: str) -> str:
    """Where the file `name` of a picture is kept, relative to the workspace."""
    return f"{FOLDER}/{name}"


def jobs_for(root: Path, images: Iterable[ImageFile]) -> tuple[PictureJob, ...]:
    """The files of `images` that are not kept yet, each once."""
    from newsletter.render.images.plan import file_names

    wanted = {name: PictureJob(image, name) for image in images for name in file_names(image)}
    return tuple(job for name, job in wanted.items() if not (root / kept(name)).is_file())


def make_picture(project: Project, job: PictureJob) -> PictureFault | None:
    """Makes and keeps one file; gives what is wrong with its source instead of raising it."""
    from newsletter.files import write_all
    from newsletter.render.images.plan import BrokenPictureError, make_image

    root = project.workspace.root
    try:
        write_all(root, {kept(job.name): make_image(root, job.image, job.name)})
    except BrokenPictureError as error:
        return PictureFault(error.source, error.fault)
    return None


def picture_bytes(root: Path, image: ImageFile, name: str) -> bytes:
    """One file of a picture: as it is kept, else made now and kept.

    Raises UsageError where its source has gone or is broken.
    """
    from newsletter.files import write_all
    from newsletter.render.images.plan import make_image

    path = root / kept(name)
    if not path.is_file():
        write_all(root, {kept(name): make_image(root, image, name)})
    return path.read_bytes()


def prune(root: Path, shown: Collection[str], now: float) -> int:
    """Removes what is kept of pictures that no output shows, once it is old; gives how many files that were.

    `shown` are names of files, `now` seconds since 1970.
    """
    removed = 0
    for path in _kept_files(root):
        try:
            if path.name not in shown and now - path.stat().st_mtime > KEPT:
                path.unlink()
                removed += 1
        except OSError:  # another build was quicker, or somebody has it open
            continue
    return removed


def _kept_files(root: Path) -> Iterator[Path]:
    folder = root / FOLDER
    return folder.iterdir() if folder.is_dir() else iter(())
