"""`newsletter` without a command: the next steps in this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsletter.cli.base import plural
from newsletter.clock import clock

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

WITHOUT_WORKSPACE = (
    ("newsletter init my-letter", "start a new one in my-letter/"),
    ("newsletter init my-letter --from SOURCE", "start one with the past issues of an export, a site or a feed"),
    ("newsletter -C DIR", "use the one in DIR"),
)


def show_next_steps(here: Path) -> None:
    """Prints the next steps for the workspace around `here`; how to create one if there is none."""
    from newsletter.config.workspace import find_root, misnamed_configuration
    from newsletter.errors import ConfigurationError, UsageError

    try:
        root = find_root(here)
    except UsageError:
        click.echo("There is no newsletter here yet: neither this folder nor one above it has a newsletter.yaml.\n")
        if misnamed := misnamed_configuration(here.resolve()):
            click.echo(f"There is {misnamed}. To use it, rename it to newsletter.yaml.\n")
        _show_commands(WITHOUT_WORKSPACE)
        _show_help()
        return
    from newsletter.commands.next_steps import next_steps

    try:
        found = next_steps(root, clock())
    except ConfigurationError as error:
        error.root = root
        raise
    click.echo(f"{found.title}: {plural(found.issues, 'issue')}\n")
    for step in found.steps:
        click.echo(f"{step.what}.")
        _show_commands(step.commands)
        click.echo()
    _show_help(blank=False)


def _show_commands(commands: Iterable[tuple[str, str]]) -> None:
    rows = tuple(commands)
    width = max(len(command) for command, _ in rows)
    for command, does in rows:
        click.echo(f"  {command:<{width}}  {does}")


def _show_help(*, blank: bool = True) -> None:
    click.echo(("\n" if blank else "") + "`newsletter --help` lists all commands.")
