"""A cache of pictures that cannot be processed although their headers are valid.

They are found as in a build, by processing them. The result is cached by the hash of the file, so each picture is
processed once, even if it is copied or cloned. No result depends on the cache.
"""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import newsletter
from newsletter.files import PICTURE_LIMIT, read_bytes, stamp_of
from newsletter.memory import recall, store
from newsletter.project.cache import CACHE, digest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from newsletter.files import Stamp

FILE = f"{CACHE}/pictures.json"

Known = list[Any]
"""The stamp of a file, a hash of its content, and the reason why it cannot be processed; empty if it can."""


class PictureMemory:
    """The cached results for pictures of the workspace at `root`."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._new: dict[str, Known] = {}

    def fault(self, file: Path) -> str:
        """The reason why the picture in `file`, whose header is valid, cannot be processed, as the end of a sentence; else empty."""
        name, stamp = file.as_posix(), str(stamp_of(file))
        known = self._new.get(name) or self._known.get(name)
        if known and known[0] == stamp:
            return str(known[2])
        content = _fingerprint(file)
        same = known if known and known[1] == content else self._by_content.get(content)
        fault = str(same[2]) if same and content else fault_of(file, self._root)
        self._new[name] = [stamp, content, fault]
        return fault

    def taken(self) -> dict[str, Known]:
        """The new entries, to be passed to another process."""
        new, self._new = self._new, {}
        return new

    def add(self, known: Mapping[str, Known]) -> None:
        """Adds the entries of another process."""
        self._new.update(known)

    def save(self) -> None:
        """Writes what is new."""
        if self._new:
            known = {name: one for name, one in (self._known | self._new).items() if (self._root / name).is_file()}
            store(self._root, FILE, {"base": newsletter.__version__, "files": dict(sorted(known.items()))})

    @cached_property
    def _known(self) -> dict[str, Known]:
        try:
            raw = recall(self._root, FILE)
            return dict(raw["files"]) if raw["base"] == newsletter.__version__ else {}
        except (ValueError, KeyError, TypeError):
            return {}

    @cached_property
    def _by_content(self) -> dict[str, Known]:
        return {str(one[1]): one for one in self._known.values()}


def fault_of(file: Path, root: Path) -> str:
    """The reason why a picture cannot be processed, cached until the process ends; empty if it can."""
    return _fault(file, root.resolve(), stamp_of(file))


@lru_cache(maxsize=1024)
def _fault(file: Path, root: Path, stamp: Stamp | None) -> str:  # noqa: ARG001 - a file that changed is another one
    from newsletter.render.images.plan import picture_fault

    return picture_fault(file, root)


def _fingerprint(file: Path) -> str:
    try:
        return digest(read_bytes(file, PICTURE_LIMIT))
    except OSError:
        return ""
