"""`newsletter send`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from newsletter.cli.base import in_workspace, issue_argument, pairs, plural, the_issue
from newsletter.clock import clock
from newsletter.errors import UsageError, WorldError

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.commands.send import Proof
    from newsletter.services.smtp import Delivery


@click.command("send", options_metavar="--to ADDRESS [OPTIONS]")
@issue_argument
@click.option(
    "--to",
    "addresses",
    multiple=True,
    required=True,
    metavar="ADDRESS",
    help="Address that gets the test. Repeat it for several addresses.",
)
@click.option(
    "--server",
    metavar="HOST[:PORT]",
    help="The mail server to use instead of `smtp` in newsletter.yaml. smtps://HOST encrypts from the first byte.",
)
@click.option(
    "--field",
    "fields",
    multiple=True,
    metavar="NAME=VALUE",
    help="Value of a personal field. An empty value stands for a reader who has none. Repeat it for several fields.",
)
@click.option("--again", is_flag=True, help="Send it even if this address already got the same message.")
@in_workspace
def command(
    issue: str,
    *,
    addresses: tuple[str, ...],
    server: str | None,
    fields: tuple[str, ...],
    again: bool,
    root: Path,
    here: Path,
) -> None:
    """Send a test email of an issue to yourself.

    Sends one complete message to each address, for each edition if there are two, with pictures and a sample reader filled
    in. The subject says that it is a test. Readers get nothing: for them, export the issue to a mailing service.
    """
    from newsletter.commands.send import mail_server, proofs, send
    from newsletter.project.project import open_project

    file = the_issue(root, here, issue)
    now = clock()
    where = mail_server(open_project(root).publication.smtp, server or "")
    ready = proofs(root, file, addresses, fields=pairs(fields, "--field", "first_name=Ada"), now=now)
    if not again:
        ready = _asked(ready)
    failed = 0
    for proof, delivery in send(root, where, ready, now=now):
        failed += _show(proof, delivery)
    if failed:
        raise WorldError(f"{plural(failed, 'message')} of {len(ready)} not sent for certain through {where}")
    if ready:
        click.echo(f"{plural(len(ready), 'test message')} sent through {where}")


def _asked(ready: tuple[Proof, ...]) -> tuple[Proof, ...]:
    """The messages to send. Asks about each that this address already got."""
    repeated = [proof for proof in ready if proof.sent_before]
    if not repeated:
        return ready
    for proof in repeated:
        click.echo(
            f"{proof.to} was sent the same “{proof.subject}” on {proof.sent_before.replace('T', ' at ')}", err=True
        )
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(
            "nothing has changed since then, so nothing was sent", hint="Add --again to send it once more."
        )
    if click.confirm("Send it once more?", err=True):
        return ready
    return tuple(proof for proof in ready if not proof.sent_before)


def _show(proof: Proof, delivery: Delivery) -> bool:
    """Prints the result for a message. Returns whether it may not have arrived."""
    from newsletter.services.smtp import Outcome

    what = f"{proof.to}  “{proof.subject}”"
    if delivery.outcome is Outcome.TAKEN:
        click.echo(f"  sent     {what}")
        return False
    advice = {
        Outcome.REFUSED: f"the server refused it: {delivery.reason}",
        Outcome.LATER: f"not sent now: {delivery.reason}. Try again in a few minutes",
        Outcome.UNKNOWN: f"the connection ended during the transfer ({delivery.reason}): it may or may not arrive",
    }
    click.echo(f"  {delivery.outcome.value:<8} {what}\n           {advice[delivery.outcome]}", err=True)
    return True
