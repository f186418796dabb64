"""Statistics about a publication."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from newsletter.archive.record import load_record
from newsletter.archive.search.passages import domain_of
from newsletter.archive.statistics import Statistics, statistics_of
from newsletter.commands.search import States, with_index

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime
    from pathlib import Path

    from newsletter.archive.search.index import Index, IndexedIssue

    Progress = Callable[[int, int], None]

OTHER = ("EM", "HS", "CF")
"""Families of rules that do not depend on a house format."""


def statistics(
    root: Path, *, now: datetime, check: bool = True, progress: Progress | None = None
) -> tuple[str, Statistics]:
    """The publication's title and the statistics of its published issues.

    If none are published, all issues with a date are counted; if none has a date, all issues. With `check`, also how
    well they follow their house formats, in the version of their time. Raises as a check does.
    """
    record = load_record(root)

    def ask(index: Index) -> tuple[list[IndexedIssue], list[tuple[str, str]]]:
        states = States(root, record, now, index)
        issues = [issue for issue in index.issues() if not states.is_hidden(issue)]
        published = [issue for issue in issues if states.of(issue) in {"published", "revised"}]
        chosen = published or [issue for issue in issues if issue.day] or issues
        return chosen, [(domain_of(host), path) for host, path in index.links()]

    chosen, links = with_index(root, record, ask, progress)
    strays = _strays(root, {issue.path for issue in chosen}) if check else None
    from newsletter.config.load import load_workspace

    return load_workspace(root).publication.title, statistics_of(chosen, links, strays)


def _strays(root: Path, paths: Collection[str]) -> Mapping[str, list[str]]:
    """The code and name of each house format rule that an issue breaks, by path. Frozen issues are not checked."""
    from newsletter.check.registry import rule_of
    from newsletter.commands.check import check_files, open_check
    from newsletter.config.workspace import issue_files

    files = [file for file in issue_files(root) if file.path in paths]
    project, settings = open_check(root, ignore=OTHER)
    strays: dict[str, list[str]] = {file.path: [] for file in files}
    for found in check_files(project, files, settings) if files else ():
        if found.about and found.path in strays:
            rule = rule_of(found.code)
            strays[found.path].append(f"{found.code} {rule.name}" if rule else found.code)
    return strays


def plain_statistics(numbers: Statistics) -> dict[str, Any]:
    """The statistics in the form of the JSON output."""
    from dataclasses import asdict

    return {**asdict(numbers), "words": numbers.words, "kept": numbers.kept}
