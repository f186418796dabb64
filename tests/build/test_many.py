"""A build of many issues in several processes, in a workspace where nothing was ever looked at before."""

from __future__ import annotations

from datetime import UTC, datetime

from newsletter.build.pipeline import build
from newsletter.project.workers import WORTH_IT

YAML = "title: T\nurl: https://t.test/\nsender: {name: T, email: t@t.test}\naddress: Street 5, Ghent\nkind: essay\n"


def test_many_issues_are_built_by_workers_that_look_up_no_history_of_their_own(tmp_path):
    (tmp_path / "newsletter.yaml").write_text(YAML)
    count = WORTH_IT + 10
    for number in range(count):
        folder = tmp_path / f"issues/2024-01-01-letter-{number}"
        folder.mkdir(parents=True)
        (folder / "index.md").write_text(f"---\ntitle: Letter {number}\ndate: 2024-01-01\n---\n\nWords.\n")
    assert build(tmp_path, now=datetime(2024, 2, 1, tzinfo=UTC), processes=2).published == count
