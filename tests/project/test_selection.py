from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.config.workspace import issue_files
from newsletter.errors import UsageError
from newsletter.project.selection import select_issues

if TYPE_CHECKING:
    from pathlib import Path

FILES = (
    "issues/2024-01-31-ports/index.md",
    "issues/2024-01-31-ports/crane.jpg",
    "issues/2024-02-28-ports/index.md",
    "issues/2024-03-31-ships.md",
    "issues/2024-04-30-trains.md",
    "issues/ship.jpg",
    "issues/notes/plan.txt",
    "newsletter.yaml",
)
ALL = ("2024-01-31-ports", "2024-02-28-ports", "2024-03-31-ships", "2024-04-30-trains")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in FILES:
        path = tmp_path / "letters" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path / "letters"


def selected(root: Path, *names: str, here: Path | None = None) -> tuple[str, ...]:
    return tuple(file.name for file in select_issues(issue_files(root), names, root=root, here=here or root))


@pytest.mark.parametrize(
    ("names", "meant"),
    [
        ((), ALL),
        (("2024-01-31-ports",), ALL[:1]),
        (("issues/2024-01-31-ports",), ALL[:1]),
        (("issues/2024-01-31-ports/index.md",), ALL[:1]),
        (("ships",), ALL[2:3]),
        (("trains", "issues/2024-01-31-ports/"), (ALL[0], ALL[3])),
        (("issues/2024-01-31-ports/crane.jpg", "issues/2024-01-31-ports/index.md"), ALL[:1]),
        (("issues/ship.jpg",), ALL[2:]),
        (("newsletter.yaml",), ()),
    ],
    ids=str,
)
def test_an_issue_can_be_given_by_path_folder_slug_or_file(names, meant, root: Path):
    assert selected(root, *names) == meant


def test_paths_may_be_relative_to_the_current_directory(root: Path, monkeypatch: pytest.MonkeyPatch):
    assert selected(root, "index.md", here=root / "issues/2024-01-31-ports") == ALL[:1]
    monkeypatch.chdir(root.parent)
    assert selected(root, "letters/issues/2024-02-28-ports/index.md") == ALL[1:2]


@pytest.mark.parametrize(("name", "expected"), [("ports", "could mean 2 issues"), ("shps", "no issue `shps`")])
def test_an_unknown_or_ambiguous_name_is_refused(name: str, expected: str, root: Path):
    with pytest.raises(UsageError, match=expected):
        selected(root, name)


def test_a_missing_file_is_not_an_issue(root: Path):
    with pytest.raises(UsageError, match="no issue"):
        selected(root, "issues/2023-01-31-ports/index.md")
