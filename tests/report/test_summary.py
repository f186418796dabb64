from __future__ import annotations

import pytest

from newsletter.diagnostics import Diagnostic, Severity
from newsletter.model import Span
from newsletter.report import summary


def found(path: str, severity: Severity = Severity.ERROR) -> Diagnostic:
    return Diagnostic(path, Span(0, 0), "ST104", "no link", severity)


@pytest.mark.parametrize(
    ("findings", "issues", "expected"),
    [
        ([], 0, "There are no issues to check."),
        ([], 1, "The issue is clean."),
        ([], 3, "All 3 issues are clean."),
        ([found("a")], 1, "1 error in the issue"),
        ([found("a"), found("a"), found("a", Severity.WARNING)], 3, "2 errors and 1 warning in 1 of 3 issues"),
        ([found("a", Severity.WARNING), found("b", Severity.WARNING)], 3, "2 warnings in 2 of 3 issues"),
        ([found("a"), found("templates/theme/email/item.mjml")], 3, "2 errors in 1 of 3 issues and 1 other file"),
        ([found("a"), found("templates/theme/email/item.mjml")], 1, "2 errors in the issue and 1 other file"),
        ([found("newsletter.yaml"), found("templates/theme/email/item.mjml")], 3, "2 errors in 2 files"),
    ],
)
def test_a_check_is_summarized_in_a_line(findings: list[Diagnostic], issues: int, expected: str):
    assert summary(findings, issues) == expected
