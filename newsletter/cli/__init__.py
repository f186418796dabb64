"""The command line. A command's module is imported only when the command is used, because start-up must be fast."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsletter import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

GROUPS = {
    "Write": ("init", "import", "new", "check", "preview"),
    "Look": ("status", "review"),
    "Build and send": ("build", "feed", "export", "push", "send"),
    "Publish and past issues": ("publish", "unpublish", "archive"),
    "Configure": ("house", "rule", "services", "login", "schema", "lsp", "completion"),
}
"""The commands in the groups of `--help`, in the order in which a new user needs them.

Each is the function `command` in the module with its name.
"""
COMMANDS = tuple(name for names in GROUPS.values() for name in names)
_MODULES = {"import": "importing"}
"""The modules of commands whose names are keywords of Python."""


class _LazyGroup(click.Group):
    """A group that imports its commands when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"newsletter.cli.{_MODULES.get(cmd_name, cmd_name)}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the commands, group by group, each with its one-line help."""
        width = formatter.width - max(map(len, COMMANDS)) - 6
        for title, names in GROUPS.items():
            commands = ((name, self.get_command(ctx, name)) for name in names)
            with formatter.section(title):
                formatter.write_dl([(name, command.get_short_help_str(width)) for name, command in commands if command])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # The reader of our output has ended (`newsletter … | head`), so there is nobody to report an error to.
            # It is caught here, because click would end with exit code 1, which means that there are findings.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            from newsletter.suggest import GUESS, closest

            close = closest(args[0], COMMANDS, cutoff=GUESS, fold=str)
            advice = f" Did you mean {close!r}?" if close else ""
            ctx.fail(f"No such command {args[0]!r}.{advice}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=_LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "-C",
    "directory",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="DIR",
    help="Run as if started in DIR.",
)
@click.version_option(__version__, "-V", "--version", prog_name="newsletter", message="%(prog)s %(version)s")
@click.pass_context
def group(context: click.Context, directory: Path | None) -> None:
    """A newsletter you can keep in git.

    Write an issue as Markdown, have it checked against your own house format, and build its email, plain text,
    web page and feeds. Without a command, newsletter shows the next steps in this workspace.

    Exit codes: 0 clean, 1 findings, 2 cannot run (usage, configuration), 3 error of a disk, network or service.
    """
    context.obj = directory
    if context.invoked_subcommand is None:
        from newsletter.cli.next_steps import show_next_steps

        show_next_steps(directory or Path())


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command line, and ends the process with its exit code. This is the only place that catches errors."""
    # A terminal or pipe with another encoding must not stop a run because of a curly quote.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    # The program makes hardly any reference cycles, which are all that the collector looks for, so it can run less
    # often: not at all while one issue is built, of whose time it took a twentieth.
    gc.set_threshold(100_000, 20, 100)
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line and returns its exit code."""
    from newsletter.cli.base import show_error, show_usage_error
    from newsletter.errors import NewsletterError

    try:
        result: Any = group.main(
            args=list(arguments) if arguments is not None else None, prog_name="newsletter", standalone_mode=False
        )
    except NewsletterError as error:
        show_error(error)
        return error.exit_code
    except click.ClickException as error:
        show_usage_error(error)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("stopped; no file is left half-written", err=True)
        return 130
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"error: {where}{error.strerror or error}", err=True)
        return 3
    except MemoryError:
        click.echo("error: there is not enough memory", err=True)
        return 3
    except RecursionError:
        click.echo("error: the input is nested too deeply", err=True)
        return 3
    return result if isinstance(result, int) else 0


if __name__ == "__main__":
    main()
