"""What a build remembers from the last one: which content made which outputs. It is never needed for a right result."""

from __future__ import annotations

import json
import posixpath
from dataclasses import field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from newsletter.records import dataclass
from newsletter.walk import images_in, links_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from newsletter.project.project import ParsedIssue

FORMAT = 2
"""Raised when the shape of the remembered data changes; older data is then forgotten."""
FOLDER = ".newsletter"
CACHE = f"{FOLDER}/cache"
STATE = f"{CACHE}/state.json"
MANIFEST = f"{FOLDER}/manifest.json"

Stamp = tuple[int, int]
"""Modification time in nanoseconds and size in bytes, as the file system says."""


def digest(*parts: str | bytes) -> str:
    """A short fingerprint of `parts` in order; no two different lists share their input to the hash."""
    hasher = blake2b(digest_size=16)
    for part in parts:
        content = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        hasher.update(len(content).to_bytes(8, "little"))
        hasher.update(content)
    return hasher.hexdigest()


def stamp_of(path: str | Path) -> Stamp | None:
    """The stamp of a file; None where there is none."""
    import os

    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def stamps_in(folder: str, ending: str = "") -> Iterator[str]:
    """Path and stamp of each file below `folder` whose name has this `ending`, in order; none where there is no folder.

    Hidden files and byte code are left out. Enough to notice another version of this program, and cheap.
    """
    import os

    try:
        with os.scandir(folder) as scanned:
            entries = sorted(scanned, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith((".", "__pycache__")):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from stamps_in(entry.path, ending)
        elif entry.name.endswith(ending):
            yield f"{entry.path}{stamp_of(entry.path)}"


@dataclass(slots=True)
class Remembered:
    """One issue as the last build left it."""

    content: str = ""
    """Fingerprint of its source."""
    stamp: Stamp | None = None
    needs: dict[str, tuple[Stamp | None, str]] = field(default_factory=dict)
    """Each other file that it was made from, with stamp and fingerprint ("" where the file was missing)."""
    key: str = ""
    """Fingerprint of all that its outputs depend on; empty: make them again."""
    facts: dict[str, Any] = field(default_factory=dict)
    """What the archive and the feeds show of it (`Facts` as plain values)."""
    outputs: dict[str, Stamp | None] = field(default_factory=dict)
    feed: str = ""
    """Its full text for feeds, where it is among the newest."""


@dataclass(frozen=True, slots=True)
class RememberedSettings:
    """What newsletter.yaml says, as far as planning a build needs it."""

    fingerprint: str = ""
    """Of the file; empty: it has to be read."""
    entries: int = 0
    """Of the feeds."""
    pictures: list[str] = field(default_factory=list)
    """Files that every output shows: logos, portraits."""


@dataclass(slots=True)
class State:
    """All that is remembered of a workspace."""

    saved: int = 0
    """When it was saved, in nanoseconds: what changed in that same moment is looked at again."""
    issues: dict[str, Remembered] = field(default_factory=dict)
    settings: RememberedSettings = field(default_factory=RememberedSettings)
    site_key: str = ""
    site_outputs: dict[str, Stamp | None] = field(default_factory=dict)


def load_state(root: Path) -> State:
    """The remembered state; an empty one where there is none, or where it cannot be used."""
    try:
        raw = json.loads((root / STATE).read_bytes())
        if raw["format"] != FORMAT:
            return State()
        issues = {path: _remembered(entry) for path, entry in raw["issues"].items()}
        outputs = {path: _stamp(stamp) for path, stamp in raw["site_outputs"].items()}
        settings = RememberedSettings(*raw["settings"])
        return State(int(raw["saved"]), issues, settings, str(raw["site_key"]), outputs)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return State()


def _stamp(raw: list[int] | None) -> Stamp | None:
    return (int(raw[0]), int(raw[1])) if raw else None


def _remembered(raw: list[Any]) -> Remembered:
    content, stamp, needs, key, facts, outputs, feed = raw
    return Remembered(
        content,
        _stamp(stamp),
        {path: (_stamp(at), fingerprint) for path, (at, fingerprint) in needs.items()},
        key,
        facts,
        {path: _stamp(at) for path, at in outputs.items()},
        feed,
    )


def dump_state(state: State) -> bytes:
    """The state as it is stored."""
    issues = {
        path: [
            entry.content,
            entry.stamp,
            entry.needs,
            entry.key,
            entry.facts,
            entry.outputs,
            entry.feed,
        ]
        for path, entry in sorted(state.issues.items())
    }
    raw = {
        "format": FORMAT,
        "saved": state.saved,
        "issues": issues,
        "settings": [state.settings.fingerprint, state.settings.entries, state.settings.pictures],
        "site_key": state.site_key,
        "site_outputs": state.site_outputs,
    }
    return json.dumps(raw, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def load_manifest(root: Path) -> frozenset[str]:
    """The outputs that earlier builds made, relative to the workspace."""
    try:
        raw = json.loads((root / MANIFEST).read_bytes())
        return frozenset(name for name in raw["outputs"] if isinstance(name, str))
    except (OSError, ValueError, KeyError, TypeError):
        return frozenset()


def dump_manifest(outputs: Iterable[str]) -> bytes:
    """The manifest as it is stored: one output a line."""
    return (json.dumps({"outputs": sorted(outputs)}, ensure_ascii=False, indent=1) + "\n").encode()


def fingerprint_tree(folders: Iterable[Path]) -> str:
    """A fingerprint of the names and contents of every file below `folders`, hidden ones left out."""
    import os

    parts: list[str | bytes] = []
    for folder in folders:
        for where, names, files in os.walk(folder):
            names[:] = sorted(name for name in names if not name.startswith((".", "__pycache__")))
            for name in sorted(files):
                if name.startswith("."):
                    continue
                path = os.path.join(where, name)
                with open(path, "rb") as file:
                    parts += (os.path.relpath(path, folder), file.read())
    return digest(*parts)


# ── The other files that an issue is made from ────────────────────────────────────────────────────────────────────────


def needs_of(reading: ParsedIssue) -> Iterator[str]:
    """Local files that the issue names, there or not: when one appears or changes, the issue is made again."""
    issue = reading.issue
    names = [image.src for image in images_in(issue)] + [link.href for link in links_in(issue)]
    if issue.cover:
        names.append(issue.cover.src)
    for name in names:
        if name and name[0] not in "#/?" and ":" not in name and "{{" not in name:
            path = posixpath.normpath(posixpath.join(reading.file.folder, unquote(name.partition("#")[0])))
            if not path.startswith("../") and "\0" not in path:
                yield path
