"""Lines of plain text: widths and line breaks."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter import tokens
from newsletter.render.columns import CLOSING, GLUE, OPENING, display_width, finish, wrap


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("tide", 4),
        ("café – “x”", 10),
        ("cafe\u0301", 4),
        ("潮汐", 4),
        ("밀물", 4),
        ("ＡＢ", 4),
        ("ｱｲ", 2),
        ("น้ำ", 2),
        ("a\u200bb", 2),
        ("🌊", 2),
        (tokens.placeholder("first_name", "friend"), 6),
        (tokens.placeholder("first_name"), 12),
        (f"a{tokens.placeholder('x', '潮')}b", 4),
    ],
)
def test_widths_are_those_of_a_terminal(text, width):
    assert display_width(text) == width


def test_lines_end_at_spaces():
    assert wrap("one two  three\tfour", 9) == ["one two", "three", "four"]
    assert wrap("one twö three four", 9) == ["one twö", "three", "four"]


def test_a_line_may_be_exactly_full():
    assert wrap("four five", 9) == ["four five"]
    assert wrap("four fives", 9) == ["four", "fives"]


def test_a_hard_break_ends_a_line():
    assert wrap("one\ntwo three", 20) == ["one", "two three"]


def test_an_address_is_never_broken():
    address = "https://letters.example/" + "a" * 80
    assert wrap(f"see {address} now", 20) == ["see", address, "now"]
    assert wrap(f"zie {address}/é nú", 20) == ["zie", f"{address}/é", "nú"]


def test_a_no_break_space_and_glue_keep_words_together():
    assert wrap("one two\u00a0three", 8) == ["one", "two\u00a0three"]
    assert [finish(line) for line in wrap(f"one two{GLUE}[1]", 8)] == ["one", "two [1]"]
    assert [finish(line) for line in wrap(f"承認チャネル{GLUE}[6]に似て", 14)] == ["承認チャネ", "ル [6]に似て"]


def test_no_break_spaces_at_line_ends_are_removed():
    assert wrap("one two\u00a0\u00a0\nthrée\u00a0", 20) == ["one two", "thrée"]


def test_chinese_wraps_between_characters():
    assert wrap("海闸守住的那一夜", 8) == ["海闸守住", "的那一夜"]


def test_no_line_begins_with_closing_punctuation():
    assert wrap("海闸守住，的那一夜。", 8) == ["海闸守", "住，的那", "一夜。"]
    assert wrap("海闸守住”的那", 8) == ["海闸守", "住”的那"]


def test_no_line_ends_in_an_opening_bracket():
    assert wrap("海闸守「住的」那", 8) == ["海闸守", "「住的」", "那"]


def test_marks_of_emphasis_stay_with_their_words():
    text = f"海闸守{OPENING[0]}住{CLOSING[0]}的那一夜"
    assert [finish(line) for line in wrap(text, 7)] == ["海闸守", "*住*的", "那一夜"]


def test_latin_words_within_chinese_are_not_broken():
    assert wrap("在Shenzhen的海闸", 10) == ["在Shenzhen", "的海闸"]


def test_korean_wraps_at_spaces_only():
    assert wrap("바다가 밤새 올라왔다", 9) == ["바다가", "밤새", "올라왔다"]


def test_thai_is_broken_between_letters_if_necessary():
    lines = wrap("น้ำขึ้นสูงในคืนนั้น", 6)
    assert "".join(lines) == "น้ำขึ้นสูงในคืนนั้น"
    assert all(display_width(line) <= 6 for line in lines)
    assert not any("\u0e31" <= line[0] <= "\u0e3a" and line[0] != "\u0e32" and line[0] != "\u0e33" for line in lines)


def test_a_placeholder_is_never_split():
    token = tokens.placeholder("first_name", "dear reader")
    assert wrap(f"Hello {token}, read this", 14) == ["Hello", f"{token},", "read this"]


words = st.text(st.sampled_from("ab é潮汐。「」（），밀물น้ำ“”-*\u0301🌊 "), min_size=0, max_size=80)


@given(words, st.integers(min_value=8, max_value=40))
def test_no_line_is_too_wide_unless_it_is_one_word(text, width):
    for line in wrap(text, width):
        assert display_width(line) <= width or " " not in line


@given(words, st.integers(min_value=8, max_value=40))
def test_only_white_space_is_lost(text, width):
    assert re.sub(r"\s", "", "".join(wrap(text, width))) == re.sub(r"\s", "", text)


@given(words, st.integers(min_value=8, max_value=40))
def test_no_line_has_spaces_at_its_ends(text, width):
    assert all(line == line.strip(" ") for line in wrap(text, width))
