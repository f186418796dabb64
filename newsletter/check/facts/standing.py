"""The snippets in an issue, as separate texts for the rules, each with its own folder."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from newsletter.check.facts.addresses import addresses_in, parts_of
from newsletter.check.facts.files import files_of, pictures_of
from newsletter.check.facts.prose import Prose
from newsletter.check.settings import ignored_places
from newsletter.house.snippets import expand
from newsletter.markdown.parse import parse_snippet
from newsletter.markdown.source import Source
from newsletter.walk import figures_in, walk_inlines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from newsletter.check.context import CheckContext
    from newsletter.check.facts.addresses import AddressUse
    from newsletter.config.publication import Publication
    from newsletter.diagnostics import Diagnostic
    from newsletter.house.format import HouseFormat, StandingMatter
    from newsletter.language import Language
    from newsletter.model import Issue, ReadingOptions


def snippets_of(context: CheckContext) -> Iterator[CheckContext]:
    """A context for the rules about each snippet of the issue.

    It differs from the issue's in the text and the facts about it.
    """
    around = context.issue, context.house, context.publication, context.language
    for matter in _standing_in(*around):
        source, read, _ = _read(matter.text, matter.path, context.house.reading)
        issue = replace(read, language=context.issue.language)
        pictures = tuple(pictures_of(issue))
        yield replace(
            context,
            issue=issue,
            source=source,
            figures=tuple(figures_in(issue)),
            pictures=pictures,
            links=tuple(_links_in(matter, *around)),
            prose=Prose(issue, source),
            unread=tuple(note.span for note in issue.notes),
            files=files_of(pictures, (context.root / source.path).parent, context.root),
        )


def snippet_links(
    issue: Issue, house: HouseFormat, publication: Publication, language: Language
) -> Iterator[AddressUse]:
    """The links in the snippets of an issue, with their places in the snippets. Fields have the values of the issue."""
    for matter in _standing_in(issue, house, publication, language):
        yield from _links_in(matter, issue, house, publication, language)


def _standing_in(
    issue: Issue, house: HouseFormat, publication: Publication, language: Language
) -> tuple[StandingMatter, ...]:
    """The snippets of the workspace that are in the issue. Those of the bundled kinds need no check."""
    around = (issue, house, publication, language)
    known = _LAST[0] if _LAST else None
    if known is None or any(one is not other for one, other in zip(known.around, around, strict=True)):
        own = (matter for matter in house.standing if not matter.path.startswith(("/", "../")))
        found = tuple(matter for matter in own if expand(matter, issue, publication, language) is not None)
        known = _Standing(around, found)
        _LAST[:] = [known]
    return known.found


class _Standing(NamedTuple):
    """The snippets in an issue."""

    around: tuple[Issue, HouseFormat, Publication, Language]
    found: tuple[StandingMatter, ...]


_LAST: list[_Standing] = []
"""The snippets of the issue that was asked about last: a check asks four times."""


def _links_in(
    matter: StandingMatter, issue: Issue, house: HouseFormat, publication: Publication, language: Language
) -> Iterator[AddressUse]:
    _, read, _ = _read(matter.text, matter.path, house.reading)
    for use in addresses_in(walk_inlines(read), house.never):
        if not _FIELD.search(use.href):
            yield use
            continue
        whole = f"]({use.href.replace('%7B', '{').replace('%7D', '}')})"
        href = (expand(replace(matter, text=whole), issue, publication, language) or whole)[2:-1]
        yield replace(use, href=href, address=parts_of(href))


_FIELD = re.compile(r"\{|%7B")


@lru_cache(maxsize=64)
def _read(text: str, path: str, options: ReadingOptions) -> tuple[Source, Issue, tuple[Diagnostic, ...]]:
    """A parsed snippet and the findings of parsing it, remembered for all issues."""
    source = Source(text, path)
    return (source, *parse_snippet(source, options))


def found_in_snippets(
    context: CheckContext, rules: Iterable[Callable[[CheckContext], Iterator[Diagnostic]]]
) -> Iterator[Diagnostic]:
    """The findings of `rules` in the snippets of an issue, without those that a comment in the snippet ignores.

    They have no fix, because `check --fix` changes issues only; `advice` says how to fix each.
    """
    for snippet in snippets_of(context):
        yield from _reported(chain.from_iterable(rule(snippet) for rule in rules), snippet.issue)


def found_reading_snippets(context: CheckContext) -> Iterator[Diagnostic]:
    """The findings of parsing the snippets of an issue, filtered as by `found_in_snippets`."""
    for matter in _standing_in(context.issue, context.house, context.publication, context.language):
        _, read, found = _read(matter.text, matter.path, context.house.reading)
        yield from _reported(found, read)


def _reported(diagnostics: Iterable[Diagnostic], snippet: Issue) -> Iterator[Diagnostic]:
    places = ignored_places(snippet)
    for found in diagnostics:
        if not any(place.covers(found) for place in places):
            yield replace(found, fix=None, advice=found.advice or _sentence(found.fix.title)) if found.fix else found


def _sentence(title: str) -> str:
    return f"{title[:1].upper()}{title[1:]}."
