"""The body of a post before and after its conversion."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.importing.base import Counts, ImportNote


@dataclass(frozen=True, slots=True)
class BodyPlace:
    """The place of a body in its source, and the functions that resolve its pictures and links."""

    place: str
    """The file, for notes."""
    picture: Callable[[str, str], str]
    """Returns the destination for a picture in Markdown, from its address and the place for notes. Empty if the
    picture is lost."""
    link: Callable[[str], str]
    """Resolves a relative link. Empty if its target is unknown."""
    level: int = 0
    """The level of the headings that open sections in the source; 0 for the highest level in the body."""
    title: str = ""
    """The title of the issue. A first heading that repeats it is removed."""

    def is_title(self, text: str) -> bool:
        """Whether a text is the title of the issue, apart from case, spaces and punctuation."""
        return bool(self.title) and _letters_of(text) == _letters_of(self.title)


@dataclass(frozen=True, slots=True)
class ConvertedBody:
    """A converted body."""

    text: str
    before: Counts
    notes: tuple[ImportNote, ...]
    title: str = ""
    """The text of a first heading above all others, if `BodyPlace.title` is empty."""


def _letters_of(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
