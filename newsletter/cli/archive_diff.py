"""`newsletter archive diff`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from newsletter.cli.base import colours, from_here, in_workspace, plural, print_json, progress_on
from newsletter.clock import clock

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from newsletter.archive.differences import Differences, FigureChange, LinkChange, PartChange, WordPiece
    from newsletter.commands.compare import Compared

COLOURS = {"added": "green", "removed": "red"}
SIGNS = {"added": "+", "removed": "-", "changed": "~", "moved": ">"}


@click.command("diff")
@click.argument("issue")
@click.argument("other", required=False, default="")
@click.option("--json", "as_json", is_flag=True, help="Print the differences as JSON.")
@in_workspace
def command(issue: str, other: str, *, as_json: bool, root: Path, here: Path) -> int:
    """Show what changed in an issue for readers.

    Compares ISSUE with what was sent, or with OTHER. Compares words, links, figures and sections instead of lines. Marks {+added+} and [-removed-] text, in colour on a terminal.

    Exit codes: 0 no differences, 1 differences.
    """
    from newsletter.commands.compare import compare, plain_compared

    with progress_on(sys.stderr, "Reading issues") as progress:
        compared = compare(root, here, issue, other, now=clock(), progress=progress)
    if as_json:
        print_json(plain_compared(compared))
    else:
        _show(compared, from_here(root)(compared.path))
    return 1 if compared.differences else 0


def _show(compared: Compared, path: str) -> None:
    from newsletter.report.base import safe

    found = compared.differences
    click.echo(_painted(f"- {safe(compared.before)}", "removed"))
    click.echo(_painted(f"+ {safe(compared.after)}", "added"))
    if not found:
        click.echo("\nnothing is different")
        if compared.changed:
            names = ", ".join(map(safe, compared.changed))
            click.echo(f"For readers it is the same, but these files have changed or were moved: {names}")
        return
    if found.fields:
        click.echo()
    for field in found.fields:
        click.echo(f"{field.name}: {_changed(field.before, field.after)}")
    for part in found.parts:
        _show_part(part, path)
    if found.figures:
        click.echo("\nFigures")
    for figure in found.figures:
        _show_figure(figure)
    click.echo(f"\n{_summary(found)}", err=True)


def _show_part(part: PartChange, path: str) -> None:
    from newsletter.report.base import safe

    called = " › ".join(dict.fromkeys(filter(None, (part.section, part.title)))) or "Opening"
    where = f"  {path}:{part.line}" if part.what != "removed" else ""
    click.echo(f"\n{_painted(f'{SIGNS[part.what]} {safe(called)}', part.what)}{where}{_size(part)}")
    if part.renamed:
        click.echo(f"    title: {_changed(part.renamed.before, part.renamed.after)}")
    for paragraph in part.paragraphs:
        click.echo(f"    {_words(paragraph)}")
    for link in part.links:
        click.echo(f"    {_link(link)}")


def _size(part: PartChange) -> str:
    if part.what in COLOURS:
        return f"  {part.what}, {plural(part.words, 'word')}"
    return "  moved" if part.moved else ""


def _show_figure(figure: FigureChange) -> None:
    from newsletter.report.base import safe

    click.echo(f"  {_painted(f'{SIGNS[figure.what]} {safe(figure.source)}', figure.what)}")
    for field in figure.fields:
        click.echo(f"    {field.name}: {_changed(field.before, field.after)}")


def _link(link: LinkChange) -> str:
    from newsletter.report.base import safe

    text = f" “{safe(' '.join(link.text.split()))}”" if link.text else ""
    if link.what == "changed":
        return f"~ link{text}: {_changed(link.before, link.after)}"
    return _painted(f"{SIGNS[link.what]} link{text}: {safe(link.before or link.after)}", link.what)


def _words(pieces: Iterable[WordPiece]) -> str:
    from newsletter.archive.differences import only_words
    from newsletter.report.base import safe

    return "".join(_painted(safe(only_words((piece,))), piece.what) for piece in pieces)


def _changed(before: str, after: str) -> str:
    from newsletter.report.base import safe

    parts = [(before, "removed", "[-", "-]"), (after, "added", "{+", "+}")]
    return " ".join(
        _painted(f"{start}{safe(' '.join(text.split()))}{end}", what) for text, what, start, end in parts if text
    )


def _painted(text: str, what: str) -> str:
    """The text in the colour for an addition or a removal, if there is colour. The signs have the same meaning."""
    return click.style(text, fg=COLOURS[what]) if what in COLOURS and colours(sys.stdout) else text


def _summary(found: Differences) -> str:
    came, went = found.words
    links = [link for part in found.parts for link in part.links]
    counts = [
        (came, "word added", "words added"),
        (went, "word removed", "words removed"),
        (len(links), "link", "links"),
        (len(found.figures), "figure", "figures"),
        (sum(part.what == "added" for part in found.parts), "passage added", "passages added"),
        (sum(part.what == "removed" for part in found.parts), "passage removed", "passages removed"),
        (sum(part.moved for part in found.parts), "passage moved", "passages moved"),
    ]
    return ", ".join(plural(count, one, many) for count, one, many in counts if count) or "front matter alone"
