"""Findings about emails are cached, and made again after any change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.commands.check import check_issues
from newsletter.config.load import load_workspace
from newsletter.config.workspace import issue_files
from newsletter.errors import ConfigurationError
from newsletter.project import checking
from newsletter.project.checking import mails_of
from newsletter.project.mail_memory import FILE
from newsletter.project.project import Project
from tests.sample_values import YAML

if TYPE_CHECKING:
    from pathlib import Path

LETTER = """\
---
title: Ports
number: {number}
date: 2024-01-{number:02}
summary: Three ports are full, and the ships that wait have begun to unload each other. ({number})
subject: "Re: ships of day {number}"
---

Ships wait for days.
"""
FOOTER = '<mj-section><mj-column><mj-text>{{ address }} <a href="{{ unsubscribe_url }}">stop</a></mj-text></mj-column></mj-section>'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path, "newsletter.yaml", YAML)
    write(tmp_path, "templates/letter/house.yaml", "name: Letter\n")
    for number in (1, 2):
        write(tmp_path, f"issues/2024-01-{number:02}-ports/index.md", LETTER.format(number=number))
    return tmp_path


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The issues whose emails are rendered."""
    paths: list[str] = []

    def noted(project, reading):
        paths.append(reading.file.name)
        return mails_of(project, reading)

    monkeypatch.setattr(checking, "mails_of", noted)
    return paths


def write(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text, encoding="utf-8")


def codes(root: Path, **which) -> list[str]:
    found = check_issues(root, issue_files(root), **which).diagnostics
    return [one.code for one in found if one.code.startswith("EM")]


def test_no_email_is_rendered_twice(root: Path, made: list[str]):
    assert codes(root) == ["EM117", "EM117"]
    assert len(made) == 2
    assert codes(root) == ["EM117", "EM117"]
    assert len(made) == 2


def test_no_email_is_rendered_for_other_rules(root: Path, made: list[str]):
    assert codes(root, select=("ST", "FM")) == []
    assert codes(root, ignore=("EM",)) == []
    assert made == []


def test_cached_findings_are_used_for_fewer_rules_but_not_for_more(root: Path, made: list[str]):
    assert codes(root, select=("EM116", "EM117")) == ["EM117", "EM117"]
    assert codes(root, select=("EM117",)) == ["EM117", "EM117"]
    assert codes(root, select=("EM116",)) == []
    assert len(made) == 2
    codes(root, select=("EM101",))
    assert len(made) == 4


@pytest.mark.parametrize(
    ("name", "text", "again"),
    [
        ("issues/2024-01-01-ports/index.md", LETTER.format(number=1).replace("Re: ", ""), 1),
        ("newsletter.yaml", YAML + "description: Ships.\n", 2),
        ("templates/theme/email/footer.mjml", FOOTER, 2),
        ("issues/2024-01-01-ports/other.png", "", 0),
    ],
)
def test_a_changed_issue_is_rendered_again(root: Path, made: list[str], name: str, text: str, again: int):
    codes(root)
    made.clear()
    write(root, name, text)
    codes(root)
    assert len(made) == again


def test_a_new_picture_causes_rendering_again(root: Path, made: list[str]):
    path = "issues/2024-01-01-ports/index.md"
    write(root, path, LETTER.format(number=1) + "\n![A stack](stack.png)\n")
    codes(root)
    made.clear()
    write(root, "issues/2024-01-01-ports/stack.png", "")
    codes(root)
    assert made == ["2024-01-01-ports"]


def test_a_broken_cache_is_ignored(root: Path, made: list[str]):
    before = codes(root)
    write(root, FILE, '{"base": 1, "issues": []}')
    assert codes(root) == before
    assert len(made) == 4


def test_many_emails_are_rendered_in_several_processes_and_cached(root: Path, made: list[str]):
    for number in range(3, 29):
        write(root, f"issues/2024-01-{number:02}-ports/index.md", LETTER.format(number=number))
        write(root, f"issues/2024-02-{number:02}-ports/index.md", LETTER.format(number=number).replace("-01-", "-02-"))
    assert set(codes(root)) == {"EM117"}
    made.clear()
    assert len(codes(root)) == 54
    assert made == []


def test_an_invalid_template_is_reported_once(root: Path):
    write(root, "templates/theme/email/footer.mjml", "<mj-section><mj-colum></mj-colum></mj-section>")
    with pytest.raises(ConfigurationError) as raised:
        check_issues(root, issue_files(root))
    assert [(one.code, one.path) for one in raised.value.diagnostics] == [
        ("CF101", "templates/theme/email/footer.mjml")
    ]
    assert codes(root, select=("FM",)) == []


def test_an_issue_with_unreadable_front_matter_has_no_email(root: Path, made: list[str]):
    write(root, "issues/2024-01-01-ports/index.md", "---\ntitle: [\n---\n\nShips.\n")
    assert codes(root) == ["EM117"]
    assert made == ["2024-01-02-ports"]


def test_both_editions_are_checked(root: Path):
    paid = "\n::: only paid\n" + "Eleven ships wait before the port, and nobody knows why.\n" * 300 + ":::\n"
    write(root, "issues/2024-01-01-ports/index.md", LETTER.format(number=1).replace("Re: ", "") + paid)
    write(root, "newsletter.yaml", YAML + "email: {limit: 25, warn_at: 10}\n")
    found = [one.code for one in check_issues(root, issue_files(root)[:1], select=("EM1",)).diagnostics]
    assert "EM101" in found


def test_an_impossible_fallback_does_not_prevent_a_check(root: Path):
    write(root, "issues/2024-01-01-ports/index.md", LETTER.format(number=1) + """\nDear {{ first_name | "it's" }}.\n""")
    project = Project(load_workspace(root))
    (mail,) = mails_of(project, project.read(issue_files(root)[0]))
    assert "Dear {{ first_name" in mail.text
