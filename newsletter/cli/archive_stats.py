"""`newsletter archive stats`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.base import colours, in_workspace, plural, print_json, progress_on
from newsletter.clock import clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.archive.statistics import Count, Statistics

MOST = 10
"""The number of domains, authors and rules that are shown."""


@click.command("stats")
@click.option("--json", "as_json", is_flag=True, help="Print the numbers as JSON.")
@click.option(
    "--html",
    "page",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a web page with charts.",
)
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
@click.option(
    "--no-check", "check", flag_value=False, default=True, help="Leave out how well issues follow the house format."
)
@in_workspace
def command(*, as_json: bool, page: Path | None, force: bool, check: bool, root: Path, here: Path) -> None:
    """Show the publication in numbers.

    Shows words, items, links, domains, authors, cadence, and how well issues followed the house format. Counts published issues. If there are none, it counts all issues with a date, or else all issues.
    """
    from newsletter.commands.statistics import plain_statistics, statistics

    target = _target(here, page, force=force)
    with progress_on(sys.stderr, "Reading issues") as progress:
        title, numbers = statistics(root, now=clock(), check=check, progress=progress)
    if target is not None:
        from newsletter.archive.plots import statistics_page
        from newsletter.writing import write_all

        page_file = {target.name: statistics_page(title, numbers).encode()}
        write_all(target.parent, page_file, place=target.parent.as_posix())
        click.echo(f"  {page}", err=as_json)
    if as_json:
        print_json(plain_statistics(numbers))
    elif target is None:
        _show(title, numbers)


def _target(here: Path, page: Path | None, *, force: bool) -> Path | None:
    from newsletter.errors import UsageError

    target = here / page if page is not None else None
    if target is not None and target.exists() and not force:
        raise UsageError(f"{page} already exists", hint="Choose another file, or overwrite it with --force.")
    return target


def _show(title: str, numbers: Statistics) -> None:
    from statistics import median

    from newsletter.report.base import safe

    issues = numbers.issues
    if not issues:
        click.echo('no issues yet: draft one with `newsletter new "Title"`')
        return
    span = f"{issues[0].day} to {issues[-1].day}: " if issues[0].day else ""
    click.echo(f"{_bold(safe(title))}  {span}{plural(len(issues), 'issue')}, {plural(numbers.words, 'word')}\n")
    if numbers.years:
        _years(numbers)
        click.echo()
    for name in ("words", "items", "links", "figures"):
        _line(name, [getattr(issue, name) for issue in issues])
    _line("days between", [issue.days for issue in issues if issue.days is not None])
    strays = [issue.strays for issue in issues if issue.strays is not None]
    _line("findings", strays)
    cadence = numbers.cadence
    if cadence:
        click.echo(
            f"\nMost often on a {cadence.weekday} ({cadence.share:.0%}), {cadence.median:g} days apart in the median; the longest gap was "
            f"{plural(cadence.longest, 'day')}, from {cadence.between[0]} to {cadence.between[1]}."
        )
    if numbers.kept is not None:
        click.echo(
            f"{numbers.kept:.0%} of the issues follow the whole house format; {median(strays):g} findings in the median."
        )
    _counts("Rules that were broken", numbers.rules, "finding")
    _counts("Domains", numbers.domains, "link")
    _counts("Authors", numbers.authors, "word")
    _counts("Tags", numbers.tags, "time")


def _years(numbers: Statistics) -> None:
    heads = ("year", "issues", "words", "items", "links", "figures", "days", "keep the format")
    click.echo(_bold(f"  {heads[0]:<6}" + "".join(f"{head:>9}" for head in heads[1:-1]) + f"  {heads[-1]}"))
    for year in numbers.years:
        cells = (f"{year.issues:,}", *(f"{value:,.0f}" for value in (year.words, year.items, year.links, year.figures)))
        days = "" if year.days is None else f"{year.days:g}"
        kept = "" if year.kept is None else f"{year.kept:>15.0%}"
        click.echo(f"  {year.year:<6}" + "".join(f"{cell:>9}" for cell in (*cells, days)) + f"  {kept}")
    click.echo("  Medians of each year’s issues.")


def _line(name: str, values: Sequence[int]) -> None:
    from newsletter.archive.statistics import sparkline

    if values and max(values):
        click.echo(f"  {name:<13} {sparkline(values)}  {min(values):,}–{max(values):,}")


def _counts(heading: str, counts: Sequence[Count], noun: str) -> None:
    from newsletter.report.base import safe, width

    if not counts:
        return
    click.echo(f"\n{_bold(heading)}")
    wide = max(width(safe(count.name)) for count in counts[:MOST])
    for count in counts[:MOST]:
        name = safe(count.name)
        click.echo(
            f"  {name}{' ' * (wide - width(name))}  {plural(count.issues, 'issue'):>12}  {plural(count.times, noun):>14}"
        )
    if counts[MOST:]:
        click.echo(f"  and {len(counts) - MOST:,} more")


def _bold(text: str) -> str:
    return click.style(text, bold=True) if colours(sys.stdout) else text
