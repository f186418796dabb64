"""`{period…}` in headings, snippets, patterns and drafts: the issue's own period, or that of its date."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.bundled import templates_folder
from newsletter.house.draft import draft_issue
from newsletter.house.format import StandingMatter
from newsletter.house.forms import fill_form, form_fault, read_form
from newsletter.house.headings import corrected, field_value, fits, fold, heading_fault
from newsletter.house.patterns import pieces
from newsletter.house.snippets import expand
from newsletter.language import load_language
from newsletter.model import Issue, YamlDocument
from newsletter.period import read_period

DECEMBER = Issue("i.md", "i", "letter", YamlDocument({}, {}, {}), number=14, date=datetime(2026, 12, 19, tzinfo=UTC))
LANGUAGES = sorted(path.stem for path in (templates_folder() / "theme" / "strings").glob("*.yaml"))


def covering(period: object) -> Issue:
    return replace(DECEMBER, period=read_period(period))


def spoken(code: str):
    return load_language(code, [templates_folder() / "theme"])


def filled(pattern: str, issue: Issue, language) -> str:
    return fold(
        "".join(
            (field_value(piece, issue, language) or "…") if piece.field else piece.plain for piece in pieces(pattern)
        )
    )


@pytest.mark.parametrize(
    ("pattern", "by_date", "of_november", "of_a_quarter"),
    [
        ("{period}", "December 2026", "November 2026", "July – September 2026"),
        ("{period-1}", "November 2026", "October 2026", "April – June 2026"),
        ("{period + 1}", "January 2027", "December 2026", "October – December 2026"),
        ("{period:MMMM yyyy}", "December 2026", "November 2026", "July 2026"),
        ("{period-1:MMMM yyyy}", "November 2026", "October 2026", "April 2026"),
        ("{period-12:MMMM yyyy}", "December 2025", "November 2025", "July 2023"),
        ("{period:start d MMMM}", "1 December", "1 November", "1 July"),
        ("{period:end d MMMM}", "31 December", "30 November", "30 September"),
        ("{period-1:end d}", "30", "31", "30"),
        ("{period:end}", "December 31, 2026", "November 30, 2026", "September 30, 2026"),
        # Without a period, the pattern decides: the week, the quarter, the year or the day of the date.
        ("week {period:w}", "week 51", "week 44", "week 27"),
        ("week {period-1:w}", "week 50", "week 40", "week 14"),
        ("Q{period:Q yyyy}", "Q4 2026", "Q4 2026", "Q3 2026"),
        ("Q{period-1:Q yyyy}", "Q3 2026", "Q4 2026", "Q2 2026"),
        ("{period-1:yyyy}", "2025", "2026", "2026"),
        ("{period:d MMMM}", "19 December", "1 November", "1 July"),
        ("{period-1:d MMMM}", "18 December", "1 October", "1 April"),
        # The month in a heading is that of the issue's period, a day is always that of its date.
        ("{date:MMMM yyyy}", "December 2026", "November 2026", "July 2026"),
        ("{date:d MMMM}", "19 December", "19 December", "19 December"),
    ],
)
def test_a_period_is_that_of_the_issue_or_of_its_date(pattern, by_date, of_november, of_a_quarter):
    assert heading_fault(pattern) == ""
    for issue, expected in (
        (DECEMBER, by_date),
        (covering("2026-11"), of_november),
        (covering("2026-Q3"), of_a_quarter),
    ):
        written = filled(pattern, issue, spoken("en"))
        assert written == expected
        assert fits(written, pattern, spoken("en"))
        assert corrected(written, pattern, issue, spoken("en")) == written


@pytest.mark.parametrize(
    ("written", "issue", "right"),
    [
        ("News of November 2026", DECEMBER, "News of December 2026"),
        ("News of November 2026", covering("2026-11"), "News of November 2026"),
        ("News of December 2026", covering("2026-11"), "News of December 2026"),
        ("News of October 2026", covering("2026-11"), "News of November 2026"),
    ],
)
def test_a_date_field_in_a_heading_may_have_the_period(written, issue, right):
    assert corrected(written, "News of {date:MMMM yyyy}", issue, spoken("en")) == right


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize(
    "period",
    [
        "2026-11",
        "2026-Q3",
        "2026",
        "2026-W47",
        "2026-11-28/2026-12-03",
        "2026-12-28/2027-01-03",
        "2026-11/2027-02",
        "2025/2026",
        "2026-05-06",
    ],
)
def test_a_written_period_can_be_read_in_every_language(code, period):
    language, issue = spoken(code), covering(period)
    for pattern in (
        "{period}",
        "From {period-1} to {period}: {title}",
        "{period:start} / {period:end}",
        "{period:EEEE d MMM yyyy}",
    ):
        written = filled(pattern, issue, language).replace("…", "Ports")
        assert fits(written, pattern, language)
        assert corrected(written, pattern, issue, language) == written


@pytest.mark.parametrize(
    ("code", "month", "months", "year"),
    [
        ("de", "November 2026", "Juli–September 2026", "2026"),
        ("es", "noviembre de 2026", "julio–septiembre de 2026", "2026"),
        ("fa", "نوامبر ۲۰۲۶", "ژوئیه تا سپتامبر ۲۰۲۶", "۲۰۲۶"),
        ("fi", "marraskuu 2026", "heinä–syyskuu 2026", "2026"),
        ("ja", "2026年11月", "2026年7月～9月", "2026年"),
        ("ko", "2026년 11월", "2026년 7월 ~ 9월", "2026년"),
        ("pl", "listopad 2026", "lipiec–wrzesień 2026", "2026"),
        ("zh", "2026年11月", "2026年7月至9月", "2026年"),
    ],
)
def test_months_quarters_and_years_are_written_in_the_language(code, month, months, year):
    output = [filled("{period}", covering(period), spoken(code)) for period in ("2026-11", "2026-Q3", "2026")]
    assert output == [month, months, year]


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        ("{period:}", "`{period:}` needs a pattern, as in `{period:MMMM yyyy}`"),
        ("{period:MMMMM}", "`MMMMM` is not a date pattern: `MMMM` is the longest"),
        ("{period:month}", "`onth` means nothing in a date pattern"),
        ("{date-1:MMMM}", "`{date-1:MMMM}` cannot be shifted: only `{period-1}` can"),
        ("{number+1}", "`{number+1}` cannot be shifted: only `{period+1}` can"),
        ("{period−1}", "`{period−1}` is not a field"),
        ("{periods}", "there is no field `{periods}`"),
    ],
)
def test_an_invalid_period_field_is_reported(pattern, fault):
    found = heading_fault(pattern)
    assert found == fault or (pattern == "{period:month}" and "in a date pattern" in found)
    assert form_fault(pattern.replace("periods", "periods:")) != ""


@pytest.mark.parametrize(
    ("snippet", "by_date", "of_november"),
    [
        ("The {period:MMMM} letter", "The December letter", "The November letter"),
        ("News of {period}", "News of December 2026", "News of November 2026"),
        ("Before: {period-1:MMMM}", "Before: November", "Before: October"),
        (
            "[All](https://a.example/{period:yyyy-MM})",
            "[All](https://a.example/2026-12)",
            "[All](https://a.example/2026-11)",
        ),
        # In a snippet, a date field is always the date.
        ("Sent in {date:MMMM}", "Sent in December", "Sent in December"),
    ],
)
def test_snippets_can_have_the_period(snippet, by_date, of_november, publication):
    for issue, expected in ((DECEMBER, by_date), (covering("2026-11"), of_november)):
        assert expand(StandingMatter("s", "end", snippet, "s.md"), issue, publication, spoken("en")) == expected


def test_a_snippet_of_a_letter_without_date_or_period_is_left_out(publication):
    bare = replace(DECEMBER, date=None)
    assert expand(StandingMatter("s", "end", "Of {period}", "s.md"), bare, publication, spoken("en")) is None


def test_addresses_have_ascii_digits(publication):
    matter = StandingMatter("s", "end", "[ماه](https://a.example/{period:yyyy-MM}) {period:yyyy}", "s.md")
    assert expand(matter, DECEMBER, publication, spoken("fa")) == "[ماه](https://a.example/2026-12) ۲۰۲۶"


@pytest.mark.parametrize(
    ("form", "known", "expected"),
    [
        ("{period:yyyy-MM}-{slug}", {"date": date(2026, 12, 19), "slug": "ports"}, "2026-12-ports"),
        ("{period-1:yyyy-MM}-{slug}", {"date": date(2026, 12, 19), "slug": "ports"}, "2026-11-ports"),
        (
            "{period:yyyy-MM}-{slug}",
            {"date": date(2026, 12, 19), "period": read_period("2026-11"), "slug": "x"},
            "2026-11-x",
        ),
        ("{period:yyyy-'q'Q}-{number}", {"period": read_period("2026-Q3"), "number": 7}, "2026-q3-7"),
        ("{period:yyyy}", {}, "{period:yyyy}"),
    ],
)
def test_a_pattern_is_filled_with_the_period(form, known, expected):
    assert form_fault(form) == ""
    assert fill_form(form, known, spoken("en")) == expected


def test_relative_periods_are_separate_fields():
    output = read_form(
        "2026-11 after 2026-10 till 30", "{period:yyyy-MM} after {period-1:yyyy-MM} till {period:end d}", spoken("en")
    )
    assert [one.name for one in output] == ["period", "period-1", "period:end"]


@given(
    st.dates(date(2000, 1, 1), date(8900, 12, 31)),
    st.integers(-999, 999),
    st.sampled_from(["", ":MMMM yyyy", ":w", ":yyyy", ":end d MMMM yyyy"]),
)
def test_relative_periods_work_from_any_day_in_any_heading(day, shift, how):
    issue = replace(DECEMBER, date=datetime(day.year, day.month, day.day, tzinfo=UTC))
    pattern = f"{{period{shift:+}{how}}}"
    assert heading_fault(pattern) == ""
    assert fits(filled(pattern, issue, spoken("en")), pattern, spoken("en"))


def test_a_draft_uses_the_period(publication, house_from):
    house, faults = house_from(
        "sections:\n  news: {heading: 'News of {period:MMMM yyyy}'}\n  past: {heading: 'Seen since {period-1}'}\n  sent: {heading: 'What {date:MMMM} brought'}\n"
    )
    assert faults == ()
    given = {"title": "Ports", "number": 1, "date": date(2026, 12, 19), "authors": ()}
    draft = draft_issue(house, publication, spoken("en"), **given)
    assert "period:" not in draft
    assert "## News of December 2026" in draft
    draft = draft_issue(house, publication, spoken("en"), **given, period=read_period("2026-11"))
    assert "\nperiod: 2026-11\n" in draft
    for heading in ("News of November 2026", "Seen since October 2026", "What November brought"):
        assert f"## {heading}\n" in draft


def test_a_draft_has_the_period_if_the_house_format_lists_it(publication, house_from):
    house, _ = house_from("front: {period: required}\n")
    draft = draft_issue(house, publication, spoken("en"), title="Ports", number=1, date=date(2026, 12, 19), authors=())
    assert "\nperiod: 2026-12\n" in draft
