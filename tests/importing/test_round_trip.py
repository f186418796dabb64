"""The outputs of this tool, imported again, have the structure of their source."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from newsletter.importing.base import ImportedIssue
from newsletter.importing.registry import kind_of
from newsletter.importing.sources import ImportSource

ROOT = Path(__file__).parents[2]
SOURCES = {
    re.search(r"^title: (.*)$", text, re.MULTILINE)[1]: text.split("---", 2)[2]
    for text in (file.read_text(encoding="utf-8") for file in (ROOT / "issues").glob("*/index.md"))
}


def structure(markdown: str) -> dict[str, object]:
    return {
        "headings": re.findall(r"^#{2,4} .*", markdown, re.MULTILINE),
        "attributions": len(re.findall(r"^> — ", markdown, re.MULTILINE)),
        "entries": len(re.findall(r"^- ", markdown, re.MULTILINE)),
        "sources": sorted(set(re.findall(r"\]\((https?://[^\s()]+)", markdown)) & OUTSIDE),
    }


OUTSIDE = {
    address
    for text in SOURCES.values()
    for address in re.findall(r"\]\((https?://[^\s()]+)", text)
    if "letters.example" not in address
}


@pytest.mark.parametrize("feed", ["rss.xml", "atom.xml", "feed.json"])
def test_a_feed_imported_again_has_the_structure_of_its_issues(feed):
    with ImportSource(ROOT / "feeds" / feed) as source:
        found = [one for one in kind_of(source).read(source).issues if isinstance(one, ImportedIssue)]
    assert {one.title for one in found} == set(SOURCES)
    for one in found:
        assert structure(one.body) == structure(SOURCES[one.title])
