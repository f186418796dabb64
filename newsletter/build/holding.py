"""Whether what an issue is to hold back from readers who do not pay is held back: a slip there cannot be taken back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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
    paid = {section.key for section in parsed.house.sections if _is_paid(section)}
    if not (paid or _SIGN.search(parsed.source.text)):
        return ()
    # The rules are not cheap to import, and few issues have anything to hold back.
    from newsletter.check import apply_settings, settings_for
    from newsletter.check.rules.structure.editions import leaks_in
    from newsletter.diagnostics import Severity
    from newsletter.project.checking import context_of

    context = context_of(project, parsed)
    counting = apply_settings(leaks_in(context, paid), parsed.issue, settings_for(project.workspace), parsed.house)
    return tuple(fault for fault in counting if fault.severity is Severity.ERROR)


def _is_paid(section: SectionFormat) -> bool:
    from newsletter.editions import limit_from

    return bool(section.only) and limit_from(" ".join(section.only)).named == {"paid"}
