"""The frozen files of a published issue: all outputs and all sources, byte by byte."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.archive.record import ARCHIVE, PAID, SOURCE, Version, hash_of
from newsletter.build.facts import EMAIL_FOLDER, PUBLIC_FOLDER, BuildJob
from newsletter.build.issue import make
from newsletter.build.pictures import stored_picture
from newsletter.build.recorded import PAGE, frozen_file, is_intact, standing_of
from newsletter.errors import UsageError, WorldError
from newsletter.files import PICTURE_LIMIT, can_be_read, is_there, read_bytes
from newsletter.project.cache import digest
from newsletter.records import dataclass
from newsletter.writing import content_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime
    from pathlib import Path
    from typing import Any

    from newsletter.archive.record import RecordedIssue
    from newsletter.build.facts import Made
    from newsletter.build.plan import Build, BuildIssue
    from newsletter.config.workspace import IssueFile
    from newsletter.project.project import Project

_PAID_LETTER = ("email-paid.", "letter-paid.")
"""The prefix of the files with the email for paying readers."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """The frozen files of an issue, by path in its folder."""

    files: Mapping[str, bytes]
    """The files for all readers."""
    paid: Mapping[str, bytes]
    """The files for paying readers only; the text of the issue is among them if it has such parts."""

    def outputs(self, folder: str) -> dict[str, bytes]:
        """The content of each file, by path relative to the workspace."""
        public = {f"{ARCHIVE}/{folder}/{name}": content for name, content in self.files.items()}
        return public | {f"{ARCHIVE}/{PAID}/{folder}/{name}": content for name, content in self.paid.items()}


def freeze(work: Build, issue: BuildIssue, others: Collection[str]) -> Frozen:
    """The outputs and sources of an issue. `others` are the files of the other issues, which do not belong to it."""
    made = work.made[issue.file.path]
    if digest(read_bytes(work.root / issue.file.path, work.settings.largest)) != issue.memory.content:
        raise WorldError(
            f"{issue.file.path} changed while it was being published, so nothing was published",
            hint="Publish it again.",
        )
    files: dict[str, bytes] = {}
    paid: dict[str, bytes] = {}
    for name, content in {**_made(work.root, made), **_letters(work.project, issue.file)}.items():
        (paid if _is_paid(name) else files)[name] = content
    source = {f"{SOURCE}/{name}": content for name, content in sources(work.root, issue.file.path, made.needs, others)}
    (paid or files).update(source)
    return Frozen(files, paid)


def _letters(project: Project, file: IssueFile) -> dict[str, bytes]:
    """The subject and preview text of the email of each edition, by the name of its file."""
    from newsletter.markdown.fields import at_fallbacks
    from newsletter.project.letters import has_paid_edition, letter_of

    parsed = project.read(file)
    fields = project.publication.personal_fields
    found = {}
    for paid in (False, True) if has_paid_edition(project, parsed) else (False,):
        letter = letter_of(project, parsed, paid=paid)
        texts = {
            "subject": at_fallbacks(letter.subject, fields),
            "preheader": at_fallbacks(letter.preheader, fields),
            "edition": letter.edition or "all",
        }
        text = json.dumps(texts, ensure_ascii=False, indent=1) + "\n"
        found["letter-paid.json" if paid else "letter.json"] = text.encode("utf-8", "replace")
    return found


def version_of(
    issue: BuildIssue, frozen: Frozen, *, at: datetime, note: str, folder: str, tool: str, services: Mapping[str, Any]
) -> Version:
    """The issue as the record will have it. It has a date."""
    facts = issue.facts
    return Version(
        at=at,
        note=note,
        issue=issue.file.path,
        slug=facts.slug,
        title=facts.title,
        date=facts.moment,
        tool=tool,
        services=services,
        folder=folder,
        files={name: hash_of(content) for name, content in frozen.files.items()},
        paid={name: hash_of(content) for name, content in frozen.paid.items()},
    )


def _made(root: Path, made: Made) -> dict[str, bytes]:
    """Email and text as in build/; the page and its pictures in a separate folder."""
    slug = made.facts["slug"]
    outputs = {**made.outputs} | {name: stored_picture(root, kept, made.images) for name, kept in made.pictures.items()}
    found = {}
    for name, content in outputs.items():
        for start, to in ((f"{PUBLIC_FOLDER}/{slug}/", f"{PAGE}/"), (f"{EMAIL_FOLDER}/{slug}/", "")):
            if name.startswith(start):
                found[to + name.removeprefix(start)] = content_of(content)
    return found


def remade(
    project: Project, recorded: RecordedIssue, version: Version, hash_of: Callable[[str], str]
) -> Mapping[str, bytes]:
    """The outputs that the frozen text of a version gives today, by path in its folder.

    Empty if the frozen text was changed.
    """
    known = replace(recorded, versions=recorded.versions[: recorded.versions.index(version) + 1])
    if not is_intact(known, hash_of):
        return {}
    made = make(project, BuildJob(frozen_file(known), public=True, feed=False, standing=standing_of(known)))
    return {} if made.faults else {**_made(project.workspace.root, made), **_letters(project, frozen_file(known))}


def _is_paid(name: str) -> bool:
    return name.startswith((*_PAID_LETTER, f"{PAID}/"))


def sources(root: Path, path: str, needs: Collection[str], others: Collection[str]) -> list[tuple[str, bytes]]:
    """The text of an issue and the files that it names, by path relative to the workspace.

    Raises UsageError for a name that some systems do not accept.
    """
    found = []
    for name in (path, *sorted({*needs} - {path, *others})):
        if is_there(root / name) and can_be_read(root / name):
            if "\\" in name or any(ord(char) < ord(" ") for char in name):
                raise UsageError(f"`{name}` cannot be archived: some systems do not allow this name", hint="Rename it.")
            found.append((name, read_bytes(root / name, PICTURE_LIMIT)))
    return found
