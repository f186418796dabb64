"""Suggestions for unknown names."""

from __future__ import annotations

import subprocess
import sys
from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.suggest import GUESS, closest, did_you_mean

NAMES = st.lists(st.text("abcAB-_", min_size=1, max_size=6), max_size=6)


@pytest.mark.parametrize(("word", "meant"), [("sumary", "summary"), ("Title", "title"), ("colour", "")])
def test_the_closest_name_is_found(word: str, meant: str):
    assert closest(word, ["title", "summary", "subtitle"]) == meant


def test_names_are_compared_folded_and_returned_unchanged():
    assert closest("RIVERS", ["Rivers", "Ports"]) == "Rivers"
    assert closest("RIVERS", ["Rivers", "Ports"], fold=str) == ""
    assert closest("a-b", ["a_b"], fold=lambda name: name.replace("-", "_")) == "a_b"


def test_of_two_names_that_are_equal_when_folded_the_first_is_suggested():
    assert closest("boat", ["Boat", "BOAT"]) == "Boat"


def test_the_threshold_of_similarity_can_be_set():
    assert closest("shoe", ["shop"], cutoff=0.8) == ""
    assert closest("shoe", ["shop"], cutoff=GUESS) == "shop"


@given(st.text("abcAB-_", max_size=6), NAMES)
def test_no_other_name_is_more_similar(word: str, known: list[str]):
    def likeness(name: str) -> float:
        return SequenceMatcher(None, name, word).ratio()

    found = closest(word, known, cutoff=GUESS, fold=str)
    assert likeness(found) == max(map(likeness, known)) if found else all(likeness(name) < GUESS for name in known)


def test_suggestions_have_one_wording():
    assert did_you_mean("titel", ["title"]) == "Did you mean `title`?"
    assert did_you_mean("colour", ["title"]) == ""
    assert did_you_mean("colour", ["title"], "There is: title.") == "There is: title."


def test_difflib_is_imported_only_for_a_wrong_name():
    code = "import sys; from newsletter.suggest import closest; closest('Title', ['title']); print('difflib' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "False"
