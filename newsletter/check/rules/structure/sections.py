"""ST: the sections of an issue and their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.facts.elsewhere import ENOUGH, doubt
from newsletter.check.facts.history import section_key
from newsletter.check.facts.sections import longest_in_order
from newsletter.check.rule import rule
from newsletter.check.wording import asked, count_of, quoted, section_called
from newsletter.house.format import Need
from newsletter.house.headings import fits, fold
from newsletter.model import ItemShape, Opener, ThematicBreak
from newsletter.suggest import did_you_mean
from newsletter.walk import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.check.context import CheckContext
    from newsletter.diagnostics import Diagnostic
    from newsletter.house.format import Bounds, SectionFormat, SectionGroup
    from newsletter.model import Block, Section, Span


@rule(
    "ST101",
    "missing-section",
    "Required sections exist",
    "structure",
    gap=True,
    keys=("sections.NAME.required", "groups.NAME.required"),
)
def missing_section(context: CheckContext) -> Iterator[Diagnostic]:
    """ST101: a required section is missing, or does not come often enough."""
    yield from _missing_groups(context)
    slipped = _slipped(context)
    for wanted in context.house.sections:
        if wanted.need is not Need.REQUIRED or wanted.key in slipped:
            continue
        here = [index for index, found in enumerate(context.matched) if found is wanted]
        least = max(wanted.repeat.minimum or 0, 1)
        if not here:
            where, label = _where_missing(context, wanted)
            about = ("sections", wanted.key, "required")
            advice = "" if wanted.free else _doubt(context, wanted.key)
            message = f"{_name(context, wanted)} is missing"
            yield context.found("ST101", where, message, label=label, advice=advice, about=about)
        elif len(here) < least:
            yield context.found(
                "ST101",
                context.issue.sections[here[-1]].title_span,
                f"{context.asker} asks for {count_of(least, 'section')} of this kind, this issue has {len(here)}",
                about=("sections", wanted.key, "repeat"),
            )


def _doubt(context: CheckContext, key: str) -> str:
    return doubt(context.history, context.own, lambda issue: key in issue.sections)


def _slipped(context: CheckContext) -> set[str]:
    """The keys of sections that are there under a misspelt heading or at the wrong level."""
    slipped = (*context.slips.values(), *context.strays.values())
    return {*(wanted.key for wanted, _ in slipped), *(one.key for one in context.misplaced.values())}


def _where_missing(context: CheckContext, wanted: SectionFormat) -> tuple[Span, str]:
    """The heading before which the section should be, else the end of the issue."""
    if wanted.rank is None:
        first = wanted.place == "first" and context.issue.sections
        return context.issue.sections[0].title_span if first else context.end, f"{context.asker} asks for it"
    for _, section, found in context.wanted_sections():
        if found.rank is not None and found.rank > wanted.rank:
            return section.title_span, f"{context.asker} asks for it before this"
    return context.end, f"{context.asker} asks for it here"


def _name(context: CheckContext, wanted: SectionFormat) -> str:
    headings = context.headings[wanted.key]
    if headings:
        marks = "#" * context.house.level_of(wanted)
        return "the section " + " or ".join(f"`{marks} {heading}`" for heading in headings[:3])
    if wanted.opener is Opener.ITEMS:
        return f"the stories (`{wanted.key}` in house.yaml), which follow the opening without a section,"
    if wanted.opener is Opener.RULE:
        return f"the text after a `---` (`{wanted.key}` in house.yaml)"
    return f"a section under a heading of your own (`{wanted.key}` in house.yaml)"


@rule("ST132", "section-set", "Each set has enough of its sections", "structure", gap=True, keys=("sets",))
def missing_of_set(context: CheckContext) -> Iterator[Diagnostic]:
    """ST132: too few or too many sections of a set are there."""
    by_key = {wanted.key: wanted for wanted in context.house.sections}
    present = context.present | _slipped(context)
    for wanted in context.house.sets:
        chosen = [by_key[key] for key in wanted.sections if key in by_key]
        here = [section for section in chosen if section.key in present]
        if not chosen or len(here) in wanted.count:
            continue
        if wanted.count.maximum is not None and len(here) > wanted.count.maximum:
            index = next(at for at, found in reversed([*enumerate(context.matched)]) if found in here)
            place, label = context.issue.sections[index].title_span, f"one too many of `{wanted.name}`"
        else:
            place, label = _where_missing(context, chosen[0])
        yield context.found(
            "ST132",
            place,
            f"{context.asker} asks for {_how_many(wanted.count)} of {_listed(context, chosen)}, "
            f"this issue has {len(here) or 'none'}",
            label=label,
            about=("sets", wanted.name),
        )


def _how_many(count: Bounds) -> str:
    return "one" if (count.minimum, count.maximum) == (1, 1) else asked(count)


def _listed(context: CheckContext, chosen: Sequence[SectionFormat]) -> str:
    names = [f"`{context.headings[one.key][0]}`" if one.headings else f"`{one.key}`" for one in chosen[:5]]
    return ", ".join(names) + (", …" if len(chosen) > 5 else "")


@rule("ST102", "unknown-section", "The house format knows each section", "structure", keys=("sections", "groups"))
def unknown_section(context: CheckContext) -> Iterator[Diagnostic]:
    """ST102: a section that the house format does not have, or does not allow."""
    yield from _unknown_groups(context)
    if context.house.opening_need is Need.FORBIDDEN and context.issue.opening:
        yield context.found(
            "ST102",
            context.issue.opening[0].span,
            f"{context.asker} has no text before the first section",
            advice="Move it under a heading.",
            about=("opening",),
        )
    if not context.house.sections:
        return
    absent = _absent_headings(context)
    groups = {found.heading.span.start for found in context.groups}
    for index, (section, found) in enumerate(zip(context.issue.sections, context.matched, strict=True)):
        forbidden = found is not None and found.need is Need.FORBIDDEN
        if index in context.slips or (found is not None and not forbidden) or section.span.start in groups:
            continue
        if section.opener is Opener.RULE:
            continue  # the text that ends the last item is always allowed
        title = plain_text(section.title)
        era = _other_era(context, title)
        yield context.found(
            "ST102",
            section.title_span,
            f"{context.asker} {'no longer has' if forbidden else 'has no'} section {quoted(title)}",
            label=f"it has one {era} only" if era else "",
            advice="" if era else did_you_mean(title, absent) or _as_elsewhere(context, section) or _as_story(context),
            about=("sections",),
        )


def _as_story(context: CheckContext) -> str:
    """The advice that the sections may be stories, to be written one level deeper."""
    reading = context.house.reading
    if reading.stories is not ItemShape.HEADING or reading.story_level != reading.section_level + 1:
        return ""
    return f"If it is a story, write it with `{'#' * reading.story_level}`, before the first section."


def _as_elsewhere(context: CheckContext, section: Section) -> str:
    """The advice if other issues have the section, too: to add it to the house format."""
    key, own = section_key(section, None), context.own
    issues = context.history.issues.values() if context.history else ()
    others = [one for one in issues if own and one.path != own.path and one.kind == own.kind and key in one.sections]
    if len(others) < ENOUGH - 1:
        return ""
    return (
        f"{len(others)} other issues have it, too: if that is right, list it under `sections`, with `required: false`."
    )


def _other_era(context: CheckContext, title: str) -> str:
    """The time in which the house format had a section with this heading, if it does not now; "" if it never had."""
    heading = fold(title)
    lapsed = context.house.lapsed.items()
    return next((era for pattern, era in lapsed if fits(heading, pattern, context.language, forgiving=True)), "")


def _absent_headings(context: CheckContext) -> list[str]:
    there = context.present.union(wanted.key for wanted, _ in context.slips.values())
    absent = (wanted.key for wanted in context.house.sections if wanted.key not in there)
    return [heading for key in absent for heading in context.headings[key]]


@rule(
    "ST103",
    "repeated-section",
    "Sections appear as often as the house format allows",
    "structure",
    keys=("sections.NAME.repeat",),
)
def repeated_section(context: CheckContext) -> Iterator[Diagnostic]:
    """ST103: a section comes more often than the house format allows."""
    seen: dict[str, int] = {}
    for _, section, found in context.wanted_sections():
        seen[found.key] = seen.get(found.key, 0) + 1
        most = found.repeat.maximum
        if most is not None and seen[found.key] > most:
            often = "once" if most == 1 else "twice" if most == 2 else f"{most} times"
            yield context.found(
                "ST103",
                section.title_span,
                f"{section_called(section)} comes again",
                label=f"{context.asker} has it {often}",
                about=("sections", found.key, "repeat"),
            )


@rule(
    "ST105",
    "out-of-order",
    "Sections are in the order of the house format",
    "structure",
    keys=("order", "groups.NAME.sections"),
)
def out_of_order(context: CheckContext) -> Iterator[Diagnostic]:
    """ST105: a section is not at its place in the house format. Of two in the wrong order, the later one is reported."""
    yield from _under_another(context)
    # ST134 reports sections that must be first or last.
    ranked = ((section, wanted.rank) for _, section, wanted in context.wanted_sections() if not wanted.place)
    placed = [(section, rank) for section, rank in ranked if rank is not None]
    kept = sorted(longest_in_order([rank for _, rank in placed]))
    for at, (section, rank) in enumerate(placed):
        if at not in kept:
            yield context.found(
                "ST105",
                section.title_span,
                f"{section_called(section)} is out of order",
                label=f"{context.asker} has it {_belongs(rank, [placed[other] for other in kept])}",
                about=("order",),
            )


def _belongs(rank: int, kept: Sequence[tuple[Section, int]]) -> str:
    """The correctly placed section before or after which the section belongs."""
    after = [section for section, other in kept if other <= rank]
    before = [section for section, other in kept if other > rank]
    word, section = ("before", before[0]) if before else ("after", after[-1])
    return f"{word} {section_called(section, 40)}"


@rule(
    "ST134",
    "first-or-last",
    "Sections with a fixed place come first or last",
    "structure",
    keys=("sections.NAME.place",),
)
def first_and_last(context: CheckContext) -> Iterator[Diagnostic]:
    """ST134: the section that must be first or last is not.

    Unknown sections are not counted, because ST102 reports them.
    """
    known = list(context.wanted_sections())
    for at, (_, section, wanted) in enumerate(known):
        # All sections of a repeated kind count as one.
        row = known[:at] if wanted.place == "first" else known[at + 1 :]
        if wanted.place and any(other is not wanted for _, _, other in row):
            yield context.found(
                "ST134",
                section.title_span,
                f"{section_called(section)} is not the {wanted.place} section",
                label=f"{context.asker} has it {wanted.place}",
                about=("sections", wanted.key, "place"),
            )


@rule("ST106", "empty-section", "Each heading has content below it", "structure", gap=True, keys=("opening.required",))
def empty_section(context: CheckContext) -> Iterator[Diagnostic]:
    """ST106: a heading has nothing under it, or a required opening is empty."""
    issue = context.issue
    if context.house.opening_need is Need.REQUIRED and not _has_text(context, issue.opening):
        first = issue.sections[0].title_span if issue.sections else context.end
        yield context.found(
            "ST106",
            first,
            "the opening is missing",
            label=f"{context.asker} asks for text before this",
            about=("opening", "required"),
        )
    headings = {*context.misplaced, *(found.heading.span.start for found in context.groups)}
    for index, section in enumerate(issue.sections):
        if is_empty(context, index):
            yield context.found("ST106", section.title_span, f"{section_called(section)} is empty")
            continue
        wanted = context.matched[index]
        if wanted is not None and _may_be_empty(wanted.items.words if wanted.items else wanted.words):
            continue
        for item in section.items:
            if not _has_text(context, item.blocks) and item.span.start not in headings:
                yield context.found("ST106", item.title_span, f"{quoted(plain_text(item.title))} has no text below it")


def is_empty(context: CheckContext, index: int) -> bool:
    """Whether a required section is empty. A section that is not in the house format does not count."""
    section, wanted = context.issue.sections[index], context.matched[index]
    if wanted is None and context.house.sections and index not in context.slips:
        return False
    if wanted is not None and _may_be_empty(wanted.words):
        return False
    return not section.items and not _has_text(context, section.blocks)


def _may_be_empty(words: Bounds) -> bool:
    """Whether the house format explicitly allows an empty part: `words: 0`, `words: 0-50`."""
    return words.minimum == 0 or words.maximum == 0


def _has_text(context: CheckContext, blocks: Sequence[Block]) -> bool:
    silent = {found.heading.span.start for found in context.groups}
    return any(not isinstance(block, ThematicBreak) and block.span.start not in silent for block in blocks)


def _missing_groups(context: CheckContext) -> Iterator[Diagnostic]:
    """The findings for required groups that are missing."""
    present = {found.group.key for found in context.groups if found.group is not None}
    for group in context.house.groups:
        if group.required and group.key not in present:
            yield context.found(
                "ST101",
                context.end,
                f"the heading {_shown(context, group)} is missing",
                label=f"{context.asker} asks for it",
                about=("groups", group.key, "required"),
            )


def _unknown_groups(context: CheckContext) -> Iterator[Diagnostic]:
    """The findings for headings above sections that the house format does not have."""
    for found in context.groups:
        if found.group is None:
            message = f"{context.asker} has no group {quoted(plain_text(found.heading.inlines))}"
            yield context.found("ST102", found.heading.span, message, about=("groups",))


def _under_another(context: CheckContext) -> Iterator[Diagnostic]:
    """The findings for sections in the wrong group, or in none."""
    own = {key: group for group in context.house.groups for key in group.sections}
    for index, section, wanted in context.wanted_sections():
        if wanted.key not in own:
            continue
        above = next((found for found in reversed(context.groups) if found.first <= index), None)
        if above is None or (above.group is not None and above.group is not own[wanted.key]):
            yield context.found(
                "ST105",
                section.title_span,
                f"{section_called(section)} is out of order",
                label=f"{context.asker} has it under {_shown(context, own[wanted.key])}",
                about=("groups", own[wanted.key].key, "sections"),
            )


def _shown(context: CheckContext, group: SectionGroup) -> str:
    marks = "#" * context.house.level_of_group(group)
    return " or ".join(f"`{marks} {heading}`" for heading in group.headings) or f"`{group.key}`"
