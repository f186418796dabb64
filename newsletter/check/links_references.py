"""LK: definitions, places within the letter, and addresses that come twice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from newsletter.check.links_base import own_anchors, parts_of, uses, written
from newsletter.check.links_hosts import same_site
from newsletter.check.links_tracking import without_tracking
from newsletter.check.wording import did_you_mean, quoted
from newsletter.diagnostics import Edit, Fix
from newsletter.model import HtmlBlock, LinkForm, RawHtml
from newsletter.walk import walk_blocks, walk_inlines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.check.base import CheckContext
    from newsletter.check.links_base import AddressUse
    from newsletter.diagnostics import Diagnostic
    from newsletter.model import Link, LinkDefinition

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

_ID = re.compile(r"""\s(?:id|name)\s*=\s*["']?([^\s"'>]+)""", re.IGNORECASE)


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


def repeated(context: CheckContext) -> Iterator[Diagnostic]:
    """LK117: two stories of the issue link to the same address as what they are about."""
    first: dict[str, Link] = {}
    own = urlsplit(context.publication.url).hostname or ""
    for use, link in _headlines(context):
        if not use.address.on_web or (own and same_site(use.address.host, own)):
            continue
        address = bare_address(use.href)
        earlier = first.setdefault(address, link)
        if earlier is not link:
            yield context.found(
                "LK117",
                link.span,
                f"{quoted(use.href)} is linked in line {earlier.span.line} already",
                label="the same story twice?",
            )


def bare_address(href: str) -> str:
    """What two ways of writing one address have in common."""
    parts = parts_of(href)
    plain = parts_of(without_tracking(href, parts.host, parts.path))
    query = f"?{plain.query}" if plain.query else ""
    fragment = f"#{plain.fragment}" if plain.fragment else ""
    return f"{plain.host.removeprefix('www.')}{plain.path.rstrip('/')}{query}{fragment}"


def _headlines(context: CheckContext) -> Iterator[tuple[AddressUse, Link]]:
    """The links that are what a story is about: those in titles of items, or that begin a bullet."""
    for use, link in uses(context):
        if link.form is LinkForm.REFERENCE:
            continue
        yield use, link
