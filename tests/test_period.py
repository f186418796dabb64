"""The period that an issue covers: its notations, and the previous and next period."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model import Period
from newsletter.period import around, months_in, read_period, shifted, written


def days(text: str) -> Period:
    start, _, end = text.partition("/")
    return Period(date.fromisoformat(start), date.fromisoformat(end or start))


@pytest.mark.parametrize(
    ("value", "covers"),
    [
        ("2026-11", "2026-11-01/2026-11-30"),
        ("2026-2", "2026-02-01/2026-02-28"),
        ("2024-02", "2024-02-01/2024-02-29"),
        ("2026-Q3", "2026-07-01/2026-09-30"),
        ("2026Q4", "2026-10-01/2026-12-31"),
        ("2026-q1", "2026-01-01/2026-03-31"),
        ("2026-W47", "2026-11-16/2026-11-22"),
        ("2026W53", "2026-12-28/2027-01-03"),
        (2026, "2026-01-01/2026-12-31"),
        ("2026", "2026-01-01/2026-12-31"),
        (date(2026, 11, 5), "2026-11-05"),
        (datetime(2026, 11, 5, 9, 30), "2026-11-05"),  # noqa: DTZ001  (as YAML may have it)
        ("2026-11-01/2026-11-15", "2026-11-01/2026-11-15"),
        ("2026-11-01 to 2026-11-15", "2026-11-01/2026-11-15"),
        ("2026-11-01 – 2026-11-15", "2026-11-01/2026-11-15"),
        ("2026-11-01..2026-11-15", "2026-11-01/2026-11-15"),
        ("2026-11-01 - 2026-11-15", "2026-11-01/2026-11-15"),
        ("2026-09/2026-11", "2026-09-01/2026-11-30"),
        ("2025/2026", "2025-01-01/2026-12-31"),
        ([date(2026, 11, 1), date(2026, 11, 15)], "2026-11-01/2026-11-15"),
        (["2026-09", "2026-10"], "2026-09-01/2026-10-31"),
    ],
)
def test_a_period_is_read_in_common_notations(value: object, covers: str) -> None:
    assert read_period(value) == days(covers)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "November",
        "2026-13",
        "2026-00",
        "2026-Q5",
        "2026-W54",
        "2026-02-30",
        "0000-01",
        "2026-11-15/2026-11-01",
        "2026-11/",
        None,
        True,
        2.5,
        14,
        [],
        [date(2026, 11, 1)] * 3,
        {"start": "2026-11"},
        "2026-11-01/2026-11-02/2026-11-03",
        "２０２６-11",
    ],
)
def test_other_text_is_not_a_period(value: object) -> None:
    assert read_period(value) is None


@pytest.mark.parametrize(
    ("covers", "count", "shown"),
    [
        ("2026-11", -1, "2026-10"),
        ("2026-11", 2, "2027-01"),
        ("2024-02", 12, "2025-02"),
        ("2026-Q1", -1, "2025-Q4"),
        ("2026", -1, "2025"),
        ("2026-W01", -1, "2025-W52"),
        ("2026-11-01/2026-11-15", 1, "2026-11-16/2026-11-30"),
        ("2026-11-30", 1, "2026-12-01"),
        ("2026-09/2026-10", -1, "2026-07-01/2026-08-31"),
    ],
)
def test_the_previous_and_next_period_have_the_same_length(covers: str, count: int, shown: str) -> None:
    assert written(shifted(read_period(covers), count)) == shown


@pytest.mark.parametrize(
    ("unit", "covers"),
    [("day", "2026-11-29"), ("week", "2026-W48"), ("month", "2026-11"), ("quarter", "2026-Q4"), ("year", "2026")],
)
def test_a_day_is_in_its_week_month_quarter_and_year(unit: str, covers: str) -> None:
    assert written(around(date(2026, 11, 29), unit)) == covers


PERIODS = st.tuples(st.dates(date(1000, 1, 1), date(8990, 12, 31)), st.integers(0, 1500)).map(
    lambda drawn: Period(drawn[0], drawn[0] + timedelta(drawn[1]))
)
UNITS = st.sampled_from(("day", "week", "month", "quarter", "year"))


@given(PERIODS)
def test_a_written_period_is_read_again(period: Period) -> None:
    assert read_period(written(period)) == period


@given(st.dates(), UNITS, st.integers(-999, 999))
def test_periods_are_computed_from_any_day(day: date, unit: str, count: int) -> None:
    period = around(day, unit)
    assert period.start <= day <= period.end
    moved = shifted(period, count)
    assert moved.start <= moved.end


@given(st.dates(date(1100, 1, 1), date(8900, 1, 1)), UNITS, st.integers(-50, 50))
def test_next_then_previous_gives_the_same_period(day: date, unit: str, count: int) -> None:
    period = around(day, unit)
    assert shifted(shifted(period, count), -count) == period
    assert shifted(period, 1).start == period.end + timedelta(1), "nothing lies between"
    assert months_in(shifted(period, count)) == months_in(period)
