"""Schemas and loaders have the same keys, and no schema is stricter than its loader."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.check.families import pages_folder
from newsletter.schemas.house import house_schema
from newsletter.schemas.publication import newsletter_schema
from tests.schemas.reading import faults, findings, flagged

if TYPE_CHECKING:
    from pathlib import Path

PUBLICATION: dict[str, Any] = {
    "title": "x",
    "url": "https://letters.example/",
    "sender": {"name": "x", "email": "x@letters.example"},
}
ABOUT_ERAS = {"since", "until", "is", "eras"}
BLOCKS = {
    "newsletter": [
        (),
        ("sender",),
        ("authors", "marit"),
        ("theme",),
        ("theme", "colors"),
        ("theme", "colors", "light"),
        ("theme", "fonts"),
        ("feeds",),
        ("email",),
        ("check",),
    ],
    "house": [
        (),
        ("opening",),
        ("front", "code"),
        ("front", "title"),
        ("front", "number"),
        ("front", "code", "fields", "inner"),
        ("sections", "news"),
        ("sections", "news", "items"),
        ("sections", "news", "items", "last"),
        ("sets", "either"),
        ("groups", "top"),
        ("figures",),
        ("links",),
        ("text",),
    ],
}


def blocks() -> list[tuple[str, tuple[str, ...]]]:
    return [(name, path) for name, paths in BLOCKS.items() for path in paths]


def at(path: tuple[str, ...], value: Any) -> Any:
    for key in reversed(path):
        value = {key: value}
    return value


def properties_at(name: str, path: tuple[str, ...]) -> set[str]:
    """The keys that a schema has for a block."""
    whole = {"house": house_schema, "newsletter": newsletter_schema}[name]()

    def resolved(schema: Any) -> Any:
        while isinstance(schema, dict) and "$ref" in schema:
            steps = schema["$ref"].removeprefix("#/").split("/")
            schema = whole
            for step in steps:
                schema = schema[step]
        if isinstance(schema, dict) and "anyOf" in schema and "properties" not in schema:
            several = [resolved(one) for one in schema["anyOf"]]
            return next((one for one in several if one.get("properties", {}).keys() - {"is", "since", "until"}), {})
        return schema

    schema: Any = whole
    for key in path:
        block = resolved(schema)
        schema = block.get("properties", {}).get(key) or block["additionalProperties"]
    return set(resolved(schema)["properties"])


@pytest.mark.parametrize(("name", "path"), blocks(), ids=str)
def test_schemas_and_loaders_have_the_same_keys(name: str, path: tuple[str, ...], tmp_path: Path):
    document = at(path, {"zzzzzz": 1})
    if name == "newsletter":
        document = PUBLICATION | document
    (advice,) = {
        found.advice for found in findings(name, yaml.safe_dump(document), tmp_path) if found.code.endswith("011")
    }
    read = set(re.findall("`([^`]+)`", advice.removeprefix("Choose one of: ")))
    reported = properties_at(name, path)
    assert read - reported - ABOUT_ERAS == set()
    assert reported - read - ABOUT_ERAS == set()


WORDS = "a|A b|news|required|forbidden|free|5-9|at least 5|any|all|2024-01-31|number 7|https://x.example/|x@x.example"
CODES = "#aabbcc|ST104|off|end|bullet|[a-z]+|x.png|{date:MMMM yyyy}|en|UTC"
LISTS = ([], [None], ["a", "a"], ["a", ["b"]], [["a"]], ["news", {"is": "a", "since": 3}])
TABLES = ({}, {"a": 1}, {"news": "a"}, {"is": 5, "since": 3}, {"since": 9}, {"until": "a"}, {"is": {}, "until": 9})
VALUES = st.sampled_from(
    [None, True, False, 0, 7, -3, 2.5, "", " ", *WORDS.split("|"), *CODES.split("|"), *LISTS, *TABLES]
)


@st.composite
def documents(draw: st.DrawFn, name: str) -> dict[str, Any]:
    """A document of known keys with any values."""
    document: dict[str, Any] = dict(PUBLICATION) if name == "newsletter" else {}
    for path in draw(st.lists(st.sampled_from(BLOCKS[name]), max_size=3)):
        block = document
        for key in path:
            inner = block.get(key)
            block[key] = inner if isinstance(inner, dict) else {}
            block = block[key]
        keys = st.sampled_from(sorted(properties_at(name, path)))
        block |= draw(st.dictionaries(keys, VALUES, max_size=3))
    return document


@pytest.mark.parametrize("name", ["house", "newsletter"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.data())
def test_no_schema_is_stricter_than_the_tool(name: str, tmp_path: Path, data: st.DataObject):
    text = yaml.safe_dump(data.draw(documents(name)), sort_keys=False)
    if not faults(name, text, tmp_path):
        assert flagged(name, text) == [], text


def examples(family: str) -> list[str]:
    page = (pages_folder() / f"{family}.md").read_text(encoding="utf-8")
    return re.findall(r"^```yaml fails\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(("name", "family"), [("house", "HF"), ("newsletter", "CF")])
def test_schemas_report_unknown_keys_and_wrong_values_like_the_rules(name: str, family: str, tmp_path: Path):
    wrong = [
        text
        for text in examples(family)
        if "change-me" not in text  # placeholder values of `init` have the right form
        and {found.code[2:] for found in findings(name, text, tmp_path)} <= {"011", "012", "014"}
    ]
    assert len(wrong) >= 2
    assert [text for text in wrong if not flagged(name, text)] == []
