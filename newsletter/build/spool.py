"""The outputs of a large build before they are written: in one unnamed file instead of in memory.

A build writes everything at once, at the end. Ten thousand issues have two gigabytes of outputs.
"""

from __future__ import annotations

import tempfile
import weakref
from functools import partial
from typing import TYPE_CHECKING

from newsletter.errors import WorldError, reason_of
from newsletter.memory import FOLDER, is_unlinked

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Spool:
    """Contents in an unnamed file, so that nothing is left after the process ends.

    Not for use by several threads at once.
    """

    def __init__(self, root: Path) -> None:
        inside = is_unlinked(root, f"{FOLDER}/any") and (root / FOLDER).is_dir()
        try:
            # In the workspace: many machines have a small folder for temporary files, or keep it in memory.
            self._file = tempfile.TemporaryFile(dir=root / FOLDER if inside else None)  # noqa: SIM115 (closed with this)
        except OSError as error:
            raise _cannot(error) from error
        weakref.finalize(self, self._file.close)
        self._end = 0

    def put(self, content: bytes) -> Callable[[], bytes]:
        """Stores a content, and returns a function that reads it.

        Raises WorldError if the disk is full.
        """
        at, self._end = self._end, self._end + len(content)
        try:
            self._file.seek(at)
            self._file.write(content)
        except OSError as error:
            raise _cannot(error) from error
        return partial(self._read, at, len(content))

    def _read(self, at: int, length: int) -> bytes:
        self._file.seek(at)
        return self._file.read(length)


def _cannot(error: OSError) -> WorldError:
    reason = reason_of(error)
    return WorldError(f"temporary files cannot be written: {reason}", hint="Nothing was built.")
