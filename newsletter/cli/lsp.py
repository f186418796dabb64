"""`newsletter lsp`."""

from __future__ import annotations

import sys

import click

INSTALL = 'install it with: pip install "newsletter-press[lsp]"'


@click.command("lsp")
@click.option(
    "--tcp",
    metavar="HOST:PORT",
    help="Wait for one editor on a local port instead, for debugging. Port 0 uses a free one.",
)
def command(*, tcp: str | None) -> int:
    """Run the language server for your editor.

    It shows findings while you type, offers fixes, and completes and explains what you write.

    Your editor starts it and talks to it over standard input and output, in the Language Server Protocol. To set up your
    editor, see docs/guide/editor.md.
    """
    from newsletter.errors import UsageError

    try:
        from newsletter.lsp.server import serve
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in {"pygls", "lsprotocol", "cattrs", "attrs"}:
            raise
        raise UsageError("newsletter lsp needs the package pygls", hint=INSTALL) from error
    if tcp is not None:
        return _serve_one(*_address(tcp))
    return serve(sys.stdin.buffer, sys.stdout.buffer)


def _address(text: str) -> tuple[str, int]:
    """Host and port. Raises UsageError for an address that other machines could reach."""
    from ipaddress import ip_address

    from newsletter.errors import UsageError

    host, _, port = text.rpartition(":")
    host = host.strip("[]")
    try:
        local = host == "localhost" or ip_address(host).is_loopback
        number = int(port)
    except ValueError:
        local, number = False, -1
    if not local or not 0 <= number <= 65535:
        raise UsageError(f"--tcp {text} is not a local port", hint="Write it as 127.0.0.1:2087.")
    return host, number


def _serve_one(host: str, port: int) -> int:
    import socket

    from newsletter.lsp.server import serve

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as listening:
        click.echo(f"waiting for an editor at {host}:{listening.getsockname()[1]}", err=True)
        connection, _ = listening.accept()
    with connection, connection.makefile("rb") as reading, connection.makefile("wb") as writing:
        return serve(reading, writing)
