"""`newsletter init`: its questions, its placeholder values, and that these are never published."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from newsletter.cli import run
from newsletter.config.invented import is_invented
from newsletter.config.load import load_workspace
from tests.sample_values import OPTIONS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with placeholder values and one finished issue, as the current directory."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")  # 2026-09-21
    monkeypatch.chdir(tmp_path)
    assert run(["init", "my-letter", "--kind", "essay"]) == 0
    monkeypatch.chdir(tmp_path / "my-letter")
    assert run(["new", "Hello", "--date", "2026-09-01"]) == 0
    return tmp_path / "my-letter"


def release(root: Path) -> None:
    for path in root.glob("issues/*/index.md"):
        path.write_text(re.sub(r"^draft: true.*\n", "", path.read_text(), flags=re.MULTILINE))


def invented_lines(root: Path) -> list[int]:
    lines = (root / "newsletter.yaml").read_text().split("\n")
    return [
        number
        for number, line in enumerate(lines, 1)
        if not line.strip().startswith("#") and is_invented(line.partition(": ")[2].strip().strip('"'))
    ]


def outputs(root: Path, *folders: str) -> list[str]:
    return [
        path.relative_to(root).as_posix()
        for folder in folders
        for path in sorted((root / folder).rglob("*"))
        if path.is_file()
    ]


def found_in_yaml(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str]]:
    capsys.readouterr()
    code = run([*arguments, "--output-format", "concise"])
    return code, [line for line in capsys.readouterr().out.splitlines() if line.startswith("newsletter.yaml:")]


def test_placeholder_values_are_reported_with_their_line(fresh: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, found = found_in_yaml(capsys, "check")
    assert code == 0, "while all are drafts, it is a warning"
    lines = invented_lines(fresh)
    assert len(lines) == 4
    assert [int(line.split(":")[1]) for line in found] == lines
    assert all("CF017 warning" in line for line in found)
    release(fresh)
    code, found = found_in_yaml(capsys, "check")
    assert code == 1
    assert [int(line.split(":")[1]) for line in found] == lines
    assert not any("warning" in line for line in found)


def test_placeholder_values_are_reported_without_any_issue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    run(["init"])
    assert len(found_in_yaml(capsys, "check")[1]) == 4


def test_an_error_of_one_issue_is_not_repeated_as_a_warning_of_another(
    fresh: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    release(fresh)
    run(["new", "Another"])
    code, found = found_in_yaml(capsys, "check")
    assert code == 1
    assert len(found) == 4
    assert not any("warning" in line for line in found)


def test_nothing_is_published_or_exported_with_placeholder_values(
    fresh: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    release(fresh)
    capsys.readouterr()
    assert run(["build"]) == 1
    reported = capsys.readouterr()
    assert "CF017" in reported.out
    assert "0 published" in reported.out
    assert "not published" in reported.err
    assert outputs(fresh, "public", "feeds") == []
    assert (fresh / "build/hello/email.html").exists(), "to be looked at"
    assert (fresh / "build/style.css").exists()
    assert run(["feed"]) == 1
    assert run(["export", "hello", "--for", "html"]) == 2
    assert run(["export", "hello", "--for", "eml", "-o", "out"]) == 2
    assert outputs(fresh, "public", "feeds", "out", "build/hello/for-html") == []
    assert run(["build"]) == 1, "nothing to do is no reason to be silent"


@pytest.mark.parametrize("options", [[], ["--select", "ST"]])
def test_no_setting_publishes_placeholder_values(
    fresh: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    release(fresh)
    with (fresh / "newsletter.yaml").open("a") as settings:
        settings.write("check: {ignore: [CF017], severity: {CF: warning}}\n")
    assert found_in_yaml(capsys, "check", *options)[1] == []
    assert run(["build"]) == 1
    assert outputs(fresh, "public", "feeds") == []


def test_drafts_are_built_with_placeholder_values(fresh: Path) -> None:
    assert run(["build"]) == 0
    assert outputs(fresh, "public", "feeds") == []


def test_after_all_placeholder_values_are_changed_issues_are_published(fresh: Path) -> None:
    release(fresh)
    assert run(["build"]) == 1
    settings = fresh / "newsletter.yaml"
    text = settings.read_text().replace("change-me.example", "letters.example")
    text = text.replace("Street 1, 1000 Town, Country", "Sluisweg 7, 9000 Ghent")
    settings.write_text(text)
    assert run(["build"]) == 1, "the author is still nobody"
    settings.write_text(text.replace("The name of who writes", "Jane Roe"))
    assert run(["build"]) == 0
    assert (fresh / "public/hello/index.html").exists()
    assert (fresh / "feeds/rss.xml").exists()
    assert not (fresh / "build/hello/page.html").exists()
    # A placeholder restored by mistake stops new issues, and removes no published ones.
    before = outputs(fresh, "public", "feeds")
    settings.write_text(text)
    run(["new", "Another", "--date", "2026-09-02"])
    release(fresh)
    assert run(["build"]) == 1
    assert outputs(fresh, "public", "feeds") == before


@pytest.mark.parametrize(
    ("line", "invented"),
    [
        ("description: One sentence about what readers get, and how often.", True),
        ("paid_url: https://members.change-me.example/", True),
        ("subscribe_url: https://change-me.example/subscribe", True),
        ("subscribe_url: https://letters.example/subscribe", False),
        ("subscribe_url: https://change-me.example.org/", False),
        ("description: Do not change-me.example anything", False),
        ("reason: You get this as you subscribed at https://change-me.example/.", True),
    ],
)
def test_placeholder_values_are_recognized_at_every_place(line: str, invented: bool, tmp_path: Path) -> None:
    run(["init", str(tmp_path), *OPTIONS])
    with (tmp_path / "newsletter.yaml").open("a") as settings:
        settings.write(f"{line}\n")
    from newsletter.config.invented import invented_in

    assert bool(invented_in(load_workspace(tmp_path))) == invented


def test_values_from_options_are_not_placeholders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["init", str(tmp_path / "x"), "--title", 'The "Lock" @URL@', *OPTIONS])
    assert invented_lines(tmp_path / "x") == []
    publication = load_workspace(tmp_path / "x").publication
    assert publication.title == 'The "Lock" @URL@'
    assert (publication.sender.name, publication.sender.email) == ("The editor", "letters@letters.example")
    assert publication.authors["editor"].name == "The editor"
    assert found_in_yaml(capsys, "check", "-C", str(tmp_path / "x"))[1] == []


@pytest.mark.parametrize(
    "option", ["--url=letters.example", "--url=https://x.example/?a", "--email=me", "--sender=Jane <j@x.example>"]
)
def test_values_that_newsletter_yaml_cannot_contain_are_refused(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init", str(tmp_path), option]) == 2
    assert option.split("=", maxsplit=1)[0] in capsys.readouterr().err
    assert not (tmp_path / "newsletter.yaml").exists()


def on_a_terminal(folder: Path, answers: str, *options: str) -> str:
    """The output of `newsletter init` on a terminal with the typed `answers`."""
    main, terminal = pty.openpty()
    os.write(main, answers.encode())
    command = [sys.executable, "-m", "newsletter", "init", "letter", *options]
    process = subprocess.Popen(command, cwd=folder, stdin=terminal, stdout=terminal, stderr=terminal, close_fds=True)
    os.close(terminal)
    output = b""
    try:
        while chunk := os.read(main, 4096):
            output += chunk
    except OSError:  # the other end of the terminal is closed
        pass
    assert process.wait() == 0, output.decode()
    os.close(main)
    return re.sub(r"\x1b\[[0-9;]*m", "", output.decode())


def test_on_a_terminal_init_asks_for_the_required_values(tmp_path: Path) -> None:
    answers = (
        "The Lock Keeper\nJane Roe\njane\njane@letters.org\nSluisweg 7, 9000 Ghent\nletters.org\nhttps://letters.org\n"
    )
    output = on_a_terminal(tmp_path, answers)
    assert "not an email address" in output
    assert "not a web address" in output
    assert invented_lines(tmp_path / "letter") == []
    publication = load_workspace(tmp_path / "letter").publication
    assert publication.title == "The Lock Keeper"
    assert publication.sender.email == "jane@letters.org"
    assert publication.address == "Sluisweg 7, 9000 Ghent"
    assert publication.url == "https://letters.org/"


def test_an_answer_may_be_left_empty(tmp_path: Path) -> None:
    on_a_terminal(tmp_path, "\n" * 5)
    assert load_workspace(tmp_path / "letter").publication.title == "Letter"
    assert len(invented_lines(tmp_path / "letter")) == 3, "who writes is then who sends"


def test_options_are_not_asked_for_and_yes_asks_nothing(tmp_path: Path) -> None:
    assert "What is it called?" not in on_a_terminal(tmp_path, "\n" * 4, "--title", "The Lock Keeper")
    (tmp_path / "letter/newsletter.yaml").unlink()
    assert "?" not in on_a_terminal(tmp_path, "", "--yes")
