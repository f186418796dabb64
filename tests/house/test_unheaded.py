"""Sections without a heading in house.yaml: stories after the opening, and text after the last item."""

from __future__ import annotations

from datetime import date

import pytest

from newsletter.bundled import templates_folder
from newsletter.house.describe import describe
from newsletter.house.draft import draft_issue
from newsletter.language import load_language
from newsletter.model import ItemShape, Opener

STORIES = """\
sections:
  stories:
    heading: none
    items: {count: 2-9, categories: any}
  jobs: {heading: Jobs, required: false}
  thanks: {heading: none, words: at most 30, hint: Thanks and tips}
"""


def test_the_format_configures_the_parser(house_from):
    house, faults = house_from(STORIES)
    assert faults == ()
    assert [one.opener for one in house.sections] == [Opener.ITEMS, Opener.HEADING, Opener.RULE]
    assert (house.reading.stories, house.reading.story_level, house.reading.closing) == (ItemShape.HEADING, None, True)
    assert not any(one.free for one in house.sections)


@pytest.mark.parametrize(
    ("yaml", "code", "line"),
    [
        ("sections:\n  a: {heading: none, items: {}}\n  b: {heading: none, items: {}}\n", "HF101", 3),
        ("sections:\n  a: {heading: none, items: {}}\n  b: {words: 1-9}\n", "HF101", 2),
        ("sections:\n  a: {heading: none, items: {level: 4}}\n", "HF101", 2),
        ("sections:\n  a: {heading: A, items: {level: 2}}\n", "HF101", 2),
        ("sections:\n  a: {heading: none, only: paid}\n", "HF101", 2),
        ("sections:\n  a: {heading: none, items: {}, only: [web]}\n", "HF101", 2),
        ("contents: true\ncontents_written: true\n", "HF101", 2),
        ("contents: true\ncontents_of: categories\nsections:\n  a: {items: {}}\n", "HF101", 2),
        ("contents: true\ncontents_heading: 'In {title}'\n", "HF102", 2),
        ("contents: true\ncontents_heading: 'In {date}'\n", "HF102", 2),
        ("contents: true\ncontents_heading: 'In {this'\n", "HF102", 2),
        ("sections:\n  a: {heading: A, contents_written: true}\n", "HF101", 2),
    ],
)
def test_ambiguous_or_contradictory_sections_are_a_fault(house_from, yaml, code, line):
    _, faults = house_from(yaml)
    assert [(fault.code, fault.span.line) for fault in faults] == [(code, line)]


@pytest.mark.parametrize(
    "yaml",
    [
        "sections:\n  a: {heading: none, items: {level: 3}}\n  b: {words: 1-9}\n",
        "sections:\n  a: {heading: none, items: {shape: lead}}\n  b: {words: 1-9}\n",
        "sections:\n  a: {heading: none}\n  b: {heading: B}\n  c: {heading: none, required: false}\n",
        "section_level: 3\nsections:\n  a: {heading: none, items: {level: 4}}\n",
        "sections:\n  a: {heading: {is: none, since: 12}, items: {}}\n",
        "contents: {since: 12}\ncontents_heading: 'In issue {number}, of {date:MMMM}'\n",
    ],
)
def test_distinguishable_sections_are_valid(house_from, yaml):
    assert house_from(yaml)[1] == ()


def test_house_show_describes_sections_without_headings(house_from):
    shown = "\n".join(describe(house_from(STORIES)[0]))
    assert "no heading: stories after the opening" in shown
    assert "no heading: after a `---`" in shown


@pytest.mark.parametrize(("level", "marks"), [("", "##"), (", level: 3", "###")])
def test_a_draft_has_stories_without_a_section_and_a_break_before_the_closing(house_from, publication, level, marks):
    house, faults = house_from(STORIES.replace("count: 2-9", f"count: 2-9{level}"))
    assert faults == ()
    language = load_language("en", (templates_folder() / "theme",))
    text = draft_issue(house, publication, language, title="Ports", number=3, date=date(2024, 1, 31), authors=())
    assert [line.split()[0] for line in text.split("\n") if line.startswith("##")] == [marks, marks]
    assert "\n\n---\n\nTK(Thanks" in text


def test_a_group_may_follow_the_text_after_the_last_item(house_from):
    from newsletter.markdown.parse import parse
    from newsletter.markdown.source import Source

    house, faults = house_from(
        "section_level: 3\nsections:\n  a: {heading: A, items: {}}\n  b: {heading: B}\n"
        "groups:\n  one: {heading: One, sections: [a]}\n  two: {heading: Two, sections: [b]}\n"
    )
    assert faults == ()
    text = "## One\n\n### A\n\n#### Item\n\nText.\n\n---\n\nThanks.\n\n## Two\n\n### B\n\nText.\n"
    issue, _ = parse(Source(text, "i.md"), name="i", options=house.reading)
    assert [str(one.opener) for one in issue.sections] == ["heading", "rule", "heading"]
