"""Dates in headings and patterns: days as ordinals, and other calendars."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from newsletter.bundled import templates_folder
from newsletter.house.forms import read_form
from newsletter.house.headings import corrected, fits, heading_fault
from newsletter.language import load_language
from newsletter.language.calendars import CALENDARS
from newsletter.model import Issue, YamlDocument

FOLDERS = (templates_folder() / "theme",)


def language(code: str):
    return load_language(code, FOLDERS)


def issue(day: date) -> Issue:
    return Issue(
        "i.md", "i", "letter", YamlDocument({}, {}, {}), date=datetime(day.year, day.month, day.day, tzinfo=UTC)
    )


@pytest.mark.parametrize(
    ("code", "pattern", "first", "second", "last"),
    [
        ("en", "MMMM do, yyyy", "May 1st, 2024", "May 2nd, 2024", "May 31st, 2024"),
        ("en", "EEEE do MMMM", "Wednesday 1st May", "Thursday 2nd May", "Friday 31st May"),
        ("fr", "do MMMM yyyy", "1er mai 2024", "2 mai 2024", "31 mai 2024"),
        ("de", "do MMMM yyyy", "1. Mai 2024", "2. Mai 2024", "31. Mai 2024"),
        ("it", "do MMMM", "1º maggio", "2 maggio", "31 maggio"),
        ("sv", "'den' do MMMM", "den 1:a maj", "den 2:a maj", "den 31:a maj"),
        ("nl", "do MMMM", "1e mei", "2e mei", "31e mei"),
        ("ja", "yyyy年M月do", "2024年5月1日", "2024年5月2日", "2024年5月31日"),
        ("ru", "do MMMM", "1 мая", "2 мая", "31 мая"),
        ("en", "yyyy-MM-do", "2024-05-1st", "2024-05-2nd", "2024-05-31st"),
    ],
)
def test_days_are_ordinals_of_the_language(code, pattern, first, second, last):
    for day, written in ((1, first), (2, second), (31, last)):
        shown = language(code).format_date(date(2024, 5, day), pattern)
        assert shown == written
        heading = f"News of {{date:{pattern}}}"
        assert not heading_fault(heading)
        assert fits(f"News of {written}", heading, language(code))
        output = read_form(f"News of {written}", heading, language(code))
        assert output is not None
        assert dict(output[0].value)["day"] == day


def test_a_wrong_ordinal_is_recognized():
    heading = "News of {date:MMMM do}"
    assert corrected("News of May 2th", heading, issue(date(2024, 5, 2)), language("en")) == "News of May 2nd"


@pytest.mark.parametrize(
    ("code", "pattern", "day", "written"),
    [
        ("fa", "persian:d MMMM y", date(2024, 1, 31), "11 بهمن 1402"),
        ("fa", "persian:d MMMM y", date(2024, 3, 20), "1 فروردین 1403"),
        ("fa", "persian:d MMMM y", date(2025, 3, 20), "30 اسفند 1403"),
        ("fa", "persian:EEEE y/MM/dd", date(2024, 3, 20), "چهارشنبه 1403/01/01"),
        ("en", "persian:d MMMM y", date(2024, 1, 31), "11 Bahman 1402"),
        ("ja", "japanese:Gy年M月d日", date(2024, 1, 31), "令和6年1月31日"),
        ("ja", "japanese:Gy年M月d日", date(2019, 5, 1), "令和元年5月1日"),
        ("ja", "japanese:Gy年M月d日", date(2019, 4, 30), "平成31年4月30日"),
        ("ja", "japanese:Gy年M月d日", date(1989, 1, 7), "昭和64年1月7日"),
        ("zh-Hant", "roc:Gy年M月d日", date(2024, 1, 31), "民國113年1月31日"),
        ("en", "buddhist:d MMMM y", date(2024, 1, 31), "31 January 2567"),
        ("en", "persian: do MMMM y", date(2024, 1, 31), "11th Bahman 1402"),
    ],
)
def test_dates_of_other_calendars_are_written_and_read(code, pattern, day, written):
    assert language(code).format_date(day, pattern) == written
    heading = f"خبر – {{date:{pattern}}}"
    assert not heading_fault(heading)
    assert fits(f"خبر – {written}", heading, language(code))
    output = read_form(f"خبر – {written}", heading, language(code))
    value = dict(output[0].value)
    assert date(value["year"], value["month"], value["day"]) == day
    assert corrected(f"خبر – {written}", heading, issue(day + timedelta(40)), language(code)) != f"خبر – {written}"


def test_persian_digits_are_read():
    persian = language("fa")
    assert fits("شماره‌ی ۱۱ بهمن ۱۴۰۲", "شماره‌ی {date:persian:d MMMM y}", persian)
    heading = "شماره‌ی {date:persian:d MMMM y}"
    assert corrected("شماره‌ی ۱ بهمن ۱۴۰۲", heading, issue(date(2024, 1, 31)), persian) == "شماره‌ی ۱۱ بهمن ۱۴۰۲"


@pytest.mark.parametrize("name", CALENDARS)
def test_every_day_of_three_centuries_can_be_read_again(name):
    calendar, day = CALENDARS[name], date(1912, 1, 1)
    while day.year < 2212:
        assert calendar.back(calendar.of(day)) == day
        day += timedelta(1)


@pytest.mark.parametrize("name", CALENDARS)
@pytest.mark.parametrize(
    "day", [date.min, date(622, 3, 22), date(1868, 1, 1), date(1911, 12, 31), date(3900, 1, 1), date.max]
)
def test_any_date_can_be_written(name, day):
    assert language("en").format_date(day, f"{name}:d MMMM y")


# Nowruz, by the calendar centre of the university of Tehran and its predecessors: 20 or 21 March.
@pytest.mark.parametrize(
    ("year", "day"),
    [
        (1375, 20),
        (1376, 21),
        (1379, 20),
        (1380, 21),
        (1383, 20),
        (1387, 20),
        (1391, 20),
        (1395, 20),
        (1399, 20),
        (1400, 21),
        (1401, 21),
        (1402, 21),
        (1403, 20),
        (1404, 21),
        (1405, 21),
        (1408, 20),
    ],
)
def test_the_persian_year_begins_in_spring(year, day):
    new_year = date(year + 621, 3, day)
    assert CALENDARS["persian"].of(new_year)[:3] == (year, 1, 1)
    assert CALENDARS["persian"].of(new_year - timedelta(1))[:2] == (year - 1, 12)


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        ("hijri:d MMMM y", "there is no calendar `hijri`. Choose one of: buddhist, japanese, persian, roc"),
        ("islamic:d MMMM y", "there is no calendar `islamic`"),
        ("Gy年", "`G` stands for the era"),
        ("persian:Gy", "`G` stands for the era"),
        ("persian:w", "`w` counts the weeks"),
        ("persian:", "the date pattern `` has no day"),
        ("doo", "`oo` means nothing"),
        ("o", "`o` means nothing"),
    ],
)
def test_unreadable_dates_are_reported(pattern, fault):
    assert heading_fault(f"News {{date:{pattern}}}").startswith(fault)


@pytest.mark.parametrize("pattern", ["yyyy:MM:dd", "MM:dd", "d 'o''clock' MMMM"])
def test_a_colon_alone_is_not_a_calendar(pattern):
    assert not heading_fault(f"News {{date:{pattern}}}")
