"""`newsletter init`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.base import plural
from newsletter.names import as_argument

if TYPE_CHECKING:
    from newsletter.commands.adopting import Adopted


@click.command("init")
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False), default=".")
@click.option(
    "--kind",
    default="",
    help="The kind of newsletter: briefing (default), essay or digest. With --from: a name for the inferred kind.",
)
@click.option("--title", default="", help="The publication's title. Default: made from the folder's name.")
@click.option("--sender", default="", metavar="NAME", help="The sender's name, as inboxes show it.")
@click.option("--email", default="", metavar="ADDRESS", help="The sender's email address.")
@click.option("--address", default="", help="The postal address, which mass email must include.")
@click.option("--url", default="", help="The web address of its pages.")
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path),
    metavar="SOURCE",
    help="Import a publication from an export, a folder, a zip or a file, as `newsletter import` does.",
)
@click.option("--as", "source_kind", default="", metavar="KIND", help="With --from: the type of SOURCE.")
@click.option("--fetch-images", "fetch", is_flag=True, help="With --from: download pictures that are on the web.")
@click.option("-y", "--yes", is_flag=True, help="Ask no questions, even on a terminal.")
def command(
    directory: Path, *, kind: str, source: Path | None, source_kind: str, fetch: bool, yes: bool, **answers: str
) -> int:
    """Create a new workspace that builds right away.

    DIRECTORY is created if it does not exist. Existing files are not changed.

    On a terminal, init asks for the title, the sender and the addresses that you did not set with options. It fills in example
    values for the rest. `newsletter check` reports them, and you cannot publish or export until you replace them in newsletter.yaml.

    With --from, it imports past issues, infers a house format from them, and builds everything.
    """
    if source is not None:
        return _adopt(directory, source, source_kind, kind, answers, fetch=fetch, yes=yes)
    from newsletter.commands.init import refuse_workspace, start_workspace

    folder, kind = directory.resolve(), kind or "briefing"
    refuse_workspace(folder, kind)  # before anything is asked
    if not yes and sys.stdin.isatty() and sys.stdout.isatty():
        _ask(folder, answers)
    written = start_workspace(folder, kind=kind, **answers)
    for name in written:
        click.echo(f"  {directory / name}")
    click.echo(f"{plural(len(written), 'file')} written")
    click.echo("next:")
    if directory != Path():
        click.echo(f"  cd {as_argument(str(directory))}")
    click.echo(f"  {_EDIT.get(all(answers.values()), _EDIT[False])}")
    click.echo('  newsletter new "Hello, reader"    # draft the first issue')
    return 0


def _adopt(
    directory: Path, source: Path, source_kind: str, kind: str, answers: dict[str, str], *, fetch: bool, yes: bool
) -> int:
    """Creates a publication from an export: imports its issues, infers a house format, and builds it.

    Returns the exit code.
    """
    from newsletter.cli.build import show_build
    from newsletter.cli.importing import ImportProgress
    from newsletter.clock import clock
    from newsletter.commands.adopting import KIND, adopt

    bring = None
    if fetch:
        from newsletter.importing.fetching import fetch_pictures

        bring = fetch_pictures
    folder = directory.resolve()
    on_terminal = not yes and sys.stdin.isatty() and sys.stdout.isatty()
    with ImportProgress(shown=sys.stderr.isatty()) as progress:
        adopted = adopt(
            folder,
            source,
            name=str(source),
            source_kind=source_kind,
            kind=kind or KIND,
            answers=answers,
            ask=(lambda known: _ask(folder, known)) if on_terminal else None,
            fetch=bring,
            progress=progress.update,
        )
    _show_adopted(adopted, directory)
    found = show_build(folder, clock())
    click.echo("next:")
    if directory != Path():
        click.echo(f"  cd {as_argument(str(directory))}")
    click.echo("  $EDITOR newsletter.yaml          # add what the source did not have (`newsletter check` lists it)")
    click.echo("  newsletter check")
    return 1 if found or adopted.report.has_findings else 0


def _show_adopted(adopted: Adopted, directory: Path) -> None:
    """Prints what was imported and written, and how the house format was chosen."""
    from newsletter.importing.report import render_report

    click.echo(render_report(adopted.report), nl=False)
    click.echo()
    for name in adopted.written:
        click.echo(f"  {directory / name}")
    if adopted.inferred:
        tally = adopted.inferred.tally
        click.echo(
            f"the house format `{adopted.kind}` was inferred: {tally.accepted} of {plural(tally.issues, 'issue')} follow all of it"
        )
    else:
        click.echo(f"too few issues to infer a house format: using the built-in `{adopted.kind}`")


_EDIT = {
    True: "$EDITOR newsletter.yaml          # colours, authors, a subscribe box",
    False: "$EDITOR newsletter.yaml          # replace the example values: they are never published",
}


def _ask(folder: Path, answers: dict[str, str]) -> None:
    """Asks for the values that no option set, and puts the answers into `answers`.

    An empty answer leaves the placeholder.
    """
    from newsletter.commands.init import QUESTIONS, flaw_of, title_for

    click.echo("Press Enter to answer later.")
    for name, question in QUESTIONS.items():
        likely = {"title": title_for(folder), "sender": answers["title"]}.get(name, "")
        while not answers[name]:
            answer = click.prompt(question, default=likely, show_default=bool(likely), prompt_suffix=" ").strip()
            flaw = flaw_of(name, answer)
            if flaw is None:
                answers[name] = answer
                break
            click.echo(f"`{answer}` {flaw.problem}. {flaw.advice}")
