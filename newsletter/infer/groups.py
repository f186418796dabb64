"""Headings above the sections: those that group sections, and those that open a section at a different level."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from newsletter.house.headings import bare, fold, loose, outline
from newsletter.infer.course import ALWAYS
from newsletter.infer.headings import FENCE, HEADING, SHARE, generalised
from newsletter.infer.plan import GroupPlan
from newsletter.infer.sections import key_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.infer.observe import Seen, SeenGroup
    from newsletter.infer.plan import Plan
    from newsletter.language import Language

_MOSTLY = 0.8
_UNKNOWN = 0.03
"""There are no groups if more than this share of issues has a heading at that level that is unique, such as a title."""


def own_levels(bodies: Sequence[str], level: int) -> tuple[tuple[int, str], ...]:
    """Recurring headings above `level` with text of their own: the level, and a regular expression for parsing.

    A heading with a section directly under it is the heading of a group.
    """
    found: dict[tuple[int, str], Counter[bool]] = defaultdict(Counter)
    for body in bodies:
        for above, text, opens in dict.fromkeys(_headings_above(body, level)):
            found[above, text][opens] += 1
    enough = max(3, round(SHARE * len(bodies)))
    return tuple(
        (above, outline(text.replace("{", "\\{").replace("}", "\\}")))
        for (above, text), counted in sorted(found.items())
        if counted.total() >= enough and counted[True] >= _MOSTLY * counted.total() and bare(text)
    )


def _headings_above(body: str, level: int) -> Iterator[tuple[int, str, bool]]:
    """Level and text of each heading above `level`, and whether text follows it before the next heading."""
    fence, last = "", None
    for line in body.split("\n"):
        opened, match = FENCE.match(line), HEADING.match(line)
        if opened and not fence:
            fence = opened[1]
        elif opened and opened[1].startswith(fence):
            fence = ""
        if last and line.strip():
            yield (*last, fence != "" or match is None)
            last = None
        if match and not fence and len(match[1]) < level:
            last = len(match[1]), fold(match[2])


def groups_of(plan: Plan, issues: Sequence[Seen], languages: Sequence[Language]) -> tuple[GroupPlan, ...]:
    """The headings above the sections, each with the sections under it.

    None if these headings are titles, or occur by chance.
    """
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    places: dict[str, set[int]] = defaultdict(set)
    levels: dict[str, int] = {}
    for place, (issue, language) in enumerate(zip(issues, languages, strict=True)):
        for one in _above(issue):
            written = generalised(fold(one.heading), issue, language)
            spellings[loose(written)][written] += 1
            places[loose(written)].add(place)
            levels[loose(written)] = one.level if one.beside else 0
    enough = max(3, round(SHARE * len(issues)))
    known = [name for name in spellings if len(places[name]) >= enough]
    rare = {place for name in spellings if name not in known for place in places[name]}
    alone = all(one.first == 0 and not one.beside for issue in issues for one in _above(issue))
    # A single heading above all sections is the title of the issue.
    if not known or len(rare) > _UNKNOWN * len(issues) or (alone and len(known) == 1):
        return ()
    owners = _owners(plan, issues, languages)
    found: list[GroupPlan] = []
    for name in sorted(known, key=lambda name: (-len(places[name]), name)):
        heading = min(spellings[name], key=lambda text: (-spellings[name][text], text))
        under = tuple(section.key for section in plan.sections if owners.get(section.key) == name)
        required = len(places[name]) >= ALWAYS * len(issues)
        key = key_of(heading, f"group-{len(found) + 1}", {group.name for group in found})
        found.append(GroupPlan(key, heading, under, required, levels[name]))
    order = {key: place for place, key in enumerate(section.key for section in plan.sections)}
    return tuple(sorted(found, key=lambda group: min((order[key] for key in group.sections), default=len(order))))


def _above(issue: Seen) -> Iterator[SeenGroup]:
    """The headings above the sections, without the title of the issue, if the text repeats it."""
    title = loose(str(issue.front.get("title", "")))
    return (one for one in issue.above if loose(one.heading) != title)


def _owners(plan: Plan, issues: Sequence[Seen], languages: Sequence[Language]) -> dict[str, str]:
    """For each section, the heading that is nearly always above it."""
    above = [
        [(loose(generalised(fold(one.heading), issue, language)), one) for one in _above(issue)]
        for issue, language in zip(issues, languages, strict=True)
    ]
    owners = {}
    for section in plan.sections:
        counted = Counter(
            next((name for name, one in reversed(above[issue]) if _is_under(one, index, issues[issue])), "")
            for issue, index in section.places
        )
        name, often = counted.most_common(1)[0] if counted else ("", 0)
        if name and often >= ALWAYS * counted.total():
            owners[section.key] = name
    return owners


def _is_under(group: SeenGroup, index: int, issue: Seen) -> bool:
    """Whether a section is under a heading: no section of the same or a higher level is between them."""
    levels = [section.level for section in issue.sections[group.first : index + 1]]
    return bool(levels) and not any(level <= group.level if level else group.beside for level in levels)
