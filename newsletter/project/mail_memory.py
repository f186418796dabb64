"""A cache of the findings about each issue's email, from run to run, so that an email is rendered only when it changes.

The cache is a file with, by path of the issue, a hash of everything on which its email depends, the rules that were
checked, and their findings. No result depends on it.
"""

from __future__ import annotations

import time
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any

import newsletter
from newsletter.diagnostics import Diagnostic, Severity
from newsletter.files import PICTURE_LIMIT, can_be_read, read_file, stamp_of
from newsletter.memory import recall, store
from newsletter.model import Span
from newsletter.project.cache import CACHE, digest, fingerprint_tree, is_recent, program_stamp, shared_pictures
from newsletter.project.parsed import needs_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from newsletter.config.publication import Workspace
    from newsletter.config.workspace import IssueFile
    from newsletter.project.parsed import ParsedIssue

FILE = f"{CACHE}/mail.json"

Entry = list[Any]
"""A hash, the codes of the rules that were checked, and their findings, each as plain values."""


class MailMemory:
    """The cached findings about the emails of a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._new: dict[str, Entry] = {}

    def recall(self, parsed: ParsedIssue, codes: Collection[str]) -> tuple[Diagnostic, ...] | None:
        """The findings of the rules `codes` about the email of an issue; None if the email must be rendered."""
        entry = self._new.get(parsed.file.path) or self._entries.get(parsed.file.path)
        with suppress(ValueError, TypeError, IndexError):
            if entry and entry[0] == self._key(parsed) and set(codes) <= set(entry[1]):
                return tuple(found for found in map(_diagnostic, entry[2]) if found.code in codes)
        return None

    def knows(self, files: Collection[IssueFile]) -> bool:
        """Whether there is an entry for each of `files`, current or not."""
        return all(file.path in self._entries for file in files)

    def keep(self, parsed: ParsedIssue, codes: Collection[str], found: Collection[Diagnostic]) -> None:
        """Saves the findings of the rules `codes`."""
        self._new[parsed.file.path] = [self._key(parsed), sorted(codes), [_plain(each) for each in found]]

    def taken(self) -> dict[str, Entry]:
        """The new entries, to be passed to another process."""
        new, self._new = self._new, {}
        return new

    def add(self, entries: Mapping[str, Entry]) -> None:
        """Adds the entries of another process."""
        self._new.update(entries)

    def save(self) -> None:
        """Writes new entries to disk. If that is not possible, the next run renders the emails again."""
        if not self._new:
            return
        entries = {path: entry for path, entry in self._entries.items() if (self._workspace.root / path).is_file()}
        raw = {"base": self._base, "issues": dict(sorted((entries | self._new).items()))}
        store(self._workspace.root, FILE, raw)

    @cached_property
    def _entries(self) -> dict[str, Entry]:
        try:
            raw = recall(self._workspace.root, FILE)
            return dict(raw["issues"]) if raw["base"] == self._base else {}
        except (ValueError, KeyError, TypeError):
            return {}

    @cached_property
    def _base(self) -> str:
        """A hash of everything except the issue: the program, newsletter.yaml, templates, logos and portraits."""
        root = self._workspace.root
        parts: list[str | bytes] = [newsletter.__version__, read_file(root / "newsletter.yaml", "newsletter.yaml")]
        parts += [_mark(root, name) for name in _with_stills(shared_pictures(self._workspace.publication))]
        parts.append(fingerprint_tree([root / "templates"]))
        return digest(program_stamp(), *parts)

    def _key(self, parsed: ParsedIssue) -> str:
        root = self._workspace.root
        return digest(
            parsed.source.text, *(_mark(root, name) for name in _with_stills(needs_of(parsed, self._workspace.root)))
        )


def _with_stills(names: Iterable[str]) -> list[str]:
    from newsletter.pictures.find import possible_stills

    return sorted({each for name in names for each in (name, *possible_stills(name))})


def _mark(root: Path, name: str) -> str:
    """A value that changes with a file: its stamp, and its content if it was changed very recently."""
    stamp = stamp_of(root / name)
    if not is_recent(stamp, time.time_ns()) or not can_be_read(root / name):
        return f"{name}{stamp}"
    return f"{name}{stamp}{digest(read_file(root / name, name, PICTURE_LIMIT))}"


def _plain(found: Diagnostic) -> list[Any]:
    span = found.span
    place = [span.start, span.end, span.line, span.column]
    return [found.path, place, found.code, found.message, str(found.severity), found.label, found.advice]


def _diagnostic(plain: list[Any]) -> Diagnostic:
    path, place, code, message, severity, label, advice = plain
    return Diagnostic(path, Span(*place), code, message, Severity(severity), label, advice)
