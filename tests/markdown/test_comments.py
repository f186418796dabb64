from __future__ import annotations

import pytest

from newsletter.model import List, Table
from newsletter.walk import plain_text, walk_blocks, walk_inlines
from tests.markdown.reading import Read, inlines_of, short_text


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("a <!-- n --> b", "a b"),
        ("a<!-- n -->b", "ab"),
        ("a <!-- n -->, b", "a , b"),
        ("a <!-- n -->\nb", "a / b"),
        ("a  <!-- n -->\nb", "a / b"),
        ("a\n<!-- n --> b", "a / b"),
        ("a\n<!-- n -->\nb", "a / b"),
        ("a\n<!-- n -->", "a"),
        ("<!-- n --> a", "a"),
        ("<!-- n --> <!-- m --> a <!-- o --> <!-- p -->", "a"),
        ("<!-- n -->\na", "a"),
        ("a <!-- *b [c](d) `e --> f*", "a f*"),
        ("a <!-- b\nc --> d", "a d"),
        ("*a <!-- n -->* b", "*a * b"),
        ("[a <!-- ] --> b](c)", "[a b](c)"),
        ("a <!--> b <!---> c", "a b c"),
        ("a &lt;!-- b -->", "a <!-- b -->"),
        ("`<!-- a -->`", "`<!-- a -->`"),
    ],
)
def test_a_comment_leaves_no_words_or_spaces(text, read):
    assert inlines_of(text) == read


def test_comments_are_kept_in_order():
    read = Read("a <!-- one -->\n\n<!--\ntwo\n\nthree\n-->\n\n- b\n\n  <!-- four -->\n\n> c\n> <!-- five -->\n")
    assert [note.text for note in read.issue.notes] == ["one", "two\n\nthree", "four", "five"]
    assert [(note.span.line, note.span.column) for note in read.issue.notes] == [(1, 3), (3, 1), (11, 3), (14, 3)]
    assert read.cut(read.issue.notes[3].span) == "<!-- five -->"
    assert [type(block).__name__ for block in read.blocks] == ["Paragraph", "List", "Quotation"]


def test_a_comment_on_a_line_of_its_own_does_not_end_a_paragraph_or_a_list():
    assert len(Read("a\n<!-- n -->\nb").blocks) == 1
    entries = Read("- a\n<!-- n -->\n- b\n").block
    assert isinstance(entries, List)
    assert len(entries.items) == 2
    assert entries.tight


def test_a_comment_with_blank_lines_and_blocks_is_one_comment():
    read = Read("a\n<!-- todo:\n\n- b\n\n## c\n-->\n\nd")
    assert [short_text(block.inlines) for block in read.blocks] == ["a", "d"]
    assert not read.issue.sections
    assert read.issue.notes[0].text == "todo:\n\n- b\n\n## c"


def test_the_text_after_a_long_comment_is_read():
    read = Read("<!-- a\n\nb --> c [d](e)\nf")
    assert short_text(read.block.inlines) == "c [d](e) / f"
    (link,) = [inline for inline in walk_inlines(read.issue) if hasattr(inline, "href")]
    assert (link.span.line, link.span.column) == (3, 9)


def test_a_comment_between_table_rows_is_not_a_row():
    table = Read("| a |\n|---|\n| b |\n<!-- n -->\n| c |\n").block
    assert isinstance(table, Table)
    assert [plain_text(row[0].inlines) for row in table.rows] == ["b", "c"]


@pytest.mark.parametrize("text", ["a <!-- b", "<!-- b\n\nc", "- <!-- b\n\nc --", "> <!-- b\n\nc ->", "<!-- b -- >"])
def test_an_unclosed_comment_stays_text(text):
    read = Read(text)
    assert not read.issue.notes
    assert [found[0] for found in read.found()] == ["ST126"]
    shown = " ".join(plain_text(block.inlines) for block in walk_blocks(read.issue) if hasattr(block, "inlines"))
    assert "<!-- b" in shown


def test_a_comment_in_a_heading_is_not_in_its_title():
    read = Read("## News <!-- check: ignore ST105 --> today <!-- x -->\n")
    (section,) = read.issue.sections
    assert (plain_text(section.title), section.anchor) == ("News today", "news-today")
    assert read.issue.notes[0].text == "check: ignore ST105"
