"""A page of HTML while it is made simpler, step by step."""

from __future__ import annotations

from dataclasses import dataclass as mutable
from dataclasses import field
from typing import TYPE_CHECKING, Any

from newsletter.importing.base import Counts, ImportNote

if TYPE_CHECKING:
    from collections.abc import Callable

    from bs4 import BeautifulSoup

    from newsletter.importing.pictures import Album

LARGEST = 8_000_000
"""Characters of one letter in HTML, pictures written into it aside."""
DEEPEST = 80
"""Elements within elements; what is deeper counts as if it was there. Mails nest about 40 tables and cells."""
MOST_ELEMENTS = 20_000
"""A letter of 10,000 words has about 2,000."""


GONE = "x-gone"
"""The name of an element that was taken out."""


class TooLargeError(ValueError):
    """A page is larger than any letter; `str(error)` is a reason for `Skipped`."""


@mutable(slots=True)
class ForeignPage:
    """A page on its way to Markdown, which every step changes."""

    soup: BeautifulSoup
    album: Album
    place: str
    base: str = ""
    content_of: Callable[[str], bytes | None] = lambda _: None
    """The bytes of a picture by the address that the page has for it, if the source has them."""
    inline: dict[str, str] = field(default_factory=dict)
    """The pictures that were written into the page: the address in the tree -> `data:…`."""
    classes: frozenset[str] = frozenset()
    """All classes that elements of the page have, as it came."""
    notes: list[ImportNote] = field(default_factory=list)
    left: dict[str, list[str]] = field(default_factory=dict)
    """The parts that were left out: kind -> the words of each."""
    preheader: str = ""
    before: Counts = field(default_factory=Counts)

    def tell(self, note: ImportNote) -> None:
        """Keep a note, once."""
        if note not in self.notes and len(self.notes) < 200:
            self.notes.append(note)

    def leave_out(self, what: str, element: Any) -> None:
        """Take an element out, and remember what it said."""
        words = " ".join(element.get_text(" ").split())
        self.left.setdefault(what, []).append(words)
        self.remove(element)

    def remove(self, element: Any) -> None:
        """Empty an element and take its name, by which later steps pass it over: to cut it out costs a look at all its neighbours."""
        element.clear()
        element.attrs = {}
        element.name = GONE

    def has(self, element: Any) -> bool:
        """Whether an element is still on the page."""
        if element.name == GONE:
            return False
        top = element
        while top.parent is not None:
            top = top.parent
        return top is self.soup

    def told(self) -> tuple[ImportNote, ...]:
        """The notes, those on what was left out first: one for each kind of thing."""
        return (*(_left_out(self.place, what, words) for what, words in self.left.items()), *self.notes)


def _left_out(place: str, what: str, words: list[str]) -> ImportNote:
    said = [text if len(text) < 80 else f"{text[:76]}…" for text in dict.fromkeys(filter(None, words))]
    shown = ": " + ", ".join(f"“{text}”" for text in said[:3]) if said else ""
    return ImportNote(place, f"{what}{f' ({len(words)})' if len(words) > 1 else ''}{shown}", "left out")


def short_text(element: Any, most: int) -> str | None:
    """The words of an element on one line; None if it has more than `most` characters."""
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
