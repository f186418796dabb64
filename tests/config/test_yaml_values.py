from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from newsletter.config.yaml import load
from newsletter.config.yaml_events import resolve, time_zone


def value_of(written, zone="UTC"):
    document, found = load(f"key: {written}\n", "issue.md", "FM", timezone=zone)
    assert found == ()
    return document.values["key"]


@pytest.mark.parametrize(
    "text", ["No", "yes", "on", "Off", "y", "12:30", "1_000", "0b11", "1,5", "v1.2", "١٢", "1e", "-"]
)
def test_special_values_of_yaml_1_1_are_text(text):
    value, bad = resolve(text, "UTC")
    assert (value, bad) == (text, None)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("14", 14),
        ("-3", -3),
        ("+7", 7),
        ("007", 7),
        ("0x1F", 31),
        ("0o17", 15),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("true", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("", None),
    ],
)
def test_plain_values_follow_the_core_schema(written, value):
    found = value_of(written)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("text", [".inf", "-.INF", ".nan", "1e999", "9" * 30, "4" * 5000])
def test_unusual_number_notations_are_text(text):
    assert value_of(text) == text


def test_a_day_stays_a_date_without_a_time():
    assert value_of("2024-01-31") == date(2024, 1, 31)
    assert type(value_of("2024-01-31")) is date


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2024-01-31 09:00", datetime(2024, 1, 31, 9, tzinfo=UTC)),
        ("2024-01-31T09:00:00Z", datetime(2024, 1, 31, 9, tzinfo=UTC)),
        ("2024-01-31t9:00:00.25 UTC", datetime(2024, 1, 31, 9, microsecond=250000, tzinfo=UTC)),
        ("2024-12-10 22:00:00 -0000", datetime(2024, 12, 10, 22, tzinfo=UTC)),
        ("2024-01-31T09:00:00+01:00", datetime(2024, 1, 31, 9, tzinfo=timezone(timedelta(hours=1)))),
        ("2024-01-31 09:00 -5", datetime(2024, 1, 31, 9, tzinfo=timezone(timedelta(hours=-5)))),
    ],
)
def test_a_time_is_an_aware_datetime(written, moment):
    found = value_of(written)
    assert found == moment
    assert found.utcoffset() == moment.utcoffset()


def test_a_time_without_a_zone_is_in_that_of_the_publication():
    found = value_of("2024-07-01 09:00", zone="Europe/Amsterdam")
    assert found.isoformat() == "2024-07-01T09:00:00+02:00"


def test_an_ambiguous_local_time_is_the_first():
    found = value_of("2024-10-27 02:30", zone="Europe/Amsterdam")
    assert found.isoformat() == "2024-10-27T02:30:00+02:00"


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("2024-02-30", "the date 2024-02-30 does not exist"),
        ("2024-13-01 09:00", "the date 2024-13-01 does not exist"),
        ("2024-1-5", "`2024-1-5` needs a leading zero"),
        ("0204-01-05", "the year 0204 is out of range"),
        ("9999-12-31", "the year 9999 is out of range"),
        ("2024-01-31 25:00", "there is no time 25:00"),
        ("2024-01-31T9", "`9` is not a time of day"),
        ("2024-01-31 09:00 +19:00", "no time zone is +19:00 from UTC"),
    ],
)
def test_an_invalid_date_stays_text_with_a_reason(written, message):
    document, found = load(f"date: {written}\n", "issue.md", "FM")
    assert [(one.code, one.message, one.span.line, one.span.column) for one in found] == [("FM005", message, 1, 7)]
    assert document.values == {"date": written}
    assert ("date",) in document.broken


@pytest.mark.parametrize("text", ["2024-01-31 in review", "2024-01-31 9 lives", "2024-W05", "31-01-2024", "20240-1-1"])
def test_a_text_that_only_begins_like_a_date_is_text(text):
    assert value_of(text) == text


def test_quoted_values_are_text():
    document, found = load("a: '2024-02-30'\nb: \"true\"\nc: '12'\nd: |\n  2024-01-01\n", "x", "FM")
    assert found == ()
    assert document.values == {"a": "2024-02-30", "b": "true", "c": "12", "d": "2024-01-01\n"}


def test_keys_are_always_text():
    document, found = load("1: a\ntrue: b\nnull: c\n2024-01-01: d\n", "x", "FM")
    assert found == ()
    assert list(document.values) == ["1", "true", "null", "2024-01-01"]


def test_utc_needs_no_time_zone_database():
    assert time_zone("UTC") is UTC


def test_a_single_exclamation_mark_marks_a_value_as_text() -> None:
    document, found = load("title: ! 'Issue #160'\nnumber: ! 12\n", "x", "FM")
    assert not found
    assert document.values == {"title": "Issue #160", "number": "12"}
