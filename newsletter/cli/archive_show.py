"""`newsletter archive show`."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from newsletter.cli.base import colours, from_here, in_workspace, plural, print_json, progress_on
from newsletter.clock import clock

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.archive.record import Version
    from newsletter.commands.past import FrozenFile, PastFacts


@click.command("show")
@click.argument("issue")
@click.option("--files", "all_files", is_flag=True, help="Show every frozen file with its hash.")
@click.option("--json", "as_json", is_flag=True, help="Print all of it as JSON.")
@in_workspace
def command(issue: str, *, all_files: bool, as_json: bool, root: Path, here: Path) -> None:
    """Show all facts about ISSUE.

    Shows when it was sent, its revisions, its drafts at services, and hashes.

    ISSUE is a path, the name of its folder, its slug or a former slug, its number, or its id. It can be an issue that is only in
    archive/.
    """
    from newsletter.commands.past import plain_shown, show_past

    with progress_on(sys.stderr, "Reading issues") as progress:
        shown = show_past(root, here, issue, now=clock(), progress=progress)
    if as_json:
        print_json(plain_shown(shown))
        return
    _facts(shown, from_here(root)(shown.entry.issue.path))
    for version, files in shown.versions:
        _version(version, files, all_files=all_files)
    if not shown.versions:
        click.echo("\narchive/ has nothing of it yet: `newsletter publish` freezes each issue there")


def _facts(shown: PastFacts, path: str) -> None:
    from newsletter.report.base import safe

    entry = shown.entry
    issue, recorded = entry.issue, entry.recorded
    title = safe(" ".join(issue.title.split()))
    click.echo(click.style(title, bold=True) if colours(sys.stdout) else title)
    rows = [
        ("file", path + (" (frozen; no longer in issues/)" if entry.gone else "")),
        ("state", entry.state + _why(shown)),
        ("number", "" if issue.number is None else str(issue.number)),
        ("date", issue.date or issue.day),
        ("id", recorded.id if recorded else issue.id),
        (
            "address",
            issue.slug
            + (f" (before: {', '.join(recorded.former_slugs)})" if recorded and recorded.former_slugs else ""),
        ),
        ("language", issue.language),
        ("authors", ", ".join(issue.authors)),
        ("tags", ", ".join(issue.tags)),
        (
            "text",
            ", ".join(
                (
                    plural(issue.words, "word"),
                    plural(issue.items, "item"),
                    plural(issue.figures, "figure"),
                    plural(issue.links, "link"),
                )
            ),
        ),
        ("sections", " · ".join(filter(None, issue.sections))),
    ]
    for name, value in rows:
        if value:
            click.echo(f"  {name:<9} {safe(' '.join(value.split()))}")


def _why(shown: PastFacts) -> str:
    recorded = shown.entry.recorded
    if recorded and recorded.withdrawn:
        return f" on {recorded.withdrawn:%Y-%m-%d %H:%M}{f': {recorded.reason}' if recorded.reason else ''}"
    if shown.changed:
        return f", and changed since: {', '.join(shown.changed)} (see `newsletter archive diff`)"
    return ""


def _version(version: Version, files: tuple[FrozenFile, ...], *, all_files: bool) -> None:
    from newsletter.report.base import safe

    line = (
        f"revised {version.at:%Y-%m-%d %H:%M}: {version.note}"
        if version.note
        else f"published {version.at:%Y-%m-%d %H:%M}"
    )
    click.echo(f"\n{safe(' '.join(line.split()))}")
    bad = [file for file in files if file.state != "intact"]
    state = f", {plural(len(bad), 'is', 'are')} altered or missing" if bad else ", all intact"
    click.echo(
        f"  by newsletter {safe(version.tool)}, {plural(len(files), 'file')} in archive/{safe(version.folder)}/{state}"
    )
    for name, what in sorted(version.services.items()):
        click.echo(f"  {safe(name)}: {safe(json.dumps(what, ensure_ascii=False))}")
    for file in files if all_files else bad:
        click.echo(f"  {file.hash[:16]}  {file.state:<7}  {safe(file.path)}")
