"""`newsletter services`."""

from __future__ import annotations

import click


@click.command("services")
def command() -> None:
    """List the mailing services to export for."""
    from newsletter.services import SERVICES

    for service in SERVICES:
        click.echo(f"{service.name:<12} {service.title}")
