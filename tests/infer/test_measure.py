"""Bounds from many counts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from newsletter.house.format import Bounds
from newsletter.infer.measure import (
    MeasuredLimit,
    characters,
    counts,
    round_down,
    round_up,
    settle,
    sizes,
    sizes_of_items,
    wider,
)


def test_bounds_leave_room_for_future_issues_but_not_for_mistakes() -> None:
    assert counts([5, 6, 7, 8] * 25 + [40]) == Bounds(3, 15)
    assert counts([1, 2, 3, 4] * 25) == Bounds(None, 6)


def test_future_issues_may_exceed_the_bounds_as_far_as_the_newest_did() -> None:
    assert counts([5, 6, 7, 8] * 25 + [10] * 25) == Bounds(3, 20)
    assert sizes([100, 110, 120] * 20 + [150] * 15).maximum == 300


def test_the_extreme_of_an_issue_counts_once() -> None:
    rows = [[20, 25, 30, 22, 28, 26, 24]] * 30 + [[20, 25, 30, 22, 28, 26, 40]] * 6
    assert sizes_of_items(rows) == Bounds(10, 80)


def test_bounds_for_words_are_round() -> None:
    found = sizes([103, 118, 131, 147, 160, 177] * 10)
    assert found == Bounds(60, 300)


def test_few_values_give_no_bounds() -> None:
    assert sizes([100, 120, 130]).free
    assert counts([3, 4]).free


def test_widely_varying_values_give_no_bounds() -> None:
    assert sizes([20, 30, 25, 28, 900, 800, 40, 35, 30, 22, 1200, 700]).free


def test_values_that_kept_growing_give_no_bounds() -> None:
    assert sizes([40, 45, 50] * 8 + [100, 110, 120] * 8).free


def test_a_number_that_is_always_the_same_is_that_number() -> None:
    assert counts([1] * 20) == Bounds(1, 1)


def test_a_limit_of_lengths_that_was_followed_is_kept() -> None:
    assert characters([90, 120, 131, 142, 148, 149, 147, 150, 139]) == Bounds(60, 150)


def test_lengths_without_a_limit_get_room() -> None:
    assert characters([40, 60, 52, 71, 88, 45, 66, 120, 58]) == Bounds(25, 200)


@given(st.integers(0, 10**6))
def test_rounding_widens(number: int) -> None:
    assert round_down(number) <= number <= round_up(number)


@given(st.lists(st.integers(0, 3000), min_size=8, max_size=60), st.integers(0, 40), st.integers(0, 200))
def test_a_wider_bound_excludes_no_more(values: list[int], low: int, more: int) -> None:
    bounds = Bounds(low or None, low + more)
    wide = wider(bounds, values)
    assert all(value in wide for value in values if value in bounds)
    if any(value not in bounds for value in values):
        assert sum(value in wide for value in values) > sum(value in bounds for value in values)


def test_many_narrow_bounds_together_allow_nearly_all_issues() -> None:
    kept: dict[int, Bounds] = {}
    limits = []
    for which in range(20):
        # Each bound leaves out another two of a hundred issues.
        values = [(issue, 500 if issue % 50 == which else 50) for issue in range(100)]
        limits.append(
            MeasuredLimit(
                f"limit {which}", Bounds(40, 60), values, lambda bounds, key=which: kept.update({key: bounds})
            )
        )
    settle(limits, 100)
    outside = {issue for limit in limits for issue in limit.outside()}
    assert len(outside) <= 4
    assert kept.keys() == set(range(20))
