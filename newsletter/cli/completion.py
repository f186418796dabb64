"""`newsletter completion`."""

from __future__ import annotations

import click

from newsletter.cli.base import Choice

SHELLS = ("bash", "zsh", "fish")


@click.command("completion")
@click.argument("shell", type=Choice(SHELLS), metavar="SHELL")
def command(shell: str) -> None:
    """Print the completion script for your shell.

    It completes commands, options, and the names of issues and services. SHELL is bash, zsh or fish.

    For bash, add this line to ~/.bashrc:

    \b
    eval "$(newsletter completion bash)"

    For zsh, add this line to ~/.zshrc:

    \b
    eval "$(newsletter completion zsh)"

    For fish, run this once:

    \b
    newsletter completion fish > ~/.config/fish/completions/newsletter.fish
    """  # noqa: D301 - the backspace is for click: it leaves the lines as they are
    from click.shell_completion import get_completion_class

    from newsletter.cli import group

    found = get_completion_class(shell)
    if found is not None:
        click.echo(found(group, {}, "newsletter", "_NEWSLETTER_COMPLETE").source())
