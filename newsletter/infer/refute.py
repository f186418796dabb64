"""Removes rules from the plan that the issues themselves break, which a trial check shows."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, count
from typing import TYPE_CHECKING

from newsletter.house.format import Bounds, Need
from newsletter.house.keys import FORGIVEN
from newsletter.infer.course import ALWAYS, SUPPORT, Stretch
from newsletter.infer.plan import SectionPlan

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.infer.plan import FieldPlan, Plan, Subject
    from newsletter.infer.tally import IssueTally, Tally

NEWEST = 0.2
"""The share of issues that are the newest. A rule that these break is removed, however long it was followed."""
_FEW_OF_NEWEST = 0.1
_LET_OFF = 1
"""The number of issues that may break a rule by mistake, if there are only about ten."""


_MISTAKES = 3


def refuted(tally: Tally, each: Sequence[IssueTally]) -> list[Subject]:
    """The rules that too many issues break, of all or of the newest. `each` are all issues, in order."""
    newest = each[-max(SUPPORT, round(NEWEST * len(each))) :]
    return [subject for subject in sorted(tally.broken) if _is_refuted(subject, tally, newest)]


def _is_refuted(subject: Subject, tally: Tally, newest: Sequence[IssueTally]) -> bool:
    good, total = tally.obeying(subject)
    if subject[-1:] == ("heading",) and total - good < _MISTAKES:
        return False  # a heading with a few typos is still the heading
    if good < ALWAYS * total and total - good > (_LET_OFF if total >= 2 * SUPPORT else 0):
        return True
    late = [one for one in newest if subject in one.concerned]
    broken = sum(subject in one.broken for one in late)
    return broken > max(_LET_OFF, _FEW_OF_NEWEST * len(late))


def give_up(plan: Plan, subject: Subject, each: Sequence[IssueTally]) -> bool:
    """Removes a rule from the plan, or limits it to the issues that follow it.

    Returns whether there was such a rule.
    """
    return _narrow(plan, subject, [subject not in one.broken for one in each]) or _drop(plan, subject)


def _narrow(plan: Plan, subject: Subject, obeyed: Sequence[bool]) -> bool:
    """Limits a rule to the issues since or until some issue, if these follow it. Returns whether that is possible."""
    if len(obeyed) != plan.course.total:
        return False
    kept = plan.course.settled(obeyed, plan.course.all)
    if kept is None or kept.whole:
        return False
    match subject:
        case ("front", name, "form"):
            one = next(iter(_fields(plan.fields, (name,))), None)
            if one is None or one.formed is not None or not one.forms:
                return False
            one.formed = kept
        case ("front", name, "required"):
            return any(_require_within(one, kept) for one in _fields(plan.fields, (name,)))
        case ("sections", key, "required"):
            return any(_require_within(one, kept) for one in plan.sections if one.key == key)
        case _:
            return False
    return True


def _require_within(one: FieldPlan | SectionPlan, kept: Stretch) -> bool:
    if one.required is None:
        return False
    start, end = max(one.required.start, kept.start), min(one.required.end, kept.end)
    narrower = Stretch(start, end, kept.total)
    if end - start < 2 * SUPPORT or narrower == one.required:
        return False
    one.required = narrower
    return True


def _drop(plan: Plan, subject: Subject) -> bool:
    match subject:
        case ("front",):
            plan.other_fields, had = True, not plan.other_fields
            return had
        case ("front", *path, key):
            fields = list(_fields(plan.fields, tuple(part for part in path if part != "fields")))
            return any(_give_up_in_field(one, key) for one in fields)
        case ("sections",):
            return _welcome_others(plan)
        case ("sections", key, "items", what):
            return any(_clear(one.items, what) for one in plan.sections if one.key == key and one.items)
        case ("sections", key, "items", "last", what):
            return any(_clear(one.items.last, what) for one in plan.sections if one.key == key and one.items)
        case ("sections", key, what):
            return any(_give_up_in_section(plan, one, what) for one in plan.sections if one.key == key)
        case ("groups", *path):
            return _give_up_groups(plan, path)
        case ("sets", name, *_):
            kept = tuple(one for one in plan.sets if one.name != name)
            had, plan.sets = len(kept) < len(plan.sets), kept
            return had
        case ("order",):
            plan.order, had = None, plan.order is not None
            return had
        case _:
            return _give_up_of_all(plan, subject)


def _give_up_groups(plan: Plan, path: Sequence[str]) -> bool:
    had = plan.groups
    match path:
        case [name, "required"]:
            plan.groups = tuple(replace(one, required=one.required and one.name != name) for one in had)
        case [name, "sections"]:
            plan.groups = tuple(replace(one, sections=() if one.name == name else one.sections) for one in had)
        case _:
            plan.groups = ()
    return plan.groups != had


def _give_up_of_all(plan: Plan, subject: Subject) -> bool:
    match subject:
        case ("opening", "words"):
            plan.opening, had = Bounds(), not plan.opening.free
        case ("opening", "begins"):
            plan.opening_begins, had = None, plan.opening_begins is not None
        case ("opening", "contains"):
            plan.opening_contains, had = (), bool(plan.opening_contains)
        case ("contains",):
            plan.contains, had = (), bool(plan.contains)
        case ("opening", "required"):
            plan.opening_required, had = None, plan.opening_required is not None
        case ("words",):
            plan.words, had = Bounds(), not plan.words.free
        case ("figures", "caption"):
            plan.caption, had = Need.OPTIONAL, plan.caption is not Need.OPTIONAL
        case ("figures", "credit"):
            plan.credit, had = Need.OPTIONAL, plan.credit is not Need.OPTIONAL
        case ("quotations", "source"):
            plan.sourced, had = Need.OPTIONAL, plan.sourced is not Need.OPTIONAL
        case ("file_name",):
            plan.file_names, had = (), bool(plan.file_names)
        case ("contents_written",):
            plan.contents, had = False, plan.contents
        case _:
            return False
    return had


def _fields(fields: Sequence[FieldPlan], path: Subject) -> Iterator[FieldPlan]:
    for one in fields:
        if path and one.name == path[0]:
            if len(path) == 1:
                yield one
            yield from _fields(one.fields, path[1:])


def _give_up_in_field(plan: FieldPlan, key: str) -> bool:
    had = {
        "required": plan.required is not None,
        "form": bool(plan.forms),
        "choices": bool(plan.choices),
        "length": not plan.length.free,
        "consecutive": plan.consecutive,
    }
    match key:
        case "required":
            plan.required = None
        case "form":
            plan.forms, plan.formed = (), None
        case "choices":
            plan.choices = ()
        case "length":
            plan.length = Bounds()
        case "consecutive":
            plan.consecutive = False
    return had.get(key, False)


def _give_up_in_section(plan: Plan, section: SectionPlan, what: str) -> bool:
    match what:
        case "required":
            section.required, had = None, section.required is not None
        case "heading":
            section.forgive, had = FORGIVEN, section.forgive != FORGIVEN
        case "repeat":
            section.repeat, had = Bounds(1, None), section.repeat.maximum is not None
        case "words":
            section.words, had = Bounds(), not section.words.free
        case "figures":
            section.figures, had = Bounds(), not section.figures.free
        case "begins":
            section.begins, had = None, section.begins is not None
        case "contains":
            section.contains, had = (), bool(section.contains)
        case "contents_written":
            section.contents, had = False, section.contents
        case _:
            return False
    if what == "required":
        # A set with a minimum would require the same.
        plan.sets = tuple(one for one in plan.sets if section.key not in one.sections or one.count.minimum is None)
    return had


_KEYS_OF_ITEMS = {
    "count": Bounds(),
    "words": Bounds(),
    "entries": Bounds(),
    "numbered": False,
    "categories": None,
    "links_to": "",
} | dict.fromkeys(("link", "author", "picture", "full_stop", "bold"), Need.OPTIONAL)


def _clear(items: object, what: str) -> bool:
    if what not in _KEYS_OF_ITEMS or getattr(items, what) == _KEYS_OF_ITEMS[what]:
        return False
    setattr(items, what, _KEYS_OF_ITEMS[what])
    return True


def _welcome_others(plan: Plan) -> bool:
    """Adds a section with any heading to the plan, any number of times. Returns whether that changed something."""
    free = next((one for one in plan.sections if not one.headings), None)
    if free is None:
        taken = {one.key for one in plan.sections}
        names = chain(("other", "special"), map("other-{}".format, count(2)))
        key = next(name for name in names if name not in taken)
        free = SectionPlan(key, (), (), plan.course.all, repeat=Bounds(1, None))
        plan.sections = (*plan.sections, free)
        if plan.order is not None:
            plan.order, plan.listed = plan.order or (), False
        return True
    had = free.repeat.maximum is not None
    free.repeat = Bounds(1, None)
    return had
