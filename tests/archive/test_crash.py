"""Publishing is all or nothing: killed at any instant, on a full disk, and beside another one that does the same."""

from __future__ import annotations

import errno
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

import newsletter.writing
from newsletter.archive.record import RECORD, load_record
from newsletter.build.pipeline import build
from newsletter.errors import WorldError
from newsletter.lock import LOCK, locked
from newsletter.project.transaction import JOURNAL, recover, write_as_one
from tests.archive.places import NOW, is_whole, publish_in, put, start, text, tree

if TYPE_CHECKING:
    from collections.abc import Iterator

SEARCH = settings.get_current_profile_name() == "search"
KILLS = 200 if SEARCH else 3
COMMAND = [sys.executable, "-m", "newsletter", "publish", "-q"]
EPOCH = str(int(NOW.timestamp()))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two issues are published, a third is about to be, and the pictures of all are made."""
    root = start(tmp_path / "letters", "ports", "cranes")
    publish_in(root, all_past=True)
    put(root, "issues/locks/index.md", text("On locks", day="2026-10-05"))
    build(root, now=NOW)
    return root


def environment() -> dict[str, str]:
    return {**os.environ, "SOURCE_DATE_EPOCH": EPOCH}


def whole(root: Path) -> dict[str, bytes]:
    """What there is once whoever comes next has completed what was begun, and nothing that was left over."""
    with locked(root):
        recover(root)
    found = tree(root)
    return {name: content for name, content in found.items() if not name.rpartition("/")[2].startswith(".newsletter-")}


@pytest.mark.skipif(os.name != "posix", reason="there is no kill -9")
def test_a_process_that_is_killed_leaves_the_old_state_or_the_new(root: Path, tmp_path: Path) -> None:
    old = whole(root)
    copy = tmp_path / "copy"
    shutil.copytree(root, copy)
    started = time.monotonic()
    subprocess.run([*COMMAND, "-C", str(copy), "locks"], env=environment(), check=True)
    took = time.monotonic() - started
    new = whole(copy)
    assert old != new
    chance = random.Random(0)
    states = []
    for at in range(KILLS):
        copy = tmp_path / f"killed-{at}"
        shutil.copytree(root, copy)
        process = subprocess.Popen([*COMMAND, "-C", str(copy), "locks"], env=environment())
        time.sleep(chance.uniform(took * 0.4, took))  # it imports for the first part of it
        process.kill()
        process.wait()
        found = whole(copy)
        states.append("old" if found == old else "new" if found == new else "torn")
        assert is_whole(copy)
        publish_in(copy, "locks", now=NOW)
        build(copy, now=NOW)
        assert states[-1] == "new" or not [name for name in tree(copy) if ".newsletter-" in name]
        assert whole(copy) == new
        shutil.rmtree(copy)
    assert "torn" not in states


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_process_that_ends_at_any_call_leaves_the_old_state_or_the_new(root: Path, tmp_path: Path) -> None:
    """Every call that changes files, one after another: not by chance."""
    from tests.archive.test_machine import die

    old, states = whole(root), []
    for call in range(1, 1000, 1 if SEARCH else 17):
        copy = tmp_path / f"died-{call}"
        shutil.copytree(root, copy)
        died = die(lambda copy=copy: publish_in(copy, "locks", now=NOW), call)
        found = whole(copy)
        states.append("old" if found == old else "new" if load_record(copy).by_name("locks") else "torn")
        assert is_whole(copy)
        publish_in(copy, "locks", now=NOW)
        build(copy, now=NOW)
        final = whole(copy)
        assert found in (old, final)
        shutil.rmtree(copy)
        if not died:
            break
    assert states[0] == "old"
    assert states[-1] == "new"


# ── A full disk ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("call", range(0, 60, 1 if SEARCH else 4))
def test_a_full_disk_changes_nothing(root: Path, monkeypatch: pytest.MonkeyPatch, call: int) -> None:
    """From some file on, there is no room for another: nothing of it stays."""
    old = whole(root)
    left = [call]
    real = newsletter.writing._Change._write_beside  # the one place where contents are written

    def full(change: object, target: str, content: bytes) -> str:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), target)
        return real(change, target, content)  # type: ignore[arg-type]

    monkeypatch.setattr(newsletter.writing._Change, "_write_beside", full)
    said = "no space left"
    try:
        publish_in(root, "locks", now=NOW)
    except WorldError as error:
        said = str(error)
    monkeypatch.undo()
    assert "no space left" in said
    found = whole(root)
    assert found == old or load_record(root).by_name("locks")
    assert is_whole(root)
    publish_in(root, "locks", now=NOW)
    assert load_record(root).by_name("locks")


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of 700 kB."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root can mount a small file system, on Linux")
    place = Path(tempfile.mkdtemp(prefix="newsletter-small-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=700k", "tmpfs", str(place)], check=False, capture_output=True
    )
    if mounted.returncode:
        place.rmdir()
        pytest.skip("no file system can be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)
    place.rmdir()


def test_a_really_full_disk_changes_nothing(small_disk: Path) -> None:
    root = start(small_disk / "letters", "ports", "cranes")
    publish_in(root, all_past=True)
    put(root, "issues/locks/index.md", text("On locks", day="2026-10-05"))
    old = whole(root)
    filler = small_disk / "filler"
    done = []
    for spared in (0, 4096, 20_000, 40_000, 80_000):
        with filler.open("wb") as file:
            room = os.statvfs(small_disk)
            file.write(b"x" * max(room.f_bavail * room.f_frsize - spared, 0))
        try:
            publish_in(root, "locks", now=NOW)
            done.append(spared)
        except (WorldError, OSError):
            assert whole(root) == old
        filler.unlink()
        assert is_whole(root)
        if done:
            break
    assert done != [0]
    publish_in(root, "locks", now=NOW)
    assert load_record(root).by_name("locks")


# ── Two at once ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_two_simultaneous_runs_both_publish(root: Path) -> None:
    put(root, "issues/barges/index.md", text("On barges", day="2026-10-06"))
    running = [
        subprocess.Popen([*COMMAND, "-C", str(root), name], env=environment(), stderr=subprocess.PIPE)
        for name in ("locks", "barges", "locks", "barges")
    ]
    build_too = [sys.executable, "-m", "newsletter", "build", "-q", "-C", str(root)]
    running += [subprocess.Popen(build_too, env=environment(), stderr=subprocess.PIPE) for _ in range(2)]
    for process in running:
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said.decode()
    assert len((root / RECORD).read_bytes().splitlines()) == 4
    assert {issue.name for issue in load_record(root).issues} == {"ports", "cranes", "locks", "barges"}
    assert is_whole(root)
    assert not build(root, now=NOW).written


def test_a_waiting_run_names_the_other_and_gives_up(root: Path) -> None:
    messages: list[str] = []
    with (
        locked(root),
        pytest.raises(WorldError, match=f"process {os.getpid()}"),
        locked(root, notify=messages.append, patience=0.1),
    ):
        pass
    assert messages == [f"waiting for another newsletter (process {os.getpid()}), which is running in this workspace"]
    assert not (root / LOCK).exists()


def test_an_abandoned_lock_is_ignored(root: Path) -> None:
    put(root, LOCK, "1\n")
    publish_in(root, "locks")
    assert not (root / LOCK).exists()


def test_if_the_lock_cannot_be_written_a_build_continues_and_nothing_is_published(root: Path, tmp_path: Path) -> None:
    shutil.rmtree(root / ".newsletter")
    (root / ".newsletter").symlink_to(tmp_path)
    with pytest.raises(WorldError, match="lock cannot be written"):
        publish_in(root, "locks")
    with locked(root):
        pass


# ── The journal ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_journal_from_elsewhere_moves_nothing(root: Path) -> None:
    put(root, JOURNAL, b'{"moves": [["archive/a", "public/index.html"]], "remove": ["public/index.html"]}')
    put(root, "archive/a", b"theirs")
    before = (root / "public/index.html").read_bytes()
    with locked(root):
        assert not recover(root)
    assert (root / "public/index.html").read_bytes() == before


def test_a_journalled_change_is_completed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, left = os.replace, [4]

    def failing(source: str, target: str) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise OSError(errno.EIO, "Input/output error", target)
        real(source, target)

    monkeypatch.setattr(newsletter.writing.os, "replace", failing)
    old = [path.relative_to(root).as_posix() for path in (root / "public/ports").iterdir()]
    with locked(root), pytest.raises(WorldError):
        write_as_one(root, {f"archive/{at}/a.txt": b"new" for at in range(5)}, remove=old)
    monkeypatch.undo()
    assert (root / JOURNAL).exists()
    with locked(root):
        assert recover(root)
    assert all((root / f"archive/{at}/a.txt").read_bytes() == b"new" for at in range(5))
    assert not (root / "public/ports").exists()
    assert not (root / JOURNAL).exists()
