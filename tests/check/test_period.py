"""Letters about another time than that of their date: ST124, FM107 and FM141, and what their fixes leave alone."""

from __future__ import annotations

import pytest

HOUSE = "sections:\n  news: {heading: 'News of {date:MMMM yyyy}'}\n  talk: {heading: 'Talk of the month', required: false}\n"
OF_PERIOD = HOUSE.replace("{date:", "{period:")
BEFORE = HOUSE.replace("{date:", "{period-1:")


def letter(heading: str, front: str = "") -> str:
    return f"---\ntitle: The flood\ndate: 2026-12-19\n{front}---\n\n## {heading}\n\nWords of the letter.\n"


def fixed(desk, text: str, path: str) -> str:
    """The heading once all has been fixed that can be."""
    for found in sorted(desk.check(text, paths=(path,)), key=lambda one: -one.span.start):
        for edit in found.fix.edits if found.fix else ():
            text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return next(line for line in text.splitlines() if line.startswith("## "))[3:]


@pytest.mark.parametrize("path", ["issues/2026-12-19-flood/index.md", "issues/flood/index.md"])
@pytest.mark.parametrize(
    ("house", "front", "heading", "right"),
    [
        # A letter of 19 December about November.
        (HOUSE, "period: 2026-11\n", "News of November 2026", None),
        (OF_PERIOD, "period: 2026-11\n", "News of November 2026", None),
        (BEFORE, "", "News of November 2026", None),
        (BEFORE, "period: 2026-11\n", "News of October 2026", None),
        # Without a period, another month is told and never mended: it may be what is meant.
        (HOUSE, "", "News of November 2026", "News of November 2026"),
        (OF_PERIOD, "", "News of November 2026", "News of November 2026"),
        (HOUSE, "", "news of november 2026", "news of november 2026"),
        (BEFORE, "", "News of December 2026", "News of December 2026"),
        (HOUSE, "", "News of December 2026", None),
        (OF_PERIOD, "", "News of December 2026", None),
        # With one, the letter itself has said which.
        (HOUSE, "period: 2026-11\n", "News of October 2026", "News of November 2026"),
        (OF_PERIOD, "period: 2026-11\n", "News of October 2026", "News of November 2026"),
        (OF_PERIOD, "period: 2026-11\n", "News of December 2026", "News of November 2026"),
        (BEFORE, "period: 2026-11\n", "News of November 2026", "News of October 2026"),
        (HOUSE, "period: 2026-11\n", "news of november 2026", "News of November 2026"),
        (OF_PERIOD, "", "news of december 2026", "News of December 2026"),
        (HOUSE, "period: 2026-Q3\n", "News of July 2026", None),
        # One that cannot be read says nothing: it is told, and nothing is mended by it.
        (HOUSE, "period: last month\n", "News of October 2026", "News of October 2026"),
    ],
)
def test_a_heading_is_of_the_period_and_mended_only_where_that_is_said(house, front, heading, right, path, desk):
    desk.house(house)
    text = letter(heading, front)
    codes = {found.code for found in desk.check(text, paths=(path,))}
    assert ("ST124" in codes) == (right is not None)
    assert fixed(desk, text, path) == (right or heading)


@pytest.mark.parametrize(
    ("name", "front", "found"),
    [
        ("2026-12-flood", "", []),
        ("2026-11-flood", "period: 2026-11\n", []),
        # The name may be the only one to say it, as it may for number and date.
        ("2026-11-flood", "", []),
        ("2026-12-flood", "period: 2026-11\n", ["FM107"]),
        ("flood", "", ["FM107"]),
    ],
)
def test_a_name_made_of_the_period_agrees_with_it(name, front, found, desk):
    desk.house("file_name: '{period:yyyy-MM}-{slug}'\n")
    text = letter("News", front)
    assert [one.code for one in desk.check(text, paths=(f"issues/{name}/index.md",))] == found


def test_a_title_made_of_the_period_agrees_with_it(desk):
    desk.house("front: {title: {form: 'Ports in {period-1:MMMM}'}}\n")
    for title, found in (("Ports in November", []), ("Ports in December", ["FM107"]), ("Ports", ["FM105"])):
        text = letter("News").replace("The flood", title)
        assert [one.code for one in desk.check(text)] == found


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        ("November 2026", "Write `period: 2026-11`."),
        ("november 2026", "Write `period: 2026-11`."),
        ("Nov 2026", "Write `period: 2026-11`."),
        ("11/2026", "Write `period: 2026-11`."),
        ("2026-11-15/2026-11-01", "Write `period: 2026-11-01/2026-11-15`."),
        ("[2026-11-15, 2026-11-01]", "Write `period: 2026-11-01/2026-11-15`."),
        ("last month", "Write a month (2026-11)"),
        ("2026-13", "Write a month (2026-11)"),
        ("14", "Write a month (2026-11)"),
        ("[2026-11-01, 2026-11-02, 2026-11-03]", "Write a month (2026-11)"),
    ],
)
def test_a_period_that_cannot_be_read_is_told_with_what_was_meant(value, advice, desk):
    (found,) = desk.check(letter("News", f"period: {value}\n"))
    assert (found.code, found.span.line, found.span.column) == ("FM141", 4, 9)
    assert found.advice.startswith(advice)


def test_a_heading_of_another_month_says_how_the_letter_can_be_about_it(desk):
    desk.house(HOUSE)
    (found,) = desk.check(letter("News of November 2026"))
    assert found.advice == "If the issue is about that time, write `period: 2026-11` in its front matter."
    (found,) = desk.check(letter("News of November 2026", "period: 2026-10\n"))
    assert found.advice == ""
    desk.house(BEFORE)
    (found,) = desk.check(letter("News of October 2026"))
    assert found.advice.endswith("write `period: 2026-11` in its front matter."), "the one before is the heading's"


def test_what_is_no_period_at_all_is_of_the_wrong_type(desk):
    assert [one.code for one in desk.check(letter("News", "period: {start: 2026-11-01}\n"))] == ["FM103"]
    assert desk.check(letter("News", "period:\n")) == ()
