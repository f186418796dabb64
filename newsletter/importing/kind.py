"""A kind of source: how it is recognized, and how it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.importing.base import Found
    from newsletter.importing.sources import ImportSource


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of source: a record and two functions."""

    name: str
    """The name for `--as`: `substack`."""
    label: str
    """The name in the report: `a Substack export`."""
    recognises: Callable[[ImportSource], bool]
    """Whether a source is of this kind, from its names and the beginnings of a few files. Never raises for what it finds
    there (but see `ImportSource.read`)."""
    read: Callable[[ImportSource], Found]
    """Reads the source. Raises UsageError, with the reason, if it cannot be read as this kind at all."""
