"""A build of issues with errors: they are reported, and held back if readers would miss something."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from newsletter.build.pipeline import build
from newsletter.cli import run
from newsletter.commands.check import check_issues
from newsletter.commands.feeds import write_feeds
from newsletter.config.workspace import issue_files
from newsletter.diagnostics import Severity

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 1, tzinfo=UTC)
YAML = """title: Letters
url: https://letters.example/
sender: {name: Letters, email: letters@letters.example}
address: Sluisweg 7, 9000 Ghent
kind: letter
"""
BODY = "The opening, with [a link](https://example.org/).\n"


@pytest.fixture
def letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with one correct issue, as the current directory."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")  # 2026-09-21
    monkeypatch.chdir(tmp_path)
    (tmp_path / "newsletter.yaml").write_text(YAML)
    (tmp_path / "templates/letter").mkdir(parents=True)
    (tmp_path / "templates/letter/house.yaml").write_text("name: Letter\n")
    write(tmp_path, "2026-06-01-june", BODY)
    return tmp_path


def write(root: Path, name: str, body: str, *, more: str = "") -> Path:
    path = root / "issues" / name / "index.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    head = (
        f"title: A letter of {name[11:]}\ndate: {name[:10]}\nsummary: What this letter is about, in a line of text.\n"
    )
    path.write_text(f"---\n{head}{more}---\n\n{body}")
    return path


def site(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for folder in ("public", "feeds", "build")
        for path in sorted((root / folder).rglob("*"))
        if path.is_file()
    }


# ── Reported ────────────────────────────────────────────────────────────────────────────────────────────────────────────

WRONG = "## A heading\n\n## A heading\n\nTo <https:/x>, [to](), TK(more).\n"


def test_each_issue_with_errors_is_reported_with_their_number(
    letters: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(letters, "2026-07-01-july", WRONG)
    (file,) = [file for file in issue_files(letters) if "july" in file.path]
    count = sum(found.severity is Severity.ERROR for found in check_issues(letters, [file]).diagnostics)
    assert count > 1
    for _ in range(2):  # cached findings are reported again
        capsys.readouterr()
        assert run(["build"]) == 0
        reported = capsys.readouterr().err
        assert (
            f"{path.relative_to(letters)} has {count} errors: run `newsletter check {path.relative_to(letters)}`"
            in reported
        )
        assert "june" not in reported
    assert run(["build", "--quiet", "june"]) == 0
    assert capsys.readouterr().err == "", "nobody asked about july"


def test_findings_about_the_email_are_counted(letters: Path) -> None:
    write(letters, "2026-07-01-july", "Words that weigh. " * 8000)
    assert not build(letters, now=NOW, fresh=True).errors
    check_issues(letters, issue_files(letters))
    assert build(letters, now=NOW, fresh=True).errors == (("issues/2026-07-01-july/index.md", 1),)


def test_many_issues_are_reported_in_one_line(letters: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for day in range(1, 21):
        write(letters, f"2026-07-{day:02}-july-{day}", WRONG)
    capsys.readouterr()
    assert run(["build"]) == 0
    assert re.search(r"^20 issues have \d+ errors: run `newsletter check`", capsys.readouterr().err, re.MULTILINE)


def test_a_correct_issue_is_not_reported(letters: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["build"]) == 0
    assert "error" not in capsys.readouterr().err


# ── Held back ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("body", "more", "code"),
    [
        ('![A lift](lift.jpg "The lift. Photo: me")\n', "", "FG104"),
        ("A ![lift](pictures/lift.png) in a line.\n", "", "FG104"),
        ("![A lift](../../../lift.jpg)\n", "", "FG105"),
        ("![A lift](/home/me/lift.jpg)\n", "", "FG105"),
        (BODY, "cover: {image: lift.jpg, alt: A lift}\n", "FG104"),
        ("Read [the report](report.pdf).\n", "", "LK104"),
        ("::: audio [Listen](letter.mp3)\nlength: 3 minutes\n:::\n", "", "LK104"),
        ("::: button [The map](map.pdf)\n:::\n", "", "LK104"),
        ("Read [the report](papers/report.pdf).\n", "", "LK104"),
    ],
)
def test_a_missing_file_holds_the_issue_back(
    body: str, more: str, code: str, letters: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(letters, "2026-07-01-july", BODY)
    assert run(["build"]) == 0
    before = site(letters)
    write(letters, "2026-07-01-july", body, more=more)
    assert run(["build"]) == 1
    out = capsys.readouterr().out
    assert f"{path.relative_to(letters)}:" in out
    assert code in out
    assert site(letters) == before
    assert run(["build", "--fresh"]) == 1
    assert not build(letters, now=NOW, only=issue_files(letters)[:1]).diagnostics
    assert [found.code for found in write_feeds(letters, now=NOW).diagnostics] == [code]
    assert run(["export", "july", "--for", "html"]) == 1


def test_a_new_issue_with_errors_is_not_published(letters: Path) -> None:
    write(letters, "2026-07-01-july", "![A lift](lift.jpg)\n")
    report = build(letters, now=NOW)
    assert report.published == 1
    assert not any("july" in name for name in site(letters))
    assert b"July" not in b"".join(site(letters).values())


@pytest.mark.parametrize(
    ("body", "more"),
    [
        ("As [we wrote](../2026-06-01-june/index.md), and [again](../june/).\n", ""),
        ("![A lift](https://example.org/lift.jpg)\n", ""),
        ("![A lift](TK(a picture))\n", ""),
        # An error is reported, but no file is missing.
        (
            "To [a site](example.org), [a page](page.html), [an issue](../2026-01-01-january/index.md), [nothing]().\n",
            "",
        ),
        ("![A lift]()\n", ""),
        ("![A lift](lift.jpg)\n", "draft: true\n"),
        ("<!-- check: ignore FG104 we have none -->\n![A lift](lift.jpg)\n", ""),
        ("<!-- ![A lift](lift.jpg) -->\n\nText.\n", ""),
        ("`![A lift](lift.jpg)`\n", ""),
    ],
)
def test_an_issue_with_existing_or_ignored_files_is_built(body: str, more: str, letters: Path) -> None:
    write(letters, "2026-07-01-july", body, more=more)
    report = build(letters, now=NOW)
    assert report.diagnostics == ()
    assert len(report.made) == 2


def test_only_ignoring_the_rule_publishes_an_issue_with_a_missing_file(letters: Path) -> None:
    write(letters, "2026-07-01-july", "![A lift](lift.jpg)\n")
    (letters / "newsletter.yaml").write_text(f"{YAML}check: {{select: [ST]}}\n")
    assert [found.code for found in build(letters, now=NOW).diagnostics] == ["FG104"]
    (letters / "newsletter.yaml").write_text(f"{YAML}check: {{severity: {{FG104: warning}}}}\n")
    assert build(letters, now=NOW).diagnostics == ()


def test_an_issue_is_built_once_its_file_exists(letters: Path) -> None:
    path = write(letters, "2026-07-01-july", "Read [the report](report.pdf).\n")
    assert build(letters, now=NOW).diagnostics
    (path.parent / "report.pdf").write_bytes(b"%PDF")
    assert not build(letters, now=NOW).diagnostics
    assert (letters / "public/july/report.pdf").exists()


# ── Strict ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_strict_build_builds_nothing_with_errors(letters: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(letters, "2026-07-01-july", WRONG)
    assert run(["build", "--strict"]) == 1
    assert "issues/2026-07-01-july/index.md:" in capsys.readouterr().out
    made = site(letters)
    assert "public/june/index.html" in made
    assert not any("july" in name for name in made)
    write(letters, "2026-07-01-july", BODY)
    assert run(["build", "--strict"]) == 0
    assert "public/july/index.html" in site(letters)


def test_a_strict_build_applies_all_rules_of_a_check(letters: Path) -> None:
    write(letters, "2026-07-01-july", "Words that weigh. " * 8000)
    write(letters, "2026-08-01-august", BODY, more="number: 7\n")
    write(letters, "2026-09-01-september", BODY, more="number: 6\n")
    report = build(letters, now=NOW, strict=True)
    checked = {
        found.path for found in check_issues(letters, issue_files(letters)).diagnostics if found.severity == "error"
    }
    assert {found.path for found in report.diagnostics} == checked
    assert len(checked) > 1


def test_a_strict_build_keeps_and_reports_outputs_of_an_ordinary_one(letters: Path) -> None:
    write(letters, "2026-07-01-july", WRONG)
    build(letters, now=NOW)
    before = site(letters)
    report = build(letters, now=NOW, strict=True)
    assert {found.path for found in report.diagnostics} == {"issues/2026-07-01-july/index.md"}
    assert site(letters) == before
    assert not build(letters, now=NOW, strict=True, only=issue_files(letters)[:1]).diagnostics


def test_a_strict_build_of_many_issues_uses_several_processes(letters: Path) -> None:
    for number in range(60):
        write(letters, f"2026-05-{number % 28 + 1:02}-letter-{number}", WRONG if number == 30 else f"{BODY}{number}")
    report = build(letters, now=NOW, strict=True, processes=2)
    assert {found.path for found in report.diagnostics} == {"issues/2026-05-03-letter-30/index.md"}
    assert report.published == 60
