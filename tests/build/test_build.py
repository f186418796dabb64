"""The pipeline: what it makes, what it makes again, and what it keeps."""

from __future__ import annotations

import hashlib
import os
import re
import struct
import subprocess
import sys
import zlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import feedparser
import pytest
from PIL import Image

from newsletter.build.pipeline import build
from newsletter.commands.init import start_workspace
from tests.sample_values import SAMPLE_VALUES

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 1, tzinfo=UTC)
OUTPUTS = ("build", "public", "feeds")


def issue(title: str, day: str, number: int, *, more: str = "", body: str = "") -> str:
    return (
        f"---\ntitle: {title}\ndate: {day}\nnumber: {number}\n"
        f"summary: What this letter is about, in one line of text.\nauthors: [editor]\n{more}---\n\n"
        f"{body or 'The opening.'}\n\n## A section\n\nA paragraph with [a link](https://example.org/{number}).\n"
    )


def write(root: Path, name: str, text: str) -> Path:
    path = root / "issues" / name / "index.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """A workspace with three issues."""
    root = tmp_path / "letter"
    start_workspace(root, kind="essay", title="The letter", **SAMPLE_VALUES)
    for number, month in enumerate(("june", "july", "august"), 1):
        write(root, f"2026-0{number + 5}-01-{month}", issue(f"Hello {month}", f"2026-0{number + 5}-01", number))
    return root


def tree(root: Path) -> dict[str, str]:
    """Every output with a digest of its bytes."""
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in OUTPUTS
        for path in sorted((root / folder).rglob("*"))
        if path.is_file()
    }


def test_each_issue_becomes_an_email_a_text_and_a_page(letter: Path) -> None:
    report = build(letter, now=NOW)
    assert report.issues == report.published == len(report.made) == 3
    assert not report.diagnostics
    for slug in ("june", "july", "august"):
        assert "A paragraph with" in (letter / f"build/{slug}/email.html").read_text()
        assert f"Hello {slug}" in (letter / f"build/{slug}/email.txt").read_text()
        assert f"Hello {slug}" in (letter / f"public/{slug}/index.html").read_text()
    index = (letter / "public/index.html").read_text()
    assert index.index("Hello august") < index.index("Hello july") < index.index("Hello june")


def test_the_feeds_have_the_issues_newest_first_in_both_places(letter: Path) -> None:
    build(letter, now=NOW)
    for name in ("rss.xml", "atom.xml"):
        found = feedparser.parse((letter / "feeds" / name).read_bytes())
        assert not found.bozo
        assert [entry.title for entry in found.entries] == ["Hello august", "Hello july", "Hello june"]
        assert (letter / "public/feeds" / name).read_bytes() == (letter / "feeds" / name).read_bytes()


def test_a_second_build_makes_nothing(letter: Path) -> None:
    build(letter, now=NOW)
    before = tree(letter)
    report = build(letter, now=NOW)
    assert (report.made, report.written, report.removed) == ((), (), ())
    assert tree(letter) == before


def test_only_a_changed_issue_is_made_again(letter: Path) -> None:
    build(letter, now=NOW)
    path = write(letter, "2026-07-01-july", issue("Hello july", "2026-07-01", 2, body="Another opening."))
    report = build(letter, now=NOW)
    assert report.made == (path.relative_to(letter).as_posix(),)
    assert "Another opening." in (letter / "public/july/index.html").read_text()
    assert "Another opening." in (letter / "feeds/rss.xml").read_text()


def test_neighbours_follow_a_change_of_title(letter: Path) -> None:
    build(letter, now=NOW)
    write(letter, "2026-07-01-july", issue("Renamed", "2026-07-01", 2))
    report = build(letter, now=NOW)
    assert len(report.made) == 3
    assert "Renamed" in (letter / "public/june/index.html").read_text()
    assert "Renamed" in (letter / "public/august/index.html").read_text()


def test_a_build_with_a_cache_gives_the_same_bytes_as_a_fresh_one(letter: Path) -> None:
    build(letter, now=NOW)
    write(letter, "2026-07-01-july", issue("Renamed", "2026-07-01", 2, body="Another opening."))
    write(letter, "2026-09-01-september", issue("Hello september", "2026-09-01", 4))
    build(letter, now=NOW)
    kept = tree(letter)
    build(letter, now=NOW, fresh=True)
    assert tree(letter) == kept


def test_outputs_of_removed_issues_are_removed_and_other_files_kept(letter: Path) -> None:
    build(letter, now=NOW)
    (letter / "public/CNAME").write_text("letters.example\n")
    (letter / "build/june/notes.txt").write_text("mine\n")
    (letter / "issues/2026-06-01-june/index.md").unlink()
    report = build(letter, now=NOW)
    assert "public/june/index.html" in report.removed
    assert not (letter / "public/june").exists()
    assert not (letter / "build/june/email.html").exists()
    assert (letter / "build/june/notes.txt").read_text() == "mine\n"
    assert (letter / "public/CNAME").exists()
    assert "Hello june" not in (letter / "public/index.html").read_text()


def test_an_output_that_was_deleted_or_changed_is_made_again(letter: Path) -> None:
    build(letter, now=NOW)
    before = tree(letter)
    (letter / "public/july/index.html").write_text("spoiled")
    (letter / "build/june/email.txt").unlink()
    (letter / "feeds/atom.xml").unlink()
    build(letter, now=NOW)
    assert tree(letter) == before


@pytest.mark.parametrize("more", ["draft: true\n", "draft: yes\n", 'draft: "true"\n', "draft: 1\n", ""])
def test_drafts_and_future_issues_are_built_but_not_published(letter: Path, more: str) -> None:
    day = "2026-10-01" if more else "2026-12-01"
    write(letter, f"{day}-secret", issue("A secret", day, 4, more=more))
    report = build(letter, now=NOW)
    assert report.published == 3
    assert "A secret" in (letter / "build/secret/email.html").read_text()
    assert "A secret" in (letter / "build/secret/page.html").read_text()
    for folder in ("public", "feeds"):
        for path in (letter / folder).rglob("*"):
            assert not path.is_file() or b"A secret" not in path.read_bytes(), path


def test_a_future_issue_is_published_on_its_day(letter: Path) -> None:
    write(letter, "2026-12-01-later", issue("Later", "2026-12-01", 4))
    build(letter, now=NOW)
    report = build(letter, now=datetime(2026, 12, 2, tzinfo=UTC))
    assert report.published == 4
    assert "Later" in (letter / "public/index.html").read_text()
    assert not (letter / "build/later/page.html").exists()


def test_an_unreadable_issue_keeps_its_earlier_outputs(letter: Path) -> None:
    build(letter, now=NOW)
    before = tree(letter)
    write(letter, "2026-07-01-july", "---\ntitle: Cars: the end\ndate: [\n---\n\nText.\n")
    report = build(letter, now=NOW)
    assert report.diagnostics
    assert {found.path for found in report.diagnostics} == {"issues/2026-07-01-july/index.md"}
    assert all(found.span.line >= 2 for found in report.diagnostics)
    assert tree(letter) == before
    write(letter, "2026-07-01-july", issue("Mended", "2026-07-01", 2))
    assert not build(letter, now=NOW).diagnostics
    assert "Mended" in (letter / "public/july/index.html").read_text()


@pytest.mark.parametrize("slug", ["../x", "a/b", ".", "Feeds", "index.html", "style.css", "con", "a?b", "x" * 300])
def test_only_the_issue_with_an_invalid_slug_is_not_built(slug: str, letter: Path) -> None:
    write(letter, "2026-09-01-new", issue("New", "2026-09-01", 4, more=f'slug: "{slug}"\n'))
    report = build(letter, now=NOW)
    assert [(found.code, found.span.line) for found in report.diagnostics] == [("FM105", 7)]
    assert len(report.made) == report.published == 3
    assert "New" not in (letter / "public/index.html").read_text()


@pytest.mark.parametrize("slug", ["ein stück", "标题", "🚗", "100%", "what's-new", "2026"])
def test_a_slug_may_be_in_any_script(slug: str, letter: Path) -> None:
    write(letter, "2026-09-01-new", issue("New", "2026-09-01", 4, more=f'slug: "{slug}"\n'))
    assert build(letter, now=NOW).published == 4
    assert (letter / "public" / slug / "index.html").exists()


def test_two_issues_cannot_share_an_address(letter: Path) -> None:
    path = write(letter, "2026-09-01-june", issue("June again", "2026-09-01", 4))
    report = build(letter, now=NOW)
    assert [(found.code, found.path) for found in report.diagnostics] == [
        ("FM108", path.relative_to(letter).as_posix())
    ]
    assert "Hello june" in (letter / "public/june/index.html").read_text()


def picture(path: Path, colour: str) -> None:
    Image.new("RGB", (1400, 900), colour).save(path)


def test_pictures_are_beside_the_page_at_the_needed_size(letter: Path) -> None:
    body = 'The opening.\n\n![A red field](field.png "The field. Photo: me")'
    write(letter, "2026-07-01-july", issue("Hello july", "2026-07-01", 2, body=body))
    original = letter / "issues/2026-07-01-july/field.png"
    picture(original, "#aa3311")
    content = original.read_bytes()
    build(letter, now=NOW)
    (made,) = (letter / "public/july").glob("field-*")
    with Image.open(made) as opened:
        assert opened.size == (1120, 720)
    assert f"https://letters.example/july/{made.name}" in (letter / "build/july/email.html").read_text()
    assert original.read_bytes() == content
    picture(original, "#113355")
    build(letter, now=NOW)
    (again,) = (letter / "public/july").glob("field-*")
    assert again.name != made.name


def broken_png(path: Path) -> None:
    """Writes a PNG with a valid header and broken pixels."""
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", 1200, 800, 8, 2, 0, 0, 0)), (b"IDAT", b"no pixels"), (b"IEND", b""))
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + b"".join(
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
            for name, body in chunks
        )
    )


SHOWN = 'The opening.\n\n![A red field](field.png "The field. Photo: me")'


def test_only_the_issue_with_a_broken_picture_stays_unchanged(letter: Path) -> None:
    build(letter, now=NOW)
    before = tree(letter)
    write(letter, "2026-07-01-july", issue("Hello again july", "2026-07-01", 2, body=SHOWN))
    broken_png(letter / "issues/2026-07-01-july/field.png")
    write(letter, "2026-09-01-new", issue("Hello september", "2026-09-01", 4))
    report = build(letter, now=NOW)
    (found,) = report.diagnostics
    assert (found.code, found.path, found.span.line, found.span.column) == (
        "FG106",
        "issues/2026-07-01-july/index.md",
        11,
        16,
    )
    assert found.message.startswith("`field.png` is broken: ")
    assert sorted(report.made) == ["issues/2026-08-01-august/index.md", "issues/2026-09-01-new/index.md"]
    assert tree(letter)["public/july/index.html"] == before["public/july/index.html"]
    assert "again" not in (letter / "public/index.html").read_text() + (letter / "feeds/rss.xml").read_text()
    picture(letter / "issues/2026-07-01-july/field.png", "#aa3311")
    report = build(letter, now=NOW)
    assert report.diagnostics == ()
    assert "Hello again july" in (letter / "public/july/index.html").read_text()


def test_only_the_issue_with_a_file_that_is_not_a_picture_is_not_built(letter: Path) -> None:
    path = write(letter, "2026-07-01-july", issue("Hello", "2026-07-01", 2, body="![A](photo.jpg)\n\n![B](gone.jpg)"))
    (path.parent / "photo.jpg").write_bytes(b"<html>not found</html>")
    report = build(letter, now=NOW)
    assert [(found.code, found.span.line) for found in report.diagnostics] == [("FG106", 9), ("FG104", 11)]
    assert len(report.made) == 2
    assert not (letter / "public/july").exists()
    Image.new("RGB", (4, 4)).save(path.parent / "photo.jpg")
    Image.new("RGB", (4, 4)).save(path.parent / "gone.jpg")
    assert build(letter, now=NOW).diagnostics == ()


def test_an_issue_whose_picture_breaks_later_stays_unchanged(letter: Path) -> None:
    write(letter, "2026-07-01-july", issue("Hello july", "2026-07-01", 2, body=SHOWN))
    field = letter / "issues/2026-07-01-july/field.png"
    picture(field, "#aa3311")
    build(letter, now=NOW)
    before = tree(letter)
    broken_png(field)
    for _ in range(2):
        assert [found.code for found in build(letter, now=NOW).diagnostics] == ["FG106"]
        assert tree(letter) == before
    picture(field, "#aa3311")
    assert not build(letter, now=NOW).diagnostics
    assert tree(letter) == before


def test_no_issue_links_to_a_new_one_with_a_broken_picture(letter: Path) -> None:
    write(letter, "2026-07-01-july", issue("Hello july", "2026-07-01", 2, body=SHOWN))
    broken_png(letter / "issues/2026-07-01-july/field.png")
    report = build(letter, now=NOW)
    assert [found.code for found in report.diagnostics] == ["FG106"]
    assert (len(report.made), report.published) == (2, 2)
    for path in (letter / "public").rglob("*.html"):
        assert "july" not in path.read_text(), path
    before, again = tree(letter), build(letter, now=NOW)
    assert (again.diagnostics, again.written) == (report.diagnostics, ())
    assert tree(letter) == before


def test_a_broken_logo_is_reported_once_in_newsletter_yaml(letter: Path) -> None:
    settings = letter / "newsletter.yaml"
    settings.write_text(f"{settings.read_text()}\ntheme:\n  logo: logo.png\n")
    broken_png(letter / "logo.png")
    report = build(letter, now=NOW)
    line = settings.read_text()[: settings.read_text().index("logo.png")].count("\n") + 1
    assert [(found.code, found.path, found.span.line) for found in report.diagnostics] == [
        ("CF016", "newsletter.yaml", line)
    ]
    assert report.made == ()


def test_progress_is_reported_for_many_pictures_that_are_made_once(letter: Path) -> None:
    names = [f"{index}.png" for index in range(10)]
    for index, name in enumerate(names):
        picture(letter / "issues/2026-07-01-july" / name, f"#{index:02x}3311")
    body = "\n\n".join(f"![A field]({name})" for name in names)
    write(letter, "2026-07-01-july", issue("Hello july", "2026-07-01", 2, body=body))
    reported: list[tuple[str, int, int]] = []
    build(letter, now=NOW, progress=lambda *step: reported.append(step), processes=2)
    assert [step for step in reported if step[0] == "pictures"] == [("pictures", count, 10) for count in range(1, 11)]
    reported.clear()
    build(letter, now=NOW, fresh=True, progress=lambda *step: reported.append(step))
    assert {step[0] for step in reported} == {"issues"}


def test_cached_pictures_that_nothing_uses_are_removed_after_a_month(letter: Path) -> None:
    write(letter, "2026-07-01-july", issue("Hello july", "2026-07-01", 2, body=SHOWN))
    field = letter / "issues/2026-07-01-july/field.png"
    kept = letter / ".newsletter/cache/images"
    with (letter / "newsletter.yaml").open("a", encoding="utf-8") as configuration:
        configuration.write("\nweb: {social: none}\n")  # without cards, so that there are only pictures of the issue
    for colour in ("#aa3311", "#113355", "#335511"):
        picture(field, colour)
        build(letter, now=NOW)
    assert len(list(kept.iterdir())) == 3
    shown = next((letter / "public/july").glob("field-*")).name
    recent, *old = sorted(path for path in kept.iterdir() if path.name != shown)
    for path in (*old, kept / shown):
        os.utime(path, (1_600_000_000, 1_600_000_000))
    build(letter, now=NOW, fresh=True)
    assert {path.name for path in kept.iterdir()} == {shown, recent.name}


def test_a_picture_that_appears_later_is_shown(letter: Path) -> None:
    body = 'The opening.\n\n![A red field](field.png "The field. Photo: me")'
    write(letter, "2026-07-01-july", issue("Hello july", "2026-07-01", 2, body=body))
    assert [found.code for found in build(letter, now=NOW).diagnostics] == ["FG104"]
    picture(letter / "issues/2026-07-01-july/field.png", "#aa3311")
    report = build(letter, now=NOW)
    assert "issues/2026-07-01-july/index.md" in report.made
    assert list((letter / "public/july").glob("field-*"))


def test_audio_beside_the_issue_is_published_with_it(letter: Path) -> None:
    body = "::: audio [Listen](letter.mp3)\nlength: 3 minutes\n:::"
    write(letter, "2026-07-01-july", issue("Hello july", "2026-07-01", 2, body=body))
    (letter / "issues/2026-07-01-july/letter.mp3").write_bytes(b"\xff\xfb" * 50)
    build(letter, now=NOW)
    assert (letter / "public/july/letter.mp3").read_bytes() == b"\xff\xfb" * 50
    entry = feedparser.parse((letter / "feeds/rss.xml").read_bytes()).entries[1]
    assert entry.enclosures[0].href == "https://letters.example/july/letter.mp3"
    assert entry.enclosures[0].length == "100"


def test_a_linked_file_outside_the_workspace_is_not_published(letter: Path) -> None:
    outside = letter.parent / "secret.txt"
    outside.write_text("a secret")
    write(letter, "2026-07-01-july", issue("Hello july", "2026-07-01", 2, body="[All of it](secret.txt)."))
    (letter / "issues/2026-07-01-july/secret.txt").symlink_to(outside)
    build(letter, now=NOW)
    assert not (letter / "public/july/secret.txt").exists()


def test_a_file_name_with_spaces_becomes_valid_in_an_address(letter: Path) -> None:
    body = "The opening, with [a report](annual%20report%20五.pdf)."
    write(letter, "2026-07-01-july", issue("Hello july", "2026-07-01", 2, body=body))
    (letter / "issues/2026-07-01-july/annual report 五.pdf").write_bytes(b"%PDF-1.7")
    build(letter, now=NOW)
    (published,) = (letter / "public/july").glob("*.pdf")
    assert re.fullmatch(r"annual-report-[0-9a-f]{6}\.pdf", published.name)
    assert published.read_bytes() == b"%PDF-1.7"
    assert f'href="{published.name}"' in (letter / "public/july/index.html").read_text()
    address = f"https://letters.example/july/{published.name}"
    for name in ("build/july/email.html", "build/july/email.txt", "feeds/rss.xml"):
        assert address in (letter / name).read_text(), name


def test_only_the_requested_issues_are_made(letter: Path) -> None:
    from newsletter.config.workspace import issue_files

    report = build(letter, now=NOW, only=issue_files(letter)[:1])
    assert len(report.made) == 1
    assert report.site_left
    assert not (letter / "public/index.html").exists()
    assert not (letter / "feeds").exists()


def test_archive_and_feeds_have_the_requested_issues_and_the_others_as_last_built(letter: Path) -> None:
    from newsletter.config.workspace import issue_files

    build(letter, now=NOW)
    june, july, _ = issue_files(letter)
    write(letter, "2026-06-01-june", issue("Hello June", "2026-06-01", 1, body="Something else."))
    write(letter, "2026-07-01-july", issue("Hello summer", "2026-07-01", 2))
    write(letter, "2026-09-01-september", issue("Hello September", "2026-09-01", 4))
    report = build(letter, now=NOW, only=[june])
    assert (report.made, report.site_left) == ((june.path,), False)
    assert report.waiting == 3, "July and September, and August, whose page leads to September"
    index, feed = (letter / "public/index.html").read_text(), (letter / "feeds/rss.xml").read_text()
    assert "Hello June" in index
    assert "Something else." in feed
    for text in (index, feed):
        assert "Hello july" in text
        assert "Hello summer" not in text
        assert "Hello September" not in text
    assert build(letter, now=NOW, only=[july]).made == (july.path,)
    build(letter, now=NOW)
    after = tree(letter)
    build(letter, now=NOW, fresh=True)
    assert tree(letter) == after


def test_a_withdrawn_or_renamed_issue_is_removed_from_archive_and_feeds(letter: Path) -> None:
    from newsletter.config.workspace import issue_files

    yaml = letter / "newsletter.yaml"
    yaml.write_text(yaml.read_text().replace("\nfeeds:\n", "\nfeeds:\n  entries: 2\n"))
    build(letter, now=NOW)
    write(letter, "2026-08-01-august", issue("Hello august", "2026-08-01", 3, more="draft: true\n"))
    report = build(letter, now=NOW, only=issue_files(letter)[2:])
    assert "public/august/index.html" in report.removed
    for name in ("public/index.html", "feeds/rss.xml", "feeds/atom.xml", "feeds/feed.json"):
        assert "august" not in (letter / name).read_text(), name
    # An older issue replaces it in the feeds, with its text.
    assert "example.org/1" in (letter / "feeds/rss.xml").read_text()
    (letter / "issues/2026-07-01-july").rename(letter / "issues/2026-07-01-summer")
    report = build(letter, now=NOW, only=issue_files(letter)[1:2])
    assert "public/july/index.html" in report.removed
    assert "july/" not in (letter / "feeds/rss.xml").read_text()


def test_many_issues_give_the_same_outputs_in_two_processes_as_in_one(tmp_path: Path) -> None:
    trees = []
    for processes in (1, 2):
        root = tmp_path / str(processes)
        start_workspace(root, kind="essay", title="The letter", **SAMPLE_VALUES)
        for number in range(1, 61):
            day = f"2025-{(number - 1) // 28 + 1:02}-{(number - 1) % 28 + 1:02}"
            write(root, f"{day}-n{number}", issue(f"Number {number}", day, number))
        report = build(root, now=NOW, processes=processes)
        assert len(report.made) == 60
        trees.append(tree(root))
    assert trees[0] == trees[1]


def test_the_same_input_gives_the_same_bytes_in_any_environment(letter: Path, tmp_path: Path) -> None:
    trees = []
    for seed, zone, name in (("1", "Asia/Tokyo", "here"), ("2", "America/Lima", "and there")):
        root = tmp_path / name
        for path in (path for path in letter.rglob("*") if path.is_file()):
            copy = root / path.relative_to(letter)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C"}
        environment["SOURCE_DATE_EPOCH"] = str(int(NOW.timestamp()))
        command = [sys.executable, "-m", "newsletter", "build", "-C", str(root)]
        subprocess.run(command, env=environment, check=True, capture_output=True)
        trees.append(tree(root))
    assert trees[0]
    assert trees[0] == trees[1]


def test_an_empty_workspace_builds(tmp_path: Path) -> None:
    start_workspace(tmp_path / "new", kind="digest", title="New", **SAMPLE_VALUES)
    report = build(tmp_path / "new", now=NOW)
    assert report.issues == 0
    assert (tmp_path / "new/public/index.html").exists()
    assert not feedparser.parse((tmp_path / "new/feeds/atom.xml").read_bytes()).bozo


def test_a_damaged_cache_does_not_change_the_outputs(letter: Path) -> None:
    build(letter, now=NOW)
    before = tree(letter)
    (letter / ".newsletter/cache/state.json").write_text('{"format": 1, "issues": {"a": 3}}')
    (letter / ".newsletter/manifest.json").write_text("[]")
    build(letter, now=NOW)
    assert tree(letter) == before
