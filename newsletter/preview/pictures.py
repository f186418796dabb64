"""A project that looks at picture files once: a save of the text changes none of them, and a letter is laid out for several outputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.errors import UsageError
from newsletter.project.project import Project

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.config.publication import Workspace
    from newsletter.config.workspace import IssueFile
    from newsletter.diagnostics import Diagnostic
    from newsletter.model import ImageFile
    from newsletter.project.parsed import ParsedIssue

TYPES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp", "svg": "image/svg+xml"}
TYPES |= {"avif": "image/avif"}
_MOST = 64


class PreviewStudio(Project):
    """As a Project, but for what it remembers of pictures until it is told to look again."""

    def __init__(self, workspace: Workspace, *, cache: Path | None = None) -> None:
        super().__init__(workspace, cache=cache)
        self._seen: dict[str, dict[tuple[str, bool], ImageFile | None]] = {}

    def look_again(self) -> None:
        """Picture files were saved, added or removed."""
        for pictures in self._seen.values():
            pictures.clear()
        self._seen.clear()
        self.pictures.clear()

    def read(self, file: IssueFile, text: str | None = None, found: tuple[Diagnostic, ...] = ()) -> ParsedIssue:
        """The issue, with its pictures as they were planned since the last look."""
        parsed = super().read(file, text, found)
        if len(self._seen) >= _MOST:
            self._seen.clear()
        parsed.pictures = self._seen.setdefault(file.path, parsed.pictures)
        return parsed


def make_picture(root: Path, image: ImageFile, name: str) -> bytes:
    """The bytes of one of the files of a picture of the workspace at `root`. Raises UsageError where they cannot be made."""
    from newsletter.render.images.plan import make_image

    for source in filter(None, (image.source, image.still_source)):
        if not (root / source).resolve().is_relative_to(root.resolve()):
            raise UsageError(f"{source} is a link that leads out of the workspace")
    return make_image(root, image, name)


def media_type(name: str) -> str:
    """What a finished picture is sent as: never anything that a browser would run."""
    return TYPES.get(name.rpartition(".")[2], "application/octet-stream")
