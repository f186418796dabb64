"""The lock of a workspace: only one command at a time writes its outputs or its record.

A process holds an advisory lock (flock, on Windows msvcrt.locking) on the file .newsletter/lock, which contains its
process number. The system releases the lock when the process ends, in whatever way. A file that is left behind is not a
lock.

A file with a process number alone would not be enough: process numbers are used again, so nobody knows whether it is
stale, and two processes could remove a stale one at the same time and both continue.
"""

from __future__ import annotations

import errno
import os
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from newsletter.errors import WorldError, reason_of
from newsletter.memory import FOLDER, is_unlinked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Notify = Callable[[str], None]

LOCK = f"{FOLDER}/lock"
PATIENCE = 60.0
"""How long a command waits for another one, in seconds."""
_STEP = 0.05
_BUSY = frozenset({errno.EACCES, errno.EAGAIN, errno.EDEADLK})


@contextmanager
def locked(
    root: Path, *, needed: bool = False, notify: Notify | None = None, patience: float = PATIENCE
) -> Iterator[None]:
    """Holds the lock of the workspace at `root`.

    `notify` is called with a message if another process holds it. Raises WorldError if it still does after `patience`
    seconds. If a lock is not possible (the folder is read-only, or .newsletter is a link), the work continues without
    one, unless it is `needed`.
    """
    handle = _take(root, needed=needed, notify=notify, patience=patience)
    try:
        yield
    finally:
        if handle is not None:
            _release(root, handle)


def _take(root: Path, *, needed: bool, notify: Notify | None, patience: float) -> int | None:
    """The handle of the locked file; None if a lock is not possible."""
    end, notified = time.monotonic() + patience, False
    while True:
        try:
            handle = _try(root)
        except OSError as error:
            if needed:
                raise WorldError(f"{LOCK} cannot be written: {reason_of(error)}") from error
            return None
        if handle is not None:
            return handle
        owner = _owner(root)
        if time.monotonic() >= end:
            raise WorldError(f"another newsletter{owner} is running in this workspace: nothing was written")
        if notify and not notified:
            notify(f"waiting for another newsletter{owner}, which is running in this workspace")
            notified = True
        time.sleep(_STEP)


def _try(root: Path) -> int | None:
    """The handle of the locked file; None if another process holds the lock.

    Raises OSError if a lock is not possible.
    """
    if not is_unlinked(root, LOCK):
        raise OSError(errno.ELOOP, "its folder is a link", LOCK)
    path = root / LOCK
    path.parent.mkdir(exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0), 0o666)
    try:
        held = _lock(handle) and _is(handle, path)
        if held:
            os.ftruncate(handle, 0)
            os.write(handle, f"{os.getpid()}\n".encode())
    except BaseException:
        os.close(handle)
        raise
    if held:
        return handle
    os.close(handle)
    return None


def _is(handle: int, path: Path) -> bool:
    """Whether the file still has this name. The last holder of the lock removes the file at the end."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except OSError:
        return False


def _lock(handle: int) -> bool:
    """Whether the file could be locked. Raises OSError if the system cannot lock at all."""
    try:
        if os.name == "nt":
            import msvcrt

            os.lseek(
                handle, 1_000_000, os.SEEK_SET
            )  # A byte after its content, because other processes read the content.
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
            os.lseek(handle, 0, os.SEEK_SET)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _BUSY:
            return False
        raise
    return True


def _release(root: Path, handle: int) -> None:
    # Removed while locked: a waiting process sees that the name belongs to another file, and makes a new one.
    with suppress(OSError):
        (root / LOCK).unlink()
    os.close(handle)
    with suppress(OSError):
        (root / FOLDER).rmdir()  # unless it contains something else


def _owner(root: Path) -> str:
    """The holder of the lock, as part of a message."""
    try:
        process = (root / LOCK).read_text()[:20].strip()
    except (OSError, ValueError):
        return ""
    return f" (process {process})" if process.isdigit() else ""
