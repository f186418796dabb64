"""The sections: their number, eras and lengths, and their items."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from newsletter.house.format import Bounds, Need
from newsletter.house.keys import NAME, SECTION_NAME
from newsletter.house.patterns import pieces
from newsletter.infer.course import ALWAYS, SUPPORT
from newsletter.infer.measure import ENOUGH, MeasuredLimit, counts, enough_of, quantiles, sizes, sizes_of_items
from newsletter.infer.plan import HeadingPlan, ItemPlan, SectionPlan
from newsletter.infer.templates import most_common
from newsletter.model import ItemShape
from newsletter.names import slugify

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from newsletter.infer.course import Course, Stretch
    from newsletter.infer.headings import Cluster, Grouped, Place
    from newsletter.infer.observe import Seen, SeenItem, SeenSection
    from newsletter.infer.plan import Plan

FREE = 0.03
"""The share of issues that must have a section with its own heading, so that the format allows such sections."""
_LONGEST_KEY = 40
_SMALL = frozenset(("a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"))
_OTHER_SCRIPT = re.compile(r"[^\x00-\u024f\u2000-\u206f]+")
_NAMES_OF_SCRIPTS = re.compile(r"(?:[^\W_]|[\u0300-\u036f\u064b-\u065f\u0900-\u0903\u093a-\u094f\u0e31\u0e34-\u0e4e])+")
_MOST_SECTIONS = 60
_THERE = 0.9
"""The share of a section's issues that must have items of a shape."""
_COVERED = 0.5
"""The share of a section's words that must be in these items."""
_MANY = 30
"""The fewest items from which a rule about full stops is inferred."""
_CATEGORIES = 15
_ALL = 0.99


def sections_of(issues: Sequence[Seen], grouped: Grouped, course: Course) -> tuple[list[SectionPlan], list[str]]:
    """The sections, most frequent first, and a text for each thing that was left out."""
    plans = [_section(cluster, issues, course) for cluster in grouped.named[:_MOST_SECTIONS]]
    left_out = []
    rare = {issue for issue, _ in grouped.others}
    if len(rare) >= max(2, FREE * len(issues)):
        plans.append(_free(grouped.others, issues, course, alone=not plans))
    elif rare:
        shown = ", ".join(f"`{issues[issue].sections[index].heading}`" for issue, index in grouped.others[:5])
        more = ", …" if len(grouped.others) > 5 else ""
        left_out.append(f"sections that are too rare for a name: {shown}{more}")
    return plans, left_out


def _section(cluster: Cluster, issues: Sequence[Seen], course: Course) -> SectionPlan:
    places = tuple(cluster.places)
    there = cluster.issues
    present = [place in there for place in range(len(issues))]
    stretch = course.stretch(present)
    plan = SectionPlan(
        "",
        _headings(cluster, issues, course),
        places,
        stretch,
        _required_in(course, present, stretch),
        _repeat(Counter(issue for issue, _ in places)),
        forgive=cluster.forgive,
    )
    levels = Counter(issues[issue].sections[index].level for issue, index in places)
    plan.level = max(levels, key=lambda level: (levels[level], -level))
    _inside(plan, [issues[issue].sections[index] for issue, index in places], len(issues))
    return plan


def _required_in(course: Course, present: Sequence[bool], stretch: Stretch) -> Stretch | None:
    """The issues in which a section is required, or None.

    It may hardly ever be missing there, and a habit of the last few issues is not enough.
    """
    found = course.settled(present, stretch)
    if found is None or _is_required(present, stretch, found):
        return found
    # Missing too often in all, it may have been always there since the first issues.
    found = course.settled(present, stretch, whole=False)
    return found if found is not None and _is_required(present, stretch, found) else None


def _is_required(present: Sequence[bool], stretch: Stretch, found: Stretch) -> bool:
    missing = sum(not there for there in present[found.start : found.end])
    young = found.start > stretch.start and len(found) < _HABIT
    slips = 1 if len(found) >= 2 * SUPPORT else 0
    return not young and missing <= max(slips, _MISSING * len(found))


_MISSING = 0.03
"""A section that a larger share of the issues lacks is not required."""
_HABIT = 20
"""The fewest issues that make a habit, if it began later than the section."""


def _inside(plan: SectionPlan, sections: Sequence[SeenSection], total: int) -> None:
    """Sets the content of a section: its items, and whether it has a list of them."""
    plan.items = _items(sections, total)
    plan.contents = plan.items is not None and _always([section.listed for section in sections])


def _headings(cluster: Cluster, issues: Sequence[Seen], course: Course) -> tuple[HeadingPlan, ...]:
    """The headings, beginning with the current ones, most frequent first. A heading that was replaced has an era."""
    last = max(cluster.issues)
    found = []
    for text, places in cluster.spellings.items():
        there = sorted({issue for issue, _ in places})
        since_then = sum(issue > there[-1] for issue in cluster.issues)
        stretch = course.stretch([place in there for place in range(len(issues))])
        given_up = since_then >= SUPPORT and stretch.end < last
        found.append((given_up, -len(places), HeadingPlan(text, stretch if given_up else course.all)))
    found.sort(key=lambda entry: (entry[0], entry[1], entry[2].text))
    return tuple(heading for _, _, heading in found)


def _free(places: Sequence[Place], issues: Sequence[Seen], course: Course, *, alone: bool) -> SectionPlan:
    """The section for headings that the writer chooses."""
    often = Counter(issue for issue, _ in places)
    there = [often[place] > 0 for place in range(len(issues))]
    plan = SectionPlan("", (), tuple(places), course.all)
    plan.required = _required_in(course, there, course.all)
    plan.repeat = _repeat(often)
    if alone or plan.required is not None:
        _inside(plan, [issues[issue].sections[index] for issue, index in places], len(issues))
    return plan


def _repeat(often: Counter[int]) -> Bounds:
    values = list(often.values())
    low, high = quantiles(values, 0.02)
    if high <= 1:
        return Bounds(None, 1)
    return Bounds(low if low > 1 else None, high if high <= 5 else None if high > 12 else high)


def name_sections(plans: Sequence[SectionPlan], known: Mapping[Place, str]) -> None:
    """Gives each section a unique short name, in order: the one by which most of its places are known, if there is one."""
    taken: set[str] = {"opening", *known.values()}
    given: set[str] = set()
    for place, plan in enumerate(plans, start=1):
        names = Counter(known[at] for at in plan.places if at in known and known[at] not in given)
        if names and names.total() * 2 >= len(plan.places):
            plan.key = names.most_common(1)[0][0]
            given.add(plan.key)
        elif plan.headings:
            plan.key = key_of(plan.headings[0].text, f"section-{place}", taken)
        else:
            plan.key = _fresh(_name_of_free(plan, len(plans)), taken)
        taken.add(plan.key)


def _name_of_free(plan: SectionPlan, sections: int) -> str:
    if sections == 1:
        return "part"
    return "essay" if plan.required is not None and plan.items is None and plan.repeat == Bounds(None, 1) else "special"


def key_of(heading: str, otherwise: str, taken: Collection[str]) -> str:
    """A short name from a heading, different from those `taken`; `otherwise` if the heading has no usable characters."""
    return _fresh(_key(heading) or otherwise, taken)


def _fresh(wanted: str, taken: Collection[str]) -> str:
    name, count = wanted, 2
    while name in taken:
        name, count = f"{wanted}-{count}", count + 1
    return name


def _key(heading: str) -> str:
    """A short name for a section, from its heading; "" if the heading has no usable characters."""
    plain = "".join(piece.plain for piece in pieces(heading) if not piece.field)
    words = [word for word in re.split(r"[^a-z0-9]+", slugify(_OTHER_SCRIPT.sub(" ", plain))) if word]
    while words and not words[0][0].isalpha():
        words = words[1:]
    short: list[str] = []
    for word in words:
        if short and len("-".join((*short, word))) > _LONGEST_KEY:
            break
        short.append(word[:_LONGEST_KEY])
    while len(short) > 1 and (short[-1] in _SMALL or len(short[-1]) < 3):
        short.pop()
    return "-".join(short) if _is_latin(plain) else _key_in_its_script(plain)


def _is_latin(text: str) -> bool:
    """Whether at least half of the letters are Latin. Else, the Latin ones alone would make no useful name."""
    letters = [char for char in text if char.isalpha()]
    return 2 * sum(not _OTHER_SCRIPT.match(char) for char in letters) >= len(letters)


def _key_in_its_script(plain: str) -> str:
    """A short name in the script of the heading."""
    words = _NAMES_OF_SCRIPTS.findall(unicodedata.normalize("NFC", plain).lower())
    name = "-".join(words)
    if len(name) > _LONGEST_KEY:
        name = name[:_LONGEST_KEY].rpartition("-")[0] or name[:_LONGEST_KEY]
    while name and not SECTION_NAME.fullmatch(name):
        name = name[1:]
    return name


def _items(sections: Sequence[SeenSection], total: int) -> ItemPlan | None:
    """The items of a section, inferred from all its places in `total` issues; None if it has no items."""
    if len(sections) < min(SUPPORT, max(3, total)):
        return None
    shape = _shape(sections)
    if shape is None:
        return None
    rows = [section.items.get(shape, ()) for section in sections]
    full = [row for row in rows if row]
    plan = ItemPlan(shape, count=counts([len(row) for row in rows], enough_of(total)))
    plan.numbered = _always([[item.number for item in row] == [*range(1, len(row) + 1)] for row in full])
    plan.last = _last(shape, full, total)
    if plan.last is not None:
        full = [row[:-1] for row in full]
    plan.link = _required(full, lambda item: item.linked)
    plan.author = _required(full, lambda item: item.author)
    plan.picture = _required(full, lambda item: item.picture)
    if _always([all(item.category for item in row) for row in full]):
        plan.categories = _categories([item.category for row in full for item in row])
    plan.full_stop = _full_stop(full)
    if shape is not ItemShape.LEAD:  # their titles are always bold
        plan.bold = _required(full, lambda item: item.bold)
    return plan


def _last(shape: ItemShape, rows: Sequence[Sequence[SeenItem]], total: int) -> ItemPlan | None:
    """The last item, if it is of another kind than the others: a round-up, or the only one without a link."""
    if not _always([len(row) > 2 for row in rows]):
        return None
    lasts = [row[-1] for row in rows]
    others = [item for row in rows for item in row[:-1]]
    roundup = _always([item.entries >= _ENTRIES for item in lasts]) and (
        sum(item.entries >= _ENTRIES for item in others) <= _FEW * len(others)
    )
    differs = sum(item.linked for item in lasts) <= len(lasts) / 2 and _always(
        [all(item.linked for item in row[:-1]) for row in rows]
    )
    if not roundup and not differs:
        return None
    plan = ItemPlan(shape, roundup=roundup)
    plan.link = _required([[item] for item in lasts], lambda item: item.linked)
    plan.picture = _required([[item] for item in lasts], lambda item: item.picture)
    plan.author = _required([[item] for item in lasts], lambda item: item.author)
    if roundup:
        plan.entries = _wide(counts([item.entries for item in lasts], enough_of(total)))
    return plan


_ENTRIES = 3
"""The fewest entries of a round-up."""
_FEW = 0.1


def _wide(bounds: Bounds) -> Bounds:
    """Wider bounds, if all values were the same."""
    if bounds.minimum is None or bounds.minimum != bounds.maximum:
        return bounds
    return Bounds(max(2, bounds.minimum // 2), bounds.minimum * 2)


def _shape(sections: Sequence[SeenSection]) -> ItemShape | None:
    found: list[tuple[float, int, ItemShape]] = []
    for place, shape in enumerate((ItemShape.HEADING, ItemShape.NUMBERED, ItemShape.LEAD, ItemShape.BULLET)):
        rows = [section.items.get(shape, ()) for section in sections]
        there = sum(1 for row in rows if row) / len(rows)
        covered = sorted(
            sum((item.words or 0) + item.title for item in row) / max(1, section.words + _titles(section, shape))
            for row, section in zip(rows, sections, strict=True)
        )[len(rows) // 2]
        several = sum(1 for row in rows if len(row) > 1) >= len(rows) / 4
        if there >= _THERE and covered >= _COVERED and several:
            found.append((covered, -place, shape))
    return max(found)[2] if found else None


def _titles(section: SeenSection, shape: ItemShape) -> int:
    """The words in titles that do not count as words of the section: those of sub-headings."""
    return sum(item.title for item in section.items.get(shape, ())) if shape is ItemShape.HEADING else 0


def _always(flags: Sequence[bool]) -> bool:
    return len(flags) >= 3 and sum(flags) >= ALWAYS * len(flags)


def _required(rows: Sequence[Sequence[SeenItem]], has: Callable[[SeenItem], bool]) -> Need:
    return Need.REQUIRED if _always([all(map(has, row)) for row in rows]) else Need.OPTIONAL


def _full_stop(rows: Sequence[Sequence[SeenItem]]) -> Need:
    if sum(map(len, rows)) < _MANY:
        return Need.OPTIONAL
    if _always([all(item.stopped for item in row) for row in rows]):
        return Need.REQUIRED
    if _always([not any(item.stopped for item in row) for row in rows]):
        return Need.FORBIDDEN
    return Need.OPTIONAL


def _categories(categories: Sequence[str]) -> tuple[str, ...] | None:
    """The list of categories, () for any, None if titles have no categories."""
    if len(categories) < ENOUGH:
        return None
    often = [name for name, count in most_common([name for name in categories if name]) if count > 1]
    known = Counter(categories)
    if len(often) <= _CATEGORIES and sum(known[name] for name in often) >= ALWAYS * len(categories):
        return tuple(often)
    # A few colons in titles may be chance; a colon in nearly every title is not.
    return () if sum(map(bool, categories)) >= _ALL * len(categories) else None


def limits_of(plan: SectionPlan, issues: Sequence[Seen]) -> list[MeasuredLimit]:
    """The bounds of a section."""
    places = [(issue, issues[issue].sections[index]) for issue, index in plan.places if issue in plan.stretch]
    enough = enough_of(len(issues))
    if not places or not (plan.headings or plan.required is not None):
        return []
    words = [(issue, section.words) for issue, section in places]
    figures = [(issue, section.figures) for issue, section in places]
    # The length of a list follows from the number and length of its items.
    length = Bounds() if plan.items is not None else sizes([count for _, count in words], enough)
    usual = sum(count > 0 for _, count in figures) >= ALWAYS * len(figures)
    pictured = counts([count for _, count in figures], enough) if usual else Bounds()
    found = [
        MeasuredLimit(f"words of `{plan.key}`", length, words, partial(setattr, plan, "words")),
        MeasuredLimit(f"figures of `{plan.key}`", pictured, figures, partial(setattr, plan, "figures")),
    ]
    if plan.items is not None:
        found += _limits_of_items(plan.key, plan.items, places, enough)
    return [limit for limit in found if not limit.bounds.free]


def _limits_of_items(
    key: str, items: ItemPlan, places: Sequence[tuple[int, SeenSection]], enough: int
) -> list[MeasuredLimit]:
    rows = [(issue, section.items.get(items.shape, ())) for issue, section in places]
    number = [(issue, len(row)) for issue, row in rows]
    lasts = []
    if items.last is not None:
        lasts = [(issue, row[-1]) for issue, row in rows if len(row) > 1]
        rows = [(issue, row[:-1] if len(row) > 1 else row) for issue, row in rows]
    words = [(issue, item.words) for issue, row in rows for item in row if item.words is not None]
    # If most items are only a title, no rule about their length is inferred.
    several = len(words) * 2 > sum(count for _, count in number)
    each = [[item.words for item in row if item.words is not None] for _, row in rows]
    length = sizes_of_items(each, enough) if several else Bounds()
    found = [
        MeasuredLimit(f"items of `{key}`", items.count, number, partial(setattr, items, "count")),
        MeasuredLimit(f"words of items of `{key}`", length, words, partial(setattr, items, "words")),
    ]
    if items.last is not None:
        of_last = [(issue, item.words) for issue, item in lasts if item.words is not None]
        limit = sizes([count for _, count in of_last], enough)
        found += [
            MeasuredLimit(f"words of the last item of `{key}`", limit, of_last, partial(setattr, items.last, "words")),
            MeasuredLimit(
                f"entries of the last item of `{key}`",
                items.last.entries,
                [(issue, item.entries) for issue, item in lasts],
                partial(setattr, items.last, "entries"),
            ),
        ]
    return found


_MOST = 4
_OFTEN = 3
"""The fewest issues with titles that link to each of the domains."""


def kinds_of_links(plan: Plan, issues: Sequence[Seen]) -> None:
    """Sets the domains of sections whose titles all link to a few. The kind of link has the name of the section."""
    for section in plan.sections:
        items = section.items
        if items is None or items.link is not Need.REQUIRED or not NAME.fullmatch(section.key):
            continue
        end = -1 if items.last is not None else None
        rows = [issues[issue].sections[index].items.get(items.shape, ())[:end] for issue, index in section.places]
        hosts = Counter(item.host for row in rows for item in row)
        if hosts.total() < ENOUGH or "" in hosts or len(hosts) > _MOST:
            continue
        if any(sum(any(item.host == host for item in row) for row in rows) < _OFTEN for host in hosts):
            continue
        items.links_to = section.key
        plan.link_kinds[section.key] = tuple(sorted(hosts, key=lambda host: (-hosts[host], host)))
