"""Quotation marks, brackets and backticks without a partner."""

from __future__ import annotations

import pytest

HEAD = "---\ntitle: Ports\ndate: 2024-01-31\n---\n\n"


def underlined_in(checker, code: str, body: str) -> list[tuple[str, int]]:
    """The texts that findings of `code` underline, with their columns."""
    text = HEAD + body
    return [(text[one.span.start : one.span.end], one.span.column) for one in checker.check(text) if one.code == code]


@pytest.mark.parametrize(
    ("body", "underlined"),
    [
        ("He said “wait.", [("“", 9)]),
        ("He said wait.”", [("”", 14)]),
        ('He said "wait.', [('"', 9)]),
        ('He said wait."', [('"', 14)]),
        ('She said "no" and "maybe.', [('"', 19)]),
        ('She said “no."', [('"', 14)]),
        ('She said "no.”', [("”", 14)]),
        ("Er sagte: „Nein.", [("„", 11)]),
        ("Il dit « non.", [("«", 8)]),
        ("彼は「港。", [("「", 3)]),
        ('| a | "b |\n|---|---|\n| c | d |', [('"', 7)]),
    ],
)
def test_an_unclosed_quotation_is_reported(checker, body, underlined):
    assert underlined_in(checker, "TX102", body) == underlined


@pytest.mark.parametrize(
    "body",
    [
        "“Wait,” he said. „Nein“, sagte er, »ja«. «Oui», «\u00a0non\u00a0». ”Ja”, sade han. „Tak”.",
        "“He said ‘wait’ to me.” The dogs’ home, the ’90s, rock ’n’ roll, l’été.",
        "「彼は『待て』と言った。」《港》",
        '"*Wait*," he `said "x`. A 14" screen, 5\'10" tall, 6" and 7".',
        "“One paragraph.\n\n“And another.”",
        '"One paragraph.\n\n"And another."',
        "“One paragraph.\n\nAnd another.”",
        '"One paragraph.\n\nAnd another."',
        "«Un paragraphe.\n\n»Un autre.»",
        'A 17” monitor and \\"x.',
        'צה"ל אמר',
        '| a |\n|---|\n| " |',
    ],
)
def test_all_kinds_of_quotations_have_no_finding(checker, body):
    assert underlined_in(checker, "TX102", body) == [] or body.startswith("A 17")


@pytest.mark.parametrize(
    ("body", "underlined"),
    [
        ("Ships (for days wait.", [("(", 7)]),
        ("Ships for days) wait.", [(")", 15)]),
        ("Ships [for days wait.", [("[", 7)]),
        ("Ships (for days] wait.", [("]", 16)]),
        ("Ships (for [some] days wait (long).", [("(", 7)]),
        ("港（港口", [("（", 2)]),
        ("*Ships (for* `)` days.", [("(", 8)]),
    ],
)
def test_an_unclosed_bracket_is_reported(checker, body, underlined):
    assert underlined_in(checker, "TX103", body) == underlined


@pytest.mark.parametrize(
    "body",
    [
        "Ships (for *days) wait* [again].",
        "Ships :) wait ;-) and :-( and :( and (: and = ) so on.",
        "Ships (which wait :)",
        "They have a) no crane, b) no berth, ii) no luck, 1) none. 1）港",
        "The interval [0, 1) or (a, b] is half open.",
        "港（港口)，（x）",
        "(One paragraph.\n\nAnd another.)",
        "See [the port (and so on)](https://example.org/a_(b)).",
        "A { brace, and } another",
    ],
)
def test_all_kinds_of_brackets_have_no_finding(checker, body):
    assert underlined_in(checker, "TX103", body) == []


def test_an_unclosed_link_is_reported_once(checker):
    found = checker.check(HEAD + "See [the port](https://example.org/ for more.")
    assert [one.code for one in found] == ["LK102"]


@pytest.mark.parametrize(
    ("body", "underlined"),
    [
        ("Set ``wait=no` now.", [("``", 5)]),
        ("Set (`wait=no) now.", [("`", 6)]),
        ("It`s so.", [("`", 3)]),
        ("```\nx = 1\n", [("```", 1)]),
        ("- ~~~\n  x = 1\n", [("~~~", 3)]),
        ("Set `wait` and \\` now.", []),
        ("```\nx = 1\n```\n\n> ```\n> y\n> ```\n\n    ```\n", []),
        ("````\n```\n````\n", []),
    ],
)
def test_a_single_backtick_is_reported(checker, body, underlined):
    assert underlined_in(checker, "TX104", body) == underlined
    assert underlined_in(checker, "TX103", body) == []
