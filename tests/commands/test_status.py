"""`newsletter status`: its numbers are those of a check."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from newsletter.cli import run
from newsletter.commands.check import check_issues
from newsletter.commands.status import status_of
from newsletter.config.workspace import issue_files
from newsletter.diagnostics import Severity
from tests.sample_values import OPTIONS

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 30, tzinfo=UTC)


@pytest.fixture
def letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace in the current directory with two complete drafts that are alike."""
    monkeypatch.chdir(tmp_path)
    assert run(["init", "letters", "--kind", "essay", *OPTIONS]) == 0
    monkeypatch.chdir(tmp_path / "letters")
    for name in ("first", "second"):
        path = tmp_path / "letters/issues" / name / "index.md"
        path.parent.mkdir(parents=True)
        path.write_text(
            f"---\ntitle: The {name}\nnumber: 7\ndate: 2026-01-31\ndraft: true\n---\n\n"
            "Read [the log of the lock](https://gates.example/log).\n"
        )
    return tmp_path / "letters"


@pytest.mark.parametrize("count", [1, 2, 18])
def test_each_issue_has_as_many_findings_as_in_a_check(letters, count):
    for number in range(2, count):
        path = letters / "issues" / f"more-{number}.md"
        path.write_text((letters / "issues/first/index.md").read_text().replace("The first", f"More {number}"))
    files = issue_files(letters)[:count]
    counts = Counter((found.path, found.severity) for found in check_issues(letters, files).diagnostics)
    assert {severity for _, severity in counts} == {Severity.ERROR, Severity.WARNING}
    for status, file in zip(status_of(letters, files, now=NOW), files, strict=True):
        assert (status.name, status.errors, status.warnings) == (
            file.name,
            counts[file.path, Severity.ERROR],
            counts[file.path, Severity.WARNING],
        )


def test_an_issue_that_repeats_an_earlier_one_is_not_called_ready(letters, capsys):
    with (letters / "newsletter.yaml").open("a") as configuration:
        configuration.write("check: {select: [FM108]}\n")
    capsys.readouterr()
    assert run([]) == 0
    reported = capsys.readouterr().out
    assert "nothing is missing" not in reported
    assert "second is a draft with " in reported
