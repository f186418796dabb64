"""`newsletter init`."""

from __future__ import annotations

from pathlib import Path

import click

from newsletter.cli.base import plural


@click.command("init")
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False), default=".")
@click.option("--kind", default="briefing", show_default=True, help="The kind of letter: briefing, essay or digest.")
@click.option("--title", help="The publication's title; else it is made from the folder's name.")
def command(directory: Path, *, kind: str, title: str | None) -> None:
    """Make a new workspace that builds at once.

    DIRECTORY is made where it does not exist. Nothing that stands there already is changed.
    """
    from newsletter.commands.init import start_workspace

    written = start_workspace(directory.resolve(), kind=kind, title=title)
    for name in written:
        click.echo(f"  {directory / name}")
    click.echo(f"{plural(len(written), 'file')} written")
    click.echo("next:")
    if directory != Path():
        click.echo(f"  cd {directory}")
    click.echo("  $EDITOR newsletter.yaml          # say who you are")
    click.echo('  newsletter new "Hello, reader"    # draft the first issue')
