"""What commands share: the workspace they run in, the clock, and how findings are shown."""

from __future__ import annotations

import functools
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from newsletter.diagnostics import Diagnostic
    from newsletter.workspace import IssueFile


def directory_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds `-C DIR`; the command gets it as `directory`."""
    return click.option(
        "-C",
        "directory",
        type=click.Path(path_type=Path, file_okay=False, exists=True),
        metavar="DIR",
        help="Run as if started in DIR; the workspace is found from there upwards.",
    )(function)


def in_workspace(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds `-C DIR`; the command gets the workspace's folder as `root` and where it was started as `here`."""

    @functools.wraps(function)
    def wrapped(*args: Any, directory: Path | None, **options: Any) -> Any:
        from newsletter.workspace import find_root

        # `newsletter -C DIR check` and `newsletter check -C DIR` are the same.
        here = (directory or click.get_current_context().find_root().obj or Path()).resolve()
        return function(*args, root=find_root(here), here=here, **options)

    return directory_option(wrapped)


def chosen_issues(root: Path, here: Path, names: Sequence[str]) -> tuple[IssueFile, ...]:
    """The issues that a person named; all where none is named."""
    from newsletter.selection import select_issues
    from newsletter.workspace import issue_files

    return select_issues(issue_files(root), names, root=root, here=here)


def the_issue(root: Path, here: Path, name: str) -> IssueFile:
    """The one issue that a person named."""
    return chosen_issues(root, here, [name])[0]


def clock() -> datetime:
    """Now; or the moment in SOURCE_DATE_EPOCH (reproducible-builds.org), for a build that can be repeated."""
    from datetime import UTC, datetime

    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now(UTC)


def colours(stream: TextIO) -> bool:
    """Whether to use colour there: on a terminal, unless NO_COLOR (no-color.org) is set."""
    return bool(stream.isatty()) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def show_diagnostics(
    diagnostics: Iterable[Diagnostic],
    *,
    style: str = "full",
    root: Path | None = None,
    colour: bool = False,
    err: bool = False,
) -> None:
    """Prints findings with the source lines that they are about."""
    from newsletter import report
    from newsletter.diagnostics import in_order

    found = in_order(diagnostics)
    sources = _sources({diagnostic.path for diagnostic in found}, root) if style != "concise" else {}
    text = report.render(found, style, sources, colour=colour)
    if text:
        click.echo(text.rstrip("\n"), err=err, color=colour)


def _sources(paths: Iterable[str], root: Path | None) -> dict[str, str]:
    from newsletter.files import read_text

    base = root or _nearest_root()
    texts = {}
    for path in paths:
        if (base / path).is_file():
            texts[path] = read_text(base / path, path, "FM")[0]
    return texts


def _nearest_root() -> Path:
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / "newsletter.yaml").is_file()), here)


def plural(count: int, one: str, many: str = "") -> str:
    """`1 issue`, `2 issues`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
