"""What ran before, read from disk: for the rules about it, and for what is offered while writing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from newsletter.errors import NewsletterError
from newsletter.files import read_text
from newsletter.issue.front import issue_fields, read_front
from newsletter.issue.source import Source
from newsletter.press.cache import stamp_of
from newsletter.press.history import load_history
from newsletter.press.studio import Studio
from newsletter.records import dataclass
from newsletter.workspace import issue_files, load_workspace

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from newsletter.check.history import History
    from newsletter.press.cache import Stamp

    Tagged = tuple[Stamp | None, tuple[str, ...]]
    """The stamp of an issue's file, and its tags."""


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of the issues of a workspace, as they are on disk."""

    history: History
    tagged: Mapping[str, Tagged]
    """The tags of each issue, by its path."""

    @property
    def tags(self) -> list[str]:
        """All that were used, the most frequent first."""
        counts = Counter(tag for _, tags in self.tagged.values() for tag in tags)
        return sorted(counts, key=lambda tag: (-counts[tag], tag))


def past_of(root: Path, before: Past | None = None) -> Past | None:
    """The past of a workspace, read by a studio of its own; None where its configuration cannot be used.

    `before` is what was known last: files that are as they were then are not read again.
    """
    try:
        studio = Studio(load_workspace(root))
        return Past(load_history(studio, processes=1), _tagged(studio, before.tagged if before else {}))
    except (NewsletterError, OSError):  # its faults are told by those who need it; files come and go
        return None


def _tagged(studio: Studio, before: Mapping[str, Tagged]) -> dict[str, Tagged]:
    root, zone = studio.workspace.root, studio.publication.timezone
    found: dict[str, Tagged] = {}
    for file in issue_files(root):
        stamp, known = stamp_of(root / file.path), before.get(file.path)
        if known and known[0] == stamp:
            found[file.path] = known
            continue
        source = Source(read_text(root / file.path, file.path)[0], file.path)
        tags: tuple[str, ...] = ()
        if "\ntags:" in source.text:
            tags = issue_fields(source, read_front(source, zone)[0], file.name, zone)["tags"]
        found[file.path] = stamp, tags
    return found
