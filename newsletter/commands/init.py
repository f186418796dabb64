"""A new workspace."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from newsletter.bundled import templates_folder
from newsletter.errors import UsageError
from newsletter.files import write_all

if TYPE_CHECKING:
    from pathlib import Path


def start_workspace(folder: Path, *, kind: str, title: str | None = None) -> tuple[str, ...]:
    """Writes a workspace into `folder` and gives the files written; what stands there already is left as it is.

    The house format of `kind` is copied into it, to be made the publication's own. Raises UsageError where there is a
    newsletter.yaml already, or for a kind that is not bundled.
    """
    from newsletter.house.load import load_house

    bundled = templates_folder()
    load_house(kind, (bundled,), bundled)  # says which kinds there are
    if (folder / "newsletter.yaml").exists():
        msg = f"{folder} is a workspace already: it has a newsletter.yaml"
        raise UsageError(msg, hint='draft an issue there with `newsletter new "Title"`')
    title = title or folder.name.replace("-", " ").replace("_", " ").strip().capitalize() or "My letter"
    files = {f"templates/{kind}/{name}": content for name, content in _files(bundled / kind)}
    for name, content in _files(bundled / "starter"):
        text = content.decode().replace("@TITLE@", json.dumps(title, ensure_ascii=False)).replace("@KIND@", kind)
        files[name.replace("dot-", ".")] = text.encode()
    missing = {name: content for name, content in files.items() if not (folder / name).exists()}
    folder.mkdir(parents=True, exist_ok=True)
    write_all(folder, missing)
    return tuple(sorted(missing))


def _files(folder: Path) -> list[tuple[str, bytes]]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return [(path.relative_to(folder).as_posix(), path.read_bytes()) for path in paths]
