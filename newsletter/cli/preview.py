"""`newsletter preview`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.base import chosen_issues, in_workspace, issues_argument, plural, the_issue
from newsletter.clock import clock

if TYPE_CHECKING:
    from newsletter.preview.session import Session

PORT = 8700


@click.command("preview")
@issues_argument
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=PORT,
    show_default=True,
    help="Port to serve on. If it is taken, the next free one is used.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="Address to listen on: 0.0.0.0 lets other machines in. The address then contains a token.",
)
@click.option("--no-open", is_flag=True, help="Do not open a browser.")
@click.option(
    "--export",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write the preview as files that open without a server, for example to send to a colleague.",
)
@in_workspace
def command(
    issues: tuple[str, ...], *, port: int, host: str, no_open: bool, folder: Path | None, root: Path, here: Path
) -> int:
    """See an issue as readers will, while you write it.

    Opens ISSUE, or the newest issue, in the browser and updates it each time you save. Shows it as email on phone, tablet and
    desktop, in light and dark mode, as plain text, as web page, in inboxes and in feed readers, next to its findings.
    Press Ctrl-C to stop.

    With --export, writes all issues, or the named ones.
    """
    from newsletter.errors import UsageError
    from newsletter.preview.session import Session

    if folder:
        files = chosen_issues(root, here, issues)
        from newsletter.preview.exporting import PICTURES

        return _export(Session(root, clock, pictures=PICTURES), folder, [file.path for file in files])
    if len(issues) > 1:
        raise UsageError(
            "the preview opens at one issue", hint="Name one. The list on the left of the page has the others."
        )
    first = the_issue(root, here, issues[0]).path if issues else ""
    return _serve(Session(root, clock), first, host, port, browse=not no_open)


def _export(session: Session, folder: Path, paths: list[str]) -> int:
    from newsletter.preview.exporting import export

    written = export(session, folder, paths)
    click.echo(f"{plural(len(paths), 'issue')} in {folder / 'index.html'} ({plural(len(written), 'file')})")
    return 0


def _serve(session: Session, first: str, host: str, port: int, *, browse: bool) -> int:
    import secrets

    from newsletter.preview.app import Preview
    from newsletter.preview.guard import Door
    from newsletter.preview.serving import listen, serve

    local = _is_local(host)
    listening, found = listen(host, port)
    door = Door(host, found, "" if local else secrets.token_urlsafe(24))
    preview = Preview(session, door, first=session.key_of(first))
    address = _address(host, found, door.token)

    def ready() -> None:
        if port and found != port:
            click.echo(f"Port {port} is taken; this is {found}.", err=True)
        if not local:
            click.echo("Other machines can reach this preview. Anyone with the address can read the issues.", err=True)
        click.echo(f"Preview at {address} (Ctrl-C ends it)")
        sys.stdout.flush()
        if browse and _has_screen():
            _browse(address)

    serve(preview, listening, ready)
    click.echo(err=True)
    return 0


def _is_local(host: str) -> bool:
    from ipaddress import ip_address

    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _address(host: str, port: int, token: str) -> str:
    import socket

    if host == "0.0.0.0":  # noqa: S104 - compared, not bound to
        # As a number, because every phone can resolve it. Nothing is sent: a UDP socket shows which interface would be
        # used.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect(("192.0.2.1", 9))
                name = probe.getsockname()[0]
            except OSError:
                name = socket.gethostname()
    else:
        name = socket.gethostname() if host == "::" else f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}/" + (f"?token={token}" if token else "")


def _has_screen() -> bool:
    """Whether a browser can open a window here.

    Without a display, it would take over the terminal, or open on another machine.
    """
    import os

    if any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")):
        return True
    return sys.platform in {"win32", "darwin"} and "SSH_CONNECTION" not in os.environ


def _browse(address: str) -> None:
    """Opens a browser, if there is one. The address has been printed anyway."""
    import threading
    import webbrowser

    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
