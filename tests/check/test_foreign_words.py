"""Findings that named the wrong thing, or found what was right, in letters of other people."""

from __future__ import annotations

import pytest

HEAD = "---\ntitle: Ports\ndate: 2024-01-31\n---\n\n"


def told(desk, text: str, code: str) -> list[str]:
    whole = text if text.startswith("---") else HEAD + text + "\n"
    return [f"{one.message} | {one.label or one.advice}" for one in desk.check(whole) if one.code == code]


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
def test_points_that_begin_with_a_mark_and_a_bracket_are_no_half_brackets(desk, text):
    assert told(desk, text, "TX103") == []


@pytest.mark.parametrize("text", ["Ships) wait.", "سفن) في", "αβγ) x", "Ships wait 12345)"])
def test_any_other_bracket_that_only_closes_is_one(desk, text):
    assert len(told(desk, text, "TX103")) == 1


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
def test_a_word_and_its_own_name_are_not_doubled(desk, text, count):
    assert len(told(desk, text, "TX101")) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ('"See https://a.example/a"-he said.', 0),
        ('See "https://a.example/a".Then.', 0),
        ('"See https://a.example/a and.', 1),
        ('See https://a.example/a" and.', 1),
    ],
)
def test_a_quotation_mark_that_an_address_took_is_not_missing(desk, text, count):
    assert len(told(desk, text, "TX102")) == count


@pytest.mark.parametrize(
    ("host", "count"),
    [("x-.github.io", 0), ("a_b.example", 0), ("-x.example", 1), ("x.example-", 1), ("a..example", 1), ("x-", 1)],
)
def test_names_that_browsers_follow_are_names(desk, host, count):
    assert len(told(desk, f"[a port](https://{host}/)", "LK101")) == count


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
def test_why_a_link_stays_text(desk, text, word):
    (found,) = told(desk, text, "LK102")
    assert word in found


def test_a_host_without_an_ending_is_not_called_private(desk):
    assert told(desk, "[a port](https://github/)", "LK105") == [
        "`github` has no ending such as `.com`: only a private network could know it | readers cannot reach it"
    ]
    assert "readers cannot see it" in told(desk, "![ships](https://github/a.png)", "LK105")[0]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("See <https://a.example/Foo_(bar>", 1),
        ("See <https://a.example/Foo_(bar%29>", 0),
        ("[a port](<https://a.example/#:~:text=a)>)", 0),
    ],
)
def test_parentheses_of_an_address_may_be_encoded(desk, text, count):
    assert len(told(desk, text, "LK119")) == count


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# Ships", "a heading of level 1 (`#`) is above the level of sections | the issue's title belongs in the front matter"),
        ("Ships\n=====", "a heading of level 1 (`#`) is above the level of sections | the issue's title belongs in the front matter"),
        ("---\ndate: 2024-01-31\n---\n\n# Ships\n", "a heading of level 1 (`#`) is above the level of sections | if it is the issue's title, write it in the front matter: `title: …`"),
    ],
)  # fmt: skip
def test_a_heading_above_sections_is_called_by_its_level(desk, text, words):
    assert told(desk, text, "ST110") == [words]


def test_a_heading_that_is_no_title_is_not_called_one(desk):
    desk.house("section_level: 3")
    assert told(desk, "## Ships", "ST110") == [
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
def test_what_html_could_be_instead_is_said(desk, text, code, word):
    found = [f"{one.message} | {one.advice}" for one in desk.check(f"{HEAD}{text}\n") if one.code == code]
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
def test_a_value_of_another_kind_is_called_as_written(desk, field, message, advice):
    desk.house("front: {season: {type: number}, hot: {type: yes-no}, seen: {type: date}, mood: {type: text}}")
    (found,) = [
        one for one in desk.check(HEAD.replace("\n---\n\n", f"\n{field}\n---\n\n") + "x\n") if one.code == "FM103"
    ]
    assert message in found.message
    assert advice in found.advice


def test_what_fm107_advises_is_no_fm108(desk):
    texts = {
        "issues/2024-01-07-update/index.md": "---\ntitle: A\ndate: 2024-01-07\nslug: 2024-01-07-update\n---\n\nx\n",
        "issues/2024-01-14-update/index.md": "---\ntitle: B\ndate: 2024-01-14\n---\n\nx\n",
        "issues/2024-01-21-update/index.md": "---\ntitle: C\ndate: 2024-01-21\nslug: 2024-01-07-update-2\n---\n\nx\n",
        "issues/number-3/index.md": "---\ntitle: D\ndate: 2024-01-22\nnumber: 3\n---\n\nx\n",
        "issues/issue-3/index.md": "---\ntitle: E\ndate: 2024-01-23\nnumber: 4\n---\n\nx\n",
    }
    found = {one.path: one.advice for one in desk.check(*texts.values(), paths=tuple(texts)) if one.code == "FM107"}
    assert found == {
        "issues/2024-01-21-update/index.md": "Write `slug: 2024-01-21-update`, or rename the folder.",
        "issues/issue-3/index.md": "Rename the folder: issues/number-3/index.md has number 3.",
    }
    texts["issues/2024-01-21-update/index.md"] = "---\ntitle: C\ndate: 2024-01-21\nslug: 2024-01-21-update\n---\n\nx\n"
    codes = [one.code for one in desk.check(*texts.values(), paths=tuple(texts))]
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
def test_a_letter_that_only_its_name_dates_says_why_it_is_not_published(desk, path, head, count):
    found = [one for one in desk.check(f"---\n{head}\n---\n\nx\n", paths=(path,)) if one.code == "ST168"]
    assert len(found) == count
    assert all("not published" in one.message and "`date: 2024-01-31`" in one.advice for one in found)
