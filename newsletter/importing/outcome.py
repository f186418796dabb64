"""The result of an import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.records import dataclass

if TYPE_CHECKING:
    from newsletter.importing.base import Counts, Found, ImportNote, Skipped


@dataclass(frozen=True, slots=True)
class Imported:
    """An imported issue."""

    path: str
    """The path of its folder, relative to the workspace."""
    source: str
    title: str
    before: Counts
    after: Counts
    notes: tuple[ImportNote, ...]
    remote: tuple[str, ...]
    """Addresses of pictures that were not downloaded."""
    authors: tuple[str, ...] = ()
    language: str = ""
    """The language that the issue names itself; empty if it names none."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The result of importing a source."""

    source: str
    kind: str
    label: str
    """The name of its kind: `a Jekyll site`."""
    found: Found
    imported: tuple[Imported, ...]
    skipped: tuple[Skipped, ...]
    """New entries of the source that were not imported, each with its reason."""
    known: tuple[Skipped, ...]
    """The issues that an earlier import already brought into the workspace."""
    dry: bool

    @property
    def notes(self) -> tuple[ImportNote, ...]:
        """All notes: those about the source, then those about each issue."""
        return (*self.found.notes, *(note for one in self.imported for note in one.notes))

    @property
    def has_findings(self) -> bool:
        """Whether something could not be imported: a refused file, a lost picture."""
        return any(one.fault for one in self.skipped) or any(note.kind == "lost" for note in self.notes)
