"""Worker processes end with their parent, and a killed worker loses no issue."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

from newsletter.errors import WorldError
from newsletter.project.workers import run_alone, run_jobs

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="ends processes by POSIX signals")

PROJECT = SimpleNamespace(workspace=SimpleNamespace(root=Path()))
HELPED = """
    import os, signal, sys, time
    from types import SimpleNamespace
    from newsletter.project.workers import run_jobs

    signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever starts the tests may have it ignored

    def work(project, number):
        os.write(1, f"{os.getpid()}\\n".encode())  # at once: three of them write here
        time.sleep(600)

    if __name__ == "__main__":
        list(run_jobs(SimpleNamespace(workspace=SimpleNamespace(root=".")), work, range(100), 3))
"""


def becomes_true(holds) -> bool:
    """Whether the condition becomes true within a minute."""
    until = time.monotonic() + 60
    while not holds() and time.monotonic() < until:
        time.sleep(0.02)
    return holds()


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except OSError:
        if Path("/proc/self").exists():
            return False
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return True
    return state not in "ZX"


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_workers_end_with_their_parent_process(tmp_path, ending):
    script = tmp_path / "helped.py"
    script.write_text(textwrap.dedent(HELPED), "utf-8")
    command = [sys.executable, str(script)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            pids = [int(process.stdout.readline()) for _ in range(3)]
            assert all(map(is_running, pids))
            process.send_signal(ending)
            if ending == signal.SIGINT:  # from a terminal, which signals all of them
                for pid in pids:
                    with suppress(ProcessLookupError):
                        os.kill(pid, ending)
            process.wait(60)
        finally:
            process.kill()
    assert becomes_true(lambda: not any(map(is_running, pids)))


def end_once(project, number):
    """Kills its process the first time that it gets number 70."""
    mark = project.mark
    if number == 70 and not mark.exists():
        mark.write_text("ended", "utf-8")
        os.kill(os.getpid(), signal.SIGKILL)
    return number * 2


def end_always(_project, issue):
    if issue.path == "issues/heavy.md":
        os.kill(os.getpid(), signal.SIGKILL)
    return issue.path


def test_the_job_of_a_killed_worker_is_repeated(tmp_path):
    project = SimpleNamespace(workspace=PROJECT.workspace, mark=tmp_path / "mark")
    assert list(run_jobs(project, end_once, range(200), 2)) == [number * 2 for number in range(200)]
    assert project.mark.exists()


def test_an_issue_that_kills_its_worker_twice_is_named():
    issues = [SimpleNamespace(path=f"issues/{number}.md") for number in range(100)]
    issues.insert(60, SimpleNamespace(path="issues/heavy.md"))
    with pytest.raises(WorldError, match=r"issues/heavy\.md: the process that worked on it was killed twice") as told:
        list(run_jobs(PROJECT, end_always, issues, 2))
    assert told.value.exit_code == 3
    assert "memory" in told.value.hint


def refused(_project, number):
    if number == 41:
        raise WorldError("the disk is full")
    return number


@pytest.mark.parametrize("count", [51, 200, 5_000])
def test_an_exception_in_a_worker_is_raised_here_and_all_workers_end(count):
    with pytest.raises(WorldError, match="the disk is full"):
        list(run_jobs(PROJECT, refused, range(count), 2))


def doubled(number):
    if number == 70 and not os.environ["MARK"].startswith("ended"):
        os.kill(os.getpid(), signal.SIGKILL)
    return number * 2


def test_work_without_a_project_is_done_in_order(monkeypatch):
    monkeypatch.setenv("MARK", "ended")
    assert list(run_alone(doubled, range(200), 2)) == [number * 2 for number in range(200)]
    assert list(run_alone(doubled, range(3))) == [0, 2, 4]


def test_a_job_without_a_project_that_kills_its_worker_does_not_end_this_process(monkeypatch):
    monkeypatch.setenv("MARK", "")
    with pytest.raises(WorldError, match="70: the process that worked on it was killed twice"):
        list(run_alone(doubled, range(200), 2))
