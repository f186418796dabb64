from __future__ import annotations

import os
import sys

import pytest

from newsletter.config.workspace import IssueFile, find_root, issue_files
from newsletter.errors import UsageError, WorldError


def write(root, *names):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x")


def test_the_workspace_is_found_from_a_subfolder(tmp_path):
    write(tmp_path, "newsletter.yaml", "issues/one/index.md")
    assert find_root(tmp_path / "issues" / "one") == tmp_path.resolve()
    assert find_root(tmp_path) == tmp_path.resolve()


def test_the_nearest_workspace_wins(tmp_path):
    write(tmp_path, "newsletter.yaml", "inner/newsletter.yaml", "inner/issues/x.md")
    assert find_root(tmp_path / "inner" / "issues") == (tmp_path / "inner").resolve()


def test_a_missing_workspace_is_reported_with_advice(tmp_path):
    with pytest.raises(UsageError) as caught:
        find_root(tmp_path)
    assert "newsletter init" in caught.value.hint


def test_issues_are_folders_with_an_index_or_single_files(tmp_path):
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


def test_a_folder_and_a_file_of_one_name_are_both_issues(tmp_path):
    write(tmp_path, "issues/a/index.md", "issues/a.md")
    assert [file.path for file in issue_files(tmp_path)] == ["issues/a.md", "issues/a/index.md"]


def test_a_workspace_without_issues_has_none(tmp_path):
    assert issue_files(tmp_path) == ()


def test_a_file_named_issues_is_an_error(tmp_path):
    write(tmp_path, "issues")
    with pytest.raises(WorldError, match="issues cannot be read: not a directory"):
        issue_files(tmp_path)


def test_a_loop_of_symbolic_links_is_reported_with_its_name(tmp_path):
    (tmp_path / "issues").mkdir()
    (tmp_path / "issues/loop").symlink_to("loop")
    with pytest.raises(WorldError, match="issues/loop cannot be read"):
        issue_files(tmp_path)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the file system takes no such names")
@pytest.mark.parametrize(
    ("name", "shown"), [(b"2024-\xff", r"2024-\udcff"), (b"a\nb", r"a\nb"), (b"\x1b[31m", r"\x1b[31m")]
)
def test_a_name_that_is_invalid_in_addresses_is_an_error(name, shown, tmp_path):
    write(tmp_path, f"issues/{os.fsdecode(name)}/index.md")
    with pytest.raises(UsageError) as caught:
        issue_files(tmp_path)
    assert f"`issues/{shown}/index.md`" in str(caught.value)


@pytest.mark.parametrize("name", ["2024-🚗", "na\u0131\u0308ve", "👨\u200d👩\u200d👧", "quo\"te's", "-x", "中文 名"])
def test_names_in_any_script_are_accepted(name, tmp_path):
    write(tmp_path, f"issues/{name}/index.md")
    assert [file.name for file in issue_files(tmp_path)] == [name]


@pytest.mark.parametrize("inside", [True, False])
def test_an_issue_may_be_a_symbolic_link_only_within_the_workspace(tmp_path, inside):
    root = tmp_path / "letter"
    (root / "issues" / "one").mkdir(parents=True)
    home = root / "drafts" if inside else tmp_path / "elsewhere"
    home.mkdir()
    (home / "index.md").write_text("Text.\n")
    (root / "issues" / "one" / "index.md").symlink_to(home / "index.md")
    (root / "issues" / "two").symlink_to(home, target_is_directory=True)
    if inside:
        assert [file.name for file in issue_files(root)] == ["one", "two"]
        return
    with pytest.raises(UsageError, match="leads out of the workspace"):
        issue_files(root)
