"""Findings name the line of house.yaml that requires what is missing."""

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
def test_a_finding_names_the_key_of_house_yaml_that_requires_it(checker, front: str, body: str, found: tuple[str, str]):
    checker.house(HOUSE)
    advice_of = checker.check(f"---\n{front}---\n\n{body}", paths=("issues/letter-3/index.md",))
    assert found in {(one.code, " ".join(one.about)) for one in advice_of}


def test_the_same_finding_from_two_keys_is_reported_once():
    first, second = (
        Diagnostic("index.md", Span(3, 4), "ST101", "the section `## News` is missing", about=("sections", key))
        for key in ("news", "more")
    )
    assert in_order((first, second)) == (first,)


ASKED = """\
sections:
  news:
    heading: News
    items:
      link: required
      last: {look: roundup, entries: 3-9}
  jobs: {heading: Jobs}
standing:
  box: end
"""


def test_a_finding_has_the_line_of_house_yaml(checker):
    checker.house(ASKED)
    checker.write("templates/letter/snippets/box.md", "::: paywall\n")
    text = "---\ntitle: T\n---\n\n## News\n\n### A\n\nOne.\n\n### B\n\n**One.** Two.\n"
    asked = {one.code: one.asked and (one.asked.span.line, one.asked.text) for one in checker.check(text)}
    assert asked["ST104"] == (5, "link: required")
    assert asked["ST107"] == (6, "last: {look: roundup, entries: 3-9}")
    assert asked["ST101"] == (7, "jobs: {heading: Jobs}")
    assert asked["ST144"] == (9, "box: end")


def test_a_finding_without_a_key_has_no_line(checker):
    checker.house(ASKED.partition("standing")[0])
    found = checker.check("---\ntitle: T\n---\n\n## News\n\n### [A](https://a.example/)\n\n\n## Jobs\n\nNone.\n")
    assert [(one.code, one.asked) for one in found if one.code == "ST106"] == [("ST106", None)]


# ── Doubts about the house format ───────────────────────────────────────────────────────────────────────

DOUBTFUL = "other_fields: true\nfront: {mood: required}\nsections:\n  news: {heading: News}\n  jobs: {heading: Jobs}\n"


def letters(*bodies: str) -> tuple[str, ...]:
    return tuple(
        f"---\ntitle: T{at}\nnumber: {at}\ndate: 2024-01-{at:02}\n{body}" for at, body in enumerate(bodies, start=1)
    )


def advice_of(checker, code: str, *bodies: str) -> list[str]:
    checker.house(DOUBTFUL)
    paths = tuple(f"issues/letter-{at}/index.md" for at in range(1, len(bodies) + 1))
    return [one.advice for one in checker.check(*letters(*bodies), paths=paths) if one.code == code]


WITH, WITHOUT = "---\n\n## News\n\nText.\n\n## Jobs\n\nText.\n", "---\n\n## News\n\nText.\n"


@pytest.mark.parametrize(
    ("bodies", "expected"),
    [
        ([WITHOUT] * 5, "None of the 4 other issues has it either: if that is right, write `required: false` there."),
        (
            [WITHOUT] * 3 + [WITH] * 2,
            "No issue before number 4 (2024-01-04) has it: if it began there, write `required: {since: 4}`.",
        ),
        (
            [WITH] * 3 + [WITHOUT] * 2,
            "No issue after number 3 (2024-01-03) has it: if it ended there, write `required: {until: 3}`.",
        ),
        ([WITH] * 4 + [WITHOUT], ""),
        ([WITHOUT] + [WITH] * 4, ""),
        ([WITH, WITH, WITHOUT, WITH, WITH], ""),
        ([WITHOUT] * 4, ""),
    ],
)
def test_advice_suggests_a_change_of_house_yaml_if_other_issues_do_the_same(checker, bodies, expected):
    assert set(advice_of(checker, "ST101", *bodies)) == {expected}


def test_advice_doubts_fields_that_no_issue_has_and_sections_that_all_have(checker):
    bodies = [f"{WITH}\n## Quotes\n\nText.\n"] * 5
    assert all("None of the 4 other issues" in advice for advice in advice_of(checker, "FM101", *bodies))
    assert set(advice_of(checker, "ST102", *bodies)) == {
        "4 other issues have it, too: if that is right, list it under `sections`, with `required: false`."
    }
