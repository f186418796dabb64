"""Syntax of other Markdown tools that readers would see as it is written."""

from __future__ import annotations

import pytest

HEAD = "---\ntitle: Ports\ndate: 2024-01-31\n---\n\n"
TWENTY = """
**<!-- 编者按 -->****导语：**港口今天重新开放。
** 要闻：**码头工人回到岗位。
**要闻 **：起重机全部更换。
** 数据 **：上月有 1,240 艘船入港。
**观点：**<!-- 来源待核 -->港口还需要十年。
**\u200b背景：**\u200b这里曾是渔村。
**背景\u200b **：渔船越来越少。
正文** 重点：**正文继续。
**第一：****第二：**两条并列。
** 第一**：正文，** 第二** ：正文。
**<!-- a -->**<!-- b -->**结论：**未来可期。
__小结：__一切如常。
**《港口》 **是一本新书。
** [链接](https://a.example/) **值得一读。
**2024 年 **的计划已经公布。
** OpenAI 发布 **新的模型。
**“引文。”**他说。
**价格（不含税） **上涨。
**\u3000附注\u3000**见下文。
**明天\n**再见。
"""


def found(checker, text: str, *, only: str = "") -> list[tuple[str, str]]:
    whole = text if text.startswith("---") else HEAD + text + "\n"
    return [
        (one.code, whole[one.span.start : one.span.end]) for one in checker.check(whole) if one.code.startswith(only)
    ]


def test_emphasis_in_twenty_lines_of_chinese_leaves_no_asterisks(checker):
    checker.configure("language: zh\n")
    lines = TWENTY.strip().replace("明天\n", "明天\\n").split("\n")
    assert len(lines) == 20
    text = HEAD + "\n\n".join(lines).replace("\\n", "\n") + "\n\n- " + "\n- ".join(lines[:9]) + "\n"
    assert found(checker, text, only="TX130") == []
    mail = checker.mail("issues/letter/index.md")
    assert "**" not in mail.html
    assert "**" not in mail.text
    assert "__" not in mail.text


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("Ships **wait for days.", "**"),
        ("** Ships** wait.", "**"),
        ("Ships wait.&nbsp;**[The port](https://a.example/)**x", "**"),
        ("[**R**** eading** on](https://a.example/)", "**"),
        ("- a\n- __ b__", "__"),
        ("**Ships****wait**", "****"),
        ("| a |\n|--|\n| **b |", "**"),
        ("Call __init in front.", "__"),
        ("~~ a ~~ b", "~~"),
        ("**标题：** **正文", "**"),
        ("---\ntitle: '**Ports'\ndate: 2024-01-31\n---\n\nShips.", "**"),
    ],
)
def test_a_visible_markdown_mark_is_reported_once(checker, text, mark):
    assert found(checker, text) == [("TX130", mark)]


@pytest.mark.parametrize(
    "text",
    [
        r"\*\*Ships",
        "`**Ships`",
        "2 ** 3 and 2**3, 10 ** -2",
        "Oh d****, no",
        "Fill in ___ here",
        "@Chris__Bailey and snake__case",
        "*****",
        "Well~~ then",
        "<!-- **Ships -->Ships",
        "```\n**a\n```",
    ],
)
def test_ordinary_asterisks_have_no_finding(checker, text):
    assert found(checker, text, only="TX130") == []


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("{{< youtube abc >}}", "{{< youtube abc >}}"),
        ('Ships {{<ref "a.md">}} wait', '{{<ref "a.md">}}'),
        ("{{% note %}}\nShips\n{{% /note %}}", "{{% note %}}"),
        ('{% include a.html\n  b="c" %}', '{% include a.html\n  b="c" %}'),
        ("{%- include_relative a.md -%}", "{%- include_relative a.md -%}"),
        ("Read [the last]({% post_url 2024-01-01-a %}) one", "{% post_url 2024-01-01-a %}"),
        ("- {% raw %}a{% endraw %}", "{% raw %}"),
        ("{% highlight swift %}\nlet ports = 3\n{% endhighlight %}", "{% highlight swift %}"),
        ("> {% for a in b %}Ships{% endfor %}", "{% for a in b %}"),
    ],
)
def test_a_template_tag_is_reported(checker, text, tag):
    assert found(checker, text) == [("ST166", tag)]


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("Ships.\n{:.center}", "{:.center}"),
        ("Ships.\n{: .x #y}", "{: .x #y}"),
        ("- Ships{: .x}\n- Cranes", "{: .x}"),
        ("- a\n{:toc}", "{:toc}"),
        ('[a port](https://a.example/){:target="_blank"}', '{:target="_blank"}'),
        ("### Ships wait {#ships .x}\n\nFor days.", "{#ships .x}"),
        ("[[_TOC_]]", "[[_TOC_]]"),
        ("[[TOC]]", "[[TOC]]"),
        ("[TOC]", "[TOC]"),
        ("> [!NOTE]\n> Ships wait.", "[!NOTE]"),
        ("> [!tip]- Ships wait.", "[!tip]-"),
        ("!!! warning\n\n    Ships wait.", "!!! warning"),
        ("Look: ![[ship.png]]", "![[ship.png]]"),
        ("\\newpage", "\\newpage"),
    ],
)
def test_syntax_of_another_markdown_is_reported(checker, text, mark):
    assert found(checker, text, only="ST167") == [("ST167", mark)]


@pytest.mark.parametrize(
    "text",
    [
        "`{% include a %}`",
        "```\n{{< figure >}}\n{: .x}\n[TOC]\n```",
        "    {% raw %}",
        "<!-- {{< note >}} {: .x} -->Ships",
        "It gives {:ok, value} or {:error, why}.",
        "A set {a, b} and {.5}",
        "See [TOC] on page 3",
    ],
)
def test_code_comments_and_other_braces_have_no_finding(checker, text):
    assert found(checker, text, only="ST16") == []


def test_a_note_of_another_markdown_is_advised_to_be_a_callout(checker):
    (finding,) = checker.check(f"{HEAD}:::note\nShips wait.\n:::\n")
    assert (finding.code, "`callout`" in finding.advice) == ("ST118", True)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("<!-- a <!-- b --> Ships", 1),
        ("<!-- a\n\nShips\n\n<!-- b -->", 1),
        ("<!-- a --> <!-- b -->", 0),
        ("- <!-- a\n\nShips <!-- b -->", 1),
    ],
)
def test_a_nested_comment_is_reported(checker, text, count):
    assert found(checker, text, only="ST165") == [("ST165", "<!--")] * count


@pytest.mark.parametrize(
    ("text", "expected", "stays"),
    [
        ("<div>a <script>x()</script> b</div>", "<script", "b"),
        ("<p>a</p>\n<iframe src='https://a.example/'></iframe>", "<iframe", "<p>a</p>"),
        ("<p>a</p><style>p{color:red}</style>", "<style", "<p>a</p>"),
        ("<div><object data='x'>Ships</object></div>", "<object", "Ships"),
        ("<div>a<FORM><input>b</FORM></div>", "<FORM", "b"),
        ("<div>a<svg><title>b</title></svg></div>", "<svg", "a"),
        ("<p>a</p><noscript><img src='https://a.example/a.png' alt='Ships'></noscript>", "<noscript", "<img"),
        ("- <div>a<embed src='x'></div>", "<embed", "a"),
        ("> <p>a</p><video src='x'></video>", "<video", "a"),
    ],
)
def test_removed_html_is_reported(checker, text, expected, stays):
    checker.house("allow_html: true")
    assert ("ST116", expected) in found(checker, text, only="ST116")
    checker.configure()
    assert stays in checker.mail("issues/letter/index.md").html.replace("&lt;", "")


def test_html_that_is_kept_has_no_finding(checker):
    checker.house("allow_html: true")
    assert found(checker, "<div><p>a <b>b</b></p><!-- <script> --><section>c</section></div>", only="ST116") == []


@pytest.mark.parametrize(
    "text", ["[Ships wait](see there)", "[Ships wait](see\nthere)", "[Ships wait](a b", "![Ships](a b)"]
)
def test_a_link_that_stays_text_is_reported(checker, text):
    assert [code for code, _ in found(checker, text, only="LK102")] == ["LK102"]


@pytest.mark.parametrize("text", ["`a`[0](x y)", "list[i](x y)", "[1](see there)", "[x](a b)"])
def test_text_that_is_not_a_link_has_no_finding(checker, text):
    assert found(checker, text, only="LK102") == []
