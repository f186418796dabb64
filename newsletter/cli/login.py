"""`newsletter login`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from newsletter.cli.base import in_workspace
from newsletter.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.credentials import Account


@click.command("login")
@click.argument("service")
@click.option(
    "--server", metavar="USER@HOST[:PORT]", help="With smtp: the server to use instead of `smtp` in newsletter.yaml."
)
@click.option("--forget", is_flag=True, help="Remove the key from the keyring.")
@in_workspace
def command(service: str, *, server: str | None, forget: bool, root: Path, here: Path) -> None:  # noqa: ARG001 - no argument is a path
    """Store the key of a mailing service in the system keyring.

    With `smtp`, stores the password of your mail server.

    newsletter asks for the key without showing it. From a pipe, it reads the first line. To test the key, run
    `newsletter push --check SERVICE`.
    """
    from newsletter.credentials import Secret, forget_secret, keep_secret

    account, what = _account(service, server or "", root)
    if forget:
        known = forget_secret(account)
        click.echo(f"{what} is no longer in the keyring" if known else f"{what} was not in the keyring")
        return
    asked = f"{what[0].upper()}{what[1:]}"
    value = (
        click.prompt(asked, hide_input=True, err=True) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    )
    if not value.strip():
        raise UsageError("no key was given, so none is stored")
    keep_secret(account, Secret(value))
    click.echo(f"{what} is in the keyring")


def _account(service: str, server: str, root: Path) -> tuple[Account, str]:
    """The account of a service, and its name for people."""
    if service != "smtp":
        from newsletter.commands.push import account_of
        from newsletter.drafts import api_named

        return account_of(service), f"the key of {api_named(service).title}"
    from newsletter.commands.send import account_of as mail_account
    from newsletter.commands.send import mail_server
    from newsletter.project.project import open_project

    where = mail_server(open_project(root).publication.smtp, server)
    if not where.user:
        raise UsageError(
            f"newsletter.yaml has no user for {where}", hint="Write `user: …` under `smtp` in newsletter.yaml."
        )
    return mail_account(where), f"the password of {where.user} at {where}"
