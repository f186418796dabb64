"""The history before an issue that is being written, if it contains an older version of the issue."""

from __future__ import annotations

from dataclasses import replace

import pytest

from newsletter.check.facts.history import History, PastIssue


def past(path: str, day: int, **changes: object) -> PastIssue:
    issue = PastIssue(
        path, path, "letter", "en", day, f"2026-01-{day:02}", float(day), stories={"news": {"a.example": day}}
    )
    return replace(issue, **changes)


ISSUES = [past("first", 1), past("second", 5), past("third", 9)]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"words": 7},
        {"stories": {}},
        {"number": 20},
        {"date": "2026-01-12", "moment": 12.0},
        {"date": "", "moment": 0.0},
        {"draft": True},
        {"language": "nl"},
    ],
)
def test_an_older_version_in_the_history_has_no_effect(changes: dict):
    own = replace(ISSUES[1], **changes)
    with_older = History(ISSUES).before(own)
    others = History([ISSUES[0], own, ISSUES[2]]).before(own)
    assert with_older.of_kind("letter") == others.of_kind("letter")
    assert with_older.with_story("a.example") == others.with_story("a.example")
    assert own.path not in {issue.path for issue in with_older.of_kind("letter")}
