"""The source of an import: a file, a folder or a zip, opened once, with safe names and limits on all reading.

A folder or zip is listed before anything in it is read. Dangerous entries are not listed but reported in `refused`:
names that lead out of the folder, links, entries that unpack to a thousand times their size, entries that share bytes.
"""

from __future__ import annotations

import os
import stat
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

from newsletter.errors import UsageError, WorldError, reason_of
from newsletter.files import RefusedFileError, read_bytes
from newsletter.importing.base import ImportNote, Skipped
from newsletter.importing.charsets import decoded
from newsletter.importing.cut_zips import content_of, entries_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from newsletter.importing.cut_zips import CutEntry

LARGEST_TEXT = 50_000_000
"""The largest text that is read as a whole, in bytes: a feed, an export in one file, an issue."""
LARGEST_PICTURE = 100_000_000
MOST_ENTRIES = 100_000
"""The largest number of files in a folder or zip."""
MOST_UNPACKED = 8_000_000_000
"""The largest total size of all entries of a zip, in bytes, as the zip declares it."""
MOST_PACKED = 200
"""The largest ratio of unpacked to packed size, for entries of more than a megabyte. Text packs to a tenth, a zip
bomb to a thousandth."""
AGAIN = "Export or download it again."
_ENTRY_HEAD = 30
"""The bytes of a local file header before the entry's name (APPNOTE.TXT 4.3.7)."""
_DEEPEST = 40
_IGNORED = frozenset({"node_modules", "__MACOSX", "Thumbs.db", "desktop.ini"})
_HIDDEN_BUT_READ = frozenset({".eleventy.js"})
"""Hidden files that identify the kind of a folder."""
_FOREIGN_CHARACTERS = frozenset("\0\\")


class EntryError(Exception):
    """An entry cannot be read. `str(error)` is a reason for `Skipped`: "it is encrypted"."""


class ImportSource:
    """A file, a folder or a zip. Use it as a context manager.

    `path` is its location, `name` the name that the user typed. A zip is read like the folder that is packed in it
    (`is_folder`).
    """

    def __init__(self, path: Path, name: str = "") -> None:
        """Opens and lists the source.

        Raises UsageError if it does not exist or cannot be listed, and WorldError if the disk fails.
        """
        self.path = path
        self.name = name or str(path)
        self.refused: tuple[Skipped, ...] = ()
        """Entries that are not listed because they are dangerous or unreadable, each with the reason."""
        self._zip: zipfile.ZipFile | None = None
        self._members: dict[str, zipfile.ZipInfo] = {}
        self._cut: dict[str, CutEntry] = {}
        """The entries of a zip without its end, by name."""
        self.is_cut = False
        """Whether the end of the zip is missing, so that files of it may be, too."""
        self._names: tuple[str, ...] = ()
        self.is_folder = False
        try:
            self._open(Path(os.path.realpath(path)))
        except FileNotFoundError as error:
            raise UsageError(f"there is no {self.name}", hint="Name the exported file or folder.") from error
        except OSError as error:
            raise WorldError(f"{self.name} cannot be read: {reason_of(error)}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._zip:
            self._zip.close()

    def _open(self, real: Path) -> None:
        self._real = real
        found = real.stat()
        if stat.S_ISDIR(found.st_mode):
            self.is_folder = True
            refused: list[Skipped] = []
            self._names = tuple(sorted(self._listed(_walk(real, refused))))
            self.refused = tuple(refused)
        elif not stat.S_ISREG(found.st_mode):
            raise UsageError(f"{self.name} is a device or a pipe", hint="Save it as a file first.")
        elif zipfile.is_zipfile(real) and not _is_document(real):
            self.is_folder = True
            self._open_zip(real)
        elif _begins_as_zip(real) and not _is_document(real):
            self.is_folder = True
            self._open_cut(real)
        else:
            self._names = (real.name,)

    def _listed(self, names: Iterable[str]) -> Iterator[str]:
        for count, name in enumerate(names):
            if count >= MOST_ENTRIES:
                raise UsageError(
                    f"{self.name} has over {MOST_ENTRIES:,} files; the rest is ignored",
                    hint="Name the subfolder with the issues.",
                )
            yield name

    def _open_zip(self, real: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(real)
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise UsageError(f"{self.name} is a damaged zip: {error}", hint=AGAIN) from error
        try:
            self._list_zip(self._zip.infolist(), real.stat().st_size)
        except BaseException:
            self._zip.close()
            raise

    def _open_cut(self, real: Path) -> None:
        """Lists the complete entries of a zip whose end is missing."""
        size = real.stat().st_size
        with real.open("rb") as file:
            entries = [one for _, one in zip(range(MOST_ENTRIES), entries_of(file, size, MOST_UNPACKED), strict=False)]
        complete = [one for one in entries if one.complete]
        if not complete:
            raise UsageError(f"{self.name} is cut off: it has no complete file", hint=AGAIN)
        self.is_cut = True
        self._list_zip([one.info for one in complete], size)
        by_info = {id(one.info): one for one in complete}
        self._cut = {name: by_info[id(info)] for name, info in self._members.items()}
        broken = next((one.info for one in entries if not one.complete), None)
        last = _printable(_name_of(broken)) if broken else f"what follows {_printable(_name_of(complete[-1].info))}"
        reason = "the zip is cut off here. What follows is missing, and only the whole zip says what it was"
        self.refused = (*self.refused, Skipped(last, reason, fault=True))

    def _list_zip(self, entries: list[zipfile.ZipInfo], size: int) -> None:
        _refuse_zip(self.name, entries)
        overlapping = _overlapping(entries, size)
        refused = []
        for _, info in zip(self._listed(entry.filename for entry in entries), entries, strict=True):
            name = _name_of(info)
            if info.is_dir() or _is_ignored(name):
                continue
            reason = _reason_against(info, name) or overlapping.get(id(info), "")
            if not reason and name in self._members:
                reason = "another entry has its name"
            if reason:
                refused.append(Skipped(_printable(name), reason, fault=True))
            else:
                self._members[name] = info
        self.refused = tuple(refused)
        self._names = tuple(sorted(self._members))

    def names(self) -> tuple[str, ...]:
        """The paths of the files, sorted, relative to the folder or zip, with forward slashes.

        If the source is a file, this is its own name. Folders, hidden files and files that systems create (`Thumbs.db`)
        are not included.
        """
        return self._names

    def size(self, name: str) -> int:
        """The size of a listed file in bytes, as the folder or zip declares it. Raises EntryError."""
        if name in self._members:
            return self._members[name].file_size
        try:
            return self._file(name).stat().st_size
        except OSError as error:
            raise EntryError(reason_of(error)) from error

    def read(self, name: str, limit: int = LARGEST_TEXT, *, first: int = 0) -> bytes:
        """The content of a listed file; with `first`, at most this many bytes from its beginning.

        Raises EntryError if it is larger than `limit` bytes, damaged, or no longer there.
        """
        if self._zip or self._cut:
            return self._unpacked(name, limit, first)
        try:
            return read_bytes(self._file(name), limit, first=first)
        except RefusedFileError as error:
            raise EntryError(error.strerror or str(error)) from error
        except OSError as error:
            raise EntryError(f"it cannot be read: {reason_of(error)}") from error

    def text(self, name: str, limit: int = LARGEST_TEXT, *, declared: str = "") -> tuple[str, tuple[ImportNote, ...]]:
        """The text of a file, with line feeds as line ends, and a note if its charset had to be guessed.

        `declared` is a charset known from elsewhere. That of an XML declaration or `<meta>` is found here. Raises
        EntryError like `read`.
        """
        text, note = decoded(self.read(name, limit), declared)
        return text, (ImportNote(name, note, "changed"),) if note else ()

    def beginning(self, name: str, size: int = 4096) -> str:
        """The text of the first `size` bytes of a file, to detect its kind; empty if it cannot be read."""
        with suppress(EntryError):
            return decoded(self.read(name, LARGEST_PICTURE, first=size))[0]
        return ""

    def _file(self, name: str) -> Path:
        if name not in self._names:
            raise EntryError("there is no such file")
        return self._real.joinpath(*name.split("/")) if self.is_folder else self._real

    def _unpacked(self, name: str, limit: int, first: int) -> bytes:
        if name not in self._members:
            raise EntryError("there is no such file")
        info = self._members[name]
        if info.file_size > limit:
            raise EntryError(f"it has {info.file_size / 1_000_000:,.0f} MB; the limit is {limit // 1_000_000} MB")
        try:
            if self._zip is None:
                with self._real.open("rb") as file:
                    return content_of(file, self._cut[name], first or limit + 1)
            with self._zip.open(info) as entry:
                return entry.read(first or limit + 1)
        except NotImplementedError as error:
            raise EntryError("its compression method is not supported") from error
        except zip_faults() as error:
            raise EntryError("it is damaged or cut off") from error


def zip_faults() -> tuple[type[Exception], ...]:
    """The errors that reading an entry of a damaged zip may raise."""
    import lzma
    import zlib

    return (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, RuntimeError)


def _walk(folder: Path, refused: list[Skipped], above: str = "", depth: int = 0) -> Iterator[str]:
    """The files below a folder. Links are not followed."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            name = f"{above}{entry.name}"
            if _is_ignored(entry.name):
                continue
            if not _is_text(name):
                refused.append(Skipped(_printable(name), "its name is not readable text", fault=True))
            elif entry.is_symlink():
                refused.append(Skipped(name, "it is a link, and links are not followed", fault=True))
            elif entry.is_dir():
                if depth < _DEEPEST:
                    yield from _walk(Path(entry.path), refused, f"{name}/", depth + 1)
                else:
                    refused.append(Skipped(name, "it is nested too deeply", fault=True))
            elif entry.is_file():
                yield name


def _begins_as_zip(real: Path) -> bool:
    with real.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def _is_text(name: str) -> bool:
    """Whether a name is valid Unicode. In Python's file names, invalid bytes are lone surrogates."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _printable(name: str) -> str:
    return "".join(char if char.isprintable() else "\ufffd" for char in name)[:200]


def _is_ignored(name: str) -> bool:
    parts = [part for part in name.replace("\\", "/").split("/") if part not in _HIDDEN_BUT_READ]
    return any(part in _IGNORED or (part.startswith(".") and part.strip(".")) for part in parts)


def _is_document(real: Path) -> bool:
    """Whether a zip is a single document: .docx, .odt, .epub."""
    return real.suffix.casefold() in {".docx", ".docm", ".dotx", ".odt", ".epub"}


def _refuse_zip(name: str, entries: list[zipfile.ZipInfo]) -> None:
    """Raises UsageError for a zip that unpacks to too many gigabytes."""
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MOST_UNPACKED:
        gigabytes = f"{unpacked / 1e9:,.0f} GB; the limit is {MOST_UNPACKED // 10**9} GB"
        raise UsageError(f"{name} is not read: it would unpack to {gigabytes}", hint="Unpack it and name the folder.")


def _overlapping(entries: list[zipfile.ZipInfo], size: int) -> dict[int, str]:
    """Reasons to refuse entries that share bytes with another or end after the file, by `id(entry)`.

    Of two entries that share bytes, it is unknown which one is right.
    """
    reasons: dict[int, str] = {}
    last: zipfile.ZipInfo | None = None
    """The entry so far that ends last."""
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        end = entry.header_offset + _extent(entry)
        if last and entry.header_offset < last.header_offset + _extent(last):
            reasons.setdefault(id(entry), f"it overlaps the entry {_printable(last.filename)}")
            reasons.setdefault(id(last), f"it overlaps the entry {_printable(entry.filename)}")
        if end > size:
            reasons[id(entry)] = "it is longer than the zip"
        if not last or end > last.header_offset + _extent(last):
            last = entry
    return reasons


def _extent(entry: zipfile.ZipInfo) -> int:
    """The smallest number of bytes that an entry occupies."""
    return _ENTRY_HEAD + len(entry.orig_filename) + entry.compress_size


def _name_of(info: zipfile.ZipInfo) -> str:
    """The name of an entry.

    Without the UTF-8 flag, zipfile decodes it as code page 437, but it is often UTF-8 nevertheless.
    """
    name = info.orig_filename
    if not info.flag_bits & 0x800:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name


def _reason_against(info: zipfile.ZipInfo, name: str) -> str:
    """Why an entry is refused; empty if it is safe."""
    parts = name.split("/")
    if any(part in ("", ".", "..") for part in parts) or ":" in parts[0] or _FOREIGN_CHARACTERS & set(name):
        return "its name would lead out of the folder it is unpacked in"
    if len(parts) > _DEEPEST:
        return "it is nested too deeply"
    mode = info.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "it is a link, and links are not followed" if stat.S_ISLNK(mode) else "it is a device or a pipe"
    if info.flag_bits & 0x1:
        return "it is encrypted"
    if info.file_size > 1_000_000 and info.file_size > MOST_PACKED * max(info.compress_size, 1):
        return f"it would unpack to {info.file_size // max(info.compress_size, 1):,} times its size"
    return ""
