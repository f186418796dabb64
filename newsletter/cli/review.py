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
    """Sum up issues for whoever reviews them, as Markdown.

    Of each the inbox row, the size of the email, the findings, and with --since what readers get that is new: for the
    comment on a pull request. It ends with 0 whatever is found; `newsletter check` judges.
    """
    from newsletter.commands.review import as_markdown, changed_issues, finished, review

    files = changed_issues(root, since) if since and not issues else chosen_issues(root, here, issues)
    if names:
        for name in finished(root, files):
            click.echo(name)
        return
    click.echo(as_markdown(review(root, files, since or ""), preview=preview), nl=False)
