"""Fields that hold an issue back: `draft`, also misspelt or incomplete, and those of other tools."""

from __future__ import annotations

import pytest

from newsletter.markdown.parse import parse
from newsletter.markdown.source import Source
from newsletter.model import ReadingOptions


def is_held(lines: str, name: str = "2024-01-31-ports") -> bool:
    issue, _ = parse(Source(f"---\n{lines}\n---\nBody", "x.md"), name=name, options=ReadingOptions())
    return issue.draft


@pytest.mark.parametrize(
    "line",
    [
        *("draft: true", "draft:", "draft: # true", "draft: ~", 'draft: ""', "draft: 0", "draft: no", "draft: []"),
        *("Draft:", "DRAFT: true", "is_draft: true", "isDraft: yes", "drafts: true", "darft: true", "draf: true"),
        *("published: false", "published: no", "published:", "Published: False", "publish: no", "dg-publish: off"),
        *("is_published: false", "isPublished: 0", "published_at:", "public: false", "released: never", "live: no"),
        *("status: draft", "Status: Draft", "status: in review", "status: not-ready", "post_status: pending"),
        *("status: [draft]", "status: scheduled", "state: WIP", "workflow: In Progress", "status: Entwurf"),
        *("visibility: private", "visibility: members", "visibility: unlisted", "audience: only_paid", "type: draft"),
        *("hidden: true", "hidden:", "private: yes", "unlisted: 1", "wip: true", "headless: true", "future: true"),
        *("expired: true", "expiryDate: 2030-01-01", "expires: soon", "embargo: 2024-03-01"),
        *("eleventyExcludeFromCollections: true", "permalink: false", "render: no", "build: {render: never}"),
        *("publishDate: 2024-02-01", "published_at: 2024-02-01T09:00:00Z", 'publish_on: "2024-02-01"'),
        *("date: 2024-03-01\npublishDate: 2024-03-02", "_hidden: yes", "_discoverable: no", "published: not yet"),
    ],
)
def test_marks_of_other_tools_for_drafts_are_recognized(line):
    assert is_held(line)


@pytest.mark.parametrize(
    "line",
    [
        *("draft: false", "draft: False", "isDraft: false", "published: true", "published: yes", "publish: on"),
        *("published_at: 2024-01-31T09:00:00Z", "publishDate: 2024-01-30", "published: The Hague", "status: published"),
        *("status: sent", "state: Bavaria", "visibility: public", "audience: everyone", "hidden: false", "private: no"),
        *("expires: never", "permalink: /ports/", "permalink:", "type: review", "hide: [toc]", "layout: post"),
        *(
            "date: 2024-01-31",
            "description: A draft of a ship",
            "title: draft",
            "tags: [draft]",
            "build: {render: always}",
        ),
        "date: 2024-03-02\npublishDate: 2024-03-02",
    ],
)
def test_values_that_allow_publication_do_not_hold_back(line):
    assert not is_held(line)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_moment_at_the_end_of_the_calendar_is_a_day(moment):
    assert is_held(f"published: {moment}") == moment.startswith("9999")


def test_another_publication_date_holds_back_an_undated_issue():
    assert is_held("publishDate: 2024-01-31", name="ports")
