"""`newsletter house`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.base import Date, directory_option, in_workspace

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from newsletter.config.publication import Workspace
    from newsletter.config.workspace import IssueFile


@click.command("infer")
@click.argument("issues", nargs=-1, metavar="[ISSUE|FOLDER]...")
@click.option("--kind", metavar="KIND", help="Name of the kind. Default: the publication's kind.")
@click.option(
    "--language", metavar="TAG", default="en", help="Language of a folder that is not a workspace, such as nl or en-GB."
)
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Output file.")
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
@click.option(
    "--into",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Existing house.yaml to which missing rules are added.",
)
@directory_option
def infer(
    issues: tuple[str, ...],
    *,
    kind: str | None,
    language: str,
    output: Path | None,
    force: bool,
    into: Path | None,
    directory: Path | None,
) -> None:
    """Write a house.yaml from past issues.

    Uses all issues of the workspace, the named ones, or the Markdown files of any folder. The house format
    describes what they have in common: fields, sections and their order, numbers and lengths, and the issues from which or
    until which a rule applies. After each rule is the number of issues that follow it.

    With -o, the report is printed: how many issues follow each rule, which do not, and what did not become a rule. Without -o,
    house.yaml is printed, and the report goes to standard error.

    With --into, an existing house.yaml keeps its content, its comments and its order. Rules that it lacks are added. Rules that
    issues do not follow are reported.
    """
    from newsletter.commands.infer import infer_house
    from newsletter.errors import UsageError
    from newsletter.infer import report

    here = (directory or click.get_current_context().find_root().obj or Path()).resolve()
    if into is not None:
        if output is not None or force:
            msg = "--into names the file to write; it cannot be combined with -o or --force"
            raise UsageError(msg)
        _into(here, issues, language, into, kind)
        return
    target = here / output if output is not None else None
    if target is not None and target.exists() and not force:
        msg = f"{output} already exists"
        raise UsageError(msg, hint="Choose another file, or overwrite it with --force.")
    workspace, files = _chosen(here, issues, language)
    called = kind or workspace.publication.kind or "letter"
    found = infer_house(workspace, files, called, standing=target is not None)
    summary = report(found.plan, found.tally, found.rules)
    if target is None or output is None:
        click.echo(found.text, nl=False)
        click.echo(summary, nl=False, err=True)
        return
    written = {name: content for name, content in found.files().items() if name != "house.yaml"}
    _write(target, found.text, written)
    click.echo(summary)
    click.echo(f"  {output}")
    for name in written:
        click.echo(f"  {output.parent / name}")


def _into(here: Path, names: Sequence[str], language: str, into: Path, kind: str | None) -> None:
    """Adds rules to an existing house.yaml, and prints what was added and which rules issues do not follow."""
    from newsletter.commands.infer import infer_into
    from newsletter.errors import UsageError
    from newsletter.infer.tally import report_into

    target = here / into
    if not target.is_file():
        msg = f"{into} is not there"
        raise UsageError(msg, hint=f"`newsletter house infer -o {into}` writes it again.")
    workspace, files = _chosen(here, names, language)
    found = infer_into(workspace, files, kind or target.parent.name, target)
    if found.added:
        _write(target, found.text, found.snippets)
    click.echo(report_into(found.added, found.left, found.tally), nl=False)
    for name in (into, *(into.parent / name for name in found.snippets)) if found.added else ():
        click.echo(f"  {name}")


def _chosen(here: Path, names: Sequence[str], language: str) -> tuple[Workspace, tuple[IssueFile, ...]]:
    """The workspace, and the issues with these names. A folder of Markdown files need not be in a workspace."""
    from newsletter.cli.base import chosen_issues
    from newsletter.commands.infer import files_under, loose_workspace
    from newsletter.config.load import load_workspace
    from newsletter.config.workspace import find_root, issue_files

    folder = (here / names[0]).resolve() if len(names) == 1 else None
    if folder is None or not folder.is_dir():
        around = find_root(here)
        return load_workspace(around), chosen_issues(around, here, names)
    root = _root_around(folder)
    if root is not None:
        below = folder.relative_to(root).as_posix()
        files = tuple(file for file in issue_files(root) if below == "." or f"{file.path}/".startswith(f"{below}/"))
        if files:
            return load_workspace(root), files
    return loose_workspace(folder, language), files_under(folder)


def _root_around(folder: Path) -> Path | None:
    from newsletter.config.workspace import find_root
    from newsletter.errors import UsageError

    try:
        return find_root(folder)
    except UsageError:
        return None


def _write(target: Path, text: str, more: Mapping[str, bytes]) -> None:
    from newsletter.writing import write_all

    new = {name: content for name, content in more.items() if not (target.parent / name).exists()}
    write_all(target.parent, {target.name: text.encode(), **new}, place=target.parent.as_posix())


@click.group("house")
def command() -> None:
    """Show house formats, or write one from past issues."""


@command.command("show")
@click.argument("kind", required=False)
@click.option(
    "--number", type=click.IntRange(min=0), metavar="N", help="Show the format for the issue with this number."
)
@click.option("--date", "day", type=Date(), metavar="DATE", help="Show the format for issues of this date.")
@click.option("--variant", metavar="NAME", help="Show one of its variants.")
@in_workspace
def show(
    kind: str | None, number: int | None, day: datetime | None, variant: str | None, *, root: Path, here: Path
) -> None:
    """Describe the house format of KIND in words.

    Without KIND, describes the publication's kind. If a house format changes over time, this shows the current one;
    --number or --date show another era.
    """
    from newsletter.commands.house import house_in_words

    del here
    for line in house_in_words(root, kind, number=number, day=day.date() if day else None, variant=variant):
        click.echo(line)


command.add_command(infer)
