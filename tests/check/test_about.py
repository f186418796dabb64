"""Findings say which line of house.yaml asks for what they miss."""

from __future__ import annotations

import pytest

from newsletter.diagnostics import Diagnostic, in_order
from newsletter.model import Span

HOUSE = """\
front:
  title: {form: 'Letter {number}'}
  summary: required
  place: {fields: {port: {length: 5-60}}}
  tags: {type: list, choices: [sea, land]}
opening: {required: true, words: 1-3}
sections:
  news:
    heading: News
    figures: 1
    items: {count: 2, link: required, full_stop: required, author: required}
  jobs: {heading: Jobs, words: 2-9}
  end: {heading: End, required: false}
sets:
  some: [end]
order: fixed
never: [LINK_HERE]
figures: {credit: required}
file_name: 'letter-{number}'
"""
FRONT = "title: Letter 3\nsummary: Boats\nnumber: 3\n"


@pytest.mark.parametrize(
    ("front", "body", "found"),
    [
        (FRONT.replace("summary: Boats\n", ""), "", ("FM101", "front summary required")),
        (FRONT + "colour: red\n", "", ("FM102", "front")),
        (FRONT + "place: {port: 3}\n", "", ("FM103", "front place port type")),
        (FRONT + "place: {port: hm}\n", "", ("FM104", "front place port length")),
        (FRONT.replace("Letter 3", "Three"), "", ("FM105", "front title form")),
        (FRONT + "tags: [sea, air]\n", "", ("FM106", "front tags choices")),
        (FRONT.replace("Letter 3", "Letter 4"), "", ("FM107", "front title form")),
        (FRONT.replace("number: 3", "number: 4"), "", ("FM107", "file_name")),
        (FRONT, "## News\n", ("ST101", "sections jobs required")),
        (FRONT, "## Weather\n\nFog.\n", ("ST102", "sections")),
        (FRONT, "## News\n\n## News\n", ("ST103", "sections news repeat")),
        (FRONT, "## News\n\n### Ebb\n\nIt fell.\n", ("ST104", "sections news items link")),
        (FRONT, "## Jobs\n\nSailor wanted.\n\n## News\n", ("ST105", "order")),
        (FRONT, "## News\n", ("ST106", "opening required")),
        (FRONT, "## News\n\n### Ebb\n\nIt fell.\n", ("ST107", "sections news items count")),
        (FRONT, "Hello to you all.\n", ("ST108", "opening words")),
        (FRONT, "## Jobs\n\nNone.\n", ("ST108", "sections jobs words")),
        (FRONT, "## News\n\n### Ebb\n\nIt fell.\n", ("ST113", "sections news figures")),
        (FRONT, "## News\n\n### [Ebb](https://a.example/)\n\nUp.\n", ("ST115", "sections news items author")),
        (FRONT, "Write LINK_HERE.\n", ("ST123", "never")),
        (FRONT, "## NEWS\n\n### Ebb\n\nIt fell.\n", ("ST124", "sections news heading")),
        (FRONT, "## Job\n\nSailor wanted.\n", ("ST124", "sections jobs heading")),
        (FRONT, "## News\n", ("ST132", "sets some")),
        (FRONT, "### End\n\nSo long.\n", ("ST133", "sections")),
        (FRONT, "## News\n\n### Ebb\n\nIt fell\n", ("ST136", "sections news items full_stop")),
        (FRONT, "![A boat](boat.png)\n\n*At noon*\n", ("FG103", "figures credit")),
        (FRONT, "## News\n", ("ST106", "")),
    ],
)
def test_a_finding_is_about_the_line_that_asks(desk, front: str, body: str, found: tuple[str, str]):
    desk.house(HOUSE)
    told = desk.check(f"---\n{front}---\n\n{body}", paths=("issues/letter-3/index.md",))
    assert found in {(one.code, " ".join(one.about)) for one in told}


def test_what_two_lines_ask_for_alike_is_one_finding():
    first, second = (
        Diagnostic("index.md", Span(3, 4), "ST101", "the section `## News` is missing", about=("sections", key))
        for key in ("news", "more")
    )
    assert in_order((first, second)) == (first,)
