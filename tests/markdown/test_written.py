"""Text of the author is published as written, whatever type YAML gives it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.build.pipeline import build
from newsletter.commands.init import start_workspace
from newsletter.config.load import load_workspace
from newsletter.markdown.front_matter import read_front
from newsletter.markdown.parse import parse
from newsletter.markdown.source import Source
from newsletter.model import Picture, ReadingOptions
from tests.sample_values import SAMPLE_VALUES

if TYPE_CHECKING:
    from pathlib import Path

    from newsletter.model import Issue

WRITTEN = (
    *("3.10", "007", "1.0", "1e3", "0x1F", "0o17", "+5", "-0", ".5", "1_000", "12:30", "1.", "1e400", "9" * 60),
    *("2026-01-01", "2026-01-01 09:30", "2026-01-01T09:30:00Z", "true", "True", "FALSE", "No", "yes", "on", ".nan"),
)
SHAPES = {
    "one": "{}",
    "in a row": "[{}]",
    "in a row, with others": "[a, {}, b]",
    "in lines": "\n  - a\n  - {}\n",
    "with a name": "[{{name: {}}}]",
    "with a name, in lines": "\n  - name: {}\n    role: x",
    "one with a name": "{{name: {}}}",
    "with a comment": "[{}]   # as it is",
    "in several lines": "[\n  a,\n  {}]",
}


def issue_of(front: str) -> Issue:
    return parse(Source(f"---\n{front}\n---\nText.\n", "x.md"), name="2024-01-31-x", options=ReadingOptions())[0]


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("key", ["tags", "authors"])
def test_names_are_kept_as_written(key: str, written: str, shape: str) -> None:
    names = getattr(issue_of(f"{key}: {shape.format(written)}"), key)
    assert [name for name in names if name not in {"a", "b"}] == [written]


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("key", ["title", "subtitle", "summary", "preheader", "subject", "kind", "slug", "language"])
def test_texts_are_kept_as_written(key: str, written: str) -> None:
    assert getattr(issue_of(f"{key}: {written}"), key) == written
    assert getattr(issue_of(f"{key}: {written}  # as it is"), key) == written


@pytest.mark.parametrize("written", WRITTEN)
def test_values_of_a_cover_are_kept_as_written(written: str) -> None:
    cover = issue_of(f"cover:\n  image: x.png\n  alt: {written}\n  caption: {written}\n  credit: {written}").cover
    assert isinstance(cover, Picture)
    assert (cover.src, cover.alt, cover.caption, cover.credit) == ("x.png", written, written, written)


@pytest.mark.parametrize("nothing", ["", "~", "null", "Null", "NULL", '""'])
def test_null_values_of_yaml_are_empty(nothing: str) -> None:
    issue = issue_of(f"title: {nothing}\ntags: [a, {nothing or '~'}]\nauthors: [{nothing or '~'}]")
    assert (issue.title, issue.tags, issue.authors) == ("", ("a",), ())
    assert issue_of('title: "null"\ntags: ["~", a]').tags == ("~", "a")


def test_outputs_have_names_as_written(tmp_path: Path) -> None:
    start_workspace(tmp_path, kind="essay", title="Letters", **SAMPLE_VALUES)
    path = tmp_path / "issues/2026-06-01-x/index.md"
    path.parent.mkdir(parents=True)
    path.write_text(
        "---\ntitle: 3.10\nsubtitle: 007\nnumber: 1\ndate: 2026-06-01\nid: 007\nsummary: 1e3\nauthors: [007, Jane]\n"
        "tags: [3.10, 2026-01-01, true]\n---\n\nText.\n",
        "utf-8",
    )
    build(tmp_path, now=datetime(2026, 11, 1, tzinfo=UTC))
    page = (tmp_path / "public/x/index.html").read_text("utf-8")
    assert re.findall(r'property="article:tag" content="([^"]*)"', page) == ["3.10", "2026-01-01", "true"]
    assert "<h1>3.10</h1>" in re.sub(r"<h1[^>]*>", "<h1>", page)
    assert "007" in re.sub(r"<[^>]*>", "", page)
    (entry,) = json.loads((tmp_path / "feeds/feed.json").read_text())["items"]
    assert (entry["title"], entry["tags"]) == ("3.10", ["3.10", "2026-01-01", "true"])
    assert [author["name"] for author in entry["authors"]] == ["007", "Jane"]
    assert entry["id"].endswith(":007")
    for name in ("rss.xml", "atom.xml"):
        (item,) = feedparser.parse((tmp_path / "feeds" / name).read_bytes()).entries
        assert {tag.term for tag in item.tags} == {"3.10", "2026-01-01", "true"}


@pytest.mark.parametrize("written", ["3.10", "007", "2026-01-01", "1e3", "0x1F", "12:30", "No"])
def test_texts_of_newsletter_yaml_are_kept_as_written(tmp_path: Path, written: str) -> None:
    (tmp_path / "newsletter.yaml").write_text(
        f"title: {written}\nurl: https://letters.example/\nsender: {{name: {written}, email: a@b.example}}\n"
        f"reason: {written}\nauthors: {{x: {{name: {written}}}}}\nfields: {{company: {written}}}\n"
    )
    publication = load_workspace(tmp_path).publication
    assert {publication.title, publication.sender.name, publication.reason} == {written}
    assert (publication.authors["x"].name, publication.personal_fields["company"]) == (written, written)


plain = st.from_regex(r"[A-Za-z0-9.+\-_][A-Za-z0-9.+\-_:]{0,11}[A-Za-z0-9.]", fullmatch=True)


@given(plain, st.sampled_from(sorted(SHAPES)))
def test_any_word_is_kept_as_written(word: str, shape: str) -> None:
    document, found = read_front(Source(f"---\ntags: {SHAPES[shape].format(word)}\n---\n", "x.md"))
    if found or word.lower() in {"null", "~"}:  # a nonexistent day or a key is reported
        return
    tags = issue_of(f"tags: {SHAPES[shape].format(word)}").tags
    assert word in tags
    assert document.document.written.keys() <= document.document.value_spans.keys()
