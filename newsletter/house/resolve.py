"""Which format an issue is held to: house.yaml may say different things for different eras and variants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.house import eras, variants
from newsletter.house.eras import Moments, in_force, moments_of
from newsletter.house.variants import chosen, variants_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    from newsletter.diagnostics import Diagnostic
    from newsletter.house.eras import Fault, Lapsed
    from newsletter.house.format import HouseFormat
    from newsletter.house.tree import Branch

    Reader = Callable[[Branch, Sequence[Lapsed], str], tuple[HouseFormat, Sequence[Diagnostic]]]
    """From a tree without eras, the sections that it does not have now, and the name of the variant."""

_MANY = 40
"""So many combinations of eras by number and by date are all read when a house format is loaded; of more, each by itself."""
_Key = tuple[tuple[int, int], str]


def resolve(
    house: HouseFormat,
    *,
    number: int | None = None,
    date: date | None = None,
    front: Mapping[str, object] | None = None,
) -> HouseFormat:
    """The format in force for an issue: of its era, by number and date, and its variant, by its front matter.

    An issue that does not say its number or date is held to what holds last.
    """
    if house.formats is None:
        return house
    return house.formats.for_issue(number, date, front or {})


class Formats:
    """All the formats that one house.yaml says, each made when first asked for."""

    def __init__(self, root: Branch, read: Reader) -> None:
        self._root = root
        self._read = read
        self._moments: Moments = moments_of(root)
        self._variants = variants_of(root)
        self._made: dict[_Key, tuple[HouseFormat, Sequence[Diagnostic]]] = {}

    def for_issue(self, number: int | None, day: date | None, front: Mapping[str, object]) -> HouseFormat:
        """The format of one issue."""
        variant = next((variant.name for variant in self._variants if variant.holds(front)), "")
        return self._of((self._moments.era_of(number, day), variant))[0]

    def all(self) -> Iterator[HouseFormat]:
        """Every format, that of the ordinary variant and the latest era first."""
        for key in self._keys():
            yield self._of(key)[0]

    def named(self, variant: str, number: int | None, day: date | None) -> HouseFormat:
        """The format of one variant, whatever the front matter says."""
        return self._of((self._moments.era_of(number, day), variant))[0]

    @property
    def variants(self) -> tuple[str, ...]:
        """The names of the variants."""
        return tuple(variant.name for variant in self._variants)

    @property
    def moments(self) -> tuple[str, ...]:
        """The first numbers and dates at which something changes, for people."""
        return tuple(
            [f"number {number}" for number in self._moments.numbers] + [f"{day}" for day in self._moments.days]
        )

    def findings(self) -> Iterator[Diagnostic]:
        """The faults of every format, some of them told more than once."""
        for key in self._keys():
            yield from self._of(key)[1]

    def faults(self) -> Iterator[tuple[Fault, str]]:
        """What is wrong with eras and variants themselves, each with whether it is about one or the other."""
        for fault in eras.faults_in(self._root):
            yield fault, "era"
        for fault in variants.faults_in(self._root):
            yield fault, "variant"

    def _keys(self) -> Iterator[_Key]:
        moments = self._moments
        last = moments.era_of(None, None)
        every = list(moments.all())
        if len(every) > _MANY:
            every = [era for era in every if era[0] == last[0] or era[1] == last[1]]
        for name in ("", *(variant.name for variant in self._variants)):
            for era in every:
                yield era, name

    def _of(self, key: _Key) -> tuple[HouseFormat, Sequence[Diagnostic]]:
        if key not in self._made:
            era, name = key
            tree, lapsed = in_force(self._root, *self._moments.example(era))
            self._made[key] = self._read(chosen(tree, name), lapsed, name)
        return self._made[key]
