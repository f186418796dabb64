"""An issue held back is in no output: the archive, the feeds, an export, the preview's list and the status."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from newsletter.build.pipeline import build
from newsletter.cli import run
from newsletter.commands.feeds import write_feeds
from newsletter.commands.status import status_of
from newsletter.config.workspace import issue_files
from newsletter.preview.session import Session

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 1, tzinfo=UTC)
YAML = """title: Letters
url: https://letters.example/
sender: {name: Letters, email: letters@letters.example}
address: Sluisweg 7, 9000 Ghent
kind: letter
"""
HEAD = "title: A secret\ndate: 2026-06-01\nsummary: What this letter is about, in one line of text.\n"
PATH = "issues/2026-06-01-secret/index.md"


@pytest.fixture
def letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with one published issue, as the current directory."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")  # 2026-09-21
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "newsletter.yaml", YAML)
    write(tmp_path, "templates/letter/house.yaml", "name: Letter\nother_fields: true\n")
    write(tmp_path, "issues/2026-05-01-may/index.md", f"---\n{HEAD.replace('A secret', 'May')}---\n\nHello.\n")
    return tmp_path


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def is_public(root: Path) -> bool:
    """Whether any published file contains the secret."""
    return any(
        b"secret" in (content := path.read_bytes()) or b"Body" in content
        for folder in ("public", "feeds")
        for path in (root / folder).rglob("*")
        if path.is_file()
    )


def codes(capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    assert run(["check", PATH, "--output-format", "concise"]) == 1
    return [line.split()[1] for line in capsys.readouterr().out.splitlines() if line.startswith("issues/")]


@pytest.mark.parametrize("line", ["draft:", "draft: # true", "published: false", "status: draft", "hidden: true"])
def test_an_issue_held_back_is_in_no_output(line: str, letters: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(letters, PATH, f"---\n{HEAD}{line}\n---\n\nBody.\n")
    assert codes(capsys) == ["FM130"]
    report = build(letters, now=NOW)
    assert (report.published, report.diagnostics) == (1, ())
    assert not is_public(letters)
    assert write_feeds(letters, now=NOW).diagnostics == ()
    assert not is_public(letters)
    assert [status.state for status in status_of(letters, issue_files(letters), now=NOW)] == ["published", "draft"]
    session = Session(letters, lambda: NOW)
    assert {entry["title"]: entry["state"] for entry in session.listing()["issues"]} == {
        "May": "published",
        "A secret": "draft",
    }
    assert run(["export", "secret", "--for", "html"]) == 0
    assert "is a draft" in capsys.readouterr().err
    # A finding that is turned off also holds the issue back.
    write(letters, "newsletter.yaml", f"{YAML}check: {{ignore: [FM130]}}\n")
    assert build(letters, now=NOW).published == 1
    write(letters, PATH, f"---\n{HEAD}---\n\nBody.\n")
    assert build(letters, now=NOW).published == 2


def test_a_published_issue_that_is_held_back_is_removed_from_the_archive(letters: Path) -> None:
    write(letters, PATH, f"---\n{HEAD}---\n\nBody.\n")
    build(letters, now=NOW)
    assert is_public(letters)
    write(letters, PATH, f"---\n{HEAD}visibility: private\n---\n\nBody.\n")
    build(letters, now=NOW)
    assert not is_public(letters)


@pytest.mark.parametrize(
    "text",
    [
        f"<!-- a note -->\n---\n{HEAD}draft: true\n---\n\nBody.\n",
        f" ---\n{HEAD}---\n\nBody.\n",
        f"\u200b---\n{HEAD}---\n\nBody.\n",
        "+++\ntitle = 'A secret'\ndraft = true\n+++\n\nBody.\n",
        f"{HEAD}\nBody.\n",
        f"---\n{HEAD}---\n\n---\ntitle: A secret\ndraft: true\n---\n\nBody.\n",
    ],
    ids=["comment", "indent", "unseen", "toml", "bare", "twice"],
)
def test_an_issue_with_front_matter_read_as_text_is_in_no_output(
    text: str, letters: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(letters, PATH, text)
    assert codes(capsys) == ["FM131"], "and nothing that only follows from it"
    report = build(letters, now=NOW)
    assert [found.code for found in report.diagnostics] == ["FM131"]
    assert report.published == 1
    assert not (letters / "build/secret").exists()
    assert [found.code for found in write_feeds(letters, now=NOW).diagnostics] == ["FM131"]
    assert not is_public(letters)
    assert run(["export", "secret", "--for", "html"]) == 1
    assert [status.state for status in status_of(letters, issue_files(letters), now=NOW)] == ["published", "held back"]
    write(letters, "newsletter.yaml", f"{YAML}check: {{ignore: [FM131]}}\n")
    assert build(letters, now=NOW).published == 1


def test_the_status_lists_issues_held_back_for_missing_files(letters: Path) -> None:
    write(letters, PATH, f"---\n{HEAD}---\n\n![A lift](lift.jpg)\n")
    assert [status.state for status in status_of(letters, issue_files(letters), now=NOW)] == ["published", "held back"]


def test_the_status_does_not_call_placeholder_values_published(letters: Path) -> None:
    write(letters, "newsletter.yaml", YAML.replace("Sluisweg 7, 9000 Ghent", "Street 1, 1000 Town, Country"))
    assert {status.state for status in status_of(letters, issue_files(letters), now=NOW)} == {"held back"}
    assert {entry["state"] for entry in Session(letters, lambda: NOW).listing()["issues"]} == {"ready"}
