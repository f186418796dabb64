"""The state of an HTML page while it is simplified."""

from __future__ import annotations

from dataclasses import dataclass as mutable
from dataclasses import field
from typing import TYPE_CHECKING, Any

from newsletter.importing.base import Counts, ImportNote

if TYPE_CHECKING:
    from collections.abc import Callable

    from bs4 import BeautifulSoup

    from newsletter.importing.pictures import IssueFiles

LARGEST = 8_000_000
"""The largest letter in HTML, in characters, without the pictures embedded in it."""
DEEPEST = 80
"""The deepest nesting of elements. Deeper elements are moved up to this depth. Emails nest about 40 tables and
cells."""
MOST_ELEMENTS = 20_000
"""The largest number of elements. A letter of 10,000 words has about 2,000."""


GONE = "x-gone"
"""The name that a removed element gets."""


class TooLargeError(ValueError):
    """A page is too large to be a letter. `str(error)` is a reason for `Skipped`."""


@mutable(slots=True)
class ForeignPage:
    """A page that is being converted to Markdown. Every step changes it."""

    soup: BeautifulSoup
    issue_files: IssueFiles
    place: str
    base: str = ""
    content_of: Callable[[str], bytes | None] = lambda _: None
    """The bytes of a picture for an address in the page, or None if the source does not have it."""
    inline: dict[str, str] = field(default_factory=dict)
    """The pictures embedded in the page, as `data:…`, by their address in the tree."""
    classes: frozenset[str] = frozenset()
    """All classes in the original page."""
    marked: bool = True
    """Whether it may have blocks that this tool marked in a feed or an email."""
    notes: list[ImportNote] = field(default_factory=list)
    left: dict[str, list[str]] = field(default_factory=dict)
    """The text of each part that was removed, by kind."""
    preheader: str = ""
    before: Counts = field(default_factory=Counts)

    def report(self, note: ImportNote) -> None:
        """Adds a note, unless it is already there."""
        if note not in self.notes and len(self.notes) < 200:
            self.notes.append(note)

    def leave_out(self, what: str, element: Any) -> None:
        """Removes an element and records its text for a note."""
        words = " ".join(element.get_text(" ").split())
        self.left.setdefault(what, []).append(words)
        self.remove(element)

    def remove(self, element: Any) -> None:
        """Empties an element and renames it, so that later steps skip it. Detaching it would visit all its siblings."""
        element.clear()
        element.attrs = {}
        element.name = GONE

    def has(self, element: Any) -> bool:
        """Whether an element is still in the page."""
        if element.name == GONE:
            return False
        top = element
        while top.parent is not None:
            top = top.parent
        return top is self.soup

    def all_notes(self) -> tuple[ImportNote, ...]:
        """All notes; first one for each kind of part that was removed."""
        return (*(_left_out(self.place, what, words) for what, words in self.left.items()), *self.notes)


def _left_out(place: str, what: str, words: list[str]) -> ImportNote:
    shortened = [text if len(text) < 80 else f"{text[:76]}…" for text in dict.fromkeys(filter(None, words))]
    shown = ": " + ", ".join(f"“{text}”" for text in shortened[:3]) if shortened else ""
    return ImportNote(place, f"{what}{f' ({len(words)})' if len(words) > 1 else ''}{shown}", "left out")


def short_text(element: Any, most: int) -> str | None:
    """The text of an element in one line; None if it has more than `most` characters."""
    pieces: list[str] = []
    size = 0
    for text in element.strings:
        bare = text.strip()
        if bare:
            pieces.append(bare)
            size += len(bare) + 1
            if size > most + 1:
                return None
    return " ".join(" ".join(pieces).split())
