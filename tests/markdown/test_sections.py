from __future__ import annotations

import pytest

from newsletter.markdown.sections import slug_of
from newsletter.model import Heading
from newsletter.walk import plain_text, walk_blocks
from tests.markdown.reading import Read, short_text

LETTER = """Opening.

## News – January

Before the items.

### 1. [A *title*](https://e.org/1) here

Text.

#### Deeper

More.

### 2) Second

## Book

End.
"""


def test_headings_open_sections_and_items():
    read = Read(LETTER)
    news, book = read.issue.sections
    assert [short_text(block.inlines) for block in read.issue.opening] == ["Opening."]
    assert (short_text(news.title), short_text(book.title)) == ("News – January", "Book")
    assert [short_text(block.inlines) for block in news.blocks] == ["Before the items."]
    first, second = news.items
    assert (first.number, short_text(first.title), first.link.href) == (
        1,
        "[A *title*](https://e.org/1) here",
        "https://e.org/1",
    )
    assert (second.number, short_text(second.title), second.link) == (2, "Second", None)
    assert [type(block).__name__ for block in first.blocks] == ["Paragraph", "Heading", "Paragraph"]


def test_sections_and_items_have_their_beginning_and_end():
    read = Read(LETTER)
    news, book = read.issue.sections
    assert read.cut(news.span).startswith("## News")
    assert read.cut(news.span).endswith("### 2) Second")
    assert read.cut(news.title_span) == "News – January"
    assert read.cut(news.items[0].span).endswith("More.")
    assert read.cut(news.items[0].title_span) == "1. [A *title*](https://e.org/1) here"
    assert read.cut(book.span) == "## Book\n\nEnd."


@pytest.mark.parametrize(
    ("heading", "number", "title"),
    [
        ("1. Title", 1, "Title"),
        ("12) Title", 12, "Title"),
        ("1、标题", 1, "标题"),
        ("1.标题", 1, "标题"),
        ("１．標題", 1, "標題"),
        ("3）标题", 3, "标题"),
        ("1. [a](b)", 1, "[a](b)"),
        ("[1. a](b)", 1, "[a](b)"),
        ("**1. a** b", 1, "**a** b"),
        ("1.[a](b)", 1, "[a](b)"),
        ("1.5 million", None, "1.5 million"),
        ("3.0 is out", None, "3.0 is out"),
        ("2024: a year", None, "2024: a year"),
        ("1984. A novel", None, "1984. A novel"),
        ("1.", None, "1."),
        ("3 reasons", None, "3 reasons"),
        ("1.5、标题", None, "1.5、标题"),
    ],
)
def test_the_number_of_an_item_is_distinguished_from_numbers_in_its_title(heading, number, title):
    (item,) = Read(f"## S\n\n### {heading}\n").issue.sections[0].items
    assert (item.number, short_text(item.title)) == (number, title)


def test_misplaced_headings_stay_blocks_and_nothing_is_lost():
    read = Read("### Early\n\n# Top\n\n## S\n\n# Again\n\n### I\n\n> ## Quoted\n")
    headings = [
        (block.level, short_text(block.inlines)) for block in walk_blocks(read.issue) if isinstance(block, Heading)
    ]
    assert headings == [(3, "Early"), (1, "Top"), (1, "Again"), (2, "Quoted")]
    assert [short_text(item.title) for item in read.issue.sections[0].items] == ["I"]


def test_a_house_format_may_open_sections_at_another_level():
    read = Read("## Top\n\n### S\n\n#### I\n\n##### deeper\n", section_level=3)
    assert isinstance(read.issue.opening[0], Heading)
    (section,) = read.issue.sections
    assert (short_text(section.title), short_text(section.items[0].title)) == ("S", "I")


def test_underlined_headings_are_headings_too():
    read = Read("Two\nlines *here*\n---\n\nText\n\n[Item](x) ##\n===\n")
    (section,) = read.issue.sections
    assert short_text(section.title) == "Two / lines *here*"
    assert read.cut(section.title_span) == "Two\nlines *here*"
    assert read.cut(section.span).startswith("Two\n")


def test_anchors_are_words_in_any_script_and_unique():
    read = Read(
        "## News & views\n\n## News, views!\n\n## 中国 创新—新闻\n\n## Ünïcode_x\n\n## !!!\n\n## 1. News views\n\n"
        "## News views 2\n\n## " + "long " * 40 + "\n"
    )
    anchors = [section.anchor for section in read.issue.sections]
    assert anchors[:7] == [
        "news-views",
        "news-views-2",
        "中国-创新-新闻",
        "ünïcode-x",
        "section",
        "news-views-3",
        "news-views-2-2",
    ]
    assert len(anchors[7]) <= 80
    assert len(set(anchors)) == 8


def test_an_anchor_does_not_depend_on_the_number():
    first = Read("## S\n\n### 1. The port\n").issue.sections[0].items[0]
    later = Read("## S\n\n### 7. The port\n").issue.sections[0].items[0]
    assert first.anchor == later.anchor == "the-port"


def test_an_empty_heading_is_a_section_without_title():
    read = Read("##\n\nText\n\n## ##\n")
    assert [plain_text(section.title) for section in read.issue.sections] == ["", ""]
    assert read.cut(read.issue.sections[0].span) == "##\n\nText"


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("Über uns", "über-uns"),
        ("東京", "東京"),
        ("हिन्दी समाचार", "हिन्दी-समाचार"),
        ("ภาษาไทยวันนี้", "ภาษาไทยวันนี้"),
        ("தமிழ் செய்திகள்", "தமிழ்-செய்திகள்"),
        ("বাংলা খবর", "বাংলা-খবর"),
        ("ខ្មែរ", "ខ្មែរ"),
        ("שָׁלוֹם", "שָׁלוֹם"),
        ("U\u0308ber uns", "über-uns"),  # decomposed, as on some systems
        ("⚙️ Tools", "tools"),
        ("1️⃣ First", "1-first"),
    ],
)
def test_an_anchor_keeps_the_marks_of_its_script(heading, anchor):
    assert slug_of(heading) == anchor
