"""`newsletter status`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsletter.cli.base import chosen_issues, in_workspace, issues_argument, plural, show_unread
from newsletter.clock import clock

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.commands.status import IssueStatus


@click.command("status")
@issues_argument
@in_workspace
def command(issues: tuple[str, ...], *, root: Path, here: Path) -> None:
    """Show the progress of issues.

    Shows words and items by section, and what is missing before an issue can be published. Without ISSUE, shows one line per issue.
    """
    from newsletter.commands.status import status_of

    files = chosen_issues(root, here, issues)
    if not issues:
        show_unread(root, files)
    found = status_of(root, files, now=clock())
    if not found:
        click.echo('no issues yet: draft one with `newsletter new "Title"`')
    width = max((len(status.name) for status in found), default=0)
    for status in found:
        free = "" if status.free_words is None else f", {status.free_words:,} of them free"
        click.echo(
            f"{status.name:<{width}}  {status.state:<9}  {status.words:>6,} words{free}  {_missing(status)}{_sponsors(status)}"
        )
        if issues:
            _sections(status)


def _missing(status: IssueStatus) -> str:
    if not (status.errors or status.warnings):
        return "clean"
    counts = [(status.errors, "error"), (status.warnings, "warning")]
    return ", ".join(plural(count, word) for count, word in counts if count)


def _sponsors(status: IssueStatus) -> str:
    """The sponsors that are booked for an issue, and the number of free places."""
    left = f"{plural(status.unsold, 'place')} unsold" if status.unsold else ""
    shown = " · ".join(filter(None, (", ".join(status.sponsors), left)))
    return f"  sponsors: {shown}" if shown else ""


def _sections(status: IssueStatus) -> None:
    for row in status.sections:
        items = plural(row.items, "item") if row.items else ""
        click.echo(f"  {row.words:>6,} words  {items:<9}  {row.heading}")
    for found in status.missing:
        click.echo(f"  line {found.span.line:>4}  {found.code}  {found.message}")
