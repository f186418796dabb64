"""Findings for programs. The form is stable and described by docs/reference/findings.schema.json."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from newsletter.diagnostics import Severity
from newsletter.report.base import end_of
from newsletter.report.statistics import count_rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.diagnostics import Diagnostic, Fix, HouseLine
    from newsletter.model import Span
    from newsletter.report.base import Display
    from newsletter.report.statistics import RuleCount

VERSION = 1
"""The version of the format. Raise it when a member changes its meaning or is removed; new members do not need it."""


def render_json(diagnostics: tuple[Diagnostic, ...], sources: Mapping[str, str], display: Display) -> str:
    """One JSON object with the findings in order and their counts.

    It is ASCII, so that any terminal and log can show it.
    """
    from newsletter.check.registry import rule_of

    names = {found.code: rule.name for found in diagnostics if (rule := rule_of(found.code))}
    document: dict[str, object] = {
        "version": VERSION,
        "findings": [_finding(found, names.get(found.code, ""), sources.get(found.path)) for found in diagnostics],
        "errors": sum(found.severity is Severity.ERROR for found in diagnostics),
        "warnings": sum(found.severity is Severity.WARNING for found in diagnostics),
    }
    if display.statistics:
        document["statistics"] = [_count(rule) for rule in count_rules(diagnostics)]
    return json.dumps(document, indent=2) + "\n"


def _finding(found: Diagnostic, name: str, text: str | None) -> dict[str, object]:
    return {
        "code": found.code,
        "name": name,
        "severity": str(found.severity),
        "message": found.message,
        "label": found.label,
        "help": found.advice,
        "mend": found.advice,  # Its former name, which the next version removes.
        "path": found.path,
        **_place(found.span, text),
        "fix": _fix(found.fix, text) if found.fix else None,
        "asked": _asked(found.asked) if found.asked else None,
    }


def _asked(asked: HouseLine) -> dict[str, object]:
    """A line of house.yaml. Its span is on one line."""
    return {"path": asked.path, **_place(asked.span, None), "text": asked.text}


def _place(span: Span, text: str | None) -> dict[str, object]:
    end_line, end_column = end_of(span, text)
    return {
        "start": {"line": span.line, "column": span.column, "offset": span.start},
        "end": {"line": end_line, "column": end_column, "offset": span.end},
    }


def _fix(fix: Fix, text: str | None) -> dict[str, object]:
    edits = [{**_place(edit.span, text), "text": edit.text} for edit in fix.edits]
    return {"title": fix.title, "edits": edits}


def _count(rule: RuleCount) -> dict[str, object]:
    return {"code": rule.code, "name": rule.name, "count": rule.count, "fixable": rule.fixable}
