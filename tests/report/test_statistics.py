from __future__ import annotations

from newsletter.diagnostics import Diagnostic, Edit, Fix
from newsletter.model import Span
from newsletter.report import Display, RuleCount, count_rules, render_statistics

FIX = Fix((Edit(Span(0, 1), ""),), "take it out")


def found(code: str, times: int, fixable: int = 0) -> list[Diagnostic]:
    return [
        Diagnostic("a.md", Span(place, place + 1), code, "no", fix=FIX if place < fixable else None)
        for place in range(times)
    ]


def test_rules_are_sorted_by_count_and_then_by_code():
    counts = count_rules([*found("ST104", 1), *found("ST109", 12, 10), *found("FM101", 1)])
    assert counts == (
        RuleCount("ST109", "item-number", 12, 10),
        RuleCount("FM101", "missing-field", 1, 0),
        RuleCount("ST104", "unlinked-title", 1, 0),
    )


def test_counts_are_printed_as_a_table():
    findings = [*found("ST104", 1), *found("ST109", 1200, 1000)]
    table = "found  fixable  rule\n1,200    1,000  ST109  item-number\n    1        -  ST104  unlinked-title\n"
    assert render_statistics(findings, Display()) == table
    coloured = render_statistics(findings, Display(colour=True))
    assert coloured.replace("\x1b[2m", "").replace("\x1b[0m", "") == table


def test_no_findings_give_no_table():
    assert render_statistics([], Display()) == ""
