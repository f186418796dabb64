"""Files: reading text of any origin, names that every file system takes, and writing a set of files as one."""

from __future__ import annotations

import errno
import os
import re
import stat
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import quote

from newsletter.diagnostics import Diagnostic
from newsletter.errors import UsageError, WorldError
from newsletter.model import Span
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

# A build looks at a thousand files, and `os` costs a third of what pathlib does.
# ruff: noqa: PTH100, PTH101, PTH102, PTH105, PTH108, PTH112, PTH114, PTH118, PTH120, PTH123, PTH208


# ── Reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_text(path: Path, name: str, family: str = "FM") -> tuple[str, tuple[Diagnostic, ...]]:
    """The text of a file as the model counts it: no byte order mark, line ends as a single line feed.

    A file that is not UTF-8 gives a finding `family` + 008 in the file `name` (relative to the workspace), at the first
    bad byte; each bad byte is U+FFFD in the text, but UTF-16 is decoded as such. Raises WorldError where the file cannot be read.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WorldError(f"{name} cannot be read: {_reason(error)}") from error
    return decode(content, name, family)


def decode(content: bytes, name: str, family: str = "FM") -> tuple[str, tuple[Diagnostic, ...]]:
    """As `read_text`, for bytes that are at hand."""
    try:
        return _normal(content.decode("utf-8")), ()
    except UnicodeDecodeError as error:
        before = _normal(content[: error.start].decode("utf-8"))
        bad = content[error.start]
    line_start = before.rfind("\n") + 1
    place = Span(len(before), len(before) + 1, before.count("\n") + 1, len(before) - line_start + 1)
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    message = "the file is UTF-16, not UTF-8" if wide else f"the file is not UTF-8: it has the byte 0x{bad:02X} here"
    mend = "Save it as UTF-8, under Save As or Encoding in the editor."
    # UTF-16 is read as what it is, so that this stays the one finding and the file can be shown.
    text = _normal(content.decode("utf-16" if wide else "utf-8", errors="replace"))
    return text, (Diagnostic(name, place, f"{family}008", message, mend=mend),)


def _normal(text: str) -> str:
    text = text.removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


# ── Names ───────────────────────────────────────────────────────────────────────────────────────────────────────────

_LONGEST_SLUG = 60
_LONGEST_NAME = 200
"""Bytes of a file name. File systems take 255; what is left is for the temporary names beside it."""
_APOSTROPHES = re.compile("(?<=\\w)['’ʼ](?=\\w)")
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "å": "a", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "ħ": "h"}
)
"""Latin letters that Unicode does not take apart into a plain letter and a mark."""
_PLAIN_NAME = re.compile(r"[A-Za-z0-9._~!$()*+,=@-]*")
"""What an address takes as it is, without what markup and feed readers take for something else."""
_NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f<>:\"/\\|?*]+")
_LEFT_OVER = re.compile(r"\.newsletter-(\d+)-\d+\.tmp")
"""A temporary file of the process with that number, see `_Change`."""
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?=\.|$)", re.IGNORECASE)
"""Devices of Windows, with any ending (learn.microsoft.com/windows/win32/fileio/naming-a-file)."""


def slugify(title: str) -> str:
    """The title as a part of an address: lower-case ASCII letters, digits and hyphens; "" where it has none of those."""
    folded = _APOSTROPHES.sub("", title).lower().translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", folded).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word
        if len(longer) > _LONGEST_SLUG:
            break
        slug = longer
    return slug or (words[0][:_LONGEST_SLUG] if words else "")


def portable_name(name: str) -> str:
    """`name` as a file name that Linux, macOS and Windows take, with its ending kept. Never empty, never hidden.

    Names that only differ in case or in composed characters stay so: compare them by `same_file_key`.
    """
    clean = _NOT_IN_NAMES.sub("-", unicodedata.normalize("NFC", name)).lstrip(". ").rstrip(". ")
    if _RESERVED.match(clean):
        clean = "_" + clean
    stem, dot, ending = clean.rpartition(".")
    if not dot or len(ending.encode()) > 16:  # not an ending, but a long text with a full stop
        stem, ending = clean, ""
    room = _LONGEST_NAME - len((dot + ending if ending else "").encode())
    stem = stem.encode()[:room].decode(errors="ignore").rstrip(". ")
    return (f"{stem}.{ending}" if ending else stem) or "unnamed"


def in_address(name: str) -> str:
    """`name` as one part of the path of an address (RFC 3986 §3.3): `c#` is `c%23`, `a%2fb` is `a%252fb`, `ü` is `%C3%BC`."""
    return name if _PLAIN_NAME.fullmatch(name) else quote(name, safe="!$()*+,=@", errors="replace")


def same_file_key(path: str) -> str:
    """What two paths share that name one file where case or composition make no difference (macOS, Windows)."""
    return unicodedata.normalize("NFC", path).casefold() if not path.isascii() else path.lower()


# ── Writing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Written:
    """What `write_all` did; names as they were given, sorted."""

    written: tuple[str, ...] = ()
    """New or with new content."""
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    """What was asked to go and had been there."""


def write_all(root: Path, outputs: Mapping[str, bytes], *, remove: Sequence[str] = ()) -> Written:
    """Write `outputs` (names below `root` with forward slashes -> content) and remove the files named in `remove`.

    All or nothing, as far as file systems go: every content is first written to a temporary file beside its target;
    only when all are there are they moved into place, each atomically. A failure before that changes nothing. Files
    that have their content already are not touched, others keep their permissions; a symbolic link is replaced, not followed; folders that a removal
    leaves empty go with it.

    Raises UsageError for a name that would lead out of `root` or be one file with another where case makes no
    difference, WorldError when the file system refuses.
    """
    change = _Change(os.path.abspath(root), outputs, [name for name in remove if name not in outputs])
    try:
        change.prepare()
        return change.commit()
    except OSError as error:
        raise WorldError(f"{change.doing} cannot be written: {_reason(error)}") from error
    finally:
        change.clean_up()


class _Change:
    """One set of files on its way to the disk."""

    def __init__(self, root: str, outputs: Mapping[str, bytes], remove: Sequence[str]) -> None:
        self.doing = root
        """The name that is being worked on, for messages."""
        self._root = root
        self._outputs = outputs
        self._remove = remove
        self._safe: set[str] = set()
        """Folders known to be real and inside the root."""
        self._inside: dict[str, bool] = {}
        self._created: list[str] = []
        self._temporary: list[tuple[str, str, str]] = []
        """(temporary file, target, name), not yet moved."""
        keys = _keys(outputs)
        self._renamed = {name: keys[key] for name in remove if (key := same_file_key(name)) in keys}
        """Files to remove that may be one file with an output: `A.html` when `a.html` is to be written."""

    def prepare(self) -> None:
        for name in (*self._outputs, *self._remove):
            _check_name(name)
        self._make_root()
        rewritten = set(self._renamed.values())
        for name, content in self._outputs.items():
            self.doing = name
            target = os.path.join(self._root, *name.split("/"))
            self._make_folder(os.path.dirname(target), name)
            if not _holds(target, content) or name in rewritten:
                self._temporary.append((self._write_beside(target, content), target, name))

    def commit(self) -> Written:
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
        """Take away what is still temporary."""
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
            os.mkdir(folder)
            self._created.append(folder)
        self._safe.add(self._root)

    def _make_folder(self, folder: str, name: str) -> None:
        """Make `folder` and those above it; what is there must be real folders, or links that stay inside the root."""
        if folder in self._safe:
            return
        self._make_folder(os.path.dirname(folder), name)
        try:
            os.mkdir(folder)
            self._created.append(folder)
        except FileExistsError:
            if os.path.islink(folder) and not self._is_inside(folder):
                raise UsageError(f"{name} would be written outside the folder it belongs in, through a link") from None
            if not os.path.isdir(folder):
                in_the_way = os.path.relpath(folder, self._root)
                raise WorldError(f"{name} cannot be written: {in_the_way} is a file, and has to be a folder") from None
            _tidy(folder)
        self._safe.add(folder)

    def _is_inside(self, folder: str) -> bool:
        """Whether a folder is in the root once all links are followed."""
        if folder not in self._inside:
            root = os.path.realpath(self._root).rstrip(os.sep) + os.sep
            self._inside[folder] = (os.path.realpath(folder) + os.sep).startswith(root)
        return self._inside[folder]

    def _write_beside(self, target: str, content: bytes) -> str:
        folder = os.path.dirname(target)
        for number in range(len(self._temporary), len(self._temporary) + 1000):
            temporary = os.path.join(folder, f".newsletter-{os.getpid()}-{number}.tmp")
            try:
                handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
            except FileExistsError:  # left by a process that was killed, and had our number
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
        """Remove a file and the folders that it leaves empty; whether it was there."""
        self.doing = name
        path = os.path.join(self._root, *name.split("/"))
        folder = os.path.dirname(path)
        if not self._is_inside(folder) or (os.path.isdir(path) and not os.path.islink(path)):
            return False
        try:
            os.unlink(path)
        except (FileNotFoundError, NotADirectoryError):
            return False
        while folder != self._root and not os.path.islink(folder) and _quietly(os.rmdir, folder):
            folder = os.path.dirname(folder)
        return True


def _keep_mode(target: str, temporary: str) -> None:
    """Let a file that is replaced keep who may read, write and run it."""
    try:
        found = os.lstat(target)
    except FileNotFoundError:
        return
    if stat.S_ISREG(found.st_mode):
        os.chmod(temporary, stat.S_IMODE(found.st_mode))


def _tidy(folder: str) -> None:
    """Take away temporary files that a process left here when it was killed."""
    if os.name != "posix":  # elsewhere one cannot ask about a process without ending it
        return
    for name in os.listdir(folder):
        found = _LEFT_OVER.fullmatch(name)
        if found and not _runs(int(found[1])):
            _quietly(os.unlink, os.path.join(folder, name))


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # it runs, and is another person's
        return True
    return True


def _check_name(name: str) -> None:
    parts = name.split("/")
    if "\\" in name or "\0" in name or ":" in parts[0] or any(part in ("", ".", "..") for part in parts):
        raise UsageError(f"`{name}` is not a name for a file inside the folder it belongs in")


def _keys(outputs: Mapping[str, bytes]) -> dict[str, str]:
    keys: dict[str, str] = {}
    for name in outputs:
        other = keys.setdefault(same_file_key(name), name)
        if other != name:
            raise UsageError(
                f"`{other}` and `{name}` would be one file on Windows and macOS",
                hint="give one of them a name that differs by more than case",
            )
    return keys


def _holds(target: str, content: bytes) -> bool:
    """Whether a regular file `target` has exactly `content`."""
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
    """Try `action` where nothing is lost if it fails."""
    try:
        action(path)
    except OSError:
        return False
    return True


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
