"""The record of what was published: archive/record.jsonl, with one event per line, and the state after all events.

Each line is a JSON object. Lines are only added. Each ends with a checksum of itself, which shows whether it is
incomplete or was altered. A line names the files that were frozen with it, with the BLAKE2b hash (RFC 7693, 256 bits)
of each. A file in archive/ is only trusted if its hash matches.

{"event": "published", "id": …, "issue": …, "slug": …, "title": …, "date": …, "at": …, "tool": …, "services": {…},
  "folder": …, "files": {…}, "paid": {…}, "sum": …}
{"event": "revised", "id": …, "at": …, "note": …, and the rest as above}
{"event": "withdrawn", "id": …, "at": …, "note": …, "sum": …}
"""

from __future__ import annotations

import json
import re
from dataclasses import field, replace
from datetime import datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from newsletter.errors import ConfigurationError
from newsletter.files import read_file
from newsletter.late import late
from newsletter.names import portable_name, same_file_key
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

ARCHIVE = "archive"
RECORD = f"{ARCHIVE}/record.jsonl"
PAID = "paid"
"""The folder in archive/ for files that only paying readers got.

It contains a .gitignore file that keeps it out of git.
"""
SOURCE = "source"
"""The folder, inside that of an issue, of its text and pictures as they were in the workspace."""
PUBLISHED, REVISED, WITHDRAWN = "published", "revised", "withdrawn"
LIMIT = 1_000_000_000
"""The most bytes of a record."""
_HASH = re.compile("[0-9a-f]{64}")
_UNFIT = late(r"[\x00-\x1f\x7f\ud800-\udfff\\]|^[^/]*:")
_MOST_FAULTS = 5
"""The most faults of a record that are reported at once."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A change that was published after the issue was."""

    at: datetime
    note: str
    """The description of the change, as its author wrote it."""


@dataclass(frozen=True, slots=True)
class Version:
    """A published version of an issue."""

    at: datetime
    note: str
    """Empty for the first version."""
    issue: str
    slug: str
    title: str
    date: datetime
    tool: str
    """The version of the program that published it."""
    services: Mapping[str, Any]
    """The draft of the issue at each mailing service, by the name of the service: its id, and the time of the push."""
    folder: str
    """The folder of its frozen copy, inside archive/, with forward slashes."""
    files: Mapping[str, str]
    """The hash of each file, by path in that folder."""
    paid: Mapping[str, str]
    """The hash of each file inside archive/paid/, for paying readers only."""

    @property
    def names(self) -> Mapping[str, str]:
        """The hash of each frozen file, by path relative to the workspace."""
        public = {f"{ARCHIVE}/{self.folder}/{name}": mark for name, mark in self.files.items()}
        return public | {f"{ARCHIVE}/{PAID}/{self.folder}/{name}": mark for name, mark in self.paid.items()}

    @property
    def source(self) -> str:
        """The frozen text of the issue, relative to the workspace."""
        name = f"{SOURCE}/{self.issue}"
        return f"{ARCHIVE}/{self.folder}/{name}" if name in self.files else f"{ARCHIVE}/{PAID}/{self.folder}/{name}"

    @property
    def sources(self) -> Mapping[str, str]:
        """The hashes of its text and its files at that time, by path in the workspace."""
        start = f"{SOURCE}/"
        both = (*self.files.items(), *self.paid.items())
        return {name.removeprefix(start): mark for name, mark in both if name.startswith(start)}


@dataclass(frozen=True, slots=True)
class RecordedIssue:
    """A published issue in its current state."""

    id: str
    published: datetime
    versions: tuple[Version, ...]
    """The first version, and each revision."""
    withdrawn: datetime | None = None
    reason: str = ""
    """The reason for its withdrawal, if it was given."""

    @property
    def name(self) -> str:
        """The name in its id, without the domain."""
        return local_name(self.id)

    @property
    def latest(self) -> Version:
        """The last published version."""
        return self.versions[-1]

    @property
    def issue(self) -> str:
        """The path of its file when it was last published."""
        return self.latest.issue

    @property
    def slug(self) -> str:
        """The last part of its address."""
        return self.latest.slug

    @property
    def title(self) -> str:
        """The title of the last published version."""
        return self.latest.title

    @property
    def date(self) -> datetime:
        """The date of the last published version."""
        return self.latest.date

    @property
    def services(self) -> Mapping[str, Any]:
        """The drafts at services, as in `Version`."""
        return self.latest.services

    @property
    def folder(self) -> str:
        """The folder of the frozen latest version, inside archive/."""
        return self.latest.folder

    @property
    def files(self) -> Mapping[str, str]:
        """The files of the latest version, by path in `folder`."""
        return self.latest.files

    @property
    def source(self) -> str:
        """The frozen text of the latest version, relative to the workspace."""
        return self.latest.source

    @property
    def revisions(self) -> tuple[Revision, ...]:
        """The revisions after it was published, oldest first."""
        return tuple(Revision(version.at, version.note) for version in self.versions[1:])

    @property
    def updated(self) -> datetime | None:
        """The time of the last revision."""
        return self.latest.at if self.versions[1:] else None

    @property
    def former_slugs(self) -> tuple[str, ...]:
        """Its earlier addresses, oldest first."""
        slugs = dict.fromkeys(version.slug for version in self.versions)
        return tuple(slug for slug in slugs if same_file_key(slug) != same_file_key(self.slug))


@dataclass(frozen=True, slots=True)
class Record:
    """All published issues, oldest first. False if nothing was ever published."""

    issues: tuple[RecordedIssue, ...] = ()
    _places: dict[str, dict[str, RecordedIssue]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.issues)

    def of(self, path: str) -> RecordedIssue | None:
        """The issue that had this file when it was last published."""
        return self._by("issue").get(path)

    def by_id(self, name: str) -> RecordedIssue | None:
        """The issue of this id."""
        return self._by("id").get(name)

    def by_name(self, name: str) -> RecordedIssue | None:
        """The issue with this name in its id, on any domain."""
        return self._by("name").get(name)

    def by_slug(self, slug: str) -> RecordedIssue | None:
        """The issue that has, or had, this address."""
        places = self._places.get("slug")
        if places is None:
            places = self._places["slug"] = {}
            for issue in self.issues:  # an issue that has it now comes before one that had it
                places.update((same_file_key(slug), issue) for slug in issue.former_slugs)
            for issue in self.issues:
                places[same_file_key(issue.slug)] = issue
        return places.get(same_file_key(slug))

    @property
    def standing(self) -> tuple[RecordedIssue, ...]:
        """The issues that are on the web."""
        return tuple(issue for issue in self.issues if issue.withdrawn is None)

    @property
    def withdrawn(self) -> tuple[RecordedIssue, ...]:
        """The issues that were withdrawn."""
        return tuple(issue for issue in self.issues if issue.withdrawn is not None)

    def _by(self, what: str) -> dict[str, RecordedIssue]:
        if what not in self._places:
            # A published one comes before a withdrawn one.
            ordered = (*self.withdrawn, *self.standing)
            self._places[what] = {getattr(issue, what): issue for issue in ordered}
        return self._places[what]


Trace = tuple[str, str]
"""An address that readers may have saved, and the address that replaces it; empty if the issue was withdrawn."""


def traces_of(record: Record) -> tuple[Trace, ...]:
    """The addresses of withdrawn issues, and the former ones of others, in order.

    Addresses of current issues are left out.
    """
    taken = {same_file_key(issue.slug) for issue in record.standing}
    found = {slug: "" for issue in record.withdrawn for slug in (*issue.former_slugs, issue.slug)}
    found |= {slug: issue.slug for issue in record.standing for slug in issue.former_slugs}
    return tuple(sorted((slug, to) for slug, to in found.items() if same_file_key(slug) not in taken))


def local_name(name: str) -> str:
    """The name of an issue in its id, a tag: URI (RFC 4151): the part after the tagging entity."""
    return unquote(name.rpartition(":")[2])


def hash_of(content: bytes) -> str:
    """The hash of a file, in the form of the record."""
    return blake2b(content, digest_size=32).hexdigest()


def load_record(root: Path) -> Record:
    """The record of the workspace at `root`; an empty one if nothing was ever published.

    Raises ConfigurationError with file and line for a damaged record, WorldError if it cannot be read.
    """
    return read_record(record_bytes(root))


def record_bytes(root: Path) -> bytes:
    """The record as it is stored; empty if there is none. Raises as `load_record` does."""
    path = root / RECORD
    return read_file(path, RECORD, LIMIT) if path.exists() or path.is_symlink() else b""


def read_record(content: bytes) -> Record:
    """The record in a file with this `content`. Raises ConfigurationError as `load_record` does."""
    issues: dict[str, RecordedIssue] = {}
    faults = []
    lines = content.split(b"\n")
    for number, line in enumerate(lines, 1):
        last = number == len(lines)
        if last and not line:
            break
        try:
            if last:
                raise ValueError("the line is incomplete: it has no line end")  # noqa: TRY301 - reported with the others
            _add(issues, _read_line(line))
        except ValueError as error:
            faults.append(f"{RECORD}:{number}: {error}")
    if faults:
        raise _damaged(faults)
    return Record(tuple(sorted(issues.values(), key=lambda issue: (issue.date, issue.published, issue.id))))


def _damaged(faults: list[str]) -> ConfigurationError:
    more = f"\n  and {len(faults) - _MOST_FAULTS} more lines" if faults[_MOST_FAULTS:] else ""
    return ConfigurationError(
        "the record of published issues cannot be used:\n  " + "\n  ".join(faults[:_MOST_FAULTS]) + more,
        hint=f"Take {RECORD} back as it was (`git checkout -- {RECORD}`): its lines are only ever added by `newsletter publish`.",
    )


def _read_line(line: bytes) -> dict[str, Any]:
    """The data of a line. Raises ValueError with a message if the line is damaged."""
    if line.startswith((b"<<<<<<<", b"=======", b">>>>>>>")):
        raise ValueError("this is a merge conflict: keep the lines of both sides, and delete the conflict markers")
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("the line is damaged: it is not valid JSON") from None
    if not isinstance(value, dict) or value.pop("sum", "") != _sum_of(value):
        raise ValueError("the line was changed: its checksum does not match")
    return value


def _add(issues: dict[str, RecordedIssue], value: dict[str, Any]) -> None:
    """Adds an event to the issues. Raises ValueError with a message if it does not fit the earlier ones."""
    event, name, at = value.get("event"), _text(value, "id"), _moment(value, "at")
    known = issues.get(name)
    if event == PUBLISHED:
        if known:
            raise ValueError(f"{name} is already published: an id can be used only once")
        issues[name] = RecordedIssue(name, at, (_version(value, at),))
        return
    if known is None:
        raise ValueError(f"{name} was never published")
    if known.withdrawn:
        raise ValueError(f"{name} is already withdrawn")
    if event == REVISED:
        issues[name] = replace(known, versions=(*known.versions, _version(value, at)))
    elif event == WITHDRAWN:
        issues[name] = replace(known, withdrawn=at, reason=str(value.get("note", "")))
    else:
        raise ValueError(f"the event `{event}` is unknown: a newer version of newsletter wrote it")


def _version(value: dict[str, Any], at: datetime) -> Version:
    services = value.get("services")
    return Version(
        at=at,
        note=str(value.get("note", "")),
        issue=_path(_text(value, "issue")),
        slug=_name(_text(value, "slug")),
        title=str(value.get("title", "")),
        date=_moment(value, "date"),
        tool=str(value.get("tool", "")),
        services=services if isinstance(services, dict) else {},
        folder=_path(_text(value, "folder")),
        files=dict(_hashes(value.get("files"))),
        paid=dict(_hashes(value.get("paid", {}))),
    )


def _text(value: dict[str, Any], key: str) -> str:
    text = value.get(key)
    if not isinstance(text, str) or not text:
        raise ValueError(f"it lacks `{key}`")
    return text


def _moment(value: dict[str, Any], key: str) -> datetime:
    moment = datetime.fromisoformat(_text(value, key))
    if moment.tzinfo is None:
        raise ValueError(f"`{key}` has no UTC offset")
    return moment


def _path(name: str) -> str:
    """A path below a folder. Raises ValueError for one that leads outside."""
    if _UNFIT.search(name) or any(part in {"", ".", ".."} for part in name.split("/")):
        raise ValueError(f"`{name}` is not a path inside a folder")
    return name


def _name(name: str) -> str:
    """The name of a file in a folder. Raises ValueError for anything else."""
    if "/" in name:
        raise ValueError(f"`{name}` is not a folder name")
    return _path(name)


def _hashes(value: object) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict):
        raise ValueError("it lacks `files`")  # noqa: TRY004 - one kind of error for a line that is wrong
    for name, mark in value.items():
        if not isinstance(mark, str) or not _HASH.fullmatch(mark):
            raise ValueError(f"the hash of `{name}` is not valid")
        yield _path(name), mark


def line_of(event: str, name: str, at: datetime, version: Version | None = None, note: str = "") -> bytes:
    """An event as a line of the record."""
    value: dict[str, Any] = {"event": event, "id": name, "at": at.isoformat()}
    if note:
        value["note"] = note
    if version:
        value |= {
            "issue": version.issue,
            "slug": version.slug,
            "title": version.title,
            "date": version.date.isoformat(),
            "tool": version.tool,
            "services": dict(version.services),
            "folder": version.folder,
            "files": dict(sorted(version.files.items())),
        }
        if version.paid:
            value["paid"] = dict(sorted(version.paid.items()))
    value = json.loads(
        _dumped(value).encode("utf-8", "replace")
    )  # without lone surrogates, which cannot be written to a file
    return _dumped({**value, "sum": _sum_of(value)}).encode() + b"\n"


def _dumped(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False)


def _sum_of(value: dict[str, Any]) -> str:
    return blake2b(_dumped(value).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


_RESERVED = frozenset({PAID, "record.jsonl", "services.json", "index.html"})
"""The files in archive/ beside the folders of issues."""


def folder_for(name: str, taken: Iterable[str]) -> str:
    """The folder inside archive/ for an issue with the id `name`, different from all that are `taken`.

    Names that some file systems treat as the same (`Hello` and `hello`, NFC and NFD), or do not allow, get a part of
    the hash of the id at their end.
    """
    local = local_name(name)
    folder = portable_name(local)
    keys = {same_file_key(each) for each in (*taken, *_RESERVED)}
    if folder != local or folder.startswith("_") or same_file_key(folder) in keys:
        room = folder.encode()[:150].decode(errors="ignore").rstrip(". ")
        folder = f"{room}-{blake2b(name.encode('utf-8', 'surrogatepass'), digest_size=5).hexdigest()}"
    return folder
