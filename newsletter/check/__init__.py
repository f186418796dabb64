"""The linter: what an issue has, against what its house format asks. Findings are values; nothing here raises for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from newsletter.check import settings as _settings
from newsletter.check.base import CheckContext, OtherIssue, Rule
from newsletter.check.context import make_context
from newsletter.check.pages import rule_page
from newsletter.check.rules import RULES, rule_of
from newsletter.check.settings import Settings, apply_settings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from newsletter.diagnostics import Diagnostic
    from newsletter.house.format import HouseFormat
    from newsletter.issue.source import Source
    from newsletter.language import Language
    from newsletter.model import Issue
    from newsletter.workspace import Publication, Workspace

__all__ = [
    "RULES",
    "CheckContext",
    "OtherIssue",
    "Rule",
    "Settings",
    "apply_settings",
    "check",
    "rule_of",
    "rule_page",
    "settings_for",
]

BROKEN_FRONT = frozenset(f"FM{number:03}" for number in range(1, 11)) - {"FM002", "FM005"}
"""Faults after which the front matter's fields are not all known: none is said to be missing then."""


def check(
    issue: Issue,
    house: HouseFormat,
    *,
    source: Source,
    language: Language,
    root: Path,
    publication: Publication,
    others: Sequence[OtherIssue] = (),
    settings: Settings | None = None,
    reading: Sequence[Diagnostic] = (),
) -> tuple[Diagnostic, ...]:
    """Every finding in `issue` that counts by `settings`, in order.

    `reading` is what was found while reading it: it goes in, and what could not be read is not found wrong once more.
    `others` are the publication's issues (this one among them or not); `root` is the workspace, for picture files.
    """
    context = make_context(
        issue,
        house,
        source=source,
        language=language,
        root=root,
        publication=publication,
        others=others,
        broken_front=any(found.code in BROKEN_FRONT for found in reading),
    )
    settings = settings or Settings()
    unreadable = {found.span.start for found in reading if found.code.startswith("FM")}
    diagnostics = list(reading)
    for rule in RULES:
        if rule.function is None or not settings.wants(rule.code):
            continue
        for found in rule.function(context):
            if rule.family == "FM" and found.span.start in unreadable:
                continue
            diagnostics.append(found if found.severity is rule.severity else found.with_severity(rule.severity))
    return apply_settings(diagnostics, issue, settings, house)


def settings_for(workspace: Workspace, *, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> Settings:
    """The settings of a run, from newsletter.yaml and the command line's `--select` and `--ignore`.

    `select` starts anew: what newsletter.yaml selects and ignores counts no more. `ignore` comes on top of what
    newsletter.yaml ignores. Raises UsageError for a prefix of the command line that fits no rule, ConfigurationError for
    one of newsletter.yaml.
    """
    return _settings.settings_for(workspace, [rule.code for rule in RULES], select=select, ignore=ignore)
