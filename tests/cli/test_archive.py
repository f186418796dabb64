"""`newsletter archive` on the command line."""

from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING

import pytest

from newsletter.cli import run
from tests.archive.past import FROST, LOCKS, make_past, record

if TYPE_CHECKING:
    from pathlib import Path

LOCKS_FILE = "issues/2024-02-01-locks-that-leak/index.md"
FROST_FILE = "issues/2024-01-01-frost/index.md"


@pytest.fixture
def past(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1717200000")  # 2024-06-01
    make_past(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def output_of(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


@pytest.mark.usefixtures("past")
def test_search_shows_place_issue_and_snippet(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["archive", "search", "grease"]) == 0
    assert output_of(capsys) == (
        f"{LOCKS_FILE}:27  A second story\n"
        "    No. 7 · 2024-02-01 · Locks that leak · News · for paying readers only\n"
        "    The secret of the sluice is grease.\n\n"
    )
    assert run(["archive", "search", "hippopotamus"]) == 1
    assert run(["archive", "search", "before:never"]) == 2
    assert run(["archive", "search", "takes the lead", "-draft"]) == 0
    assert run(["archive", "search", "takes the lead", "-China"]) == 1, "which is no option -C"
    assert run(["archive", "search", "lead -China"]) == 1
    assert run(["archive", "search", "lead takes the"]) == 0, "nowhere as a phrase, but in these words"
    assert run(["archive", "search", "lead", "--", "-hebei"]) == 1
    assert run(["archive", "search", "electrolysers", "--section", "news", "--limit", "1"]) == 0


@pytest.mark.usefixtures("past")
def test_hits_are_bold_where_the_terminal_shows_that(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)
    run(["archive", "search", "sluice"])
    assert "the \x1b[1msluice\x1b[0m is" in output_of(capsys)


def test_the_content_of_issues_cannot_move_the_cursor(past: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (past / "issues/evil.md").write_text('---\ntitle: "e\\x1b[2Jvil"\n---\n\nA quagga \x1b]0;x\x07 \u202e there.\n')
    for command in (["search", "quagga"], ["list"], ["show", "evil"], ["stats", "--no-check"]):
        run(["archive", *command])
        assert not set("\x1b\x07\u202e") & set(output_of(capsys))


@pytest.mark.usefixtures("past")
def test_search_results_can_be_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["archive", "search", "--json", "sluice"]) == 0
    found = json.loads(output_of(capsys))
    (hit,) = found["hits"]
    assert (found["total"], hit["path"], hit["line"], hit["paid"]) == (1, LOCKS_FILE, 27, True)
    (start, end) = hit["marks"][0]
    assert hit["snippet"][start:end] == "sluice"
    assert hit["issue"] == {
        "number": 7,
        "date": "2024-02-01T00:00:00+00:00",
        "title": "Locks that leak",
        "state": "published",
    }


@pytest.mark.usefixtures("past")
def test_an_earlier_link_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["archive", "search", "--link", "example.org/story"]) == 0
    out = output_of(capsys)
    assert "this link: 2 times in 2 issues" in out
    assert f"{LOCKS_FILE}:15" in out
    assert run(["archive", "search", "--link", "https://example.org/other"]) == 1
    assert "this link has not run before\nother pages of example.org: 4 times in 2 issues" in output_of(capsys)
    assert run(["archive", "search", "--link", "x.example/y", "--json"]) == 1
    assert json.loads(output_of(capsys))["ran"] is False
    assert run(["archive", "search", "--link", "x.example/y", "word"]) == 2


def test_list_and_show_print_past_issues(past: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["archive", "list"]) == 0
    lines = output_of(capsys).splitlines()
    assert [line.split() for line in lines[:1]] == [["2024"]]
    assert [line.split()[-1] for line in lines[1:]] == ["comes", "leak", "Frost"]
    assert "draft" in lines[1]
    record(past, FROST_FILE, sent=FROST)
    record(past, FROST_FILE, sent=FROST.replace("boat", "barge"), note="It was a barge")
    assert run(["archive", "list", "--json"]) == 0
    frost = json.loads(output_of(capsys))["issues"][-1]
    assert (frost["state"], [each["note"] for each in frost["revisions"]]) == ("revised", ["It was a barge"])
    assert run(["archive", "show", "frost"]) == 0
    out = output_of(capsys)
    assert "published 2024-03-01 00:00" in out
    assert "revised 2024-03-02 00:00: It was a barge" in out
    assert 'mailchimp: {"id": "abc"}' in out
    assert f"changed since: {FROST_FILE}" in out
    assert "all intact" in out
    (past / "archive/2024-01-01-frost/source" / FROST_FILE).write_text("another")
    run(["archive", "show", "6"])
    assert "1 is altered or missing" in output_of(capsys)
    assert run(["archive", "show", "nothing"]) == 2
    assert run(["archive", "show", LOCKS_FILE]) == 0


def test_the_list_shows_changes_since_publication(past: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def changed() -> dict[str, bool]:
        assert run(["archive", "list", "--json"]) == 0
        return {entry["path"]: entry["changed"] for entry in json.loads(output_of(capsys))["issues"]}

    record(past, FROST_FILE, sent=FROST)
    record(past, LOCKS_FILE, sent=LOCKS)
    assert not any(changed().values())
    (past / FROST_FILE).write_bytes(FROST.replace("\n", "\r\n").encode())
    assert not any(changed().values()), "lines may end as on another system"
    (past / FROST_FILE).write_text(FROST.replace("boat", "barge"))
    assert {path for path, one in changed().items() if one} == {FROST_FILE}
    run(["archive", "list"])
    out, err = capsys.readouterr()
    assert [line.endswith("(changed since)") for line in out.splitlines() if "Frost" in line or "Locks" in line] == [
        False,
        True,
    ]
    assert "1 issue changed since published: `newsletter archive diff ISSUE` shows how" in err
    (past / FROST_FILE).write_text(FROST)
    assert not any(changed().values())
    (past / "issues/2024-02-01-locks-that-leak").rename(past / "issues/2024-02-01-leaks")
    assert [path for path, one in changed().items() if one] == ["issues/2024-02-01-leaks/index.md"], "as HS108 says"


def test_the_list_does_not_read_unchanged_files_again(past: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record(past, FROST_FILE, sent=FROST)
    for path in (past / "issues").rglob("*"):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    time.sleep(0.05)  # a recently changed file is read again
    assert run(["archive", "list"]) == 0
    read = []
    monkeypatch.setattr("newsletter.project.hashes.read_bytes", lambda path, _limit: read.append(path))
    assert run(["archive", "list"]) == 0
    assert read == []


def test_diff_shows_changes_since_publication(past: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["archive", "diff", "frost"]) == 2, "nothing was sent"
    record(past, FROST_FILE, sent=FROST.replace("A boat waits", "A barge waits"))
    assert run(["archive", "diff", "frost"]) == 1
    out = output_of(capsys)
    assert "A [-barge-]{+boat+} waits." in out
    assert f"{FROST_FILE}:11" in out
    (past / FROST_FILE).write_text(FROST.replace("A boat waits", "A barge waits"))
    assert run(["archive", "diff", "frost"]) == 0
    assert run(["archive", "diff", "frost", "locks-that-leak", "--json"]) == 1
    found = json.loads(output_of(capsys).partition("nothing is different\n")[2])
    assert found["different"]
    assert {part["title"] for part in found["parts"]} >= {"Ice on the pound", "Electrolysers in Hebei"}


def test_diff_names_changed_files_in_which_readers_see_no_difference(
    past: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record(past, FROST_FILE, sent=FROST)
    (past / FROST_FILE).write_text(f"{FROST}\n<!-- A note to myself. -->\n")
    assert run(["archive", "diff", "frost"]) == 0
    assert f"these files have changed or were moved: {FROST_FILE}" in output_of(capsys)


def test_a_moved_issue_is_recognized_as_published(past: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record(past, LOCKS_FILE, sent=LOCKS)
    (past / "issues/2024-02-01-locks-that-leak").rename(past / "issues/2024-02-01-leaks")
    assert run(["archive", "list", "--json"]) == 0
    listed = {entry["path"]: entry["state"] for entry in json.loads(output_of(capsys))["issues"]}
    assert listed["issues/2024-02-01-leaks/index.md"] == "published"
    assert len(listed) == 3
    assert run(["archive", "search", "grease", "--json"]) == 0
    assert [hit["path"] for hit in json.loads(output_of(capsys))["hits"]] == ["issues/2024-02-01-leaks/index.md"]


def test_stats_prints_statistics(past: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["archive", "stats"]) == 0
    out = output_of(capsys)
    assert "2 issues" in out
    assert "example.org" in out
    assert run(["archive", "stats", "--html", "out/numbers.html", "--json"]) == 0
    assert json.loads(output_of(capsys))["cadence"]["median"] == 31
    assert (past / "out/numbers.html").read_text().startswith("<!doctype html>")
    assert run(["archive", "stats", "--html", "out/numbers.html"]) == 2
    assert run(["archive", "stats", "--html", "out/numbers.html", "--force", "--no-check"]) == 0
