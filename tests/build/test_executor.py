"""A build with workers of an executor gives the same bytes as one without, and a failed one changes nothing."""

from __future__ import annotations

import os
import re
import signal
import sys
import warnings
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO
from multiprocessing import get_context
from typing import TYPE_CHECKING

import pytest
from PIL import Image

import newsletter
from newsletter.build.pipeline import build
from newsletter.cli import main
from newsletter.errors import UsageError, WorldError
from newsletter.project.executors import executor_at, hand_over

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 29, tzinfo=UTC)
YAML = """\
title: The Canal Post
url: https://letters.example/
sender: {name: The Canal Post, email: post@letters.example}
address: Lock House, 9000 Ghent
kind: letter
authors:
  ann: {name: Ann Keeper}
"""
ISSUE = """\
---
title: Locks {number}
date: 2026-0{month}-{day:02}
authors: [ann]
---

Dear reader, the gates are old, as [last time](../{before}/index.md).

![A gate](gate.png)

## News

Nothing moves, and [water](https://water.example/{number}) stands.
"""


@pytest.fixture
def root(tmp_path) -> Path:
    folder = tmp_path / "letter"
    folder.mkdir()
    (folder / "newsletter.yaml").write_text(YAML)
    (folder / "templates" / "letter").mkdir(parents=True)
    (folder / "templates" / "letter" / "house.yaml").write_text("name: Letter\nsections: {news: {heading: News}}\n")
    picture = BytesIO()
    Image.new("RGB", (40, 30), "teal").save(picture, "PNG")
    names = [f"2026-0{1 + number // 9}-{1 + number % 9:02}-locks-{number}" for number in range(24)]
    for number, name in enumerate(names):
        issue = folder / "issues" / name
        issue.mkdir(parents=True)
        text = ISSUE.format(number=number, month=1 + number // 9, day=1 + number % 9, before=names[number - 1])
        (issue / "index.md").write_text(text)
        (issue / "gate.png").write_bytes(picture.getvalue())
    return folder


def run(*command: str) -> int:
    """The exit code of a command."""
    with pytest.raises(SystemExit) as ended:
        main([*command])
    return ended.value.code


def outputs(root: Path) -> dict[str, bytes]:
    files = (path for name in ("build", "public", "feeds") for path in (root / name).rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def build_with_one_process(root: Path) -> dict[str, bytes]:
    """The outputs of a build by one process, which are deleted afterwards."""
    report = build(root, now=NOW, processes=1)
    assert report.published == 24
    assert not report.diagnostics
    made = outputs(root)
    for path in [*made]:
        (root / path).unlink()
    return made


@pytest.fixture(scope="module")
def cluster():
    """Two workers on this machine, each a process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from distributed import LocalCluster

        with LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        ) as started:
            yield started


def address_of(cluster) -> str:
    return cluster.scheduler_address.replace("tcp://", "dask://")


@pytest.mark.parametrize(
    "start",
    [lambda: ThreadPoolExecutor(3), lambda: ProcessPoolExecutor(2, mp_context=get_context("spawn"))],
    ids=["threads", "processes"],
)
def test_any_executor_of_the_standard_library_gives_the_same_bytes(root, start):
    expected = build_with_one_process(root)
    with start() as executor:
        report = build(root, now=NOW, fresh=True, executor=executor)
    assert len(report.made) == 24
    assert not report.errors
    assert outputs(root) == expected


@pytest.mark.filterwarnings("ignore")
def test_workers_of_a_dask_scheduler_give_the_same_bytes(root, cluster, monkeypatch, capsys):
    expected = build_with_one_process(root)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", f"{NOW.timestamp():.0f}")
    assert run("-C", str(root), "build", "--fresh", "--executor", address_of(cluster)) == 0
    assert "built 24 of 24 issues" in capsys.readouterr().out
    assert outputs(root) == expected


@pytest.mark.filterwarnings("ignore")
@pytest.mark.skipif(sys.platform == "win32", reason="ends a worker by a POSIX signal")
def test_a_lost_worker_loses_nothing(root, cluster):
    expected = build_with_one_process(root)
    lost = []

    def lose_one(what: str, done: int, total: int) -> None:
        if not lost:
            lost.append(next(iter(cluster.workers.values())).pid)
            os.kill(lost[0], signal.SIGKILL)

    with executor_at(address_of(cluster)) as executor:
        build(root, now=NOW, fresh=True, executor=executor, progress=lose_one)
    assert lost
    assert outputs(root) == expected


@pytest.mark.filterwarnings("ignore")
def test_workers_kept_between_builds_read_the_settings_again(root, cluster):
    with executor_at(address_of(cluster)) as executor:
        build(root, now=NOW, executor=executor)
        (root / "newsletter.yaml").write_text(YAML.replace("The Canal Post", "The Lock Post"))
        build(root, now=NOW, executor=executor)
    assert all(b"The Canal Post" not in content for content in outputs(root).values())


# ── Failures ─────────────────────────────────────────────────────────────────────────────────────────────────


class Lost(ThreadPoolExecutor):
    """An executor that breaks at the third job."""

    count = 0

    def submit(self, function, /, *given, **named):
        self.count += 1
        if self.count < 3:
            return super().submit(function, *given, **named)
        broken = Future()
        broken.set_exception(BrokenExecutor("gone"))
        return broken


def test_an_executor_without_workers_leaves_outputs_unchanged(root):
    build(root, now=NOW)
    before = outputs(root)
    for issue in root.glob("issues/*/index.md"):
        issue.write_text(issue.read_text() + "\nMore.\n")
    with Lost(1) as executor, pytest.raises(WorldError, match="lost its workers; nothing was written"):
        build(root, now=NOW, executor=executor)
    assert outputs(root) == before
    build(root, now=NOW)
    assert outputs(root) != before


def test_a_worker_without_the_workspace_names_the_path(root, tmp_path):
    with ThreadPoolExecutor(1) as executor, pytest.raises(WorldError) as caught:
        list(hand_over(executor, tmp_path / "elsewhere", lambda project, each: each, [1], 4))
    assert re.fullmatch(r"the worker on \S+ \(process \d+\) has no workspace at .*elsewhere", str(caught.value))
    assert "same path" in caught.value.hint


def test_a_worker_with_another_version_of_the_tool_is_refused(root, monkeypatch):
    class Updated(ThreadPoolExecutor):
        def submit(self, function, /, *given, **named):
            monkeypatch.setattr(newsletter, "__version__", "99.0")
            return super().submit(function, *given, **named)

    with Updated(1) as executor, pytest.raises(WorldError, match=r"has newsletter 99\.0"):
        list(hand_over(executor, root, lambda project, each: each, [1], 4))


@pytest.mark.parametrize("address", ["localhost:8786", "dask://localhost", "http://localhost:1", "dask://a:b@c:1", ""])
def test_an_invalid_address_is_refused(root, address):
    with pytest.raises(UsageError, match="is no address of an executor"), executor_at(address):
        pass
    assert run("-C", str(root), "build", "--executor", address) == 2
    assert not outputs(root)


@pytest.mark.filterwarnings("ignore")
def test_a_scheduler_that_does_not_answer_ends_the_command_with_3(root, monkeypatch, capsys):
    monkeypatch.setattr("newsletter.project.executors.PATIENCE", 1)
    assert run("-C", str(root), "build", "--executor", "dask://127.0.0.1:9") == 3
    assert "no Dask scheduler answers at 127.0.0.1:9" in capsys.readouterr().err
    assert not outputs(root)
