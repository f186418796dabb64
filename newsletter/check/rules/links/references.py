"""LK: definitions, places within the letter, and addresses that come twice."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import chain
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from newsletter.check.facts.addresses import own_anchors, parts_of, uses, without_tracking, written
from newsletter.check.facts.hosts import same_site
from newsletter.check.rule import rule
from newsletter.check.wording import quoted
from newsletter.diagnostics import Edit, Fix, Severity
from newsletter.late import late
from newsletter.model import Emphasis, HtmlBlock, Link, LinkForm, List, Paragraph, RawHtml, Strong
from newsletter.records import dataclass
from newsletter.suggest import did_you_mean
from newsletter.walk import walk_blocks, walk_inlines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.check.base import CheckContext
    from newsletter.check.facts.addresses import AddressUse
    from newsletter.diagnostics import Diagnostic
    from newsletter.model import Issue, LinkDefinition, ListItem

_MANY = 10
"""From so many unused definitions on they are a list kept on purpose: one finding tells of all."""


def _label(definition: LinkDefinition) -> str:
    """As two labels are compared: CommonMark §4.7."""
    return " ".join(definition.label.split()).casefold()


def _first_of_each(definitions: Sequence[LinkDefinition]) -> dict[str, LinkDefinition]:
    first: dict[str, LinkDefinition] = {}
    for definition in definitions:
        first.setdefault(_label(definition), definition)
    return first


@rule("LK111", "unused-definition", "Each definition is used", "links", severity=Severity.WARNING, fixable=True)
def unused_definition(context: CheckContext) -> Iterator[Diagnostic]:
    """LK111: a definition that no link uses, or that says once more what another says."""
    first = _first_of_each(context.issue.definitions)
    unused = [
        definition
        for definition in context.issue.definitions
        if not definition.used
        and (first[_label(definition)] is definition or first[_label(definition)].href == definition.href)
    ]
    if len(unused) >= _MANY:
        edits = [edit for definition in unused for edit in _without(context, definition)]
        fix = Fix(tuple(edits), "take the unused definitions out") if edits else None
        total = len(context.issue.definitions)
        message = f"{len(unused)} of the {total} link definitions are never used, this one first"
        yield context.found("LK111", unused[0].span, message, fix=fix)
        return
    for definition in unused:
        earlier = first[_label(definition)]
        repeats = earlier is not definition
        edits = list(_without(context, definition))
        yield context.found(
            "LK111",
            definition.span,
            f"{quoted(definition.label)} is defined in line {earlier.span.line} already"
            if repeats
            else f"no link uses {quoted(definition.label)}",
            fix=Fix(tuple(edits), "take the definition out") if edits else None,
        )


def _without(context: CheckContext, definition: LinkDefinition) -> Iterator[Edit]:
    """What takes the lines of a definition out; nothing where something else stands on them."""
    text, span = context.source.text, definition.span
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.end)
    end = len(text) if end < 0 else end + 1
    if not text[start : span.start].strip() and not text[span.end : end].strip():
        yield Edit(context.span(start, end), "")


@rule("LK112", "conflicting-definition", "Each label has one address", "links")
def conflicting_definition(context: CheckContext) -> Iterator[Diagnostic]:
    """LK112: one label is defined twice, with two addresses: the first counts."""
    first = _first_of_each(context.issue.definitions)
    for definition in context.issue.definitions:
        counts = first[_label(definition)]
        if counts is not definition and counts.href != definition.href:
            yield context.found(
                "LK112",
                definition.span,
                f"{quoted(definition.label)} leads to {quoted(counts.href)} already, by line {counts.span.line}",
                label="this one counts for nothing",
            )


# ── Anchors ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_ID = late(r"""\s(?:id|name)\s*=\s*["']?([^\s"'>]+)""", re.IGNORECASE)


@rule("LK113", "missing-anchor", "Links within the letter lead to a place in it", "links")
def missing_anchor(context: CheckContext) -> Iterator[Diagnostic]:
    """LK113: `#place` where the letter has no such place."""
    there: set[str] | None = None
    for use in written(context):
        if not use.href.startswith("#"):
            continue
        if there is None:
            there = {*own_anchors(context.issue), *_own_html(context)}
        name = unquote(use.address.fragment)
        if name in there or use.address.fragment in there:
            continue
        message = f"no heading of the letter is {quoted('#' + name)}" if name else "`#` alone leads nowhere"
        yield context.found("LK113", use.span, message, mend=_meant(name, sorted(there)))


def _meant(name: str, there: Sequence[str]) -> str:
    # Other tools make `2024-plans-c` of what is `plans-c` here: the number in front, signs and dashes differ.
    folded = {re.sub(r"[\W_]+", "", place.casefold()): place for place in there if place}
    bare = re.sub(r"[\W_]+", "", name.casefold())
    for candidate in (bare, bare.lstrip("0123456789")):
        if candidate and candidate in folded:
            return f"Did you mean `#{folded[candidate]}`?"
    return did_you_mean(f"#{name}", [f"#{place}" for place in there if ":" not in place]) if name else ""


def _own_html(context: CheckContext) -> Iterator[str]:
    if not context.house.reading.allow_html:
        return
    for block in walk_blocks(context.issue):
        if isinstance(block, HtmlBlock):
            yield from _ID.findall(block.html)
    for inline in walk_inlines(context.issue):
        if isinstance(inline, RawHtml):
            yield from _ID.findall(inline.html)


# ── Repeats ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Story:
    """A stretch of the issue that is about one thing, and the link that says which."""

    start: int
    end: int
    headline: int
    """Where that link begins; -1 where there is none."""


@rule("LK117", "repeated-address", "No two stories link to the same address", "links", severity=Severity.WARNING)
def repeated(context: CheckContext) -> Iterator[Diagnostic]:
    """LK117: what one story is about is linked from another place, too.

    Two links of running text may well lead to one address, and so may all within one story.
    """
    stories = _stories(context)
    starts = [story.start for story in stories]
    first: dict[str, tuple[Link, _Story | None]] = {}
    for use, link in _counted(context):
        at = bisect_right(starts, link.span.start) - 1
        story = stories[at] if at >= 0 and link.span.start < stories[at].end else None
        earlier, there = first.setdefault(bare_address(use.href), (link, story))
        if earlier is link or (story is not None and story is there):
            continue
        if _is_headline(link, story) or _is_headline(earlier, there):
            yield context.found(
                "LK117",
                link.span,
                f"{quoted(use.href)} is linked in line {earlier.span.line} already",
                label="the same story twice, or the wrong address?",
            )


def _is_headline(link: Link, story: _Story | None) -> bool:
    return story is not None and link.span.start == story.headline


def _counted(context: CheckContext) -> Iterator[tuple[AddressUse, Link]]:
    """The links that are to lead to different addresses: none by label, to the own site, or in an exempt section."""
    own = urlsplit(context.publication.url).hostname or ""
    exempt = tuple(_exempt(context))
    for use, link in uses(context):
        if link.form is LinkForm.REFERENCE or not use.address.on_web or (own and same_site(use.address.host, own)):
            continue
        if not any(start <= link.span.start < end for start, end in exempt):
            yield use, link


def _exempt(context: CheckContext) -> Iterator[tuple[int, int]]:
    """The stretches in which the house format lets addresses come again."""
    if not context.house.links.repeats:
        return
    if "opening" in context.house.links.repeats:
        yield 0, context.issue.sections[0].span.start if context.issue.sections else len(context.source.text)
    for section, wanted in zip(context.issue.sections, context.matched, strict=True):
        if wanted is not None and wanted.key in context.house.links.repeats:
            yield section.span.start, section.span.end


def _stories(context: CheckContext) -> list[_Story]:
    """The items of all sections, and the bullets that are in none, in order."""
    items = [
        _Story(item.span.start, item.span.end, item.link.span.start if item.link else -1)
        for section in context.items
        for item in section
    ]
    bullets = [
        _Story(entry.span.start, entry.span.end, _opening_link(entry))
        for block in _outer_lists(context.issue)
        for entry in block.items
    ]
    inside = [(story.start, story.end) for story in items]
    alone = [one for one in bullets if not any(start <= one.start < end for start, end in inside)]
    return sorted((*items, *alone), key=lambda story: story.start)


def _outer_lists(issue: Issue) -> Iterator[List]:
    tops = chain(issue.opening, *(chain(part.blocks, *(item.blocks for item in part.items)) for part in issue.sections))
    return (block for block in tops if isinstance(block, List))


def _opening_link(entry: ListItem) -> int:
    """Where the link begins that a bullet begins with; -1 where it begins with something else."""
    first = entry.blocks[0] if entry.blocks else None
    inlines = first.inlines if isinstance(first, Paragraph) else ()
    if inlines and isinstance(inlines[0], (Strong, Emphasis)):
        inlines = inlines[0].inlines
    return inlines[0].span.start if inlines and isinstance(inlines[0], Link) else -1


def bare_address(href: str) -> str:
    """What two ways of writing one address have in common."""
    parts = parts_of(href)
    plain = parts_of(without_tracking(href, parts.host, parts.path))
    query = f"?{plain.query}" if plain.query else ""
    fragment = f"#{plain.fragment}" if plain.fragment else ""
    return f"{plain.host.removeprefix('www.')}{plain.path.rstrip('/')}{query}{fragment}"
