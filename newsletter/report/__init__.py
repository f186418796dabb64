"""The output formats for findings: `full` and `concise` for people, `json`, `github` and `sarif` for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.diagnostics import in_order
from newsletter.report.base import Display
from newsletter.report.full import render_concise, render_full
from newsletter.report.github import render_github
from newsletter.report.json import render_json
from newsletter.report.sarif import render_sarif
from newsletter.report.statistics import RuleCount, count_rules, render_statistics, summary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from newsletter.diagnostics import Diagnostic

    Format = Callable[[tuple[Diagnostic, ...], Mapping[str, str], Display], str]

FORMATS: Mapping[str, Format] = {
    "full": render_full,
    "concise": render_concise,
    "json": render_json,
    "github": render_github,
    "sarif": render_sarif,
}
"""The formats by the names that `--output-format` accepts."""
FOR_PEOPLE = ("full", "concise")
"""The formats for people. The others are for programs, so no other text may be printed with them."""


def render(
    diagnostics: Iterable[Diagnostic],
    fmt: str,
    sources: Mapping[str, str],
    *,
    colour: bool = False,
    display: Display | None = None,
) -> str:
    """The findings in the format `fmt`, sorted by file and position.

    Ends with a line end, or is empty if there is nothing to report. `sources` has the text of each file by its path; a
    finding in another file is shown without its line. `display` has more options than `colour`. Raises KeyError for a
    format that is not in FORMATS.
    """
    return FORMATS[fmt](in_order(diagnostics), sources, display or Display(colour=colour))


__all__ = [
    "FORMATS",
    "FOR_PEOPLE",
    "Display",
    "RuleCount",
    "count_rules",
    "render",
    "render_statistics",
    "summary",
]
