from __future__ import annotations

import pytest

from newsletter.diagnostics import Severity
from newsletter.model import HtmlBlock
from tests.markdown.reading import Read, inlines_of, short_text


def test_raw_html_is_refused_and_stays_as_text():
    read = Read('A <b class="x">bold</b> word<br/>and <i\nid=y>more</i>.')
    assert short_text(read.block.inlines) == 'A <b class="x">bold</b> word<br/>and <i / id=y>more</i>.'
    assert read.found() == [
        ("ST116", 1, 3, '<b class="x">'),
        ("ST116", 1, 29, "<br/>"),
        ("ST116", 1, 38, "<i\nid=y>"),
    ]


@pytest.mark.parametrize(
    "text", ["<!DOCTYPE html>", "<?php echo 1 ?>", "<![CDATA[x]]>", "<script>x</script>", "</div>"]
)
def test_every_kind_of_raw_html_is_refused(text):
    assert inlines_of(text) == text
    assert [found[0] for found in Read(text).found()] == ["ST116"]


@pytest.mark.parametrize(
    ("text", "cuts"),
    [
        ("Use Vec<T> here", ["<T>"]),
        ("Map<String, Vec<u8>> is", ["<u8>"]),
        ("Option<Result> and `Vec<T>`", ["<Result>"]),
        ("    Vec<T>", []),
        ("a < b > c, 1<2>3, <3", []),
        (r"Vec\<T>", []),
    ],
)
def test_type_parameters_stay_text_with_a_warning(text, cuts):
    read = Read(text)
    assert [(code, cut) for code, _, _, cut in read.found()] == [("ST117", cut) for cut in cuts]
    assert all(found.severity is Severity.WARNING for found in read.findings)


def test_a_refused_block_loses_no_word():
    read = Read('<div align="center">\n\n## Title\n\n<p>text *it*</p>\n</div>\n')
    assert short_text(read.blocks[0].inlines) == '<div align="center">'
    assert short_text(read.issue.sections[0].blocks[0].inlines) == "<p>text *it*</p> / </div>"


def test_allowed_html_is_sanitized():
    read = Read('<b onclick="x()">a *b*</b> <u>never closed', allow_html=True)
    assert short_text(read.block.inlines) == "<b>a *b*</b> <u>never closed</u>"
    assert read.findings == ()


def test_markdown_between_tags_stays_between_them():
    read = Read('<div style="x">\n\n*a*\n\n</div>\n\nafter', allow_html=True)
    kinds = [type(block).__name__ for block in read.blocks]
    assert kinds == ["HtmlBlock", "Paragraph", "HtmlBlock", "Paragraph"]
    assert [block.html.strip() for block in read.blocks if isinstance(block, HtmlBlock)] == ["<div>", "</div>"]


def test_a_paragraph_that_is_never_closed_ends_where_the_next_block_begins():
    read = Read("<div><p>a <b>b\n\nc\n\n</div>\n", allow_html=True)
    html = [block.html.strip() for block in read.blocks if isinstance(block, HtmlBlock)]
    assert html == ["<div><p>a <b>b\n</b></p>", "</div><b>", "</b>"]


def test_an_element_open_at_a_heading_is_closed_there():
    read = Read("<div>\n\na\n\n## B\n\n</div>\n", allow_html=True)
    assert [block.html.strip() for block in read.blocks if isinstance(block, HtmlBlock)] == ["<div>", "</div>"]
    assert read.issue.sections[0].blocks == ()


def test_block_elements_are_not_allowed_inline():
    read = Read("a <div>b</div> </p> c", allow_html=True)
    assert short_text(read.block.inlines) == "a b  c"
    assert read.found() == [("ST116", 1, 3, "<div>")]


def test_unsafe_html_is_removed_and_reported():
    read = Read("a <script>alert(1)</script> <b>c</b>", allow_html=True)
    assert short_text(read.block.inlines) == "a alert(1) <b>c</b>"
    assert read.found() == [("ST116", 1, 3, "<script>")]


def test_comments_are_kept_also_if_html_is_allowed():
    read = Read("<!-- a --> text\n\n<div><!-- b --> c</div>\n", allow_html=True)
    assert [note.text for note in read.issue.notes] == ["a", "b"]
    assert short_text(read.blocks[0].inlines) == "text"
    assert read.blocks[1].html == "<div> c</div>\n"


@pytest.mark.parametrize(
    ("text", "allowed", "message", "advice"),
    [
        ("## <h2>News</h2>", False, "", "Remove the tags: this is a heading already."),
        ("## <b>News</b>", False, "", "Remove the tags: this is bold already."),
        ("**<b>News</b>**", False, "", "Remove the tags: this is bold already."),
        ("> ### [<strong>News</strong>](https://a.example)", False, "", "Remove the tags: this is bold already."),
        ("*<i>News</i>*", False, "", "Remove the tags: this is emphasised already."),
        ("**<i>News</i>**", False, "", "Write `*emphasis*`."),
        ("## <i>News</i>", False, "", "Write `*emphasis*`."),
        ("## News<br>", False, "", "Remove it: a heading breaks where its line is full."),
        ("News<br>today", False, "", "End the line with a backslash, or begin a new paragraph."),
        ("[<a name='x'>News</a>](https://a.example)", False, "", "Remove the tags: this is the text of a link already."),
        ("**<h3>News</h3>**", False, "", "Write a heading on a line of its own: `## Heading`, or `## [Heading](address)`."),
        ("<h3>News</h3>", False, "", "Write a heading: `## Heading`."),
        ("## <center>News</center>", False, "", "Remove the tags and keep what they enclose: the theme decides how it looks."),
        ("## <h2>News</h2>", True, "`<h2>` cannot be part of a line of text: its tags are removed, and their content is shown", "Remove the tags: this is a heading already."),
        ("*<font color=red>News</font>*", True, "`<font>` has no effect in a letter: its tags are removed, and their content is shown", "Remove the tags and keep what they enclose: the theme decides how it looks."),
    ],
)  # fmt: skip
def test_html_around_a_title_is_reported_with_advice(text, allowed, message, advice):
    (found,) = Read(text, allow_html=allowed).findings
    assert (found.code, found.message) == ("ST116", message or found.message)
    assert found.advice.removeprefix("It stays as text. ") == advice
