"""How often each rule was broken, and how much of that the tool mends by itself."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from newsletter.records import dataclass
from newsletter.report.display import safe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from newsletter.diagnostics import Diagnostic
    from newsletter.report.base import Display


@dataclass(frozen=True, slots=True)
class RuleCount:
    """What was found by one rule."""

    code: str
    name: str
    """Of the rule, for people; "" for a code that has none."""
    count: int
    fixable: int
    """How many of them `newsletter check --fix` mends."""


def count_rules(diagnostics: Iterable[Diagnostic]) -> tuple[RuleCount, ...]:
    """The rules that were broken, the most broken first; those of one count by code."""
    from newsletter.check.rules import rule_of

    found = tuple(diagnostics)
    fixable = Counter(one.code for one in found if one.fix)
    counted = (
        RuleCount(code, rule.name if (rule := rule_of(code)) else "", count, fixable[code])
        for code, count in Counter(one.code for one in found).items()
    )
    return tuple(sorted(counted, key=lambda rule: (-rule.count, rule.code)))


def render_statistics(diagnostics: Iterable[Diagnostic], display: Display) -> str:
    """A table for people: how many, how many of these can be mended by `--fix`, and the rule."""
    counts = count_rules(diagnostics)
    if not counts:
        return ""
    rows = [("found", "fixable", "rule", "")]
    rows += [(f"{one.count:,}", f"{one.fixable:,}" if one.fixable else "-", one.code, safe(one.name)) for one in counts]
    first, second = (max(len(row[column]) for row in rows) for column in (0, 1))
    lines = [f"{row[0]:>{first}}  {row[1]:>{second}}  {row[2]}  {row[3]}".rstrip() for row in rows]
    if display.colour:
        lines[0] = f"\x1b[2m{lines[0]}\x1b[0m"
    return "\n".join(lines) + "\n"
