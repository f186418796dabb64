"""Parts without a heading: stories after the opening, and text after the last item behind a `---`."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.markdown.parse import parse
from newsletter.markdown.source import Source
from newsletter.model import ItemShape, Opener, ReadingOptions
from newsletter.walk import blocks_text, plain_text, words_in_issue

STORIES = ReadingOptions(stories=ItemShape.HEADING)


def read(text: str, options: ReadingOptions = STORIES, sections: tuple[str, ...] = ()):
    source = Source(text, "issues/letter/index.md")
    issue, faults = parse(source, name="letter", options=options, opens_section=lambda heading: heading in sections)
    assert faults == ()
    return issue


def shape(issue) -> list[tuple[str, list[str], str]]:
    """Each section: its opener, the titles of its items, and its own text."""
    return [
        (str(one.opener), [plain_text(item.title) for item in one.items], blocks_text(one.blocks))
        for one in issue.sections
    ]


@pytest.mark.parametrize("marks", ["##", "###"])
def test_stories_follow_the_opening_at_either_level(marks):
    issue = read(f"Hello.\n\n{marks} A\n\nOne.\n\n{marks} 2. B\n\nTwo.\n\n{marks}# Deeper\n\nMore.\n")
    assert shape(issue) == [("items", ["A", "B"], "")]
    assert blocks_text(issue.opening) == "Hello."
    assert [item.number for item in issue.sections[0].items] == [None, 2]
    assert blocks_text(issue.sections[0].items[1].blocks) == "Two.\nDeeper\nMore."


@pytest.mark.parametrize(("level", "found"), [(2, []), (3, ["items"])])
def test_a_configured_level_is_the_only_one(level, found):
    issue = read("Hello.\n\n### A\n\nOne.\n", replace(STORIES, story_level=level))
    assert [str(one.opener) for one in issue.sections] == found


def test_sections_can_be_between_stories_at_the_same_level():
    text = "## A\n\nOne.\n\n## Jobs\n\nNone.\n\n## B\n\nTwo.\n\n## C\n\nThree.\n"
    assert shape(read(text, sections=("Jobs",))) == [
        ("items", ["A"], ""),
        ("heading", [], "None."),
        ("items", ["B", "C"], ""),
    ]


def test_deeper_headings_below_a_section_are_its_own_items():
    issue = read("### A\n\nOne.\n\n## Jobs\n\n### Sailor\n\nWanted.\n")
    assert shape(issue) == [("items", ["A"], ""), ("heading", ["Sailor"], "")]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (ItemShape.BULLET, "- [A](https://a.example/) – one\n- B"),
        (ItemShape.LEAD, "**A.** One.\n\nMore.\n\n**B.** Two."),
        (ItemShape.NUMBERED, "1、A\n\nOne.\n\n2、B"),
        (ItemShape.NUMBERED, "1. A\n2. B"),
    ],
)
def test_stories_in_other_shapes_begin_at_the_first(written, text):
    issue = read(f"Hello.\n\nMore of it.\n\n{text}\n\n---\n\nThanks.\n", ReadingOptions(stories=written))
    assert blocks_text(issue.opening) == "Hello.\nMore of it."
    assert [str(one.opener) for one in issue.sections] == ["items", "rule"]
    assert blocks_text(issue.sections[1].blocks) == "Thanks."


def test_a_story_keeps_its_audience():
    issue = read("::: only paid\n## A\n\nOne.\n:::\n\n## B\n\nTwo.\n")
    assert [item.only for item in issue.sections[0].items] == [("paid",), ()]


# ── The end of the last item ────────────────────────────────────────────────────────────────────────────────────────

NEWS = "## News\n\n### 1. A\n\nOne.\n\n### 2. B\n\nTwo.\n\n"


@pytest.mark.parametrize("rule", ["---", "***", "* * *", "___"])
@pytest.mark.parametrize(
    "behind", ["Thanks to all.", "Send [tips](mailto:a@b.example).\n\n*Ann*", "- One more\n- And one"]
)
def test_a_thematic_break_ends_the_last_item(rule, behind):
    news, closing, jobs = read(f"{NEWS}{rule}\n\n{behind}\n\n## Jobs\n\nNone.\n", ReadingOptions()).sections
    assert blocks_text(news.items[-1].blocks) == "Two."
    assert (closing.opener, closing.title, closing.items, closing.anchor) == (Opener.RULE, (), (), "")
    assert news.span.end <= closing.span.start < closing.span.end <= jobs.span.start
    assert news.items[-1].span.end == news.span.end


@pytest.mark.parametrize(
    "text",
    [
        f"{NEWS}---\n",
        f"{NEWS}---\n\n## Jobs\n\nNone.\n",
        f"{NEWS}---\n\n#### More\n\nOf it.\n",
        NEWS.replace("One.", "One.\n\n---\n\nA pause.") + "---\n\nA pause here, too.\n",
        "## Essay\n\nOne thought.\n\n---\n\nAnother.\n",
        "Hello.\n\n---\n\nMore of it.\n",
    ],
    ids=["at the end", "between sections", "a heading below", "pauses in stories", "no items", "opening"],
)
def test_another_thematic_break_is_unchanged(text):
    assert all(one.opener is Opener.HEADING for one in read(text, ReadingOptions()).sections)


def test_breaks_between_items_do_not_prevent_the_end_of_the_last():
    issue = read(NEWS.replace("One.", "One.\n\n---") + "---\n\nThanks.\n", ReadingOptions())
    assert shape(issue)[-1] == ("rule", [], "Thanks.")


def test_with_a_closing_a_break_ends_a_last_section_without_items():
    text = "## Essay\n\nOne.\n\n---\n\nA pause.\n\n---\n\nSo long.\n"
    essay, closing = read(text, ReadingOptions(closing=True)).sections
    assert blocks_text(essay.blocks) == "One.\nA pause."
    assert blocks_text(closing.blocks) == "So long."


def test_with_a_closing_a_break_ends_an_issue_without_headings():
    issue = read("Hello.\n\n---\n\nSo long.\n", ReadingOptions(closing=True))
    assert blocks_text(issue.opening) == "Hello."
    assert shape(issue) == [("rule", [], "So long.")]


def test_a_deeper_heading_in_the_opening_is_not_a_story():
    issue = read("### A note\n\nText.\n\n## A\n\nOne.\n\n## B\n\nTwo.\n")
    assert blocks_text(issue.opening) == "A note\nText."
    assert shape(issue) == [("items", ["A", "B"], "")]


PIECES = st.sampled_from(
    [
        "## A",
        "## Jobs",
        "### B",
        "#### C",
        "---",
        "Text.",
        "**Lead.** text",
        "- bullet",
        "1. one",
        "::: only paid",
        ":::",
    ]
)


@given(pieces=st.lists(PIECES, max_size=12), stories=st.sampled_from([None, *ItemShape]), closing=st.booleans())
def test_nothing_is_lost_and_the_order_is_kept(pieces, stories, closing):
    text = "\n\n".join(pieces) + "\n"
    options = ReadingOptions(stories=stories, closing=closing)
    source = Source(text, "i.md")
    issue, _ = parse(source, name="i", options=options, opens_section=lambda heading: heading == "Jobs")
    plain, _ = parse(source, name="i", options=ReadingOptions(section_level=5))
    if not any(":::" in piece for piece in pieces):  # otherwise its audience is also at its place in the text
        assert words_in_issue(issue) == words_in_issue(plain)
    spans = [one.span for one in issue.sections]
    assert all(before.end <= after.start for before, after in pairwise(spans))
    assert all(
        one.span.start <= item.span.start <= item.span.end <= one.span.end
        for one in issue.sections
        for item in one.items
    )
