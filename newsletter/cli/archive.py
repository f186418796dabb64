"""`newsletter archive`: a group that imports its commands when they are used."""

from __future__ import annotations

from importlib import import_module

import click

COMMANDS = ("list", "show", "diff", "search", "stats", "verify")
"""The commands, in the order of `--help`. Each is the function `command` in newsletter/cli/archive_<name>.py."""


class _Archive(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = import_module(f"newsletter.cli.archive_{cmd_name}").command
        return found


@click.group("archive", cls=_Archive)
def command() -> None:
    """Look at published issues.

    `newsletter publish` freezes each issue in archive/ and keeps a record of it there.
    """
