"""`newsletter new`: every title in any script gets its own folder and address."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.cli import run
from newsletter.names import portable_name, slugify
from newsletter.project.project import slug_problem
from tests.sample_values import OPTIONS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")  # 2026-09-21
    monkeypatch.chdir(tmp_path)
    assert run(["init", "letter", "--kind", "essay", *OPTIONS]) == 0
    monkeypatch.chdir(tmp_path / "letter")
    return tmp_path / "letter"


def folders(letter: Path) -> list[str]:
    return sorted(path.parent.name.removeprefix("2026-09-21-") for path in (letter / "issues").glob("*/index.md"))


def publish(letter: Path) -> None:
    for path in (letter / "issues").glob("*/index.md"):
        lines = path.read_text("utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if not line.startswith("draft: true")), "utf-8")


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("港の一週間", "港の一週間"),
        ("運河と水門", "運河と水門"),
        ("Вести с канала", "вести-с-канала"),
        ("Ёлка и чай", "ёлка-и-чай"),
        ("Νέα από το λιμάνι", "νέα-από-το-λιμάνι"),
        ("أخبار القناة", "أخبار-القناة"),
        ("می‌خواهم", "می‌خواهم"),
        ("חדשות", "חדשות"),
        ("हिन्दी समाचार", "हिन्दी-समाचार"),
        ("தமிழ் செய்தி", "தமிழ்-செய்தி"),
        ("ข่าววันนี้", "ข่าววันนี้"),
        ("운하 소식", "운하-소식"),
        ("Über die Brücke – 2024–2025", "uber-die-brucke-2024-2025"),
        ("Cuộc họp ở Đà Nẵng", "cuoc-hop-o-da-nang"),
        ("東京 & Ghent: 第３回", "東京-ghent-第3回"),
        ("🎉", "issue"),
        ("feeds", "feeds-issue"),
    ],
)
def test_a_title_in_any_script_gets_its_own_address(letter: Path, title: str, slug: str) -> None:
    assert run(["new", title]) == 0
    assert folders(letter) == [slug]
    publish(letter)
    assert run(["build"]) == 0
    assert (letter / "public" / slug / "index.html").exists(), "what is on disk can be read"
    assert f"/{quote(slug)}/</link>" in (letter / "feeds/rss.xml").read_text("utf-8"), (
        "in an address it is percent-encoded"
    )


def test_two_titles_are_two_issues_even_with_equal_slugs(letter: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for title in ("🎉", "🎊", "Hello!", "Hello?", "Hello (again)", "HELLO…"):
        assert run(["new", title]) == 0
    assert folders(letter) == ["hello", "hello-2", "hello-3", "hello-again", "issue", "issue-2"]
    assert run(["new", "🎉"]) == 2
    assert "issue 2026-09-21-issue already exists" in capsys.readouterr().err


def test_one_title_on_two_days_has_two_addresses(letter: Path) -> None:
    for day in ("2026-09-01", "2026-09-08", "2026-09-15"):
        assert run(["new", "港の一週間", "--date", day]) == 0
    assert sorted(path.name for path in (letter / "issues").iterdir() if path.is_dir()) == [
        "2026-09-01-港の一週間",
        "2026-09-08-港の一週間-2",
        "2026-09-15-港の一週間-3",
    ]
    publish(letter)
    assert run(["build"]) == 0


def test_an_address_used_by_a_slug_is_not_reused(letter: Path) -> None:
    assert run(["new", "Ports"]) == 0
    path = letter / "issues/2026-09-21-ports/index.md"
    path.write_text(path.read_text().replace("title: Ports", "title: Ports\nslug: ships"))
    assert run(["new", "Ships"]) == 0
    assert folders(letter) == ["ports", "ships-2"]


def test_addresses_can_be_limited_to_ascii_and_losses_are_reported(
    letter: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = letter / "newsletter.yaml"
    path.write_text(path.read_text() + "\nslugs: ascii\n")
    for title in ("Über die Brücke", "港の一週間", "運河と水門", "Ghent 港"):
        assert run(["new", title]) == 0
    reported = capsys.readouterr().out
    assert folders(letter) == ["ghent", "issue", "issue-2", "uber-die-brucke"]
    assert "leaves out `港の一週間`" in reported
    assert "leaves out `港`" in reported
    assert "Brücke" not in reported.replace("Über die Brücke`", "")


def test_an_unknown_value_for_slugs_is_reported(letter: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = letter / "newsletter.yaml"
    path.write_text(path.read_text() + "\nslugs: latin\n")
    assert run(["new", "Ports"]) == 2
    assert "`slugs` cannot be `latin`" in capsys.readouterr().err


@given(st.text(max_size=90))
def test_the_slug_of_any_title_is_a_portable_folder_name(title: str) -> None:
    slug = slugify(title, any_script=True)
    assert slug == unicodedata.normalize("NFC", slug)
    for name in (f"2026-09-21-{slug}", f"{slug}-issue"):
        assert portable_name(name) == name or not slug
    assert not slug or not slug_problem(f"{slug}-issue")
    assert len(slug.encode()) <= 150
    assert slugify(title).isascii()
    assert bool(slug) or not any(char.isalnum() and char.isascii() for char in title)


@pytest.mark.parametrize("letters", ["港", "ก็", "क्षि", "é", "word", "한"])
def test_a_long_title_is_shortened_between_letters(letters: str) -> None:
    slug = slugify(letters * 200, any_script=True)
    assert slug
    assert (letters * 200).startswith(slug) or slug.isascii()
    rest = (letters * 200)[len(slug) :]
    assert slug.isascii() or not unicodedata.category(rest[0]).startswith("M")
