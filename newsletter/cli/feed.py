"""`newsletter feed`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from newsletter.cli.base import colours, in_workspace, plural, show_diagnostics
from newsletter.clock import clock

if TYPE_CHECKING:
    from pathlib import Path


@click.command("feed")
@click.option("--remove", is_flag=True, help="Remove what is published no longer, however much it is.")
@in_workspace
def command(*, remove: bool, root: Path, here: Path) -> int:  # noqa: ARG001 - every command is told where it was started
    """Write RSS, Atom and JSON Feed alone."""
    from newsletter.commands.feeds import write_feeds

    report = write_feeds(root, now=clock(), remove=remove, warn=lambda said: click.echo(said, err=True))
    if report.diagnostics:
        show_diagnostics(report.diagnostics, root=root, colour=colours(sys.stdout))
        click.echo("no feed is written while these stand", err=True)
        return 1
    for name in report.written:
        click.echo(f"  {name}")
    count = len(report.written)
    click.echo(f"{plural(count, 'feed')} written" if count else "nothing to do: the feeds are up to date")
    return 0
