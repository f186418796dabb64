"""`newsletter house`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsletter.cli.base import in_workspace
from newsletter.cli.house_infer import infer

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


@click.group("house")
def command() -> None:
    """Show house formats, or write one from past issues."""


@command.command("show")
@click.argument("kind", required=False)
@click.option("--number", type=click.IntRange(min=0), metavar="N", help="The format of the issue with this number.")
@click.option(
    "--date", "day", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The format of issues of this date."
)
@click.option("--variant", metavar="NAME", help="One of its variants.")
@in_workspace
def show(
    kind: str | None, number: int | None, day: datetime | None, variant: str | None, *, root: Path, here: Path
) -> None:
    """Say in words what an issue of KIND is made of.

    KIND is that of the publication where it is not given. Where a house format changes over time, this is what holds now;
    --number or --date show another era.
    """
    from newsletter.press.showing import house_in_words

    del here
    for line in house_in_words(root, kind, number=number, day=day.date() if day else None, variant=variant):
        click.echo(line)


command.add_command(infer)
