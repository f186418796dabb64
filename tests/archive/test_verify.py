"""archive verify: every hash, what is missing or altered, and from where it can be had again."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from newsletter.commands.verify import verify_archive
from tests.archive.places import LATER, publish_in, put, start, text, tree, unpublish_in

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    root = start(tmp_path / "letters", "ports", "cranes")
    put(root, "issues/ports/index.md", text("On ports", "![A port](port.png)"))
    Image.new("RGB", (80, 60), "red").save(root / "issues/ports/port.png")
    publish_in(root, all_past=True)
    return root


def without_copies(root: Path) -> None:
    """Neither what a build made nor the issues are there."""
    for folder in ("build", "public", ".newsletter", "issues"):
        shutil.rmtree(root / folder)


def found(root: Path, *, repair: bool = False) -> list[tuple[str, str]]:
    return [(one.what, one.path) for one in verify_archive(root, repair=repair).after.damaged]


def test_an_unchanged_archive_is_reported_as_such(out: Path) -> None:
    put(out, "issues/ports/index.md", text("On ports", "Another text."))
    publish_in(out, "ports", revise="No picture.", now=LATER)
    unpublish_in(out, "cranes", now=LATER)
    report = verify_archive(out)
    assert (report.after.damaged, report.after.extra) == ((), ())
    assert (report.after.issues, report.after.files) == (2, len(tree(out, "archive")) - 2)


def test_each_damaged_file_is_reported(out: Path) -> None:
    (out / "archive/ports/email.html").unlink()
    (out / "archive/cranes/email.txt").write_text("Another.\n")
    (out / "archive/cranes/page/index.html").unlink()
    (out / "archive/cranes/page/index.html").symlink_to(out / "public/cranes/index.html")
    put(out, "archive/ports/note.txt", "mine")
    before = tree(out, "archive")
    report = verify_archive(out).after
    assert [(one.what, one.path) for one in report.damaged] == [
        ("altered", "archive/cranes/email.txt"),
        ("altered", "archive/cranes/page/index.html"),
        ("missing", "archive/ports/email.html"),
    ] or {(one.what, one.path) for one in report.damaged} == {
        ("altered", "archive/cranes/email.txt"),
        ("altered", "archive/cranes/page/index.html"),
        ("missing", "archive/ports/email.html"),
    }
    assert report.extra == ("archive/ports/note.txt",)
    assert tree(out, "archive") == before


def test_a_file_with_a_copy_elsewhere_is_restored(out: Path) -> None:
    before = tree(out, "archive")
    shutil.rmtree(out / "archive/ports")
    assert found(out)
    assert found(out, repair=True) == []
    assert tree(out, "archive") == before


def test_a_file_that_its_source_gives_again_is_restored(out: Path) -> None:
    before = tree(out, "archive")
    without_copies(out)
    for name in before:
        if "/source/" not in name and name.endswith((".png", "email.html", "email.txt")):
            (out / name).unlink()
    assert found(out, repair=True) == []
    assert tree(out, "archive") == before


def test_a_file_in_git_is_restored(out: Path) -> None:
    git = ["git", "-C", str(out), "-c", "user.name=A", "-c", "user.email=a@letters.example"]
    try:
        subprocess.run([*git, "init", "-q"], check=True)
    except OSError:
        pytest.skip("git is not installed")
    subprocess.run([*git, "add", "-f", "archive"], check=True)
    subprocess.run([*git, "commit", "-qm", "Published"], check=True)
    before = tree(out, "archive")
    without_copies(out)
    for name in before:
        if not name.endswith((".jsonl", ".gitattributes")):
            (out / name).write_bytes(b"damaged")
    assert found(out, repair=True) == []
    assert tree(out, "archive") == before


def test_a_file_without_any_copy_is_reported(out: Path) -> None:
    without_copies(out)
    shutil.rmtree(out / "archive/ports/source")
    (out / "archive/ports/letter.json").unlink()
    left = found(out, repair=True)
    assert ("missing", "archive/ports/source/issues/ports/index.md") in left
    assert ("missing", "archive/ports/letter.json") in left


def test_files_for_paying_readers_may_be_on_another_machine(out: Path) -> None:
    put(out, "issues/locks/index.md", text("On locks", "A.\n\n::: only paid\nThe secret.\n:::", day="2026-10-05"))
    publish_in(out, "locks")
    (out / "archive/paid/locks/email-paid.txt").unlink()
    assert found(out) == [("missing", "archive/paid/locks/email-paid.txt")]
    shutil.rmtree(out / "archive/paid")
    report = verify_archive(out).after
    assert (report.damaged, report.apart) == ((), ("archive/paid/locks/",))
