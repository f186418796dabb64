"""What came of a check, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.diagnostics import Severity
from newsletter.workspace.find import CONFIGURATION

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsletter.diagnostics import Diagnostic

_TEMPLATES = "templates/"


def summary(diagnostics: Iterable[Diagnostic], issues: int) -> str:
    """`2 errors and 1 warning in 1 of 3 issues`, or `All 3 issues are clean.`; `issues` is how many were checked.

    Where some can be mended by the tool, it says how many.
    """
    found = tuple(diagnostics)
    if not found:
        return _clean(issues)
    errors = sum(one.severity is Severity.ERROR for one in found)
    counts = [_count(errors, "error"), _count(len(found) - errors, "warning")]
    where = _where({one.path for one in found}, issues)
    fixable = sum(one.fix is not None for one in found)
    mends = f"; `newsletter check --fix` mends {fixable if fixable < len(found) else 'it' if fixable == 1 else 'them'}"
    return f"{' and '.join(filter(None, counts))} in {where}{mends if fixable else ''}"


def _where(paths: set[str], issues: int) -> str:
    """`2 of 3 issues and 1 other file`: what is wrong with a letter may be written in a template."""
    others = sum(path == CONFIGURATION or path.startswith(_TEMPLATES) for path in paths)
    touched = len(paths) - others
    if not touched:
        return _count(others, "file")
    letters = (
        f"{touched} of {issues} issues" if issues > 1 else "the issue" if issues == touched else _count(touched, "file")
    )
    return " and ".join(filter(None, (letters, _count(others, "other file"))))


def _clean(issues: int) -> str:
    if issues == 0:
        return "There are no issues to check."
    return "The issue is clean." if issues == 1 else f"All {issues} issues are clean."


def _count(number: int, noun: str) -> str:
    if not number:
        return ""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
