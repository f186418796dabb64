"""ST: galleries, charts and other blocks: their content, their settings, and what the house format asks of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsletter.blocks import columns, pictures
from newsletter.blocks.charts import read_chart
from newsletter.blocks.leading import lead_link
from newsletter.blocks.settings import CHOICES
from newsletter.blocks.sites import FILMS, site_of
from newsletter.blocks.sponsors import is_booked, sponsor_places
from newsletter.check.rule import WARNING, rule
from newsletter.check.wording import asked, quoted
from newsletter.hints import HINT
from newsletter.markdown.recordings import bytes_of, media_type_of
from newsletter.model import Directive, Figure, Heading, Table, ThematicBreak
from newsletter.suggest import closest
from newsletter.walk import links_in, plain_text, walk_blocks, words_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from newsletter.check.context import CheckContext
    from newsletter.diagnostics import Diagnostic
    from newsletter.house.format import BlockFormat
    from newsletter.model import Issue, Span

    Fault = tuple[Span, str, str]
    """A place, what is wrong there, and how to fix it."""


def directives_in(issue: Issue, name: str = "") -> Iterator[Directive]:
    """The directives of an issue, all or those called `name`, in its order."""
    for block in walk_blocks(issue):
        if isinstance(block, Directive) and name in {"", block.name}:
            yield block


@rule("ST180", "block-content", "Each block has the content that it is made for", "structure", gap=True)
def block_content(context: CheckContext) -> Iterator[Diagnostic]:
    """ST180: a gallery without pictures, a single column, a figure without content."""
    for directive in directives_in(context.issue):
        faults = _CONTENT.get(directive.name)
        for place, message, advice in faults(directive, context) if faults else ():
            yield context.found("ST180", place, message, advice=advice)


def _gallery(block: Directive, _context: CheckContext) -> Iterator[Fault]:
    figures = pictures.figures_of(block)
    if len(figures) < pictures.FEWEST:
        has = "one picture" if figures else "no pictures"
        advice = f"Write {pictures.FEWEST} to {pictures.MOST}, each on a line of its own; one alone needs no gallery."
        yield block.name_span, f"the gallery has {has}", advice
    for figure in figures[pictures.MOST :][:1]:
        yield figure.span, f"a gallery has at most {pictures.MOST} pictures, this one {len(figures)}", "Make two of it."
    for other in block.blocks:
        if not isinstance(other, Figure):
            advice = 'Write the text for all pictures after `gallery`, and the text for one picture as its caption: `![Alt](a.jpg "Caption")`.'
            yield other.span, "a gallery can hold only pictures", f"{advice} Until then it appears below them."


def _beside(block: Directive, _context: CheckContext) -> Iterator[Fault]:
    figure, rest = pictures.parts_of(block)
    if figure is None:
        yield block.name_span, "there is no picture beside the text", "Write a picture on a line of its own first."
    elif not rest:
        yield block.name_span, "there is no text beside the picture", "Write the text below it."


def _columns(block: Directive, _context: CheckContext) -> Iterator[Fault]:
    parts = columns.columns_of(block)
    parted = any(isinstance(inner, ThematicBreak) for inner in block.blocks)
    if len(parts) < columns.FEWEST:
        advice = "Separate them with a `---` line that has an empty line above it, or give each a heading: `#### Up`."
        yield block.name_span, "the columns are not separated", advice
    elif len(parts) > columns.MOST:
        first = parts[columns.MOST][0].span
        advice = f"Remove one, or use a list: more than {columns.MOST} do not fit next to each other."
        yield first, f"there are {len(parts)} columns; at most {columns.MOST} fit", advice
    elif not parted and parts and not isinstance(parts[0][0], Heading):
        yield (
            parts[0][0].span,
            "this text is above the columns and counts as one of them",
            "Give it a heading, or move it out of the block.",
        )


def _stat(block: Directive, _context: CheckContext) -> Iterator[Fault]:
    if not plain_text(block.argument).strip():
        yield block.name_span, "the stat has no figure", "Write it after the name: `::: stat 436 million tonnes`."
    if not block.blocks:
        yield (
            block.name_span,
            "the stat does not say what it counts",
            "Write that below it: `went through the port in 2025.`",
        )


def _quote_card(block: Directive, _context: CheckContext) -> Iterator[Fault]:
    if not words_in(block.blocks):
        yield block.name_span, "the quote card has no words", "Write them in it, and `— Name` as the last line."


def _toc(block: Directive, context: CheckContext) -> Iterator[Fault]:
    if not any(section.title for section in context.issue.sections) and not any(context.items):
        yield (
            block.name_span,
            "there is nothing to list",
            "A table of contents links to sections and items: write some, or remove it.",
        )


def _embed(block: Directive, _context: CheckContext) -> Iterator[Fault]:
    link = lead_link(block)
    if link and site_of(link.href) is None and link.href.rpartition(".")[2].lower() not in FILMS:
        advice = "Write `::: video` or `::: post`, which take any address."
        yield block.name_span, "this is not the address of a known video or post", advice


def _chart(block: Directive, _context: CheckContext) -> Iterator[Fault]:
    tables = [inner for inner in block.blocks if isinstance(inner, Table)]
    for other in block.blocks:
        if other not in tables[:1]:
            advice = "Write it above or below the block."
            yield (
                other.span,
                "a chart can hold only one table",
                f"{advice} Until then it appears below the chart.",
            )


_CONTENT: dict[str, Callable[[Directive, CheckContext], Iterator[Fault]]] = {
    "gallery": _gallery,
    "beside": _beside,
    "columns": _columns,
    "stat": _stat,
    "quote-card": _quote_card,
    "toc": _toc,
    "embed": _embed,
    "chart": _chart,
}


@rule("ST181", "block-setting", "Each setting of a block is valid", "structure")
def block_setting(context: CheckContext) -> Iterator[Diagnostic]:
    """ST181: an invalid ratio or an unknown side; while reading, a key that is unknown or occurs twice."""
    for directive in directives_in(context.issue):
        for key, value in directive.fields.items():
            place = directive.field_spans.get(key, directive.name_span)
            if (directive.name, key) == ("gallery", "ratio") and not pictures.ratio_of(value):
                advice = (
                    "Write width and height, as `ratio: 3:2`; at most four times as wide as high, or as high as wide."
                )
                yield context.found("ST181", place, f"{quoted(value, 40)} is not a picture ratio", advice=advice)
            choices = CHOICES.get((directive.name, key), ()) if directive.name != "chart" else ()
            if choices and value.strip().lower() not in choices:
                meant = closest(value, choices, cutoff=0.6)
                advice = f"Did you mean `{meant}`?" if meant else f"Write {' or '.join(choices)}."
                yield context.found(
                    "ST181", place, f"the {directive.name} has no {key} {quoted(value, 40)}", advice=advice
                )


@rule("ST182", "chart-figure", "Each number of a chart can be read and drawn", "structure")
def chart_figure(context: CheckContext) -> Iterator[Diagnostic]:
    """ST182: a cell of a chart that is not a number, an unknown type, or a table that does not suit the type."""
    for chart in directives_in(context.issue, "chart"):
        for fault in read_chart(chart, context.language).faults:
            yield context.found("ST182", fault.span, fault.message, advice=fault.advice)


@rule("ST183", "sponsor", "Each sponsor is booked and has a place", "newsletter.yaml", gap=True, settings=("sponsors",))
def sponsor(context: CheckContext) -> Iterator[Diagnostic]:
    """ST183: a sponsor that newsletter.yaml does not have, one that is not booked for the issue, or one that is booked and missing."""
    known, places = context.publication.sponsors, sponsor_places(context.issue)
    named = [plain_text(place.argument).strip() for place in places]
    for place, name in zip(places, tuple(named), strict=True):
        if not name and place.blocks:
            advice = "Write who pays for it after `sponsor`: its key in newsletter.yaml, or `[Name](address)`."
            yield context.found("ST183", place.name_span, "the sponsor is not named", advice=advice)
        elif name and name not in known and not place.blocks:
            meant = closest(name, known, cutoff=0.6)
            named.append(meant)
            advice = (
                f"Did you mean `{meant}`?"
                if meant
                else "Add it under `sponsors` in newsletter.yaml, or write its text here."
            )
            yield context.found(
                "ST183", place.name_span, f"newsletter.yaml has no sponsor {quoted(name, 40)}", advice=advice
            )
        elif name in known and known[name].booked and not is_booked(known[name], context.issue):
            advice = f"Booked: {', '.join(known[name].booked)}. Add this issue there, or leave out the name to use the booked sponsor."
            yield context.found(
                "ST183", place.name_span, f"{known[name].name} is not booked for this issue", advice=advice
            )
    free = sum(not plain_text(place.argument).strip() for place in places)
    waiting = [one for one in known.values() if one.key not in named and is_booked(one, context.issue)]
    for one in waiting[free:]:
        if not _has_standing_place(context):
            advice = "Write `::: sponsor` and `:::` where it belongs."
            yield context.found(
                "ST183", context.end, f"{one.name} is booked for this issue but has no place in it", advice=advice
            )


def _has_standing_place(context: CheckContext) -> bool:
    return any("::: sponsor" in matter.text for matter in context.house.standing)


@rule(
    "ST184",
    "wanted-block",
    "Number, length and place of blocks match the house format",
    "structure",
    gap=True,
    keys=("blocks", "blocks.NAME.count", "blocks.NAME.words", "blocks.NAME.sections", "blocks.NAME.names"),
)
def wanted_block(context: CheckContext) -> Iterator[Diagnostic]:
    """ST184: a block is missing, occurs too often, is too long, or is in a section that does not allow it."""
    for wanted in context.house.blocks:
        found = list(_placed(context, wanted.name))
        yield from _counted(context, wanted, [block for block, _ in found])
        for block, section in found:
            about = ("blocks", wanted.name)
            words = words_in(block.blocks)
            if words not in wanted.words and not HINT.search(context.source.text, block.span.start, block.span.end):
                message = f"{context.asker} asks for {asked(wanted.words, 'word')} in a {wanted.name}, it has {words}"
                yield context.found("ST184", block.name_span, message, about=(*about, "words"))
            if wanted.sections and section not in wanted.sections:
                message = f"{context.asker} has a {wanted.name} in {' or '.join(wanted.sections)} only"
                yield context.found(
                    "ST184", block.name_span, message, advice="Move it there.", about=(*about, "sections")
                )
            called = plain_text(block.argument).strip()
            if wanted.names and called and called not in wanted.names:
                meant = closest(called, wanted.names, cutoff=0.6)
                advice = f"Did you mean `{meant}`?" if meant else f"There are: {', '.join(wanted.names)}."
                message = f"{context.asker} has no {wanted.name} {quoted(called, 40)}"
                yield context.found("ST184", block.name_span, message, advice=advice, about=(*about, "names"))


def _counted(context: CheckContext, wanted: BlockFormat, found: list[Directive]) -> Iterator[Diagnostic]:
    if len(found) in wanted.count:
        return
    about = ("blocks", wanted.name)
    low, most = wanted.count.minimum or 0, wanted.count.maximum
    if len(found) < low:
        message = f"{context.asker} asks for {asked(wanted.count, wanted.name)}, there {_are(len(found))}"
        yield context.found(
            "ST184", context.end, message, advice=f"Write `::: {wanted.name}` where it belongs.", about=about
        )
    elif most == 0:
        yield from (
            context.found(
                "ST184", one.name_span, f"{context.asker} has no {wanted.name}", advice="Take it out.", about=about
            )
            for one in found
        )
    else:
        message = f"{context.asker} asks for {asked(wanted.count, wanted.name)}, there {_are(len(found))}"
        yield context.found("ST184", found[most or 0].name_span, message, advice="Remove one.", about=about)


def _are(count: int) -> str:
    return "is none" if not count else "is one" if count == 1 else f"are {count}"


def _placed(context: CheckContext, name: str) -> Iterator[tuple[Directive, str]]:
    """The blocks called `name`, each with the key of its section."""
    for block in walk_blocks(context.issue.opening):
        if isinstance(block, Directive) and block.name == name:
            yield block, "opening"
    for section, wanted in zip(context.issue.sections, context.matched, strict=True):
        for block in walk_blocks(section):
            if isinstance(block, Directive) and block.name == name:
                yield block, wanted.key if wanted else ""


_ELSEWHERE = re.compile(r"(?:https?:)?//", re.IGNORECASE)


@rule(
    "ST185",
    "unmeasured-recording",
    "A recording on another host has a type and a size in bytes",
    "structure",
    severity=WARNING,
)
def unmeasured_recording(context: CheckContext) -> Iterator[Diagnostic]:
    """ST185: a recording that feeds cannot offer to podcast players, or whose size they do not know."""
    for block in walk_blocks(context.issue):
        if not isinstance(block, Directive) or block.name != "audio":
            continue
        link = next(iter(links_in((block,))), None)
        if link is None or not _ELSEWHERE.match(link.href) or HINT.search(link.href):
            continue
        if not media_type_of(block, link.href):
            given = block.fields.get("type", "")
            what = f"{quoted(given)} is not a recording type" if given else "the recording has no type"
            advice = "Add a line such as `type: audio/mpeg` (MP3) below `::: audio`. Until then, feeds do not offer it to podcast players."
            yield context.found("ST185", block.field_spans.get("type") or link.span, what, advice=advice)
        if not bytes_of(block):
            given = block.fields.get("bytes", "")
            what = f"{quoted(given)} is not a number of bytes" if given else "the recording has no size"
            advice = "Add a line such as `bytes: 12345678` below `::: audio`. Podcast players need it, and newsletter does not fetch the file to find out."
            yield context.found("ST185", block.field_spans.get("bytes") or link.span, what, advice=advice)
