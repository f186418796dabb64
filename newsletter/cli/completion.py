"""`newsletter completion`."""

from __future__ import annotations

import click

SHELLS = ("bash", "zsh", "fish")


@click.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> None:
    """Print the completion script for your shell.

    It completes commands, options, and the names of issues and services.

    For bash, add this line to ~/.bashrc:  eval "$(newsletter completion bash)"

    For zsh, add this line to ~/.zshrc:  eval "$(newsletter completion zsh)"

    For fish:  newsletter completion fish > ~/.config/fish/completions/newsletter.fish
    """
    from click.shell_completion import get_completion_class

    from newsletter.cli import group

    found = get_completion_class(shell)
    if found is not None:
        click.echo(found(group, {}, "newsletter", "_NEWSLETTER_COMPLETE").source())
