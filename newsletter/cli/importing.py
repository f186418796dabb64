"""`newsletter import`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import click

from newsletter.cli.base import in_workspace, plural

if TYPE_CHECKING:
    from collections.abc import Callable

    from newsletter.importing.outcome import ImportReport


@click.command("import")
@click.argument("source", type=click.Path(path_type=Path))
@click.option(
    "--as",
    "kind",
    default="",
    metavar="KIND",
    help="The type of SOURCE, if newsletter cannot detect it: jekyll, hugo, substack …",
)
@click.option(
    "--kind",
    "house",
    default="",
    metavar="KIND",
    help="The kind (house format) of the issues. Default: the publication's kind.",
)
@click.option(
    "--fetch-images",
    "fetch",
    is_flag=True,
    help="Download pictures that are on the web. Nothing else is ever downloaded.",
)
@click.option("-n", "--dry-run", "dry", is_flag=True, help="Show what would be imported, without writing anything.")
@click.option("--json", "as_json", is_flag=True, help="Print the full report as JSON.")
@click.option(
    "--report",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the full report with every place to FILE, as JSON if FILE ends in .json.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print only what could not be imported.")
@in_workspace
def command(
    source: Path,
    *,
    kind: str,
    house: str,
    fetch: bool,
    dry: bool,
    as_json: bool,
    target: Path | None,
    quiet: bool,
    root: Path,
    here: Path,
) -> int:
    """Import past issues as sectioned Markdown.

    SOURCE is an export, a folder, a zip or a file. newsletter detects its type, unless you name it with --as. Each issue becomes a
    folder in issues/ with its pictures.

    Existing files are never overwritten. imports.json records what was imported, so a second import adds only what is new.
    The exit code is 1 if something could not be imported.
    """
    from newsletter.commands.importing import import_source
    from newsletter.importing.report import render_report, report_as_json

    bring = None
    if fetch:
        from newsletter.importing.fetching import fetch_pictures

        bring = fetch_pictures
    with ImportProgress(shown=not quiet and sys.stderr.isatty()) as progress:
        report = import_source(
            root,
            here / source,
            name=str(source),
            kind=kind,
            house=house,
            dry=dry,
            fetch=bring,
            progress=progress.update,
        )
    if target:
        _write(here / target, report)
    if as_json:
        click.echo(report_as_json(report), nl=False)
    elif not quiet:
        click.echo(render_report(report), nl=False)
        _tell_next(report)
    else:
        _tell_lost(report)
    return 1 if report.has_findings else 0


def _write(target: Path, report: ImportReport) -> None:
    from newsletter.importing.report import render_report, report_as_json
    from newsletter.writing import write_all

    text = report_as_json(report) if target.suffix == ".json" else render_report(report, full=True)
    write_all(target.parent, {target.name: text.encode("utf-8", "replace")}, place=target.parent.as_posix())


def _tell_next(report: ImportReport) -> None:
    if report.imported and not report.dry:
        click.echo("\nnext:")
        click.echo("  newsletter house infer     # write the house format that these issues follow")
        click.echo("  newsletter check")


def _tell_lost(report: ImportReport) -> None:
    for one in report.skipped:
        if one.fault:
            click.echo(f"{one.source}: {one.reason}", err=True)
    lost = sum(note.kind == "lost" for note in report.notes)
    if lost:
        click.echo(f"{plural(lost, 'thing')} of the source could not be imported: `--report FILE` lists them", err=True)


class ImportProgress:
    """A counter of the imported issues on a terminal; nothing elsewhere."""

    def __init__(self, *, shown: bool) -> None:
        self.shown = shown
        self.bar: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self.bar is not None:
            self.bar.render_finish()

    @property
    def update(self) -> Callable[[int, int | None], None] | None:
        """The function that reports progress to this counter; None if progress is not shown."""
        return self._update if self.shown else None

    def _update(self, done: int, total: int | None) -> None:
        if total is None or total < 2:
            return
        if self.bar is None:
            self.bar = click.progressbar(length=total, label="imported", file=sys.stderr)
            self.bar.__enter__()
        self.bar.update(done - self.bar.pos)
