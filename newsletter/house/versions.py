"""The format for an issue: house.yaml may have different rules for eras and variants."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from newsletter.digits import whole_number
from newsletter.house.expressions import expression, expression_fault
from newsletter.house.headings import heading_fault
from newsletter.house.keys import FLAGS, MOMENT, NEEDS, STANDARD_FIELDS, YEARS
from newsletter.house.read import names_advice, parse_bounds
from newsletter.house.tree import IS, Branch, holds_names, overlay, walk
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from newsletter.house.format import HouseFormat

    Version = tuple[tuple[int, int], str]
    """A stretch between moments, as `Moments` counts them, and the name of a variant."""
    Read = Callable[[Version], HouseFormat]

ERAS, SINCE, UNTIL = "eras", "since", "until"
_BOUNDS = frozenset((SINCE, UNTIL))
CONDITIONS = frozenset((ERAS, SINCE, UNTIL))
"""Keys that show that a file has eras."""

Bound = int | date
Fault = tuple[Branch, str, str]
"""The place of a fault, what is wrong, and how to fix it."""


@dataclass(frozen=True, slots=True)
class Era:
    """A range of issues, including the first and the last; None for no bound."""

    since: Bound | None = None
    until: Bound | None = None

    def holds(self, number: int | None, day: date | None) -> bool:
        """Whether an issue is in this era. For an issue without number or date, the latest era applies."""
        after = _order(self.since, number, day) if self.since is not None else None
        if after is not None and after < 0:
            return False
        before = _order(self.until, number, day) if self.until is not None else 0
        return before is not None and before <= 0

    def __str__(self) -> str:
        """The era in words: `since number 120`, `until 2020-05-31`, `from number 5 to number 9`."""
        since, until = (
            f"number {bound}" if isinstance(bound, int) else f"{bound}" for bound in (self.since, self.until)
        )
        if self.since is None:
            return f"until {until}"
        return f"since {since}" if self.until is None else f"from {since} to {until}"


def _order(bound: Bound, number: int | None, day: date | None) -> int | None:
    """A number below, equal to or above 0 if the issue is before, at or after the bound; None if that is unknown."""
    if isinstance(bound, int):
        return None if number is None else number - bound
    return None if day is None else (day - bound).days


ALWAYS = Era()
MOST_MOMENTS = 100
"""The most numbers and dates at which a house format may change: enough for a change every two months in sixteen years."""
MOST_VARIANTS = 50
"""The most variants of a kind. Each is read in each of its eras."""


@dataclass(frozen=True, slots=True)
class Moments:
    """The numbers and dates at which a house format changes."""

    numbers: tuple[int, ...]
    """The first number of each era except the earliest, in increasing order."""
    days: tuple[date, ...]

    def era_of(self, number: int | None, day: date | None) -> tuple[int, int]:
        """The era of an issue; the latest one if it has neither number nor date."""
        return (
            len(self.numbers) if number is None else bisect_right(self.numbers, number),
            len(self.days) if day is None else bisect_right(self.days, day),
        )

    def example(self, era: tuple[int, int]) -> tuple[int | None, date | None]:
        """A number and a date in that era."""
        (by_number, by_day) = era
        number = self.numbers[max(by_number, 1) - 1] - (by_number == 0) if self.numbers else None
        day = self.days[max(by_day, 1) - 1] - timedelta(days=by_day == 0) if self.days else None
        return number, day

    def all(self) -> Iterator[tuple[int, int]]:
        """Every era, the latest first."""
        for by_number in range(len(self.numbers), -1, -1):
            for by_day in range(len(self.days), -1, -1):
                yield by_number, by_day


def moments_of(root: Branch) -> Moments:
    """The numbers and dates at which the format of a tree changes."""
    numbers: set[int] = set()
    days: set[date] = set()
    for branch in walk(root):
        era = era_of(branch)
        for bound, late in ((era.since, 0), (era.until, 1)):
            if isinstance(bound, int):
                numbers.add(bound + late)
            elif bound is not None:
                days.add(bound + timedelta(days=late))
    return Moments(tuple(sorted(numbers)), tuple(sorted(days)))


def era_of(block: Branch) -> Era:
    """The era of a block, as far as it is valid."""
    bounds = _bounds_of(block)
    return Era(*(_bound(bounds[key]) if key in bounds else None for key in (SINCE, UNTIL)))


def _bounds_of(block: Branch) -> dict[str, Branch]:
    """`since` and `until` of a block.

    In a block of passages, a value that is a number belongs to a passage of that name.
    """
    found = {key: block.below[key] for key in (SINCE, UNTIL) if key in block.below}
    return {key: bound for key, bound in found.items() if not (block.passages and _is_count(bound.value))}


def _is_count(value: object) -> bool:
    return (isinstance(value, int) and not isinstance(value, bool)) or (
        isinstance(value, str) and parse_bounds(value.strip()) is not None
    )


def _bound(branch: Branch) -> Bound | None:
    value = branch.value
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date) or (isinstance(value, int) and not isinstance(value, bool) and value not in YEARS):
        return value
    match = MOMENT.fullmatch(value.strip()) if isinstance(value, str) else None
    return whole_number(match[1]) if match else None


def era_faults(root: Branch) -> Iterator[Fault]:
    """The faults in the eras of a tree."""
    found = moments_of(root)
    many = len(found.numbers) + len(found.days)
    if many > MOST_MOMENTS:
        advice = "Remove eras and variants that no existing issue needs."
        yield root, f"a house format changes at {many:,} numbers and dates; the limit is {MOST_MOMENTS}", advice
    for key in _BOUNDS & root.below.keys():
        if not root.below[key].broken:
            advice = "Put the changes under `eras`, each with its `since` or `until`."
            yield root.below[key], "a house format as a whole cannot have an era", advice
    yield from _faults(root, named=False)


def _faults(branch: Branch, *, named: bool) -> Iterator[Fault]:
    below = branch.below
    for key, bound in _bounds_of(branch).items():
        if _bound(bound) is None and not bound.broken and not (named and isinstance(bound.value, (str, dict))):
            yield bound, f"`{key}` must be the number or the date of an issue", _advice(bound.value)
    era = era_of(branch)
    if _order_of(era) is False:
        yield below[UNTIL], f"this never applies: it ends before it begins, {era}", "Swap the two."
    eras = below.get(ERAS)
    if eras is not None and not named:
        yield from _faults_of_list(eras)
    for key, inner in below.items():
        yield from _faults(inner, named=holds_names(key, named=named))
    if isinstance(branch.value, list):
        for inner in branch.value:
            yield from _faults(inner, named=False)


def _faults_of_list(eras: Branch) -> Iterator[Fault]:
    if not isinstance(eras.value, list):
        yield eras, "`eras` must be a list", "Write each era as `- until: 99`, and below it the keys that apply then."
        return
    for entry in eras.value:
        if not _BOUNDS & entry.below.keys():
            yield entry, "an era needs `since` or `until`", "Say which issues it applies to: `until: 99`."


def _advice(value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return f"If {value} is a year, write {value}-01-01; if it is a number, write `number {value}`."
    return "Write a number such as 120, or a date such as 2024-01-31."


def _order_of(era: Era) -> bool | None:
    """Whether an era ends after it begins; None if that is unknown."""
    since, until = era.since, era.until
    if isinstance(since, int) and isinstance(until, int):
        return since <= until
    if isinstance(since, date) and isinstance(until, date):
        return since <= until
    return None


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A section that does not apply at a moment."""

    key: str
    branch: Branch
    era: Era


def in_force(root: Branch, number: int | None, day: date | None) -> tuple[Branch, tuple[Lapsed, ...]]:
    """The part of a tree that applies to an issue with this number and date, without eras; and the sections that do not apply."""
    moment = _Moment(number, day)
    return moment.kept(root) or root.with_value({}), tuple(moment.lapsed)


class _Moment:
    """A walk through a tree that keeps what applies to an issue with this number and date."""

    def __init__(self, number: int | None, day: date | None) -> None:
        self._number = number
        self._day = day
        self.lapsed: list[Lapsed] = []

    def kept(self, branch: Branch, key: str = "", *, names: bool = False, named: bool = False) -> Branch | None:
        """The branch as it applies; None if it does not.

        `names`: its keys are names; `named`: its own `key` is a name.
        """
        if isinstance(branch.value, list):
            entries = (self.kept(entry) for entry in branch.value)
            return branch.with_value([entry for entry in entries if entry is not None])
        if not isinstance(branch.value, dict):
            return branch
        era = era_of(branch)
        bare = branch if names and era == ALWAYS else _without_bounds(branch)
        if era != ALWAYS:
            if not bare.below and not named and key in FLAGS | NEEDS:
                return _short(branch, key, holding=self._has(era))
            if not self._has(era):
                return None
        if bare.below.keys() == {IS} and len(branch.value) > 1:
            return self.kept(replace(bare.below[IS], key_span=branch.key_span), key, named=named)
        return branch.with_value(self._below(bare, key, names=names))

    def _below(self, block: Branch, key: str, *, names: bool) -> dict[str, Branch]:
        kept = {}
        for name, inner in (block if names else self._with_eras(block)).below.items():
            found = self.kept(inner, name, names=holds_names(name, named=names), named=names)
            if found is not None:
                kept[name] = found
            elif key == "sections":
                self.lapsed.append(Lapsed(name, inner, era_of(inner)))
        return kept

    def _with_eras(self, block: Branch) -> Branch:
        """A block merged with those of its eras that apply, in order."""
        eras = block.below.get(ERAS)
        if eras is None or not isinstance(eras.value, list):
            return block
        block = block.with_value({name: inner for name, inner in block.below.items() if name != ERAS})
        for entry in eras.value:
            if _BOUNDS & entry.below.keys() and self._has(era_of(entry)):
                place = replace(entry, span=block.span, key_span=block.key_span, file=block.file)
                block = overlay(block, _without_bounds(place))
        return block

    def _has(self, era: Era) -> bool:
        return era.holds(self._number, self._day)


def _without_bounds(block: Branch) -> Branch:
    bounds = _bounds_of(block)
    return block.with_value({name: inner for name, inner in block.below.items() if name not in bounds})


def _short(branch: Branch, key: str, *, holding: bool) -> Branch | None:
    """The value of `required: {since: 120}` and the like."""
    if key in FLAGS:
        return branch.with_value(holding)
    return branch.with_value("required") if holding else None


def lapsed_headings(lapsed: Sequence[Lapsed], present: Collection[str]) -> dict[str, str]:
    """The headings of the sections that do not apply at a moment, each with its era.

    `present` are the keys of the sections that do apply.
    """
    found: dict[str, str] = {}
    for section in lapsed:
        if section.key not in present and section.era != ALWAYS:
            for heading in _headings(section.branch):
                found.setdefault(heading, str(section.era))
    return found


def _headings(section: Branch) -> Iterator[str]:
    heading = section.below.get("heading") or section.below.get(IS, section).below.get("heading")
    entries = heading.value if heading is not None and isinstance(heading.value, list) else [heading]
    for entry in entries:
        text = entry.value if entry is not None else None
        if isinstance(text, str) and text.strip() and not heading_fault(text):
            yield text


def has_eras(keys: Iterable[str | int]) -> bool:
    """Whether a file with these keys can have eras."""
    return not CONDITIONS.isdisjoint(keys)


VARIANTS, WHEN, PATTERN = "variants", "when", "pattern"


@dataclass(frozen=True, slots=True)
class Condition:
    """The value that a field must have for a variant to apply."""

    field: str
    texts: tuple[str, ...] = ()
    pattern: str = ""

    def holds(self, front: Mapping[str, object]) -> bool:
        """Whether the front matter has this value. Of a list, one entry is enough."""
        value = front.get(self.field)
        entries = value if isinstance(value, list) else [value]
        return any(self._fits(_written(entry)) for entry in entries if entry is not None)

    def _fits(self, text: str) -> bool:
        return text in self.texts or bool(self.pattern and expression(self.pattern).fits(text))


@dataclass(frozen=True, slots=True)
class Variant:
    """A variant of a kind, with its own format."""

    name: str
    conditions: tuple[Condition, ...]

    def holds(self, front: Mapping[str, object]) -> bool:
        """Whether an issue with this front matter is of this variant."""
        return bool(self.conditions) and all(condition.holds(front) for condition in self.conditions)


def variants_of(root: Branch) -> tuple[Variant, ...]:
    """The variants of a kind, in order. The first one that applies is used."""
    found = root.below.get(VARIANTS)
    named = found.below if found is not None else {}
    return tuple(Variant(name, tuple(_conditions(branch))) for name, branch in named.items())


def _conditions(variant: Branch) -> Iterator[Condition]:
    when = variant.below.get(WHEN)
    for field, wanted in (when.below if when is not None else {}).items():
        if isinstance(wanted.value, dict):
            pattern = wanted.below.get(PATTERN)
            if pattern is not None and isinstance(pattern.value, str) and not expression_fault(pattern.value):
                yield Condition(field, pattern=pattern.value)
        else:
            entries = wanted.value if isinstance(wanted.value, list) else [wanted]
            yield Condition(field, tuple(_written(entry.value) for entry in entries if entry.value is not None))


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value).strip()


def chosen(root: Branch, name: str) -> Branch:
    """The tree of a variant, merged with the common part; for "", the common part."""
    variants = root.below.get(VARIANTS)
    shared = root.with_value({key: branch for key, branch in root.below.items() if key != VARIANTS})
    variant = variants.below.get(name) if variants is not None and name else None
    if variant is None or not isinstance(variant.value, dict):
        return shared
    own = {key: branch for key, branch in variant.below.items() if key != WHEN}
    place = replace(variant, span=root.span, key_span=None, file=root.file)
    return overlay(shared, place.with_value(own))


def variant_faults(root: Branch) -> Iterator[Fault]:
    """The faults in the variants of a tree. Each needs a condition, with known fields."""
    variants = root.below.get(VARIANTS)
    if variants is None or variants.broken:
        return
    if not isinstance(variants.value, dict):
        yield variants, "`variants` must be `name: …` blocks", "Give each variant a name."
        return
    if len(variants.below) > MOST_VARIANTS:
        yield variants, f"there are {len(variants.below):,} variants; the limit is {MOST_VARIANTS}", ""
    for name, variant in variants.below.items():
        when = variant.below.get(WHEN)
        if when is None or not when.below:
            advice = "Add a line such as `when: {edition: special}`, with a field of the front matter."
            yield variant, f"the variant `{name}` never applies: it has no `when`", advice
            continue
        for field, wanted in when.below.items():
            yield from _faults_of(field, wanted, _fields(root, variant))


def _fields(root: Branch, variant: Branch) -> Sequence[str]:
    names = dict.fromkeys(STANDARD_FIELDS)
    for block in (root, variant):
        front = block.below.get("front")
        names.update(dict.fromkeys(front.below if front is not None else {}))
    return tuple(names)


def _faults_of(field: str, wanted: Branch, fields: Sequence[str]) -> Iterator[Fault]:
    if field not in fields:
        place = replace(wanted, span=wanted.key_span or wanted.span)
        yield place, f"there is no field `{field}` under `front`", names_advice(field, fields, "field")
    if wanted.value in (None, [], {}) and not wanted.broken:
        yield wanted, f"`{field}` needs a value", f"Write `{field}: special`, or a list of texts."
    if isinstance(wanted.value, dict):
        for key, inner in wanted.below.items():
            if key != PATTERN:
                advice = "Write a text, a list of texts, or {pattern: …} for a regular expression."
                yield replace(inner, span=inner.key_span or inner.span), f"`{key}` is not a known key here", advice
            elif not isinstance(inner.value, str) or (fault := expression_fault(inner.value)):
                yield (
                    inner,
                    f"this is not a regular expression{f' that can be used: {fault}' if isinstance(inner.value, str) else ''}",
                    "",
                )


_MANY = 40
"""Up to this many combinations of eras by number and by date are all read when a house format is loaded."""


class HouseVersions:
    """All formats of a house.yaml. Each is made when it is first needed."""

    def __init__(self, moments: Moments, variants: Sequence[Variant], read: Read) -> None:
        self._moments = moments
        self._variants = variants
        self._read = read
        self._made: dict[Version, HouseFormat] = {}

    @classmethod
    def single(cls, house: HouseFormat) -> HouseVersions:
        """The versions of a house.yaml without eras and variants."""
        return cls(Moments((), ()), (), lambda _version: house)

    @property
    def same_for_all(self) -> bool:
        """Whether there is one format only."""
        return not (self._variants or self.moments)

    @property
    def latest(self) -> HouseFormat:
        """The default variant in the latest era."""
        return self.of_variant("")

    def for_issue(
        self, *, number: int | None = None, date: date | None = None, front: Mapping[str, object] | None = None
    ) -> HouseFormat:
        """The format for an issue: of its era, by number and date, and its variant, by its front matter.

        For an issue without number or date, the last era applies.
        """
        variant = next((variant.name for variant in self._variants if variant.holds(front or {})), "")
        return self.of_variant(variant, number=number, date=date)

    def of_variant(self, name: str, *, number: int | None = None, date: date | None = None) -> HouseFormat:
        """The format of a variant, without regard to the front matter."""
        return self._of((self._moments.era_of(number, date), name))

    def all(self) -> Iterator[HouseFormat]:
        """Every format, beginning with the default variant in the latest era."""
        moments = self._moments
        last = moments.era_of(None, None)
        every = list(moments.all())
        if len(every) > _MANY:
            every = [era for era in every if era[0] == last[0] or era[1] == last[1]]
        for name in ("", *self.variants):
            for era in every:
                yield self._of((era, name))

    @property
    def variants(self) -> tuple[str, ...]:
        """The names of the variants."""
        return tuple(variant.name for variant in self._variants)

    @property
    def moments(self) -> tuple[str, ...]:
        """The first numbers and dates of the eras, for people."""
        return tuple(
            [f"number {number}" for number in self._moments.numbers] + [f"{day}" for day in self._moments.days]
        )

    def _of(self, version: Version) -> HouseFormat:
        if version not in self._made:
            self._made[version] = self._read(version)
        return self._made[version]
