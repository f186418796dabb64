"""`newsletter rule`."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.base import Choice, colours

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from newsletter.check.rule import Rule

_INDENT = " " * len("  ST104  warning  fix  ")
_ACCENTS = {"error": "red", "warning": "yellow"}


@click.command("rule")
@click.argument("code", required=False, metavar="[CODE]")
@click.option(
    "--output-format",
    "style",
    type=Choice(["full", "json"]),
    default="full",
    show_default=True,
    help="Output format: text for people, JSON for programs.",
)
def command(code: str | None, *, style: str) -> None:
    """List the rules, or explain one.

    With CODE (ST104, or the rule's name), shows what the rule checks, why, and how to fix it. With the letters of a family
    (ST), lists its rules.
    """
    from newsletter.check.families import family_of, page_of
    from newsletter.check.registry import RULES, rule_of

    family = family_of(code) if code and code.isalpha() and not rule_of(code) else None
    if code and not family:
        page = page_of(code)
        rule = rule_of(code)
        if style == "json" and rule:
            click.echo(_json([rule], page), nl=False)
            return
        click.echo(_shown(page), nl=False)
        for line in _asked_here(rule.code if rule else ""):
            click.echo(line)
        return
    rules = [rule for rule in RULES if family is None or rule.family == family.code]
    if style == "json":
        click.echo(_json(rules), nl=False)
        return
    columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    for line in _listed(rules, columns, colour=colours(sys.stdout)):
        click.echo(line)


def _asked_here(code: str) -> Iterator[str]:
    """The lines of the workspace's house formats that the rule reads; none outside a workspace."""
    from newsletter.cli.base import from_here
    from newsletter.commands.rules import lines_asking
    from newsletter.config.workspace import find_root
    from newsletter.errors import NewsletterError

    try:
        root = find_root(Path.cwd())
    except NewsletterError:
        return
    shown = from_here(root)
    lines = lines_asking(root, code)
    if lines:
        yield "\nThe house formats of this workspace mention it:\n"
    yield from (f"- {shown(one.path)}:{one.span.line}: `{one.text}`" for one in lines)


def _shown(page: str) -> str:
    """The page of a rule: plain text on a terminal, otherwise Markdown."""
    if not sys.stdout.isatty():
        return page
    from newsletter.report.page import COLUMNS, page_as_text

    columns = min(COLUMNS, shutil.get_terminal_size().columns)
    return page_as_text(page, columns=columns, colour=colours(sys.stdout))


def _listed(rules: Sequence[Rule], columns: int, *, colour: bool) -> Iterator[str]:
    """The rules by family, a line each: code, severity, whether `--fix` fixes it, and its title."""
    from newsletter.check.families import FAMILIES

    for family in FAMILIES:
        members = sorted((rule for rule in rules if rule.family == family.code), key=lambda rule: rule.code)
        if not members:
            continue
        title = f"{family.code}  {family.title}"
        yield click.style(title, bold=True) if colour else title
        yield from ("    " + line for line in _folded(family.summary, 4, columns))
        yield ""
        for rule in members:
            severity = f"{rule.severity:<7}"
            severity = click.style(severity, fg=_ACCENTS.get(str(rule.severity))) if colour else severity
            first, *more = _folded(rule.summary, len(_INDENT), columns)
            yield f"  {rule.code}  {severity}  {'fix' if rule.fixable else '   '}  {first}"
            yield from (_INDENT + line for line in more)
        yield ""
    if any(rule.fixable for rule in rules):
        yield "fix: fixed by `newsletter check --fix`, where that is safe."
    yield "`newsletter rule CODE` explains one of them."


def _folded(text: str, indent: int, columns: int) -> list[str]:
    """The text, wrapped and indented for a terminal with this many columns. With 0 columns, it is not wrapped."""
    from newsletter.render.columns import wrap

    return wrap(text, max(columns - indent, 20)) if columns else [text]


def _json(rules: Sequence[Rule], page: str = "") -> str:
    """The rules as JSON; for a single rule, with its page."""
    listed = [
        {
            "code": rule.code,
            "name": rule.name,
            "family": rule.family,
            "summary": rule.summary,
            "reads": rule.reads,
            "severity": str(rule.severity),
            "warning_in_drafts": rule.gap,
            "fixable": rule.fixable,
            **({"page": page} if page else {}),
        }
        for rule in rules
    ]
    return json.dumps(listed[0] if page else listed, indent=2) + "\n"
