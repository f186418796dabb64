"""`newsletter schema`."""

from __future__ import annotations

from pathlib import Path

import click

from newsletter.cli.base import Choice, directory_option

FILES = ("newsletter", "house", "front")


@click.command("schema")
@click.argument("file", type=Choice(FILES), metavar="FILE")
@click.option("--kind", metavar="KIND", help="With front: the kind of issue. Default: the publication's kind.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Output file.")
@directory_option
def command(file: str, *, kind: str | None, output: Path | None, directory: Path | None) -> None:
    """Write a JSON Schema for editors.

    FILE is what the schema is for:

    \b
    newsletter    for newsletter.yaml
    house         for a house.yaml
    front         for the front matter of a kind, from its house format

    An editor with a YAML language server uses it to check and complete while you type.
    """  # noqa: D301 - the backspace is for click: it leaves the lines as they are
    from newsletter.errors import UsageError
    from newsletter.schemas import as_json

    if kind and file != "front":
        raise UsageError(
            f"--kind cannot be used with {file}",
            hint="It chooses the front matter: newsletter schema front --kind …",
        )
    if file == "newsletter":
        from newsletter.schemas.publication import newsletter_schema

        text = as_json(newsletter_schema())
    elif file == "house":
        from newsletter.schemas.house import house_schema

        text = as_json(house_schema())
    else:
        text = as_json(_front(kind, directory))
    if output is None:
        click.echo(text, nl=False)
    else:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(text, encoding="utf-8", newline="\n")
        click.echo(f"  {output}")


def _front(kind: str | None, directory: Path | None) -> dict[str, object]:
    from newsletter.config.load import load_workspace
    from newsletter.config.workspace import find_root
    from newsletter.project.project import Project
    from newsletter.schemas.front import front_schema

    here = (directory or click.get_current_context().find_root().obj or Path()).resolve()
    project = Project(load_workspace(find_root(here)))
    return front_schema(project.house(kind or project.publication.kind), project.publication.authors)
