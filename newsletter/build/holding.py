"""Whether what an issue is to hold back from readers who do not pay is held back: a slip there cannot be taken back."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from newsletter.check.base import CheckContext
    from newsletter.diagnostics import Diagnostic
    from newsletter.house.format import SectionFormat
    from newsletter.project.parsed import ParsedIssue
    from newsletter.project.project import Project

_SIGN = re.compile(r"[:：]{2}[^\n\w]*(?:only|paywall)|<!--[^\n\w]*(?:members|paywall|paid)", re.IGNORECASE)


def leaks(project: Project, parsed: ParsedIssue) -> tuple[Diagnostic, ...]:
    """The errors that mean that free readers would get what is meant for paying ones: such an issue is not to be built.

    A line that only looks like `::: only` (ST144), and a heading that only looks like that of a section which the house format
    keeps for paying readers (ST124, ST133). What newsletter.yaml, the house format or the issue itself calls right is.
    """
    if not (_SIGN.search(parsed.source.text) or any(map(_is_paid, parsed.house.sections))):
        return ()
    # The rules are not cheap to import, and few issues have anything to hold back.
    from newsletter.check import apply_settings, is_broken, make_context, settings_for
    from newsletter.check.rules.editions import half_a_fence
    from newsletter.check.rules.structure.misplaced import wrong_level
    from newsletter.check.rules.structure.sections import nearly_matching
    from newsletter.diagnostics import Severity

    context = make_context(
        parsed.issue,
        parsed.house,
        source=parsed.source,
        language=project.language(parsed.issue.language),
        root=project.workspace.root,
        publication=project.publication,
        others=(),
        broken_front=is_broken(parsed.diagnostics),
    )
    paid = _of_paid_sections(context)
    found = (*half_a_fence(context), *wrong_level(paid), *nearly_matching(paid))
    counting = apply_settings(found, parsed.issue, settings_for(project.workspace), parsed.house)
    return tuple(fault for fault in counting if fault.severity is Severity.ERROR)


def _of_paid_sections(context: CheckContext) -> CheckContext:
    """The context in which only headings of sections for paying readers are not quite right."""
    misplaced = {start: wanted for start, wanted in context.misplaced.items() if _is_paid(wanted)}
    slips = {index: slip for index, slip in context.slips.items() if _is_paid(slip[0])}
    return replace(context, misplaced=misplaced, slips=slips, nearly={})


def _is_paid(section: SectionFormat) -> bool:
    from newsletter.editions import limit_from

    return bool(section.only) and limit_from(" ".join(section.only)).named == {"paid"}
