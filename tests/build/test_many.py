"""A build of many issues in several processes, in a new workspace without a cache."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newsletter.build.pipeline import build
from newsletter.project.workers import WORTH_IT

if TYPE_CHECKING:
    from pathlib import Path

YAML = "title: T\nurl: https://t.test/\nsender: {name: T, email: t@t.test}\naddress: Street 5, Ghent\nkind: essay\n"


NOW = datetime(2024, 2, 1, tzinfo=UTC)


def write_issues(root: Path, count: int) -> None:
    (root / "newsletter.yaml").write_text(YAML)
    for number in range(count):
        folder = root / f"issues/2024-01-01-letter-{number}"
        folder.mkdir(parents=True)
        (folder / "index.md").write_text(f"---\ntitle: Letter {number}\ndate: 2024-01-01\n---\n\nWords.\n")


def outputs(root: Path) -> dict[str, bytes]:
    files = (path for name in ("build", "public", "feeds") for path in (root / name).rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def test_workers_that_build_many_issues_load_no_history(tmp_path):
    count = WORTH_IT + 10
    write_issues(tmp_path, count)
    assert build(tmp_path, now=NOW, processes=2).published == count


def test_outputs_held_on_disk_equal_those_held_in_memory(tmp_path, monkeypatch):
    write_issues(tmp_path, 12)
    build(tmp_path, now=NOW)
    expected = outputs(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr("newsletter.build.pipeline.IN_MEMORY", 3)
        patch.setattr("newsletter.build.issue.BEGUN", 3)
        for name in expected:
            (tmp_path / name).unlink()
        report = build(tmp_path, now=NOW, fresh=True)
    assert len(report.made) == 12
    assert outputs(tmp_path) == expected
    assert not build(tmp_path, now=NOW).made
