"""Files: the one guard of everything that is read, names that every file system takes, and writing a set of files as one."""

from __future__ import annotations

import errno
import os
import re
import stat
import time
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote, unquote

from newsletter.bundled import templates_folder
from newsletter.errors import UsageError, WorldError
from newsletter.late import late
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from newsletter.diagnostics import Diagnostic

# A build looks at a thousand files, and `os` costs a third of what pathlib does.
# ruff: noqa: PTH100, PTH101, PTH102, PTH105, PTH108, PTH109, PTH112, PTH114, PTH116, PTH118, PTH120, PTH123, PTH208


# ── Reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────

TEXT_LIMIT = 2_000_000
"""Bytes of a configuration, a template, a snippet, a file of words, a look; and of an issue if no more is allowed."""
ISSUE_LIMIT = 50_000_000
"""Bytes that newsletter.yaml can allow an issue."""
PICTURE_LIMIT = 100_000_000
"""Bytes of a picture, a font, or another file that an issue links to."""

_WORKSPACES: dict[str, str] = {}
"""The workspaces that this process was asked to work on, each as it was named and as it is once links are followed."""


class RefusedFileError(OSError):
    """A file that is not read, whatever the file system says: `strerror` goes on from its name ("is …")."""


def open_workspace(root: Path | str) -> None:
    """From now on, no file below `root` is read through a link that leads out of it."""
    named = os.path.abspath(root)
    if named not in _WORKSPACES:
        real = os.path.realpath(named)
        _WORKSPACES[named] = _WORKSPACES[real] = real


def read_bytes(path: Path | str, limit: int = TEXT_LIMIT, *, first: int = 0) -> bytes:
    """The content of a file: regular, of at most `limit` bytes, and in the workspace that it is named in, links followed.

    With `first`, no more than this many bytes of its beginning.

    What is in no workspace may be a link within its folder; what came with the tool is trusted. Raises RefusedFileError
    for anything else, without opening it (a pipe would block, a device answer), and OSError as the file system does.
    """
    real = _allowed(path, limit)
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(real, flags)
    with open(handle, "rb") as file:
        size = _allowed_size(os.fstat(handle), limit)  # once more: it may be another one by now
        if first:
            return file.read(first)
        content = file.read(size + 1)
        if len(content) > size:  # it grows
            content += file.read(limit + 1 - size)
    if len(content) > limit:
        raise RefusedFileError(errno.EFBIG, _too_large(len(content), limit), os.fspath(path))
    return content


Stamp = tuple[int, int, int]
"""What tells whether a file has changed: when it was, in nanoseconds; its size in bytes; and when its entry was, which no
program sets. Two of the same second and size differ in the last."""


def stamp_of(path: str | Path) -> Stamp | None:
    """The stamp of a file; None if there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ctime_ns


def can_be_read(path: Path | str, limit: int = PICTURE_LIMIT) -> bool:
    """Whether `read_bytes` would take what `path` names, as far as can be told without opening it."""
    try:
        _allowed(path, limit)
    except (OSError, ValueError):  # a NUL
        return False
    return True


def is_there(path: Path | str) -> bool:
    """Whether `path` names anything but a folder, be it a link to nowhere or a pipe: reading it says what is wrong with it.

    Raises WorldError if a folder on the way cannot be read: what is in it is not gone.
    """
    try:
        return not stat.S_ISDIR(os.lstat(path).st_mode) and not os.path.isdir(path)
    except (FileNotFoundError, NotADirectoryError, ValueError):  # a NUL
        return False
    except OSError as error:
        if error.errno in {errno.ENAMETOOLONG, errno.ELOOP, errno.EINVAL}:
            return False
        raise WorldError(f"{_told(path)} cannot be read: {_reason(error)}") from error


def _told(path: Path | str) -> str:
    """A path as people know it: from its workspace down."""
    named = os.path.join(os.getcwd(), path)
    root = next((root for root in _WORKSPACES if named.startswith(root + os.sep)), "")
    return os.path.relpath(named, root).replace(os.sep, "/") if root else named


def _allowed(path: Path | str, limit: int) -> str:
    """The path of a file that may be read, all links followed."""
    named = os.path.join(os.getcwd(), path)
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

    The path is taken as it was written: what follows `..` is still asked for in the name of its workspace.
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
    """As `read_bytes`; what cannot be read is reported as `name`: UsageError if it is refused, else WorldError."""
    try:
        return read_bytes(path, limit)
    except RefusedFileError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}", hint="put the file itself there") from error
    except OSError as error:
        raise WorldError(f"{name} cannot be read: {_reason(error)}") from error


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
            raise UsageError(f"{name} cannot be read: {error.strerror}", hint="put the file itself there") from error
        from newsletter.diagnostics import Diagnostic
        from newsletter.model import Span

        message = f"the file is not read: {error.strerror}"
        mend = "Split it, and keep pictures and data in separate files."
        if family == "FM":
            mend += " If an issue needs to be that long, raise `issue_limit` in newsletter.yaml."
        return "", (Diagnostic(name, Span(0, 0, 1, 1), f"{family}008", message, mend=mend),)
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
    from newsletter.diagnostics import Diagnostic
    from newsletter.model import Span

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
_MOST_BYTES_OF_A_SLUG = 150
"""A character of other scripts has three or four, and nine or twelve signs in an address."""
_JOINERS = "\u200c\u200d"
_LONGEST_NAME = 200
"""Bytes of a file name. File systems take 255; what is left is for the temporary names beside it."""
_APOSTROPHES = late("(?<=\\w)['’ʼ](?=\\w)")
PLAIN_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "å": "a", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i", "ħ": "h"}
)
"""Latin letters that Unicode does not take apart into a plain letter and a mark."""
_PLAIN_NAME = re.compile(r"[A-Za-z0-9._~!$()*+,=@-]*")
"""What an address takes as it is, without what markup and feed readers take for something else."""
_NOT_IN_NAMES = re.compile(r"[\x00-\x1f\x7f<>:\"/\\|?*]+")
_LEFT_OVER = re.compile(r"\.newsletter-(\d+)-\d+\.tmp")
"""A temporary file of the process with that number, see `_Change`."""
_LEFT_OVER_ALL = re.compile(r"\.newsletter-(\d+)-\d+\.(?:tmp|new)")
_SYNCHRONISED = 500
"""Up to this many files and folders, each is synchronised by itself."""
_STARTED = time.time() - 1
"""When this process began, as far as files tell."""
_LONG = 24 * 60 * 60
"""Seconds that no writing takes."""
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?=\.|$)", re.IGNORECASE)
"""Devices of Windows, with any ending (learn.microsoft.com/windows/win32/fileio/naming-a-file)."""


def slugify(title: str, *, any_script: bool = False) -> str:
    """The title as a part of an address: its words joined by hyphens, lower case; "" if it has neither letters nor digits.

    With `any_script`, letters and digits of all scripts; otherwise those of ASCII, and what none stands for is left out.
    Latin letters lose their accents either way, as addresses are typed; the marks of other scripts, without which their
    words are others, stay.
    """
    words = _words(title)
    if not any_script:
        words = (plain for word in words if (plain := "".join(filter(str.isascii, word))))
    return _joined(words)


def _words(title: str) -> Iterator[str]:
    """The words of a title, as addresses have them."""
    folded = unicodedata.normalize("NFKC", _APOSTROPHES.sub("", title)).lower()
    word = ""
    for char in folded if folded.isascii() else "".join(map(_plain_letter, folded)):
        if char.isalnum() or (not word.isascii() and _belongs_to_its_letter(char)):
            word += char
        elif word and not _belongs_to_its_letter(char):
            yield word.rstrip(_JOINERS)
            word = ""
    if word:
        yield word.rstrip(_JOINERS)


def _plain_letter(char: str) -> str:
    """A Latin letter without its accents; any other character as it is."""
    base = unicodedata.normalize("NFD", char)[0].translate(PLAIN_LETTERS)
    return base if base.isascii() else char


def _belongs_to_its_letter(char: str) -> bool:
    """Vowel signs and the like, and the joiners that some scripts write within words; what dresses up a pictograph is none."""
    return char in _JOINERS or (unicodedata.category(char) in {"Mn", "Mc"} and not "\ufe00" <= char <= "\ufe0f")


def _joined(words: Iterable[str]) -> str:
    """As many words as there is room for; the beginning of the first where it alone is too long."""
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word
        if not _fits(longer):
            return slug or _beginning(word)
        slug = longer
    return slug


def _beginning(word: str) -> str:
    """As much of a word as there is room for. A letter goes with its marks: without them it would be another."""
    end = len(word)
    while not _fits(word[:end]):
        end -= 1
    while end and _belongs_to_its_letter(word[end]):
        end -= 1
    return word[:end]


def _fits(slug: str) -> bool:
    return len(slug) <= _LONGEST_SLUG and len(slug.encode()) <= _MOST_BYTES_OF_A_SLUG


def composed(name: str) -> str:
    """`name` in Unicode NFC, in which all names are compared and addressed: systems type and keep one name differently."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def spelled(folder: Path | str, name: str) -> str:
    """`name`, a path below `folder`, as its parts are spelled on disk: there it may be composed otherwise (Unicode NFC, NFD).

    Where there are several spellings, the one that is asked for; if there is none, `name`.
    """
    if name.isascii() or os.path.lexists(os.path.join(folder, name)):
        return name
    above, found = os.fspath(folder), []
    for part in name.split("/"):
        found.append(_spelled_in(above, part))
        above = os.path.join(above, found[-1])
    return "/".join(found)


def _spelled_in(folder: str, name: str) -> str:
    if name.isascii() or os.path.lexists(os.path.join(folder, name)):
        return name
    return next(iter(spellings(folder, name)), name)


def spellings(folder: Path | str, name: str) -> list[str]:
    """The entries of `folder` that are `name` however it is composed, in order; at most one where systems compare so."""
    try:
        return sorted(entry for entry in os.listdir(folder) if composed(entry) == composed(name))
    except (OSError, ValueError):  # a NUL
        return []


def composed_address(part: str) -> str:
    """A percent-encoded part of an address with the name in it in Unicode NFC; as it is where it is so already."""
    name = unquote(part)
    return part if composed(name) == name else in_address(composed(name))


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
    return composed(path).casefold() if not path.isascii() else path.lower()


# ── Writing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Written:
    """The result of `write_all`; names as they were given, sorted."""

    written: tuple[str, ...] = ()
    """New or with new content."""
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    """The files that were removed."""


FileContent = bytes | Callable[[], bytes]
"""What a file is to hold, or what makes it once it is its turn: of many large files, one at a time is in memory."""


def content_of(given: FileContent) -> bytes:
    """The content itself."""
    return given() if callable(given) else given


class Journal(Protocol):
    """Where a change is noted before it is made, so that it can be completed after a crash (newsletter.project.transaction)."""

    def begin(self, moves: Sequence[tuple[str, str]], remove: Sequence[str]) -> None:
        """Notes, durably, which files are to be moved to which names, and which are to go; all relative to the root."""

    def end(self) -> None:
        """Ends the change: everything is done, and on the disk."""


def write_all(
    root: Path,
    outputs: Mapping[str, FileContent],
    *,
    remove: Sequence[str] = (),
    links: bool = True,
    journal: Journal | None = None,
) -> Written:
    """Write `outputs` (names below `root` with forward slashes -> content) and remove the files named in `remove`.

    All or nothing, as far as file systems go: every content is first written to a temporary file beside its target;
    only when all are there are they moved into place, each atomically. A failure before that changes nothing. Files
    that have their content already are not touched, others keep their permissions; a symbolic link is replaced, not followed; folders that a removal
    leaves empty go with it. Without `links`, none of the folders may be one, wherever it leads.

    With a `journal`, what was written survives a crash of the system as well, and a crash between two moves can be made good:
    contents and folders are synchronised to the disk, and the change is noted before anything is moved. A failure after that
    leaves note and temporary files for whoever completes it.

    Raises UsageError for a name that would lead out of `root` or be one file with another where case makes no
    difference, WorldError when the file system refuses.
    """
    gone = [name for name in remove if name not in outputs]
    change = _Change(os.path.abspath(root), outputs, gone, links=links, journal=journal)
    try:
        change.prepare()
        return change.commit()
    except OSError as error:
        raise WorldError(f"{change.doing} cannot be written: {_reason(error)}") from error
    finally:
        change.clean_up()


class _Change:
    """One set of files on its way to the disk."""

    def __init__(
        self,
        root: str,
        outputs: Mapping[str, FileContent],
        remove: Sequence[str],
        *,
        links: bool,
        journal: Journal | None = None,
    ) -> None:
        self.doing = root
        """The name that is being worked on, for messages."""
        self._root = root
        self._outputs = outputs
        self._remove = remove
        self._links = links
        self._journal = journal
        self._noted = False
        """Whether the journal has it: from then on, what is temporary is not ours to take away."""
        self._safe: set[str] = set()
        """Folders known to be real and inside the root."""
        self._tidied: set[str] = set()
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
        """The folders in which something changes, and those above them, in which they may be new."""
        folders = {self._root}
        for name in (*(name for _, _, name in self._temporary), *self._remove):
            parts = name.split("/")[:-1]
            folders.update(os.path.join(self._root, *parts[:depth]) for depth in range(1, len(parts) + 1))
        return sorted(folders)

    def _synchronise(self, files: Sequence[str], folders: Sequence[str]) -> None:
        """Has the system write files and folders to the disk; where they are many, all that it has."""
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
        """Take away what is still temporary."""
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
            if os.path.islink(folder) and not self._links:
                link = os.path.relpath(folder, self._root)
                raise UsageError(
                    f"{name} is not written: {link} is a symbolic link",
                    hint="put a folder there; newsletter may remove what is in it",
                ) from None
            if os.path.islink(folder) and not self._is_inside(folder):
                raise UsageError(f"{name} would be written outside the folder it belongs in, through a link") from None
            if not os.path.isdir(folder):
                in_the_way = os.path.relpath(folder, self._root)
                raise WorldError(f"{name} cannot be written: {in_the_way} is a file but must be a folder") from None
        self._safe.add(folder)

    def _tidy_once(self, folder: str) -> None:
        """Tidy a folder that something is written into: those above it may hold ten thousand others."""
        if folder not in self._tidied:
            self._tidied.add(folder)
            if folder not in self._created:
                _tidy(folder)

    def _is_inside(self, folder: str) -> bool:
        """Whether a folder is in the root once all links are followed."""
        if folder not in self._inside:
            root = os.path.realpath(self._root).rstrip(os.sep) + os.sep
            self._inside[folder] = (os.path.realpath(folder) + os.sep).startswith(root)
        return self._inside[folder]

    def _write_beside(self, target: str, content: bytes) -> str:
        folder = os.path.dirname(target)
        for number in range(len(self._temporary), len(self._temporary) + 1000):
            # What a journal names is taken away by nobody who passes by.
            ending = "new" if self._journal else "tmp"
            temporary = os.path.join(folder, f".newsletter-{os.getpid()}-{number}.{ending}")
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
    """Let a file that is replaced keep who may read, write and run it."""
    try:
        found = os.lstat(target)
    except FileNotFoundError:
        return
    if stat.S_ISREG(found.st_mode):
        os.chmod(temporary, stat.S_IMODE(found.st_mode))


def synchronise(path: str) -> None:
    """Has the system write a file to the disk."""
    handle = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def synchronise_folder(path: str) -> None:
    """Has the system write the entries of a folder to the disk, if it can be asked to (not on Windows)."""
    if os.name != "posix":
        return
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:  # it went with what was in it
        return
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:  # some file systems have no such thing
            raise
    finally:
        os.close(handle)


def clear_left_over(root: Path, folders: Iterable[str]) -> None:
    """Take away what processes left in `folders` of `root`, and below, when they were killed. No link is followed.

    To be called by who holds the workspace's lock, with no journal left to complete.
    """
    for folder in folders:
        if not os.path.islink(os.path.join(root, folder)):
            for where, _, _ in os.walk(os.path.join(root, folder)):
                _tidy(where, _LEFT_OVER_ALL)


def is_temporary(name: str) -> bool:
    """Whether a file of this name is one on its way to another name, or was left on it."""
    return bool(_LEFT_OVER_ALL.fullmatch(name))


def _tidy(folder: str, left_over: re.Pattern[str] | None = None) -> None:
    """Take away temporary files that a process left here when it was killed."""
    for name in os.listdir(folder):
        found = (left_over or _LEFT_OVER).fullmatch(name)
        if found and _is_left_over(path := os.path.join(folder, name), int(found[1])):
            _quietly(os.unlink, path)


def _is_left_over(path: str, process: int) -> bool:
    """Whether the process that made a temporary file has ended. Numbers come again: in a container soon, and for all in time."""
    try:
        changed = os.lstat(path).st_mtime
    except OSError:
        return False
    if process == os.getpid():
        return changed < _STARTED
    if os.name != "posix":  # elsewhere one cannot ask about a process without ending it
        return changed < time.time() - _LONG
    return not _runs(process) or changed < time.time() - _LONG


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


def _keys(outputs: Iterable[str]) -> dict[str, str]:
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
    """Try `action` if nothing is lost if it fails."""
    try:
        action(path)
    except OSError:
        return False
    return True


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
