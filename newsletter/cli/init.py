"""`newsletter init`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from newsletter.cli.base import plural


@click.command("init")
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False), default=".")
@click.option("--kind", default="briefing", show_default=True, help="The kind of letter: briefing, essay or digest.")
@click.option("--title", default="", help="The publication's title; else it is made from the folder's name.")
@click.option("--sender", default="", metavar="NAME", help="Who the letter comes from, as inboxes show it.")
@click.option("--email", default="", metavar="ADDRESS", help="The e-mail address that it comes from.")
@click.option("--address", default="", help="The postal address that mass mail must carry.")
@click.option("--url", default="", help="Where on the web its pages will stand.")
@click.option("-y", "--yes", is_flag=True, help="Ask nothing, also on a terminal.")
def command(directory: Path, *, kind: str, yes: bool, **told: str) -> None:
    """Make a new workspace that builds at once.

    DIRECTORY is made where it does not exist. Nothing that stands there already is changed.

    On a terminal, title, sender, addresses and web address are asked for, as far as no option says them. What nobody says is
    made up: until that is changed in newsletter.yaml, `newsletter check` tells it, and nothing is published or exported.
    """
    from newsletter.commands.init import refuse_workspace, start_workspace

    folder = directory.resolve()
    refuse_workspace(folder, kind)  # before anything is asked
    if not yes and sys.stdin.isatty() and sys.stdout.isatty():
        _ask(folder, told)
    written = start_workspace(folder, kind=kind, **told)
    for name in written:
        click.echo(f"  {directory / name}")
    click.echo(f"{plural(len(written), 'file')} written")
    click.echo("next:")
    if directory != Path():
        click.echo(f"  cd {directory}")
    click.echo(f"  {_EDIT.get(all(told.values()), _EDIT[False])}")
    click.echo('  newsletter new "Hello, reader"    # draft the first issue')


_EDIT = {
    True: "$EDITOR newsletter.yaml          # colours, authors, a subscribe box",
    False: "$EDITOR newsletter.yaml          # say who you are: what is made up is not published",
}


def _ask(folder: Path, told: dict[str, str]) -> None:
    """Asks for what no option said; an empty answer leaves it for later."""
    from newsletter.commands.init import QUESTIONS, flaw_of, title_for

    click.echo("Enter alone leaves an answer for later.")
    for name, question in QUESTIONS.items():
        likely = {"title": title_for(folder), "sender": told["title"]}.get(name, "")
        while not told[name]:
            answer = click.prompt(question, default=likely, show_default=bool(likely)).strip()
            flaw = flaw_of(name, answer)
            if flaw is None:
                told[name] = answer
                break
            click.echo(f"`{answer}` {flaw.problem}. {flaw.mend}")
