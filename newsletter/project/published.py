"""The record of a published issue in an open workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.archive.matching import assign, changes
from newsletter.archive.record import ARCHIVE, RECORD, load_record, local_name
from newsletter.check.facts.published import ID, SLUG, PublishedBefore, PublishedFacts
from newsletter.files import stamp_of
from newsletter.names import composed
from newsletter.project.hashes import Hashes
from newsletter.project.tags import feed_identity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.archive.matching import FileHashes
    from newsletter.archive.record import Record, RecordedIssue
    from newsletter.config.publication import Publication
    from newsletter.model import Issue
    from newsletter.project.parsed import ParsedIssue
    from newsletter.project.project import Project


def published_of(project: Project, parsed: ParsedIssue) -> PublishedFacts | None:
    """The record of an issue; None if nothing was ever published. Raises as `load_record` does."""
    known = _known(project)
    if known is None:
        return None
    record, hashes = known
    return published_facts(record, parsed.issue, parsed.file.name, project.publication, hashes)


def is_published(project: Project, path: str, name: str) -> bool | None:
    """Whether the issue in the file `path`, with the id `name`, is published and not withdrawn; None if no issue ever was.

    Raises as `load_record` does.
    """
    known = _known(project)
    if known is None:
        return None
    recorded = known[0].by_name(local_name(name)) or known[0].of(path)
    return recorded is not None and recorded.withdrawn is None


def _known(project: Project) -> tuple[Record, Hashes] | None:
    root = project.workspace.root
    stamp = stamp_of(root / RECORD)
    if stamp is None:
        return None
    if project.record is None or project.record[0] != stamp:  # editors keep a project open for days
        project.record = stamp, load_record(root), Hashes(root)
    _, record, hashes = project.record
    return (record, hashes) if record else None


def published_facts(
    record: Record, issue: Issue, file_name: str, publication: Publication, hashes: FileHashes
) -> PublishedFacts:
    """The record of an issue whose file or folder has the name `file_name`."""
    path, name = issue.path, feed_identity(publication, composed(issue.front.text("id")) or file_name)
    recorded = assign(record, [(path, name)], hashes.of).get(path)
    own = recorded if recorded and recorded.withdrawn is None else None
    taken = ((what, value, before(owner)) for what, value, owner in taken_names(record, name, issue.slug, recorded))
    return PublishedFacts(
        own=before(own) if own else None,
        changed=changes(own, path, hashes) if own else (),
        taken=tuple(taken),
        withdrawn=bool(recorded and recorded.withdrawn),
    )


def before(recorded: RecordedIssue) -> PublishedBefore:
    """A recorded issue in the form for findings."""
    at, withdrawn = recorded.withdrawn or recorded.latest.at, recorded.withdrawn is not None
    return PublishedBefore(recorded.title, recorded.issue, f"{ARCHIVE}/{recorded.folder}/", at, withdrawn)


def taken_names(
    record: Record, name: str, slug: str, recorded: RecordedIssue | None
) -> Iterator[tuple[str, str, RecordedIssue]]:
    """The names of an issue that another one has: the kind of name, the name, and the other issue.

    `recorded` is the issue's own record. A withdrawn issue counts as another one, because its names are never used
    again.
    """
    own = recorded.id if recorded and recorded.withdrawn is None else ""
    called = local_name(name)
    owner = recorded if recorded and recorded.withdrawn else record.by_name(called)
    if owner and owner.id != own:
        yield ID, called, owner
        return
    owner = record.by_slug(slug)
    if owner and owner.id != own:
        yield SLUG, slug, owner
