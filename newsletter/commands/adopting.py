"""Creates a whole publication from an export of another tool: its settings, its issues, and an inferred house format."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.commands.importing import import_found, language_tag, open_source
from newsletter.commands.infer import FEWEST, infer_house
from newsletter.commands.init import flaw_of, kind_files, starter_files
from newsletter.config.load import load_workspace
from newsletter.config.wellformed import email_flaw, timezone_flaw, web_address_flaw
from newsletter.config.workspace import CONFIGURATION, issue_files
from newsletter.errors import UsageError
from newsletter.importing.issue_file import UNPRINTABLE
from newsletter.importing.sources import ImportSource
from newsletter.records import dataclass
from newsletter.writing import write_all

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from newsletter.commands.importing import Fetch, Progress
    from newsletter.commands.infer import Inferred
    from newsletter.importing.base import Found
    from newsletter.importing.outcome import ImportReport

    Ask = Callable[[dict[str, str]], None]

KIND = "letter"
"""The default kind of the issues."""
FALLBACK = "essay"
"""The bundled kind of a publication that has too few issues for a house format of its own."""
_KEY = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")
"""An author of a source whose name has the form of a key in newsletter.yaml."""


@dataclass(frozen=True, slots=True)
class Adopted:
    """A publication that was created from a source."""

    report: ImportReport
    kind: str
    """The kind of its issues."""
    inferred: Inferred | None
    """Their house format; None if there are too few to infer one."""
    written: tuple[str, ...]
    """The other files that were written."""


def adopt(
    folder: Path,
    path: Path,
    *,
    name: str = "",
    source_kind: str = "",
    kind: str = KIND,
    answers: Mapping[str, str],
    ask: Ask | None = None,
    fetch: Fetch | None = None,
    progress: Progress | None = None,
) -> Adopted:
    """Makes a workspace in `folder` from the source at `path`: newsletter.yaml, the issues, and an inferred house format.

    `answers` are a person's answers, by the names of commands.init.QUESTIONS. The source answers the other questions as
    far as it can. `ask` gets the answers that are known then, and may add more. Raises UsageError if there is a
    workspace already, or no source.
    """
    if (folder / CONFIGURATION).exists():
        raise UsageError(f"{folder} is already a workspace", hint="`newsletter import` adds past issues to it.")
    with ImportSource(path, name) as source:
        chosen, found = open_source(source, source_kind)
        found = _usable(found)
        known = known_of(found) | {key: value for key, value in answers.items() if value}
        if ask:
            ask(known)
        _write_starter(folder, known, kind, found, {})
        report = import_found(folder, source.name, chosen, found, fetch=fetch, progress=progress)
    authors = _authors(found, report)
    found = replace(found, language=_language(found, report))
    _write_starter(folder, known, kind, found, authors)
    files = issue_files(folder)
    workspace = load_workspace(folder)
    inferred = None
    if len(files) >= FEWEST:
        try:
            inferred = infer_house(workspace, files, kind)
        except UsageError:  # Most of them are drafts.
            inferred = None
    if inferred:
        house = {f"templates/{kind}/{name}": content for name, content in inferred.files().items()}
    else:
        kind = FALLBACK
        house = kind_files(kind)
    written = _write_starter(folder, known, kind, found, authors)
    write_all(folder, house, place=folder.as_posix())
    return Adopted(report, kind, inferred, (*written, *sorted(house)))


def _usable(found: Found) -> Found:
    """The facts of a source without what newsletter.yaml cannot have."""
    return replace(
        found,
        title=_line(found.title),
        description=_line(found.description),
        sender=_line(found.sender),
        address=_line(found.address),
        language=language_tag(found.language),
        timezone="" if not found.timezone or timezone_flaw(found.timezone) else found.timezone,
        authors={
            key: {part: value for part, text in given.items() if (value := _part(part, text))}
            for key, given in found.authors.items()
        },
    )


def _part(name: str, text: str) -> str:
    """The value of a setting of an author; empty if newsletter.yaml cannot have it."""
    checks = {"url": web_address_flaw, "email": email_flaw}
    value = _line(text)
    return "" if value and name in checks and checks[name](value) else value


def _line(text: str) -> str:
    return " ".join(UNPRINTABLE.sub(" ", text).split())


def known_of(found: Found) -> dict[str, str]:
    """The facts of a source about its publication, by the names of QUESTIONS.

    Values that newsletter.yaml cannot hold are left out.
    """
    values = {
        "title": found.title,
        "sender": found.sender or found.title,
        "email": found.email,
        "address": found.address,
        "url": found.url,
    }
    return {key: value if value and not flaw_of(key, value) else "" for key, value in values.items()}


def _write_starter(
    folder: Path, answers: Mapping[str, str], kind: str, found: Found, authors: Mapping[str, Mapping[str, str]]
) -> tuple[str, ...]:
    files = starter_files(
        folder,
        answers,
        kind,
        description=found.description,
        language=found.language,
        timezone=found.timezone,
        authors=authors,
    )
    files = {name: content for name, content in files.items() if name == CONFIGURATION or not (folder / name).exists()}
    write_all(folder, files, place=folder.as_posix())
    return tuple(sorted(files))


def _language(found: Found, report: ImportReport) -> str:
    """The language of the publication: that of the source, or else the one that most of its issues name."""
    named = Counter(issue.language for issue in report.imported if issue.language)
    return found.language or max(sorted(named), key=lambda language: named[language], default="")


def _authors(found: Found, report: ImportReport) -> dict[str, dict[str, str]]:
    """The authors that newsletter.yaml needs: those that the source names, and those that its issues name only by a key."""
    authors = {key: {"name": key, **given} for key, given in found.authors.items() if _KEY.fullmatch(key)}
    for issue in report.imported:
        for author in issue.authors:
            if _KEY.fullmatch(author):
                authors.setdefault(author, {"name": author})
    return authors
