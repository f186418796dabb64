"""Events: each line in every output, and ST150 for unreadable dates and times."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from lxml import html

from newsletter.cli import run

if TYPE_CHECKING:
    from pathlib import Path


def letter(*lines: str, language: str = "") -> str:
    body = "\n".join(lines)
    language_line = f"language: {language}\n" if language else ""
    return f"---\ntitle: Ports\ndate: 2026-01-31\n{language_line}---\n\nWords.\n\n::: event An evening\n{body}\n\nBring shoes.\n:::\n"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("date: 2026-02-30", "the date 2026-02-30 does not exist"),
        ("date: 2026-13-01", "the date 2026-13-01 does not exist"),
        ("date: 2026-04-21 to 2026-04-31", "the date 2026-04-31 does not exist"),
        ("date: 2026-04-26 to 2026-04-21", "`2026-04-26 to 2026-04-21` ends before it begins"),
        ("date: 21/4/2026", "the date `21/4/2026` cannot be read"),
        ("date: 2026-4-21", "the date `2026-4-21` cannot be read"),
        ("date: 20260421", "the date `20260421` cannot be read"),
        ("date: 32 April 2026", "the date `32 April 2026` cannot be read"),
        ("date: 2026-04-21 at 25:00", "the date `2026-04-21 at 25:00` cannot be read"),
        ("date: next Friday", "the date `next Friday` is in words"),
        ("Date: soon", "the date `soon` is in words"),
        ("time: 25:00", "the time `25:00` cannot be read"),
        ("time: 19:75", "the time `19:75` cannot be read"),
        ("time: 24:30", "the time `24:30` cannot be read"),
        ("time: 13 pm", "the time `13 pm` cannot be read"),
        ("time: 19:30-31:00", "the time `19:30-31:00` cannot be read"),
        ("deadline: 2026-02-30", "the date 2026-02-30 does not exist"),
        ("register by: 2026-05-09 to 2026-05-01", "`2026-05-09 to 2026-05-01` ends before it begins"),
    ],
)
def test_an_unreadable_date_or_time_is_reported_at_its_line(line: str, problem: str, checker):
    (found,) = checker.check(letter("place: Ghent", line))
    assert (found.code, found.span.line, found.message) == ("ST150", 10, problem)
    assert found.span.column == line.index(":") + 3
    assert found.advice


@pytest.mark.parametrize(
    "line",
    [
        "date: 2026-04-21",
        "date: 2026-04-21 to 2026-04-26",
        "date: 2026-04-21/2026-04-26",
        "date: 2026-04-21 and 2026-04-23, from ten",
        "date: 2026-04-21 19:30",
        "date: Tuesday 21 April 2026",
        "date: April 21, 2026",
        "date: 21 April",
        "date: April 2026",
        "date:",
        "date: 21 april 2026",
        "time: 19:30",
        "time: 19:30–21:00",
        "time: 7.30 pm to 9 p.m.",
        "time: 20h30",
        "time: 20 uur",
        "time: 1930",
        "time: 24:00",
        "time: noon",
        "time: 19:30 CET (UTC+1)",
        "when: every first Monday",
        "deadline: 2026-04-01",
        "seats: 2026",
        "phone: 09 123 45 67",
    ],
)
def test_readable_dates_and_times_have_no_finding(line: str, checker):
    assert checker.check(letter(line)) == ()


@pytest.mark.parametrize(
    ("language", "date"),
    [
        ("de", "21. April 2026"),
        ("fr", "21 avril 2026"),
        ("zh", "2026年4月21日"),
        ("fa", "۲۱ آوریل ۲۰۲۶"),
        ("pl", "21 kwietnia 2026"),
        ("ar", "2026-04-21"),
    ],
)
def test_a_date_is_read_in_the_language_of_the_issue(language: str, date: str, checker):
    assert not [one for one in checker.check(letter(f"date: {date}", language=language)) if one.code == "ST150"]


@pytest.mark.parametrize(
    ("written", "advice"), [("2026-4-1", "2026-04-01"), ("2026/04/21", "2026-04-21"), ("20260421", "2026-04-21")]
)
def test_a_nearly_iso_date_gets_advice_with_the_iso_date(written: str, advice: str, checker):
    (found,) = checker.check(letter(f"date: {written}"))
    assert found.advice == f"Write `date: {advice}`."


def test_every_line_of_an_event_reaches_every_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    (tmp_path / "newsletter.yaml").write_text(
        "title: Letters\nurl: https://letters.example/\nsender: {name: Letters, email: a@letters.example}\nkind: letter\naddress: Ghent\n"
    )
    (tmp_path / "templates/letter").mkdir(parents=True)
    (tmp_path / "templates/letter/house.yaml").write_text("name: Letter\n")
    (tmp_path / "issues").mkdir()
    lines = (
        "date: 2026-04-21",
        "time: 19:30",
        "place: [The lift](https://lift.example/map)",
        "seats: 40 & more",
        "Language: *English*",
        "deadline: 2026-04-01",
        "tickets: https://lift.example/tickets",
    )
    (tmp_path / "issues/letter.md").write_text(letter(*lines))
    assert run(["-C", str(tmp_path), "build"]) == 0
    when = "April 21, 2026 · 19:30 · The lift"
    further = "seats: 40 & more · Language: English · deadline: April 1, 2026 · tickets: https://lift.example/tickets"
    feed = json.loads((tmp_path / "feeds/feed.json").read_text())["items"][0]["content_html"]
    mail, page = ((tmp_path / path).read_text() for path in ("build/letter/email.html", "public/letter/index.html"))
    for markup in (mail, page, feed):
        tree = html.fromstring(markup)
        output = " ".join(tree.text_content().split())
        assert when in output
        assert further in output
        assert {"https://lift.example/map", "https://lift.example/tickets"} <= set(tree.xpath("//a/@href"))
    text = (tmp_path / "build/letter/email.txt").read_text()
    assert f"{when} [1]\n" in text
    assert further.partition(" · tickets")[0] in " ".join(re.sub("[*_]", "", text).split())
    assert "[1] https://lift.example/map" in text
