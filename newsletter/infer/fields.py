"""Fields of the front matter: names, types, frequency, length, and patterns of their texts."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from newsletter.house.format import FieldType
from newsletter.house.forms import read_form
from newsletter.house.keys import STANDARD_FIELDS
from newsletter.infer.course import ALWAYS, SUPPORT
from newsletter.infer.measure import characters, counts, enough_of
from newsletter.infer.plan import FieldPlan
from newsletter.infer.templates import Names, forms_of, most_common

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from newsletter.infer.course import Course
    from newsletter.infer.observe import Seen
    from newsletter.language import Language

RARE = 0.02
"""A field in a smaller share of the issues is taken for a typo."""
_CHOICES = 8
_LONGEST_CHOICE = 40
_TOLERANCE = 0.03
"""The share of texts that may differ from all choices."""
_OF_THE_PAST = frozenset(("id", "former", "updated", "original"))
"""Fields about an issue's own past. They require nothing of the next issue."""
_NO_CHOICE = frozenset(("title", "subtitle", "summary", "preheader", "subject", "slug", "id"))
_OF_PUBLICATION = frozenset(("language", "kind"))
"""Fields for which newsletter.yaml has the value of an issue without one. An issue may differ."""
_SEVERAL = 3
"""The fewest issues that share a value for it to be a fact about the publication."""
_NO_LENGTH = frozenset(("slug", "id", "language", "kind"))


class Fields:
    """Infers the fields of issues that are in order."""

    def __init__(self, issues: Sequence[Seen], course: Course, language: Language, names: Names) -> None:
        self._issues = issues
        self._course = course
        self._language = language
        self._names = names
        self.left_out: list[str] = []

    def infer(self) -> tuple[FieldPlan, ...]:
        """The fields, in the order in which issues usually have them."""
        values = [issue.front for issue in self._issues]
        return self._fields(values, (), STANDARD_FIELDS)

    def _fields(
        self, blocks: Sequence[Mapping[str, object] | None], above: tuple[str, ...], standard: Mapping[str, FieldType]
    ) -> tuple[FieldPlan, ...]:
        there = sum(block is not None for block in blocks)
        often = Counter(name for block in blocks if block for name in block)
        rank = {name: _usual_place(name, blocks) for name in often}
        plans = []
        for name in sorted(often, key=lambda name: (rank[name], name)):
            if name in _OF_THE_PAST and not above:
                plans.append(FieldPlan(name, standard.get(name, FieldType.TEXT), True, self._course.all))
                continue
            if often[name] < max(2, RARE * there) and name not in standard:
                shown = ".".join((*above, name))
                self.left_out.append(f"the field `{shown}`: only {_issues(often[name])} it")
                continue
            values = [block.get(name) if block is not None else None for block in blocks]
            possible = [block is not None for block in blocks]
            named = [block is not None and name in block for block in blocks]
            plans.append(self._field(name, values, possible, named, above, standard.get(name)))
        return tuple(plans)

    def _field(
        self,
        name: str,
        values: Sequence[object],
        possible: Sequence[bool],
        named: Sequence[bool],
        above: tuple[str, ...],
        standard: FieldType | None,
    ) -> FieldPlan:
        given = {place: value for place, value in enumerate(values) if value not in (None, "", [], {})}
        holds = standard or _type_of(list(given.values()))
        # An empty field counts as present, because the era of a field is that of its name.
        stretch = self._course.stretch(list(named))
        if all(place in stretch for place, there in enumerate(possible) if there):
            stretch = self._course.all  # it is present as long as the field around it
        plan = FieldPlan(name, holds, standard is not None, stretch)
        # A field inside another can be missing only if the other is present.
        plan.required = self._course.settled(
            [place in given or not possible[place] for place in range(len(values))], stretch
        )
        if plan.required is not None and not any(possible[place] for place in range(stretch.start, stretch.end)):
            plan.required = None
        if holds is FieldType.NESTED:
            blocks = [value if isinstance(value, dict) else None for value in values]
            plan.fields = self._fields(blocks, (*above, name), {})
        elif holds is FieldType.TEXT:
            self._text(plan, {place: value for place, value in given.items() if isinstance(value, str)}, above)
        elif holds is FieldType.LIST:
            self._list(plan, [value if isinstance(value, list) else [value] for value in given.values()])
        elif name == "number" and not above:
            plan.consecutive = self._consecutive()
        if holds is FieldType.NESTED and not plan.fields:
            plan.type = FieldType.TEXT
        return plan

    def _text(self, plan: FieldPlan, texts: Mapping[int, str], above: tuple[str, ...]) -> None:
        if not texts:
            return
        plan.choices = _choices(list(texts.values())) if above or plan.name not in _NO_CHOICE else ()
        if not above and plan.name not in _NO_CHOICE and _is_constant(list(texts.values())):
            # What all issues share is a fact about the publication, so the next issue need not say it again.
            plan.required = None
            plan.choices = () if plan.name in _OF_PUBLICATION else plan.choices
            return
        if plan.choices and len(plan.choices) == 1:
            return
        if len(texts) >= min(SUPPORT, max(3, len(self._issues))) and not above:
            plan.forms = forms_of(texts, self._issues, self._language, self._names)
            if not plan.forms:
                self._former(plan, texts)
        if plan.forms:
            plan.choices = ()
        elif not plan.choices and plan.name not in _NO_LENGTH and _is_prose(list(texts.values())):
            plan.length = characters([len(text) for text in texts.values()], enough_of(len(self._issues)))

    def _former(self, plan: FieldPlan, texts: Mapping[int, str]) -> None:
        """The patterns that a field had until some issue, or has had since one."""
        third = len(self._issues) // 3
        for some in (range(len(self._issues) - third, len(self._issues)), range(third)):
            part = {place: text for place, text in texts.items() if place in some}
            if len(part) < 2 * SUPPORT or plan.choices:
                continue
            # Names from other patterns are used only if the patterns themselves are.
            names = Names({name: list(values) for name, values in self._names.known.items()})
            forms = forms_of(part, self._issues, self._language, names)
            fitting = [
                place not in texts or any(read_form(texts[place], form, self._language) is not None for form in forms)
                for place in range(len(self._issues))
            ]
            formed = self._course.settled(fitting, self._course.all) if forms else None
            if formed is not None:
                plan.forms, plan.formed = forms, None if formed.whole else formed
                self._names.known = names.known
                return

    def _list(self, plan: FieldPlan, lists: Sequence[Sequence[object]]) -> None:
        plan.length = counts([len(entries) for entries in lists])
        entries = [entry for found in lists for entry in found if isinstance(entry, str)]
        if len(entries) == sum(map(len, lists)):
            plan.choices = _choices(entries)

    def _consecutive(self) -> bool:
        numbers = [issue.number for issue in self._issues if issue.number is not None]
        steps = [after - before for before, after in pairwise(numbers)]
        return len(steps) >= min(4, max(2, len(self._issues) - 1)) and sum(step == 1 for step in steps) >= ALWAYS * len(
            steps
        )


def _issues(count: int) -> str:
    return "one issue has" if count == 1 else f"{count} issues have"


def _usual_place(name: str, blocks: Sequence[Mapping[str, object] | None]) -> float:
    places = sorted(list(block).index(name) for block in blocks if block and name in block)
    return places[len(places) // 2]


def _type_of(values: Sequence[object]) -> FieldType:
    kinds = Counter(_kind(value) for value in values)
    return max(kinds, key=lambda kind: (kinds[kind], kind.value)) if kinds else FieldType.TEXT


def _kind(value: object) -> FieldType:
    if isinstance(value, bool):
        return FieldType.YES_NO
    if isinstance(value, int | float):
        return FieldType.NUMBER
    if isinstance(value, date):
        return FieldType.DATE
    if isinstance(value, list):
        return FieldType.LIST
    return FieldType.NESTED if isinstance(value, dict) else FieldType.TEXT


def _choices(texts: Sequence[str]) -> tuple[str, ...]:
    """The few texts that are nearly all of the values, most frequent first.

    None if there are too many texts, or too few values.
    """
    often = [(text, count) for text, count in most_common(texts) if count >= max(2, RARE * len(texts))][:_CHOICES]
    covered = sum(count for _, count in often)
    if len(texts) < 10 or covered < (1 - _TOLERANCE) * len(texts) or len(often) > len(texts) / 4:
        return ()
    if any(len(text) > _LONGEST_CHOICE for text, _ in often):
        return ()
    return tuple(text for text, _ in often)


def _is_constant(texts: Sequence[str]) -> bool:
    """Whether all values, three or more, are the same."""
    return len(texts) >= _SEVERAL and len(set(texts)) == 1


def _is_prose(texts: Sequence[str]) -> bool:
    return sum(" " in text.strip() for text in texts) >= len(texts) / 2
