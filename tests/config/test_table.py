from __future__ import annotations

import pytest

from newsletter.config.table import nearest, read_table
from newsletter.config.wellformed import Flaw
from newsletter.config.yaml import load


def table_of(text):
    document, _ = load(text, "x.yaml", "CF")
    return read_table(document, text, "x.yaml", "CF")


def found_in(table):
    return [(found.code, found.span.line, found.span.column, found.message, found.advice) for found in table.findings()]


def test_values_are_typed_and_have_defaults():
    table = table_of("a: text\nb: 3\nc: true\nd: [x, 1]\ne: one\nf: {g: h}\n")
    assert table.text("a") == "text"
    assert table.number("b", maximum=3) == 3
    assert table.flag("c") is True
    assert table.texts("d") == ("x", "1")
    assert table.texts("e") == ("one",)
    assert table.table("f").text("g") == "h"
    assert (table.text("z", "default"), table.number("y", 4), table.flag("x"), table.texts("w")) == (
        "default",
        4,
        False,
        (),
    )
    assert table.table("v").text("u", "deep", required=True) == "deep"
    assert found_in(table) == []


@pytest.mark.parametrize("written", ["1984", "007", "2024-01-31", "1.50", "0x1F"])
def test_a_number_in_place_of_text_is_kept_as_written(written):
    assert table_of(f"a: {written}\n").text("a") == written


def test_text_is_stripped_and_folded_blocks_are_one_line():
    table = table_of("a: >\n  One\n  two\nb: |\n  One\n  two\n")
    assert table.text("a") == "One two"
    assert table.text("b", lines=True) == "One\ntwo"
    assert found_in(table) == []


def test_a_wrong_type_is_reported_with_the_expected_one():
    table = table_of("a: [x]\nb: true\nc: x\nd: yes\ne: {f: g}\nh: x\ni: [1, [2], ~]\nj: 2.5\nk: |\n  x\n  y\n")
    table.text("a"), table.text("b"), table.number("c"), table.flag("d"), table.texts("e"), table.table("h")
    table.texts("i"), table.number("j"), table.text("k")
    assert [(line, message) for _, line, _, message, _ in found_in(table)] == [
        (1, "`a` must be text, not a list"),
        (2, "`b` must be text, not true or false"),
        (3, "`c` must be a whole number, not text"),
        (4, "`d` must be true or false"),
        (5, "`e` must be text, not a mapping"),
        (6, "`h` must be `name: value` lines, not text"),
        (7, "`i[2]` must be text, not a list"),
        (7, "`i[3]` is empty"),
        (8, "`j` must be a whole number, not a number"),
        (9, "`k` must be a single line"),
    ]


def test_ranges_choices_and_checks_are_applied():
    table = table_of("a: 3\nb: briefng\nc: x\n")
    assert table.number("a", 7, minimum=5, maximum=9) == 7
    assert table.text("b", "none", choices=("briefing", "essay")) == "none"
    assert table.text("c", check=lambda value: Flaw(f"is not {value * 2}", "Double it.")) == ""
    assert found_in(table) == [
        ("CF012", 1, 4, "`a` must be at least 5 and at most 9", ""),
        ("CF012", 2, 4, "`b` cannot be `briefng`", "Did you mean `briefing`?"),
        ("CF012", 3, 4, "`c` is not xx", "Double it."),
    ]


def test_unknown_keys_are_reported_at_every_depth_with_a_suggestion():
    table = table_of("sendr: 1\nfeeds:\n  entrys: 3\n  zzz: 1\n")
    table.table("sender")
    table.table("feeds").number("entries")
    assert found_in(table) == [
        ("CF011", 1, 1, "`sendr` is not a known key", "Did you mean `sender`?"),
        ("CF011", 3, 3, "`feeds.entrys` is not a known key", "Did you mean `entries`?"),
        ("CF011", 4, 3, "`feeds.zzz` is not a known key", "Choose one of: `entries`."),
    ]


def test_a_key_of_another_place_is_found_there():
    table = table_of(
        "sender:\n  name: Ada\n  address: Street 1\nreply_to: a@example.org\nwidth: 3\nsmall:\n  a: 1\nlarge:\n  a: 1\n"
    )
    sender = table.table("sender")
    for key in ("name", "reply_to"):
        sender.text(key)
    table.text("address")
    for size in ("small", "large"):
        table.table(size).number("a")
        table.table(size).number("width")
    advice = {message: advice for *_, message, advice in found_in(table)}
    assert advice["`sender.address` is not a known key"].startswith("Did you mean the key `address` at the top level?")
    assert advice["`reply_to` is not a known key"].startswith("Did you mean `sender.reply_to`?")
    assert advice["`width` is not a known key"].startswith("Choose one of:"), "it has two places"


def test_missing_and_empty_keys_differ_and_a_misspelt_one_is_reported_once():
    table = table_of("titel: x\nurl:\nname: ''\n")
    for key in ("title", "url", "name", "language"):
        table.text(key, required=True)
    assert [(code, line, message) for code, line, _, message, _ in found_in(table)] == [
        ("CF011", 1, "`titel` is not a known key"),
        ("CF014", 1, "`language` is missing"),
        ("CF012", 2, "`url` is empty"),
        ("CF012", 3, "`name` is empty"),
    ]


def test_a_value_with_a_finding_already_gets_no_second_one():
    table = table_of("a: b: c\nd: [1, 2\ne: 2024-02-30\n")
    assert table.text("a", "default", required=True, check=lambda _: Flaw("is bad", "Mend.")) == "default"
    assert table.number("d", 5) == 5
    assert table.table("e").names() == ()
    assert found_in(table) == []


def test_a_mapping_of_mappings_is_read_name_by_name():
    table = table_of("authors:\n  jane: {name: Jane}\n  joe: Joe\n")
    assert [(key, author.text("name")) for key, author in table.tables("authors")] == [("jane", "Jane"), ("joe", "")]
    assert [message for *_, message, _ in found_in(table)] == ["`authors.joe` must be `name: value` lines, not text"]


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("colour", ["color", "font"], "color"),
        ("ReplyTo", ["reply_to"], "reply_to"),
        ("reply-to", ["reply_to"], "reply_to"),
        ("x", ["title"], ""),
    ],
)
def test_the_nearest_word_is_suggested(word, known, meant):
    assert nearest(word, known) == meant
