"""`newsletter services`."""

from __future__ import annotations

import click

from newsletter.cli.base import Choice


@click.command("services")
@click.argument("service", required=False)
@click.option(
    "--output-format",
    type=Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="Output format. `json` has everything that is known about each service.",
)
def command(service: str | None, *, output_format: str) -> None:
    """List the supported mailing services.

    Shows what each service takes and needs, and how certain that is.

    With a SERVICE, also shows how it writes each token.
    """
    from newsletter.services import SERVICES, overview, service_named

    chosen = (service_named(service),) if service else SERVICES
    if output_format == "json":
        import json

        click.echo(json.dumps([overview.as_data(each) for each in chosen], ensure_ascii=False, indent=2))
        return
    if service:
        _one(service)
        return
    rows = [(each.name, each.title, overview.takes(each), f"needs {overview.needs(each)}") for each in SERVICES]
    for name, title, takes, needs in rows:
        click.echo(f"{name:<17} {title}")
        click.echo(f"{'':<17} {takes}" + ("" if needs == "needs –" else f"; {needs}"))
    click.echo(
        "\n`newsletter services NAME` shows its tokens, how drafts get there, and how certain this information is."
    )


def _one(name: str) -> None:
    from newsletter.services import overview, service_named

    service = service_named(name)
    click.echo(f"{service.name}: {service.title}\n{service.docs}\n")
    click.echo(f"  takes     {overview.takes(service)}")
    click.echo(f"  needs     {overview.needs(service)}")
    for word, text in (("adds", service.adds), ("rewrites", service.rewrites), ("note", service.notes)):
        if text:
            click.echo(f"  {word:<9} {text}")
    click.echo(f"  draft     {overview.draft(service)}")
    if service.draft:
        click.echo(f"            {service.draft.certain}")
    click.echo("")
    for called, html, text in overview.tokens(service):
        click.echo(f"  {called:<31} {html or '–'}")
        if text and text != html:
            click.echo(f"  {'in plain text':>31} {text}")
    click.echo("")
    for fact in service.facts:
        click.echo(f"  {fact.evidence.value:<12} {fact.about}: {fact.source}")
