"""The cached state of the last build: the hash of each source, and the outputs made from it.

It only saves time. Results do not depend on it.
"""

from __future__ import annotations

import json
from dataclasses import field
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import newsletter
from newsletter.build.facts import EMAIL_FOLDER, PUBLIC_FOLDER
from newsletter.files import read_bytes
from newsletter.late import late
from newsletter.memory import FOLDER, LIMIT, is_unlinked, recall, store
from newsletter.project.cache import CACHE, digest, fingerprint_of, fingerprint_tree, program_stamp
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from newsletter.files import Stamp

OUTPUTS = (EMAIL_FOLDER, PUBLIC_FOLDER, "feeds")
"""The folders in which a build writes and removes files."""
_UNFIT = late("[\x00-\x1f\x7f\ud800-\udfff]")
"""Characters that names in the state may not have."""
HTACCESS = f"{PUBLIC_FOLDER}/.htaccess"
"""The one hidden file that a build writes."""
FORMAT = 8
"""The version of the stored data. It is raised when their form changes, and older data is then ignored."""
STATE = f"{CACHE}/state.json"
MANIFEST = f"{FOLDER}/manifest.json"


@dataclass(slots=True)
class Remembered:
    """The state of one issue after the last build."""

    content: str = ""
    """The hash of its source."""
    stamp: Stamp | None = None
    needs: dict[str, tuple[Stamp | None, str]] = field(default_factory=dict)
    """Each other file that it depends on, with stamp and hash ("" if the file was missing)."""
    key: str = ""
    """The hash of everything that its outputs depend on; empty if they must be made again."""
    facts: dict[str, Any] = field(default_factory=dict)
    """The facts that the archive and the feeds show (`IssueFacts` as plain values)."""
    outputs: dict[str, Stamp | None] = field(default_factory=dict)
    feed: str = ""
    """The hash of its full text for feeds (see texts.py), if it is published."""
    errors: int = 0
    """The number of errors that a check finds in it."""
    base: str = ""
    """The hash of its inputs other than its own files. If it differs, the same source may give other outputs."""
    campaign: str = ""
    """The hash of its text for the feed of a campaign, if there is one."""
    mark: str = ""
    """The hash of the facts."""


@dataclass(frozen=True, slots=True)
class RememberedSettings:
    """The settings of newsletter.yaml that planning a build needs."""

    fingerprint: str = ""
    """The hash of the file; empty if the file must be read."""
    largest: int = 0
    """The largest size of an issue, in bytes."""
    pictures: list[str] = field(default_factory=list)
    """Files that every output shows: logos, portraits."""
    invented: bool = False
    """Whether it has placeholder values from `newsletter init`, with which nothing is published."""
    search: bool = False
    """Whether the archive has a search page. Its index has every word of every issue."""
    sponsors: list[list[str]] = field(default_factory=list)
    """Sponsors that pages show until a given day, each as its key and that day."""


def base_of(root: Path, settings: RememberedSettings) -> str:
    """The hash of everything that all outputs depend on: the tool, newsletter.yaml, templates, portraits."""
    trees = fingerprint_tree((root / "templates",))
    pictures = [fingerprint_of(root / name) for name in settings.pictures]
    return digest(newsletter.__version__, program_stamp(), trees, settings.fingerprint, *pictures)


def lapsed_sponsors(settings: RememberedSettings, now: datetime) -> tuple[str, ...]:
    """The sponsors that pages no longer show at `now`, by their keys."""
    today = f"{now:%Y-%m-%d}"
    return tuple(key for key, day in settings.sponsors if day < today)


@dataclass(slots=True)
class State:
    """The stored state of a workspace."""

    saved: int = 0
    """The time when it was saved, in nanoseconds. Files that changed at the same moment are checked again."""
    issues: dict[str, Remembered] = field(default_factory=dict)
    settings: RememberedSettings = field(default_factory=RememberedSettings)
    site_key: str = ""
    site_outputs: dict[str, Stamp | None] = field(default_factory=dict)
    feed_keys: dict[str, str] = field(default_factory=dict)
    """The hash of everything that each feed is made from, by name."""
    site_pages: dict[str, str] = field(default_factory=dict)
    """The hash of everything that each shared page is made from, by name."""
    pages_key: str = ""
    """The hash of everything that all shared pages are made from."""


def load_state(root: Path) -> State:
    """The stored state; an empty one if there is none, or if it cannot be used."""
    try:
        raw = recall(root, STATE)
        if raw["format"] != FORMAT:
            return State()
        issues = {path: _remembered(entry) for path, entry in raw["issues"].items()}
        outputs = {path: _stamp(stamp) for path, stamp in raw["site_outputs"].items()}
        settings = RememberedSettings(*raw["settings"])
        pages = {str(path): str(key) for path, key in raw["site_pages"].items()}
        keys = dict(raw["feed_keys"])
        return State(
            int(raw["saved"]), issues, settings, str(raw["site_key"]), outputs, keys, pages, str(raw["pages_key"])
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return State()


def _stamp(raw: list[int] | None) -> Stamp | None:
    return (int(raw[0]), int(raw[1]), int(raw[2])) if raw else None


def _remembered(raw: list[Any]) -> Remembered:
    content, stamp, needs, key, facts, outputs, feed, errors, base, campaign, mark = raw
    return Remembered(
        content,
        _stamp(stamp),
        {path: (tuple(at) if at else None, fingerprint) for path, (at, fingerprint) in needs.items()},
        key,
        facts,
        {path: tuple(at) if at else None for path, at in outputs.items()},
        feed,
        int(errors),
        base,
        campaign,
        mark,
    )


def save_state(root: Path, state: State) -> None:
    """Saves the state, if possible."""
    values = attrgetter(*Remembered.__slots__)
    issues = {path: values(issue) for path, issue in sorted(state.issues.items())}
    raw = {
        "format": FORMAT,
        "saved": state.saved,
        "issues": issues,
        "settings": [getattr(state.settings, name) for name in RememberedSettings.__slots__],
        "site_key": state.site_key,
        "site_outputs": state.site_outputs,
        "feed_keys": state.feed_keys,
        "site_pages": state.site_pages,
        "pages_key": state.pages_key,
    }
    store(root, STATE, raw)


def load_manifest(root: Path) -> frozenset[str]:
    """The outputs that earlier builds made, relative to the workspace.

    The manifest has no seal, because it is copied together with the outputs. So a file that it names is removed only if
    `may_be_ours` is true for it.
    """
    try:
        raw = json.loads(read_bytes(root / MANIFEST, LIMIT)) if is_unlinked(root, MANIFEST) else {}
        names = raw["outputs"] if isinstance(raw["outputs"], list) else []
        texts = [name for name in names if isinstance(name, str)]
        # A search in each of fifty thousand names takes ten times as long as one in all of them.
        fit = not _UNFIT.search("".join(texts))
        return frozenset(texts if fit else (name for name in texts if not _UNFIT.search(name)))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return frozenset()


def may_be_ours(root: Path, name: str) -> bool:
    """Whether a build can have made this file: it is in an output folder, not hidden, and not behind a link."""
    top, *inside = name.split("/")
    if top not in OUTPUTS or not inside or "\\" in name or "\0" in name:
        return False
    if name != HTACCESS and any(part.startswith(".") or not part for part in inside):
        return False
    return is_unlinked(root, name)


def dump_manifest(outputs: Iterable[str]) -> bytes:
    """The manifest as it is stored, one output per line."""
    return (json.dumps({"outputs": sorted(outputs)}, ensure_ascii=False, indent=1) + "\n").encode()
