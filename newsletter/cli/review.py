"""`newsletter review`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsletter.cli.base import chosen_issues, in_workspace, issues_argument

if TYPE_CHECKING:
    from pathlib import Path


@click.command("review")
@issues_argument
@click.option("--since", metavar="COMMIT", help="Only issues that differ from this commit, with their changes.")
@click.option("--names", is_flag=True, help="Print only the names of issues that are not drafts, one per line.")
@click.option("--preview", metavar="URL", default="", help="Address of the exported preview, to link to.")
@in_workspace
def command(issues: tuple[str, ...], *, since: str | None, names: bool, preview: str, root: Path, here: Path) -> None:
    """Summarize issues for reviewers, as Markdown.

    Shows the inbox row, the size of the email and the findings of each issue. With --since, also shows what is new for readers.
    Use it for a comment on a pull request. The exit code is always 0; to fail on findings, use `newsletter check`.
    """
    from newsletter.commands.review import as_markdown, changed_issues, finished, review

    files = changed_issues(root, since) if since and not issues else chosen_issues(root, here, issues)
    if names:
        for name in finished(root, files):
            click.echo(name)
        return
    click.echo(as_markdown(review(root, files, since or ""), preview=preview), nl=False)
