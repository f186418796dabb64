"""Findings in other publications' issues that were misleading or wrong."""

from __future__ import annotations

import pytest

HEAD = "---\ntitle: Ports\ndate: 2024-01-31\n---\n\n"


def messages(checker, text: str, code: str) -> list[str]:
    whole = text if text.startswith("---") else HEAD + text + "\n"
    return [f"{one.message} | {one.label or one.advice}" for one in checker.check(whole) if one.code == code]


@pytest.mark.parametrize(
    "text",
    [
        "a) ships, b) cranes, c) luck",
        "1）一船，2）二船。",
        "一）船。",
        "الف) سفن",
        "١) سفن",
        "ب) سفن",
        "а) корабли",
        "α) πλοία",
        "א) ספינות",
        "iv) ships",
        "1.2) ships",
        "> a) ships",
        "| a) | b) |\n|--|--|\n| 1) | x |",
        "**1)** ships",
    ],
)
def test_list_labels_with_one_bracket_have_no_finding(checker, text):
    assert messages(checker, text, "TX103") == []


@pytest.mark.parametrize("text", ["Ships) wait.", "سفن) في", "αβγ) x", "Ships wait 12345)"])
def test_any_other_closing_bracket_alone_is_reported(checker, text):
    assert len(messages(checker, text, "TX103")) == 1


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Bar bar plots show it.", 0),
        ("Log log plots.", 0),
        ("The the ships.", 1),
        ("bar bar plots", 1),
        ("Of of it", 1),
    ],
)
def test_a_word_followed_by_an_equal_name_is_not_doubled(checker, text, count):
    assert len(messages(checker, text, "TX101")) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ('"See https://a.example/a"-he said.', 0),
        ('See "https://a.example/a".Then.', 0),
        ('"See https://a.example/a and.', 1),
        ('See https://a.example/a" and.', 1),
    ],
)
def test_a_quotation_mark_directly_after_an_address_is_recognized(checker, text, count):
    assert len(messages(checker, text, "TX102")) == count


@pytest.mark.parametrize(
    ("host", "count"),
    [("x-.github.io", 0), ("a_b.example", 0), ("-x.example", 1), ("x.example-", 1), ("a..example", 1), ("x-", 1)],
)
def test_host_names_that_browsers_accept_have_no_finding(checker, host, count):
    assert len(messages(checker, f"[a port](https://{host}/)", "LK101")) == count


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("[a [port](https://b.example/) x](https://a.example/)", "has a link in its text"),
        ("[a port](<https://a.example/a b)", "`>` is missing"),
        ('[a port](https://a.example/ "Ti"tle")', "is not a title"),
        ("[a port](https://a.example/ “Title”)", "is not a title"),
        ("[a port](https://a.example/a b)", "has a blank in it"),
        ("[a port](https://a.example/\na)", "has a line end in it"),
        ("![a ship](a ship.png)", "address of this picture has a blank"),
    ],
)
def test_a_finding_explains_why_a_link_stays_text(checker, text, word):
    (found,) = messages(checker, text, "LK102")
    assert word in found


def test_a_host_without_a_top_level_domain_is_not_called_private(checker):
    assert messages(checker, "[a port](https://github/)", "LK105") == [
        "`github` has no ending such as `.com`: only a private network could know it | readers cannot reach it"
    ]
    assert "readers cannot see it" in messages(checker, "![ships](https://github/a.png)", "LK105")[0]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("See <https://a.example/Foo_(bar>", 1),
        ("See <https://a.example/Foo_(bar%29>", 0),
        ("[a port](<https://a.example/#:~:text=a)>)", 0),
    ],
)
def test_parentheses_of_an_address_may_be_encoded(checker, text, count):
    assert len(messages(checker, text, "LK119")) == count


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# Ships", "a heading of level 1 (`#`) is above the level of sections | the issue's title belongs in the front matter"),
        ("Ships\n=====", "a heading of level 1 (`#`) is above the level of sections | the issue's title belongs in the front matter"),
        ("---\ndate: 2024-01-31\n---\n\n# Ships\n", "a heading of level 1 (`#`) is above the level of sections | if it is the issue's title, write it in the front matter: `title: …`"),
    ],
)  # fmt: skip
def test_a_heading_above_sections_is_described_by_its_level(checker, text, words):
    assert messages(checker, text, "ST110") == [words]


def test_a_level_2_heading_above_sections_is_not_called_a_title(checker):
    checker.house("section_level: 3")
    assert messages(checker, "## Ships", "ST110") == [
        "a heading of level 2 (`##`) is above the level of sections | Start sections with `###`."
    ]


@pytest.mark.parametrize(
    ("text", "code", "word"),
    [
        ("Ships<br>wait", "ST116", "backslash"),
        ("<img src=a.png>", "ST116", "`![What it shows](file.png)`"),
        ("<a href='x'>a</a>", "ST116", "`[text](address)`"),
        ("<iframe src=x></iframe>", "ST116", "`::: video`"),
        ("<!DOCTYPE html>", "ST116", "a declaration is not supported"),
        ("<?php x ?>", "ST116", "an instruction to a program is not supported"),
        ("reduce<A>(x)", "ST117", "looks like an HTML tag"),
    ],
)
def test_advice_names_the_markdown_for_an_html_tag(checker, text, code, word):
    found = [f"{one.message} | {one.advice}" for one in checker.check(f"{HEAD}{text}\n") if one.code == code]
    assert word in found[0]


@pytest.mark.parametrize(
    ("field", "message", "advice"),
    [
        ('number: "3"', "the text `3`", "`number: 3`"),
        ("season: 1,000", "the text `1,000`", "`season: 1000`"),
        ("tags: 3.10", "the number 3.10", "`tags: [3.10]`"),
        ('seen: "2024-01-31"', "the text `2024-01-31`", "`seen: 2024-01-31`"),
        ("seen: 31.01.2024", "the text `31.01.2024`", "year-month-day"),
        ('hot: "yes"', "the text `yes`", "`hot: true` or `hot: false`"),
        ("cover: {src: a.jpg}", "a group of fields without `image`", "`cover: {image: cover.jpg"),
        ("mood: [a]", "a list", '`mood: "[a]"`'),
    ],
)
def test_a_value_of_the_wrong_type_is_quoted_as_written(checker, field, message, advice):
    checker.house("front: {season: {type: number}, hot: {type: yes-no}, seen: {type: date}, mood: {type: text}}")
    (found,) = [
        one for one in checker.check(HEAD.replace("\n---\n\n", f"\n{field}\n---\n\n") + "x\n") if one.code == "FM103"
    ]
    assert message in found.message
    assert advice in found.advice


def test_the_advice_of_fm107_does_not_cause_fm108(checker):
    texts = {
        "issues/2024-01-07-update/index.md": "---\ntitle: A\ndate: 2024-01-07\nslug: 2024-01-07-update\n---\n\nx\n",
        "issues/2024-01-14-update/index.md": "---\ntitle: B\ndate: 2024-01-14\n---\n\nx\n",
        "issues/2024-01-21-update/index.md": "---\ntitle: C\ndate: 2024-01-21\nslug: 2024-01-07-update-2\n---\n\nx\n",
        "issues/number-3/index.md": "---\ntitle: D\ndate: 2024-01-22\nnumber: 3\n---\n\nx\n",
        "issues/issue-3/index.md": "---\ntitle: E\ndate: 2024-01-23\nnumber: 4\n---\n\nx\n",
    }
    found = {one.path: one.advice for one in checker.check(*texts.values(), paths=tuple(texts)) if one.code == "FM107"}
    assert found == {
        "issues/2024-01-21-update/index.md": "Write `slug: 2024-01-21-update`, or rename the folder.",
        "issues/issue-3/index.md": "Rename the folder: issues/number-3/index.md has number 3.",
    }
    texts["issues/2024-01-21-update/index.md"] = "---\ntitle: C\ndate: 2024-01-21\nslug: 2024-01-21-update\n---\n\nx\n"
    codes = [one.code for one in checker.check(*texts.values(), paths=tuple(texts))]
    assert codes == ["FM107"]


@pytest.mark.parametrize(
    ("path", "head", "count"),
    [
        ("issues/2024-01-31-ports/index.md", "title: Ports", 1),
        ("issues/2024-01-31-ports.md", "title: Ports", 1),
        ("issues/2024-01-31-ports/index.md", "title: Ports\ndraft: true", 0),
        ("issues/2024-01-31-ports/index.md", "title: Ports\ndate: 2024-01-31", 0),
        ("issues/ports/index.md", "title: Ports", 0),
    ],
)
def test_an_issue_dated_only_by_its_name_gets_a_reason_why_it_is_not_published(checker, path, head, count):
    found = [one for one in checker.check(f"---\n{head}\n---\n\nx\n", paths=(path,)) if one.code == "ST168"]
    assert len(found) == count
    assert all("not published" in one.message and "`date: 2024-01-31`" in one.advice for one in found)
