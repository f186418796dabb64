"""`newsletter export`."""

from __future__ import annotations

from pathlib import Path

import click

from newsletter.cli.base import in_workspace, plural, the_issue
from newsletter.clock import clock
from newsletter.errors import UsageError


@click.command("export")
@click.argument("issue")
@click.option("--for", "service", required=True, metavar="SERVICE", help="The mailing service: `newsletter services`.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write to; else build/<slug>/for-SERVICE.",
)
@click.option("--token", "tokens", multiple=True, metavar="NAME=VALUE", help="How a token is written; may be repeated.")
@click.option(
    "--pictures",
    type=click.Choice(["hosted", "beside", "attached"]),
    default="hosted",
    show_default=True,
    help="Where the e-mail finds its pictures: in the web archive, in a folder beside it, or in the message itself (cid:).",
)
@click.option(
    "--edition",
    type=click.Choice(["free", "paid"]),
    default="free",
    show_default=True,
    help="Whose letter: that of all readers, or that of paying ones, where the issue has something for them alone.",
)
@click.option("-q", "--quiet", is_flag=True, help="Say only what went wrong.")
@in_workspace
def command(
    issue: str,
    *,
    service: str,
    output: Path | None,
    tokens: tuple[str, ...],
    pictures: str,
    edition: str,
    quiet: bool,
    root: Path,
    here: Path,
) -> None:
    """Write the files that a mailing service takes.

    HTML, plain text and pictures, with the service's own merge tags; `--for eml` writes one complete message.
    """
    from newsletter.commands.export import export

    file = the_issue(root, here, issue)
    wanted = (here / output).resolve() if output else None
    folder, written = export(
        root,
        file,
        service=service,
        folder=wanted,
        tokens=_pairs(tokens),
        now=clock(),
        pictures=pictures,
        paid=edition == "paid",
        warn=lambda said: click.echo(said, err=True),
    )
    if quiet:
        return
    for name in written:
        click.echo(f"  {_shown(folder / name, here)}")
    whose = ", for paying readers" if edition == "paid" else ""
    click.echo(f"{plural(len(written), 'file')} for {service}{whose}: {_shown(folder, here)}")


def _pairs(tokens: tuple[str, ...]) -> dict[str, str]:
    pairs = {}
    for token in tokens:
        name, equals, value = token.partition("=")
        if not equals or not name.strip():
            msg = f"--token takes NAME=VALUE, not `{token}`"
            raise UsageError(msg, hint="for example: --token first_name='*|FNAME|*'")
        pairs[name.strip()] = value
    return pairs


def _shown(path: Path, here: Path) -> Path:
    return path.relative_to(here) if path.is_relative_to(here) else path
