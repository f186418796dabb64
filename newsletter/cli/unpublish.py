"""`newsletter unpublish`."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import click

from newsletter.cli.base import in_workspace, the_issue
from newsletter.clock import clock

if TYPE_CHECKING:
    from pathlib import Path


@click.command("unpublish")
@click.argument("issue")
@click.option("--reason", default="", metavar="TEXT", help="The reason, for the record. Readers do not see it.")
@in_workspace
def command(issue: str, *, reason: str, root: Path, here: Path) -> None:
    """Withdraw a published issue.

    Its page says that it was withdrawn, the feeds drop it, and its id and address are never used again. The frozen copy stays in
    archive/, and the source stays, too. If the file of an ISSUE is gone, name it by its id, its address or its folder.
    """
    from newsletter.cli.publish import show_report
    from newsletter.commands.publish import unpublish
    from newsletter.errors import UsageError

    file = None
    with suppress(UsageError):
        file = the_issue(root, here, issue)
    report = unpublish(
        root,
        issue,
        file,
        now=clock(),
        reason=" ".join(reason.split()),
        warn=lambda message: click.echo(message, err=True),
    )
    show_report(report, root)
