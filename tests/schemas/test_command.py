from __future__ import annotations

import json
from typing import TYPE_CHECKING

import jsonschema
import pytest

from newsletter.cli import run
from tests.sample_values import OPTIONS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("file", ["newsletter", "house", "front"])
def test_a_schema_is_printed(
    file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    run(["init", ".", "--kind", "essay", *OPTIONS])
    capsys.readouterr()
    assert run(["schema", file]) == 0
    shown = capsys.readouterr().out
    assert shown.isascii()
    jsonschema.Draft7Validator.check_schema(json.loads(shown))


def test_a_schema_is_written_to_the_given_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    assert run(["schema", "house", "-o", "schemas/house.json"]) == 0
    assert json.loads((tmp_path / "schemas/house.json").read_text())["title"].startswith("house.yaml")


def test_the_schema_of_a_kinds_front_matter_is_selected_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    run(["init", ".", "--kind", "essay", *OPTIONS])
    assert run(["schema", "front", "--kind", "digest", "-o", "digest.json"]) == 0
    assert "digest" in json.loads((tmp_path / "digest.json").read_text())["title"].lower()
    assert run(["schema", "front", "--kind", "digset"]) == 2
    assert "Did you mean `digest`" in capsys.readouterr().err
    assert run(["schema", "house", "--kind", "digest"]) == 2
