"""The feeds as files of a build: what is made again, kept and removed."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from newsletter.build.pipeline import build
from newsletter.build.texts import FeedTexts
from newsletter.commands.feeds import write_feeds
from newsletter.commands.init import start_workspace
from newsletter.config.workspace import issue_files
from newsletter.errors import WorldError
from tests.sample_values import SAMPLE_VALUES

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2027, 1, 1, tzinfo=UTC)
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
COUNT = 5


def write(root: Path, number: int, more: str = "") -> None:
    day = (FIRST + timedelta(weeks=number)).date()
    text = f"---\ntitle: Letter {number}\ndate: {day}\nsummary: x\n{more}---\n\nThe words of letter {number}.\n"
    (root / f"issues/{day}-letter-{number}.md").write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with five issues and feeds of two entries, so that the history has two pages. Tests must not change it."""
    root = tmp_path_factory.mktemp("built")
    start_workspace(root, kind="essay", title="The letter", **SAMPLE_VALUES)
    settings = root / "newsletter.yaml"
    asked = "\nfeeds:\n  entries: 2\n  by: [tag]\n  campaign: kit\n"
    settings.write_text(settings.read_text().replace("\nfeeds:\n", asked), encoding="utf-8")
    (root / "issues").mkdir()
    for number in range(1, COUNT + 1):
        write(root, number, f"tags: [all, t{number}]\n")
    build(root, now=NOW)
    return root


@pytest.fixture
def letters(built: Path, tmp_path: Path) -> Path:
    root = tmp_path / "letters"
    shutil.copytree(built, root, copy_function=shutil.copy2)
    build(root, now=NOW)  # the cache was that of another workspace
    return root


def feeds(root: Path) -> dict[str, bytes]:
    folder = root / "public/feeds"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def changed(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def test_a_new_issue_changes_no_page_of_the_history(letters: Path):
    before = feeds(letters)
    stamps = {name: (letters / "public/feeds" / name).stat().st_mtime_ns for name in before}
    write(letters, 6, "tags: [new]\n")
    build(letters, now=NOW)
    assert {name.split("/")[-1] for name in changed(before, feeds(letters)) if "archive" not in name} >= {
        "atom.xml",
        "campaign.xml",
    }
    for name in before:
        if "archive" in name and not name.endswith("0002.xml") and not name.endswith("0002.json"):
            assert (letters / "public/feeds" / name).stat().st_mtime_ns == stamps[name]
    assert (letters / "public/feeds/tag/t1/rss.xml").stat().st_mtime_ns == stamps["tag/t1/rss.xml"]


def test_a_withdrawn_issue_is_removed_from_every_feed(letters: Path):
    write(letters, 1, "tags: [all, t1]\ndraft: true\n")
    other = [file for file in issue_files(letters) if file.name.endswith("letter-5")]
    build(letters, now=NOW, only=other)
    assert not [name for name, content in feeds(letters).items() if b"letter 1." in content or "t1/" in name]


def test_an_unused_tag_has_no_feed(letters: Path):
    write(letters, 2, "tags: [all, other]\n")
    build(letters, now=NOW)
    names = set(feeds(letters))
    assert "tag/other/rss.xml" in names
    assert not [name for name in names if name.startswith("tag/t2/")]


def test_a_fresh_build_gives_the_same_feeds(letters: Path):
    before = feeds(letters)
    shutil.rmtree(letters / ".newsletter")
    shutil.rmtree(letters / "public")
    build(letters, now=NOW)
    assert feeds(letters) == before


def test_the_feed_command_writes_the_same_feeds(letters: Path):
    before = feeds(letters)
    shutil.rmtree(letters / ".newsletter")
    shutil.rmtree(letters / "public/feeds")
    write_feeds(letters, now=NOW)
    assert feeds(letters) == before


def test_the_feed_command_removes_obsolete_files(letters: Path):
    write(letters, 2, "tags: [all]\n")
    write_feeds(letters, now=NOW)
    assert not [name for name in feeds(letters) if name.startswith("tag/t2/")]


def test_missing_texts_are_made_again(letters: Path):
    before = feeds(letters)
    shutil.rmtree(letters / ".newsletter/cache/feeds")
    report = build(letters, now=NOW)
    assert len(report.made) == COUNT
    assert feeds(letters) == before


def test_a_changed_stored_text_is_not_used_in_feeds(letters: Path):
    for path in (letters / ".newsletter/cache/feeds").rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes().replace(b"words", b"forgd"))
    write(letters, 3, "tags: [all, t3]\nsubtitle: Changed\n")  # on the same page of the history as the fourth
    with pytest.raises(WorldError, match="disappeared during the build"):
        build(letters, now=NOW)
    assert not [name for name, content in feeds(letters).items() if b"forgd" in content]
    build(letters, now=NOW, fresh=True)
    assert b"Changed" in feeds(letters)["archive-2/rss-0002.xml"]


def test_nothing_is_stored_through_a_symbolic_link(letters: Path, tmp_path: Path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.rmtree(letters / ".newsletter/cache")
    (letters / ".newsletter/cache").symlink_to(elsewhere)
    before = feeds(letters)
    write(letters, 3, "tags: [all, t3]\nsubtitle: Changed\n")
    build(letters, now=NOW)
    assert changed(before, feeds(letters))
    assert list(elsewhere.iterdir()) == []


def test_stored_texts_are_read_unchanged(tmp_path: Path):
    texts = FeedTexts(tmp_path)
    name = texts.put("<p>Ça\ud800</p>")
    assert texts.has(name)
    texts.keep()
    assert FeedTexts(tmp_path).text(name) == "<p>Ça\ud800</p>"
    assert texts.text(texts.put("")) == ""
    assert texts.text("0" * 32) is None


def test_only_old_texts_are_removed(tmp_path: Path):
    texts = FeedTexts(tmp_path)
    one, other = texts.put("one"), texts.put("other")
    texts.keep()
    later = NOW.timestamp() + 100 * 24 * 60 * 60
    texts.prune({one}, 0)
    assert texts.has(other)
    texts.prune({one}, max(later, datetime.now(UTC).timestamp() + 10**6))
    assert texts.has(one)
    assert not texts.has(other)


def test_an_issue_held_back_keeps_its_text_in_the_feeds(letters: Path):
    before = json.loads(feeds(letters)["feed.json"])["items"]
    write(letters, 5, "tags: [all, t5]\ncover: {image: gone.png, alt: Gone}\n")
    report = build(letters, now=NOW)
    assert report.diagnostics
    assert json.loads(feeds(letters)["feed.json"])["items"] == before
