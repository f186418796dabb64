"""HS: what was published is a promise. Silent if nothing ever was, or if nothing is known about the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check.facts.published import changed_finding, taken_finding
from newsletter.check.rule import WARNING, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from newsletter.check.context import CheckContext
    from newsletter.diagnostics import Diagnostic


@rule("HS108", "changed-since-published", "A published issue is unchanged", "all issues", severity=WARNING)
def changed_since(context: CheckContext) -> Iterator[Diagnostic]:
    """HS108: the text or a file of an issue is not as it was published, so that readers see something else."""
    known = context.published
    if known and known.own and known.changed:
        yield changed_finding(context.issue, known.own, known.changed)


@rule("HS109", "name-taken", "An id and an address belong to one issue for ever", "all issues")
def name_taken(context: CheckContext) -> Iterator[Diagnostic]:
    """HS109: the id or the address of an issue is, or was, that of another one that was published."""
    for what, value, owner in context.published.taken if context.published else ():
        yield taken_finding(context.issue, what, value, owner)
