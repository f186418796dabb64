"""The other files that an issue is made from."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from newsletter.walk import images_in, links_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.press.studio import Reading


def needs_of(reading: Reading) -> Iterator[str]:
    """Local files that the issue names, there or not: when one appears or changes, the issue is made again."""
    issue = reading.issue
    names = [image.src for image in images_in(issue)] + [link.href for link in links_in(issue)]
    if issue.cover:
        names.append(issue.cover.src)
    for name in names:
        if name and name[0] not in "#/?" and ":" not in name and "{{" not in name:
            path = posixpath.normpath(posixpath.join(reading.file.folder, unquote(name.partition("#")[0])))
            if not path.startswith("../") and "\0" not in path:
                yield path
