from __future__ import annotations

import pytest

from newsletter.errors import UsageError, WorldError
from newsletter.workspace import IssueFile, find_root, issue_files


def write(root, *names):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x")


def test_the_workspace_is_found_from_deep_inside_it(tmp_path):
    write(tmp_path, "newsletter.yaml", "issues/one/index.md")
    assert find_root(tmp_path / "issues" / "one") == tmp_path.resolve()
    assert find_root(tmp_path) == tmp_path.resolve()


def test_the_nearest_workspace_wins(tmp_path):
    write(tmp_path, "newsletter.yaml", "inner/newsletter.yaml", "inner/issues/x.md")
    assert find_root(tmp_path / "inner" / "issues") == (tmp_path / "inner").resolve()


def test_no_workspace_is_said_with_a_way_out(tmp_path):
    with pytest.raises(UsageError) as caught:
        find_root(tmp_path)
    assert "newsletter init" in caught.value.hint


def test_issues_are_folders_with_an_index_and_lone_files_by_name(tmp_path):
    write(
        tmp_path,
        "issues/2024-02-b/index.md",
        "issues/2024-02-b/photo.jpg",
        "issues/2024-01-a.md",
        "issues/2024-03-c/index.md",
        "issues/no-index/notes.md",
        "issues/.hidden/index.md",
        "issues/.draft.md",
        "issues/readme.txt",
    )
    assert issue_files(tmp_path) == (
        IssueFile("issues/2024-01-a.md", "issues", "2024-01-a"),
        IssueFile("issues/2024-02-b/index.md", "issues/2024-02-b", "2024-02-b"),
        IssueFile("issues/2024-03-c/index.md", "issues/2024-03-c", "2024-03-c"),
    )


def test_a_folder_and_a_file_of_one_name_are_both_there(tmp_path):
    write(tmp_path, "issues/a/index.md", "issues/a.md")
    assert [file.path for file in issue_files(tmp_path)] == ["issues/a.md", "issues/a/index.md"]


def test_a_workspace_without_issues_has_none(tmp_path):
    assert issue_files(tmp_path) == ()


def test_issues_that_is_a_file_stops_the_run(tmp_path):
    write(tmp_path, "issues")
    with pytest.raises(WorldError, match="issues/ cannot be read"):
        issue_files(tmp_path)
