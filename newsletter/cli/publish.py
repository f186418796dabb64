"""`newsletter publish`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from newsletter.cli.base import chosen_issues, colours, from_here, in_workspace, plural, show_diagnostics
from newsletter.clock import clock
from newsletter.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.commands.publish import Done, PublishReport

SHOWN = 12
"""If there are more issues, their number is printed instead of their names."""
_EVENTS = {
    "published": "published",
    "revised": "revised  ",
    "withdrawn": "withdrawn",
    "already": "as it was",
}


@click.command("publish")
@click.argument("issues", nargs=-1, metavar="[ISSUE]...")
@click.option("--all-past", is_flag=True, help="Publish all issues that are already on the web by their date.")
@click.option("--revise", metavar="TEXT", help="What changed in a published issue. Readers see this text.")
@click.option("--remove", is_flag=True, help="Remove everything that is no longer published, even if it is a lot.")
@click.option("--ping", is_flag=True, help="Then notify the WebSub hubs in newsletter.yaml.")
@click.option("-q", "--quiet", is_flag=True, help="Print only problems.")
@in_workspace
def command(
    issues: tuple[str, ...],
    *,
    all_past: bool,
    revise: str | None,
    remove: bool,
    ping: bool,
    quiet: bool,
    root: Path,
    here: Path,
) -> int:
    """Publish issues: archive, record, web and feeds.

    First, all checks run; an issue with errors is not published. Then the issue is frozen in archive/, added to
    archive/record.jsonl, and put on the web and into the feeds. Either all of this happens or none of it. After the first publish,
    only the record decides what is public, not the dates.

    To publish changes to a published issue, use --revise. Its page then shows when and how it was updated, and its feed entry
    keeps its id.

    This command sends nothing: to send an issue, push or export it. With --ping, it notifies hubs at once. Use --ping only if
    public/ is what readers see; otherwise upload it first, then run `newsletter feed ping`.
    """
    from newsletter.commands.feeds import hubs_of
    from newsletter.commands.publish import publish

    if not issues and not all_past:
        raise UsageError(
            "no issue was named", hint="Name one, or publish all issues that are already on the web: --all-past"
        )
    note = " ".join((revise or "").split())
    if revise is not None and not note:
        raise UsageError(
            "--revise has no text", hint='Say what changed: --revise "The lift carries 1,350 tonnes, not 350."'
        )
    if ping:
        hubs_of(root)  # fails before anything is published, if there is none
    report = publish(
        root,
        chosen_issues(root, here, issues) if issues else (),
        now=clock(),
        all_past=all_past,
        revise=note,
        remove=remove,
        warn=lambda message: click.echo(message, err=True),
    )
    if report.found:
        show_diagnostics(report.found, style="concise", root=root, colour=colours(sys.stderr), err=True)
    if report.left:
        show_diagnostics(report.left, style="concise", root=root, colour=colours(sys.stderr), err=True)
        left = len({found.path for found in report.left})
        click.echo(f"not on the web, as before: {plural(left, 'issue')} that cannot be built", err=True)
    if not quiet:
        show_report(report, root)
    if note and not any(done.event == "revised" for done in report.done):
        click.echo("the text of --revise is not used: no issue has changed since it was published", err=True)
    return _ping(root) if ping else 0


def _ping(root: Path) -> int:
    from newsletter.cli.base import show_error
    from newsletter.commands.feeds import ping_hubs

    pinged = ping_hubs(root)
    for hub in pinged.notified:
        click.echo(f"notified {hub}")
    for error in pinged.errors:
        show_error(error)
    return 3 if pinged.errors else 0


def show_report(report: PublishReport, root: Path) -> None:
    """Prints what was published, and where it is."""
    if not report.done:
        click.echo("nothing to do: the record has all past issues")
        return
    if len(report.done) > SHOWN:
        click.echo(f"{plural(len(report.done), 'issue')} published, frozen in archive/")
    else:
        for done in report.done:
            _show(done, root)
    click.echo(
        f"{plural(report.built.published, 'issue')} on the web: public/index.html · feeds: feeds/ · record: archive/record.jsonl"
    )


def _show(done: Done, root: Path) -> None:
    click.echo(f"  {_EVENTS[done.event]}  {from_here(root)(done.issue)}  {done.url}")
    if done.event in {"published", "revised"}:
        click.echo(f"             {done.folder}" + (f" and {done.paid}" if done.paid else ""))
