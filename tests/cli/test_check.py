"""`newsletter check` with and without a terminal."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from newsletter import report
from newsletter.cli import run
from newsletter.cli.check import FORMATS
from newsletter.project import watching
from tests.sample_values import OPTIONS

if TYPE_CHECKING:
    from pathlib import Path

PUBLICATION = (
    "title: L\nurl: https://letters.example/\nsender: {name: L, email: l@letters.example}\nkind: letter\n"
    "check: {ignore: [EM]}\n"
)
WRONG = "---\ntilte: Ships\n---\n\nHello.\n"


@pytest.fixture
def letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace in a folder of a repository, with a correct issue and one with an unknown field."""
    root = tmp_path / "repository/letters"
    (root / "templates/letter").mkdir(parents=True)
    (root / "templates/letter/house.yaml").write_text("name: Letter\n")
    (root / "newsletter.yaml").write_text(PUBLICATION)
    (root / "issues").mkdir()
    (root / "issues/ports.md").write_text("---\ntitle: Ports\n---\n\nHello.\n")
    (root / "issues/ships.md").write_text(WRONG)
    (tmp_path / "repository/.git").mkdir()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.chdir(root)
    return root


def test_every_format_can_be_selected():
    assert set(FORMATS) == set(report.FORMATS)


def test_paths_are_relative_to_the_current_directory(
    letters: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(letters / "issues")
    assert run(["check", "--output-format", "concise"]) == 1
    assert capsys.readouterr().out.startswith("../issues/ships.md:2:1: FM102 ")
    monkeypatch.chdir(letters.parent)
    assert run(["check", "-C", "letters"]) == 1
    assert capsys.readouterr().out.startswith("letters/issues/ships.md:2:1: FM102 ")


@pytest.mark.parametrize("style", ["github", "sarif"])
def test_paths_for_code_hosts_are_relative_to_the_repository(
    style: str, letters: Path, capsys: pytest.CaptureFixture[str]
):
    assert run(["check", "--output-format", style]) == 1
    assert "letters/issues/ships.md" in capsys.readouterr().out


@pytest.mark.parametrize("style", ["json", "github", "sarif"])
def test_an_invalid_house_format_is_also_in_machine_formats(
    style: str, letters: Path, capsys: pytest.CaptureFixture[str]
):
    (letters / "templates/letter/house.yaml").write_text("naem: Letter\n")
    assert run(["check", "--output-format", style]) == 2
    reported = capsys.readouterr()
    assert "HF011" in reported.out
    assert "templates/letter/house.yaml" in reported.out
    if style != "github":
        json.loads(reported.out)


def test_statistics_replace_the_findings(letters: Path, capsys: pytest.CaptureFixture[str]):
    (letters / "issues/trains.md").write_text(WRONG)
    assert run(["check", "--statistics"]) == 1
    shown = capsys.readouterr().out
    assert "    2        -  FM102  unknown-field\n" in shown
    assert "ships.md" not in shown
    assert run(["check", "--statistics", "--output-format", "json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert [rule["code"] for rule in document["statistics"]] == ["FM102"]
    assert len(document["findings"]) == 2


@pytest.mark.parametrize(
    "arguments", [["--statistics", "--output-format", "sarif"], ["--watch", "--output-format", "json"]], ids=str
)
def test_incompatible_options_are_refused(arguments, letters: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["check", *arguments]) == 2
    assert f"cannot be used with --output-format {arguments[-1]}" in capsys.readouterr().err


def test_watching_checks_all_and_then_each_saved_file(
    letters: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def saves(root: Path):
        assert root == letters
        (letters / "issues/ships.md").write_text("---\ntitle: Ships\n---\n\nHello.\n")
        yield frozenset({"README.md"})
        yield frozenset({"issues/ships.md"})
        (letters / "templates/letter/house.yaml").write_text("naem: Letter\n")
        yield frozenset({"templates/letter/house.yaml"})
        (letters / "templates/letter/house.yaml").write_text("name: Letter\n")
        yield frozenset({"templates/letter/house.yaml"})
        raise KeyboardInterrupt

    monkeypatch.setattr(watching, "changes", saves)
    assert run(["check", "--watch"]) == 0
    reported = capsys.readouterr()
    first, second, third, fourth = reported.out.split("\n── ")
    assert "FM102" in first
    assert " ── ships ──" in second
    assert "The issue is clean." in second
    assert " ── 2 issues ──" in third
    assert "All 2 issues are clean." in fourth
    assert "HF011" in reported.err
    assert "\x1b" not in reported.out, "nothing is cleared"


def test_colour_can_be_turned_on_and_off(
    letters: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    run(["check"])
    assert "\x1b" not in capsys.readouterr().out
    monkeypatch.setenv("FORCE_COLOR", "1")
    run(["check"])
    assert "\x1b[1;31mFM102\x1b[0m" in capsys.readouterr().out
    monkeypatch.setenv("NO_COLOR", "1")
    run(["check"])
    assert "\x1b" not in capsys.readouterr().out


def test_a_new_draft_is_summarized_and_each_hint_is_shown_on_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    for kind in ("briefing", "digest", "essay"):
        assert run(["init", kind, "--kind", kind, *OPTIONS]) == 0
        monkeypatch.chdir(tmp_path / kind)
        assert run(["new", "A fresh one"]) == 0
        capsys.readouterr()
        assert run(["check", "a-fresh-one"]) == 0
        blocks = capsys.readouterr().out.split("\n\n")
        assert [
            bool(re.match(r"issues/\S+: ST112 warning: \d+ hints are not filled in yet", one)) for one in blocks
        ] == [
            True,
            False,
        ]
        assert re.fullmatch(r"\d+ warnings in the issue\n", blocks[1])
        assert run(["check", "-v", "a-fresh-one"]) == 0
        assert f"{capsys.readouterr().out.count('a hint is not filled in yet')} warnings in the issue\n" == blocks[1]
        monkeypatch.chdir(tmp_path)
