"""What `newsletter` says alone, how `--help` groups the commands, and what a shell completes."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from newsletter.cli import COMMANDS, run
from tests.told import OPTIONS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh workspace, and the current directory in it."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")  # 2026-09-21
    monkeypatch.chdir(tmp_path)
    assert run(["init", "my-letter", "--kind", "essay", *OPTIONS]) == 0
    monkeypatch.chdir(tmp_path / "my-letter")
    return tmp_path / "my-letter"


def said(capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    assert run([]) == 0
    return capsys.readouterr().out


def test_without_a_workspace_it_says_how_to_get_one(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert "newsletter init my-letter" in said(capsys)


def test_a_fresh_workspace_needs_its_first_issue(letter, capsys):
    assert 'newsletter new "Title"  draft the first issue' in said(capsys)


def test_what_init_made_up_comes_first(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["init", "letter"]) == 0
    monkeypatch.chdir(tmp_path / "letter")
    first = said(capsys).split("\n\n")[1]
    assert "from `newsletter init`" in first
    assert "newsletter check" in first


def test_a_draft_is_to_be_written_and_checked(letter, capsys):
    assert run(["new", "Hello"]) == 0
    told = said(capsys)
    assert "2026-09-21-hello is a draft with" in told
    assert "newsletter preview 2026-09-21-hello" in told
    assert "newsletter build" not in told, "a draft is not published by a build"


def test_a_draft_that_lacks_nothing_is_ready(letter, capsys):
    write(letter, "ready", "draft: true\n")
    one_rule(letter)
    told = said(capsys)
    assert "ready is ready: nothing is missing" in told
    assert "newsletter send ready --to" in told


def test_a_published_issue_is_to_be_built_and_then_the_next_one_written(letter, capsys):
    write(letter, "old", "")
    one_rule(letter)
    assert "Nothing has been built yet." in said(capsys)
    assert run(["build"]) == 0
    assert "draft the next issue" in said(capsys)
    path = letter / "issues/old/index.md"
    path.write_text(path.read_text() + "\nMore.\n")
    assert "old has changed since the last build." in said(capsys)


def test_a_configuration_that_cannot_be_read_is_an_error(letter, capsys):
    (letter / "newsletter.yaml").write_text("title: [")
    assert run([]) == 2
    assert "newsletter.yaml:1" in "".join(capsys.readouterr())


def one_rule(letter: Path) -> None:
    path = letter / "newsletter.yaml"
    path.write_text(path.read_text() + "check: {select: [ST104]}\n")


def write(letter: Path, name: str, front: str) -> None:
    path = letter / "issues" / name / "index.md"
    path.parent.mkdir(parents=True)
    path.write_text(f"---\ntitle: {name}\ndate: 2026-01-31\n{front}---\n\nHello.\n")


def test_help_lists_each_command_once_with_a_line_that_is_not_cut(capsys):
    assert run(["--help"]) == 0
    told = capsys.readouterr().out
    for name in COMMANDS:
        (line,) = [line for line in told.splitlines() if line.startswith(f"  {name} ")]
        assert not line.endswith("..."), line


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_the_script_of_a_shell(shell, capsys):
    assert run(["completion", shell]) == 0
    assert "_NEWSLETTER_COMPLETE" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("newsletter st", "status"),
        ("newsletter check he", "2026-09-21-hello"),
        ("newsletter export hello --for butt", "buttondown"),
    ],
)
def test_a_shell_completes_commands_issues_and_services(letter, typed, offered):
    assert run(["new", "Hello"]) == 0
    words = {"COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" ")), "_NEWSLETTER_COMPLETE": "bash_complete"}
    found = subprocess.run(
        [sys.executable, "-m", "newsletter"], env={**os.environ, **words}, capture_output=True, text=True, check=False
    )
    assert f"plain,{offered}" in found.stdout.splitlines()
