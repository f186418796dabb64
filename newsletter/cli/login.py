"""`newsletter login`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from newsletter.cli.base import in_workspace
from newsletter.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


@click.command("login")
@click.argument("service", type=click.Choice(["smtp"]))
@click.option(
    "--server", metavar="HOST[:PORT]", help="The mail server, as USER@HOST, instead of `smtp` in newsletter.yaml."
)
@click.option("--forget", is_flag=True, help="Take the password out of the keyring.")
@in_workspace
def command(service: str, *, server: str | None, forget: bool, root: Path, here: Path) -> None:  # noqa: ARG001 - there is one service yet, and none is named by a path
    """Keep the password of a service in the system's keyring.

    It is asked for and not shown; from a pipe, it is the first line. Nothing is tried with it.
    """
    from newsletter.commands.send import account_of, mail_server
    from newsletter.credentials import Secret, forget_secret, keep_secret
    from newsletter.project.project import open_project

    where = mail_server(open_project(root).publication.smtp, server or "")
    if not where.user:
        raise UsageError(f"nobody logs in at {where}", hint="Write `user: …` under `smtp` in newsletter.yaml.")
    account = account_of(where)
    if forget:
        known = forget_secret(account)
        click.echo(
            f"the keyring {'no longer has' if known else 'has'} {'the' if known else 'no'} password of {where.user} at {where}"
        )
        return
    shown = f"Password of {where.user} at {where}"
    value = (
        click.prompt(shown, hide_input=True, err=True) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    )
    if not value:
        raise UsageError("no password was given: nothing is kept")
    keep_secret(account, Secret(value))
    click.echo(f"the password of {where.user} at {where} is in the keyring")
