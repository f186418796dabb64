"""Issues about another period than that of their date: ST124, FM107 and FM141, and the limits of their fixes."""

from __future__ import annotations

import pytest

HOUSE = "sections:\n  news: {heading: 'News of {date:MMMM yyyy}'}\n  talk: {heading: 'Talk of the month', required: false}\n"
OF_PERIOD = HOUSE.replace("{date:", "{period:")
BEFORE = HOUSE.replace("{date:", "{period-1:")


def letter(heading: str, front: str = "") -> str:
    return f"---\ntitle: The flood\ndate: 2026-12-19\n{front}---\n\n## {heading}\n\nWords of the letter.\n"


def fixed(checker, text: str, path: str) -> str:
    """The heading after all fixes."""
    for found in sorted(checker.check(text, paths=(path,)), key=lambda one: -one.span.start):
        for edit in found.fix.edits if found.fix else ():
            text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return next(line for line in text.splitlines() if line.startswith("## "))[3:]


@pytest.mark.parametrize("path", ["issues/2026-12-19-flood/index.md", "issues/flood/index.md"])
@pytest.mark.parametrize(
    ("house", "front", "heading", "right"),
    [
        # An issue of 19 December about November.
        (HOUSE, "period: 2026-11\n", "News of November 2026", None),
        (OF_PERIOD, "period: 2026-11\n", "News of November 2026", None),
        (BEFORE, "", "News of November 2026", None),
        (BEFORE, "period: 2026-11\n", "News of October 2026", None),
        # Without a period, another month is reported but not fixed, because it may be intended.
        (HOUSE, "", "News of November 2026", "News of November 2026"),
        (OF_PERIOD, "", "News of November 2026", "News of November 2026"),
        (HOUSE, "", "news of november 2026", "news of november 2026"),
        (BEFORE, "", "News of December 2026", "News of December 2026"),
        (HOUSE, "", "News of December 2026", None),
        (OF_PERIOD, "", "News of December 2026", None),
        # With a period, the intended month is known.
        (HOUSE, "period: 2026-11\n", "News of October 2026", "News of November 2026"),
        (OF_PERIOD, "period: 2026-11\n", "News of October 2026", "News of November 2026"),
        (OF_PERIOD, "period: 2026-11\n", "News of December 2026", "News of November 2026"),
        (BEFORE, "period: 2026-11\n", "News of November 2026", "News of October 2026"),
        (HOUSE, "period: 2026-11\n", "news of november 2026", "News of November 2026"),
        (OF_PERIOD, "", "news of december 2026", "News of December 2026"),
        (HOUSE, "period: 2026-Q3\n", "News of July 2026", None),
        # An unreadable period is reported, and nothing is fixed by it.
        (HOUSE, "period: last month\n", "News of October 2026", "News of October 2026"),
    ],
)
def test_a_heading_must_match_the_period_and_is_fixed_only_if_one_is_stated(
    house, front, heading, right, path, checker
):
    checker.house(house)
    text = letter(heading, front)
    codes = {found.code for found in checker.check(text, paths=(path,))}
    assert ("ST124" in codes) == (right is not None)
    assert fixed(checker, text, path) == (right or heading)


@pytest.mark.parametrize(
    ("name", "front", "found"),
    [
        ("2026-12-flood", "", []),
        ("2026-11-flood", "period: 2026-11\n", []),
        # The file name may be the only source of the period, as for number and date.
        ("2026-11-flood", "", []),
        ("2026-12-flood", "period: 2026-11\n", ["FM107"]),
        ("flood", "", ["FM107"]),
    ],
)
def test_a_file_name_with_a_period_field_must_match_the_period(name, front, found, checker):
    checker.house("file_name: '{period:yyyy-MM}-{slug}'\n")
    text = letter("News", front)
    assert [one.code for one in checker.check(text, paths=(f"issues/{name}/index.md",))] == found


def test_a_title_with_a_period_field_must_match_the_period(checker):
    checker.house("front: {title: {form: 'Ports in {period-1:MMMM}'}}\n")
    for title, found in (("Ports in November", []), ("Ports in December", ["FM107"]), ("Ports", ["FM105"])):
        text = letter("News").replace("The flood", title)
        assert [one.code for one in checker.check(text)] == found


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
def test_an_unreadable_period_is_reported_with_a_suggestion(value, advice, checker):
    (found,) = checker.check(letter("News", f"period: {value}\n"))
    assert (found.code, found.span.line, found.span.column) == ("FM141", 4, 9)
    assert found.advice.startswith(advice)


def test_a_heading_of_another_month_gets_advice_to_set_the_period(checker):
    checker.house(HOUSE)
    (found,) = checker.check(letter("News of November 2026"))
    assert found.advice == "If the issue is about that time, write `period: 2026-11` in its front matter."
    (found,) = checker.check(letter("News of November 2026", "period: 2026-10\n"))
    assert found.advice == ""
    checker.house(BEFORE)
    (found,) = checker.check(letter("News of October 2026"))
    assert found.advice.endswith("write `period: 2026-11` in its front matter."), "the one before is the heading's"


def test_a_value_that_is_not_a_period_has_the_wrong_type(checker):
    assert [one.code for one in checker.check(letter("News", "period: {start: 2026-11-01}\n"))] == ["FM103"]
    assert checker.check(letter("News", "period:\n")) == ()
