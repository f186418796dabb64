"""The full texts for feeds, stored beside the cache by their hashes, so that thousands of them need no memory."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter import memory
from newsletter.errors import NewsletterError
from newsletter.files import stamp_of
from newsletter.project.cache import CACHE, digest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

# A build with nothing to do checks whether each text exists, and `os` takes a third of the time that pathlib takes.
# ruff: noqa: PTH108, PTH114, PTH118, PTH208

FOLDER = f"{CACHE}/feeds"
KEPT = 24 * 60 * 60
"""How long unused texts are kept, in seconds: another build may just have written them."""


AT_ONCE = 200
"""The number of texts that are written together.

If they were written one by one, their folders would be checked for each.
"""


RECENT = 256
"""The number of texts, of about 25 KB each, that are remembered after they were read: each is in several feeds."""


class FeedTexts:
    """The texts of a workspace by their hashes. The hash of the empty text is empty."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._new: dict[str, str] = {}
        """The texts that are not written yet."""
        self._held: dict[str, str] = {}
        """The texts that could not be kept on disk."""
        self._listed: dict[str, frozenset[str]] = {}
        """The texts on disk, by the beginning of their names."""
        self._read = lru_cache(RECENT)(self._text_on_disk)

    def put(self, text: str) -> str:
        """Stores a text and returns its hash. `keep` saves it for the next build."""
        if not text:
            return ""
        name = digest(text)
        self._new[name] = text
        if len(self._new) >= AT_ONCE:
            self.keep()
        return name

    def keep(self) -> None:
        """Writes the texts that are not written yet."""
        new, self._new = self._new, {}
        self._listed.clear()
        with suppress(NewsletterError):
            memory.keep_all(self._root, {_path(name): _encoded(text) for name, text in new.items()})
        # If nothing can be written, or the folder is behind a link, texts are not kept on disk.
        self._held |= {name: text for name, text in new.items() if not self._is_kept(name)}

    def has(self, name: str) -> bool:
        """Whether the text exists on disk."""
        return not name or name in self._new or name in self._held or name in self._beside(name)

    def _beside(self, name: str) -> frozenset[str]:
        """The texts in the folder of this one. To list a folder once takes a tenth of looking for each text."""
        prefix = name[:_PREFIX]
        if prefix not in self._listed:
            self._listed[prefix] = frozenset()
            with suppress(OSError), os.scandir(f"{self._root}/{FOLDER}/{prefix}") as entries:
                self._listed[prefix] = frozenset(entry.name for entry in entries if entry.is_file())
        return self._listed[prefix]

    def _is_kept(self, name: str) -> bool:
        return stamp_of(f"{self._root}/{_path(name)}") is not None

    def text(self, name: str) -> str | None:
        """The text; None if it is missing or was altered."""
        if not name:
            return ""
        for texts in (self._new, self._held):
            if name in texts:
                return texts[name]
        return self._read(name)

    def _text_on_disk(self, name: str) -> str | None:
        content = memory.kept(self._root, _path(name))
        return None if content is None else content.decode("utf-8", "surrogatepass")

    def prune(self, shown: Collection[str], now: float) -> None:
        """Removes old texts that are not in `shown`; `now` in seconds since 1970."""
        self._listed.clear()
        for entry in self._kept():
            with suppress(OSError):  # another build was faster
                if entry.name not in shown and now - entry.stat().st_mtime > KEPT:
                    os.unlink(entry.path)

    def _kept(self) -> Iterator[os.DirEntry[str]]:
        if not memory.is_unlinked(self._root, f"{FOLDER}/any/any"):
            return
        above = os.path.join(self._root, FOLDER)
        with suppress(OSError):
            for prefix in os.listdir(above):
                folder = os.path.join(above, prefix)
                if len(prefix) == _PREFIX and not os.path.islink(folder):
                    with os.scandir(folder) as entries:
                        yield from (entry for entry in entries if entry.name.startswith(prefix))


_PREFIX = 2
"""The number of characters of a hash that name its folder.

Writing into a folder with ten thousand files takes ten times as long.
"""


def _path(name: str) -> str:
    return f"{FOLDER}/{name[:_PREFIX]}/{name}"


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
