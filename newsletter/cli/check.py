"""`newsletter check`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from newsletter.cli.base import colours, in_workspace, show_diagnostics

if TYPE_CHECKING:
    from pathlib import Path


@click.command("check")
@click.argument("issues", nargs=-1, metavar="[ISSUE]...")
@click.option(
    "--output-format",
    "style",
    type=click.Choice(["full", "concise", "json"]),
    default="full",
    show_default=True,
    help="How findings are shown; json follows docs/reference/findings.schema.json.",
)
@click.option("--select", multiple=True, metavar="CODES", help="Only rules with these codes or prefixes: ST,FM101.")
@click.option("--ignore", multiple=True, metavar="CODES", help="No rules with these codes or prefixes.")
@click.option("--strict", is_flag=True, help="Let warnings fail the check, too.")
@in_workspace
def command(
    issues: tuple[str, ...],
    *,
    style: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    strict: bool,
    root: Path,
    here: Path,
) -> int:
    """Check issues against the house format.

    All of them where none is named.

    Exit code 0: no errors (warnings may be shown); 1: errors, or warnings with --strict; 2: could not check.
    While an issue says `draft: true`, what is missing from it is a warning.
    """
    from newsletter import report
    from newsletter.cli.base import chosen_issues
    from newsletter.press.checking import check_issues

    files = chosen_issues(root, here, issues)
    checked = check_issues(root, files, select=_codes(select), ignore=_codes(ignore))
    colour = colours(sys.stdout)
    show_diagnostics(checked.diagnostics, style=style, root=root, colour=colour)
    if style == "full" and checked.diagnostics:
        click.echo()
    if style != "json":
        click.echo(report.summary(checked.diagnostics, issues=len(files)), err=style == "concise")
    return 1 if checked.errors or (strict and checked.diagnostics) else 0


def _codes(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(code.strip().upper() for value in given for code in value.split(",") if code.strip())
