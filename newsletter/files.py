"""Reading files: every file is read through this module, which checks it first."""

from __future__ import annotations

import errno
import os
import stat
from functools import cache
from typing import TYPE_CHECKING

from newsletter.bundled import templates_folder
from newsletter.errors import UsageError, WorldError, reason_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from newsletter.diagnostics import Diagnostic

# A build looks at a thousand files, and `os` costs a third of what pathlib does.
# ruff: noqa: PTH100, PTH109, PTH112, PTH116, PTH118, PTH120, PTH123


TEXT_LIMIT = 2_000_000
"""The largest configuration, template, snippet, strings file or look, in bytes; also the default limit of an issue."""
ISSUE_LIMIT = 50_000_000
"""The highest limit that newsletter.yaml can set for an issue, in bytes."""
PICTURE_LIMIT = 100_000_000
"""The largest picture, font, or other file that an issue links to, in bytes."""

_WORKSPACES: dict[str, str] = {}
"""The workspaces of this process: the path of each as given, and the path with links resolved."""


class RefusedFileError(OSError):
    """A file that is refused, even if the file system would allow it. `strerror` continues after its name ("is …")."""


def open_workspace(root: Path | str) -> None:
    """Registers a workspace: from now on, no file below `root` is read through a link that leads out of it."""
    named = os.path.abspath(root)
    if named not in _WORKSPACES:
        real = os.path.realpath(named)
        _WORKSPACES[named] = _WORKSPACES[real] = real


def read_bytes(path: Path | str, limit: int = TEXT_LIMIT, *, first: int = 0) -> bytes:
    """The content of a regular file of at most `limit` bytes, which is in its workspace after links are resolved.

    With `first`, only this many bytes from its beginning.

    A file outside workspaces may be a link within its folder. Files that came with the tool are trusted. Raises
    RefusedFileError for any other file, without opening it, because a pipe would block and a device would answer.
    Raises OSError if the file system does.
    """
    real = _allowed(path, limit)
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(real, flags)
    with open(handle, "rb") as file:
        size = _allowed_size(os.fstat(handle), limit)  # Checked again: it may be another file by now.
        if first:
            return file.read(first)
        content = file.read(size + 1)
        if len(content) > size:  # The file is growing.
            content += file.read(limit + 1 - size)
    if len(content) > limit:
        raise RefusedFileError(errno.EFBIG, _too_large(len(content), limit), os.fspath(path))
    return content


Stamp = tuple[int, int, int]
"""A stamp that changes with a file: the time of its last change, in nanoseconds; its size in bytes; and the time of its
inode's last change, which no program can set.

The last one differs even if two versions have the same second and size.
"""


def stamp_of(path: str | Path) -> Stamp | None:
    """The stamp of a file; None if there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ctime_ns


def have_stamps(root: Path, stamps: Mapping[str, Stamp | None]) -> bool:
    """Whether all these files, relative to `root`, have these stamps; None for a file that does not exist.

    It takes two thirds of the time of `stamp_of` for each.
    """
    above, look = f"{root}/", os.stat
    for name, stamp in stamps.items():
        try:
            found = look(above + name)
        except OSError:
            if stamp is not None:
                return False
        else:
            if (found.st_mtime_ns, found.st_size, found.st_ctime_ns) != stamp:
                return False
    return True


def can_be_read(path: Path | str, limit: int = PICTURE_LIMIT) -> bool:
    """Whether `read_bytes` would probably read the file at `path`. The file is not opened."""
    try:
        _allowed(path, limit)
    except (OSError, ValueError):  # a NUL
        return False
    return True


def is_there(path: Path | str) -> bool:
    """Whether `path` is anything but a folder, even a broken link or a pipe, which reading reports as an error.

    Raises WorldError if a folder above it cannot be read, because its files still exist.
    """
    try:
        mode = os.lstat(path).st_mode
        return not (os.path.isdir(path) if stat.S_ISLNK(mode) else stat.S_ISDIR(mode))
    except (FileNotFoundError, NotADirectoryError, ValueError):  # a NUL
        return False
    except OSError as error:
        if error.errno in {errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL}:
            return False
        raise WorldError(f"{_shown(path)} cannot be read: {reason_of(error)}") from error


def _shown(path: Path | str) -> str:
    """The path of a file for messages: relative to its workspace."""
    named = os.path.join(os.getcwd(), path)
    root = next((root for root in _WORKSPACES if named.startswith(root + os.sep)), "")
    return os.path.relpath(named, root).replace(os.sep, "/") if root else named


def _allowed(path: Path | str, limit: int) -> str:
    """The path of a file that may be read, with all links resolved. Raises RefusedFileError otherwise."""
    named = os.path.join(os.getcwd(), path)
    if named.startswith(_shipped() + os.sep) and f"{os.sep}{os.pardir}{os.sep}" not in named:
        _allowed_size(os.stat(named), limit)  # the tool's own files, in which nobody else can put a link
        return named
    real = os.path.realpath(named)
    ground = _ground_of(named)
    if ground and not (real + os.sep).startswith(ground.rstrip(os.sep) + os.sep):
        raise RefusedFileError(errno.EPERM, "it is a symbolic link that leads out of the workspace", named)
    _allowed_size(os.stat(real), limit)
    return real


def _allowed_size(found: os.stat_result, limit: int) -> int:
    if not stat.S_ISREG(found.st_mode):
        what = "a folder" if stat.S_ISDIR(found.st_mode) else "a device or a pipe"
        raise RefusedFileError(errno.EPERM, f"it is {what}, not a file")
    if found.st_size > limit:
        raise RefusedFileError(errno.EFBIG, _too_large(found.st_size, limit))
    return found.st_size


def _too_large(size: int, limit: int) -> str:
    return f"it has {-(-size // 10_000) / 100:,g} MB; the limit is {limit // 1_000_000} MB"


def _ground_of(named: str) -> str:
    """The real folder that a file must be in; "" if it may be anywhere.

    The path is used as it was written: a file after `..` still belongs to the workspace in the path.
    """
    shipped, folder = _shipped(), os.path.dirname(named)
    while folder not in _WORKSPACES:
        above = os.path.dirname(folder)
        if folder == shipped:
            return ""
        if above == folder:
            return os.path.realpath(os.path.dirname(named))
        folder = above
    return _WORKSPACES[folder]


@cache
def _shipped() -> str:
    return str(templates_folder())


def read_file(path: Path | str, name: str, limit: int = TEXT_LIMIT) -> bytes:
    """Does the same as `read_bytes`. If the file cannot be read, the error names it `name`.

    Raises UsageError if it is refused, otherwise WorldError.
    """
    try:
        return read_bytes(path, limit)
    except RefusedFileError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}", hint="Put the file itself there.") from error
    except OSError as error:
        raise WorldError(f"{name} cannot be read: {reason_of(error)}") from error


def read_text(
    path: Path | str, name: str, family: str = "FM", limit: int = TEXT_LIMIT
) -> tuple[str, tuple[Diagnostic, ...]]:
    """The text of a file as the model counts it: no byte order mark, line ends as a single line feed.

    A file that is not UTF-8 gives a finding `family` + 008 in the file `name` (relative to the workspace), at the first
    bad byte; each bad byte is U+FFFD in the text, but UTF-16 is decoded as such. One of more than `limit` bytes gives
    such a finding, and no text. Raises as `read_file` does.
    """
    try:
        content = read_bytes(path, limit)
    except RefusedFileError as error:
        if error.errno != errno.EFBIG:
            raise UsageError(f"{name} cannot be read: {error.strerror}", hint="Put the file itself there.") from error
        from newsletter.diagnostics import Diagnostic
        from newsletter.model import Span

        message = f"the file is not read: {error.strerror}"
        advice = "Split it, and keep pictures and data in separate files."
        if family == "FM":
            advice += " If an issue needs to be that long, raise `issue_limit` in newsletter.yaml."
        return "", (Diagnostic(name, Span(0, 0, 1, 1), f"{family}008", message, advice=advice),)
    except OSError as error:
        raise WorldError(f"{name} cannot be read: {reason_of(error)}") from error
    return decode(content, name, family)


def decode(content: bytes, name: str, family: str = "FM") -> tuple[str, tuple[Diagnostic, ...]]:
    """Does the same as `read_text`, for bytes that were already read."""
    try:
        return _normal(content.decode("utf-8")), ()
    except UnicodeDecodeError as error:
        before = _normal(content[: error.start].decode("utf-8"))
        bad = content[error.start]
    from newsletter.diagnostics import Diagnostic
    from newsletter.model import Span

    line_start = before.rfind("\n") + 1
    place = Span(len(before), len(before) + 1, before.count("\n") + 1, len(before) - line_start + 1)
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    message = "the file is UTF-16, not UTF-8" if wide else f"the file is not UTF-8: it has the byte 0x{bad:02X} here"
    advice = "Save it as UTF-8, under Save As or Encoding in the editor."
    # UTF-16 is decoded as such, so that there is only one finding and the file can be shown.
    text = _normal(content.decode("utf-16" if wide else "utf-8", errors="replace"))
    return text, (Diagnostic(name, place, f"{family}008", message, advice=advice),)


def _normal(text: str) -> str:
    text = text.removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
