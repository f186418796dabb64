"""`newsletter archive list`."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import click

from newsletter.cli.base import colours, in_workspace, plural, print_json, progress_on
from newsletter.clock import clock

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from newsletter.commands.past import PastEntry


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
@in_workspace
def command(*, as_json: bool, root: Path, here: Path) -> None:
    """List all issues, newest first.

    Shows number, date, state, words, revisions and title. The list includes issues that are only in archive/. A state is draft, scheduled, ready, published, revised or withdrawn.
    A published issue is marked if its text or files have changed since.
    """
    from newsletter.commands.past import list_past, plain_entry

    del here
    with progress_on(sys.stderr, "Reading issues") as progress:
        entries = list_past(root, now=clock(), progress=progress)
    if as_json:
        print_json({"issues": [plain_entry(entry) for entry in entries]})
        return
    if not entries:
        click.echo('no issues yet: draft one with `newsletter new "Title"`')
        return
    _table(entries)
    words = sum(entry.issue.words for entry in entries)
    click.echo(f"{plural(len(entries), 'issue')}, {plural(words, 'word')}", err=True)
    if changed := sum(entry.changed for entry in entries):
        hint = "`newsletter archive diff ISSUE` shows how."
        click.echo(f"{plural(changed, 'issue')} changed since published: {hint}", err=True)


def _table(entries: Sequence[PastEntry]) -> None:
    """A row for each issue, under a heading for its year. Colour repeats only what the text says."""
    from newsletter.report.base import safe, width

    numbered = any(entry.issue.number is not None for entry in entries)
    revised = any(entry.revisions for entry in entries)
    columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    year = None
    for entry in entries:
        if entry.issue.day[:4] != year:
            year = entry.issue.day[:4]
            heading = year or "No date"
            click.echo(click.style(heading, bold=True) if colours(sys.stdout) else heading)
        cells = [
            f"{'' if entry.issue.number is None else entry.issue.number:>5}" if numbered else "",
            f"{entry.issue.day:<10}",
            f"{entry.state:<9}",
            f"{entry.issue.words:>7,} words",
            f"{plural(entry.revisions, 'revision') if entry.revisions else '':<12}" if revised else "",
        ]
        before = "  " + "  ".join(filter(None, cells)) + "  "
        note = "  (no longer in issues/)" if entry.gone else "  (changed since)" if entry.changed else ""
        title = safe(" ".join(entry.issue.title.split()))
        room = columns - width(before) - width(note)
        if columns and room > 10 and width(title) > room:
            title = _cut(title, room)
        click.echo(before + title + note)


def _cut(text: str, room: int) -> str:
    from newsletter.report.base import width

    while width(text) > room - 1:
        text = text[:-1]
    return f"{text}…"
