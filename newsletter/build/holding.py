"""Whether text for paying readers stays hidden from free readers: a typo there cannot be undone after publishing."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from newsletter.editions import ONLY, PAYWALL, limit_from
from newsletter.editions.signs import idle_signs, signs_in
from newsletter.errors import FindingsError

if TYPE_CHECKING:
    from newsletter.check.context import CheckContext
    from newsletter.diagnostics import Diagnostic
    from newsletter.house.format import HouseFormat
    from newsletter.project.parsed import ParsedIssue
    from newsletter.project.project import Project


def leaks(project: Project, parsed: ParsedIssue, context: CheckContext | None = None) -> tuple[Diagnostic, ...]:
    """The errors by which free readers might get text for paying readers. An issue with one is not built.

    These are a sign of paid text that holds nothing back, in the issue or in a snippet (ST144, and ST118 for an
    unknown directive), and a heading that only looks like that of a section for paying readers (ST124, ST133).
    Findings that newsletter.yaml, the house format or the issue itself turns off do not count.
    """
    idle = tuple(idle_signs(parsed.source.text, parsed.issue.opened))
    if not (idle or _holds_back(parsed) or _may_leak(parsed.house)):
        return ()
    # The rules are slow to import, and few issues have text for paying readers.
    from newsletter.check import apply_settings, settings_for
    from newsletter.check.rules.structure.held import leaks_in
    from newsletter.diagnostics import Severity
    from newsletter.project.checking import context_of

    starts = [sign.start for sign in idle]
    unknown = [
        fault
        for fault in parsed.diagnostics
        if fault.code == "ST118"
        and (at := bisect_right(starts, fault.span.start))
        and fault.span.start <= idle[at - 1].end
    ]
    # The rules that a publication selects do not matter here; those that it ignores are ignored here, too.
    settings = replace(settings_for(project.workspace), select=())
    counting = apply_settings(
        [*unknown, *leaks_in(context or context_of(project, parsed))], parsed.issue, settings, parsed.house
    )
    return tuple(fault for fault in counting if fault.severity is Severity.ERROR)


def would_give_away(path: str, faults: tuple[Diagnostic, ...]) -> FindingsError:
    """The faults that keep the issue in the file `path` from being built."""
    return FindingsError(f"{path} would show everyone what is meant for paying readers", faults)


def _holds_back(parsed: ParsedIssue) -> bool:
    """Whether an issue has text for paying readers, so that it must be checked."""
    return any(each.name in {ONLY, PAYWALL} for each in parsed.issue.opened)


def _may_leak(house: HouseFormat) -> bool:
    """Whether a house format has a section for paying readers, or a snippet with any sign of paid text."""
    paid = any(section.only and limit_from(" ".join(section.only)).named == {"paid"} for section in house.sections)
    return paid or any(_has_signs(matter.text) for matter in house.standing)


@lru_cache(maxsize=64)
def _has_signs(text: str) -> bool:
    return bool(signs_in(text))
