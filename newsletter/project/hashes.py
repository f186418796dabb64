"""The hashes of files, as in the record of publication. They are cached by stamp, because most files never change."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from newsletter.archive.record import hash_of
from newsletter.files import PICTURE_LIMIT, decode, read_bytes, stamp_of
from newsletter.memory import recall, store
from newsletter.project.cache import CACHE, is_recent

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from newsletter.files import Stamp

FILE = f"{CACHE}/hashes.json"
_FORMAT = 1


class Hashes:
    """The hashes of files of the workspace at `root`."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._changed = False
        self._saved = 0
        self._known: dict[str, tuple[list[int], str]] = {}
        self.stamps: dict[str, Stamp | None] = {}
        """The stamps of all files that were asked for, by name, before they were read."""
        raw = recall(root, FILE)
        try:
            if raw["format"] == _FORMAT:
                self._saved = int(raw["saved"])
                self._known = {str(name): ([*stamp], str(mark)) for name, (stamp, mark) in raw["files"].items()}
        except (ValueError, KeyError, TypeError, AttributeError):
            self._known = {}

    def of(self, name: str) -> str:
        """The hash of the file `name`, relative to the workspace; empty if it cannot be read."""
        return self._of(name, name, lambda content: content)

    def of_text(self, name: str) -> str:
        """The hash of a text file without regard to its line ends; empty if it cannot be read."""
        return self._of(f"text:{name}", name, lambda content: decode(content, name)[0].encode("utf-8", "replace"))

    def _of(self, key: str, name: str, read: Callable[[bytes], bytes]) -> str:
        path = self._root / name
        stamp = stamp_of(path)
        self.stamps.setdefault(name, stamp)
        if stamp is None:
            return ""
        known = self._known.get(key)
        if known and known[0] == [*stamp] and not is_recent(stamp, self._saved):
            return known[1]
        try:
            mark = hash_of(read(read_bytes(path, PICTURE_LIMIT)))
        except (OSError, ValueError):  # a NUL
            return ""
        self._known[key] = ([*stamp], mark)
        self._changed = True
        return mark

    def save(self) -> None:
        """Saves them. If that is not possible, the next run computes them again."""
        if self._changed:
            store(self._root, FILE, {"format": _FORMAT, "saved": time.time_ns(), "files": self._known})
            self._changed = False
