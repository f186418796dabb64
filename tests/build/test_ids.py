"""The ids of issues in feeds: changes that keep them, and changes that are refused because they would change them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from newsletter.build.pipeline import build
from newsletter.commands.feeds import write_feeds
from newsletter.commands.init import start_workspace
from newsletter.errors import UsageError
from tests.sample_values import SAMPLE_VALUES

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    start_workspace(tmp_path, kind="essay", title="The letter", **SAMPLE_VALUES)
    for number, name in enumerate(("2026-01-01-ports", "2026-02-01-locks"), 1):
        folder = tmp_path / "issues" / name
        folder.mkdir(parents=True)
        (folder / "index.md").write_text(
            f"---\ntitle: Letter {number}\ndate: {name[:10]}\nsummary: x\n---\n\nWords.\n", encoding="utf-8"
        )
    write_feeds(tmp_path, now=NOW)
    return tmp_path


def ids(root: Path) -> list[str]:
    return [item["id"] for item in json.loads((root / "feeds/feed.json").read_text())["items"]]


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def ports(root: Path) -> Path:
    return root / "issues/2026-01-01-ports/index.md"


def test_an_id_survives_a_new_title(letters: Path):
    before = ids(letters)
    change(ports(letters), "title: Letter 1", "title: The ports of the North")
    assert write_feeds(letters, now=NOW).written
    assert ids(letters) == before


def test_an_id_survives_a_new_date(letters: Path):
    before = ids(letters)
    change(ports(letters), "date: 2026-01-01", "date: 2026-03-01")
    assert write_feeds(letters, now=NOW).written
    assert ids(letters) == before[::-1]


def test_an_id_survives_a_new_address(letters: Path):
    before = ids(letters)
    change(ports(letters), "summary: x", "summary: x\nslug: harbours")
    assert write_feeds(letters, now=NOW).written
    assert ids(letters) == before


def test_an_id_survives_a_changed_domain(letters: Path):
    before = ids(letters)
    assert before[0].startswith("tag:letters.example,2026:")
    change(letters / "newsletter.yaml", "url: https://letters.example/", "url: https://elsewhere.example/letter/")
    assert write_feeds(letters, now=NOW).written
    assert ids(letters) == before


def test_an_id_survives_a_revision(letters: Path):
    before = ids(letters)
    change(ports(letters), "summary: x", "summary: x\nupdated: 2026-01-05")
    assert write_feeds(letters, now=NOW).written
    assert ids(letters) == before


def test_an_id_survives_a_move_to_a_single_file(letters: Path):
    before = ids(letters)
    ports(letters).rename(letters / "issues/2026-01-01-ports.md")
    ports(letters).parent.rmdir()
    write_feeds(letters, now=NOW)
    assert ids(letters) == before


def test_an_id_survives_a_renamed_folder_that_names_the_old_one(letters: Path):
    before = ids(letters)
    change(ports(letters), "summary: x", "summary: x\nid: 2026-01-01-ports\nslug: ports")
    ports(letters).parent.rename(letters / "issues/2026-01-01-harbours")
    write_feeds(letters, now=NOW)
    assert ids(letters) == before


@pytest.mark.parametrize(
    "make", [lambda root, **how: write_feeds(root, now=NOW, **how), lambda root, **how: build(root, now=NOW, **how)]
)
def test_a_renamed_folder_is_refused_with_the_line_that_keeps_the_id(letters: Path, make):
    before = ids(letters)
    change(ports(letters), "summary: x", "summary: x\nslug: ports")
    ports(letters).parent.rename(letters / "issues/2026-01-01-harbours")
    with pytest.raises(UsageError, match=r"“Letter 1” .* would get a different id in the feeds") as refused:
        make(letters)
    assert "`id: 2026-01-01-ports` into the front matter of issues/2026-01-01-harbours/index.md" in refused.value.hint
    assert ids(letters) == before
    make(letters, remove=True)
    assert ids(letters) != before


@pytest.mark.parametrize("written", ["\n  tag: letters.example,2026\n", None])
def test_another_domain_in_ids_is_refused_with_the_line_that_keeps_them(letters: Path, written: str | None):
    settings = letters / "newsletter.yaml"
    change(settings, "  tag: letters.example,2026", "  tag: other.example,2026" if written else "  entries: 20")
    change(settings, "url: https://letters.example/", "url: https://elsewhere.example/")
    with pytest.raises(UsageError, match="and 1 more would get a different id") as refused:
        write_feeds(letters, now=NOW)
    assert "`tag: letters.example,2026` under `feeds:`" in refused.value.hint


def test_a_feed_of_another_publication_is_ignored(letters: Path):
    change(letters / "newsletter.yaml", "  tag: letters.example,2026", "  tag: other.example,2026")
    for name in ("ports", "locks"):
        for folder in (letters / "issues").glob(f"*-{name}"):
            change(folder / "index.md", "summary: x", f"summary: x\nslug: other-{name}")
            folder.rename(folder.with_name(f"{folder.name}-2"))
    assert write_feeds(letters, now=NOW).written


@pytest.mark.parametrize(
    "content", ["", "[]", '{"items": 3}', '{"items": [{"id": 1}]}', '{"items": [{"id": "x", "title": "y", "url": 7}]}']
)
def test_an_unreadable_feed_is_ignored(letters: Path, content: str):
    (letters / "feeds/feed.json").write_text(content, encoding="utf-8")
    assert write_feeds(letters, now=NOW).written
