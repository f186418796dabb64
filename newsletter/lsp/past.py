"""What ran before, read from disk: for the rules about it, and for what is offered while writing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from newsletter.errors import NewsletterError
from newsletter.files import read_text
from newsletter.issue.front import issue_fields, read_front
from newsletter.issue.source import Source
from newsletter.press.history import load_history
from newsletter.press.studio import Studio
from newsletter.records import dataclass
from newsletter.workspace import issue_files, load_workspace

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.check.history import History


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of the issues of a workspace, as they are on disk."""

    history: History
    tags: tuple[str, ...]
    """All that were used, the most frequent first."""


def past_of(root: Path) -> Past | None:
    """The past of a workspace, read by a studio of its own; None where its configuration cannot be used."""
    try:
        studio = Studio(load_workspace(root))
        return Past(load_history(studio, processes=1), _tags(studio))
    except (NewsletterError, OSError):  # its faults are told by those who need it; files come and go
        return None


def _tags(studio: Studio) -> tuple[str, ...]:
    root, zone = studio.workspace.root, studio.publication.timezone
    counts: Counter[str] = Counter()
    for file in issue_files(root):
        source = Source(read_text(root / file.path, file.path)[0], file.path)
        if "\ntags:" in source.text:
            counts.update(issue_fields(source, read_front(source, zone)[0], file.name, zone)["tags"])
    return tuple(tag for tag, _ in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
