"""What is remembered, and for how long."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.check.facts.addresses import Hop, LinkAnswer
from newsletter.linkcheck import Memory

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
PATH = ".newsletter/cache/links.json"
MOVED = LinkAnswer(200, hops=(Hop(301, "https://example.org/b"),))
GONE = LinkAnswer(404)
LOST = LinkAnswer(0, "dns", "no such name")


def after(tmp_path, **time) -> Memory:
    return Memory(tmp_path, PATH, NOW + timedelta(**time))


@pytest.fixture
def known(tmp_path):
    memory = after(tmp_path)
    for name, answer in {"moved": MOVED, "gone": GONE, "lost": LOST, "shy": LinkAnswer(403)}.items():
        memory.add(f"https://example.org/{name}", answer)
    memory.save()
    return [f"https://example.org/{name}" for name in ("moved", "gone", "lost", "shy")]


def test_a_recent_answer_is_reused(tmp_path, known):
    assert after(tmp_path, minutes=59).fresh(known) == dict(
        zip(known, [MOVED, GONE, LOST, LinkAnswer(403)], strict=True)
    )


def test_errors_are_requested_again_after_an_hour_and_working_links_after_a_week(tmp_path, known):
    assert set(after(tmp_path, hours=2).fresh(known)) == {known[0], known[3]}
    assert set(after(tmp_path, days=2).fresh(known)) == {known[0]}
    assert after(tmp_path, days=8).fresh(known) == {}


def test_an_answer_with_a_future_time_is_ignored(tmp_path, known):
    assert after(tmp_path, days=-1).fresh(known) == {}


def test_answers_unused_for_months_are_deleted(tmp_path, known):
    after(tmp_path, days=91).save()
    assert json.loads((tmp_path / PATH).read_text())["memory"]["links"] == {}


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"format": 0}', '{"format": 1, "links": {"a": {}}}', '{"format": 1, "links": {"a": 7}}']
)
def test_a_damaged_cache_is_ignored(tmp_path, known, content: str):
    (tmp_path / PATH).write_text(content)
    assert after(tmp_path).fresh(known) == {}


def test_the_same_answers_are_the_same_bytes(tmp_path, known):
    before = (tmp_path / PATH).read_bytes()
    after(tmp_path).save()
    assert (tmp_path / PATH).read_bytes() == before
