"""Sponsors over time: the page is made again without one after its last day; status lists who is booked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from click.testing import CliRunner

from newsletter.build.pipeline import build
from newsletter.cli import group
from tests.render.rendered import render_all

if TYPE_CHECKING:
    from pathlib import Path

SPONSORS = """sponsors:
  pilots: {name: North Sea Pilots, text: Book one., booked: tides, until: 2026-04-01}
"""
LAST = datetime(2026, 4, 1, 12, tzinfo=UTC)


def test_the_page_is_made_again_on_the_day_after_the_sponsors_last(tmp_path: Path):
    render_all(tmp_path, "A.\n\n::: sponsor\n:::\n", workspace=SPONSORS)
    page, email = tmp_path / "public/tides/index.html", tmp_path / "build/tides/email.html"
    build(tmp_path, now=LAST, processes=1)
    assert "North Sea Pilots" in page.read_text("utf-8")
    again = build(tmp_path, now=LAST, processes=1)
    assert again.made == ()
    build(tmp_path, now=LAST + timedelta(days=1), processes=1)
    assert "North Sea Pilots" not in page.read_text("utf-8")
    assert "North Sea Pilots" in email.read_text("utf-8")
    assert "North Sea Pilots" in (tmp_path / "feeds/rss.xml").read_text("utf-8")


def test_status_lists_booked_sponsors_and_unsold_places(tmp_path: Path):
    render_all(tmp_path, "::: sponsor\n:::\n\n::: sponsor\n:::\n", workspace=SPONSORS)
    reported = CliRunner().invoke(group, ["-C", str(tmp_path), "status"]).output
    assert "sponsors: North Sea Pilots · 1 place unsold" in reported
