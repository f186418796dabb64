"""Facts about the publication from the configuration of a site: Jekyll, Hugo, Pelican, Eleventy.

No code of a site is run.
"""

from __future__ import annotations

import ast
import json
import re
import tomllib
from typing import TYPE_CHECKING, Any

from newsletter.config.wellformed import email_flaw
from newsletter.config.yaml import load as load_yaml
from newsletter.importing.sources import EntryError
from newsletter.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from newsletter.importing.sources import ImportSource

_LARGEST = 500_000


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """The configuration of a site, and facts about the publication from it."""

    values: dict[str, Any]
    """The whole configuration, as plain values."""
    root: str = ""
    """The folder of the site in the source, with a slash at the end; empty for the source itself."""
    title: str = ""
    description: str = ""
    url: str = ""
    email: str = ""
    language: str = ""
    timezone: str = ""
    sender: str = ""


def find_site(source: ImportSource, names: Iterable[str]) -> SiteFacts:
    """The facts in the highest configuration file with one of these names; empty if there is none."""
    wanted = tuple(names)
    found = sorted(
        (name for name in source.names() if any(name == one or name.endswith(f"/{one}") for one in wanted)),
        key=lambda name: (name.count("/"), [name.endswith(one) for one in wanted].index(True), name),
    )
    if not found:
        return SiteFacts({})
    chosen = next(one for one in wanted if found[0] == one or found[0].endswith(f"/{one}"))
    values = read_settings(source, found[0])
    return _facts(values, found[0].removesuffix(chosen))


def read_settings(source: ImportSource, name: str) -> dict[str, Any]:
    """The values in a YAML, TOML, JSON or Python file (only constants); empty if it cannot be read."""
    try:
        text, _ = source.text(name, _LARGEST)
    except EntryError:
        return {}
    try:
        match name.rpartition(".")[2]:
            case "toml":
                return tomllib.loads(text)
            case "json":
                values = json.loads(text)
                return values if isinstance(values, dict) else {}
            case "py":
                return _constants(text)
            case _:
                document, _ = load_yaml(text, name, "CF")
                return dict(document.values)
    except (ValueError, RecursionError):  # errors of tomllib and json are ValueErrors
        return {}


def _constants(text: str) -> dict[str, Any]:
    """The constants that a Python file assigns at its top level. The file is parsed, never run."""
    values: dict[str, Any] = {}
    try:
        module = ast.parse(text)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return {}
    for statement in module.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            try:
                values[statement.targets[0].id] = ast.literal_eval(statement.value)
            except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
                continue
    return values


def _facts(values: dict[str, Any], root: str) -> SiteFacts:
    params = values.get("params") if isinstance(values.get("params"), dict) else {}
    both: tuple[Mapping[str, Any], ...] = (values, params or {})
    author = _first(both, "author", "AUTHOR")
    named = author if isinstance(author, dict) else {}
    url = _text(both, "url", "baseURL", "baseurl", "SITEURL", "siteUrl")
    base = _text((values,), "baseurl") if values.get("url") else ""
    email = _text((named, *both), "email")
    return SiteFacts(
        values,
        root,
        title=_text(both, "title", "SITENAME", "name"),
        description=_text(both, "description", "SITESUBTITLE", "tagline"),
        url=f"{url.rstrip('/')}/{base.strip('/')}".rstrip("/") + "/" if re.match("https?://", url) else "",
        email="" if not email or email_flaw(email) else email,
        language=_text(
            both, "lang", "languageCode", "locale", "language", "defaultContentLanguage", "DEFAULT_LANG"
        ).replace("_", "-"),
        timezone=_text(both, "timezone", "timeZone", "TIMEZONE"),
        sender=_text((named,), "name") or (author if isinstance(author, str) else ""),
    )


def _first(places: Iterable[Mapping[str, Any]], *keys: str) -> Any:
    return next((place[key] for place in places for key in keys if place.get(key)), None)


def _text(places: Iterable[Mapping[str, Any]], *keys: str) -> str:
    value = _first([place for place in places if place], *keys)
    return " ".join(str(value).split())[:300] if isinstance(value, (str, int, float)) else ""
