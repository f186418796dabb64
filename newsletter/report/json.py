"""Findings for programs. The form is stable and described by docs/reference/findings.schema.json."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from newsletter.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from newsletter.diagnostics import Diagnostic, Fix
    from newsletter.model import Span

VERSION = 1
"""Of the form: raised when a member changes its meaning or goes; new members may come without."""


def render_json(diagnostics: tuple[Diagnostic, ...], sources: Mapping[str, str], colour: bool) -> str:  # noqa: ARG001
    """One JSON object with the findings in order and their counts; ASCII only, so that any terminal and log takes it."""
    from newsletter.check.rules import rule_of

    names = {rule.code: rule.name for found in diagnostics if (rule := rule_of(found.code))}
    document = {
        "version": VERSION,
        "findings": [_finding(found, names.get(found.code, ""), sources.get(found.path)) for found in diagnostics],
        "errors": sum(found.severity is Severity.ERROR for found in diagnostics),
        "warnings": sum(found.severity is Severity.WARNING for found in diagnostics),
    }
    return json.dumps(document, indent=2) + "\n"


def _finding(found: Diagnostic, name: str, text: str | None) -> dict[str, object]:
    return {
        "code": found.code,
        "name": name,
        "severity": str(found.severity),
        "message": found.message,
        "label": found.label,
        "mend": found.mend,
        "path": found.path,
        **_place(found.span, text),
        "fix": _fix(found.fix, text) if found.fix else None,
    }


def _fix(fix: Fix, text: str | None) -> dict[str, object]:
    edits = [{**_place(edit.span, text), "text": edit.text} for edit in fix.edits]
    return {"title": fix.title, "edits": edits}


def _place(span: Span, text: str | None) -> dict[str, object]:
    line, column = _end(span, text)
    return {
        "start": {"line": span.line, "column": span.column, "offset": span.start},
        "end": {"line": line, "column": column, "offset": span.end},
    }


def _end(span: Span, text: str | None) -> tuple[int, int]:
    """Line and column behind the last character; without the text, a span is taken to be on one line."""
    within = (text or "")[span.start : span.end]
    breaks = within.count("\n")
    if breaks:
        return span.line + breaks, len(within) - within.rfind("\n")
    return span.line, span.column + max(span.end - span.start, 0)
