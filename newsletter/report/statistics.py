"""The number of findings of each rule, and of those that the tool can fix."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from newsletter.config.workspace import CONFIGURATION
from newsletter.diagnostics import Severity
from newsletter.records import dataclass
from newsletter.report.base import safe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsletter.diagnostics import Diagnostic
    from newsletter.report.base import Display


@dataclass(frozen=True, slots=True)
class RuleCount:
    """The number of findings of one rule."""

    code: str
    name: str
    """The name of the rule; "" for an unknown code."""
    count: int
    fixable: int
    """The number of those that `newsletter check --fix` fixes."""


def count_rules(diagnostics: Iterable[Diagnostic]) -> tuple[RuleCount, ...]:
    """The rules that were broken, by number of findings, then by code."""
    from newsletter.check.registry import rule_of

    found = tuple(diagnostics)
    fixable = Counter(one.code for one in found if one.fix)
    counted = (
        RuleCount(code, rule.name if (rule := rule_of(code)) else "", count, fixable[code])
        for code, count in Counter(one.code for one in found).items()
    )
    return tuple(sorted(counted, key=lambda rule: (-rule.count, rule.code)))


def render_statistics(diagnostics: Iterable[Diagnostic], display: Display) -> str:
    """A table for people: the number of findings, how many of these `--fix` can fix, and the rule."""
    counts = count_rules(diagnostics)
    if not counts:
        return ""
    rows = [("found", "fixable", "rule", "")]
    rows += [(f"{one.count:,}", f"{one.fixable:,}" if one.fixable else "-", one.code, safe(one.name)) for one in counts]
    first, second = (max(len(row[column]) for row in rows) for column in (0, 1))
    lines = [f"{row[0]:>{first}}  {row[1]:>{second}}  {row[2]}  {row[3]}".rstrip() for row in rows]
    return "\n".join([display.painted(lines[0], "2"), *lines[1:]]) + "\n"


_TEMPLATES = "templates/"


def summary(diagnostics: Iterable[Diagnostic], issues: int) -> str:
    """`2 errors and 1 warning in 1 of 3 issues`, or `All 3 issues are clean.`.

    `issues` is how many were checked. If the tool can fix some findings, their number is included.
    """
    found = tuple(diagnostics)
    if not found:
        return _clean(issues)
    errors = sum(one.severity is Severity.ERROR for one in found)
    counts = [_count(errors, "error"), _count(len(found) - errors, "warning")]
    where = _where({one.path for one in found}, issues)
    fixable = sum(one.fix is not None for one in found)
    fixes = f"; `newsletter check --fix` fixes {fixable if fixable < len(found) else 'it' if fixable == 1 else 'them'}"
    return f"{' and '.join(filter(None, counts))} in {where}{fixes if fixable else ''}"


def _where(paths: set[str], issues: int) -> str:
    """`2 of 3 issues and 1 other file`: an error in a letter may come from a template."""
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
