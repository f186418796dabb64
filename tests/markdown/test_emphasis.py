from __future__ import annotations

import pytest

from tests.markdown.reading import said


@pytest.mark.parametrize(
    ("text", "read"),
    [
        # Chinese and Japanese: punctuation inside the marks, letters outside.
        ("**標題：**正文", "**標題：**正文"),
        ("これは**「重要」**です。", "これは**「重要」**です。"),
        ("**この文は重要です。**しかし", "**この文は重要です。**しかし"),
        ("**リンク[入り](u)**を", "**リンク[入り](u)**を"),
        ("太郎は*「こんにちは」*と言った", "太郎は*「こんにちは」*と言った"),
        ("价格**（不含税）**上涨", "价格**（不含税）**上涨"),
        ("Git**（ギット）**Hub", "Git**（ギット）**Hub"),
        ("この**`code`**を", "この**`code`**を"),
        ("~~削除（済）~~した", "~~削除（済）~~した"),
        ("𩸽~~(a)~~a", "𩸽~~(a)~~a"),
        # Korean: particles follow without a space.
        ("**스크립트(script)**라고", "**스크립트(script)**라고"),
        ("*‘제목’*을", "*‘제목’*을"),
        # Variation selectors belong to the character before them.
        ("禰\U000e0100**(ね)**豆子", "禰\U000e0100**(ね)**豆子"),
        ("**“\ufe01Git”\ufe01**Hub", "**“\ufe01Git”\ufe01**Hub"),
        ("〽\ufe0e**(庵点)**は", "〽\ufe0e**(庵点)**は"),
        # `_` opens only behind punctuation or a space, and closes only before one.
        ("これは_強調_です", "これは_強調_です"),
        ("これは、_強調_。", "これは、*強調*。"),
        ("“\ufe01Git”\ufe01__Hub__", "“\ufe01Git”\ufe01**Hub**"),
        # Emoji are wide, but no CJK.
        ("🎉**(a)**b", "🎉**(a)**b"),
    ],
)
def test_emphasis_works_beside_cjk_characters(text, read):
    assert said(text) == read


@pytest.mark.parametrize(
    "text", ["a**(b)**c", "**a.**b", "a *b", "a ** b ** c", "snake_case_name", 'a**"b"**c', "**a：b** c"]
)
def test_other_text_keeps_the_rules_of_commonmark(text):
    from markdown_it import MarkdownIt

    def plain(tokens):
        marks = {"strong_open": "**", "strong_close": "**", "em_open": "*", "em_close": "*"}
        return "".join(marks.get(token.type, token.content) for token in tokens)

    assert said(text) == plain(MarkdownIt().parseInline(text)[0].children)


def test_emphasis_that_is_nested_beyond_reason_keeps_its_words():
    text = "*a **b " * 100 + "c" + "** d*" * 100
    read = said(text).replace("*", "")
    assert read == text.replace("*", "")
