"""`newsletter build`."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Self

import click

from newsletter.cli.base import chosen_issues, colours, in_workspace, issues_argument, plural, show_diagnostics
from newsletter.clock import clock
from newsletter.names import as_argument

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Executor
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path

    from newsletter.build.pipeline import BuildReport
    from newsletter.config.workspace import IssueFile
    from newsletter.diagnostics import Diagnostic

LABELS = {"issues": "issues  ", "pictures": "pictures"}
SHOWN = 12
"""If more outputs were written, their number is printed instead of their names."""


@click.command("build")
@issues_argument
@click.option("--fresh", is_flag=True, help="Build everything again and ignore the cache.")
@click.option("--strict", is_flag=True, help="Do not build issues in which `newsletter check` finds errors.")
@click.option("--remove", is_flag=True, help="Remove everything that is no longer published, even if it is a lot.")
@click.option("-j", "--processes", type=click.IntRange(1, 64), help="Number of processes to use for many issues.")
@click.option(
    "--executor",
    metavar="ADDRESS",
    help="Hand the issues to the workers of a Dask scheduler at dask://HOST:PORT.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print only problems.")
@in_workspace
def command(
    issues: tuple[str, ...],
    *,
    fresh: bool,
    strict: bool,
    remove: bool,
    processes: int | None,
    executor: str | None,
    quiet: bool,
    root: Path,
    here: Path,
) -> int:
    """Build emails, pages, archive and feeds.

    Builds the email, plain text and web page of each issue, the web archive, and the feeds. Only what changed is built.
    With ISSUE (a path, a folder's name, or the name without its date), it builds only these issues, the archive and the feeds.

    An issue is held back if it cannot be read, or if readers would miss something, such as a picture or file that does not exist.
    Its earlier output stays, and the exit code is 1. Other errors from `newsletter check` are counted; --strict holds those issues
    back, too.
    """
    only = chosen_issues(root, here, issues) if issues else ()
    with _workers(executor) as workers:
        return show_build(
            root,
            clock(),
            only=only,
            fresh=fresh,
            strict=strict,
            remove=remove,
            processes=processes,
            executor=workers,
            quiet=quiet,
        )


def _workers(address: str | None) -> AbstractContextManager[Executor | None]:
    """The workers of the executor at `address`; None without an address."""
    if address is None:
        return nullcontext()
    from newsletter.project.executors import executor_at

    return executor_at(address)


def show_build(
    root: Path,
    now: datetime,
    *,
    only: Sequence[IssueFile] = (),
    fresh: bool = False,
    strict: bool = False,
    remove: bool = False,
    processes: int | None = None,
    executor: Executor | None = None,
    quiet: bool = False,
) -> int:
    """Builds the workspace at `root`, prints a report, and returns the exit code."""
    from newsletter.build.pipeline import build

    with _Progress(shown=not quiet and sys.stderr.isatty()) as progress:
        report = build(
            root,
            now=now,
            only=only,
            processes=processes,
            fresh=fresh,
            strict=strict,
            remove=remove,
            executor=executor,
            progress=progress.update,
            warn=lambda message: click.echo(message, err=True),
        )
    if not quiet:
        _show(report)
    _show_outdated(report)
    _show_errors(report)
    _show_unpublished(report)
    found = (*report.diagnostics, *_invented(report))
    if found:
        show_diagnostics(found, root=root, colour=colours(sys.stdout))
    return 1 if report.diagnostics or report.held else 0


def _show(report: BuildReport) -> None:
    for name in report.written if len(report.written) <= SHOWN else ():
        click.echo(f"  {name}")
    refused = [f"{report.refused:,} cannot be built"] if report.refused else []
    parts = [f"built {len(report.made)} of {plural(report.issues, 'issue')}", *refused]
    if len(report.written) > SHOWN:
        parts.append(f"{plural(len(report.written), 'file')} written")
    if report.removed:
        parts.append(f"{plural(len(report.removed), 'old file')} removed")
    if not (report.made or report.written or report.removed):
        known = report.issues - report.refused - report.waiting
        current = "all" if known == report.issues else f"{known:,}"
        parts = [f"nothing to do: {plural(report.issues, 'issue')}, {current} up to date", *refused]
    click.echo(f"{', '.join(parts)}; {report.published} published")
    if (report.published or report.written) and not report.site_left:
        click.echo("web archive: public/index.html · emails: build/ · feeds: feeds/")


def _show_errors(report: BuildReport) -> None:
    """Prints which of the built issues have errors, so that they should not be sent."""
    shown = report.errors if len(report.errors) <= SHOWN else ()
    for path, count in shown:
        click.echo(f"{path} has {plural(count, 'error')}: run `newsletter check {as_argument(path)}`", err=True)
    if report.errors and not shown:
        count = sum(count for _, count in report.errors)
        summary = f"{len(report.errors):,} issues have {plural(count, 'error')}"
        click.echo(f"{summary}: run `newsletter check` to see which", err=True)


def _show_unpublished(report: BuildReport) -> None:
    """Prints which changes readers do not see yet, because the record decides what is public."""
    for path in report.changed if len(report.changed) <= SHOWN else ():
        click.echo(
            f"{path} has changed since it was published, and readers still see the old version: `newsletter publish {as_argument(path)} --revise TEXT`",
            err=True,
        )
    if len(report.changed) > SHOWN:
        click.echo(
            f"{len(report.changed):,} issues have changed since they were published: run `newsletter check` to see which",
            err=True,
        )
    for path in report.ready if len(report.ready) <= SHOWN else ():
        if path in report.taken:
            click.echo(
                f"{path} cannot be put on the web as it is: run `newsletter check {as_argument(path)}`", err=True
            )
        else:
            click.echo(f"{path} is not on the web: `newsletter publish {as_argument(path)}` puts it there", err=True)
    if len(report.ready) > SHOWN:
        click.echo(
            f"{len(report.ready):,} past issues are not on the web: `newsletter publish --all-past` puts them there",
            err=True,
        )


def _invented(report: BuildReport) -> Iterator[Diagnostic]:
    """The findings for placeholder values from `newsletter init`: errors if they hold issues back, else warnings."""
    from newsletter.diagnostics import Severity

    severity = Severity.ERROR if report.held else Severity.WARNING
    return (found.with_severity(severity) for found in report.invented)


def _show_outdated(report: BuildReport) -> None:
    """Prints what is out of date after a build of some issues, so that nobody assumes that it was removed."""
    if report.invented:
        held = f"{plural(report.held, 'issue')}, archive and feeds" if report.held else "archive and feeds"
        click.echo(
            f"{held} are not published while newsletter.yaml still has example values from `newsletter init`:",
            err=True,
        )
        return
    left = ["archive and feeds"] if report.site_left else []
    left += [plural(report.waiting, "other issue")] if report.waiting else []
    if left:
        are = "are" if report.site_left or report.waiting > 1 else "is"
        click.echo(f"{' and '.join(left)} {are} as before: `newsletter build` builds all", err=True)


class _Progress:
    """A progress bar on a terminal; nothing elsewhere."""

    def __init__(self, *, shown: bool) -> None:
        self.shown = shown
        self.bar: Any = None
        self.what = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self.bar is not None:
            self.bar.render_finish()

    @property
    def update(self) -> Callable[[str, int, int], None] | None:
        """The function that a build calls; None if progress is not shown."""
        return self._update if self.shown else None

    def _update(self, what: str, done: int, total: int) -> None:
        if total < 2:
            return
        if self.bar is None or self.what != what:
            if self.bar is not None:
                self.bar.render_finish()
            self.what = what
            self.bar = click.progressbar(length=total, label=LABELS[what], file=sys.stderr)
            self.bar.__enter__()
        self.bar.update(done - self.bar.pos)
