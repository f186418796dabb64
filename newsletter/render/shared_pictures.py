"""The pictures of standing matter: a snippet names them as it sees them, a letter by their place in the workspace."""

from __future__ import annotations

import posixpath
from dataclasses import fields, replace
from typing import TYPE_CHECKING, TypeVar

from newsletter.model import Image
from newsletter.pictures import is_local
from newsletter.render.letter import of_publication
from newsletter.walk import images_in

if TYPE_CHECKING:
    from newsletter.model import Block

    Part = TypeVar("Part")


def with_shared_pictures(blocks: tuple[Block, ...], folder: str) -> tuple[Block, ...]:
    """The blocks of a snippet in `folder`, relative to the workspace: each picture that is a file is named from the workspace.

    What leads out of the workspace stays as it is written; a check tells of it.
    """
    if folder.startswith("/") or not any(is_local(image.src) for image in images_in(blocks)):
        return blocks
    return _moved(blocks, folder)


def _moved(part: Part, folder: str) -> Part:
    if isinstance(part, tuple):
        return type(part)(_moved(each, folder) for each in part)
    if isinstance(part, Image):
        path = posixpath.normpath(posixpath.join(folder, part.src))
        inside = is_local(part.src) and not path.startswith("../") and "{{" not in part.src
        return replace(part, src=of_publication(path)) if inside else part
    if not hasattr(part, "__match_args__"):
        return part
    changed = {
        one.name: moved
        for one in fields(part)  # type: ignore[arg-type]
        if isinstance(value := getattr(part, one.name), tuple) or hasattr(value, "__match_args__")
        if (moved := _moved(value, folder)) != value
    }
    return replace(part, **changed) if changed else part  # type: ignore[type-var]
