from __future__ import annotations

import pytest

from newsletter.markdown.items import items_of
from newsletter.model import ItemShape
from tests.markdown.reading import Read, short_text


def items(text, shape):
    read = Read("## S\n\n" + text)
    return read, items_of(read.issue.sections[0], shape)


def test_items_under_headings_are_those_of_the_section():
    read, found = items("### 1. A\n\n### 2. B\n", ItemShape.HEADING)
    assert found == read.issue.sections[0].items


def test_bullets_have_a_linked_title_an_author_and_text():
    read, found = items(
        "Intro.\n\n- [A title](https://e.org/a) by Jane *Roe*\n\n  > Quoted.\n- [B](https://e.org/b): why it matters\n  on\n"
        "- No link at all\n  but text\n",
        ItemShape.BULLET,
    )
    first, second, third = found
    assert (short_text(first.title), first.link.href, first.author) == (
        "[A title](https://e.org/a)",
        "https://e.org/a",
        "Jane Roe",
    )
    assert [type(block).__name__ for block in first.blocks] == ["Quotation"]
    assert (short_text(second.title), second.author) == ("[B](https://e.org/b)", "")
    assert short_text(second.blocks[0].inlines) == "why it matters / on"
    assert (short_text(third.title), third.link) == ("No link at all", None)
    assert short_text(third.blocks[0].inlines) == "but text"
    assert read.cut(first.span) == "- [A title](https://e.org/a) by Jane *Roe*\n\n  > Quoted."
    assert read.cut(first.title_span) == "[A title](https://e.org/a)"


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("[a](b) by Jane Roe", "Jane Roe"),
        ("[a](b) By J. K. Roe.", "J. K. Roe"),
        ("[a](b), by Jane: a story", "Jane"),
        ("[a](b) by [Jane](c) (video)", "Jane"),
        ("[a](b) (video) by Jane", "Jane"),
        ("[a](b) door Jan de Vries", "Jan de Vries"),
        ("[a](b) bypassing", ""),
        ("**[a](b)** by Jane", "Jane"),
    ],
)
def test_the_author_follows_by(line, author):
    _, (item,) = items(f"- {line}\n", ItemShape.BULLET)
    assert item.author == author


def test_bold_leads_begin_items_that_go_on_to_the_next():
    read, found = items(
        "Intro.\n\n**One.** Text [a](b).\n\nMore.\n\n- x\n\n**[Two](c)**: text\n\n**Three**\n", ItemShape.LEAD
    )
    one, two, three = found
    assert [short_text(item.title) for item in found] == ["One.", "[Two](c)", "Three"]
    assert short_text(one.blocks[0].inlines) == "Text [a](b)."
    assert [type(block).__name__ for block in one.blocks] == ["Paragraph", "Paragraph", "List"]
    assert (one.link, two.link.href) == (None, "c")
    assert short_text(two.blocks[0].inlines) == "text"
    assert three.blocks == ()
    assert read.cut(one.span).startswith("**One.**")
    assert read.cut(one.span).endswith("- x")


def test_numbered_paragraphs_begin_items():
    text = "1、[标题](u)\n\n正文。\n\n2、**标题二** 说明\n3、[标题三](v)：短\n\n4. [Four](w)\n5. Five\n"
    read, found = items(text, ItemShape.NUMBERED)
    assert [(item.number, short_text(item.title)) for item in found] == [
        (1, "[标题](u)"),
        (2, "标题二"),
        (3, "[标题三](v)"),
        (4, "[Four](w)"),
        (5, "Five"),
    ]
    assert [short_text(block.inlines) for block in found[0].blocks] == ["正文。"]
    assert short_text(found[1].blocks[0].inlines) == "说明"
    assert short_text(found[2].blocks[0].inlines) == "短"
    assert [read.cut(item.title_span) for item in found[:2]] == ["[标题](u)", "标题二"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1、\n\n[一](u)\n\n正文。\n\n2、[二](v)", [(1, "[一](u)", 1), (2, "[二](v)", 0)]),
        ("1、\n[一](u)\n\n2、\n[二](v)", [(1, "[一](u)", 0), (2, "[二](v)", 0)]),
        ("1、\n\n![一](a.png)\n\n正文。\n\n2、[二](v)", [(1, "", 2), (2, "[二](v)", 0)]),
        ("**1、** [一](u)\n\n**2、** [二](v)", [(1, "[一](u)", 0), (2, "[二](v)", 0)]),
        ("1、一\n\n1. a\n2. b\n\n2、二", [(1, "一", 1), (2, "二", 0)]),
        ("1、一\n\n1）a\n\n2）b\n\n2、二", [(1, "一", 2), (2, "二", 0)]),
        ("1、一\n\n1）a\n2）b\n\n2、二", [(1, "一", 1), (2, "二", 0)]),
        ("1、一：\n1）a\n2）b\n2、二", [(1, "一：", 1), (2, "二", 0)]),
        ("1. one\n\n   1) a\n   2) b\n\n2. two", [(1, "one", 1), (2, "two", 0)]),
        ("1) one\n\n1、一\n\n2、二\n\n2) two", [(1, "one", 0), (2, "two", 0)]),
        ("（说明）\n\n1）一\n\n2）二", [(1, "一", 0), (2, "二", 0)]),
        ("1、一\n\n2. two\n3. three\n\n4、四", [(1, "一", 0), (2, "two", 0), (3, "three", 0), (4, "四", 0)]),
        ("１、一\n\n２、二", [(1, "一", 0), (2, "二", 0)]),
        ("1．一\n\n2.二", [(1, "一", 0), (2, "二", 0)]),
    ],
)
def test_numbers_within_an_item_begin_no_item(text, found):
    _, items_found = items(text, ItemShape.NUMBERED)
    assert [(item.number, short_text(item.title), len(item.blocks)) for item in items_found] == found


def test_items_are_found_below_sub_headings():
    _, found = items("### More\n\n- [a](b)\n\n### Yet more\n\n- [c](d)\n", ItemShape.BULLET)
    assert [short_text(item.title) for item in found] == ["[a](b)", "[c](d)"]


@pytest.mark.parametrize("shape", list(ItemShape))
@pytest.mark.parametrize(
    "text", ["", "-\n", "- ```\n  x\n  ```\n", "****\n", "1、\n", "- ![a](b)\n", "1. \n", "**a**\n"]
)
def test_unusual_sections_are_parsed_without_errors(shape, text):
    items(text, shape)
