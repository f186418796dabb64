from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from newsletter.markdown.front_matter import read_front
from newsletter.markdown.parse import parse
from newsletter.markdown.source import Source
from newsletter.model import Picture, ReadingOptions
from tests.markdown.reading import Read, short_text

FULL = """---
title: The end of the road
subtitle: Chinese carmakers arrive
number: 14
date: 2024-01-31
updated: 2024-02-01T09:30:00
summary: One or two sentences.
preheader: Cars
subject: "[14] Cars"
language: nl
authors: [pascal, Jane Roe]
tags: [cars, hydrogen]
cover: {image: cover.jpg, alt: A flying car, caption: At a fair, credit: Jane Roe}
draft: true
slug: the-end
kind: briefing
---
Text.
"""


def issue_of(text, **options):
    issue, _ = parse(Source(text, "x.md"), name="2024-01-31-end-of-the-road", options=ReadingOptions(), **options)
    return issue


def test_the_fields_with_a_fixed_meaning_are_typed():
    issue = issue_of(FULL, timezone="Europe/Amsterdam")
    zone = ZoneInfo("Europe/Amsterdam")
    assert (issue.title, issue.subtitle, issue.number) == ("The end of the road", "Chinese carmakers arrive", 14)
    assert issue.date == datetime(2024, 1, 31, tzinfo=zone)
    assert issue.date.utcoffset() == timedelta(hours=1)
    assert issue.updated == datetime(2024, 2, 1, 9, 30, tzinfo=zone)
    assert (issue.summary, issue.preheader, issue.subject) == ("One or two sentences.", "Cars", "[14] Cars")
    assert (issue.language, issue.slug, issue.kind, issue.draft) == ("nl", "the-end", "briefing", True)
    assert (issue.authors, issue.tags) == (("pascal", "Jane Roe"), ("cars", "hydrogen"))
    assert (issue.cover.src, issue.cover.alt, issue.cover.caption) == ("cover.jpg", "A flying car", "At a fair")
    assert issue.cover.credit == "Jane Roe"


def test_an_issue_without_front_matter_has_the_defaults():
    issue = issue_of("Text.", default_kind="essay", default_language="fr")
    assert (issue.kind, issue.language, issue.slug, issue.title) == ("essay", "fr", "end-of-the-road", "")
    assert (issue.date, issue.number, issue.cover, issue.authors) == (None, None, None, ())
    assert short_text(issue.opening[0].inlines) == "Text."


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("title: 2024", "title", "2024"),
        ("title: 007", "title", "007"),
        ("title: 1.50", "title", "1.50"),
        ("title: 2024-01-31", "title", "2024-01-31"),
        ("title: true", "title", "true"),
        ("title: [a]", "title", ""),
        ("title:", "title", ""),
        ("number: '14'", "number", 14),
        ("number: fourteen", "number", None),
        ("number: true", "number", None),
        ("date: soon", "date", None),
        ("authors: pascal", "authors", ("pascal",)),
        ("authors: [{name: Jane}, 3, null, [x]]", "authors", ("Jane", "3")),
        ("tags: cars, hydrogen", "tags", ("cars", "hydrogen")),
        ("tags: {a: b}", "tags", ()),
        ("cover: cover.jpg", "cover", "cover.jpg"),
        ("cover: [a]", "cover", None),
        ("cover: {alt: a}", "cover", None),
        ("draft: maybe", "draft", True),
        ("Draft: true", "draft", True),
        ("draft:", "draft", True),
        ("lang: de", "language", "de"),
    ],
)
def test_nearly_correct_values_are_accepted_and_others_left_to_the_checks(line, field, value):
    found = getattr(issue_of(f"---\n{line}\n---\n"), field)
    assert (found.src if isinstance(found, Picture) else found) == value


@pytest.mark.parametrize(
    ("name", "slug"), [("2024-01-31-ports", "ports"), ("ports", "ports"), ("2024-01-31", "2024-01-31")]
)
def test_the_slug_is_the_name_without_its_date(name, slug):
    assert Read("Text", name=name).issue.slug == slug


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("---\ntitle: x\n---\nBody", "Body"),
        ("---  \ntitle: x\n...\t\nBody", "Body"),
        ("\ufeff---\r\ntitle: x\r\n---\r\nBody", "Body"),
        ("---\n---\nBody", "Body"),
        ("---\ntitle: x\n---", ""),
        ("Body\n---\n", "Body\n---\n"),
        ("", ""),
        ("---\n\nBody", "---\n\nBody"),
        (" ---\ntitle: x\n---\n", " ---\ntitle: x\n---\n"),
    ],
)
def test_the_body_begins_after_the_closing_line(text, body):
    source = Source(text, "x.md")
    front, faults = read_front(source)
    assert source.text[front.body_start :] == body
    assert front.body_line == source.position(front.body_start)[0]
    assert not faults


def test_unclosed_front_matter_hides_no_text():
    read = Read("---\ntitle: The end\ntags:\n  - a\n# a remark\n\n## News\n\nText: more.\n")
    assert read.found() == [("FM007", 1, 1, "---")]
    assert (read.issue.title, read.issue.tags) == ("The end", ("a",))
    assert short_text(read.issue.sections[0].title) == "News"
    assert read.issue.sections[0].title_span.line == 7


def test_positions_of_the_body_are_positions_of_the_file():
    read = Read("---\ntitle: x\n---\n\nText [a](b).\n")
    link = read.block.inlines[1]
    assert (link.span.line, link.span.column, read.cut(link.span)) == (5, 6, "[a](b)")
    assert read.cut(read.issue.front.where("title")) == "x"


def test_faults_of_front_matter_read_before_are_not_reported_again():
    source = Source("---\ntitle: [\n---\n", "x.md")
    front, faults = read_front(source)
    _, found = parse(source, name="x", options=ReadingOptions(), front=front)
    assert faults
    assert not found


def test_blank_lines_above_the_front_matter_are_allowed():
    source = Source("\n  \n---\ntitle: Ports\ntitle: Ships\n---\n\nText.\n", "x")
    front, found = read_front(source)
    assert front.document.values["title"] == "Ports"
    assert [(fault.code, fault.span.line, fault.span.column) for fault in found] == [("FM002", 5, 1)]
    assert source.text[front.body_start :].strip() == "Text."
