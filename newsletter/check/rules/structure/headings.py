"""ST: headings that nearly match a section, have the wrong level, or are where no section or item can begin."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.check.facts.files import file_stem
from newsletter.check.rule import WARNING, rule
from newsletter.check.wording import likeness, quoted, section_called
from newsletter.diagnostics import Edit, Fix
from newsletter.house.format import Need
from newsletter.house.forms import read_form
from newsletter.house.headings import field_value, fits, fold
from newsletter.house.patterns import PERIOD, fields_in, pieces
from newsletter.late import late
from newsletter.model import Heading, Opener, Text
from newsletter.period import period_of, shifted
from newsletter.period import written as written_period
from newsletter.walk import plain_text, walk_blocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from newsletter.check.context import CheckContext
    from newsletter.diagnostics import Diagnostic
    from newsletter.house.format import SectionFormat
    from newsletter.model import Block, Inline, Section, Span

_MARKS = re.compile(r" {0,3}(?P<marks>#{1,6})(?=[ \t\n]|$)")
_MARKUP = re.compile(r"[\\`*_\[\]<>&~{}]|#\s*$")
"""Characters and line starts that have a meaning in Markdown."""
_SURE = 0.9
"""The likeness (difflib's ratio) from which a heading is certainly meant to be the missing one."""


@rule("ST110", "title-in-body", "The title is only in the front matter", "structure", keys=("section_level",))
def title_in_body(context: CheckContext) -> Iterator[Diagnostic]:
    """ST110: a `#` heading in the body. The title of an issue is in its front matter."""
    reported = {*context.misplaced, *(found.heading.span.start for found in context.groups)}
    for block in walk_blocks(context.issue):
        if not isinstance(block, Heading) or block.span.start in reported:
            continue
        if block.level < context.house.reading.section_level:
            yield context.found(
                "ST110",
                block.span,
                f"a heading of level {block.level} (`{'#' * block.level}`) is above the level of sections",
                label=_titled(context) if block.level == 1 else "",
                advice=f"Start sections with `{'#' * context.house.reading.section_level}`.",
            )


def _titled(context: CheckContext) -> str:
    if context.issue.title:
        return "the issue's title belongs in the front matter"
    return "if it is the issue's title, write it in the front matter: `title: …`"


@rule(
    "ST111", "skipped-level", "Headings go down one level at a time", "structure", fixable=True, keys=("section_level",)
)
def skipped_level(context: CheckContext) -> Iterator[Diagnostic]:
    """ST111: a heading is more than one level below the one above it."""
    top = context.house.reading.section_level
    yield from _skips(context, context.issue.opening, top - 1)
    for section in context.issue.sections:
        # A raised heading before the items would become one of them, which may be wrong.
        yield from _skips(context, section.blocks, top, certain=not section.items)
        of_items = section.level + 1 if section.opener is Opener.ITEMS else top + 1
        for item in section.items:
            yield from _skips(context, item.blocks, of_items, certain=True)


def _skips(
    context: CheckContext, blocks: Sequence[Block], level: int, *, certain: bool = False
) -> Iterator[Diagnostic]:
    for at, block in enumerate(blocks):
        if not isinstance(block, Heading) or block.level <= context.house.reading.section_level:
            continue
        if block.span.start in context.misplaced:
            level = context.house.reading.section_level
            continue
        if any(found.level and found.heading.span.start == block.span.start for found in context.groups):
            continue
        if block.level > level + 1:
            above = f"`{'#' * level}`" if level > 1 else "the issue's title"
            yield context.found(
                "ST111",
                block.span,
                f"the heading skips a level: `{'#' * block.level}` below {above}",
                label=f"write `{'#' * (level + 1)}`",
                fix=_raised(context, blocks, at, level) if certain else None,
            )
        level = block.level


def _raised(context: CheckContext, blocks: Sequence[Block], start: int, level: int) -> Fix | None:
    """The fix that raises the heading at `start` of `blocks`, and those beside and below it, to one level below `level`.

    None if a heading with a level in between follows, because its place would then be unclear.
    """
    marks: list[re.Match[str]] = []
    top = 0
    for block in blocks[start:]:
        if not isinstance(block, Heading):
            continue
        if block.level <= level:
            break
        match = _MARKS.match(context.source.text, block.span.start)
        top = top or block.level
        if match is None or len(match["marks"]) != block.level or block.level < top:
            return None
        marks.append(match)
    shift = top - level - 1
    edits = (Edit(context.span(match.start("marks"), match.start("marks") + shift), "") for match in marks)
    title = f"write `{'#' * (level + 1)}`, and adjust the headings below it"
    return Fix(tuple(edits), title) if marks and shift > 0 else None


_UNDERLINED = re.compile(r"\n {0,3}---[ \t]*(?=\n|$)")
_ENDS_A_SENTENCE = late(r"[.!?…。！？:：;；,，]['\"”’»)\]*_]*$")


@rule("ST156", "text-made-heading", "No `---` turns the text above it into a heading", "structure", severity=WARNING)
def text_made_heading(context: CheckContext) -> Iterator[Diagnostic]:
    """ST156: `---` right below text makes a heading of the text, where a line was meant."""
    for place, inlines in _all_headings(context):
        end = context.source.text.find("\n\n", place.start)
        written = context.source.text[place.start : end if end >= 0 else None]
        rule_below = _UNDERLINED.search(written) if not _MARKS.match(written) else None
        if rule_below is None:
            continue
        paragraph = written[: rule_below.start()]
        if "\n" in paragraph or _ENDS_A_SENTENCE.search(paragraph.strip()):
            at = place.start + rule_below.start() + 1
            yield context.found(
                "ST156",
                context.span(at, at + len(rule_below[0].strip())),
                f"this turns {quoted(plain_text(inlines))} into a heading",
                label="a horizontal line needs an empty line above it",
                advice="Leave an empty line above `---`. If you want a heading, begin it with `##`.",
            )


def _all_headings(context: CheckContext) -> Iterator[tuple[Span, Sequence[Inline]]]:
    """The start of each heading, and its text."""
    for section in context.issue.sections:
        if section.opener is Opener.HEADING:
            yield section.span, section.title
        yield from ((item.span, item.title) for item in section.items)
    for block in walk_blocks(context.issue):
        if isinstance(block, Heading):
            yield block.span, block.inlines


@rule(
    "ST124",
    "nearly-matching-heading",
    "Headings match the house format",
    "structure",
    fixable=True,
    keys=("sections.NAME.heading", "forgive", "sections.NAME.forgive"),
)
def nearly_matching(context: CheckContext) -> Iterator[Diagnostic]:
    """ST124: a heading nearly matches one of the house format."""
    nearly = {
        index: (wanted, context.nearly[index])
        for index, _, wanted in context.wanted_sections()
        if index in context.nearly
    }
    yield from misspelt(context, {**nearly, **context.slips})
    yield from strayed(context, context.strays)


def strayed(context: CheckContext, strays: Mapping[int, tuple[SectionFormat, str]]) -> Iterator[Diagnostic]:
    """The findings for headings that nearly match a section and were read as stories; `strays` has their offsets."""
    for item in (item for section in context.issue.sections for item in section.items):
        if item.span.start in strays:
            wanted, heading = strays[item.span.start]
            yield context.found(
                "ST124",
                item.title_span,
                f"the heading {quoted(plain_text(item.title))} does not quite match, so it is read as a story",
                label=f"{context.asker} has {quoted(heading)}",
                about=("sections", wanted.key, "heading"),
            )


def misspelt(context: CheckContext, headings: Mapping[int, tuple[SectionFormat, str]]) -> Iterator[Diagnostic]:
    """The findings for sections whose heading nearly matches; `headings` has the index, the section meant, and its heading."""
    for index, (wanted, heading) in sorted(headings.items()):
        section = context.issue.sections[index]
        yield context.found(
            "ST124",
            section.title_span,
            f"the heading {section_called(section)} does not quite match",
            label=f"{context.asker} has {quoted(heading)}",
            advice=_about_another_time(context, section, wanted),
            fix=_rewritten(context, section, heading, wanted, slip=index in context.slips),
            about=("sections", wanted.key, "heading"),
        )


def _about_another_time(context: CheckContext, section: Section, wanted: SectionFormat) -> str:
    """The advice to set `period` to the time in the heading; "" if the heading has no time, or the issue has a `period`."""
    if context.issue.period is not None:
        return ""
    for pattern in wanted.headings:
        values = read_form(plain_text(section.title), pattern, context.language)
        if values is None:
            continue
        for piece, one in zip(
            (piece for piece in fields_in(fold(pattern)) if piece.field != "any"), values, strict=True
        ):
            parts = dict(one.value) if piece.field in {"date", PERIOD} and isinstance(one.value, tuple) else {}
            if "day" not in parts and (meant := period_of(parts)):
                period = written_period(shifted(meant, -piece.shift))
                return f"If the issue is about that time, write `period: {period}` in its front matter."
    return ""


def _rewritten(
    context: CheckContext, section: Section, heading: str, wanted: SectionFormat, *, slip: bool
) -> Fix | None:
    """The fix that writes the heading of the house format; `slip` means that the section counted as missing.

    A fix that changes more than case, quotation marks, dashes and emoji must be certain. The date in the heading must
    be that of the file name, or the issue must have a `period`. For a missing section, it must be required and nearly
    the same. Without a `period`, the date meant is unknown: an issue of December may well be about November.
    """
    written = context.text_at(section.title_span)
    plain = all(isinstance(inline, Text) for inline in section.title)
    if not plain or _MARKUP.search(written) or _MARKUP.search(heading) or "…" in heading:
        return None
    date = context.issue.date
    if slip:
        certain = wanted.need is Need.REQUIRED and likeness(written, heading) > _SURE
    else:
        certain = context.issue.period is not None or (
            date is not None and file_stem(context.issue.path).startswith(date.date().isoformat())
        )
    if (certain and _is_of_its_date(context, written, heading, wanted)) or fits(
        fold(written), heading, context.language, forgiving=True
    ):
        return Fix((Edit(section.title_span, heading),), f"write the heading as `{heading}`")
    return None


def _is_of_its_date(context: CheckContext, written: str, heading: str, wanted: SectionFormat) -> bool:
    """Whether the heading has all dates that the expected heading has, or the issue has a `period`."""
    if context.issue.period is not None:
        return True
    folded = fold(written).casefold()
    return all(
        fold(date).casefold() in folded
        for pattern, expected in zip(wanted.headings, context.headings[wanted.key], strict=True)
        if expected == heading
        for piece in pieces(pattern)
        if piece.field in {"date", PERIOD} and (date := field_value(piece, context.issue, context.language))
    )


@rule(
    "ST133",
    "wrong-level",
    "Headings of sections have the right level",
    "structure",
    fixable=True,
    keys=("section_level", "sections.NAME.level", "groups.NAME.level"),
)
def wrong_level(context: CheckContext) -> Iterator[Diagnostic]:
    """ST133: the heading of a section, or of a group, has the wrong level."""
    yield from misplaced(context, context.misplaced)
    house = context.house
    for _, section, wanted in context.wanted_sections():
        if wanted.headings and section.level != house.level_of(wanted):
            about = ("sections", wanted.key, "level") if wanted.level else ("sections",)
            yield _at_wrong_level(context, section.span.start, house.level_of(wanted), _SECTION, about)
    for found in context.groups:
        if found.level and found.group is not None:
            yield _at_wrong_level(context, found.heading.span.start, found.level, _GROUP, ("groups", found.group.key))


def misplaced(context: CheckContext, offsets: Iterable[int]) -> Iterator[Diagnostic]:
    """The findings for the headings at these offsets."""
    for start in sorted(offsets):
        level = context.house.level_of(context.misplaced[start])
        yield _at_wrong_level(context, start, level, _SECTION, ("sections",))


_SECTION = ("a section's heading", "opens sections with", "open the section with")
_GROUP = ("the heading of a group", "has groups under", "write the group's heading with")


def _at_wrong_level(
    context: CheckContext, start: int, right: int, words: tuple[str, str, str], about: tuple[str, ...]
) -> Diagnostic:
    marks, (noun, asks, title) = "#" * right, words
    line = context.source.text[start : context.line_end(start)].rstrip()
    level = len(line) - len(line.lstrip("#"))
    return context.found(
        "ST133",
        context.span(start, start + len(line)),
        f"{noun} is written as one of level {level or 1}",
        label=f"{context.asker} {asks} `{marks}`" + (" here" if right != _usual(context, words) else ""),
        fix=context.replacing(start, start + level, marks, f"{title} {marks}") if level else None,
        about=about,
    )


def _usual(context: CheckContext, words: tuple[str, str, str]) -> int:
    return context.house.reading.section_level - (words is _GROUP)
