"""`newsletter rule`."""

from __future__ import annotations

import click


@click.command("rule")
@click.argument("code", required=False)
def command(code: str | None) -> None:
    """List the rules, or explain one.

    With CODE: what the rule asks, why, and how to satisfy it.
    """
    from newsletter.check import RULES
    from newsletter.check.pages import page_of

    if code:
        click.echo(page_of(code).rstrip("\n"))
        return
    width = max(len(rule.code) for rule in RULES)
    for rule in RULES:
        click.echo(f"{rule.code:<{width}}  {rule.severity:<7}  {rule.summary}")
    click.echo("\n`newsletter rule CODE` explains one of them.")
