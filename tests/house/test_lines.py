"""The line of house.yaml for a finding: in eras, variants, groups, snippets and base kinds."""

from __future__ import annotations

from datetime import date

import pytest

from newsletter.house.lines import line_of

HOUSE = """\
words: at most 900
front:
  title: required
  place: {fields: {port: {length: 5-60}}} # where it is
opening:
  words: { is: 1-9, since: 12 }
sections:
  news: # what happened
    heading: "News # {number}"
    items:
      count: 2-5
      last: {words: 1-9}
  jobs: { heading: Jobs, required: { since: 65 } }
groups:
  top: { heading: Top, sections: [news, jobs] }
section_level: 3
eras:
  - until: 9
    words: at most 400
variants:
  special:
    when: { number: 99 }
    sections:
      news: { heading: The year }
"""


@pytest.mark.parametrize(
    ("about", "line", "text"),
    [
        ("words", 1, "words: at most 900"),
        ("front title required", 3, "title: required"),
        ("front place fields port length", 4, "place: {fields: {port: {length: 5-60}}}"),
        ("sections news", 8, "news:"),
        ("sections news required", 8, "news:"),
        ("sections news heading", 9, 'heading: "News # {number}"'),
        ("sections news items count", 11, "count: 2-5"),
        ("sections news items last words", 12, "last: {words: 1-9}"),
        ("sections news items last link", 12, "last: {words: 1-9}"),
        ("sections jobs required", 13, "jobs: { heading: Jobs, required: { since: 65 } }"),
        ("groups top sections", 15, "top: { heading: Top, sections: [news, jobs] }"),
        ("order", 7, "sections:"),
        ("opening words", 6, "words: { is: 1-9, since: 12 }"),
    ],
)
def test_the_nearest_written_line_is_found(house_from, about, line, text):
    house, faults = house_from(HOUSE)
    assert faults == ()
    found = line_of(house.written, tuple(about.split()))
    assert (found.path, found.span.line, found.text) == ("templates/letter/house.yaml", line, text)


def test_an_unwritten_key_has_no_line(house_from):
    assert line_of(house_from(HOUSE)[0].written, ("figures", "credit")) is None
    assert line_of(house_from(HOUSE)[0].written, ()) is None


def test_eras_and_variants_have_their_own_lines(versions_from):
    versions, _ = versions_from(HOUSE)
    old = versions.for_issue(number=5, date=date(2020, 1, 1))
    assert line_of(old.written, ("words",)).span.line == 19
    special = versions.for_issue(number=99, front={"number": 99})
    assert line_of(special.written, ("sections", "news", "heading")).span.line == 24


def test_lines_of_a_base_kind_have_its_file(house_from):
    house, faults = house_from("extends: briefing\nsections: {news: {items: {count: 3}}}\n")
    assert faults == ()
    own = line_of(house.written, ("sections", "news", "items", "count"))
    base = line_of(house.written, ("sections", "news", "items", "link"))
    assert (own.path, own.span.line) == ("templates/letter/house.yaml", 2)
    assert base.path.endswith("briefing/house.yaml")
    assert base.text == "link: required"
