from __future__ import annotations

import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.config.yaml import load
from newsletter.model import Span

LETTER = """\
title: The end
cover: {image: a.jpg, "alt": 'It''s'}
tags:
- cars
- hydrogen # not this
summary: >-
  One
  two

authors:
  - name: Jane
    url: https://x.example
empty:
last: [a, [b, c]]
"""


def test_every_key_and_value_has_its_position():
    document, found = load(LETTER, "x", "FM")
    assert found == ()
    keys = {path: LETTER[span.start : span.end] for path, span in document.key_spans.items()}
    values = {path: LETTER[span.start : span.end] for path, span in document.value_spans.items()}
    assert keys == {
        ("title",): "title",
        ("cover",): "cover",
        ("cover", "image"): "image",
        ("cover", "alt"): '"alt"',
        ("tags",): "tags",
        ("summary",): "summary",
        ("authors",): "authors",
        ("authors", 0, "name"): "name",
        ("authors", 0, "url"): "url",
        ("empty",): "empty",
        ("last",): "last",
    }
    assert values == {
        (): LETTER.rstrip(),
        ("title",): "The end",
        ("cover",): "{image: a.jpg, \"alt\": 'It''s'}",
        ("cover", "image"): "a.jpg",
        ("cover", "alt"): "'It''s'",
        ("tags",): "- cars\n- hydrogen",
        ("tags", 0): "cars",
        ("tags", 1): "hydrogen",
        ("summary",): ">-\n  One\n  two",
        ("authors",): "- name: Jane\n    url: https://x.example",
        ("authors", 0): "name: Jane\n    url: https://x.example",
        ("authors", 0, "name"): "Jane",
        ("authors", 0, "url"): "https://x.example",
        ("empty",): "",
        ("last",): "[a, [b, c]]",
        ("last", 0): "a",
        ("last", 1): "[b, c]",
        ("last", 1, 0): "b",
        ("last", 1, 1): "c",
    }


def test_positions_are_those_of_the_file():
    document, _ = load("a: 1\nb:\n  c: 2\n", "x", "FM", offset=4, line=2)
    assert document.where("a") == Span(7, 8, 2, 4)
    assert document.where_key("b", "c") == Span(14, 15, 4, 3)
    assert document.where("b", "missing", 3) == document.where("b")


def test_columns_count_characters_wide_ones_as_one():
    document, _ = load("😀é中: {x: 𝔘, y: z}\n", "x", "FM")
    assert document.where("😀é中", "y").column == 16


def test_windows_line_ends_and_a_byte_order_mark_do_not_shift_positions():
    document, found = load("\ufeffa: 1\r\nb:\r\n  c: |\r\n    x\r\n    y\r\nd: 2\r\n", "x", "FM")
    assert found == ()
    assert document.values == {"a": 1, "b": {"c": "x\ny\n"}, "d": 2}
    assert (document.where("a").start, document.where("a").column) == (4, 4)
    assert (document.where("d").line, document.where("d").column) == (6, 4)


def test_other_line_separators_are_characters_as_in_yaml_1_2():
    document, found = load("a: x\u2028y: z\nb\x85: 1\u2029\n", "x", "FM")
    assert [(one.code, one.span.line, one.span.column) for one in found] == [("FM001", 1, 7)]
    assert found[0].advice == 'Put the whole value in quotes: a: "x\u2028y: z"'
    assert document.values == {"a": "x\u2028y: z", "b\x85": "1\u2029"}
    assert document.where("b\x85").line == 2


def test_characters_of_placeholders_are_removed():
    document, found = load('a: \ufdd0x\ufdd2\nb: "\\uFDD1"\n', "x", "FM")
    assert document.values == {"a": "\ufffdx\ufffd", "b": "\ufffd"}
    assert len(found) == 1


def test_an_empty_text_or_only_comments_is_an_empty_document():
    for text in ("", "\n\n", "# only a comment\n", "---\n", "\ufeff"):
        document, found = load(text, "x", "FM")
        assert (document.values, found) == ({}, ())
        assert document.where("title") == document.value_spans[()]


pieces = st.sampled_from(
    [*"abz019:-#[]{},&*!|>'\"%@`?~ \t\n\r\\<=.+é😀\ufeff\u2028\x00", "\n  ", "\n", ": ", "- ", "a: "]
)
texts = st.one_of(st.lists(pieces, max_size=40).map("".join), st.text(max_size=60))


@given(texts, st.integers(0, 9), st.integers(1, 9))
@example("a: [\n", 0, 1)
@example("\ufeff\ufeff: !\n", 3, 2)
@example('a: "\\', 0, 1)
@example("? ", 0, 1)
@example("<<", 0, 1)
def test_any_text_can_be_read_with_positions_within_it(text, offset, line):
    document, found = load(text, "x", "FM", offset=offset, line=line)
    spans = [*document.key_spans.values(), *document.value_spans.values(), *(one.span for one in found)]
    for span in spans:
        assert offset <= span.start <= span.end <= offset + len(text)
        before = text[: span.start - offset].removeprefix("\ufeff")
        assert span.line == line + before.count("\n")
        assert span.column == len(before) - before.rfind("\n")
    assert all(one.message and not one.message.endswith(".") for one in found)


@given(texts)
def test_values_and_positions_correspond(text):
    document, _ = load(text, "x", "FM")
    paths = set(_paths(document.values, ()))
    assert paths == set(document.value_spans)


def _paths(value, at):
    yield at
    for key, child in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from _paths(child, (*at, key))


words = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"], exclude_characters="\ufeff"), max_size=12)
trees = st.recursive(
    words, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words.filter(bool), inner, max_size=3)
)


@given(st.dictionaries(words.filter(bool), trees, max_size=4), st.booleans())
def test_yaml_of_another_library_is_read_with_correct_positions(tree, unicode):
    text = yaml.safe_dump(tree, default_style='"', width=10**6, allow_unicode=unicode, sort_keys=False)
    document, found = load(text, "x", "FM")
    assert found == ()
    assert document.values == tree
    for path, span in document.value_spans.items():
        value = tree
        for step in path:
            value = value[step]
        if isinstance(value, str):
            assert yaml.safe_load(text[span.start : span.end]) == value
