"""`newsletter new`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsletter.cli.base import Date, in_workspace
from newsletter.clock import clock
from newsletter.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


@click.command("new")
@click.argument("words", nargs=-1, required=True, metavar="TITLE")
@click.option("--kind", help="The kind of issue. Default: the publication's kind.")
@click.option("--date", "day", type=Date(), metavar="DATE", help="Its date, such as 2026-01-31. Default: today.")
@click.option(
    "--period", default="", help="The period it covers, such as 2026-11 or 2026-Q3. Default: the month of its date."
)
@click.option("--number", type=click.IntRange(0), help="Its number. Default: the highest so far plus one.")
@click.option("--edit", is_flag=True, help="Open the draft in $VISUAL or $EDITOR.")
@in_workspace
def command(
    words: tuple[str, ...],
    *,
    kind: str | None,
    day: datetime | None,
    period: str,
    number: int | None,
    edit: bool,
    root: Path,
    here: Path,
) -> None:
    """Draft the next issue from the house format.

    Fills in the number, date, headings and standing matter. TK(…) marks each place where you write something.
    """
    from newsletter.commands.new import draft

    title, *more = words
    if more:
        whole = " ".join(words).replace('"', "'")
        raise UsageError("put a title of several words in quotation marks", hint=f'newsletter new "{whole}"')
    drafted = draft(root, title, kind=kind, day=day.date() if day else None, number=number, period=period, now=clock())
    shown = root / drafted.path
    click.echo(f"  {shown.relative_to(here) if shown.is_relative_to(here) else shown}")
    if drafted.left_out:
        click.echo(f"Its address leaves out `{drafted.left_out}`, because newsletter.yaml has `slugs: ascii`:")
        click.echo("write your own `slug` in its front matter, or rename its folder.")
    click.echo("It is a draft. Replace each TK(…) and run `newsletter check` to see what is missing.")
    click.echo("Remove the line `draft: true` when it is ready to publish.")
    if edit:
        click.edit(filename=str(shown))
