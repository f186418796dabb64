"""Public files are removed only with a report, and not too many at once. Unreadable files do not count as removed."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from newsletter.build.pipeline import build
from newsletter.cli import run
from newsletter.commands.init import start_workspace
from newsletter.errors import UsageError, WorldError
from newsletter.writing import write_all
from tests.sample_values import SAMPLE_VALUES

NOW = datetime(2026, 11, 1, tzinfo=UTC)
PAST = datetime(1980, 1, 1, tzinfo=UTC)
MONTHS = 12


def issue(number: int, more: str = "", body: str = "The opening.") -> str:
    return (
        f"---\ntitle: Letter {number}\ndate: 2025-{(number - 1) % 12 + 1:02}-{(number - 1) // 12 + 1:02}\n"
        f"summary: What this is about.\nauthors: [editor]\n{more}---\n\n{body}\n\n## A section\n\nA paragraph.\n"
    )


def write(root: Path, number: int, more: str = "", body: str = "The opening.") -> Path:
    path = root / f"issues/letter-{number}/index.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(issue(number, more, body), encoding="utf-8")
    return path


def write_workspace(root: Path, count: int) -> Path:
    start_workspace(root, kind="essay", title="Letters", **SAMPLE_VALUES)
    for number in range(1, count + 1):
        write(root, number)
    return root


@pytest.fixture
def letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = write_workspace(tmp_path / "letters", MONTHS)
    monkeypatch.chdir(root)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
    return root


def tree(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for folder in ("build", "public", "feeds")
        for path in sorted((root / folder).rglob("*"))
        if path.is_file()
    }


def remove(root: Path, *numbers: int) -> None:
    for number in numbers:
        (root / f"issues/letter-{number}/index.md").unlink()
        (root / f"issues/letter-{number}").rmdir()


# ── How much may be removed ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("fresh", [False, True])
def test_a_clock_of_1980_removes_nothing(letters: Path, fresh: bool) -> None:
    build(letters, now=NOW)
    before = tree(letters)
    with pytest.raises(UsageError, match="12 of 12 published issues would be removed") as refused:
        build(letters, now=PAST, fresh=fresh)
    assert "1980-01-01" in refused.value.hint
    assert "--remove" in refused.value.hint
    assert tree(letters) == before
    build(letters, now=NOW)
    assert tree(letters) == before


@pytest.mark.parametrize("epoch", ["0", "1", "315532800"])
def test_an_invalid_epoch_ends_the_command_with_2(
    letters: Path, epoch: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["build"]) == 0
    before = tree(letters)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    for command in (["build"], ["build", "--fresh"], ["feed"]):
        capsys.readouterr()
        assert run(command) == 2
        assert "SOURCE_DATE_EPOCH" in capsys.readouterr().err
        assert tree(letters) == before


@pytest.mark.parametrize("command", [["build"], ["feed"]])
def test_in_a_fresh_clone_feeds_show_what_was_public(
    letters: Path, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["build"]) == 0
    for name in (".newsletter", "build", "public"):
        for path in sorted((letters / name).rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
    before = tree(letters)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "315532800")
    assert run(command) == 2
    assert tree(letters) == before
    assert run([*command, "--remove"]) == 0
    assert json.loads((letters / "feeds/feed.json").read_text())["items"] == []


@pytest.mark.parametrize(
    ("gone", "count", "stops"), [(1, 2, False), (2, 2, False), (3, 3, True), (3, 31, False), (4, 31, True)]
)
def test_only_a_few_or_a_small_share_of_issues_may_be_removed(
    gone: int, count: int, stops: bool, tmp_path: Path
) -> None:
    root = write_workspace(tmp_path / "letters", count)
    build(root, now=NOW)
    remove(root, *range(1, gone + 1))
    if stops:
        with pytest.raises(UsageError, match=f"{gone} of {count} published issues"):
            build(root, now=NOW)
        return
    told: list[str] = []
    build(root, now=NOW, warn=told.append)
    assert told == [
        f"removed: public/letter-{number}/ (its file is gone)" for number in sorted(range(1, gone + 1), key=str)
    ]


def test_a_removal_is_reported_beforehand_with_its_reason(letters: Path) -> None:
    build(letters, now=NOW)
    write(letters, 1, "draft: true\n")
    page = letters / "public/letter-1/index.html"
    told: list[tuple[str, bool]] = []
    build(letters, now=NOW, warn=lambda said: told.append((said, page.exists())))
    assert told == [("removed: public/letter-1/ (it is a draft)", True)]
    assert not page.exists()
    write(letters, 2, "slug: another\n")
    told.clear()
    build(letters, now=NOW, warn=lambda said: told.append((said, True)))
    assert told == [("removed: public/letter-2/ (its address is now another/)", True)]


def test_remove_allows_the_removal(letters: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["build"]) == 0
    remove(letters, *range(1, 8))
    assert run(["build"]) == 2
    capsys.readouterr()
    assert run(["build", "--remove", "--quiet"]) == 0
    assert capsys.readouterr().err.count("removed: public/") == 7
    assert len(list((letters / "public").glob("letter-*"))) == 5


def test_a_missing_folder_of_issues_is_not_an_empty_publication(letters: Path) -> None:
    assert run(["build"]) == 0
    before = tree(letters)
    (letters / "issues").rename(letters / "elsewhere")
    assert run(["build"]) == 2
    assert tree(letters) == before


# ── Unreadable files ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["issues", "issues/letter-3", "issues/letter-3/index.md"])
@pytest.mark.parametrize("error", [errno.EACCES, errno.EIO, errno.ESTALE])
@pytest.mark.parametrize("fresh", [False, True])
def test_an_unreadable_file_is_an_error_and_stays_public(
    name: str, error: int, fresh: bool, letters: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tests may run as root, who can read everything, so the file system is made to refuse."""
    build(letters, now=NOW)
    before = tree(letters)
    write(letters, 3, body="Another opening.")
    refusing(monkeypatch, letters / name, error)
    with pytest.raises(WorldError, match=r"letter-3|issues"):
        build(letters, now=NOW, fresh=fresh)
    monkeypatch.undo()
    assert tree(letters) == before


def refusing(monkeypatch: pytest.MonkeyPatch, place: Path, error: int) -> None:
    """Makes `os` refuse to read `place`."""
    inside = (str(place) + os.sep, str(place))

    def guarded(function: Any, itself: bool) -> Any:
        def refuse(path: Any, *given: Any, **named: Any) -> Any:
            asked = os.fspath(path) if not isinstance(path, int) else ""
            if isinstance(asked, str) and (asked.startswith(inside[0]) or (itself and asked == inside[1])):
                raise OSError(error, os.strerror(error), asked)
            return function(path, *given, **named)

        return refuse

    for name, itself in (("stat", False), ("lstat", False), ("open", True), ("scandir", True)):
        monkeypatch.setattr(os, name, guarded(getattr(os, name), itself))


# ── Changes and leftovers ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("way", ["in place", "replaced"])
@pytest.mark.parametrize("name", ["issues/letter-1/index.md", "issues/letter-1/report.txt"])
def test_a_change_with_the_same_size_and_second_is_detected(letters: Path, name: str, way: str) -> None:
    write(letters, 1, body="The opening, with [a report](report.txt).")
    (letters / "issues/letter-1/report.txt").write_text("The opening")
    path = letters / name
    os.utime(path, ns=(1_700_000_000_000_000_000,) * 2)
    build(letters, now=NOW)
    changed = path.read_text().replace("opening", "closing")
    if way == "replaced":
        new = path.with_name("new")
        new.write_text(changed)
        new.replace(path)
    else:
        path.write_text(changed)
    os.utime(path, ns=(1_700_000_000_000_000_000,) * 2)
    build(letters, now=NOW)
    written = (letters / "public/letter-1" / ("index.html" if name.endswith(".md") else "report.txt")).read_text()
    assert "closing" in written


def test_a_changed_output_is_made_again(letters: Path) -> None:
    build(letters, now=NOW)
    page = letters / "public/letter-1/index.html"
    before, state = page.read_text(), page.stat()
    page.write_text(before.replace("opening", "closing"))
    os.utime(page, ns=(state.st_atime_ns, state.st_mtime_ns))
    build(letters, now=NOW)
    assert page.read_text() == before


def ended_process() -> int:
    """The id of a process that has ended."""
    process = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    return int(process.stdout)


def test_leftovers_of_a_killed_build_are_removed_by_the_next(letters: Path) -> None:
    build(letters, now=NOW)
    old = time.time() - 100_000
    ours = [
        f".newsletter-{ended_process()}-0.tmp",
        f".newsletter-{os.getpid()}-7.tmp",
        f".newsletter-{os.getppid()}-1.tmp",
    ]
    folders = [
        "build",
        "public",
        "feeds",
        "public/feeds",
        "build/letter-1",
        "public/letter-9",
        ".newsletter",
        ".newsletter/cache",
    ]
    for folder in folders:
        for name in ours:
            (letters / folder / name).write_text("half of a letter")
            os.utime(letters / folder / name, (old, old))
    mine = letters / f"public/letter-1/.newsletter-{os.getppid()}-2.tmp"
    mine.write_text("somebody is writing this")
    write(letters, 1, body="Another opening.")
    build(letters, now=NOW)
    assert [path for path in letters.rglob(".newsletter-*.tmp") if path != mine] == []
    assert mine.exists()


def test_leftovers_of_a_killed_export_are_removed_by_the_next(letters: Path) -> None:
    assert run(["export", "letter-1", "--for", "html", "-o", "out"]) == 0
    left = Path("out") / f".newsletter-{ended_process()}-0.tmp"
    left.write_text("half of a letter")
    (Path("out") / "mine.tmp").write_text("mine")
    assert run(["export", "letter-1", "--for", "html", "-o", "out"]) == 0
    assert not left.exists()
    assert Path("out/mine.tmp").exists()


def test_in_a_container_every_process_has_the_same_number(tmp_path: Path) -> None:
    left = tmp_path / f".newsletter-{os.getpid()}-0.tmp"
    left.write_text("half")
    os.utime(left, (time.time() - 100_000,) * 2)
    write_all(tmp_path, {"a": b"1"})
    assert not left.exists()


# ── Nonexistent times ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("zone", "moment", "then"),
    [
        ("Europe/Amsterdam", "2026-03-29 02:30", "03:30"),
        ("Europe/Amsterdam", "2026-03-29T02:00:00", "03:00"),
        ("America/New_York", "2026-03-08 02:59", "03:59"),
        ("Australia/Lord_Howe", "2026-10-04 02:15", "02:45"),
        ("Africa/Cairo", "2026-04-24 00:10", "01:10"),
    ],
)
def test_a_nonexistent_local_time_is_a_finding(
    zone: str, moment: str, then: str, letters: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = letters / "newsletter.yaml"
    lines = [line for line in settings.read_text().splitlines() if not line.startswith("timezone:")]
    settings.write_text("\n".join([*lines, f"timezone: {zone}", ""]))
    path = letters / "issues/letter-1/index.md"
    path.write_text(path.read_text().replace("date: 2025-01-01", f"date: {moment}"))
    capsys.readouterr()
    assert run(["check", "letter-1"]) == 1
    said = capsys.readouterr().out
    assert "FM005" in said
    assert f"Write {then}" in said


@pytest.mark.parametrize("moment", ["2026-03-29 01:59", "2026-03-29 03:00", "2026-10-25 02:30", "2026-03-29T02:30:00Z"])
def test_an_existing_local_time_has_no_finding(moment: str, letters: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = letters / "newsletter.yaml"
    lines = [line for line in settings.read_text().splitlines() if not line.startswith("timezone:")]
    settings.write_text("\n".join([*lines, "timezone: Europe/Amsterdam", ""]))
    path = letters / "issues/letter-1/index.md"
    path.write_text(path.read_text().replace("date: 2025-01-01", f"date: {moment}"))
    capsys.readouterr()
    run(["check", "letter-1"])
    assert "FM005" not in capsys.readouterr().out
