from __future__ import annotations

import os
import stat
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter import writing
from newsletter.errors import UsageError, WorldError
from newsletter.names import same_file_key
from newsletter.writing import write_all


def content_of(root):
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_files_are_written_with_their_folders_and_reported(tmp_path):
    done = write_all(tmp_path / "new", {"b/c/x.html": b"1", "a.txt": b""})
    assert content_of(tmp_path / "new") == {"b/c/x.html": b"1", "a.txt": b""}
    assert (done.written, done.unchanged, done.removed) == (("a.txt", "b/c/x.html"), (), ())


def test_unchanged_content_is_not_written_again(tmp_path):
    write_all(tmp_path, {"a": b"1", "b": b"2"})
    before = (tmp_path / "a").stat()
    done = write_all(tmp_path, {"a": b"1", "b": b"3"})
    assert (done.written, done.unchanged) == (("b",), ("a",))
    assert (tmp_path / "a").stat().st_ino == before.st_ino
    assert (tmp_path / "a").stat().st_mtime_ns == before.st_mtime_ns


def test_files_are_removed_with_emptied_folders_and_other_files_kept(tmp_path):
    write_all(tmp_path, {"a/b/x": b"1", "a/y": b"2", "c/z": b"3"})
    (tmp_path / "c" / "mine").write_bytes(b"4")
    done = write_all(tmp_path, {}, remove=["a/b/x", "c/z", "never/was", "a"])
    assert done.removed == ("a/b/x", "c/z")
    assert content_of(tmp_path) == {"a/y": b"2", "c/mine": b"4"}
    assert not (tmp_path / "a" / "b").exists()


def test_a_file_to_be_written_is_not_removed(tmp_path):
    write_all(tmp_path, {"a": b"1"})
    assert write_all(tmp_path, {"a": b"1"}, remove=["a"]).removed == ()
    assert (tmp_path / "a").exists()


def test_a_file_renamed_only_in_case_survives_on_case_insensitive_systems(tmp_path):
    write_all(tmp_path, {"Photo.jpg": b"1"})
    done = write_all(tmp_path, {"photo.jpg": b"1"}, remove=["Photo.jpg"])
    assert content_of(tmp_path) == {"photo.jpg": b"1"}
    assert (done.written, done.removed) == (("photo.jpg",), ("Photo.jpg",))


@pytest.mark.parametrize(
    "name", ["../x", "/etc/x", "a/../../x", "", "a//b", "./a", "a/.", "C:/x", "a\\b", "a\0b", "a/"]
)
def test_names_outside_the_root_are_refused(tmp_path, name):
    with pytest.raises(UsageError):
        write_all(tmp_path / "in", {"good": b"1", name: b"2"})
    with pytest.raises(UsageError):
        write_all(tmp_path / "in", {}, remove=[name])
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_place_of_the_root_is_an_error(tmp_path):
    (tmp_path / "out").write_bytes(b"")
    with pytest.raises(WorldError, match="out cannot be written"):
        write_all(tmp_path / "out", {"x": b"1"})


def test_two_names_for_one_file_on_other_systems_are_refused(tmp_path):
    with pytest.raises(UsageError, match="one file on Windows and macOS"):
        write_all(tmp_path, {"a/Photo.jpg": b"1", "A/photo.JPG": b"2"})
    assert same_file_key("e\u0301.PNG") == same_file_key("É.png")


def test_a_folder_that_is_a_link_to_the_outside_is_refused(tmp_path):
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    (outside / "x").write_bytes(b"theirs")
    (inside / "public").symlink_to(outside)
    with pytest.raises(UsageError, match="through a link"):
        write_all(inside, {"public/x": b"1"})
    assert write_all(inside, {}, remove=["public/x"]).removed == ()
    assert content_of(outside) == {"x": b"theirs"}


def test_a_folder_that_is_a_link_within_is_followed(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "public").symlink_to(tmp_path / "real")
    write_all(tmp_path, {"public/a/x": b"1"})
    assert (tmp_path / "real" / "a" / "x").read_bytes() == b"1"


def test_a_link_in_place_of_a_file_is_replaced_not_followed(tmp_path):
    (tmp_path / "theirs").write_bytes(b"1")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "x").symlink_to(tmp_path / "theirs")
    write_all(tmp_path / "in", {"x": b"1"})
    assert not (tmp_path / "in" / "x").is_symlink()
    write_all(tmp_path / "in", {"x": b"2"})
    assert (tmp_path / "theirs").read_bytes() == b"1"


def test_a_failure_while_preparing_changes_nothing(tmp_path):
    write_all(tmp_path, {"a": b"old"})
    (tmp_path / "taken").write_bytes(b"a file where a folder should be")
    before = content_of(tmp_path)
    with pytest.raises(WorldError, match="taken/x cannot be written"):
        write_all(tmp_path, {"a": b"new", "fresh/b": b"1", "taken/x": b"2"})
    assert content_of(tmp_path) == before
    assert not (tmp_path / "fresh").exists()


def test_a_folder_in_place_of_a_file_is_found_before_anything_changes(tmp_path):
    (tmp_path / "x").mkdir()
    with pytest.raises(WorldError, match="x cannot be written: a folder of that name is in the way"):
        write_all(tmp_path, {"a": b"1", "x": b"2"})
    assert content_of(tmp_path) == {}


def test_a_failure_while_moving_leaves_complete_files_and_no_temporary_ones(tmp_path, monkeypatch):
    write_all(tmp_path, {"a": b"old", "b": b"old"})
    replace = os.replace

    def full(source, target):
        if Path(target).name == "b":
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(writing.os, "replace", full)
    with pytest.raises(WorldError, match="b cannot be written: no space left on device"):
        write_all(tmp_path, {"a": b"new", "b": b"new", "c/d": b"new"})
    assert content_of(tmp_path) == {"a": b"new", "b": b"old"}


def test_an_interrupt_leaves_no_temporary_file(tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(writing.os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_all(tmp_path, {"new/a": b"1", "b": b"2"})
    assert list(tmp_path.iterdir()) == []


def test_a_temporary_file_of_a_killed_process_is_ignored(tmp_path):
    stale = tmp_path / f".newsletter-{os.getpid()}-0.tmp"
    stale.write_bytes(b"half")
    write_all(tmp_path, {"a": b"1"})
    assert (tmp_path / "a").read_bytes() == b"1"


@pytest.mark.skipif(os.name == "nt", reason="on Windows one cannot ask about a process")
def test_only_temporary_files_of_killed_processes_are_removed(tmp_path):
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    killed = tmp_path / f"new/.newsletter-{int(gone.stdout)}-0.tmp"
    running = tmp_path / f"new/.newsletter-{os.getppid()}-0.tmp"
    killed.parent.mkdir()
    killed.write_bytes(b"half")
    running.write_bytes(b"half")
    write_all(tmp_path, {"new/a": b"1"})
    assert not killed.exists()
    assert running.exists()


def test_folders_without_writes_are_not_listed(tmp_path, monkeypatch):
    """Otherwise writing ten thousand issues one by one would take quadratic time."""
    listed = []
    listing = os.listdir
    monkeypatch.setattr(writing.os, "listdir", lambda folder: listed.append(Path(folder).name) or listing(folder))
    (tmp_path / "issues").mkdir()
    write_all(tmp_path, {"issues/new/index.md": b"1", "issues/new/a.png": b"2"})
    assert listed == []
    write_all(tmp_path, {"issues/new/index.md": b"3", "issues/new/a.png": b"4"})
    assert listed == ["new"]


def test_a_file_in_place_of_a_folder_is_an_error_with_its_name(tmp_path):
    (tmp_path / "public").write_bytes(b"mine")
    with pytest.raises(WorldError, match="public/a/b cannot be written: public is a file but must be a folder"):
        write_all(tmp_path, {"public/a/b": b"1"})
    assert (tmp_path / "public").read_bytes() == b"mine"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no file modes")
def test_new_files_have_the_mode_that_the_umask_gives(tmp_path):
    old = os.umask(0o022)
    try:
        write_all(tmp_path, {"a": b"1"})
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o644


names = st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=3).map("/".join)
sets = st.dictionaries(names, st.binary(max_size=3), max_size=4).filter(
    lambda files: not any(other.startswith(name + "/") for name in files for other in files)
)


@given(sets, sets)
def test_after_two_runs_exactly_the_second_set_of_files_exists(tmp_path_factory, first, second):
    root = tmp_path_factory.mktemp("site")
    write_all(root, first)
    if any(a.startswith(b + "/") or b.startswith(a + "/") for a in first for b in second):
        write_all(root, {}, remove=list(first))
    done = write_all(root, second, remove=list(first))
    assert content_of(root) == second
    assert set(done.written) | set(done.unchanged) == set(second)


def test_contents_are_made_one_at_a_time_and_not_kept(tmp_path: Path) -> None:
    made = []

    def content(name: str) -> bytes:
        made.append((name, sorted(path.name for path in tmp_path.glob(".newsletter-*"))))
        return name.encode()

    write_all(tmp_path, {name: partial(content, name) for name in "abc"})
    assert [name for name, _ in made] == ["a", "b", "c"]
    assert [len(beside) for _, beside in made] == [0, 1, 2]  # the others are on the disk by then
    assert (tmp_path / "b").read_bytes() == b"b"


def test_a_content_that_cannot_be_made_changes_nothing(tmp_path: Path) -> None:
    def fails() -> bytes:
        raise WorldError("gone")

    with pytest.raises(WorldError, match="gone"):
        write_all(tmp_path, {"a": b"a", "b": fails})
    assert list(tmp_path.iterdir()) == []
