from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.config.publication import FIELD_NAME, FONT_STACK, KIND_NAME
from newsletter.config.wellformed import COLOUR, EMAIL, ENTITY, LANGUAGE
from newsletter.house.keys import DOMAIN, MOMENT, RANGE
from newsletter.schemas.values import ecma

OURS = (RANGE, MOMENT, DOMAIN, FIELD_NAME, FONT_STACK, KIND_NAME, COLOUR, EMAIL, ENTITY, LANGUAGE)


@pytest.mark.parametrize(
    ("pattern", "translated"),
    [
        (r"[A-Z]{2}\d{4}", r"^(?:[A-Z]{2}\d{4})$"),
        (r"(?P<year>\d+)-x", r"^(?:(?:\d+)-x)$"),
        (r"\A(a|b)\Z", r"^(?:^(?:a|b)$)$"),
        (r"a.c", r"^(?:a[^\n]c)$"),
        (r"a{,3}b{2,}?", r"^(?:a{0,3}b{2,}?)$"),
        (r"\#\-\ \:", r"^(?:#- :)$"),
        (r"{x}", r"^(?:\{x\})$"),
        (r"[]a^-]", r"^(?:[\]a\^\-])$"),
        (r"[\d\-x]", r"^(?:[\d\-x])$"),
        (r"(?<!a)b(?=c)(?!d)", r"^(?:(?<!a)b(?=c)(?!d))$"),
        (r"\x41é", r"^(?:Aé)$"),
        (r"\w", "^(?:[0-9A-Za-z_\x80-\U0010ffff])$"),
        (r"[^\w]", r"^(?:[^0-9A-Za-z_])$"),
    ],
)
def test_a_pattern_is_translated_to_the_other_dialect(pattern: str, translated: str):
    assert ecma(pattern) == translated


@pytest.mark.parametrize(
    "pattern",
    [r"(?i)abc", r"(a)\1", r"(?P<a>x)(?P=a)", r"a*+", r"(?>a)", r"(a)?(?(1)b|c)", r"\bword", r"(?#x)a", r"\N{BULLET}"],
)
def test_untranslatable_patterns_are_left_out(pattern: str):
    assert ecma(pattern) is None


def test_flags_are_expanded():
    assert ecma(re.compile("at [a-cx]", re.IGNORECASE)) == "^(?:[aA][tT] [a-cA-CxX])$"
    assert ecma(re.compile(r"\w\b", re.ASCII)) == r"^(?:[0-9A-Za-z_]\b)$"
    assert ecma(re.compile("a b", re.VERBOSE)) is None


@pytest.mark.parametrize("pattern", OURS, ids=lambda pattern: pattern.pattern[:20])
@given(st.data())
def test_a_match_of_a_pattern_matches_its_translation(pattern: re.Pattern[str], data: st.DataObject):
    translated = ecma(pattern)
    assert translated
    text = data.draw(st.from_regex(re.compile(pattern.pattern, pattern.flags), fullmatch=True))
    assert re.search(translated, text)


@given(st.text(alphabet="abAB09é中-_., \n", max_size=8))
def test_a_text_without_a_match_does_not_match_the_translation(text: str):
    for pattern in OURS:
        if text.isascii() and not text.endswith("\n") and not pattern.fullmatch(text):
            assert not re.search(str(ecma(pattern)), text), pattern


@given(st.text(alphabet=r"ab()[]{}|*+?.\^$-dwsx0,1é", max_size=12), st.text(alphabet="abdwsx01é(-.\n", max_size=6))
def test_a_translation_is_never_stricter(pattern: str, text: str):
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            fits = re.fullmatch(pattern, text)
        except (re.error, OverflowError):
            return
        translated = ecma(pattern)
        if translated is not None and fits:
            assert re.search(translated, text), translated
