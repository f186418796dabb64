"""Regular expressions of a house format: every accepted one ends, and matches the same as Python's `re`."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.house.expressions import (
    LONGEST_PATTERN,
    LONGEST_TEXT,
    Expression,
    _compiled,
    _run,
    expression,
    expression_fault,
)
from tests.security.test_bounds import house, run

ENDLESS = [
    (r"(a+)+$", "a" * 1_990 + "b"),
    (r"(a|aa)+", "a" * 1_990 + "b"),
    (r"(a|a)*b", "a" * 1_990),
    (r"(?:.*)*x", "a" * 1_990),
    (r"(\w+\s?)*!", "ab " * 600),
    (r"(x+x+)+y", "x" * 1_990),
    (r".*.*.*.*.*.*=", "a" * 1_990),
    (r"^(?=.*\d)(?:[a-z]|\d+)*$", "a1" * 900 + "!"),
    (r"(?:(?=(?:a|aa)*b)a|(?=(?:a|aa)*c)a)*", "a" * 1_990),
    (r"((a{0,3}){0,3}){0,3}b", "a" * 1_990),
    (r"([a-z]+-?)+\.", "abc-" * 490),
    (r"(?i:É+)+x", "éÉ" * 900),
    (r"(\s*\S+\s*)*;", "a b " * 490),
    (r"(?s:.+?)+?\Z!", "a\n" * 900),
    (r"(a*)*", "a" * 1_990 + "b"),
    (r"(?:a?){30}a{30}b", "a" * 60),
]


@pytest.mark.parametrize(("pattern", "text"), ENDLESS, ids=[pattern for pattern, _ in ENDLESS])
def test_patterns_that_take_forever_in_re_end_without_a_match(pattern, text):
    assert expression_fault(pattern) == ""
    assert not expression(pattern).fits(text)
    assert not expression(pattern).fits(text * 10_000)


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        (r"(a+)+\1", "a reference back to a group"),
        (r"(?P<a>a+)+(?P=a)", "a reference back to a group"),
        (r"(a+)*(?(1)b|c)", "a question whether a group was there"),
        (r"(((a{0,99}){0,99}){0,99}){0,99}", "too many nested repetitions"),
        (r"(a{1,3}){9000}", "repeats more than"),
        ("a" * (LONGEST_PATTERN + 1), f"the limit is {LONGEST_PATTERN:,}"),
        ("[a-", "unterminated character set"),
        ("(" * 400 + ")" * 400, ""),
    ],
)
def test_patterns_that_may_not_end_are_refused(pattern, fault):
    assert fault in expression_fault(pattern)


@pytest.mark.parametrize(
    ("pattern", "fits", "fits_not"),
    [
        (r"\d{4}-\d{3}[\dX]", "1234-567X", "1234-56"),
        (r"(?i)no\. \d+", "NO. 12", "12"),
        (r"(['\"]).*\1", "'a'", "'a\""),
        (r"(?:\w+[ -])*\w+", "Jane de la Cruz-Élan", "Jane "),
        (r"(foo|bar)+", "foobarfoo", "foob"),
        (r"(?:[a-z]+\.)+[a-z]{2,}", "a.b.example", "a..b"),
    ],
)
def test_ordinary_expressions_match_as_in_re(pattern, fits, fits_not):
    assert expression_fault(pattern) == ""
    assert expression(pattern).fits(fits)
    assert not expression(pattern).fits(fits_not)


ATOMS = st.sampled_from(
    [
        "a",
        "b",
        ".",
        "[ab]",
        "[^a]",
        r"\w",
        r"\b",
        r"\B",
        "^",
        "$",
        "(?=a)",
        "(?!b)",
        "(?<=a)",
        "(?<!b)",
        "(?i:A)",
        r"\s",
        "é",
    ]
)
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda both: f"(?:{both[0]}|{both[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "*?", "+?", "??", "{1,2}", "{2}", "{0,3}?"])).map(
            lambda both: f"({both[0]}){both[1]}"
        ),
        inner.map(lambda one: f"(?={one})"),
    ),
    max_leaves=8,
)


@settings(max_examples=600)
@given(PATTERNS, st.text("abAé \n", max_size=7))
def test_our_matcher_agrees_with_re(pattern, text):
    plain, ours = re.compile(pattern), Expression(pattern)
    program = _compiled(list(ours._tree), ours._tree.state, plain.flags)
    assert _run(program, text, 0, len(text), [1_000_000]) == (plain.fullmatch(text) is not None)


def test_a_text_that_is_too_long_for_a_pattern_does_not_match():
    assert expression(r"(a+)+").fits("a" * LONGEST_TEXT)
    assert not expression(r"(a+)+").fits("a" * (LONGEST_TEXT + 1))


WORDS = "a" * 200 + "b"


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(a|aa)+", r"(?:.*)*x"])
def test_check_ends_and_names_the_pattern(tmp_path, pattern):
    house(tmp_path, f"name: Essay\nfront:\n  code: {{pattern: '{pattern}'}}\n")
    issue = tmp_path / "issues/2026-10-01-a.md"
    issue.write_text(issue.read_text("utf-8").replace("number: 7", f"number: 7\ncode: {WORDS}"), "utf-8")
    done = run(tmp_path, "check")
    assert done.returncode == 1
    assert "FM105" in done.stdout
    assert f"must match `{pattern}`" in done.stdout


def test_the_condition_of_a_variant_is_evaluated_in_bounded_time(tmp_path):
    variant = "variants:\n  special:\n    when: {code: {pattern: '(a+)+$'}}\n    name: Special\n"
    house(tmp_path, f"name: Essay\nfront:\n  code: optional\n{variant}")
    issue = tmp_path / "issues/2026-10-01-a.md"
    issue.write_text(issue.read_text("utf-8").replace("number: 7", f"number: 7\ncode: {WORDS}"), "utf-8")
    assert run(tmp_path, "check").returncode in {0, 1}


def test_a_pattern_that_may_not_end_is_reported_at_its_place(tmp_path):
    house(tmp_path, "name: Essay\nfront:\n  code: {pattern: '(a+)+\\1'}\n")
    done = run(tmp_path, "check")
    assert done.returncode == 2
    assert "templates/essay/house.yaml:3:" in done.stderr
    assert "HF106" in done.stderr
    assert r"(a+)+\1" in done.stderr
