"""`newsletter feed`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsletter.cli.base import clock, in_workspace, plural

if TYPE_CHECKING:
    from pathlib import Path


@click.command("feed")
@in_workspace
def command(*, root: Path, here: Path) -> None:  # noqa: ARG001 - every command is told where it was started
    """Write RSS, Atom and JSON Feed alone."""
    from newsletter.press.feeding import write_feeds

    written = write_feeds(root, now=clock())
    for name in written:
        click.echo(f"  {name}")
    click.echo(f"{plural(len(written), 'feed')} written" if written else "nothing to do: the feeds are up to date")
