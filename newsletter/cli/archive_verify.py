"""`newsletter archive verify`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsletter.cli.base import in_workspace, plural

if TYPE_CHECKING:
    from pathlib import Path


@click.command("verify")
@click.option("--repair", is_flag=True, help="Restore files from copies that match byte for byte.")
@in_workspace
def command(*, repair: bool, root: Path, here: Path) -> int:  # noqa: ARG001 - each command gets the folder where it was started
    """Verify the archive against its record.

    Reads every frozen file and compares its hash. Reports files that are missing, altered or unknown. With --repair, restores them
    from other copies in the workspace, from git, or by building them again, but only if the result is identical byte for byte.

    Exit codes: 0 everything is intact, 1 something is missing or altered.
    """
    from newsletter.commands.verify import verify_archive

    found = verify_archive(root, repair=repair, notify=lambda message: click.echo(message, err=True))
    for path, place in found.repaired:
        click.echo(
            f"repaired    {path}  (from {place})"
            if place != "made again from its source"
            else f"repaired    {path}  ({place})"
        )
    for one in found.after.damaged:
        click.echo(f"{one.what:<10}  {one.path}")
    for name in found.after.extra:
        click.echo(f"{'extra':<10}  {name}")
    for name in found.after.apart:
        click.echo(f"{'elsewhere':<10}  {name}  (for paying readers; not in git, and not on this machine)")
    counted = f"{plural(found.after.issues, 'issue')}, {plural(found.after.files, 'file')}"
    damaged = len(found.after.damaged)
    if not damaged:
        click.echo(
            f"{counted}: all as recorded"
            + (f"; {plural(len(found.repaired), 'file')} repaired" if found.repaired else "")
        )
        return 0
    click.echo(f"{counted}: {damaged} missing or altered")
    if not repair:
        click.echo("`newsletter archive verify --repair` restores what other copies have", err=True)
    return 1
