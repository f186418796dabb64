"""`newsletter` without a command, the groups of `--help`, and shell completion."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest

from newsletter.cli import COMMANDS, group, run
from tests.sample_values import OPTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh workspace, and the current directory in it."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")  # 2026-09-21
    monkeypatch.chdir(tmp_path)
    assert run(["init", "my-letter", "--kind", "essay", *OPTIONS]) == 0
    monkeypatch.chdir(tmp_path / "my-letter")
    return tmp_path / "my-letter"


def output_of(capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    assert run([]) == 0
    return capsys.readouterr().out


def test_without_a_workspace_the_next_step_is_init(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    reported = output_of(capsys)
    assert "newsletter init my-letter  " in reported
    assert "newsletter init my-letter --from SOURCE" in reported


def test_in_a_new_workspace_the_next_step_is_the_first_issue(letter, capsys):
    assert 'newsletter new "Title"  draft the first issue' in output_of(capsys)


def test_placeholder_values_are_the_first_step(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["init", "letter"]) == 0
    monkeypatch.chdir(tmp_path / "letter")
    first = output_of(capsys).split("\n\n")[1]
    assert "from `newsletter init`" in first
    assert "newsletter check" in first


def test_an_empty_workspace_with_placeholder_values_also_suggests_the_first_issue(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["init", "letter"]) == 0
    monkeypatch.chdir(tmp_path / "letter")
    assert 'newsletter new "Title"  draft the first issue' in output_of(capsys)


def test_a_draft_is_to_be_written_and_checked(letter, capsys):
    assert run(["new", "Hello"]) == 0
    reported = output_of(capsys)
    assert "2026-09-21-hello is a draft with" in reported
    assert "newsletter preview 2026-09-21-hello" in reported
    assert "newsletter build" not in reported, "a draft is not published by a build"


def test_a_complete_draft_is_ready(letter, capsys):
    write(letter, "ready", "draft: true\n")
    one_rule(letter)
    reported = output_of(capsys)
    assert "ready is ready: nothing is missing" in reported
    assert "newsletter send ready --to" in reported
    (publish,) = [line for line in reported.splitlines() if "newsletter publish ready" in line]
    assert publish.endswith("after you remove the line `draft: true`")


def test_after_a_published_issue_the_steps_are_build_and_new(letter, capsys):
    write(letter, "old", "")
    one_rule(letter)
    assert "Nothing has been built yet." in output_of(capsys)
    assert run(["build"]) == 0
    reported = output_of(capsys)
    assert "draft the next issue" in reported
    assert "newsletter publish --all-past  freeze what is on the web" in reported
    shutil.rmtree(letter / "public")
    assert "The folder public/ is gone." in output_of(capsys)
    assert run(["build"]) == 0
    path = letter / "issues/old/index.md"
    path.write_text(path.read_text() + "\nMore.\n")
    assert "old has changed since the last build." in output_of(capsys)


def test_with_a_record_a_change_is_to_be_published_with_a_note(letter, capsys):
    write(letter, "old", "")
    one_rule(letter)
    assert run(["publish", "--all-past"]) == 0
    assert "--all-past" not in output_of(capsys)
    path = letter / "issues/old/index.md"
    path.write_text(path.read_text() + "\nMore.\n")
    reported = output_of(capsys)
    assert "old has changed since it was published, and readers still see the old version." in reported
    assert 'newsletter publish old --revise "what changed"' in reported
    assert run(["publish", "old", "--revise", "what changed"]) == 0
    assert "since it was published" not in output_of(capsys)


def test_the_note_of_a_revision_is_never_lost_silently(letter, capsys):
    write(letter, "old", "")
    one_rule(letter)
    assert run(["publish", "old", "--revise", "  "]) == 2
    assert "--revise has no text" in capsys.readouterr().err
    assert run(["publish", "old", "--revise", "The lift carries more."]) == 0
    assert "the text of --revise is not used" in capsys.readouterr().err


def test_a_withdrawn_issue_is_not_suggested_for_publication(letter, capsys):
    write(letter, "old", "")
    one_rule(letter)
    assert run(["publish", "old"]) == 0
    assert run(["unpublish", "old", "--reason", "A mistake."]) == 0
    reported = output_of(capsys)
    assert "newsletter publish old" not in reported
    assert 'newsletter new "Title"' in reported


def test_an_unreadable_configuration_is_an_error(letter, capsys):
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


def test_help_lists_each_command_once_with_a_complete_line(capsys):
    assert run(["--help"]) == 0
    reported = capsys.readouterr().out
    for name in COMMANDS:
        (line,) = [line for line in reported.splitlines() if line.startswith(f"  {name} ")]
        assert not line.endswith("..."), line


def helps(command: click.Command, name: str, above: click.Context | None = None) -> Iterator[tuple[str, str]]:
    """The help of a command and all its subcommands, by full name."""
    context = click.Context(command, info_name=name, parent=above, terminal_width=80)
    yield context.command_path, command.get_help(context)
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            assert found is not None
            yield from helps(found, inner, context)


@pytest.mark.parametrize(("name", "expected"), [*helps(group, "newsletter")])
def test_help_is_complete_and_shows_no_markup_of_click(name, expected):
    cut = [line for line in expected.splitlines() if line.endswith("...") and not line.startswith("Usage:")]
    assert cut == [], name
    assert "\\b" not in expected, name


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (["chek"], "Did you mean 'check'?"),
        (["check", "--fixx"], "Did you mean '--fix'?"),
        (["check", "--output-format", "jsn"], "Did you mean `json`?"),
        (["push", "hello", "--to", "mailchmp"], "Did you mean `mailchimp`?"),
        (["export", "hello", "--for", "mailchmp"], "Did you mean `mailchimp`?"),
        (["check", "helo"], "Did you mean `hello`?"),
        (["send", "hello"], "Usage: newsletter send --to ADDRESS [OPTIONS] ISSUE"),
        (["export", "hello"], "Usage: newsletter export --for SERVICE [OPTIONS] ISSUE"),
    ],
)
def test_a_misspelt_command_is_reported_with_the_nearest_word(letter, capsys, typed, expected):
    assert run(["new", "Hello"]) == 0
    capsys.readouterr()
    assert run(typed) == 2
    first, *rest = capsys.readouterr().err.splitlines()
    assert first.startswith("error: ")
    assert expected in "\n".join((first, *rest))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["new", "One", "two"], 'newsletter new "One two"'),
        (["new", "One", "--date", "tomorrow"], "`tomorrow` is not a date. Write it as in 2026-01-31."),
        (["house", "show", "--date", "31.1.2026"], "`31.1.2026` is not a date. Write it as in 2026-01-31."),
    ],
)
def test_a_mistyped_argument_is_reported_with_the_right_form(letter, capsys, arguments, expected):
    assert run(arguments) == 2
    assert expected in capsys.readouterr().err


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
