"""Recordings in feeds: beside the issue, and on another host."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from newsletter.commands.init import start_workspace
from newsletter.config.workspace import issue_files
from newsletter.markdown.recordings import seconds_of
from newsletter.model import Enclosure
from newsletter.project.letters import enclosures_of, letter_of
from newsletter.project.project import open_project
from tests.sample_values import SAMPLE_VALUES

if TYPE_CHECKING:
    from pathlib import Path

ELSEWHERE = "https://audio.example/14"


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    start_workspace(tmp_path, kind="essay", title="The letter", **SAMPLE_VALUES)
    (tmp_path / "issues/2026-01-01-ports").mkdir(parents=True)
    return tmp_path


def enclosures(root: Path, body: str) -> list[Enclosure]:
    (root / "issues/2026-01-01-ports/index.md").write_text(f"---\ntitle: Ports\ndate: 2026-01-01\n---\n\n{body}\n")
    project = open_project(root)
    (file,) = issue_files(root)
    return list(enclosures_of(project, letter_of(project, project.read(file))))


def test_a_file_beside_the_issue_is_measured(letters: Path):
    (letters / "issues/2026-01-01-ports/a.mp3").write_bytes(bytes(77))
    assert enclosures(letters, "::: audio [Listen](a.mp3)\nlength: 3:40\n:::") == [
        Enclosure("https://letters.example/ports/a.mp3", "audio/mpeg", 77, 220)
    ]


@pytest.mark.parametrize(
    ("address", "lines", "found"),
    [
        (".mp3", "bytes: 1234", [("audio/mpeg", 1234)]),
        (".MP3?x=1#t=3", "bytes: 12,345,678", [("audio/mpeg", 12345678)]),
        (".ogg", "", [("audio/ogg", 0)]),
        ("", "type: audio/mp4\nbytes: 5", [("audio/mp4", 5)]),
        ("", "bytes: 5", []),
        (".mp3", "type: text/html", []),
        (".mp3", "bytes: many", [("audio/mpeg", 0)]),
        (".mp3", f"bytes: {'9' * 5000}", [("audio/mpeg", 0)]),
    ],
)
def test_a_remote_recording_has_the_type_and_size_from_the_issue(letters: Path, address: str, lines: str, found: list):
    body = f"::: audio [Listen]({ELSEWHERE}{address})\n{lines}\n:::"
    assert [(each.media_type, each.length) for each in enclosures(letters, body)] == found
    assert all(each.url == ELSEWHERE + address for each in enclosures(letters, body))


@pytest.mark.parametrize("readers", ["email", "web", "paid", "email paid"])
def test_a_recording_not_shown_in_feeds_is_no_enclosure(letters: Path, readers: str):
    body = f"Hello.\n\n:::: only {readers}\n::: audio [Listen]({ELSEWHERE}.mp3)\nbytes: 5\n:::\n::::"
    assert enclosures(letters, body) == []


def test_a_recording_shown_in_feeds_is_an_enclosure(letters: Path):
    body = f":::: only feed\n::: audio [Listen]({ELSEWHERE}.mp3)\nbytes: 5\n:::\n::::"
    assert len(enclosures(letters, body)) == 1


@pytest.mark.parametrize(
    ("length", "seconds"),
    [
        ("3:40", 220),
        ("1:02:03", 3723),
        ("12 minutes", 720),
        ("12 min.", 720),
        ("1 h 5 min", 3900),
        ("1 hour 5 minutes 10 seconds", 3910),
        ("٦ دقائق", 360),
        ("8分钟", 480),
        ("1時間5分", 3900),
        ("12 хвилин", 720),
        ("1 Std. 5 Min.", 3900),
        ("20 to 25 minutes", 1500),
        ("20 minutes or 10 minutes", 0),
        ("long", 0),
        ("", 0),
        ("2026-01-01", 0),
    ],
)
def test_lengths_are_read_in_every_language(length: str, seconds: int):
    assert seconds_of(length) == seconds
