"""Processes that stay: each issue stays with its process, and a killed process loses nothing."""

from __future__ import annotations

import os
import signal
import sys
import time
from operator import attrgetter
from pathlib import Path
from types import SimpleNamespace

import pytest

from newsletter.errors import WorldError
from newsletter.project import team as team_module
from newsletter.project.team import team

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="ends processes by POSIX signals")

ISSUES = [SimpleNamespace(path=f"issues/{number}.md") for number in range(60)]
path_of = attrgetter("path")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    monkeypatch.setattr(team_module, "cores", lambda: 2)
    return SimpleNamespace(workspace=SimpleNamespace(root=Path()), seen={}, told="", mark=tmp_path / "mark")


def look(project, issue):
    project.seen[issue.path] = os.getpid()
    time.sleep(0.001)  # so that the other process gets its share
    return issue.path


def looked_here(project, issue):
    return issue.path, project.seen.get(issue.path) == os.getpid(), project.told


def learn(project, told):
    project.told = told


def test_results_come_in_order_and_most_issues_stay_with_their_process(project):
    with team(project, worth_it=10) as processes:
        assert [*processes.run(look, ISSUES, path_of)] == [issue.path for issue in ISSUES]
        processes.tell(learn, "all")
        again = [*processes.run(looked_here, ISSUES, path_of)]
    assert [path for path, _, _ in again] == [issue.path for issue in ISSUES]
    assert sum(here for _, here, _ in again) > len(ISSUES) / 2
    assert {told for _, _, told in again} == {"all"}
    assert not project.seen  # nothing was done in this process


def test_a_little_work_is_done_in_this_process_and_what_it_found_is_known_to_the_others(project):
    with team(project, worth_it=10) as processes:
        assert [*processes.run(look, ISSUES[:10], path_of)] == [issue.path for issue in ISSUES[:10]]
        assert set(project.seen.values()) == {os.getpid()}
        learn(project, "here")
        assert {told for _, _, told in processes.run(looked_here, ISSUES, path_of)} == {"here"}


def end_once(project, issue):
    if issue.path == "issues/17.md" and not project.mark.exists():
        project.mark.write_text("ended", "utf-8")
        os.kill(os.getpid(), signal.SIGKILL)
    return issue.path


def test_the_work_of_a_killed_process_is_repeated_and_later_work_is_done_too(project):
    with team(project, worth_it=10) as processes:
        assert [*processes.run(end_once, ISSUES, path_of)] == [issue.path for issue in ISSUES]
        assert project.mark.exists()
        processes.tell(learn, "all")
        assert [*processes.run(look, ISSUES, path_of)] == [issue.path for issue in ISSUES]


def end_always(_project, issue):
    if issue.path == "issues/17.md":
        os.kill(os.getpid(), signal.SIGKILL)
    return issue.path


def test_an_issue_that_kills_its_process_each_time_is_named(project):
    with (
        team(project, worth_it=10) as processes,
        pytest.raises(WorldError, match=r"issues/17\.md: the process that worked on it was killed twice"),
    ):
        list(processes.run(end_always, ISSUES, path_of))


def refused(_project, issue):
    if issue.path == "issues/41.md":
        raise WorldError("the disk is full")
    return issue.path


def test_an_exception_is_raised_here_and_all_processes_end(project):
    with pytest.raises(WorldError, match="the disk is full"), team(project, worth_it=10) as processes:
        list(processes.run(refused, ISSUES, path_of))
    assert not processes._processes
