"""`newsletter feed`, and `newsletter feed ping`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from newsletter.cli.base import colours, in_workspace, plural, show_diagnostics
from newsletter.clock import clock

if TYPE_CHECKING:
    from pathlib import Path


@click.group("feed", invoke_without_command=True)
@click.option("--remove", is_flag=True, help="Remove everything that is no longer published, even if it is a lot.")
@in_workspace
def command(*, remove: bool, root: Path, here: Path) -> int:
    """Write only the RSS, Atom and JSON feeds."""
    context = click.get_current_context()
    if context.invoked_subcommand:
        context.find_root().obj = here
        return 0
    from newsletter.commands.feeds import write_feeds

    report = write_feeds(root, now=clock(), remove=remove, warn=lambda message: click.echo(message, err=True))
    if report.diagnostics:
        show_diagnostics(report.diagnostics, root=root, colour=colours(sys.stdout))
        click.echo("fix these errors first: no feed was written", err=True)
        return 1
    for name in report.written if len(report.written) <= SHOWN else ():
        click.echo(f"  {name}")
    count = len(report.written)
    click.echo(f"{plural(count, 'feed')} written" if count else "nothing to do: the feeds are up to date")
    return 0


SHOWN = 12
"""If more feeds were written, their number is printed instead of their names."""


@command.command("ping")
@in_workspace
def ping(*, root: Path, here: Path) -> int:  # noqa: ARG001 - every command is told where it was started
    """Notify the WebSub hubs that the feeds have changed.

    newsletter.yaml names the hubs, under `feeds: hubs:`. Run it after you upload the feeds: a hub fetches them at once and passes the new entries on to feed readers.
    """
    from newsletter.cli.base import show_error
    from newsletter.commands.feeds import ping_hubs

    pinged = ping_hubs(root)
    for hub in pinged.notified:
        click.echo(f"notified {hub}")
    for error in pinged.errors:
        show_error(error)
    return 3 if pinged.errors else 0
