from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newsletter.markdown.source import Source
from newsletter.model import Span


def test_line_ends_and_the_byte_order_mark_are_normalised():
    source = Source("\ufeffa\r\nb\rc\n", "x.md")
    assert source.text == "a\nb\nc\n"
    assert source.position(2) == (2, 1)


def test_forbidden_characters_are_replaced_one_by_one():
    assert Source("a\0b\ufdd0c\ufddfd\ud800e\ufdefz", "x.md").text == "a\ufffdb\ufffdc\ufffdd\ufffde\ufdefz"


def test_columns_count_characters():
    source = Source("🎉e\u0301 x", "x.md")
    assert source.position(4) == (1, 5)
    assert source.span(4, 5) == Span(4, 5, 1, 5)


def test_the_end_of_a_line_is_found_by_its_number():
    source = Source("one\n\nthree", "x.md")
    assert [source.line_end(number) for number in (1, 2, 3, 9)] == [3, 4, 10, 10]


@given(st.text(alphabet="ab\n\r🎉"))
def test_the_position_of_each_character_leads_back_to_it(text):
    source = Source(text, "x.md")
    for offset, char in enumerate(source.text):
        line, column = source.position(offset)
        assert (source.text.split("\n")[line - 1] + "\n")[column - 1] == char
