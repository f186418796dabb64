from __future__ import annotations

import pytest

from newsletter.model import Emphasis, Strikethrough, Strong, Text
from newsletter.walk import walk_inlines
from tests.markdown.reading import Read, inlines_of, short_text


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
        # `_` opens only after punctuation or a space, and closes only before one.
        ("これは_強調_です", "これは_強調_です"),
        ("これは、_強調_。", "これは、*強調*。"),
        ("“\ufe01Git”\ufe01__Hub__", "“\ufe01Git”\ufe01**Hub**"),
        # Emoji are wide, but not CJK.
        ("🎉**(a)**b", "🎉**(a)**b"),
    ],
)
def test_emphasis_works_beside_cjk_characters(text, read):
    assert inlines_of(text) == read


@pytest.mark.parametrize(
    "text", ["a**(b)**c", "**a.**b", "a *b", "a ** b ** c", "snake_case_name", 'a**"b"**c', "**a：b** c"]
)
def test_other_text_follows_commonmark(text):
    from markdown_it import MarkdownIt

    def plain(tokens):
        marks = {"strong_open": "**", "strong_close": "**", "em_open": "*", "em_close": "*"}
        return "".join(marks.get(token.type, token.content) for token in tokens)

    assert inlines_of(text) == plain(MarkdownIt().parseInline(text)[0].children)


def test_extremely_nested_emphasis_keeps_its_words():
    text = "*a **b " * 100 + "c" + "** d*" * 100
    read = inlines_of(text).replace("*", "")
    assert read == text.replace("*", "")


# ── Marks that CommonMark leaves visible ───────────────────────────────────────────────────────────────────────────────


def with_tags(inlines) -> str:
    """Inlines with emphasis as tags, to distinguish it from marks that are only text."""
    tags = {Strong: "b", Emphasis: "i", Strikethrough: "s"}
    return "".join(
        f"<{tag}>{with_tags(one.inlines)}</{tag}>" if (tag := tags.get(type(one))) else short_text([one])
        for one in inlines
    )


CHINESE = {
    "**<!-- note -->****标题：**": "<b>标题：</b>",
    "**<!-- note -->****标题：**正文": "<b>标题：</b>正文",
    "****<!-- note -->**标题：**正文": "<b>标题：</b>正文",
    "** 标题：**正文": "<b>标题：</b>正文",
    "**标题 **正文": "<b>标题</b> 正文",
    "** 标题 **": "<b>标题</b>",
    "文字** 标题：**正文": "文字 <b>标题：</b>正文",
    "**\u3000标题\u3000**正文": "<b>标题</b>\u3000正文",
    "**标题\n**正文": "<b>标题</b> / 正文",
    "**\n标题\n**正文": "<b>标题</b> / 正文",
    "**标题：****正文**": "<b>标题：正文</b>",
    "** 第一**：正文 ** 第二** ：正文": "<b>第一</b>：正文  <b>第二</b> ：正文",
    "**标题<!-- a --> **正文": "<b>标题</b> 正文",
    "正文**“标题.”**\u200b正文": "正文<b>“标题.”</b>\u200b正文",
    "**标题：&#8203;**a": "<b>标题：\u200b</b>a",
    "** OpenAI 发布**": "<b>OpenAI 发布</b>",
    "**[链接](u) **正文": "<b>[链接](u)</b> 正文",
    "** *斜* 体**文字": "<b><i>斜</i> 体</b>文字",
    "*** 标题***正文": "<i><b>标题</b></i>正文",
    "__文字：__文字": "<b>文字：</b>文字",
    "文字__强调__文字": "文字<b>强调</b>文字",
    "これは **重要** です。** 注意**": "これは <b>重要</b> です。 <b>注意</b>",
    "** 중요 **입니다": "<b>중요</b> 입니다",
}


@pytest.mark.parametrize(("text", "read"), CHINESE.items())
def test_clearly_intended_emphasis_in_cjk_is_recognized(text, read):
    assert with_tags(Read(text).block.inlines) == read


@pytest.mark.parametrize("text", CHINESE)
@pytest.mark.parametrize(
    "around", ["- {}", "> {}", "1. a\n\n   {}", "::: callout\n{}\n:::", "[^1]: {}\n\na[^1]", "## {}"]
)
def test_intended_emphasis_is_recognized_in_every_place(text, around):
    if "\n" in text:
        text = text.replace("\n", " ")
    whole = "".join(one.text for one in walk_inlines(Read(around.format(text)).issue) if isinstance(one, Text))
    assert not set("*_") & set(whole)


@pytest.mark.parametrize(
    "text",
    [
        "5 ** 3 和 4 ** 2 是",
        "密码是****，别说",
        "__init__方法和__call__方法",
        "**标题：** **正文",
        "价格** 不含税",
        "好的~~ 明天见~~",
        "** *标题** 斜*",
        r"\*\* 标题\*\*",
        "`** 标题**`",
        "** text**",
        "a ** b ** c",
        "**a****b",
        "x __ y __ z",
    ],
)
def test_ambiguous_marks_stay_text(text):
    from markdown_it import MarkdownIt

    def plain(tokens):
        tags = {"strong_open": "<b>", "strong_close": "</b>", "em_open": "<i>", "em_close": "</i>"}
        return "".join(tags.get(token.type, token.content) for token in tokens)

    assert with_tags(Read(text).block.inlines).replace("`", "") == plain(MarkdownIt().parseInline(text)[0].children)


def test_lines_in_other_scripts_of_a_chinese_issue_follow_the_same_rules():
    assert "**" in inlines_of("** OpenAI**")
    (block,) = Read("---\nlanguage: zh\n---\n\n** OpenAI**").blocks
    assert with_tags(block.inlines) == "<b>OpenAI</b>"


@pytest.mark.parametrize(
    "hidden", ["<!-- n -->", "\u200b", "\ufeff", "\u2060", "&#8203;", "&zwnj;", "<!-- n -->\u200b"]
)
@pytest.mark.parametrize(
    ("text", "read"),
    [("**a{}** b", "<b>a</b> b"), ("a**{}b{}**c", "a<b>b</b>c"), ("__{}a{}__ b", "<b>a</b> b")],
)
def test_invisible_content_beside_a_mark_is_ignored(text, read, hidden):
    found = with_tags(Read(text.replace("{}", hidden)).block.inlines)
    for char in "\u200b\ufeff\u2060\u200c":
        found = found.replace(char, "")
    assert found == read


def test_the_position_of_recognized_emphasis_includes_its_marks():
    read = Read("正文** 标题 **正文")
    (strong,) = [one for one in walk_inlines(read.issue) if isinstance(one, Strong)]
    assert read.cut(strong.span) == "** 标题 **"
    assert read.cut(strong.inlines[0].span) == "标题"
