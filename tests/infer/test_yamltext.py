"""YAML as a person would write it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newsletter.config.yaml import load
from newsletter.infer.write import Lines
from newsletter.infer.yamltext import _CONTROL, key, scalar, texts

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=30).filter(
    # What YAML carries: no control characters.
    lambda text: text == text.strip() and not _CONTROL.search(text)
)


@given(TEXTS)
def test_any_text_is_read_back_unchanged(text: str) -> None:
    document, faults = load(f"a: {scalar(text)}\n", "x.yaml", "HF")
    assert not faults
    assert document.values == {"a": text}


@given(st.lists(TEXTS, min_size=1, max_size=4))
def test_any_list_of_texts_is_read_back_unchanged(row: list[str]) -> None:
    document, faults = load(f"a: {texts(row)}\n", "x.yaml", "HF")
    assert not faults
    assert document.values == {"a": row}


@given(TEXTS)
def test_any_name_is_read_back_unchanged(name: str) -> None:
    document, faults = load(f"{key(name)}: 1\n", "x.yaml", "HF")
    assert not faults
    assert document.values == {name: 1}


def test_plain_texts_have_no_quotation_marks() -> None:
    assert scalar("What we read, and why") == "What we read, and why"
    assert scalar("Issue #{number}") == "'Issue #{number}'"
    assert scalar("No") == "'No'"


def test_control_characters_are_left_out() -> None:
    assert scalar("bell\x07s") == "bells"


def test_comments_begin_at_the_same_column() -> None:
    out = Lines()
    out.add(0, "a: 1", "one")
    out.add(1, "b: 22", "two")
    first, second = out.text().splitlines()
    assert first.index("#") == second.index("#")
