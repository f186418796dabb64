"""The record of a kind of source: how to recognize it, and how to read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.importing.base import Found
    from newsletter.importing.sources import ImportSource


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of source that can be imported."""

    name: str
    """The name for `--as`: `substack`."""
    label: str
    """The name in reports, with its article: `a Substack export`."""
    recognises: Callable[[ImportSource], bool]
    """Whether a source is of this kind, judged by its file names and the beginnings of a few files. Never raises
    because of the content of a file (but see `ImportSource.read`)."""
    read: Callable[[ImportSource], Found]
    """The publication and its issues. Raises UsageError, with the reason, if the source as a whole cannot be read as
    this kind."""
