"""The web archive in builds: what is made again, removed, or never included."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from newsletter.build.pipeline import build
from newsletter.commands.init import start_workspace
from newsletter.errors import UsageError
from tests.sample_values import SAMPLE_VALUES

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 7, 15, tzinfo=UTC)


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    start_workspace(tmp_path / "letter", kind="essay", title="The letter", **SAMPLE_VALUES)
    return tmp_path / "letter"


def write(root: Path, name: str, date: str, tags: str, front: str = "", body: str = "Hello.") -> None:
    path = root / "issues" / f"{date}-{name}" / "index.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\ntitle: {name.title()}\ndate: {date}\ntags: [{tags}]\n{front}---\n\n{body}\n", "utf-8")


def draw(path: Path) -> None:
    Image.new("RGB", (900, 600), "#335577").save(path)


def browse(root: Path) -> set[str]:
    folder = root / "public" / "browse"
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_changed_issue_makes_only_the_pages_that_show_it(letter: Path) -> None:
    write(letter, "may", "2026-05-01", "sea")
    write(letter, "june", "2026-06-01", "land")
    build(letter, now=NOW)
    write(letter, "june", "2026-06-01", "land", body="Hello again.")
    assert not [name for name in build(letter, now=NOW).written if "browse" in name or name == "public/index.html"]
    write(letter, "june", "2026-06-01", "land, sky")
    written = {name for name in build(letter, now=NOW).written if "/browse/" in name}
    assert written == {f"public/browse/{name}" for name in ("all/index.html", "tags/index.html", "tags/sky.html")}


def test_a_page_without_issues_is_removed_even_by_a_partial_build(letter: Path) -> None:
    write(letter, "may", "2026-05-01", "sea")
    write(letter, "june", "2026-06-01", "land")
    build(letter, now=NOW)
    (letter / "public/browse/tags/own.html").write_text("mine")
    write(letter, "june", "2026-06-01", "sea")
    report = build(letter, now=NOW, only=[_file(letter, "june")])
    assert "public/browse/tags/land.html" in report.removed
    assert (letter / "public/browse/tags/own.html").read_text() == "mine", "no build made it"


def test_a_fresh_build_gives_the_same_archive(letter: Path) -> None:
    write(letter, "may", "2026-05-01", "sea")
    build(letter, now=NOW)
    write(letter, "june", "2026-06-01", "land, C++, C#")
    build(letter, now=NOW)
    before = {path: path.read_bytes() for path in (letter / "public").rglob("*") if path.is_file()}
    build(letter, now=NOW, fresh=True)
    assert before == {path: path.read_bytes() for path in (letter / "public").rglob("*") if path.is_file()}


def test_drafts_and_future_issues_are_not_in_the_archive(letter: Path) -> None:
    write(letter, "may", "2026-05-01", "sea")
    write(letter, "secret", "2026-06-01", "zebras", "draft: true\n", "[x](https://zebras.example/)")
    write(letter, "later", "2027-06-01", "zebras")
    build(letter, now=NOW)
    served = [path for path in (letter / "public").rglob("*") if path.is_file()]
    assert not [path for path in served if b"ebras" in path.read_bytes() or b"Secret" in path.read_bytes()]


def test_an_issue_may_be_named_like_the_folder_of_indexes(letter: Path) -> None:
    write(letter, "browse", "2026-05-01", "sea")
    build(letter, now=NOW)
    assert "<h1>Browse</h1>" in (letter / "public/browse/index.html").read_text("utf-8")
    assert "tags/sea.html" in browse(letter)


def test_previous_and_next_show_their_covers(letter: Path) -> None:
    for name, date in (("may", "2026-05-01"), ("june", "2026-06-01")):
        write(letter, name, date, "sea", 'cover: {image: cover.png, alt: "A sea"}\n')
        draw(letter / "issues" / f"{date}-{name}" / "cover.png")
    build(letter, now=NOW)
    page = (letter / "public/june/index.html").read_text("utf-8")
    cover = re.search(r'<a class="previous" [^>]*><img src="\.\./may/([^"]+)"', page)[1]
    assert (letter / "public/may" / cover).is_file()
    Image.new("RGB", (900, 600), "#aa2211").save(letter / "issues/2026-05-01-may/cover.png")
    build(letter, now=NOW)
    page = (letter / "public/june/index.html").read_text("utf-8")
    assert f"../may/{cover}" not in page, "it follows the picture"


def test_an_issue_without_a_cover_has_a_card_for_link_previews(letter: Path) -> None:
    write(letter, "may", "2026-05-01", "sea")
    build(letter, now=NOW)
    page = (letter / "public/may/index.html").read_text("utf-8")
    card = re.search(r'<meta property="og:image" content="[^"]*/may/(card-[0-9a-f]{8}\.png)">', page)[1]
    with Image.open(letter / "public/may" / card) as drawn:
        assert drawn.size == (1200, 630)
    with (letter / "newsletter.yaml").open("a", encoding="utf-8") as configuration:
        configuration.write("\nweb: {social: none}\n")
    build(letter, now=NOW)
    assert not (letter / "public/may" / card).exists()
    assert "og:image" not in (letter / "public/may/index.html").read_text("utf-8")


def test_the_search_index_has_only_issues_and_follows_their_changes(letter: Path) -> None:
    pytest.importorskip("pagefind")
    with (letter / "newsletter.yaml").open("a", encoding="utf-8") as configuration:
        configuration.write("\nweb: {search: pagefind}\n")
    write(letter, "may", "2026-05-01", "sea", body="Barnacles.")
    build(letter, now=NOW)
    first = {name: (letter / "public/browse" / name).read_bytes() for name in browse(letter) if "pagefind" in name}
    assert len([name for name in first if name.endswith(".pf_fragment")]) == 1
    assert not build(letter, now=NOW).written
    write(letter, "may", "2026-05-01", "sea", body="Limpets.")
    report = build(letter, now=NOW)
    assert [name for name in report.removed if name.endswith(".pf_fragment")]
    write(letter, "may", "2026-05-01", "sea", body="Barnacles.")
    build(letter, now=NOW)
    assert first == {name: (letter / "public/browse" / name).read_bytes() for name in first}, "the same again"


def test_an_archive_without_issues_has_no_search_index(letter: Path) -> None:
    pytest.importorskip("pagefind")
    with (letter / "newsletter.yaml").open("a", encoding="utf-8") as configuration:
        configuration.write("\nweb: {search: pagefind}\n")
    write(letter, "may", "2026-05-01", "sea", "draft: true\n")
    build(letter, now=NOW)
    assert "search/index.html" in browse(letter)
    assert not (letter / "public/browse/search/pagefind").exists()


def test_without_pagefind_a_build_explains_how_to_install_it_and_writes_nothing(letter: Path, monkeypatch) -> None:
    with (letter / "newsletter.yaml").open("a", encoding="utf-8") as configuration:
        configuration.write("\nweb: {search: pagefind}\n")
    write(letter, "may", "2026-05-01", "sea")
    monkeypatch.setitem(sys.modules, "pagefind", None)
    with pytest.raises(UsageError) as caught:
        build(letter, now=NOW)
    assert "pip install 'newsletter-press[search]'" in caught.value.hint
    assert not (letter / "public").exists()


def _file(root: Path, name: str):
    from newsletter.config.workspace import issue_files

    return next(file for file in issue_files(root) if name in file.path)
