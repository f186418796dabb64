"""Writes the pages of docs/ that are made from the code.

They are about commands, rules, configuration keys, services, email clients and schemas.

python docs/generate.py            writes them
python docs/generate.py --check    writes nothing; prints the differences, and exits with 1 if there are any
"""

from __future__ import annotations

import difflib
import inspect
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from settings import HOUSE, NEWSLETTER, front_matter_page, house_page, linked, newsletter_page
from tables import code, table

from newsletter.bundled import templates_folder
from newsletter.check import RULES
from newsletter.check.families import FAMILIES
from newsletter.check.rules.clients.features import Harm, feature_table
from newsletter.check.rules.clients.support import caniemail_page, facts, support
from newsletter.cli import group
from newsletter.config.clients import CLIENTS, REVIEWED, called, named, shares_of
from newsletter.config.yaml import load
from newsletter.schemas import as_json
from newsletter.schemas.house import house_schema
from newsletter.schemas.publication import newsletter_schema
from newsletter.services import SERVICES, overview

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from newsletter.check.rule import Rule
    from newsletter.services.base import Service

DOCS = Path(__file__).resolve().parent
_RECORD = re.compile(r"\n\n(?:Keys of [^\n]* )?Added in [\d.]+\.\n*\Z")
"""The paragraph that `rule_record` writes, at the end of the text about a rule."""
MADE = "<!-- Made by `make docs` from the code: change it there. -->"


def pages() -> Mapping[str, str]:
    """Every generated page, by its path in docs/."""
    return {
        "reference/cli.md": "\n".join(cli_page(group)),
        "rules/README.md": "\n".join(rules_page(RULES)),
        "reference/services.md": "\n".join(services_page(SERVICES)),
        "reference/clients.md": "\n".join(clients_page()),
        "reference/newsletter-yaml.md": "\n".join((MADE, "", *newsletter_page())),
        "reference/house-yaml.md": "\n".join((MADE, "", *house_page())),
        "reference/front-matter.md": "\n".join((MADE, "", *front_matter_page())),
        "reference/newsletter.schema.json": as_json(newsletter_schema()),
        "reference/house.schema.json": as_json(house_schema()),
        **{f"rules/{name}": rule_page(name) for name in sorted({rule.page_name for rule in RULES})},
    }


def cli_page(top: click.Command) -> Iterator[str]:
    """The reference of all commands."""
    context = click.Context(top, info_name="newsletter", terminal_width=100, color=False)
    yield from (MADE, "", "# Commands", "")
    yield from explanation(top)
    yield from parameters(top, context)
    for command, inner in commands(top, context):
        yield from (f"## {inner.command_path}", "")
        yield from explanation(command)
        yield from ("```", " ".join((inner.command_path, *command.collect_usage_pieces(inner))), "```", "")
        yield from parameters(command, inner)


def commands(group: click.Command, context: click.Context) -> Iterator[tuple[click.Command, click.Context]]:
    """The visible commands, each after the group that it belongs to, in the order of `--help`."""
    if not isinstance(group, click.Group):
        return
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        inner = click.Context(command, info_name=name, parent=context, terminal_width=100, color=False)
        yield command, inner
        yield from commands(command, inner)


def explanation(command: click.Command) -> Iterator[str]:
    """The help of a command as Markdown. A paragraph that click leaves unchanged becomes a block of code."""
    for paragraph in inspect.cleandoc(command.help or "").split("\n\n"):
        lines = [line.rstrip() for line in paragraph.strip("\n").splitlines()]
        if lines[:1] == ["\b"]:
            yield from ("```", *lines[1:], "```", "")
        elif lines:
            yield from (*lines, "")


def parameters(command: click.Command, context: click.Context) -> Iterator[str]:
    """The options of a command as a table. Its arguments are in the usage line and in its help."""
    options = [option for option in command.get_params(context) if isinstance(option, click.Option)]
    records = [record for option in options if (record := option.get_help_record(context))]
    yield from table(("option", "what it does"), [(code(names), text) for names, text in records])


def rules_page(rules: Sequence[Rule]) -> Iterator[str]:
    """The index of rules, family by family."""
    yield from (MADE, "", "# Rules", "")
    yield "`newsletter rule CODE` shows the page of a rule in the terminal; `newsletter rule ST` lists a family. Codes are never reused."
    yield "The table gives the default severity. `newsletter check --fix` fixes the findings of rules marked `--fix`: all of them, or those"
    yield from ("that are safe to fix.", "")
    for family in FAMILIES:
        members = sorted((rule for rule in rules if rule.family == family.code), key=lambda rule: rule.code)
        if members:
            yield from (
                f"## {family.title} ({family.code})",
                "",
                f"{family.summary[0].upper()}{family.summary[1:]}.",
                "",
            )
            yield from table(("code", "name", "what it checks", "severity", "fixed by"), map(rule_row, members))


def rule_page(name: str) -> str:
    """A page in docs/rules/, which is written by hand, with the last paragraph of each rule made again from its record."""
    text = (DOCS / "rules" / name).read_text(encoding="utf-8")
    for rule in (rule for rule in RULES if rule.page_name == name):
        begin = text.index(f"## {rule.code} ") if rule.page else 0
        end = text.find("\n## ", begin + 1) if rule.page else -1
        end = len(text) if end < 0 else end
        written = _RECORD.sub("", text[begin:end]).rstrip("\n")
        text = f"{text[:begin]}{written}\n\n{rule_record(rule)}\n{text[end:]}"
    return text


def rule_record(rule: Rule) -> str:
    """The paragraph about the keys that a rule reads, and the version in which it was added."""
    keys = [linked(HOUSE, "house-yaml.md", key) for key in rule.keys]
    settings = [linked(NEWSLETTER, "newsletter-yaml.md", key) for key in rule.settings]
    files = (("house.yaml", keys), ("newsletter.yaml", settings))
    named = [f"Keys of {file}: {', '.join(links)}. " for file, links in files if links]
    return f"{''.join(named)}Added in {rule.since}."


def rule_row(rule: Rule) -> tuple[str, ...]:
    """A rule as a row of its family's table."""
    link = f"[{rule.code}]({rule.page_name})"
    return link, rule.name, rule.summary, str(rule.severity), "`--fix`" if rule.fixable else ""


def services_page(services: Sequence[Service]) -> Iterator[str]:
    """The page of mailing services: what each accepts, needs and writes, and how certain that is."""
    yield from (MADE, "", "# Mailing services", "")
    yield "What `newsletter export ISSUE --for SERVICE` knows of each; `newsletter services --output-format json` has the same for programs."
    yield "*run*: seen with the service's own software or engine. *documented*: in its own documentation, specification or source."
    yield "*third-party*: only said by others. *unconfirmed*: from memory. Try what is one of the last two with an account of yours before you rely on it."
    yield ""
    yield from table(
        ("service", "takes", "needs", "draft", "how sure"),
        (
            (
                f"[{one.name}](#{anchor(one)})",
                overview.takes(one),
                overview.needs(one),
                overview.draft(one),
                overview.evidence(one),
            )
            for one in services
        ),
    )
    for service in services:
        yield from (f"## {service.name}: {service.title}", "")
        yield from (service.notes, "") if service.notes else ()
        for word, text in (("It adds", service.adds), ("It changes", service.rewrites)):
            yield from (f"{word}: {text[0].lower()}{text[1:]}", "") if text else ()
        if service.draft:
            yield from (
                f"A draft: {code(service.draft.way)}. {service.draft.certain} ({service.draft.evidence.value})",
                "",
            )
        yield from (f"Its own documentation: <{service.docs}>", "") if service.docs else ()
        yield from table(
            ("in the letter", "in HTML", "in plain text"),
            (
                (called if called[0] != "{" else code(called), *map(shown_token, rest))
                for called, *rest in overview.tokens(service)
            ),
        )
        yield from table(
            ("what", "how sure", "by"), ((fact.about, fact.evidence.value, fact.source) for fact in service.facts)
        )


def anchor(service: Service) -> str:
    """The anchor of a service's heading on the page."""
    return re.sub("[^a-z0-9 -]", "", f"{service.name}: {service.title}".lower()).replace(" ", "-")


def shown_token(written: str) -> str:
    """A token in the notation of a service; a dash if the service has none."""
    return code(written) if written else "–"


def clients_page() -> Iterator[str]:
    """The page of email clients: what the bundled theme promises, the shares of readers, and the checked features."""
    declared = load((templates_folder() / "theme/email/support.yaml").read_text(encoding="utf-8"), "support.yaml", "CF")
    promises: dict[str, Any] = declared[0].values["promises"]  # type: ignore[assignment]  # our own file
    reasons: dict[str, str] = declared[0].values["reasons"]  # type: ignore[assignment]
    yield from (MADE, "", "# Email clients", "")
    yield f"By the facts of [Can I email](https://www.caniemail.com/) of {facts().updated}. [How they are used](../guide/clients.md)."
    yield from ("", "## What the bundled theme promises", "")
    rows = ((" · ".join(map(called, level["clients"])), level["says"]) for level in promises.values())
    yield from table(("where", "what readers get"), rows)
    yield from ("## What it does without", "", "On purpose, and here is why nobody misses it.", "")
    yield from table(
        ("feature", "what stands in", "where it is missing"),
        ((feature_link(slug), reason, missing_in(slug)) for slug, reason in reasons.items()),
    )
    yield from ("## What readers read in", "")
    yield f"Percent of readers where `email.clients` of newsletter.yaml says nothing: our own weights, rounded, as of {REVIEWED}. No measurement."
    yield ""
    yield from table(
        ("key", "email client", "percent"), ((code(client.key), client.name, f"{client.share:g}") for client in CLIENTS)
    )
    for harm, heading in HARMS.items():
        yield from (f"## {heading}", "")
        yield from table(
            ("feature", "what readers get in its place", "where it is missing"),
            (
                (feature_link(feature.slug), feature.why, missing)
                for feature in feature_table().features
                if feature.harm is harm and (missing := missing_in(feature.slug))
            ),
        )


HARMS = {
    Harm.LOST: "What is lost without it: EM120",
    Harm.LOOKS: "What looks otherwise without it: EM121",
}


def feature_link(slug: str) -> str:
    """The name of a feature as a link to its page at Can I email."""
    return f"[{slug}]({caniemail_page(slug)})"


def missing_in(slug: str) -> str:
    """The email clients that do not support a feature."""
    return ", ".join(named(support(slug).missing, shares_of({})))


def difference(path: Path, wanted: str) -> Iterator[str]:
    """The changes to the file at `path`, as lines of a unified diff."""
    there = path.read_text(encoding="utf-8") if path.is_file() else ""
    name = f"docs/{path.relative_to(DOCS).as_posix()}"
    yield from difflib.unified_diff(
        there.splitlines(), wanted.splitlines(), name, f"{name} (as generated)", lineterm=""
    )


def main() -> int:
    """Writes the pages, or prints their differences with `--check`. Returns the exit code."""
    drifted = [line for name, text in pages().items() for line in difference(DOCS / name, text)]
    if "--check" in sys.argv[1:]:
        print("\n".join([*drifted, "docs/ has drifted: run make docs"]) if drifted else "docs/ is as generated")
        return 1 if drifted else 0
    for name, text in pages().items():
        (DOCS / name).parent.mkdir(parents=True, exist_ok=True)
        (DOCS / name).write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
