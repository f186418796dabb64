"""`newsletter house infer --into`: what a house.yaml says stays, what it does not say is added, what is otherwise is told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from newsletter.cli import run

BRIEFINGS = Path(__file__).parent / "briefings"
OWN = """\
# Ours, since 2019.
name: The Tide

front:
  title: required # always
  number: {required: true}

sections:
  # what happened
  stories:
    heading: "On the water – {date:MMMM yyyy}"
    items: {count: 7, numbered: true} # seven, come what may

  # goodbye
  bye: {heading: Until next month}
"""


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(BRIEFINGS, tmp_path, dirs_exist_ok=True)
    (tmp_path / "templates" / "tide").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def into(workspace: Path, own: str) -> str:
    house = workspace / "templates" / "tide" / "house.yaml"
    house.write_text(own, encoding="utf-8")
    assert run(["house", "infer", "--into", "templates/tide/house.yaml"]) == 0
    return house.read_text(encoding="utf-8")


def test_every_line_stays_in_its_order_with_its_comment(workspace: Path) -> None:
    text = into(workspace, OWN)
    at = 0
    for line in OWN.splitlines():
        begins = line.partition(" #")[0].removesuffix("}").partition(": required")[0]
        assert begins in text[at:], line
        at = text.index(begins, at)
    assert all(comment in text for comment in ("# always", "# seven, come what may", "# what happened\n  stories:"))
    assert run(["check"]) == 0


def test_missing_keys_are_added_under_existing_names(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = into(workspace, OWN)
    told = capsys.readouterr().out
    assert "on-the-water:" not in text
    assert "items: {count: 7, numbered: true, link: required" in text
    assert "last: {look: roundup" in text
    for keys in ("front.summary", "sections.essay", "sections.stories.items.last", "sections.book-of-the-month"):
        assert f"\n  {keys}\n" in told
    places = [text.index(name) for name in ("essay:", "stories:", "book-of-the-month:", "work-on-the-quay:", "bye:")]
    assert places == sorted(places)
    assert (workspace / "templates" / "tide" / "snippets" / "notice.md").exists()


def test_a_contradicted_key_is_reported_and_stays(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = into(workspace, OWN.replace("count: 7", "count: 5-6"))
    assert "count: 5-6" in text
    assert "sections.stories.items.count: 0 of 3 follow it" in capsys.readouterr().out


def test_a_key_without_a_value_is_kept_and_reported(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "\nfront:\n\nopening:\n" in into(
        workspace, "name: Tide\n\nfront:\n\nsections:\n  bye: {heading: Until next month}\n"
    )
    assert "Delete a line to have it filled:\n  front\n" in capsys.readouterr().out


def test_a_second_run_adds_nothing(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    once = into(workspace, OWN)
    capsys.readouterr()
    assert into(workspace, once) == once
    assert capsys.readouterr().out.startswith("There is nothing to add.\n")


def test_keys_of_the_parent_kind_are_not_repeated(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    base = workspace / "templates" / "base"
    base.mkdir()
    (base / "house.yaml").write_text(OWN, encoding="utf-8")
    text = into(workspace, "extends: base # theirs\nname: Tide\nsections:\n  bye: {hint: Something warm}\n")
    told = capsys.readouterr().out
    assert text.startswith("extends: base # theirs\nname: Tide\n")
    assert "  stories:" not in text
    assert "number" not in text
    assert "  sections.essay\n" in told
    assert "bye: {hint: Something warm, words: at most 80}" in text


def test_a_house_format_with_faults_is_not_touched(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    house = workspace / "templates" / "tide" / "house.yaml"
    house.write_text(OWN + "sektions: {}\n", encoding="utf-8")
    assert run(["house", "infer", "--into", "templates/tide/house.yaml"]) == 2
    assert "sektions" in capsys.readouterr().err
    assert house.read_text(encoding="utf-8") == OWN + "sektions: {}\n"


@pytest.mark.usefixtures("workspace")
def test_the_file_to_write_to_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["house", "infer", "--into", "x.yaml", "-o", "y.yaml"]) == 2
    assert run(["house", "infer", "--into", "x.yaml"]) == 2
    assert "x.yaml is not there" in capsys.readouterr().err
