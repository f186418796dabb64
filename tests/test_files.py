from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import WorldError
from newsletter.files import decode, read_text


def test_text_is_read_without_byte_order_mark_and_with_lf_line_ends(tmp_path):
    (tmp_path / "a.md").write_bytes(b"\xef\xbb\xbfone\r\ntwo\rthree\n\xc3\xa9")
    assert read_text(tmp_path / "a.md", "a.md") == ("one\ntwo\nthree\né", ())


@pytest.mark.parametrize(
    ("content", "line", "column", "start"),
    [(b"caf\xe9", 1, 4, 3), (b"\xef\xbb\xbfx\r\n\xc3\xa9\xff\xfe", 2, 2, 3), (b"a\r\rb\xc3", 3, 2, 4)],
)
def test_a_file_that_is_not_utf_8_is_a_finding_at_its_first_bad_byte(content, line, column, start):
    text, (found,) = decode(content, "issues/x.md", "HF")
    assert (found.code, found.path, found.span.line, found.span.column) == ("HF008", "issues/x.md", line, column)
    assert found.span.start == start
    assert text[found.span.start : found.span.end] == "\ufffd"


def test_utf_16_is_reported_as_the_only_problem_of_a_file():
    text, (found,) = decode("title: é\r\n".encode("utf-16"), "x.md")
    assert found.message == "the file is UTF-16, not UTF-8"
    assert (found.span.line, found.span.column) == (1, 1)
    assert text == "title: é\n"


@given(st.binary(max_size=40))
def test_any_bytes_become_text_with_a_position_in_it(content):
    text, found = decode(content, "x")
    assert "\r" not in text
    assert all("UTF-16" in one.message or text[one.span.start] == "\ufffd" for one in found)


def test_an_unreadable_file_is_an_error_with_its_name(tmp_path):
    with pytest.raises(WorldError, match=r"issues/x\.md cannot be read: no such file"):
        read_text(tmp_path / "x.md", "issues/x.md")
