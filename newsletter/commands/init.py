"""Creates a new workspace."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from newsletter.bundled import templates_folder
from newsletter.config import invented
from newsletter.config.load import default_tag
from newsletter.config.publication import folder_flaw, header_flaw
from newsletter.config.wellformed import email_flaw
from newsletter.errors import UsageError
from newsletter.writing import write_all

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from newsletter.config.wellformed import Flaw


QUESTIONS = {
    "title": "What is it called?",
    "sender": "What is the sender's name, as inboxes show it?",
    "email": "What is the sender's email address?",
    "address": "What is your postal address? (Most countries require one.)",
    "url": "What will be the web address of its pages?",
}
"""The questions, in order, by the name of their option."""


def flaw_of(name: str, value: str) -> Flaw | None:
    """The problem with an answer to one of QUESTIONS."""
    checks = {"sender": header_flaw, "email": email_flaw, "url": folder_flaw}
    return checks[name](value) if name in checks and value else None


def title_for(folder: Path) -> str:
    """A title for a publication in `folder`."""
    return folder.name.replace("-", " ").replace("_", " ").strip().capitalize()


def refuse_workspace(folder: Path, kind: str) -> None:
    """Raises UsageError if `folder` already has a newsletter.yaml, or for a kind that is not bundled."""
    from newsletter.house.load import load_house

    bundled = templates_folder()
    load_house(kind, (bundled,), bundled)  # The message lists the kinds.
    if (folder / "newsletter.yaml").exists():
        msg = f"{folder} is already a workspace: it has a newsletter.yaml"
        raise UsageError(msg, hint='draft an issue there with `newsletter new "Title"`')


def start_workspace(
    folder: Path, *, kind: str, title: str = "", sender: str = "", email: str = "", address: str = "", url: str = ""
) -> tuple[str, ...]:
    """Writes a workspace into `folder` and returns the files written. Existing files are not changed.

    The house format of `kind` is copied into it as the publication's own. `sender` is the sender and the author,
    `address` the postal address, `url` the address of public/. Empty values are invented. Nothing with an invented
    value is published (newsletter.config.invented). Raises UsageError as `refuse_workspace` does, and for values that
    newsletter.yaml cannot have.
    """
    refuse_workspace(folder, kind)
    answers = {"title": title, "sender": sender, "email": email, "address": address, "url": url}
    files = kind_files(kind)
    files |= starter_files(folder, answers, kind)
    missing = {name: content for name, content in files.items() if not (folder / name).exists()}
    write_all(folder, missing, place=folder.as_posix())
    return tuple(sorted(missing))


def kind_files(kind: str) -> dict[str, bytes]:
    """The files of a bundled kind, by path in a workspace."""
    return {f"templates/{kind}/{name}": content for name, content in _files(templates_folder() / kind)}


def starter_files(
    folder: Path,
    answers: Mapping[str, str],
    kind: str,
    *,
    description: str = "",
    language: str = "en",
    timezone: str = "UTC",
    authors: Mapping[str, Mapping[str, str]] | None = None,
) -> dict[str, bytes]:
    """newsletter.yaml and the files that belong to it, for a publication with issues of `kind`.

    `answers` are answers to QUESTIONS. `authors` are the settings of each author, by key. Raises UsageError for values
    that newsletter.yaml cannot have.
    """
    for name, value in answers.items():
        if flaw := flaw_of(name, value):
            raise UsageError(f"--{name}: `{value}` {flaw.problem}", hint=flaw.advice)
    values = _values(folder, answers)
    described = f"description: {_quoted(description)}" if description else f"# description: {_DESCRIPTION}"
    more = {"KIND": kind, "DESCRIPTION": described, "LANGUAGE": language or "en", "TIMEZONE": timezone or "UTC"}
    values |= {**more, "AUTHORS": _authors(authors or {}, values["AUTHOR"])}
    return {
        name.replace("dot-", "."): _filled(content.decode(), values).encode()
        for name, content in _files(templates_folder() / "starter")
    }


_DESCRIPTION = "One sentence about what readers get, and how often."


def _authors(authors: Mapping[str, Mapping[str, str]], name: str) -> str:
    """The entries of `authors`; if there are none, one entry with placeholders."""
    if not authors:
        return f"  editor:\n    name: {name}\n    # bio: A line or two about who writes this letter."
    return "\n".join(
        f"  {_quoted(key)}:\n" + "\n".join(f"    {part}: {_quoted(value)}" for part, value in given.items())
        for key, given in authors.items()
    )


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _values(folder: Path, answers: Mapping[str, str]) -> dict[str, str]:
    """The value of each field of the starter, as YAML: the answer, or an invented value."""
    title = answers["title"] or title_for(folder) or invented.TITLE
    url = answers["url"] or invented.URL
    values = {
        "TITLE": title,
        "SENDER": answers["sender"] or title,
        "EMAIL": answers["email"] or invented.EMAIL,
        "ADDRESS": answers["address"] or invented.ADDRESS,
        "AUTHOR": answers["sender"] or invented.AUTHOR,
    }
    as_yaml = {name: _quoted(value) for name, value in values.items()}
    # Written once, so that ids stay when the address changes. An invented address has to be replaced before there are any ids.
    tag = f"feeds:\n  tag: {default_tag(url)}" if answers["url"] else "# feeds:\n#   tag: letters.example,2026"
    return {**as_yaml, "URL": url if url.endswith("/") else f"{url}/", "FEEDS": tag}


def _filled(text: str, values: Mapping[str, str]) -> str:
    return re.sub("@([A-Z]+)@", lambda field: values[field[1]], text)


def _files(folder: Path) -> list[tuple[str, bytes]]:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return [(path.relative_to(folder).as_posix(), path.read_bytes()) for path in paths]
