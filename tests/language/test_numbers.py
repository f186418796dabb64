"""Numbers in each language, written and read."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.language.numbers import Symbols, read_number
from tests.render.letters import words_of

LANGUAGES = ("en", "de", "de-AT", "fr", "es", "pl", "hi", "ar", "ar-EG", "fa", "tr", "sv", "pt", "pt-PT", "ja", "zh")


@pytest.mark.parametrize(("code", "text"), [
    ("en", "1,234,567.50"), ("de", "1.234.567,50"), ("de-AT", "1.234.567,50"), ("fr", "1\u00a0234\u00a0567,50"),
    ("hi", "12,34,567.50"), ("fa", "۱٬۲۳۴٬۵۶۷٫۵۰"), ("sv", "1\u00a0234\u00a0567,50"),
])  # fmt: skip
def test_numbers_are_formatted_for_the_language(code: str, text: str):
    assert words_of(code).number(Decimal("1234567.50")) == text


@pytest.mark.parametrize(("code", "text"), [
    ("ar", "\u200e−1,234.5"), ("he", "\u200e−1,234.5"), ("fa", "\u200e−۱٬۲۳۴٫۵"), ("en", "−1,234.5"),
    ("ar-EG", "−١٬٢٣٤٫٥"),
])  # fmt: skip
def test_in_right_to_left_scripts_a_minus_stays_before_its_number(code: str, text: str):
    assert words_of(code).number(Decimal("-1234.5")) == text
    assert words_of(code).read_number(text) == Decimal("-1234.5")


@pytest.mark.parametrize(("code", "unit", "text"), [
    ("en", "€", "€1,234.5"), ("en", "$", "$1,234.5"), ("en", "€ bn", "€1,234.5\u00a0bn"), ("nl", "€", "€\u00a01.234,5"),
    ("de", "€", "1.234,5\u00a0€"), ("fr", "$", "1\u00a0234,5\u00a0$"), ("ja", "¥", "¥1,234.5"), ("en", "Mt", "1,234.5\u00a0Mt"),
    ("de", "Mrd. €", "1.234,5\u00a0Mrd.\u00a0€"), ("en", "US$", "1,234.5\u00a0US$"),
])  # fmt: skip
def test_currency_signs_are_placed_by_the_language(code: str, unit: str, text: str):
    assert words_of(code).number(Decimal("1234.5"), unit).replace(" ", "\u00a0") == text


def test_negative_amounts_have_the_minus_before_the_currency():
    assert words_of("en").number(Decimal(-5), "€") == "−€5"
    assert words_of("de").number(Decimal(-5), "€") == "−5\u00a0€"


def test_spanish_groups_from_five_digits_on():
    assert [words_of("es").number(Decimal(number)) for number in (1234, 12345)] == ["1234", "12.345"]


@pytest.mark.parametrize(("code", "text"), [("en", "3.1%"), ("de", "3,1\u00a0%"), ("tr", "%3,1"), ("fa", "۳٫۱٪")])
def test_percent_signs_are_placed_by_the_language(code: str, text: str):
    assert words_of(code).number(Decimal("3.1"), "%") == text


@pytest.mark.parametrize(("code", "text", "number"), [
    ("de", "1.234", "1234"), ("en", "1,234", "1234"), ("en", "1.234", "1.234"), ("de", "1.5", "1.5"), ("en", "1,5", "1.5"),
    ("de", "1,234.5", "1234.5"), ("en", "1.234,5", "1234.5"), ("en", "12 %", "12"), ("en", "−3", "-3"), ("en", "+4", "4"),
    ("en", "1 234 567", "1234567"), ("en", "1'234", "1234"), ("ar", "١٢٣٫٥", "123.5"), ("hi", "१२", "12"), ("en", "€ 5", "5"),
])  # fmt: skip
def test_numbers_are_read_by_the_rules_of_the_language(code: str, text: str, number: str):
    assert words_of(code).read_number(text) == Decimal(number)


@pytest.mark.parametrize("text", ["", "about 12", "1.2.3", "1,2,3", "12a", "--1", "1.234.56", "9" * 16, "½", "1e5"])
def test_other_text_is_not_a_number(text: str):
    assert words_of("en").read_number(text) is None


def test_a_number_may_have_a_unit():
    assert read_number("12.5 Mt", Symbols(), ["Mt"]) == Decimal("12.5")
    assert read_number("12.5 Mt", Symbols()) is None


@given(st.decimals(-(10**9), 10**9, places=2), st.sampled_from(LANGUAGES))
def test_formatted_numbers_can_be_read_again(number: Decimal, code: str):
    language = words_of(code)
    assert language.read_number(language.number(number)) == number
