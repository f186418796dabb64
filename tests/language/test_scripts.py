"""Writing systems: script, direction and digits of a language, and words of one script within another."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.language.scripts import (
    DIGITS,
    POP,
    direction_of,
    is_upright,
    isolated,
    numbering_of,
    other_direction,
    script_of,
    without_extensions,
)


@pytest.mark.parametrize(
    ("tag", "script"),
    [
        ("en", "latn"),
        ("nl-BE", "latn"),
        ("ar-EG-u-nu-latn", "arab"),
        ("fa", "arab"),
        ("ar-Latn", "latn"),
        ("az-Arab-IR", "arab"),
        ("he", "hebr"),
        ("zh", "hans"),
        ("zh-SG", "hans"),
        ("zh-TW", "hant"),
        ("zh-Hant-HK", "hant"),
        ("zh_HK", "hant"),
        ("ja-JP", "jpan"),
        ("ko", "kore"),
        ("sr", "cyrl"),
        ("sr-Latn", "latn"),
        ("hi", "deva"),
        ("tlh", "latn"),
    ],
)
def test_a_language_has_its_script(tag, script):
    assert script_of(tag) == script


def test_the_direction_is_that_of_the_script():
    assert [direction_of(tag) for tag in ("ar", "he-IL", "fa", "ur", "dv", "en", "ja", "ar-Latn", "ku-Arab")] == [
        *["rtl"] * 5,
        *["ltr"] * 3,
        "rtl",
    ]


@pytest.mark.parametrize(
    ("tag", "plain", "numbers"),
    [
        ("ar-EG-u-nu-latn", "ar-EG", "latn"),
        ("fa-u-ca-persian-nu-latn", "fa", "latn"),
        ("zh_Hans_CN", "zh-Hans-CN", ""),
        ("ar-EG-U-NU-ARAB", "ar-EG", "arab"),
        ("en-x-private", "en", ""),
    ],
)
def test_extensions_of_a_language_tag_are_ignored(tag, plain, numbers):
    assert without_extensions(tag) == plain
    assert numbering_of(tag) == numbers


def test_each_digit_system_has_ten_digits():
    for name, digits in DIGITS.items():
        assert len(digits) == 10
        if name != "hanidec":
            assert [unicodedata.digit(digit) for digit in digits] == list(range(10))


@pytest.mark.parametrize(
    ("text", "within", "direction"),
    [
        ("Daniel Okafor", "rtl", "ltr"),
        ("Henry Longfellow, 1849 (London)", "rtl", "ltr"),
        ("ليلى منصور", "ltr", "rtl"),
        ("ليلى منصور", "rtl", ""),
        ("Python هي لغة برمجة", "rtl", ""),  # a sentence in Arabic that begins with a name
        ("Ibn Battuta wrote of the منارة in 1326", "rtl", "ltr"),
        ("رسالة (Letter!)", "ltr", ""),
        ("1326", "rtl", ""),
        ("٢٠٢٦", "ltr", ""),
        ("…!?", "rtl", ""),
        ("", "rtl", ""),
        ("桥", "rtl", "ltr"),
        ("A plain line.", "ltr", ""),
    ],
)
def test_a_passage_of_the_other_direction_is_marked(text, within, direction):
    assert other_direction(text, within) == direction


def test_only_text_of_the_other_direction_is_isolated():
    assert isolated("Daniel Okafor", "rtl") == f"\u2066Daniel Okafor{POP}"
    assert isolated("ليلى", "ltr") == f"\u2067ليلى{POP}"
    assert isolated("Ann", "ltr") == "Ann"
    assert isolated("2026", "rtl") == "2026"


@given(st.text(max_size=40), st.sampled_from(["ltr", "rtl"]))
def test_isolating_keeps_the_text_and_closes_its_marks(text, direction):
    shown = isolated(text, direction)
    assert text in shown
    assert len(shown) - len(text) in {0, 2}


@given(st.text("abcé 12.", max_size=30))
def test_latin_text_is_never_marked_in_a_left_to_right_issue(text):
    assert other_direction(text, "ltr") == ""


@pytest.mark.parametrize(
    ("text", "upright"),
    [
        ("敞肩", True),
        ("ゆっくり", True),
        ("부드럽게", True),
        ("أوّل ما تعلّمه", True),
        ("בזהירות", True),
        ("धीरे", True),
        ("open-spandrel arch", False),
        ("Überfahrt", False),
        ("медленно", False),
        ("αργά", False),
        ("2026", False),
        ("", False),
    ],
)
def test_scripts_without_italics_are_known(text, upright):
    assert is_upright(text) is upright
