"""Exporting one issue for a mailing service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.errors import ConfigurationError
from newsletter.files import write_all
from newsletter.press.facts import EMAIL_FOLDER
from newsletter.press.studio import Studio
from newsletter.services import export_files, service_named
from newsletter.workspace import load_workspace

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from newsletter.workspace import IssueFile

PICTURES = "images"
"""The folder of the pictures beside the e-mail."""


def export(
    root: Path, file: IssueFile, *, service: str, folder: Path | None, tokens: Mapping[str, str], beside: bool = False
) -> tuple[Path, tuple[str, ...]]:
    """Writes what `service` takes into `folder`, else beside the e-mail that was built; gives folder and names written there.

    `tokens` says how tokens are written where the service's own way will not do. With `beside`, the e-mail shows the
    pictures written with it instead of those of the web archive. Raises UsageError for an unknown service or token,
    ConfigurationError with the findings of an issue that cannot be read.
    """
    from newsletter.press.cache import CACHE
    from newsletter.render.images import make_image

    target = service_named(service)
    studio = Studio(load_workspace(root), cache=root / CACHE)
    reading = studio.read(file)
    if not reading.readable:
        msg = f"{file.path} cannot be read"
        raise ConfigurationError(msg, reading.diagnostics)
    letter = studio.letter(reading, picture_base=f"{PICTURES}/" if beside else None)
    rendering = studio.render_email(letter)
    files = dict(
        export_files(
            rendering,
            target,
            name=letter.issue.slug,
            tokens=tokens,
            personal_fields=studio.publication.personal_fields,
        )
    )
    for image in rendering.images:
        files[f"{PICTURES}/{image.name}"] = make_image(root, image)
    folder = folder or root / EMAIL_FOLDER / letter.issue.slug / f"for-{service}"
    write_all(folder, files)
    return folder, tuple(sorted(files))
