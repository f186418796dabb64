"""Caches of a workspace, kept between runs. They are used only if this machine wrote them.

A cache file may come from a pull request, from a CI cache or out of an archive, and its content goes into letters. So
each is sealed with a keyed hash (BLAKE2, RFC 7693) over its name, its workspace and its content. The key is kept
outside of all workspaces. A file without a valid seal is ignored. Results are correct without any cache.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from newsletter.errors import NewsletterError
from newsletter.files import read_bytes
from newsletter.writing import write_all

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# A build with nothing to do reads one cache, and `os` costs a third of what pathlib does.
# ruff: noqa: PTH103, PTH104, PTH108, PTH111, PTH114, PTH117, PTH118, PTH120, PTH123

FOLDER = ".newsletter"
"""The folder of files that the tool keeps beside the sources of a workspace."""
LIMIT = 500_000_000
"""The largest cache, in bytes."""
SEAL = 32
"""The length of a seal, in bytes."""
_KEY = 32
_HEAD, _THEN, _TAIL = b'{"seal":"', b'","memory":', b"}\n"


def to_json(value: Any) -> bytes:
    """Plain values as JSON. A lone surrogate in a text becomes a question mark."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def store(root: Path, name: str, value: Any) -> None:
    """Saves plain values in the file `name` of a workspace.

    If it cannot be written, the next run computes them again.
    """
    content = to_json(value)
    with suppress(NewsletterError):
        if is_unlinked(root, name):
            seal = seal_of(root, name, content).hex().encode()
            write_all(root, {name: b"".join((_HEAD, seal, _THEN, content, _TAIL))})


def recall(root: Path, name: str) -> Any:
    """The value that `store` saved in the file `name`; None if there is none, or none from this machine."""
    try:
        whole = read_bytes(root / name, LIMIT) if is_unlinked(root, name) else b""
        start = len(_HEAD) + 2 * SEAL
        if not whole.startswith(_HEAD) or whole[start : start + len(_THEN)] != _THEN or not whole.endswith(_TAIL):
            return None
        content = whole[start + len(_THEN) : -len(_TAIL)]
        seal = bytes.fromhex(whole[len(_HEAD) : start].decode())
        return json.loads(content) if seal == seal_of(root, name, content) else None
    except (OSError, ValueError, RecursionError):
        return None


def keep(root: Path, name: str, content: bytes) -> None:
    """Saves a file that takes long to make, followed by its seal. Raises as `write_all` does."""
    keep_all(root, {name: content})


def keep_all(root: Path, contents: Mapping[str, bytes]) -> None:
    """Does the same for many files at once, by name."""
    there = {name: content for name, content in contents.items() if is_unlinked(root, name)}
    if there:
        write_all(root, {name: content + seal_of(root, name, content) for name, content in there.items()})


def kept(root: Path, name: str) -> bytes | None:
    """The value that `keep` stored; None if there is none, or none from this machine."""
    try:
        whole = read_bytes(root / name, LIMIT) if is_unlinked(root, name) else b""
    except OSError:
        return None
    content, seal = whole[:-SEAL], whole[-SEAL:]
    return content if seal == seal_of(root, name, content) else None


def is_unlinked(root: Path, name: str) -> bool:
    """Whether there is no link on the path from the workspace to the folder of the file `name`."""
    folder = str(root)
    for part in name.split("/")[:-1]:
        folder = os.path.join(folder, part)
        if os.path.islink(folder):
            return False
    return True


def seal_of(root: Path, name: str, content: bytes) -> bytes:
    """The seal for the content of the file `name` of a workspace."""
    place = os.path.realpath(root)
    mark = blake2b(key=_key(_state_folder(), place), digest_size=SEAL)
    for part in (os.fsencode(place), name.encode("utf-8", "surrogatepass"), content):
        mark.update(len(part).to_bytes(8, "little"))
        mark.update(part)
    return mark.digest()


def _state_folder() -> str:
    """The folder for a person's data on this machine (XDG Base Directory Specification); "" if there is none."""
    chosen = os.environ.get("XDG_STATE_HOME", "")
    if not os.path.isabs(chosen):
        local = os.environ.get("LOCALAPPDATA", "") if sys.platform == "win32" else ""
        chosen = local or os.path.expanduser("~/.local/state")
    return os.path.join(chosen, "newsletter") if os.path.isabs(chosen) else ""


@cache
def _key(folder: str, workspace: str) -> bytes:
    """The key of this machine. If none can be kept outside the workspace, a key for this process only."""
    real = os.path.realpath(folder)
    if folder and not (real + os.sep).startswith(workspace.rstrip(os.sep) + os.sep):
        with suppress(OSError):
            return _kept_key(os.path.join(folder, "key"))
    return os.urandom(_KEY)


def _kept_key(file: str) -> bytes:
    """The key in `file`, which is made if it does not exist. Raises OSError if that fails, or if others can read it."""
    with suppress(FileExistsError):
        os.makedirs(os.path.dirname(file), mode=0o700, exist_ok=True)
        fresh = f"{file}.{os.getpid()}.{os.urandom(4).hex()}"
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600) if not os.path.lexists(file) else -1
        if handle >= 0:
            try:
                with open(handle, "wb") as made:
                    made.write(os.urandom(_KEY))
                _put(fresh, file)
            finally:
                with suppress(OSError):
                    os.unlink(fresh)
    handle = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with open(handle, "rb") as found:
        state = os.fstat(handle)
        alone = os.name != "posix" or (state.st_uid == os.geteuid() and not state.st_mode & 0o077)
        key = found.read(_KEY + 1) if stat.S_ISREG(state.st_mode) and alone else b""
    if len(key) != _KEY:
        raise PermissionError(file)
    return key


def _put(fresh: str, file: str) -> None:
    """Another process may have been faster: its key is used."""
    if hasattr(os, "link"):
        os.link(fresh, file)
    else:
        os.rename(fresh, file)  # refuses on Windows if there is one
