"""The cache of past issues makes checks faster, and never changes their result."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from newsletter.commands.check import check_issues, open_check
from newsletter.commands.init import start_workspace
from newsletter.config.workspace import issue_files
from newsletter.memory import recall, store
from newsletter.project import history as history_module
from newsletter.project.history import FILE, load_history
from tests.sample_values import SAMPLE_VALUES

if TYPE_CHECKING:
    from pathlib import Path

STORY = "https://ports.example/story"


def issue(number: int, link: str) -> str:
    head = (
        f"title: Issue {number}\ndate: 2024-01-{number:02}\nnumber: {number}\nsummary: What number {number} is about."
    )
    return f"---\n{head}\n---\n\nThe opening.\n\n## News\n\n- [The story of number {number}]({link})\n"


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """A workspace with three issues. The third repeats the story of the first."""
    root = tmp_path / "letters"
    start_workspace(root, kind="essay", title="Letters", **SAMPLE_VALUES)
    for number, link in enumerate((STORY, f"{STORY}/other", STORY), 1):
        write(root, number, link)
    return root


def write(root: Path, number: int, link: str) -> Path:
    path = root / f"issues/number-{number}.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(issue(number, link), encoding="utf-8")
    return path


def repeats(root: Path, number: int = 3) -> list[str]:
    """The earlier issues with the story of an issue."""
    files = [file for file in issue_files(root) if file.name == f"number-{number}"]
    return [found.label.partition(":")[0] for found in check_issues(root, files, select=("HS101",)).diagnostics]


def test_a_check_of_one_issue_knows_the_others_with_and_without_a_cache(letters: Path):
    assert repeats(letters) == ["issues/number-1.md"]
    assert (letters / FILE).is_file()
    assert repeats(letters) == ["issues/number-1.md"]


def test_an_issue_that_changed_is_read_again(letters: Path):
    repeats(letters)
    write(letters, 1, f"{STORY}/gone")
    write(letters, 2, STORY)
    assert repeats(letters) == ["issues/number-2.md"]


def test_a_change_of_the_same_size_and_time_is_noticed(letters: Path):
    path = letters / "issues/number-1.md"
    moment = path.stat().st_mtime_ns
    repeats(letters)
    path.write_text(path.read_text().replace("/story", "/stone"))
    store(letters, FILE, recall(letters, FILE) | {"saved": moment})
    os.utime(path, ns=(moment, moment))
    assert repeats(letters) == []


def test_a_removed_issue_is_forgotten(letters: Path):
    repeats(letters)
    (letters / "issues/number-1.md").unlink()
    assert repeats(letters) == []


def test_a_changed_house_format_causes_reading_again(letters: Path):
    repeats(letters)
    house = letters / "templates/essay/house.yaml"
    house.parent.mkdir(parents=True, exist_ok=True)
    house.write_text("name: Essay\nsections:\n  news: {heading: News}\nlinks: {repeats: [news]}\n", encoding="utf-8")
    assert repeats(letters) == []


@pytest.mark.parametrize("content", ["", "{}", "[]", "null", '{"base": 1, "saved": "x", "issues": []}', "\x00"])
def test_an_unreadable_cache_is_ignored(content: str, letters: Path):
    repeats(letters)
    (letters / FILE).write_text(content)
    assert repeats(letters) == ["issues/number-1.md"]


def test_cache_entries_of_another_shape_are_ignored(letters: Path):
    repeats(letters)
    saved = recall(letters, FILE)
    good = saved["issues"]["issues/number-1.md"]
    for broken in ([], [1], [1, 2, 3, 4], [*good[:2], ["x"]], [[0, 0, 0], "", None]):
        saved["issues"]["issues/number-1.md"] = broken
        store(letters, FILE, saved)
        assert repeats(letters) == ["issues/number-1.md"]


def test_without_a_writable_cache_all_issues_are_read_each_time(letters: Path):
    (letters / ".newsletter").write_text("a file where the folder would be")
    assert repeats(letters) == ["issues/number-1.md"]


def test_an_issue_with_unreadable_front_matter_is_left_out(letters: Path):
    (letters / "issues/number-1.md").write_text(issue(1, STORY).replace("number: 1", "number: [1"))
    assert repeats(letters) == []


def test_for_an_unchanged_workspace_nothing_is_read_or_written(letters: Path, monkeypatch: pytest.MonkeyPatch):
    project, _ = open_check(letters)
    first = load_history(project)
    raw = recall(letters, FILE)
    store(
        letters, FILE, raw | {"saved": raw["saved"] + 1_000_000_000}
    )  # as if it had not been written in the same tick
    before = (letters / FILE).stat()
    monkeypatch.setattr(history_module, "_look", None)
    project, _ = open_check(letters)
    assert load_history(project).issues == first.issues
    assert (letters / FILE).stat() == before


def test_reading_many_issues_in_several_processes_gives_the_same_result(letters: Path, monkeypatch: pytest.MonkeyPatch):
    one_by_one = load_history(open_check(letters)[0])
    (letters / FILE).unlink()
    monkeypatch.setattr(history_module, "WORTH_IT", 1)
    monkeypatch.setattr("newsletter.project.workers.WORTH_IT", 1)
    assert load_history(open_check(letters)[0], processes=2).issues == one_by_one.issues


def test_checking_many_issues_in_several_processes_gives_the_same_result(
    letters: Path, monkeypatch: pytest.MonkeyPatch
):
    files = issue_files(letters)
    one_by_one = check_issues(letters, files)
    monkeypatch.setattr("newsletter.commands.check.WORTH_IT", 1)
    monkeypatch.setattr("newsletter.project.workers.WORTH_IT", 1)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    assert check_issues(letters, files) == one_by_one
    assert one_by_one.diagnostics
