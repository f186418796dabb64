"""Writes a set of files as one change: all or nothing. Files that already have their content are not written again."""

from __future__ import annotations

import errno
import os
import re
import stat
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from newsletter.errors import UsageError, WorldError, reason_of
from newsletter.names import same_file_key
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

# A build checks a thousand files, and `os` takes a third of the time that pathlib takes.
# ruff: noqa: PTH100, PTH101, PTH102, PTH105, PTH108, PTH112, PTH114, PTH118, PTH120, PTH123, PTH208

_LEFT_OVER = re.compile(r"\.newsletter-(\d+)-\d+\.tmp")
"""A temporary file of the process with that number (see `_Change`)."""
_LEFT_OVER_ALL = re.compile(r"\.newsletter-(\d+)-\d+\.(?:tmp|new)")
_SYNCHRONISED = 500
"""Up to this many files and folders are synchronized one by one."""
_STARTED = time.time() - 1
"""The time when this process started, as timestamps of files show it."""
_LONG = 24 * 60 * 60
"""No change takes this many seconds."""


@dataclass(frozen=True, slots=True)
class Written:
    """The result of `write_all`. Names are as given, sorted."""

    written: tuple[str, ...] = ()
    """The files that are new or have new content."""
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    """The files that were removed."""


FileContent = bytes | Callable[[], bytes]
"""The content of a file, or a function that makes it when it is needed.

So only one of many large files is in memory at a time.
"""


def content_of(given: FileContent) -> bytes:
    """The bytes of a FileContent."""
    return given() if callable(given) else given


class Journal(Protocol):
    """The log of a change, written before the change is made, so that it can be completed after a crash.

    See newsletter.project.transaction.
    """

    def begin(self, moves: Sequence[tuple[str, str]], remove: Sequence[str]) -> None:
        """Records, durably, the files to move and their new names, and the files to remove.

        All are relative to the root.
        """

    def end(self) -> None:
        """Marks the change as complete: everything is done and on disk."""


def write_all(
    root: Path,
    outputs: Mapping[str, FileContent],
    *,
    remove: Sequence[str] = (),
    links: bool = True,
    journal: Journal | None = None,
    place: str = "",
) -> Written:
    """Writes `outputs` (content by name below `root`, with forward slashes) and removes the files named in `remove`.

    All or nothing, as far as file systems allow: each content is first written to a temporary file beside its target.
    When all of them exist, each is moved into place atomically. A failure before that changes nothing.

    A file that already has its content is not touched; other files keep their permissions. A symbolic link is replaced,
    not followed. Folders left empty by a removal are removed, too. Without `links`, no folder may be a symbolic link,
    wherever it leads.

    With a `journal`, the change also survives a crash of the system: contents and folders are synchronized to disk, and
    the change is recorded before anything is moved. If it fails after that, the record and the temporary files stay, so
    that the change can be completed.

    `place` is the path of `root` in messages, if it is not the workspace.

    Raises UsageError for a name that leads out of `root`, or that is the same file as another where case does not
    matter. Raises WorldError if the file system reports an error.
    """
    gone = [name for name in remove if name not in outputs]
    change = _Change(os.path.abspath(root), outputs, gone, links=links, journal=journal, place=place)
    try:
        change.prepare()
        return change.commit()
    except OSError as error:
        raise WorldError(f"{change.shown(change.doing)} cannot be written: {reason_of(error)}") from error
    finally:
        change.clean_up()


class _Change:
    """One set of files while it is being written."""

    def __init__(
        self,
        root: str,
        outputs: Mapping[str, FileContent],
        remove: Sequence[str],
        *,
        links: bool,
        journal: Journal | None = None,
        place: str = "",
    ) -> None:
        self.doing = root
        """The name of the current file, for messages."""
        self._root = root
        self._outputs = outputs
        self._remove = remove
        self._links = links
        self._journal = journal
        self._place = place
        self._noted = False
        """Whether the journal has recorded the change. From then on, temporary files are not removed here."""
        self._safe: set[str] = set()
        """Folders that are known to be real and inside the root."""
        self._tidied: set[str] = set()
        self._inside: dict[str, bool] = {}
        self._created: list[str] = []
        self._temporary: list[tuple[str, str, str]] = []
        """Temporary files that have not been moved: (temporary file, target, name)."""
        keys = _keys(outputs)
        self._renamed = {name: keys[key] for name in remove if (key := same_file_key(name)) in keys}
        """Files to remove that may be the same file as an output: `A.html` if `a.html` is written."""

    def shown(self, name: str) -> str:
        """The path of a file or folder in messages."""
        return f"{self._place}/{name}" if self._place and name != self._root else name

    def prepare(self) -> None:
        for name in (*self._outputs, *self._remove):
            _check_name(name)
        self._make_root()
        rewritten = set(self._renamed.values())
        for name, given in self._outputs.items():
            self.doing = name
            content = content_of(given)
            target = os.path.join(self._root, *name.split("/"))
            self._make_folder(os.path.dirname(target), name)
            self._tidy_once(os.path.dirname(target))
            if not _holds(target, content) or name in rewritten:
                self._temporary.append((self._write_beside(target, content), target, name))

    def commit(self) -> Written:
        if not (self._journal and (self._temporary or self._remove)):
            return self._commit()
        touched = self._touched()
        self._synchronise([temporary for temporary, _, _ in self._temporary], touched)
        moves = [(os.path.relpath(temporary, self._root), name) for temporary, _, name in self._temporary]
        self._journal.begin([(temporary.replace(os.sep, "/"), name) for temporary, name in moves], self._remove)
        self._noted = True
        written = self._commit()
        self._synchronise([], touched)
        self._journal.end()
        self._noted = False
        return written

    def _touched(self) -> list[str]:
        """The folders in which something changes, and those above them, which may be new."""
        folders = {self._root}
        for name in (*(name for _, _, name in self._temporary), *self._remove):
            parts = name.split("/")[:-1]
            folders.update(os.path.join(self._root, *parts[:depth]) for depth in range(1, len(parts) + 1))
        return sorted(folders)

    def _synchronise(self, files: Sequence[str], folders: Sequence[str]) -> None:
        """Makes the system write files and folders to disk; if they are many, everything that it has cached."""
        if len(files) + len(folders) > _SYNCHRONISED and hasattr(os, "sync"):
            os.sync()
            return
        for path in files:
            synchronise(path)
        for path in folders:
            synchronise_folder(path)

    def _commit(self) -> Written:
        removed = [name for name in self._remove if name in self._renamed and self._unlink(name)]
        written = []
        while self._temporary:
            temporary, target, self.doing = self._temporary[0]
            os.replace(temporary, target)
            del self._temporary[0]
            written.append(self.doing)
        self._created.clear()
        removed += [name for name in self._remove if name not in self._renamed and self._unlink(name)]
        unchanged = self._outputs.keys() - set(written)
        return Written(tuple(sorted(written)), tuple(sorted(unchanged)), tuple(sorted(removed)))

    def clean_up(self) -> None:
        """Removes the remaining temporary files."""
        if self._noted:
            return
        for temporary, _, _ in self._temporary:
            _quietly(os.unlink, temporary)
        for folder in reversed(self._created):
            _quietly(os.rmdir, folder)

    def _make_root(self) -> None:
        folder, missing = self._root, []
        while not os.path.isdir(folder):
            missing.append(folder)
            folder = os.path.dirname(folder)
        for folder in reversed(missing):
            try:
                os.mkdir(folder)
            except FileExistsError:
                raise WorldError(f"{self._root} cannot be written: {folder} is a file but must be a folder") from None
            self._created.append(folder)
        self._safe.add(self._root)

    def _make_folder(self, folder: str, name: str) -> None:
        """Makes `folder` and those above it. Existing ones must be real folders, or links that stay inside the root."""
        if folder in self._safe:
            return
        self._make_folder(os.path.dirname(folder), name)
        try:
            os.mkdir(folder)
            self._created.append(folder)
        except FileExistsError:
            if os.path.islink(folder) and not self._links:
                link = os.path.relpath(folder, self._root)
                raise UsageError(
                    f"{name} is not written: {link} is a symbolic link",
                    hint="Put a folder there; newsletter may remove what is in it.",
                ) from None
            if os.path.islink(folder) and not self._is_inside(folder):
                raise UsageError(f"{name} would be written outside the folder it belongs in, through a link") from None
            if not os.path.isdir(folder):
                in_the_way = self.shown(os.path.relpath(folder, self._root))
                raise WorldError(
                    f"{self.shown(name)} cannot be written: {in_the_way} is a file but must be a folder"
                ) from None
        self._safe.add(folder)

    def _tidy_once(self, folder: str) -> None:
        """Removes old temporary files from a folder that is written to.

        Folders above it may have ten thousand entries.
        """
        if folder not in self._tidied:
            self._tidied.add(folder)
            if folder not in self._created:
                _remove_left_over(folder, os.listdir(folder), _LEFT_OVER)

    def _is_inside(self, folder: str) -> bool:
        """Whether a folder is in the root when all links are resolved."""
        if folder not in self._inside:
            root = os.path.realpath(self._root).rstrip(os.sep) + os.sep
            self._inside[folder] = (os.path.realpath(folder) + os.sep).startswith(root)
        return self._inside[folder]

    def _write_beside(self, target: str, content: bytes) -> str:
        folder = os.path.dirname(target)
        for number in range(len(self._temporary), len(self._temporary) + 1000):
            # A file that a journal names is not removed by another process.
            ending = "new" if self._journal else "tmp"
            temporary = os.path.join(folder, f".newsletter-{os.getpid()}-{number}.{ending}")
            try:
                handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
            except FileExistsError:  # left by a killed process that had our number
                continue
            try:
                with open(handle, "wb") as file:
                    file.write(content)
                _keep_mode(target, temporary)
            except BaseException:
                _quietly(os.unlink, temporary)
                raise
            return temporary
        raise FileExistsError(f"too many temporary files in {folder}")

    def _unlink(self, name: str) -> bool:
        """Removes a file and the folders that it leaves empty. Returns whether it existed."""
        self.doing = name
        path = os.path.join(self._root, *name.split("/"))
        folder = os.path.dirname(path)
        way = [os.path.join(self._root, *name.split("/")[:depth]) for depth in range(1, name.count("/") + 1)]
        if (
            not self._is_inside(folder)
            or (not self._links and any(map(os.path.islink, way)))
            or (os.path.isdir(path) and not os.path.islink(path))
        ):
            return False
        try:
            os.unlink(path)
        except (FileNotFoundError, NotADirectoryError):
            return False
        while folder != self._root and not os.path.islink(folder) and _quietly(os.rmdir, folder):
            folder = os.path.dirname(folder)
        return True


def _keep_mode(target: str, temporary: str) -> None:
    """Gives a new file the permissions of the file that it replaces."""
    try:
        found = os.lstat(target)
    except FileNotFoundError:
        return
    if stat.S_ISREG(found.st_mode):
        os.chmod(temporary, stat.S_IMODE(found.st_mode))


def synchronise(path: str) -> None:
    """Makes the system write a file to disk."""
    handle = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def synchronise_folder(path: str) -> None:
    """Makes the system write the entries of a folder to disk, if it supports that (not Windows)."""
    if os.name != "posix":
        return
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:  # it was removed when it became empty
        return
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:  # some file systems do not support it
            raise
    finally:
        os.close(handle)


def clear_left_over(root: Path, folders: Iterable[str]) -> None:
    """Removes temporary files that killed processes left in `folders` of `root`, and below. No link is followed.

    The caller must hold the workspace's lock, and no journal may be left to complete.
    """
    for folder in folders:
        if not os.path.islink(os.path.join(root, folder)):
            for where, _, names in os.walk(os.path.join(root, folder)):
                _remove_left_over(where, names, _LEFT_OVER_ALL)


def clear_folder(folder: str) -> None:
    """Does the same for a folder alone, without those below, if it exists and is no link."""
    if not os.path.islink(folder) and os.path.isdir(folder):
        _remove_left_over(folder, os.listdir(folder), _LEFT_OVER_ALL)


def is_temporary(name: str) -> bool:
    """Whether a file with this name is temporary, from a change that is in progress or was interrupted."""
    return bool(_LEFT_OVER_ALL.fullmatch(name))


def _remove_left_over(folder: str, names: Iterable[str], left_over: re.Pattern[str]) -> None:
    """Removes temporary files that a killed process left in this folder, of those with these names."""
    for name in names:
        found = left_over.fullmatch(name)
        if found and _is_left_over(path := os.path.join(folder, name), int(found[1])):
            _quietly(os.unlink, path)


def _is_left_over(path: str, process: int) -> bool:
    """Whether the process that made a temporary file has ended.

    Process numbers are used again: soon in a container, later elsewhere.
    """
    try:
        changed = os.lstat(path).st_mtime
    except OSError:
        return False
    if process == os.getpid():
        return changed < _STARTED
    if os.name != "posix":  # elsewhere, checking a process would end it
        return changed < time.time() - _LONG
    return not _runs(process) or changed < time.time() - _LONG


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # it runs, and belongs to another user
        return True
    return True


def _check_name(name: str) -> None:
    parts = name.split("/")
    if "\\" in name or "\0" in name or ":" in parts[0] or any(part in ("", ".", "..") for part in parts):
        raise UsageError(f"`{name}` is not a name for a file inside the folder it belongs in")


def _keys(outputs: Iterable[str]) -> dict[str, str]:
    keys: dict[str, str] = {}
    for name in outputs:
        other = keys.setdefault(same_file_key(name), name)
        if other != name:
            raise UsageError(
                f"`{other}` and `{name}` would be one file on Windows and macOS",
                hint="Give one of them a name that differs by more than case.",
            )
    return keys


def _holds(target: str, content: bytes) -> bool:
    """Whether `target` is a regular file with exactly this content."""
    try:
        found = os.lstat(target)
    except FileNotFoundError:
        return False
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError(errno.EISDIR, "a folder of that name is in the way", target)
    if not stat.S_ISREG(found.st_mode) or found.st_size != len(content):
        return False
    with open(target, "rb") as file:
        return file.read() == content


def _quietly(action: Callable[[str], None], path: str) -> bool:
    """Runs `action` and ignores a failure. Returns whether it succeeded."""
    try:
        action(path)
    except OSError:
        return False
    return True
