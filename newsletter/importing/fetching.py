"""Downloads pictures of imported issues: only on request, with limits, and never from private addresses."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.importing.base import ImportNote, SourcePicture
from newsletter.importing.mapped import MappedText, TextChange
from newsletter.importing.pictures import IssueFiles
from newsletter.linkcheck.fetch import RefusedError
from newsletter.linkcheck.policy import Policy
from newsletter.linkcheck.transfer import download
from newsletter.markdown.parse import parse_snippet
from newsletter.markdown.source import Source
from newsletter.model import ReadingOptions
from newsletter.walk import images_in

if TYPE_CHECKING:
    from newsletter.importing.base import ImportedIssue

LARGEST = 20_000_000
"""The largest picture, in bytes."""
MOST = 60
"""The number of pictures per issue that are downloaded."""
_CLEAR = frozenset({"status", "size", "loop", "protocol"})
"""Errors whose own message explains them."""
_REASONS = {
    "private": "its address is not public",
    "dns": "there is no such site",
    "port": "its port is not a web port",
    "timeout": "it did not answer in time",
    "tls": "its certificate is not trusted",
}


def fetch_pictures(issue: ImportedIssue, policy: Policy | None = None) -> ImportedIssue:
    """The issue with the pictures of its body and cover downloaded beside it.

    A picture that cannot be downloaded stays on the web, with a note.
    """
    policy = policy or Policy(patience=20.0)
    issue_files = IssueFiles(issue.source)
    issue_files.contents.update(issue.pictures)
    notes: list[ImportNote] = []
    names: dict[str, str] = {}
    changes: list[TextChange] = []
    shown, _ = parse_snippet(Source(issue.body, issue.source), ReadingOptions())
    for image in images_in(shown):
        written = issue.body[image.src_span.start : image.src_span.end]
        if written.startswith(("http://", "https://")) and (
            name := _downloaded(image.src, issue_files, names, notes, policy)
        ):
            changes.append(TextChange(image.src_span.start, image.src_span.end, name))
    cover = issue.cover
    if (
        cover
        and cover.image.startswith(("http://", "https://"))
        and (name := _downloaded(cover.image, issue_files, names, notes, policy))
    ):
        cover = replace(cover, image=name)
    body = MappedText(issue.body).changed(sorted(set(changes))).text
    return replace(
        issue, body=body, cover=cover, pictures=issue_files.contents, notes=(*issue.notes, *notes, *issue_files.notes)
    )


def _downloaded(
    address: str, issue_files: IssueFiles, names: dict[str, str], notes: list[ImportNote], policy: Policy
) -> str:
    """The file name of the downloaded picture; empty if it stays on the web."""
    if address in names:
        return names[address]
    names[address] = ""
    if len(names) > MOST:
        notes.append(
            ImportNote(issue_files.place, f"{address} stays on the web: at most {MOST} are downloaded", "kept")
        )
        return ""
    try:
        content = download(address, policy, LARGEST, accept="image/*")
    except RefusedError as error:
        why = str(error) if error.trouble in _CLEAR else _REASONS.get(error.trouble) or str(error) or error.trouble
        notes.append(ImportNote(issue_files.place, f"{address} stays on the web: {why}", "kept"))
        return ""
    names[address] = issue_files.add(SourcePicture(address, content))
    return names[address]
