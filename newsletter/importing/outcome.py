"""The result of an import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.records import dataclass

if TYPE_CHECKING:
    from newsletter.importing.base import Counts, Found, ImportNote, Skipped


@dataclass(frozen=True, slots=True)
class Imported:
    """An issue that came along."""

    path: str
    """The path of its folder, relative to the workspace."""
    source: str
    title: str
    before: Counts
    after: Counts
    notes: tuple[ImportNote, ...]
    remote: tuple[str, ...]
    """Addresses of pictures that stayed on the web."""
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The result of importing a source."""

    source: str
    kind: str
    label: str
    """`a Jekyll site`."""
    found: Found
    imported: tuple[Imported, ...]
    skipped: tuple[Skipped, ...]
    """New in the source and not brought along, each with its reason."""
    known: tuple[Skipped, ...]
    """The issues that were imported earlier."""
    dry: bool

    @property
    def notes(self) -> tuple[ImportNote, ...]:
        """All notes: on the source, then on each issue."""
        return (*self.found.notes, *(note for one in self.imported for note in one.notes))

    @property
    def has_findings(self) -> bool:
        """Whether something could not come along: a file that is refused, a picture that is lost."""
        return any(one.fault for one in self.skipped) or any(note.kind == "lost" for note in self.notes)
