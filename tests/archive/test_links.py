"""Every internal link of whole publications leads somewhere, at the top of a host and below a path."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

import pytest

from newsletter.build.pipeline import build
from tests.archive.links import broken_links
from tests.judges.workspaces import NOW, WORKSPACES

if TYPE_CHECKING:
    from pathlib import Path

BASE = "https://letters.test/some/where/"
LIGHT = 30_000
"""Bytes of a page with its style, as a web server sends them."""


@pytest.fixture(scope="module", params=["sample", "arabic", "chinese", "torture"])
def public(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is served of a publication, which is moved below a path of another host."""
    root = tmp_path_factory.mktemp(request.param)
    WORKSPACES[request.param](root)
    configuration = root / "newsletter.yaml"
    text = re.sub(r"(?m)^url: .*$", f"url: {BASE}", configuration.read_text("utf-8"))
    configuration.write_text(text.replace("  search: pagefind\n", ""), "utf-8")
    build(root, now=NOW, processes=1)
    return root / "public"


MEANT = re.compile(r" -> (missing\.png(#small)?|page\.html)$")
"""What the letters of the torture publication name although it is not there."""


def test_every_internal_link_leads_somewhere(public: Path) -> None:
    assert [link for link in broken_links(public, BASE) if not MEANT.search(link)] == []


def test_pages_are_light_and_run_no_script(public: Path) -> None:
    style = len(gzip.compress((public / "style.css").read_bytes()))
    for page in public.rglob("*.html"):
        assert len(gzip.compress(page.read_bytes())) + style < LIGHT, page
        scripts = re.findall(r"<script[^>]*>", page.read_text("utf-8"))
        assert set(scripts) <= {'<script type="application/ld+json">'}, page


def test_every_page_leads_to_the_indexes_the_feeds_and_the_front(public: Path) -> None:
    for page in public.rglob("*.html"):
        text = page.read_text("utf-8")
        assert 'browse/all/index.html"' in text, page
        assert 'type="application/atom+xml"' in text, page
