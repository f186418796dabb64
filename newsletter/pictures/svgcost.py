"""What it would cost to draw an SVG: a few lines that use one another can ask for more than any machine draws."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from newsletter.pictures.base import UnreadablePictureError
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST = 200_000
"""Elements drawn, each use of one counted. Detailed maps have some ten thousand."""
FILTERS = 500
"""Filter effects applied: each costs as much as filling the whole picture."""
DEEPEST = 200
"""Elements in elements."""
_NUMBERS = {"numOctaves": 10, "order": 15}
"""Numbers in filters whose cost grows with them, and the most that a picture needs."""


@dataclass(slots=True)
class _Group:
    """An element with an id, or the whole."""

    own: int = 0
    """Elements in it."""
    filters: int = 0
    uses: list[str] = field(default_factory=list)
    """Ids that it draws once more."""


class Cost:
    """Counts while a file is read; judges when it has been."""

    def __init__(self) -> None:
        self._whole = _Group()
        self._by_id: dict[str, _Group] = {}
        self._open: list[_Group | None] = []

    def opened(self, local: str, attributes: Mapping[str, str], referred: list[str]) -> None:
        """Counts one element. Raises UnreadablePictureError for one that is too deep."""
        name = attributes.get("id", "")
        group = self._by_id.setdefault(name, _Group()) if name else None
        self._open.append(group)
        if len(self._open) > DEEPEST:
            raise UnreadablePictureError(f"is nested too deep: {DEEPEST} elements in one another are the most")
        if self._whole.own >= MOST:
            raise UnreadablePictureError(f"holds too much: {MOST:,} elements are the most")
        for around in (self._whole, *filter(None, self._open)):
            around.own += 1
            around.filters += local.startswith("fe")
            around.uses += referred
        for key, most in _NUMBERS.items():
            digits = "".join(filter(str.isdigit, attributes.get(key, "").partition(" ")[0].partition(".")[0]))
            if digits and int(digits[:9]) > most:
                raise UnreadablePictureError(f"asks for too much: {key} of {digits[:9]}, where {most} is the most")

    def closed(self) -> None:
        """The innermost open element ends."""
        self._open.pop()

    def refuse_bombs(self) -> None:
        """Raises UnreadablePictureError where drawing it would take too long."""
        self._expand(self._whole, {}, set())

    def _expand(self, group: _Group, known: dict[int, tuple[int, int]], within: set[int]) -> tuple[int, int]:
        """Elements and filters drawn for `group`, whatever it uses included."""
        mark = id(group)
        if mark in known:
            return known[mark]
        if mark in within:
            return 0, 0  # a circle, which no program draws
        if len(within) > DEEPEST:
            raise UnreadablePictureError(f"would never be drawn: its parts use one another {DEEPEST} times over")
        within.add(mark)
        drawn, filters = group.own, group.filters
        for name in group.uses:
            if name in self._by_id:
                more = self._expand(self._by_id[name], known, within)
                drawn, filters = drawn + more[0], filters + more[1]
            if drawn > MOST:
                raise UnreadablePictureError(
                    f"would never be drawn: its parts use one another more than {MOST:,} times"
                )
            if filters > FILTERS:
                raise UnreadablePictureError(f"would never be drawn: it applies more than {FILTERS} filter effects")
        within.discard(mark)
        known[mark] = drawn, filters
        return known[mark]
