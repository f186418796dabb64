"""`newsletter push`."""

from __future__ import annotations

import sys
from datetime import UTC
from typing import TYPE_CHECKING

import click

from newsletter.cli.base import in_workspace, pairs, plural, the_issue
from newsletter.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from newsletter.commands.push import ReadyDraft
    from newsletter.drafts.base import RemoteDraft
    from newsletter.drafts.pushing import Pushed


@click.command("push")
@click.argument("issue", required=False)
@click.option("--to", "service", metavar="SERVICE", help="The mailing service. `newsletter services` lists them.")
@click.option(
    "-y", "--yes", is_flag=True, help="Push the draft. Without it, show only what would be sent to the service."
)
@click.option(
    "--token",
    "tokens",
    multiple=True,
    metavar="NAME=VALUE",
    help="Set how a token is written. Repeat it for several tokens.",
)
@click.option("--force", is_flag=True, help="Overwrite a draft that was edited at the service.")
@click.option(
    "--schedule",
    "time",
    metavar="TIME",
    help="Schedule the draft for a time (2026-12-01T08:00). You have to confirm it.",
)
@click.option(
    "--check",
    "checked",
    metavar="SERVICE",
    help="Check the key, its permissions and the audiences, without changing anything.",
)
@in_workspace
def command(
    issue: str | None,
    *,
    service: str | None,
    yes: bool,
    tokens: tuple[str, ...],
    force: bool,
    time: str | None,
    checked: str | None,
    root: Path,
    here: Path,
) -> None:
    """Create or update the draft of an issue at a mailing service.

    It never sends the issue: you do that at the service. Without --yes, it only shows what it would send to the service. Pushing
    again updates the same draft, unless someone edited it at the service. With --schedule, the service sends the draft at that
    time, after you type the name of the issue to confirm.
    """
    from newsletter.clock import clock
    from newsletter.commands.push import look, push_all, ready, time_for

    if checked:
        for line in look(root, checked):
            click.echo(f"  {line}")
        return
    if not issue or not service:
        raise UsageError(
            "name the issue to push, and the service", hint="For example: newsletter push ISSUE --to buttondown"
        )
    file = the_issue(root, here, issue)
    drafts = ready(root, file, service, pairs(tokens, "--token", "first_name='*|FNAME|*'"))
    when = time_for(root, service, drafts, time, clock()) if time else None
    if yes and when:
        _refuse_without_terminal()
    if yes:
        _missing(drafts, service, root)
    done = []
    for draft, pushed, calls in push_all(root, file, service, drafts, dry=not yes, force=force):
        done.append((draft, pushed.remote))
        if yes:
            _show(draft, pushed)
        else:
            _planned(draft, calls)
    if when:
        _schedule(service, done, when, file.name, yes=yes)
    if not yes:
        click.echo("Nothing was sent to the service. Add --yes to push.")


def _missing(drafts: tuple[ReadyDraft, ...], service: str, root: Path) -> None:
    """Prints which pictures of a draft are not on the publication's own site yet."""
    from newsletter.commands.push import missing_pictures

    missing = missing_pictures(root, service, drafts)
    for address in missing[:5]:
        click.echo(f"  not on the web yet: {address}", err=True)
    if missing:
        click.echo(
            f"  {plural(len(missing), 'picture')} of the draft will not be visible before you publish the site",
            err=True,
        )


def _at_a_terminal() -> bool:
    return sys.stdin.isatty()


def _refuse_without_terminal() -> None:
    if not _at_a_terminal():
        raise UsageError(
            "scheduling needs a confirmation, and there is no terminal",
            hint="Push the draft without --schedule, and set the time at the service.",
        )


def _schedule(
    service: str, done: list[tuple[ReadyDraft, RemoteDraft]], when: datetime, name: str, *, yes: bool
) -> None:
    """Asks for a confirmation of the time, then schedules the drafts."""
    from newsletter.commands.push import schedule_all
    from newsletter.drafts import api_named

    if yes:
        click.echo(
            f"\n{api_named(service).title} would send on {when:%A %Y-%m-%d at %H:%M %Z} ({when.astimezone(UTC):%Y-%m-%d %H:%M} UTC):"
        )
        for draft, _ in done:
            audience = ", ".join(f"{key} {value}" for key, value in draft.draft.settings.items() if key != "url")
            click.echo(f"  “{draft.draft.subject}”{_whose(draft)}: {audience or 'all readers'}")
        if click.prompt(f"Type {name} to schedule it, or anything else to leave it a draft", err=True).strip() != name:
            raise UsageError("not confirmed, so nothing is scheduled: it stays a draft")
    for draft, remote, calls in schedule_all(service, done, when, dry=not yes):
        if yes:
            click.echo(
                f"  scheduled “{draft.draft.subject}”{_whose(draft)}: {remote.state}, {remote.goes_out or 'at that time'}"
            )
        else:
            for call in calls:
                click.echo(f"  {call}")


def _whose(draft: ReadyDraft) -> str:
    return f", for {draft.edition} readers" if draft.edition else ""


def _planned(draft: ReadyDraft, calls: tuple[str, ...]) -> None:
    click.echo(
        f"“{draft.draft.subject}”{_whose(draft)}: {len(draft.draft.html.encode()) / 1024:.0f} KB, {plural(len(draft.pictures), 'picture')}"
    )
    for call in calls:
        click.echo(f"  {call}")


def _show(draft: ReadyDraft, pushed: Pushed) -> None:
    where = pushed.remote.url or pushed.remote.id
    click.echo(f"  {pushed.what:<9} “{draft.draft.subject}”{_whose(draft)}: {pushed.remote.state}, {where}")
    for line in pushed.changed_there:
        click.echo(f"            the service changed: {line}", err=True)
