"""`newsletter house infer` on the command line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from newsletter.cli import run
from tests.infer.letters import Made, Part, write_letters

if TYPE_CHECKING:
    from pathlib import Path

PARTS = (Part("In short", "linked"), Part("Until next week", "prose"))
MADE = Made(PARTS, 12, titled=True, summary=False, dated=False, seed=3)


@pytest.fixture
def letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with twelve issues and no house format, as the current directory."""
    write_letters(MADE, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_file_is_printed_and_the_report_goes_to_stderr(letters: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["house", "infer"]) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("# Inferred from 12 issues, 1 to 12.\n")
    assert "heading: In short" in printed.out
    assert printed.err.startswith("12 issues, 1 to 12: 12 follow every rule below\n")
    assert not (letters / "templates").exists()


def test_the_file_is_written_and_the_check_passes_with_it(letters: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["house", "infer", "issues", "-o", "templates/weekly/house.yaml"]) == 0
    printed = capsys.readouterr().out
    assert printed.endswith("  templates/weekly/house.yaml\n")
    assert re.search(r"12 of 12  sections\.in-short\.items: link: required", printed)
    assert run(["check", "--select", "FM,ST"]) == 0


def test_an_existing_house_format_is_not_overwritten(letters: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = letters / "house.yaml"
    own.write_text("name: Mine\n", encoding="utf-8")
    assert run(["house", "infer", "-o", "house.yaml"]) == 2
    assert "house.yaml already exists" in capsys.readouterr().err
    assert own.read_text(encoding="utf-8") == "name: Mine\n"
    assert run(["house", "infer", "-o", "house.yaml", "--force"]) == 0
    assert own.read_text(encoding="utf-8").startswith("# Inferred")


def test_single_issues_can_be_given(letters: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = sorted(path.stem for path in (letters / "issues").iterdir())[:5]
    assert run(["house", "infer", *names]) == 0
    assert "Inferred from 5 issues" in capsys.readouterr().out


def test_any_folder_of_issues_can_be_given(
    letters: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (letters / "newsletter.yaml").unlink()
    (letters / "issues" / "README.md").write_text("# About\n", encoding="utf-8")
    monkeypatch.chdir(letters.parent)
    assert run(["house", "infer", str(letters / "issues"), "--kind", "harbour"]) == 0
    assert "name: Harbour" in capsys.readouterr().out


def test_drafts_are_not_past_issues(letters: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (letters / "issues" / "2024-02-02-draft.md").write_text("---\ntitle: x\ndraft: true\n---\n", encoding="utf-8")
    assert run(["house", "infer"]) == 0
    assert "Inferred from 12 issues" in capsys.readouterr().out


def test_two_issues_are_too_few(letters: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = sorted(path.stem for path in (letters / "issues").iterdir())[:2]
    assert run(["house", "infer", *names]) == 2
    assert "a house format cannot be inferred from 2 issues" in capsys.readouterr().err


@pytest.mark.usefixtures("letters")
def test_a_kind_needs_a_valid_folder_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["house", "infer", "--kind", "My letter"]) == 2
    assert "a kind cannot be called `My letter`" in capsys.readouterr().err
