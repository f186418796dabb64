"""`newsletter export`."""

from __future__ import annotations

from pathlib import Path

import click

from newsletter.cli.base import Choice, complete_services, in_workspace, issue_argument, pairs, plural, the_issue
from newsletter.clock import clock
from newsletter.errors import UsageError, WorldError


@click.command("export", options_metavar="--for SERVICE [OPTIONS]")
@issue_argument
@click.option(
    "--for",
    "service",
    required=True,
    metavar="SERVICE",
    shell_complete=complete_services,
    help="The mailing service. `newsletter services` lists them.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Folder or zip file (NAME.zip) to write to. Default: build/<slug>/for-SERVICE.",
)
@click.option(
    "--token",
    "tokens",
    multiple=True,
    metavar="NAME=VALUE",
    help="Set how a token is written. Repeat it for several tokens.",
)
@click.option(
    "--pictures",
    type=Choice(["hosted", "beside", "attached"]),
    default="hosted",
    show_default=True,
    help="Where pictures are: in the web archive, in a folder next to the email, or in the message itself (cid:).",
)
@click.option(
    "--edition",
    type=Choice(["free", "paid"]),
    default="free",
    show_default=True,
    help="The edition to export: for all readers, or for paying readers if the issue has a paid edition.",
)
@click.option(
    "--copy",
    "to_clipboard",
    is_flag=True,
    help="Also copy it to the clipboard: as rich text for services where you paste it, otherwise as HTML.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print only problems.")
@in_workspace
def command(
    issue: str,
    *,
    service: str,
    output: Path | None,
    tokens: tuple[str, ...],
    pictures: str,
    edition: str,
    to_clipboard: bool,
    quiet: bool,
    root: Path,
    here: Path,
) -> None:
    """Write the files that a mailing service takes.

    Writes HTML, plain text, subject, preview text, pictures and a list of steps, with the service's own merge tags. `--for eml`
    writes one complete message.
    """
    from newsletter.commands.export import export

    file = the_issue(root, here, issue)
    exported = export(
        root,
        file,
        service=service,
        folder=_place(output, here),
        tokens=pairs(tokens, "--token", "first_name='*|FNAME|*'"),
        now=clock(),
        pictures=pictures,
        paid=edition == "paid",
        warn=lambda message: click.echo(message, err=True),
    )
    if not quiet:
        whose = ", for paying readers" if edition == "paid" else ""
        if exported.place.suffix != ".zip":
            for name in exported.files:
                click.echo(f"  {_shown(exported.place / name, here)}")
        click.echo(f"{plural(len(exported.files), 'file')} for {service}{whose}: {_shown(exported.place, here)}")
        if exported.edition == "free":
            click.echo("This is the free edition. `--edition paid` exports the one for paying readers.")
    if to_clipboard:
        _copy(exported.html, rich=exported.rich, quiet=quiet)


def _place(output: Path | None, here: Path) -> Path | None:
    place = (here / output).resolve() if output else None
    if place and place.is_file() and place.suffix.lower() != ".zip":
        raise UsageError(f"{output} is a file", hint="Name a folder, or an archive that ends in .zip.")
    return place


def _copy(html: str, *, rich: bool, quiet: bool) -> None:
    from newsletter.commands.clipboard import TOOLS, copy

    tool = copy(html, rich=rich)
    if not tool:
        programs = ", ".join(tool.program for tool in TOOLS)
        raise WorldError(
            "there is no clipboard on this system", hint=f"It needs a desktop and one of these programs: {programs}."
        )
    if not quiet:
        click.echo(f"on the clipboard, by {tool}: {'rich text, to be pasted' if rich else 'the HTML'}")


def _shown(path: Path, here: Path) -> Path:
    return path.relative_to(here) if path.is_relative_to(here) else path
