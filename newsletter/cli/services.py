"""`newsletter services`."""

from __future__ import annotations

import click


@click.command("services")
def command() -> None:
    """List the mailing services that `newsletter export` writes for, and how each writes its tokens."""
    from newsletter.services import SERVICES

    for service in SERVICES:
        click.echo(f"{service.name:<12} {service.title}")
