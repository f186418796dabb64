"""The schema of a kind's front matter and the rules about front matter agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import jsonschema
import pytest

from newsletter.commands.check import check_issues
from newsletter.config.load import load_workspace
from newsletter.config.workspace import issue_files
from newsletter.house.load import load_house
from newsletter.schemas.front import front_schema
from tests.schemas.reading import as_editors_see

if TYPE_CHECKING:
    from pathlib import Path

PUBLICATION = """\
title: Letters
url: https://letters.example/
sender: {name: Letters, email: letters@letters.example}
kind: letter
authors: {pascal: {name: Pascal Coppens}, jane: {name: Jane Roe}}
"""
HOUSE = r"""
front:
  title: {required: true, length: 5-20}
  subtitle: {length: at least 10}
  number: {length: 1-999}
  summary: {pattern: '[A-Z].*\.'}
  edition: {choices: [regular, special]}
  tags: {length: 1-3, choices: [ports, ships, chips, trains]}
  editors: {type: list, required: true}
  score: {type: number, length: at most 10}
  sponsor:
    fields:
      name: required
      code: {pattern: '[A-Z]{2}\d{4}'}
      cover: {type: picture}
"""
BASE = "title: Ports and ships\neditors: [jane]\n"
VALID = [
    "",
    "subtitle:",
    "subtitle: ''",
    "number: 14",
    "date: 2024-01-31",
    "date: 2024-01-31 09:30",
    "draft: true",
    "summary: Ships wait.",
    "edition: special",
    "tags: ports",
    "tags: [ports, ships]",
    "editors: jane",
    "score: 9.5",
    "cover: cover.jpg",
    "cover: {image: cover.jpg, alt: A ship}",
    "cover:",
    "sponsor:",
    "sponsor: {}",
    "sponsor: {name: Acme, code: AB1234}",
    "sponsor: {name: Acme, cover: {image: x.png}}",
    "authors: [pascal, Guest Writer]",
    "authors: jane",
]
INVALID = {
    "FM101": ["editors: []", "editors: ''", "title: ''", "title:", "sponsor: {code: AB1234}"],
    "FM102": ["sumary: Ships.", "cover: {image: x.png, height: 5}", "sponsor: {name: x, place: y}"],
    "FM103": [
        "title: 2024",
        "number: 14.5",
        "number: fourteen",
        "date: tomorrow",
        "draft: 'yes'",
        "tags: 5",
        "cover: [x.png]",
        "cover: {alt: A ship}",
        "sponsor: Acme",
        "score: high",
    ],
    "FM104": [
        "title: Port",
        "title: Ports and ships and the trains between",
        "subtitle: short",
        "number: 1000",
        "tags: []",
        "tags: [ports, ships, chips, trains]",
        "score: 10.5",
    ],
    "FM105": ["summary: ships wait.", "summary: Ships wait", "sponsor: {name: x, code: ab1234}"],
    "FM106": ["edition: weekly", "tags: [ports, planes]", "tags: planes"],
    "FM109": ["authors: [pascale]", "authors: joe"],
}
REPORTED_ONLY_BY_THE_TOOL = {
    # An editor sees text in place of a YAML date, and cannot distinguish quoted dates.
    "FM103": ["title: 2024-01-31", "date: '2024-01-31'"],
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    house = tmp_path / "templates/letter/house.yaml"
    house.parent.mkdir(parents=True)
    house.write_text(HOUSE, encoding="utf-8")
    (tmp_path / "newsletter.yaml").write_text(PUBLICATION, encoding="utf-8")
    return tmp_path


def front(text: str) -> str:
    key = text.partition(":")[0]
    return "".join(line + "\n" for line in [*BASE.splitlines(), text] if line == text or not line.startswith(f"{key}:"))


def codes(root: Path, text: str) -> set[str]:
    (root / "issues").mkdir()
    (root / "issues/letter.md").write_text(f"---\n{front(text)}---\n\nHello.\n", encoding="utf-8")
    return {found.code for found in check_issues(root, issue_files(root), select=["FM10"]).diagnostics}


def flagged(root: Path, text: str, house_yaml: str = "") -> list[str]:
    if house_yaml:
        (root / "templates/letter/house.yaml").write_text(house_yaml, encoding="utf-8")
    house, faults = load_house("letter", (root / "templates",), root)
    assert not faults
    schema = front_schema(house, load_workspace(root).publication.authors)
    jsonschema.Draft7Validator.check_schema(schema)
    return [error.message for error in jsonschema.Draft7Validator(schema).iter_errors(as_editors_see(front(text)))]


@pytest.mark.parametrize("text", VALID)
def test_valid_front_matter_is_valid_for_both(text: str, root: Path):
    assert codes(root, text) == set()
    assert flagged(root, text) == []


@pytest.mark.parametrize(("code", "text"), [(code, text) for code, texts in INVALID.items() for text in texts])
def test_invalid_front_matter_is_invalid_for_both(code: str, text: str, root: Path):
    assert codes(root, text) == {code}
    assert flagged(root, text) != []


@pytest.mark.parametrize(
    ("code", "text"), [(code, text) for code, texts in REPORTED_ONLY_BY_THE_TOOL.items() for text in texts]
)
def test_errors_that_a_schema_cannot_express_are_reported_by_the_tool(code: str, text: str, root: Path):
    assert codes(root, text) == {code}
    assert flagged(root, text) == []


def test_other_fields_can_be_allowed(root: Path):
    assert flagged(root, "mood: calm", "other_fields: true") == []
    assert flagged(root, "cover: {image: x.png, height: 5}", "other_fields: true") == []


def test_values_valid_in_one_era_or_variant_are_accepted(root: Path):
    yaml = """
front: {editors: {type: list}, cover: {required: {since: 120}}, mood: {until: 99}}
variants:
  special: {when: {title: Special}, front: {guest: required}}
"""
    assert flagged(root, "cover: x.png", yaml) == []
    assert flagged(root, "mood: calm", yaml) == []
    assert flagged(root, "guest: Jane\ncover: x.png", yaml) == []
    assert flagged(root, "moood: calm", yaml) != []
