"""The findings in the form that the page shows: the source line, the position in it, and the place in the letter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.diagnostics import Severity
from newsletter.report.base import safe
from newsletter.walk import plain_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from newsletter.diagnostics import Diagnostic
    from newsletter.errors import NewsletterError
    from newsletter.model import Issue

MOST = 200
"""The most findings of an issue that are shown.

A thousand findings usually have one cause, and a page with all of them loads slowly.
"""
AROUND = 2
"""Lines shown before and after the one that a finding is about."""
_WIDEST = 400
"""The most characters of a source line that are shown, so that the page stays fast."""
_LEAD = 16
"""How many characters are shown before the position."""


def shown_findings(
    found: Iterable[Diagnostic], text_of: Callable[[str], str], issue: Issue | None = None
) -> list[dict[str, Any]]:
    """Findings as plain values, sorted by severity.

    `text_of` gives the text of a file by its path in the workspace, "" if there is no such file.
    """
    lines: dict[str, list[str]] = {}
    places = tuple(_places(issue)) if issue else ()
    shown = []
    for each in sorted(found, key=lambda each: each.severity is not Severity.ERROR)[:MOST]:
        if each.path not in lines:
            lines[each.path] = text_of(each.path).split("\n")
        shown.append(_shown(each, lines[each.path], places if issue and issue.path == each.path else ()))
    return shown


def _shown(found: Diagnostic, lines: Sequence[str], places: Sequence[tuple[int, str]]) -> dict[str, Any]:
    number = found.span.line
    before, marked, after = _excerpt(lines[number - 1], found) if number <= len(lines) else ("", "", "")
    first, last = max(number - AROUND, 1), min(number + AROUND, len(lines))
    return {
        "code": found.code,
        "severity": "error" if found.severity is Severity.ERROR else "warning",
        "message": safe(found.message),
        "label": safe(found.label),
        "mend": safe(found.advice),
        "fix": safe(found.fix.title) if found.fix else "",
        "asked": safe(f"{found.asked.path}:{found.asked.span.line}: {found.asked.text}") if found.asked else "",
        "path": safe(found.path),
        "file": found.path,
        "line": number,
        "column": found.span.column,
        "before": before,
        "marked": marked,
        "after": after,
        "context": [[at, safe(lines[at - 1][:_WIDEST])] for at in range(first, last + 1) if lines],
        "place": next((anchor for start, anchor in reversed(places) if start <= found.span.start), ""),
    }


def _excerpt(line: str, found: Diagnostic) -> tuple[str, str, str]:
    """The line before the position, the marked text (at least one character if possible) and the rest of the line."""
    start = min(found.span.column - 1, len(line))
    end = min(max(found.span.end - found.span.start, 1) + start, len(line))
    lead = line[:start].lstrip()
    if len(lead) > _LEAD:
        lead = "…" + lead[-_LEAD:]
    marked = line[start:end]
    rest = line[end : end + max(_WIDEST - len(marked), 0)]
    return safe(lead), safe(marked[:_WIDEST]) or " ", safe(rest)


def _places(issue: Issue) -> Iterator[tuple[int, str]]:
    """The source offsets and the anchors of the parts of an issue that can be scrolled to, in order."""
    for section in issue.sections:
        if section.anchor:
            yield section.span.start, section.anchor
        for item in section.items:
            if item.anchor:
                yield item.span.start, item.anchor


def anchor_at(issue: Issue, offset: int) -> str:
    """The anchor of the section that begins at an offset of the source; "" if none does."""
    found = (section.anchor for section in issue.sections if offset in {section.span.start, section.title_span.start})
    return next(found, "")


def shown_fault(error: NewsletterError, text_of: Callable[[str], str]) -> dict[str, Any]:
    """The error that prevents a letter from being shown."""
    from newsletter.errors import ConfigurationError

    found = error.diagnostics if isinstance(error, ConfigurationError) else ()
    return {"message": safe(str(error)), "hint": safe(error.hint), "findings": shown_findings(found, text_of)}


def heading(inlines: Any) -> str:
    """The text of a heading on one line."""
    return safe(plain_text(inlines))
