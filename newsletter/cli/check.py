"""`newsletter check`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from newsletter.cli.base import (
    Choice,
    chosen_issues,
    colours,
    from_here,
    in_workspace,
    issues_argument,
    plural,
    show_diagnostics,
    show_error,
    show_unread,
)
from newsletter.clock import clock
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from newsletter.check.facts.addresses import LinkAnswer
    from newsletter.commands.check import Checked
    from newsletter.commands.fix import Fixed
    from newsletter.config.workspace import IssueFile

FORMATS = ("full", "concise", "json", "github", "sarif")


@click.command("check")
@issues_argument
@click.option(
    "--output-format",
    "style",
    type=Choice(FORMATS),
    default="full",
    show_default=True,
    help="Output format: full or concise text, JSON (docs/reference/findings.schema.json), GitHub Actions annotations, or SARIF 2.1.0.",
)
@click.option("--fix", is_flag=True, help="Apply all safe fixes, and show the remaining findings.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, without writing anything.")
@click.option("--links", is_flag=True, help="Also request every link to see whether it works.")
@click.option(
    "--select", multiple=True, metavar="CODES", help="Check only rules with these codes or prefixes, such as ST,FM101."
)
@click.option("--ignore", multiple=True, metavar="CODES", help="Skip rules with these codes or prefixes.")
@click.option("--strict", is_flag=True, help="Exit with 1 on warnings, too.")
@click.option(
    "--statistics",
    is_flag=True,
    help="Show the number of findings for each rule instead of the findings. With json, show both.",
)
@click.option(
    "--watch", is_flag=True, help="Check again each time an issue, its house format or newsletter.yaml is saved."
)
@click.option(
    "-v",
    "--verbose",
    is_flag=True,
    help="Show each finding separately, including each unfilled hint of a draft.",
)
@in_workspace
def command(
    issues: tuple[str, ...],
    *,
    style: str,
    fix: bool,
    diff: bool,
    links: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    strict: bool,
    statistics: bool,
    watch: bool,
    verbose: bool,
    root: Path,
    here: Path,
) -> int:
    """Check issues against the house format.

    Without ISSUE, checks all issues. An ISSUE can also be one of its files, such as a picture.

    Exit codes: 0 no errors (there may be warnings); 1 errors, or warnings with --strict; 2 the check could not run, for example
    because there is no such issue. With --fix, only the remaining findings count. With --diff, 1 means that --fix would change
    something. While an issue has `draft: true`, missing parts are warnings.

    With --links, newsletter requests each linked page at most once a week, and failed ones again after an hour. It requests nothing
    in private networks.
    """
    asked = _Asked(
        root=root,
        style=style,
        fix=fix,
        diff=diff,
        links=links,
        select=_codes(select),
        ignore=_codes(ignore),
        strict=strict,
        statistics=statistics,
        verbose=verbose,
    )
    _refuse_clashes(asked, watch=watch)
    files = chosen_issues(root, here, issues)
    if not issues:
        show_unread(root, files)
    if watch:
        return _watch(root, lambda changed: _check(asked, changed), lambda: chosen_issues(root, here, issues))
    return _check(asked, files)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The options of `newsletter check`."""

    root: Path
    style: str
    """The output format: one of FORMATS."""
    fix: bool
    diff: bool
    links: bool
    select: tuple[str, ...]
    """Rule codes and prefixes, in capital letters."""
    ignore: tuple[str, ...]
    strict: bool
    statistics: bool
    verbose: bool


def _refuse_clashes(asked: _Asked, *, watch: bool) -> None:
    """Raises UsageError for options that cannot be used together, before any file is read."""
    from newsletter.errors import UsageError
    from newsletter.report import FOR_PEOPLE

    style = asked.style
    also = "fix" if asked.fix else "diff" if asked.diff else "links" if asked.links else ""
    if asked.statistics and style not in {*FOR_PEOPLE, "json"}:
        raise UsageError(f"--statistics cannot be used with --output-format {style}", hint="Use full, concise or json.")
    if watch and style not in FOR_PEOPLE:
        raise UsageError(f"--watch cannot be used with --output-format {style}", hint="Use full or concise.")
    if watch and also:
        raise UsageError(f"--watch cannot be used with --{also}")
    if asked.diff and (asked.statistics or style != "full"):
        other = "--statistics" if asked.statistics else f"--output-format {style}"
        raise UsageError(f"--diff cannot be used with {other}")


def _check(asked: _Asked, files: Sequence[IssueFile]) -> int:
    """Checks the issues, prints the findings, and returns the exit code."""
    from newsletter import report
    from newsletter.commands.check import check_issues
    from newsletter.commands.fix import plan_fixes
    from newsletter.errors import ConfigurationError

    root, select, ignore = asked.root, asked.select, asked.ignore
    try:
        live = _ask(root, files) if asked.links else None
        if asked.diff or asked.fix:
            fixed = plan_fixes(root, files, select=select, ignore=ignore, live=live)
            if asked.diff:
                return _show_diff(root, fixed)
            checked = _write_fixes(root, fixed, asked.style)
        else:
            checked = check_issues(root, files, select=select, ignore=ignore, live=live)
    except ConfigurationError as error:
        if asked.style not in report.FOR_PEOPLE:
            show_diagnostics(
                error.diagnostics, style=asked.style, root=root
            )  # errors in configuration are findings for programs, too
        raise
    _show(asked, checked, issues=len(files))
    return 1 if checked.errors or (asked.strict and checked.diagnostics) else 0


def _show(asked: _Asked, checked: Checked, *, issues: int) -> None:
    from newsletter import report

    style, found = asked.style, checked.diagnostics
    show_diagnostics(
        found,
        style=style,
        root=asked.root,
        colour=colours(sys.stdout),
        statistics=asked.statistics,
        each=asked.verbose,
    )
    if style == "full" and found:
        click.echo()
    if style not in {"json", "sarif"}:
        click.echo(report.summary(found, issues=issues), err=style != "full")


def _ask(root: Path, files: Sequence[IssueFile]) -> Mapping[str, LinkAnswer]:
    """The results of the link check for the links of `files`, by address. Shows progress on a terminal."""
    from newsletter.commands.links import ask_links

    terminal = sys.stderr.isatty()

    def progress(done: int, total: int) -> None:
        if terminal:
            click.echo(f"\rAsked for {done:,} of {plural(total, 'link')} …", nl=False, err=True)

    try:
        asked = ask_links(root, files, now=clock(), progress=progress)
    finally:
        if terminal:
            click.echo("\r\033[K", nl=False, err=True)
    known = len(asked.answers) - asked.asked
    summary = f"Asked for {plural(asked.asked, 'link')}" + (f"; {known:,} were asked lately" if known else "")
    silent = f". {plural(asked.refused, 'site does', 'sites do')} not answer programs" if asked.refused else ""
    click.echo(f"{summary}{silent}.", err=True)
    return asked.answers


def _write_fixes(root: Path, fixed: Fixed, style: str) -> Checked:
    """Writes the fixed files, prints how many findings were fixed, and returns the remaining ones."""
    from newsletter.commands.fix import write_fixes

    write_fixes(root, fixed)
    if fixed.fixed_count:
        done = f"Fixed {plural(fixed.fixed_count, 'finding')} in {plural(len(fixed.changes), 'issue')}."
        click.echo(done, err=style != "full")
    return fixed.left


def _show_diff(root: Path, fixed: Fixed) -> int:
    from newsletter.report.diff import render_diff

    shown, colour, terminal = from_here(root), colours(sys.stdout), sys.stdout.isatty()
    for change in fixed.changes:
        text = render_diff(shown(change.path), change.before, change.after, colour=colour, terminal=terminal)
        click.echo(text, nl=False, color=colour)
    done = f"{plural(fixed.fixed_count, 'finding')} in {plural(len(fixed.changes), 'issue')}"
    click.echo(
        f"`newsletter check --fix` would fix {done}." if fixed.fixed_count else "There is nothing to fix.", err=True
    )
    return 1 if fixed.changes else 0


def _watch(root: Path, check: Callable[[Sequence[IssueFile]], int], wanted: Callable[[], Sequence[IssueFile]]) -> int:
    """Checks all `wanted` issues, then the saved ones, until it is interrupted. Returns the exit code, which is 0."""
    from itertools import chain

    from newsletter.errors import NewsletterError
    from newsletter.project.watching import IssueWatch, changes

    saved, watch = changes(root), IssueWatch(root)
    wanted()  # an invalid option is an error now; an issue that is removed later may come back
    try:
        for changed in chain([None], saved):
            try:
                files = watch.all(wanted()) if changed is None else watch.after(changed, wanted())
                if changed and files:
                    click.echo(_separator(files))
                if files or changed is None:
                    check(files)
            except (
                NewsletterError
            ) as error:  # configuration is incomplete while it is edited: print the error and wait for the next save
                show_error(error)
    except KeyboardInterrupt:
        click.echo()
    return 0


def _separator(files: Sequence[IssueFile]) -> str:
    """The line between two checks: the time, and the names of the checked issues."""
    what = files[0].name if len(files) == 1 else f"{len(files)} issues"
    line = f"── {clock().astimezone():%H:%M:%S} ── {what} ".ljust(72, "─")
    return f"\n{click.style(line, dim=True)}\n" if colours(sys.stdout) else f"\n{line}\n"


def _codes(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(code.strip().upper() for value in given for code in value.split(",") if code.strip())
