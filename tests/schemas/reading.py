"""The content of a YAML file as an editor reads it: JSON values, with dates as text."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema

from newsletter.check import settings_for
from newsletter.config.load import load_workspace
from newsletter.config.yaml import load
from newsletter.errors import ConfigurationError
from newsletter.house.load import load_house
from newsletter.schemas.house import house_schema
from newsletter.schemas.publication import newsletter_schema

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def as_editors_see(text: str) -> Any:
    document, faults = load(text, "file.yaml", "CF")
    assert not faults, faults

    def plain(value: object, path: tuple[str | int, ...]) -> object:
        if isinstance(value, dict):
            return {key: plain(inner, (*path, key)) for key, inner in value.items()}
        if isinstance(value, list):
            return [plain(inner, (*path, index)) for index, inner in enumerate(value)]
        if value is None or isinstance(value, str | int | float):
            return value
        span = document.where(*path)
        return text[span.start : span.end]

    return plain(document.values, ())


@cache
def schema_for(name: str) -> jsonschema.Draft7Validator:
    schema = {"house": house_schema, "newsletter": newsletter_schema}[name]()
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


def flagged(name: str, text: str) -> list[str]:
    """The errors that a schema finds in a file."""
    return [f"{error.json_path}: {error.message}" for error in schema_for(name).iter_errors(as_editors_see(text))]


def faults(name: str, text: str, root: Path) -> list[str]:
    """The errors that the tool finds in a file."""
    return [f"{found.code} {found.message}" for found in findings(name, text, root)]


def findings(name: str, text: str, root: Path) -> Iterable[Any]:
    if name == "newsletter":
        (root / "newsletter.yaml").write_text(text, encoding="utf-8")
        try:
            settings_for(load_workspace(root))
        except ConfigurationError as error:
            return error.diagnostics
        return ()
    home = root / "templates/letter"
    (home / "snippets").mkdir(parents=True, exist_ok=True)
    (home / "snippets/box.md").write_text("Hello.\n", encoding="utf-8")
    (home / "house.yaml").write_text(text, encoding="utf-8")
    base = root / "templates/base/house.yaml"
    base.parent.mkdir(exist_ok=True)
    base.write_text("sections: {news: {heading: News}}\n", encoding="utf-8")
    return load_house("letter", (root / "templates",), root)[1]
