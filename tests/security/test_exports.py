"""An export folder has the files of the export and the user's own: no file that became paid, and all other files."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from newsletter.cli import run
from tests.sample_values import OPTIONS

if TYPE_CHECKING:
    from pathlib import Path

FRONT = "---\ntitle: The tables\ndate: 2026-10-01\nsummary: What this letter is about.\n---\n\n"
FREE = "Hello.\n\n![A map](map.png)\n\n## News\n\nText.\n"
PAID = "Hello.\n\n## News\n\nText.\n\n::: only paid\n![A map](map.png)\n:::\n"


def png(colour: str) -> bytes:
    made = BytesIO()
    Image.new("RGB", (40, 40), colour).save(made, "PNG")
    return made.getvalue()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "letters"
    assert run(["init", str(root), "--kind", "essay", *OPTIONS]) == 0
    write(root, FREE)
    return root


def write(root: Path, body: str, name: str = "2026-10-01-tables") -> None:
    folder = root / "issues" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.md").write_text(FRONT + body, encoding="utf-8")
    (folder / "map.png").write_bytes(png("#a6341b"))


def export(root: Path, *more: str, slug: str = "tables") -> set[str]:
    code = run(
        ["export", slug, "--for", "html", "--pictures", "beside", "-o", str(root / "out"), "-q", "-C", str(root), *more]
    )
    assert code == 0
    return names(root / "out")


def names(folder: Path) -> set[str]:
    """All files except README.txt and manifest.json, which tests/services/test_package.py tests."""
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    said = {name for name in found if name.endswith((".subject.txt", ".preheader.txt"))}
    return (
        found
        - said
        - {f"{name}{paid}" for name in ("README", "manifest") for paid in (".txt", ".json", "-paid.txt", "-paid.json")}
    )


def test_a_picture_that_became_paid_is_removed(root: Path) -> None:
    first = export(root)
    assert any(name.startswith("images/map") for name in first)
    write(root, PAID)
    assert export(root) == {"tables.html", "tables.txt"}


def test_a_picture_that_became_paid_is_removed_without_a_record(root: Path) -> None:
    export(root)
    (root / ".newsletter/exports.json").unlink()
    write(root, PAID)
    assert export(root) == {"tables.html", "tables.txt"}


def test_the_paid_edition_is_beside_the_free_one(root: Path) -> None:
    write(root, PAID)
    export(root)
    both = export(root, "--edition", "paid")
    assert {"tables.html", "tables-paid.html"} <= both
    assert any(name.startswith("images-paid/map") for name in both)
    assert export(root) == both


def test_a_users_own_files_are_kept(root: Path) -> None:
    first = export(root)
    picture = next(name for name in first if name.startswith("images/"))
    (root / "out/images/mine.png").write_bytes(b"mine")
    (root / "out/notes.txt").write_text("mine")
    (root / "out" / picture).write_bytes(png("#0000ff"))  # changed by the user
    write(root, "Hello.\n\n## News\n\nText.\n")
    assert export(root) == {"notes.txt", "images/mine.png", picture, "tables.html", "tables.txt"}


def test_files_of_another_issue_are_kept(root: Path) -> None:
    write(root, FREE.replace("Hello", "Good day"), "2026-10-02-tides")
    export(root)
    both = export(root, slug="tides")
    assert {"tables.html", "tides.html"} <= both
    write(root, PAID)
    assert export(root) == both  # the other one shows the picture to everybody


def test_a_changed_address_leaves_no_old_email(root: Path) -> None:
    export(root)
    issue = root / "issues/2026-10-01-tables/index.md"
    issue.write_text(issue.read_text().replace("title:", "slug: moon\ntitle:"))
    assert {name for name in export(root) if "/" not in name} == {"moon.html", "moon.txt"}


@pytest.mark.parametrize("value", [[], {"out": []}, {"out": {"x": ["a"]}}, {"out": {"x": {"a": 1}}}, "x", None])
def test_an_invalid_record_of_exports_is_ignored(root: Path, value: object) -> None:
    (root / ".newsletter").mkdir(exist_ok=True)
    (root / ".newsletter/exports.json").write_text(json.dumps(value))
    assert "tables.html" in export(root)


@pytest.mark.parametrize(
    "name", ["newsletter.yaml", ".git/config", "../outside.txt", "images/../newsletter.yaml", "notes.txt"]
)
def test_a_record_with_unexpected_names_removes_nothing(root: Path, name: str) -> None:
    from newsletter.project.cache import digest

    write(root, FREE)
    out = root / "out"
    target = out / name
    (out / "images").mkdir(parents=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(b"mine")
    what = "issues/2026-10-01-tables/index.md free"
    (root / ".newsletter").mkdir(exist_ok=True)
    (root / ".newsletter/exports.json").write_text(json.dumps({"out": {what: {name: digest(b"mine")}}}))
    export(root)
    assert target.read_bytes() == b"mine"


def test_an_exported_preview_has_only_the_requested_issues(root: Path) -> None:
    write(root, FREE.replace("Hello", "Good day"), "2026-10-02-tides")
    out = root / "shown"
    assert run(["preview", "--export", str(out), "-C", str(root)]) == 0
    assert len([name for name in names(out) if name.startswith("issues/")]) == 2
    (out / "CNAME").write_text("mine")
    assert run(["preview", "tides", "--export", str(out), "-C", str(root)]) == 0
    assert len([name for name in names(out) if name.startswith("issues/")]) == 1
    assert "CNAME" in names(out)
