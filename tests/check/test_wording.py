from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.check.facts.sections import longest_in_order
from newsletter.check.wording import asked, count_of, likeness, quoted
from newsletter.house.format import Bounds


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        (Bounds(5, 9), "5–9 items"),
        (Bounds(7, 7), "7 items"),
        (Bounds(1, 1), "1 item"),
        (Bounds(3, None), "at least 3 items"),
        (Bounds(None, 1), "at most 1 item"),
        (Bounds(None, 0), "no items"),
    ],
)
def test_bounds_are_described_in_plain_words(bounds: Bounds, expected: str):
    assert asked(bounds, "item") == expected


def test_counts_agree_with_their_nouns():
    assert [count_of(number, "entry") for number in (0, 1, 2)] == ["no entries", "1 entry", "2 entries"]
    assert [count_of(2, noun) for noun in ("address", "other address", "box", "key", "day", "match")] == [
        *("2 addresses", "2 other addresses", "2 boxes", "2 keys", "2 days", "2 matches")
    ]
    assert [asked(Bounds(None, most), "entry") for most in (0, 1, 2)] == [
        "no entries",
        "at most 1 entry",
        "at most 2 entries",
    ]


def test_quoted_text_is_short_and_on_one_line():
    assert quoted("a\n b") == "`a b`"
    assert len(quoted("x" * 100)) == 62


@pytest.mark.parametrize(
    ("heading", "expected", "near"),
    [
        ("book of the month", "Book of the Month", True),
        ("Chinese inovation news", "Chinese innovation news", True),
        ("📚 Books — and “films”", 'Books - and "films"', True),
        ("Book of the mont: China Incorporated", "Book of the month: …", True),
        ("Interview: Jane Roe", "Book of the month: …", False),
        ("Events", "News", False),
        ("", "News", False),
        ("Anything", "…", False),
    ],
)
def test_headings_that_differ_by_a_typo_are_similar(heading: str, expected: str, near: bool):
    assert (likeness(heading, expected) >= 0.8) is near


@given(st.lists(st.integers(0, 12), max_size=12))
def test_the_longest_ordered_part_is_found(places: list[int]):
    kept = longest_in_order(places)
    assert kept == sorted(kept)
    chosen = [places[index] for index in kept]
    assert chosen == sorted(chosen)
    best = [1] * len(places)
    for at, place in enumerate(places):
        best[at] = max((best[before] + 1 for before in range(at) if places[before] <= place), default=1)
    assert len(kept) == max(best, default=0)


def test_of_two_swapped_places_the_first_is_kept():
    assert longest_in_order([1, 0]) == [0]
    assert longest_in_order([0, 2, 1, 3]) == [0, 1, 3]


def test_only_a_moved_place_is_out_of_order():
    assert longest_in_order([1, 2, 3, 4, 0]) == [0, 1, 2, 3]
    assert longest_in_order([4, 0, 1, 2, 3]) == [1, 2, 3, 4]
