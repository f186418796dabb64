"""The snippets that stand in an issue, as rules about pictures read them: each is a text of its own, in a folder of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from newsletter.check.facts.files import files_of, pictures_of
from newsletter.check.settings import ignored_places
from newsletter.markdown.parse import parse_snippet
from newsletter.markdown.source import Source
from newsletter.walk import figures_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from newsletter.check.context import CheckContext
    from newsletter.diagnostics import Diagnostic


def snippets_of(context: CheckContext) -> Iterator[CheckContext]:
    """The context for rules about each snippet of the issue that has pictures: the same, except for the text and the facts from it."""
    for matter in context.house.standing:
        may_have_some = "![" in matter.text or "<img" in matter.text.lower()
        if not may_have_some or matter.path.startswith(("/", "../")):  # those of the bundled kinds have none
            continue
        source = Source(matter.text, matter.path)
        issue = replace(parse_snippet(source, context.house.reading)[0], language=context.issue.language)
        pictures = tuple(pictures_of(issue))
        yield replace(
            context,
            issue=issue,
            source=source,
            figures=tuple(figures_in(issue)),
            pictures=pictures,
            files=files_of(pictures, (context.root / matter.path).parent, context.root),
        )


def found_in_snippets(
    context: CheckContext, rules: Iterable[Callable[[CheckContext], Iterator[Diagnostic]]]
) -> Iterator[Diagnostic]:
    """The findings of `rules` about pictures in the snippets of an issue, without those that a comment there ignores."""
    for snippet in snippets_of(context):
        places = ignored_places(snippet.issue)
        for rule in rules:
            yield from (found for found in rule(snippet) if not any(place.covers(found) for place in places))
