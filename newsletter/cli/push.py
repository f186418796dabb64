"""`newsletter push`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsletter.cli.base import in_workspace, pairs, plural, the_issue
from newsletter.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.commands.push import ReadyDraft
    from newsletter.drafts.pushing import Pushed


@click.command("push")
@click.argument("issue", required=False)
@click.option("--to", "service", metavar="SERVICE", help="The mailing service: `newsletter services`.")
@click.option("-y", "--yes", is_flag=True, help="Do it; without, show what would be asked of the service.")
@click.option("--token", "tokens", multiple=True, metavar="NAME=VALUE", help="How a token is written; may be repeated.")
@click.option("--force", is_flag=True, help="Overwrite a draft that was edited over there.")
@click.option("--check", "checked", metavar="SERVICE", help="Say whether key and audiences are right; changes nothing.")
@in_workspace
def command(
    issue: str | None,
    *,
    service: str | None,
    yes: bool,
    tokens: tuple[str, ...],
    force: bool,
    checked: str | None,
    root: Path,
    here: Path,
) -> None:
    """Create or update the draft of an issue at a mailing service.

    It never sends and never schedules: you do that over there. Without --yes nothing is asked of the service, and what would
    be is shown. Pushing again updates the same draft; one that was edited over there is left alone.
    """
    from newsletter.commands.push import look, push_all, ready

    if checked:
        for line in look(root, checked):
            click.echo(f"  {line}")
        return
    if not issue or not service:
        raise UsageError("say what to push, and where to", hint="for example: newsletter push ISSUE --to buttondown")
    file = the_issue(root, here, issue)
    drafts = ready(root, file, service, pairs(tokens, "--token", "first_name='*|FNAME|*'"))
    if yes:
        _missing(drafts, service, root)
    for draft, pushed, calls in push_all(root, file, service, drafts, dry=not yes, force=force):
        if yes:
            _told(draft, pushed)
        else:
            _planned(draft, calls)
    if not yes:
        click.echo("Nothing was asked of the service. --yes does it.")


def _missing(drafts: tuple[ReadyDraft, ...], service: str, root: Path) -> None:
    """Says which pictures a draft will show from one's own site that are not there yet."""
    from newsletter.commands.push import missing_pictures

    missing = missing_pictures(root, service, drafts)
    for address in missing[:5]:
        click.echo(f"  not on the web yet: {address}", err=True)
    if missing:
        click.echo(
            f"  {plural(len(missing), 'picture')} of the draft will not be seen before you publish the site", err=True
        )


def _planned(draft: ReadyDraft, calls: tuple[str, ...]) -> None:
    whose = f", for {draft.edition} readers" if draft.edition else ""
    click.echo(
        f"“{draft.draft.subject}”{whose}: {len(draft.draft.html.encode()) / 1024:.0f} KB, {plural(len(draft.pictures), 'picture')}"
    )
    for call in calls:
        click.echo(f"  {call}")


def _told(draft: ReadyDraft, pushed: Pushed) -> None:
    whose = f", for {draft.edition} readers" if draft.edition else ""
    where = pushed.remote.url or pushed.remote.id
    click.echo(f"  {pushed.what:<9} “{draft.draft.subject}”{whose}: {pushed.remote.state}, {where}")
    for line in pushed.changed_there:
        click.echo(f"            the service changed: {line}", err=True)
