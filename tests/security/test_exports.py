"""An export folder holds what the export wrote and what is somebody's own: nothing that has since become paid, nothing foreign less."""

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
def desk(tmp_path: Path) -> Path:
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
    """All files but those that say what an export is of: tests/services/test_package.py looks at them."""
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    said = {name for name in found if name.endswith((".subject.txt", ".preheader.txt"))}
    return (
        found
        - said
        - {f"{name}{paid}" for name in ("README", "manifest") for paid in (".txt", ".json", "-paid.txt", "-paid.json")}
    )


def test_a_picture_that_has_since_become_paid_does_not_stay(desk: Path) -> None:
    first = export(desk)
    assert any(name.startswith("images/map") for name in first)
    write(desk, PAID)
    assert export(desk) == {"tables.html", "tables.txt"}


def test_nor_where_nothing_is_remembered(desk: Path) -> None:
    export(desk)
    (desk / ".newsletter/exports.json").unlink()
    write(desk, PAID)
    assert export(desk) == {"tables.html", "tables.txt"}


def test_the_paid_edition_stands_beside_the_free_one(desk: Path) -> None:
    write(desk, PAID)
    export(desk)
    both = export(desk, "--edition", "paid")
    assert {"tables.html", "tables-paid.html"} <= both
    assert any(name.startswith("images-paid/map") for name in both)
    assert export(desk) == both


def test_what_is_somebodys_own_stays(desk: Path) -> None:
    first = export(desk)
    picture = next(name for name in first if name.startswith("images/"))
    (desk / "out/images/mine.png").write_bytes(b"mine")
    (desk / "out/notes.txt").write_text("mine")
    (desk / "out" / picture).write_bytes(png("#0000ff"))  # drawn over by hand: no longer what we wrote
    write(desk, "Hello.\n\n## News\n\nText.\n")
    assert export(desk) == {"notes.txt", "images/mine.png", picture, "tables.html", "tables.txt"}


def test_another_issue_keeps_its_own(desk: Path) -> None:
    write(desk, FREE.replace("Hello", "Good day"), "2026-10-02-tides")
    export(desk)
    both = export(desk, slug="tides")
    assert {"tables.html", "tides.html"} <= both
    write(desk, PAID)
    assert export(desk) == both  # the other one shows the picture to everybody


def test_an_issue_of_another_address_leaves_no_letter_of_the_old_one(desk: Path) -> None:
    export(desk)
    issue = desk / "issues/2026-10-01-tables/index.md"
    issue.write_text(issue.read_text().replace("title:", "slug: moon\ntitle:"))
    assert {name for name in export(desk) if "/" not in name} == {"moon.html", "moon.txt"}


@pytest.mark.parametrize("value", [[], {"out": []}, {"out": {"x": ["a"]}}, {"out": {"x": {"a": 1}}}, "x", None])
def test_a_memory_of_another_shape_is_none(desk: Path, value: object) -> None:
    (desk / ".newsletter").mkdir(exist_ok=True)
    (desk / ".newsletter/exports.json").write_text(json.dumps(value))
    assert "tables.html" in export(desk)


@pytest.mark.parametrize(
    "name", ["newsletter.yaml", ".git/config", "../outside.txt", "images/../newsletter.yaml", "notes.txt"]
)
def test_a_memory_that_names_what_no_export_writes_removes_nothing(desk: Path, name: str) -> None:
    from newsletter.project.cache import digest

    write(desk, FREE)
    out = desk / "out"
    target = out / name
    (out / "images").mkdir(parents=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(b"mine")
    what = "issues/2026-10-01-tables/index.md free"
    (desk / ".newsletter").mkdir(exist_ok=True)
    (desk / ".newsletter/exports.json").write_text(json.dumps({"out": {what: {name: digest(b"mine")}}}))
    export(desk)
    assert target.read_bytes() == b"mine"


def test_a_preview_as_files_holds_no_more_than_it_was_asked_for(desk: Path) -> None:
    write(desk, FREE.replace("Hello", "Good day"), "2026-10-02-tides")
    out = desk / "shown"
    assert run(["preview", "--export", str(out), "-C", str(desk)]) == 0
    assert len([name for name in names(out) if name.startswith("issues/")]) == 2
    (out / "CNAME").write_text("mine")
    assert run(["preview", "tides", "--export", str(out), "-C", str(desk)]) == 0
    assert len([name for name in names(out) if name.startswith("issues/")]) == 1
    assert "CNAME" in names(out)
