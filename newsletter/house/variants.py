"""Variants: several formats under one kind, of which a field of the front matter says which one an issue has."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.house.front import STANDARD_FIELDS
from newsletter.house.manners import names_mend
from newsletter.house.tree import Branch, overlay
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsletter.house.eras import Fault

VARIANTS, WHEN, PATTERN = "variants", "when", "pattern"


@dataclass(frozen=True, slots=True)
class Condition:
    """What a field has to be for a variant to hold."""

    field: str
    texts: tuple[str, ...] = ()
    pattern: str = ""

    def holds(self, front: Mapping[str, object]) -> bool:
        """Whether the front matter of an issue has it so; of a list, one entry is enough."""
        value = front.get(self.field)
        entries = value if isinstance(value, list) else [value]
        return any(self._fits(_written(entry)) for entry in entries if entry is not None)

    def _fits(self, text: str) -> bool:
        return text in self.texts or bool(self.pattern and re.fullmatch(self.pattern, text))


@dataclass(frozen=True, slots=True)
class Variant:
    """A format of its own under a kind."""

    name: str
    conditions: tuple[Condition, ...]

    def holds(self, front: Mapping[str, object]) -> bool:
        """Whether an issue with this front matter is of this variant."""
        return bool(self.conditions) and all(condition.holds(front) for condition in self.conditions)


def variants_of(root: Branch) -> tuple[Variant, ...]:
    """The variants of a kind, in their order: the first that holds is the one."""
    found = root.below.get(VARIANTS)
    named = found.below if found is not None else {}
    return tuple(Variant(name, tuple(_conditions(branch))) for name, branch in named.items())


def _conditions(variant: Branch) -> Iterator[Condition]:
    when = variant.below.get(WHEN)
    for field, wanted in (when.below if when is not None else {}).items():
        if isinstance(wanted.value, dict):
            pattern = wanted.below.get(PATTERN)
            if pattern is not None and isinstance(pattern.value, str) and not _pattern_fault(pattern.value):
                yield Condition(field, pattern=pattern.value)
        else:
            entries = wanted.value if isinstance(wanted.value, list) else [wanted]
            yield Condition(field, tuple(_written(entry.value) for entry in entries if entry.value is not None))


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value).strip()


def chosen(root: Branch, name: str) -> Branch:
    """The tree of one variant, laid over what all share; of "" what all share."""
    variants = root.below.get(VARIANTS)
    shared = root.with_value({key: branch for key, branch in root.below.items() if key != VARIANTS})
    variant = variants.below.get(name) if variants is not None and name else None
    if variant is None or not isinstance(variant.value, dict):
        return shared
    said = {key: branch for key, branch in variant.below.items() if key != WHEN}
    place = replace(variant, span=root.span, key_span=None, file=root.file)
    return overlay(shared, place.with_value(said))


# ── Faults ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def faults_in(root: Branch) -> Iterator[Fault]:
    """What is wrong with the variants of a tree: each needs a condition, on fields that there are."""
    variants = root.below.get(VARIANTS)
    if variants is None or variants.broken:
        return
    if not isinstance(variants.value, dict):
        yield variants, "`variants` must be `name: …` blocks", "Give each variant a name."
        return
    for name, variant in variants.below.items():
        when = variant.below.get(WHEN)
        if when is None or not when.below:
            mend = "Add a line such as `when: {edition: special}`, with a field of the front matter."
            yield variant, f"the variant `{name}` never holds: it lacks `when`", mend
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
        yield place, f"there is no field `{field}` under `front`", names_mend(field, fields, "field")
    if wanted.value in (None, [], {}) and not wanted.broken:
        yield wanted, f"`{field}` lacks what it has to be", f"Write `{field}: special`, or a list of texts."
    if isinstance(wanted.value, dict):
        for key, inner in wanted.below.items():
            if key != PATTERN:
                mend = "Write a text, a list of texts, or {pattern: …} for a regular expression."
                yield replace(inner, span=inner.key_span or inner.span), f"`{key}` means nothing here", mend
            elif not isinstance(inner.value, str) or (fault := _pattern_fault(inner.value)):
                yield inner, f"this is no regular expression{f': {fault}' if isinstance(inner.value, str) else ''}", ""


def _pattern_fault(pattern: str) -> str:
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return str(error)
    return ""
