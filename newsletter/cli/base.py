"""Parts that all commands share: the workspace, the names of issues, and the output of findings and errors."""

from __future__ import annotations

import functools
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from newsletter.config.workspace import IssueFile
    from newsletter.diagnostics import Diagnostic
    from newsletter.errors import NewsletterError


class Choice(click.Choice[str]):
    """An option with a fixed set of values. The error for another value suggests the nearest one."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Returns the value, or fails with a list of the valid values."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as error:
            from newsletter.suggest import GUESS, did_you_mean

            words = [str(choice) for choice in self.choices]
            self.fail(f"{error.message} {did_you_mean(str(value), words, cutoff=GUESS)}".rstrip(), param, ctx)


class Date(click.DateTime):
    """An option with a date. The error for another value shows how to write one."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Returns the date as a datetime, or fails with an example."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"`{value}` is not a date. Write it as in 2026-01-31.", param, ctx)


def directory_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the option `-C DIR`, which the command gets as `directory`."""
    return click.option(
        "-C",
        "directory",
        type=click.Path(path_type=Path, file_okay=False, exists=True),
        metavar="DIR",
        help="Run as if started in DIR. newsletter looks for the workspace in DIR and the folders above it.",
    )(function)


def in_workspace(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the option `-C DIR`.

    The command gets the folder of the workspace as `root`, and the current folder as `here`.
    """

    @functools.wraps(function)
    def wrapped(*args: Any, directory: Path | None, **options: Any) -> Any:
        from newsletter.config.workspace import find_root
        from newsletter.errors import ConfigurationError

        # `newsletter -C DIR check` and `newsletter check -C DIR` are the same.
        here = (directory or click.get_current_context().find_root().obj or Path()).resolve()
        root = find_root(here)
        try:
            return function(*args, root=root, here=here, **options)
        except ConfigurationError as error:
            error.root = root  # the source lines are shown, wherever the command was started
            raise

    return directory_option(wrapped)


def chosen_issues(root: Path, here: Path, names: Sequence[str]) -> tuple[IssueFile, ...]:
    """The issues with these names, or all issues if there are no names. Raises UsageError for an unknown name."""
    from newsletter.config.workspace import issue_files
    from newsletter.project.selection import select_issues

    files = issue_files(root)
    for name in names:
        if not select_issues(files, [name], root=root, here=here):
            raise _no_issue(root, here, name)
    return select_issues(files, names, root=root, here=here)


def _no_issue(root: Path, here: Path, name: str) -> NewsletterError:
    from newsletter.errors import UsageError
    from newsletter.project.selection import path_of
    from newsletter.project.unread import why_unread

    unread = why_unread(path_of(name, root, here), root)
    return UsageError(f"`{name}` is not an issue: {unread.why}", hint=unread.advice)


def complete_issues(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """The names of issues that match the typed text, newest first, for shell completion.

    A name matches if it begins with the text, or contains it after its date.
    """
    from newsletter.config.workspace import find_root, issue_files
    from newsletter.errors import NewsletterError

    try:
        names = [file.name for file in reversed(issue_files(find_root(Path())))]
    except NewsletterError:
        return []
    return [name for name in names if name.startswith(incomplete)] or [name for name in names if incomplete in name]


issues_argument = click.argument("issues", nargs=-1, metavar="[ISSUE]...", shell_complete=complete_issues)
issue_argument = click.argument("issue", shell_complete=complete_issues)


def complete_services(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """The names of services that begin with the typed text, for shell completion."""
    from newsletter.services import SERVICES

    return [each.name for each in SERVICES if each.name.startswith(incomplete)]


LISTED = 3
"""The number of unread files that are listed by name."""


def show_unread(root: Path, files: Sequence[IssueFile]) -> None:
    """Lists the files that nothing reads because of their names, although their authors may expect it."""
    from newsletter.project.unread import unread_files

    unread = unread_files(root, files)
    for one in unread[:LISTED]:
        click.echo(f"{from_here(root)(one.path)} is not read by any command: {one.why}. {one.advice}", err=True)
    if unread[LISTED:]:
        more = plural(len(unread) - LISTED, "more Markdown file")
        click.echo(f"{more} in issues/, too", err=True)


def the_issue(root: Path, here: Path, name: str) -> IssueFile:
    """The issue with this name. Raises UsageError if there is none."""
    from newsletter.errors import UsageError

    chosen = chosen_issues(root, here, [name])
    if len(chosen) != 1:
        raise UsageError(f"`{name}` is not an issue", hint="`newsletter status` lists the issues of this workspace.")
    return chosen[0]


def pairs(given: Iterable[str], option: str, example: str) -> dict[str, str]:
    """The values by name of an option with NAME=VALUE that can be repeated.

    Raises UsageError with an `example` for any other form.
    """
    from newsletter.errors import UsageError

    found = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"{option} takes NAME=VALUE, not `{each}`", hint=f"For example: {option} {example}")
        found[name.strip()] = value
    return found


def colours(stream: TextIO) -> bool:
    """Whether to use colour: on a terminal or with FORCE_COLOR, but never with NO_COLOR.

    See force-color.org and no-color.org.
    """
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (bool(stream.isatty()) and os.environ.get("TERM") != "dumb")


def show_diagnostics(
    diagnostics: Iterable[Diagnostic],
    *,
    style: str = "full",
    root: Path | None = None,
    colour: bool = False,
    err: bool = False,
    statistics: bool = False,
    each: bool = False,
) -> None:
    """Prints findings with their source lines, or with `statistics` the number of findings for each rule."""
    from newsletter import report

    found, base = tuple(diagnostics), root or _nearest_root()
    display = report.Display(
        colour=colour,
        columns=_columns(sys.stderr if err else sys.stdout) if style == "full" else 0,
        path=from_here(base) if style in report.FOR_PEOPLE else _from_repository(base),
        statistics=statistics,
        each=each,
    )
    if statistics and style in report.FOR_PEOPLE:
        text = report.render_statistics(found, display)
    else:
        sources = _sources({diagnostic.path for diagnostic in found}, base) if style != "concise" else {}
        text = report.render(found, style, sources, display=display)
    if text:
        click.echo(text.rstrip("\n"), err=err, color=colour)


def show_error(error: NewsletterError) -> None:
    """Prints an error: its message, its findings and its hint."""
    from newsletter.errors import ConfigurationError

    if isinstance(error, ConfigurationError) and error.diagnostics:
        show_diagnostics(error.diagnostics, root=error.root, colour=colours(sys.stderr), err=True)
        click.echo(err=True)
    click.echo(f"{_error_label()}: {error}", err=True)
    if error.hint:
        click.echo(f"  {error.hint}", err=True)


def show_usage_error(error: click.ClickException) -> None:
    """Prints a usage error in the form of all other errors, with the usage of the command."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):  # a group without a command
        error.show()
        return
    click.echo(f"{_error_label()}: {error.format_message()}", err=True)
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context:
        usage = " ".join((context.command_path, *context.command.collect_usage_pieces(context)))
        click.echo(f"  Usage: {usage}\n  Help: {context.command_path} --help", err=True)


def _error_label() -> str:
    return click.style("error", fg="red", bold=True) if colours(sys.stderr) else "error"


@contextmanager
def progress_on(stream: TextIO, label: str) -> Iterator[Callable[[int, int], None] | None]:
    """Gives a function that shows progress (done, total) if `stream` is a terminal; otherwise None."""
    if not stream.isatty():
        yield None
        return
    bars: list[Any] = []

    def show(done: int, total: int) -> None:
        if total < WORTH_SHOWING:
            return
        if not bars:
            bars.append(click.progressbar(length=total, label=label, file=stream))
            bars[0].__enter__()
        bars[0].update(done - bars[0].pos)

    try:
        yield show
    finally:
        for bar in bars:
            bar.render_finish()


WORTH_SHOWING = 20
"""Progress is shown from this number on. Fewer are done before anybody could read it."""


def _columns(stream: TextIO) -> int:
    """The columns of the terminal that `stream` is; 0 if it is none."""
    if not stream.isatty():
        return 0
    import shutil  # 5 ms, for the archives that it knows: a pipe need not wait for it

    return shutil.get_terminal_size().columns


def from_here(root: Path) -> Callable[[str], str]:
    """A function that turns a path in the workspace into one relative to the current folder, so that a terminal can open it."""
    try:
        start = os.path.relpath(root)
    except ValueError:  # on another drive of Windows
        start = str(root)
    return lambda path: path if start == os.curdir else Path(start, path).as_posix()


def _from_repository(root: Path) -> Callable[[str], str]:
    """A function that turns a path in the workspace into one relative to the top of its repository, as code hosts use it."""
    top = next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), root)
    start = root.relative_to(top)
    return lambda path: (start / path).as_posix()


def _sources(paths: Iterable[str], root: Path) -> dict[str, str]:
    from newsletter.files import ISSUE_LIMIT, can_be_read, read_text

    texts = {}
    for path in paths:
        if can_be_read(root / path, ISSUE_LIMIT):
            texts[path] = read_text(root / path, path, "FM", ISSUE_LIMIT)[0]
    return texts


def _nearest_root() -> Path:
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / "newsletter.yaml").is_file()), here)


def print_json(value: object) -> None:
    """Prints plain values as JSON, for programs."""
    import json

    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def plural(count: int, one: str, many: str = "") -> str:
    """`1 issue`, `2 issues`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
