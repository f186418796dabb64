from __future__ import annotations

import pytest

from newsletter.markdown.parse import parse
from newsletter.markdown.source import Source
from newsletter.model import Paragraph, ReadingOptions
from newsletter.walk import (
    blocks_text,
    count_words,
    figures_in,
    images_in,
    links_in,
    plain_text,
    walk_blocks,
    walk_inlines,
    words_in,
    words_in_issue,
)

LETTER = """Opening [o](1) ![i](i.png).

> Quoted [q](2)
> — Said [s](3)

## Section [t](4)

| [h](5) |
|---|
| [c](6) |

### Item [it](7)

[![f](f.png "Caption. Photo: x")](8)

::: callout [a](9)
- [l](10)
:::

Note[^1] and `code` of {{ name | friend }}.

[^1]: Footnote [n](11)
"""


@pytest.fixture
def issue():
    found, _ = parse(Source(LETTER, "x.md"), name="x", options=ReadingOptions())
    return found


def test_links_of_every_place_are_in_the_order_of_the_source(issue):
    assert [link.href for link in links_in(issue)] == [str(number) for number in range(1, 12)]


def test_pictures_in_figures_and_lines_are_found_once(issue):
    assert [image.src for image in images_in(issue)] == ["i.png", "f.png"]
    assert [figure.image.src for figure in figures_in(issue)] == ["f.png"]


def test_a_part_of_an_issue_can_be_walked(issue):
    (section,) = issue.sections
    assert [link.href for link in links_in(section)] == ["4", "5", "6", "7", "8", "9", "10"]
    assert [link.href for link in links_in(section.items[0])] == ["7", "8", "9", "10"]
    assert [link.href for link in links_in(issue.opening)] == ["1", "2", "3"]


def test_blocks_come_before_those_inside_them(issue):
    names = [type(block).__name__ for block in walk_blocks(issue)]
    assert names == [
        *("Paragraph", "Quotation", "Paragraph", "Table", "Figure", "Directive", "List", "Paragraph"),
        *("Paragraph", "Paragraph"),
    ]


def test_plain_text_is_the_visible_text(issue):
    paragraph = next(block for block in issue.sections[0].items[0].blocks if isinstance(block, Paragraph))
    assert plain_text(paragraph.inlines) == "Note and code of friend."
    assert plain_text(issue.opening[0].inlines) == "Opening o i."


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("one\ntwo", "one two"),
        ("一行\n二行", "一行二行"),
        ("一。\nb", "一。b"),
        ("한국어\n단어", "한국어 단어"),
        ("a  \nb", "a b"),
    ],
)
def test_lines_are_joined_by_the_rules_of_their_script(text, read):
    found, _ = parse(Source(text, "x.md"), name="x", options=ReadingOptions())
    assert plain_text(found.opening[0].inlines) == read


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("one two  three\nfour", 4),
        ("state-of-the-art, don't – and 1,000.50 €", 4),
        ("end—of", 2),
        ("— * …", 0),
        ("Füße naïve Ωμέγα мир", 4),
        ("https://example.org/a/b", 1),
        ("这是一个测试。", 6),
        ("GoでWebアプリ", 6),
        ("東京タワー", 5),
        ("한국어 단어를 센다", 3),
        ("สวัสดีครับ", 2),
        ("中文 and English", 4),
        ("𠮷野家", 3),
        ("我在用GitHub写代码，很好。", 9),
        ("Hello，world　ＡＢＣ", 3),
        ("カタカナ・テスト ｶﾅ", 9),
        ("人々の2024年", 5),
        ("한글과漢字를 쓴다", 5),
        ("มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ", 14),
        ("ມະນຸດທຸກຄົນ", 3),
        ("မြန်မာဘာသာ", 3),
        ("ភាសាខ្មែរ", 2),
        ("བཀྲ་ཤིས་བདེ་ལེགས།", 4),
    ],
)
def test_words_are_counted_by_the_convention_of_their_script(text, count):
    assert count_words(text) == count


def test_code_blocks_and_alt_texts_are_not_counted_as_words():
    found, _ = parse(
        Source('one\n\n```\ntwo\n```\n\n![three](x.png "four")\n\nfive ![six](y)', "x.md"),
        name="x",
        options=ReadingOptions(),
    )
    assert blocks_text(found.opening).split() == ["one", "four", "five"]
    assert words_in(found.opening) == 3


def test_the_text_of_an_issue_has_all_titles_and_texts(issue):
    counted = count_words(
        " ".join(plain_text((inline,)) for inline in walk_inlines(issue) if not hasattr(inline, "inlines"))
    )
    assert words_in_issue(issue) > 20
    assert words_in_issue(issue) <= counted
