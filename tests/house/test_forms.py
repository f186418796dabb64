"""Patterns: texts with fields that front matter and file names must match."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.house.forms import agree, dated_name, fill_form, form_fault, read_form, read_name
from newsletter.language.ordinals import ordinal, ordinal_regex


def values_of(text, form, language):
    found = read_form(text, form, language)
    return None if found is None else {one.name: one.value for one in found}


def test_values_are_read_from_a_text_by_its_pattern(english):
    assert values_of("Issue #160", "Issue #{number}", english) == {"number": 160}
    assert values_of("Week Ending May 5, 2024", "Week Ending {ending:MMMM d, yyyy}", english) == {
        "ending": (("day", 5), ("month", 5), ("year", 2024))
    }
    assert values_of("2024-05-05-ports", "{date:yyyy-MM-dd}-{slug}", english) == {
        "date": (("day", 5), ("month", 5), ("year", 2024)),
        "slug": "ports",
    }
    assert values_of("Volume 3, issue 7: Ports", "Volume {volume:number}, issue {number}: {any}", english) == {
        "volume": 3,
        "number": 7,
    }
    assert values_of("Issue 160", "Issue #{number}", english) is None


def test_dates_are_read_in_the_language(dutch):
    assert values_of("5 maart", "{date:d MMMM}", dutch) == {"date": (("day", 5), ("month", 3))}


def test_dates_are_compared_in_their_common_parts(english):
    whole = values_of("2024-05-05", "{date:yyyy-MM-dd}", english)["date"]
    assert agree(whole, values_of("May 2024", "{date:MMMM yyyy}", english)["date"])
    assert not agree(whole, values_of("June 2024", "{date:MMMM yyyy}", english)["date"])
    assert agree(whole, values_of("week 18", "week {date:w}", english)["date"]), (
        "nothing is compared that only one says"
    )


def test_a_pattern_is_filled_with_known_values(english):
    known = {"number": 7, "date": date(2024, 5, 5), "slug": "ports"}
    assert fill_form("{date:yyyy-MM-dd}-{slug}-{number:000}", known, english) == "2024-05-05-ports-007"
    assert fill_form("The {number:ordinal} of {ending:MMMM}", known, english) == "The 7th of {ending:MMMM}"


@given(st.integers(0, 9999), st.dates(date(1000, 1, 1), date(9999, 12, 31)))
def test_a_filled_pattern_can_be_read_again(english, number, day):
    form = "No. {number:ordinal}, {date:EEEE d MMMM yyyy}"
    values = values_of(fill_form(form, {"number": number, "date": day}, english), form, english)
    assert values["number"] == number
    assert {"day": day.day, "month": day.month, "year": day.year, "weekday": day.isoweekday()} == dict(values["date"])


@given(st.text(max_size=80))
def test_any_text_can_be_matched(english, text):
    read_form(text, "{title}: {date:d MMMM} {number}", english)


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        ("Issue {number", "a brace is not closed"),
        ("{nmuber}", "there is no field `{nmuber}`"),
        ("{date}", "needs a pattern"),
        ("{date:mmm}", "means nothing"),
        ("{number:3}", "must be one of"),
        ("{title}{any}", "there is no text between"),
        ("{slug:x}", "takes nothing after a colon"),
    ],
)
def test_an_invalid_pattern_is_reported(form, fault):
    assert fault in form_fault(form)


def test_a_file_name_has_number_and_date(house_from, english):
    house, faults = house_from('file_name: ["{date:yyyy-MM-dd}-issue-{number}", "issue-{number}"]\n')
    assert faults == ()
    named = read_name(house, "2024-05-05-issue-12", english)
    assert (named.number, named.date) == (12, date(2024, 5, 5))
    named = read_name(house, "issue-12", english)
    assert (named.number, named.date) == (12, None)
    assert read_name(house, "twelve", english).number is None
    assert read_name(house, "2024-02-31-issue-1", english).date is None
    assert dated_name("2024-05-05-ports") == date(2024, 5, 5)
    assert dated_name("2024-05-051") is None


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("en", ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "112th"]),
        ("fr", ["1er", "2e", "3e", "4e", "11e", "12e", "13e", "21e", "112e"]),
        ("nl-BE", ["1e", "2e", "3e", "4e", "11e", "12e", "13e", "21e", "112e"]),
        ("de", ["1.", "2.", "3.", "4.", "11.", "12.", "13.", "21.", "112."]),
        ("ja", ["第1", "第2", "第3", "第4", "第11", "第12", "第13", "第21", "第112"]),
    ],
)
def test_ordinals_are_those_of_the_language(language, written):
    import re

    assert [ordinal(number, language) for number in (1, 2, 3, 4, 11, 12, 13, 21, 112)] == written
    assert all(re.fullmatch(ordinal_regex(language), one) for one in written)
